"""“Delete after”: what two people agree to goes before its policy's day, and nothing else does."""

from __future__ import annotations

from contextlib import suppress

from domain.errors import Refusal
from retention.sooner import agree_sooner, ask_sooner, withdraw_sooner
from tests.nights import DAY
from tests.walks import Walk, step


@step(1.5, wide=True)
def go_sooner(walk: Walk) -> None:
    """Somebody asks, tries to agree alone, and then another officer looks and agrees."""
    room = walk.some()
    if room is None:
        return
    house, cleo, dora = walk.world.house, walk.officers.cleo, walk.officers.dora
    after = walk.world.control.now() + walk.chance.choice((1, 2, 4, 9)) * DAY
    with suppress(Refusal, LookupError):
        space = walk.officers.space(room)
        wish = ask_sooner(house, cleo, space, after, by_compliance=True, reason="it is over")
        walk.met["I18 asked to go sooner"] += 1
        try:
            agree_sooner(house, cleo, space, code=wish.code)
        except Refusal:
            walk.met["I18 alone to go sooner was refused"] += 1
        else:
            walk.wrong.append(f"I18: somebody alone lets {room['title']} go sooner")
        if walk.chance.random() < 0.8:
            agree_sooner(house, dora, space, code=agree_sooner(house, dora, space, code="").code)
            walk.note("sooner", room)
            walk.resources.setdefault("after", {})[walk.happened[-1].seq] = after


@step(0.5, wide=True)
def sooner_no_more(walk: Walk) -> None:
    if asked := [one for one in walk.rooms if walk.since("sooner", one)]:
        room = walk.chance.choice(asked)
        with suppress(Refusal, LookupError):
            withdraw_sooner(walk.world.house, walk.officers.dora, walk.officers.space(room))
            walk.note("no sooner", room)
