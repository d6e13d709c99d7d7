"""Polling Webex's record for what is watched: often, and only a short way back.

The record lags, and what shows late is found by the job `events`, which reads further back and
hears of it as well; each event counts once, by its id. A window that could not be read whole is
read again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from spaces.spec import House
from spaces.sync.pages import follow
from spaces.watching.hearing import hear_events
from webex.gateway import Lane

log = logging.getLogger(__name__)

CURSOR = "watch-events-until"
OVERLAP = timedelta(seconds=45)
LAG = timedelta(milliseconds=500)
LONGEST = timedelta(days=7)


def poll_watched(house: House, *, since: datetime) -> int:
    """Reads what is new and writes down what is watched; says how much that was.

    Args:
        since: when the oldest watch was made; before that nothing is asked for.

    Raises:
        WebexFault: it could not be read; nothing was changed.
    """
    gateway = house.webex.compliance(Lane.BACKGROUND)
    me = house.webex.bot(Lane.BACKGROUND).me().id
    now = house.clock.now()
    end = now - LAG
    with house.store.read() as tx:
        text = tx.settings.get(CURSOR)
    start = max(since, now - LONGEST) - OVERLAP
    if isinstance(text, str):
        start = max(start, datetime.fromisoformat(text) - OVERLAP)
    if end <= start:
        return 0
    read = follow(lambda address: gateway.events(start=start, end=end, address=address))
    if not read.complete:
        log.warning("the events for the watches are not complete: %s", read.why)
    with house.store.begin() as tx:
        new = hear_events(tx, read.items, me=me)
        if read.complete:
            tx.settings.put(CURSOR, end.isoformat(), by="spacekeeper")
        tx.commit()
    return new
