"""Whether the ground is firm enough for a night: Webex, clocks, the pause, the inventory.

The principle: on stale, partial or contradictory knowledge nothing is done to any space, a
warning included; and an outage of ours costs the owners none of their time (I2, I7, I15, I16).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.lifecycle import CaseState
from domain.people import SYSTEM
from retention.attesting import is_missing
from retention.spec import Night
from spaces.spec import House
from storage.store import UnitOfWork
from webex.errors import NotAuthorised, WebexFault
from webex.gateway import Lane

SERVED = "retention-served"
"""When a night last found Webex; a gap was an outage, in which nobody could answer."""
OUTAGE = timedelta(hours=36)
USUAL = timedelta(hours=24)
CLOCKS_DIFFER = "our clock and Webex's differ"


def out_of_reach(night: Night) -> str:
    """Why we and Webex are not together right now; empty when we are."""
    house = night.house
    try:
        bot = house.webex.bot(Lane.BACKGROUND)
        bot.person(bot.me().id)  # a fresh answer, with Webex's own time in it
        there = bot.server_time()
    except NotAuthorised:
        raise
    except WebexFault as no:
        return f"Webex can't be reached: {no}"
    apart = timedelta(0) if there is None else abs(house.clock.now() - there)
    if apart > house.limits.clock_skew:
        return f"{CLOCKS_DIFFER} by {timedelta(seconds=round(apart.total_seconds()))}"
    return ""


def not_ready(night: Night) -> str:
    """Why nothing may be done tonight although Webex is there; empty when the ground is firm."""
    return unready(night.house)


def unready(house: House) -> str:
    """The same, for whoever has no night."""
    with house.store.read() as tx:
        pause = tx.settings.pause()
        crawl = tx.crawls.last(complete=True)
        now = tx.now
        unattested = is_missing(house, tx)
    if pause is not None:
        return f"paused by {pause.by}" + (f": {pause.reason}" if pause.reason else "")
    if crawl is None or crawl.finished_at is None:
        return "the inventory was never complete"
    if house.anchors is not None and not house.anchors.is_dir():
        return "the folder for the record's anchors can't be reached"
    if now - crawl.started_at > house.limits.inventory:
        return f"the last complete inventory is of {crawl.started_at:%Y-%m-%d %H:%M} UTC"
    return unattested


def make_up_for_outage(night: Night) -> int:
    """Time in which nobody could answer is given back, and the last warning repeated. Says how
    many cases got more time."""
    with night.house.store.begin() as tx:
        more = make_up(tx)
        tx.commit()
    return more


def make_up(tx: UnitOfWork) -> int:
    """The same in a transaction of somebody's, who may roll it back."""
    served = tx.settings.get(SERVED)
    tx.settings.put(SERVED, tx.now.isoformat(), by=SYSTEM.name)
    gap = tx.now - datetime.fromisoformat(served) if served else timedelta(0)
    if gap <= OUTAGE:
        return 0
    more = tx.cases.extend(gap - USUAL, CaseState.DUE, CaseState.WARNED, CaseState.BLOCKED)
    tx.cases.repeat_last_notice()
    return more
