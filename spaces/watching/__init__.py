"""Watches: people and systems are told of what happens in spaces.

The way of an event: somebody hears of it (`hearing`: Mercury, /events, a webhook, our own
hand), which is written down in the transaction that takes it in. Then it is looked at
(`seeing`: the truth, read by id) and compared with what is watched (`matching`), which makes a
delivery for each watch that it concerns. Each delivery is told (`telling`), if its maker may
still see it (`standing`). Whoever dies in between leaves a row that the next one takes up.
"""
