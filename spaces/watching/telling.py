"""Telling: one attempt of one delivery, and what is to follow from what came of it.

Decides when something is tried again, given up, and when a watch is left alone for a while or
for good. To people and spaces it goes as a card, by an intent, so that it comes once. To an
address it is posted, signed; there it comes at least once, with an id that stays the same.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from domain.audit import Word
from domain.errors import Fault, Refusal
from domain.ids import PersonId, StepKey
from domain.intents import Outcome
from domain.outgoing import Showable
from domain.people import SYSTEM, Person
from domain.watches import (
    Delivery,
    DeliveryState,
    Target,
    Told,
    Watch,
    WatchState,
    webex_moment,
)
from spaces.effects.cards import send_card
from spaces.effects.leasing import Busy
from spaces.spec import House
from spaces.watching.addresses import Closed, place_of
from spaces.watching.posting import post
from spaces.watching.signing import headers
from spaces.watching.standing import Makers, Stand, stand_of
from webex.errors import NotAuthorised, Throttled, WebexFault

log = logging.getLogger(__name__)

WAITS = tuple(
    timedelta(seconds=one)
    for one in (5, 30, 120, 600, 1800, 3600, 7200, 10800, 14400, 21600, 21600)
)
"""Between the attempts; with them about a day."""
LONGEST = timedelta(hours=6)
"""No receiver makes us wait longer."""
PERSEVERANCE = timedelta(days=2)
"""So long is tried what could not even be attempted."""
FAILING = timedelta(hours=20)
"""A watch of which nothing got through for so long is paused once something is given up."""
REST_AFTER, LONGEST_REST = 3, timedelta(minutes=5)
"""After so many failures in a row a watch rests between attempts, whatever is due of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """How what is told to people looks; whoever may know cards passes it in."""

    happened: Callable[[Told], Showable]
    paused: Callable[[Watch, str, str], Showable]
    """The watch, why, and the reader's time zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """What came of an attempt."""

    is_good: bool
    status: str = ""
    why: str = ""
    is_final: bool = False
    """Trying again would change nothing."""
    wait: timedelta = timedelta()
    ends: str = ""
    """Why the whole watch is to be paused."""


class Teller:
    def __init__(self, house: House, cards: Cards, *, who: str) -> None:
        self._house = house
        self._cards = cards
        self._who = who
        self._makers = Makers()

    def tell(self, delivery: Delivery) -> DeliveryState:
        """One attempt of a delivery that was claimed. Raises what is a bug."""
        with self._house.store.read() as tx:
            watch = tx.watches.get(delivery.watch)
        if watch is None or watch.state is not WatchState.ACTIVE:
            return self._later(delivery, timedelta(minutes=1))
        try:
            standing = stand_of(self._house, self._makers, watch, delivery.happening)
        except NotAuthorised as no:
            log.error("delivery %s waits: %s", delivery.key, no)
            return self._later(delivery, timedelta(minutes=1))
        except (WebexFault, Refusal) as no:
            log.warning("delivery %s waits: %s", delivery.key, no)
            return self._later(delivery, timedelta(seconds=10))
        if standing.stand is Stand.ENDED:
            end(self._house, watch, standing.why)
        if standing.stand is not Stand.YES:
            return self._withhold(delivery, standing.why)
        began = time.monotonic()
        try:
            if watch.target is Target.ADDRESS:
                came = self._post(watch, delivery)
            else:
                came = self._send(watch, delivery)
        except Throttled as no:
            log.info("delivery %s waits: %s", delivery.key, no)
            return self._later(delivery, timedelta(seconds=15))
        except Busy:
            return self._later(delivery, timedelta(seconds=2))
        except Fault as no:
            log.warning("delivery %s waits: %s", delivery.key, no)
            return self._later(delivery, timedelta(seconds=10))
        took = round((time.monotonic() - began) * 1000)
        return self._settle(watch, delivery, came, took)

    # -- one attempt ------------------------------------------------------------------------

    def _post(self, watch: Watch, delivery: Delivery) -> _Came:
        body = body_of(delivery)
        try:
            keys = self._keys(watch)
            place = place_of(watch.address, self._house.outside)
            signed = headers(delivery.name, self._house.clock.now(), body, keys)
            answer = post(place, body, signed, self._house.outside)
        except Closed as no:
            return _Came(is_good=False, status="refused", why=str(no))
        except Refusal as no:  # what was allowed when it was made is not any more
            return _Came(is_good=False, status="refused", why=no.reason)
        except ValueError:
            why = "its secret can't be read with today's key"
            return _Came(is_good=False, status="no secret", why=why, is_final=True, ends=why)
        except Fault as no:
            return _Came(is_good=False, status="no answer", why=str(no))
        status = str(answer.status)
        if 200 <= answer.status < 300:
            return _Came(is_good=True, status=status)
        if answer.status == 410:
            why = "the address says that it is gone for good"
            return _Came(is_good=False, status=status, why=why, is_final=True, ends=why)
        why = "it answered with an error"
        if 300 <= answer.status < 400:
            why = "it sent us elsewhere, where I don't go"
        wait = min(timedelta(seconds=min(answer.retry_after or 0, 1e6)), LONGEST)
        return _Came(is_good=False, status=status, why=why, wait=wait)

    def _keys(self, watch: Watch) -> list[str]:
        """Raises ValueError: they can't be read."""
        with self._house.store.read() as tx:
            sealed = tx.watches.sealed(watch.key)
        if sealed is None or self._house.seal is None:
            raise ValueError("no secret")
        return [self._house.seal.open(one) for one in (sealed.now, sealed.before) if one]

    def _send(self, watch: Watch, delivery: Delivery) -> _Came:
        what = delivery.happening
        with self._house.store.read() as tx:
            maker = tx.people.by_key(watch.maker)
            round = tx.deliveries.round_of(delivery.key)
            space = tx.spaces.by_key(what.space) if what.space is not None else None
            into = tx.spaces.id_of(watch.to_space) if watch.to_space is not None else None
        told = Told(
            watch=watch.key, what=what, title=space.shown_title if space else "",
            room=str(space.id) if space else "", person=self._named(delivery),
            zone=maker.time_zone if into is None else "UTC", can_stop=into is None,
        )  # fmt: skip
        step = StepKey(f"watch/{delivery.name}/{round}.{delivery.attempts}")
        to: tuple[Person, ...] = () if into else (maker,)
        made = send_card(
            self._house, self._cards.happened(told), step=step, word=Word.WATCH_TELL,
            actor=SYSTEM, person=next(((one.key, one.id) for one in to), None), room=into,
            space=watch.to_space, about=f"watch/{watch.key}",
        )  # fmt: skip
        if made.outcome is Outcome.DONE:
            return _Came(is_good=True, status="sent")
        if not made.outcome.is_final:
            raise Busy("what came of it is to be seen")
        is_final = made.outcome is Outcome.REFUSED
        why = "Webex would not take it" if is_final else "it did not get there"
        return _Came(is_good=False, status=str(made.outcome), why=why, is_final=is_final)

    def _named(self, delivery: Delivery) -> str:
        """The name of whom it is about."""
        data = delivery.happening.data
        name = data.get("personDisplayName") or ""
        if not name and (email := data.get("personEmail")):
            with self._house.store.read() as tx:
                known = tx.people.by_email(str(email))
            name = known.name if known else email
        if not name and (id := data.get("creatorId")):
            with self._house.store.read() as tx:
                known = tx.people.by_id(PersonId(str(id)))
            name = known.name if known else ""
        return str(name)

    # -- what follows -----------------------------------------------------------------------

    def _settle(self, watch: Watch, delivery: Delivery, came: _Came, took: int) -> DeliveryState:
        now = self._house.clock.now()
        wait = self._wait(delivery, came)
        state = DeliveryState.DONE if came.is_good else DeliveryState.WAITING
        if not came.is_good and (came.is_final or wait is None):
            state = DeliveryState.DEAD
        with self._house.store.begin() as tx:
            tx.deliveries.tried(
                delivery.key, state=state, status=came.status, why=came.why, took_ms=took,
                due_at=None if wait is None else now + wait,
            )  # fmt: skip
            if came.is_good:
                tx.watches.went_well(watch.key)
            else:
                failures = tx.watches.failures(watch.key) + 1
                rest = None if failures < REST_AFTER else now + _rest(failures)
                tx.watches.went_wrong(watch.key, rests_until=rest)
            after = tx.watches.get(watch.key)
            tx.commit()
        since = after.failing_since if after else None
        is_hopeless = state is DeliveryState.DEAD and since is not None and now - since >= FAILING
        if came.ends or is_hopeless:
            self._pause(watch, came.ends or f"nothing got through for a day: {came.why}")
        return state

    def _wait(self, delivery: Delivery, came: _Came) -> timedelta | None:
        """Until the next attempt; None when this was the last."""
        if delivery.attempts >= len(WAITS):
            return None
        usual = WAITS[delivery.attempts] * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
        return max(usual, came.wait)

    def _later(self, delivery: Delivery, wait: timedelta) -> DeliveryState:
        """It was not even tried."""
        now = self._house.clock.now()
        if now - delivery.due_at > PERSEVERANCE:
            with self._house.store.begin() as tx:
                tx.deliveries.tried(
                    delivery.key, state=DeliveryState.DEAD, status="not tried",
                    why="Webex could not be asked whether it may be told", took_ms=0,
                )  # fmt: skip
                tx.commit()
            return DeliveryState.DEAD
        with self._house.store.begin() as tx:
            tx.deliveries.give_back(delivery.key, by=self._who, after=wait)
            tx.commit()
        return DeliveryState.WAITING

    def _withhold(self, delivery: Delivery, why: str) -> DeliveryState:
        with self._house.store.begin() as tx:
            tx.deliveries.withhold(delivery.key, why)
            tx.commit()
        return DeliveryState.WITHHELD

    def _pause(self, watch: Watch, why: str) -> None:
        """Pauses a watch that gets nothing through, and tells its maker."""
        with self._house.store.begin() as tx:
            moved = tx.watches.move(watch.key, WatchState.PAUSED, why=why, was=WatchState.ACTIVE)
            if moved:
                tx.deliveries.give_up(watch.key, "the watch was paused")
                tx.audit.add(Word.WATCH_PAUSE, SYSTEM, watch=watch.key, why=why)
            maker = tx.people.by_key(watch.maker)
            at = int(tx.now.timestamp())
            tx.commit()
        if not moved:
            return
        try:
            send_card(
                self._house, self._cards.paused(watch, why, maker.time_zone),
                step=StepKey(f"watch/{watch.key}/paused/{at}"), word=Word.WATCH_TELL,
                actor=SYSTEM, person=(maker.key, maker.id), about=f"watch/{watch.key}",
            )  # fmt: skip
        except (WebexFault, Busy) as no:  # the intent stays open, and recovery sends it
            log.warning("the maker of watch %s was not told yet: %s", watch.key, no)


def end(house: House, watch: Watch, why: str) -> None:
    """Ends a watch by itself."""
    with house.store.begin() as tx:
        if tx.watches.move(watch.key, WatchState.ENDED, why=why):
            tx.deliveries.withhold_all(watch.key, why)
            tx.audit.add(Word.WATCH_END, SYSTEM, watch=watch.key, why=why)
            tx.commit()


def body_of(delivery: Delivery) -> bytes:
    """What an address is sent: the same bytes at each attempt."""
    what = delivery.happening
    return json.dumps(
        {
            "id": delivery.name, "watch": delivery.watch,
            "resource": str(what.trigger.resource), "event": what.trigger.event,
            "at": webex_moment(what.at), "data": dict(what.data),
        },
        ensure_ascii=False, separators=(",", ":"),
    ).encode()  # fmt: skip


def _rest(failures: int) -> timedelta:
    seconds = 5 * 2.0 ** min(failures - REST_AFTER, 10)
    return min(LONGEST_REST, timedelta(seconds=seconds))
