"""Freeze days of the whole company, set and taken away by chat while the bot runs.

The principle: a freeze protects, so one officer sets it and it holds at once, before each effect,
also of what is under way. Taking one away lets things be destroyed sooner, so somebody else has to
say the same, and it still counts until that has cooled off; setting it again voids that. What the
operator has set in the settings stays theirs. The days are those of the company's time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.audit import Word
from domain.errors import Refusal
from domain.freezes import FreezeSet, FreezeView
from domain.hours import Freeze
from domain.ids import PersonKey
from domain.people import Actor
from retention.pausing import ASK_LIFE, Asked
from spaces.opening import opening
from spaces.spec import House
from storage.store import UnitOfWork

MOST_DAYS = 366
"""Of one freeze; whoever wants all to stand still for longer pauses it."""
MOST_FREEZES = 200
REMOVE = "freeze remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """Args:
    zone: whose days they are.
    closed: why nothing may be destroyed at this moment; empty when it may. opens_at: from when.
    operators: those of the settings. over: how many of compliance's are past.
    """

    zone: str
    operators: tuple[FreezeView, ...]
    ours: tuple[FreezeView, ...]
    closed: str
    opens_at: datetime | None
    over: int = 0


def add_freeze(house: House, actor: Actor, freeze: Freeze, *, reason: str) -> FreezeView:
    """Nothing is destroyed on these days, from now on. Set again, it is the same one, and whoever
    wanted it away has to ask anew.

    Raises:
        Refusal: its days are past or too many, or there are too many freezes.
    """
    person = _person(actor)
    with house.store.begin() as tx:
        tx.audit.serialise()
        today = _today(house, tx)
        _check(freeze, today)
        found = tx.freezes.of(freeze.written)
        if found is None:
            if len(tx.freezes.all()) >= MOST_FREEZES:
                raise Refusal(
                    f"There are {MOST_FREEZES} freezes already.", "Name one longer span of days."
                )
            tx.freezes.add(freeze, reason=" ".join(reason.split()), by=person)
        elif found.asked_at is not None:
            tx.freezes.stay(found.key)
        made = tx.freezes.of(freeze.written)
        if made is None:
            raise LookupError("the freeze that was just set is not there")
        tx.audit.add(
            Word.FREEZE_ADD, actor, days=freeze.written, zone=house.limits.hours.zone,
            reason=reason, was_there=found is not None,
        )  # fmt: skip
        view = _view(tx, made, today)
        tx.commit()
    return view


def remove_freeze(house: House, actor: Actor, freeze: Freeze) -> FreezeView | Asked:
    """Asks that a freeze is taken away, or agrees to what somebody else asked: then it counts on
    until that has cooled off.

    Raises:
        Refusal: there is none of these days, it is the operator's, over or away already, or the
            first person asks again.
    """
    person = _person(actor)
    with house.store.begin() as tx:
        tx.audit.serialise()
        today = _today(house, tx)
        found = _found(house, tx, freeze, today)
        is_open = found.asked_at is not None and found.asked_at + ASK_LIFE > tx.now
        if is_open and found.asked_by == person:
            raise Refusal(
                "You asked for that already.", "Somebody else of compliance has to say the same."
            )
        if is_open:
            tx.freezes.agree(found.key, by=person, void_from=tx.now + house.limits.cooling)
        else:
            tx.freezes.ask(found.key, by=person)
        now = tx.freezes.of(freeze.written) or found
        tx.audit.add(
            Word.FREEZE_REMOVE, actor, days=freeze.written, zone=house.limits.hours.zone,
            waits_for_second=not is_open, asked_by=found.asked_by if is_open else person,
            void_from=now.freeze.void_from.isoformat() if now.freeze.void_from else None,
        )  # fmt: skip
        view = _view(tx, now, today)
        until = tx.now + ASK_LIFE
        tx.commit()
    return view if is_open else Asked(what=REMOVE, until=until)


def list_freezes(house: House) -> Frozen:
    """All that count or will, and whether it is a time to destroy anything."""
    hours = house.limits.hours
    with house.store.read() as tx:
        today, all_ = _today(house, tx), tx.freezes.all()
        ahead = [one for one in all_ if not _is_over(one.freeze, today)]
        calendar = opening(tx, house.limits)
        closed = calendar.closed(tx.now)
        return Frozen(
            zone=hours.zone, closed=closed,
            opens_at=calendar.opens_at(tx.now) if closed else None,
            operators=tuple(
                FreezeView(days=one.said, typed=one.written, is_now=one.has(today))
                for one in hours.freezes
                if not _is_over(one, today)
            ),
            ours=tuple(_view(tx, one, today) for one in ahead), over=len(all_) - len(ahead),
        )  # fmt: skip


def asked_freezes(tx: UnitOfWork) -> tuple[FreezeSet, ...]:
    """Those that somebody wants away, and nobody else has agreed to yet."""
    return tuple(
        one
        for one in tx.freezes.all()
        if one.asked_at is not None
        and one.asked_at + ASK_LIFE > tx.now
        and one.freeze.void_from is None
    )


def _found(house: House, tx: UnitOfWork, freeze: Freeze, today: date) -> FreezeSet:
    found = tx.freezes.of(freeze.written)
    if found is None and freeze in house.limits.hours.freezes:
        raise Refusal(
            "The operator has set those days.",
            "Only the operator takes them away: SPACEKEEPER_FREEZE_DAYS.",
        )
    if found is None:
        some = [one.freeze.written for one in tx.freezes.all()]
        near = [one for one in some if one[:10] == freeze.written[:10]]
        raise Refusal(
            f"There is no freeze of {freeze.said}.",
            f"Did you mean {near[0]}?" if near else "`freeze list` shows all.",
        )
    if found.freeze.void_from is not None:
        raise Refusal(
            "Two people have taken it away already.",
            f"It counts until {found.freeze.void_from:%Y-%m-%d %H:%M} UTC; `freeze add` keeps it.",
        )
    if _is_over(freeze, today):
        raise Refusal("Its days are over.", "Nothing is frozen by it any more.")
    return found


def _check(freeze: Freeze, today: date) -> None:
    if _is_over(freeze, today):
        raise Refusal("Those days are past.", "Name days that are still to come.")
    days = (freeze.last - freeze.first).days + 1
    if days <= 0:  # over the turn of the year
        days += MOST_DAYS
    if days > MOST_DAYS or (freeze.is_yearly and days >= MOST_DAYS):
        raise Refusal(
            "That is more than a year of freeze days." if not freeze.is_yearly
            else "Then nothing would ever be destroyed.",
            "`pause` lets everything that destroys stand still until somebody resumes it.",
        )  # fmt: skip


def _is_over(freeze: Freeze, today: date) -> bool:
    return not freeze.is_yearly and freeze.last < today


def _today(house: House, tx: UnitOfWork) -> date:
    return tx.now.astimezone(ZoneInfo(house.limits.hours.zone)).date()


def _view(tx: UnitOfWork, one: FreezeSet, today: date) -> FreezeView:
    is_asked = one.asked_at is not None and one.freeze.void_from is None
    until = one.asked_at + ASK_LIFE if is_asked and one.asked_at is not None else None
    return FreezeView(
        days=one.freeze.said, typed=one.freeze.written, reason=one.reason,
        by=tx.people.by_key(one.by).email, at=one.at,
        asked_by=tx.people.by_key(one.asked_by).email
        if one.asked_by is not None and (until is None or until > tx.now)
        else "",
        asked_until=until if until is not None and until > tx.now else None,
        void_from=one.freeze.void_from, is_now=one.freeze.has(today),
    )  # fmt: skip


def _person(actor: Actor) -> PersonKey:
    if actor.person is None:
        raise Refusal("Only a person can set freeze days.")
    return actor.person
