"""What the engine and the machines do: nights in every kind of weather."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.errors import Fault
from sandbox.handle import Handle
from spaces.sync.crawl import crawl
from tests.breaking import Ambush
from tests.nights import DAY, World
from tests.walks import Walk, step
from tests.wires import Wireless
from webex.tokens import FixedToken

KINDS = ("429", "5xx", "5xx-after", "reset", "reset-after", "stale", "no-items", "html",
         "broken-json", "missing-page", "loop-page", "undecrypted")  # fmt: skip
PLACES = (("GET", "/messages"), ("GET", "/memberships"), ("GET", "/rooms*"), ("GET", "/people*"),
          ("GET", "/events"), ("POST", "/messages"), ("POST", "/memberships"),
          ("PUT", "/memberships/*"), ("PUT", "/rooms/*"), ("DELETE", "/rooms/*"),
          ("DELETE", "/memberships/*"), ("*", "*"))  # fmt: skip
STATUSES = (401, 403, 404, 409, 503)
SAME = ("newly due", "woke up", "kept", "held", "released", "changed", "paused", "not known",
        "given more time")  # fmt: skip
"""What a plan counts before anything is done of it."""


class Died(BaseException):
    """The process is no more; nothing of the product catches this."""


class _Mortal(FixedToken):
    def __init__(self, token: str, lives: list[int]) -> None:
        super().__init__(token)
        self._lives = lives

    def token(self) -> str:
        self._lives[0] -= 1
        if self._lives[0] <= 0:
            raise Died
        return super().token()


@step(3)
def day(walk: Walk) -> None:
    walk.world.pass_(DAY)
    walk.night()


@step(1, wide=True)
def quiet_week(walk: Walk) -> None:
    """Nobody does anything, so that what was begun anew comes to its end."""
    walk.resume()
    for _ in range(7):
        day(walk)


@step(0.8)
def dry_night(walk: Walk) -> None:
    """A plan that is only shown; now and then it is done at once, and has to be the same."""
    before = walk.seq
    shown = walk.night(dry=True, polled=False)
    walk.dry.append((before, walk.seq))
    walk.met["I21 dry runs"] += 1
    if not shown or shown["stopped"] or walk.chance.random() < 0.4:
        return
    done = walk.night(polled=False)
    if done and not done["stopped"]:
        walk.met["I21 compared"] += 1
        plans = [{k: n for k, n in one["counts"].items() if k in SAME} for one in (shown, done)]
        settled = done["counts"].get("settled", 0)
        if plans[0] != plans[1] and not settled:
            walk.wrong.append(f"I21: a dry run planned {plans[0]}, the real one {plans[1]}")


@step(0.4)
def two_nights(walk: Walk) -> None:
    """Another process begins its night in the middle of ours, at a request that chance says."""
    if not isinstance(walk.sandbox, Wireless):  # a server's own thread can't ask the server
        day(walk)
        return
    walk.world.pass_(DAY)
    other = walk.world.with_limits()
    other._runs = walk.chance.randrange(10**6, 10**7)
    sandbox: Handle = walk.sandbox

    def begin() -> None:
        walk.night(other, polled=False)
        walk.met["I6 two at once"] += 1

    Ambush(sandbox, begin, nth=walk.chance.randrange(1, 60))
    walk.night(polled=False)
    sandbox.do(sandbox.sandbox.interludes.clear)


@step(0.6)
def dying_night(walk: Walk) -> None:
    """The process ends in the middle; the next night finds what it left."""
    walk.world.pass_(DAY)
    ready, lives = walk.world.control.ready, [walk.chance.randrange(3, 60)]
    tokens = (_Mortal(ready["tokens"][name], lives) for name in ("bot", "co", "co2"))
    webex = walk.connect(*tokens)
    mortal = World(replace(walk.world.house, webex=webex), walk.world.control)
    try:
        walk.night(mortal, polled=False)
    except Died:
        walk.met["I3 deaths"] += 1
    webex.close()


@step(0.9)
def faulty_night(walk: Walk) -> None:
    kind = walk.chance.choice((*KINDS, *(["status"] * 4)))
    method, path = walk.chance.choice(PLACES)
    more: dict[str, Any] = {"status": walk.chance.choice(STATUSES)} if kind == "status" else {}
    walk.story[-1] += f"({kind} {more} {method} {path})"
    walk.world.control.fault(
        kind, method=method, path=path, count=walk.chance.choice((1, 2, 5, -1)),
        skip=walk.chance.choice((0, 0, 1, 4)), **more,
    )  # fmt: skip
    day(walk)
    fired = sum(int(one["fired"]) for one in walk.world.control.faults())
    walk.met["I7 nights with a fault that fired"] += fired > 0
    if walk.chance.random() < 0.85:
        walk.world.control.clear_faults()


@step(0.4)
def outage(walk: Walk) -> None:
    walk.world.pass_(walk.chance.choice((2, 5, 20)) * DAY)
    walk.met["I2 outages"] += 1
    walk.night()


@step(0.3)
def lost(walk: Walk) -> None:
    """Events that nobody reads before the night."""
    walk.world.pass_(DAY)
    walk.met["I22 unread events"] += 1
    walk.night(polled=False)


@step(1.5)
def replay(walk: Walk) -> None:
    """What was read already is read once more, from the beginning, and twice."""
    from spaces.sync.events import CURSOR, poll

    back = walk.world.control.now() - walk.chance.choice((1, 3, 12)) * DAY
    for _ in range(2):
        with walk.world.house.store.begin() as tx:
            tx.settings.put(CURSOR, back.isoformat(), by="a walk")
            tx.commit()
        with suppress(Fault):
            poll(walk.world.house)
    walk.met["I22 replays"] += 1


@step(0.3)
def inventory(walk: Walk) -> None:
    with suppress(Fault):
        walk.met["I22 crawls"] += crawl(walk.world.house).is_complete


@step(0.5)
def wrong_clock(walk: Walk) -> None:
    """A night of a machine whose clock is years, or an hour, off."""
    off = walk.chance.choice((timedelta(hours=1), 400 * DAY, 4000 * DAY, -400 * DAY))
    clock = _Skewed(walk.world.house.clock, off)
    store = walk.world.house.store.at(clock) if hasattr(walk.world.house.store, "at") else None
    if store is None:
        from storage.store import Store

        store = Store(walk.world.house.store.engine, clock)
    skewed = World(replace(walk.world.house, clock=clock, store=store), walk.world.control)
    before, served = walk.seq, [*walk.served]
    walk.night(skewed, polled=False)
    walk.served = served
    walk.distrusted.append((before, walk.seq, "I16: by a wrong clock"))
    walk.met["I16 wrong clocks"] += 1


class _Skewed:
    def __init__(self, clock: Any, off: timedelta) -> None:
        self._clock, self._off = clock, off

    def now(self) -> datetime:
        found: datetime = self._clock.now() + self._off
        return found


@step(0.9)
def between(walk: Walk) -> None:
    """In the middle of a night's requests somebody does something that protects."""
    if not isinstance(walk.sandbox, Wireless):
        day(walk)
        return
    from tests.walking import officers, people

    act = walk.chance.choice((people.human, officers.hold, officers.keep, officers.pause))
    walk.world.pass_(DAY)
    fired: list[str] = []

    def now() -> None:
        fired.append(act.__name__)
        act(walk)

    sandbox: Handle = walk.sandbox
    # Not while a change is on its way: what had left before is in flight, and is told as such.
    Ambush(sandbox, now, method="GET", nth=walk.chance.randrange(3, 40))
    walk.night(polled=False)
    sandbox.do(sandbox.sandbox.interludes.clear)
    for one in fired:
        walk.met[f"I11 {one} in the middle of a night"] += 1
