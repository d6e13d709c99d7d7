"""Alerts: raised where their cause is, closed by people or when the cause is gone.

The principle: raising is writing down, in the transaction of the cause where there is one; who
is told, how and when comes after (`retention.alert_telling`), from what is written down. So no
alert is lost by a channel that is down or a process that dies, and a thousand of one thing are
one alert that counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from domain.alerts import (
    NATURES,
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    AlertView,
    Raised,
    Way,
    WayOf,
)
from domain.audit import Word
from domain.errors import Refusal
from domain.people import SYSTEM, Actor, Person
from spaces.officers import known_officers
from spaces.spec import House
from storage.store import UnitOfWork

WAYS = "alert-ways"
MOST_ITEMS = 20
MOST_OFFICERS = 30
LIVING = (AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.ASSIGNED)


def raise_alert(tx: UnitOfWork, raised: Raised) -> AlertKey:
    """Writes an alert down, in a transaction of the caller's. Telling is somebody else's.

    The same kind and subject again is the same alert: it counts, and is opened again when it
    had been closed and something new happened.
    """
    tx.audit.serialise()
    is_told = not raised.is_known and way_of(tx, raised.kind).way is Way.AT_ONCE
    news = tx.alerts.raise_(raised, is_told=is_told)
    if news.word is not None:
        tx.audit.add(
            Word.ALERT_RAISE, SYSTEM, space=raised.space, alert=news.key, kind=str(raised.kind),
            subject=raised.subject, news=str(news.word), what=raised.what,
            things=len(raised.items),
        )  # fmt: skip
    return news.key


def raise_now(house: House, raised: Raised) -> AlertKey:
    """The same in a transaction of its own."""
    with house.store.begin() as tx:
        key = raise_alert(tx, raised)
        tx.commit()
    return key


def settle_alert(tx: UnitOfWork, kind: AlertKind, subject: str = "", *, why: str) -> None:
    """The cause of an alert is gone: it closes by itself, and may come again."""
    one = tx.alerts.of(kind, subject)
    if one is not None and one.is_on:
        _gone(tx, one, why)


def keep_true(
    tx: UnitOfWork, kinds: Collection[AlertKind], found: Iterable[Raised], *,
    why: str = "its cause is gone",
) -> tuple[AlertKey, ...]:  # fmt: skip
    """Makes the alerts of these kinds that last say what `found` says now: those are raised,
    the others close. Gives the keys of those that are there."""
    every = [replace(one, lasts=True) for one in found]
    keys = [raise_alert(tx, one) for one in every]
    for one in tx.alerts.on(kinds):
        if one.lasts and one.key not in keys:
            _gone(tx, one, why)
    return tuple(keys)


def _gone(tx: UnitOfWork, one: Alert, why: str) -> None:
    if tx.alerts.gone(one.key, why):
        tx.audit.add(Word.ALERT_CLOSE, SYSTEM, alert=one.key, kind=str(one.kind), why=why)


# -- what people do -----------------------------------------------------------------------------


def acknowledge(house: House, actor: Actor, key: AlertKey) -> AlertView:
    """Somebody looks after it. Raises Refusal: it is not there, or somebody was faster."""
    with house.store.begin() as tx:
        tx.audit.serialise()
        one = open_alert(tx, key)
        if one.state is not AlertState.OPEN:
            raise Refusal(f"{_said(one)} already.", f"`alert {key}` shows it.")
        _moved(tx.alerts.move(one, AlertState.ACKNOWLEDGED, by=actor.name))
        tx.audit.add(Word.ALERT_ACKNOWLEDGE, actor, alert=key, kind=str(one.kind))
        view = view_of(house, tx, key)
        tx.commit()
    return view


def assign(house: House, actor: Actor, key: AlertKey, to: Person) -> AlertView:
    """Gives it to an officer. Raises Refusal: it is closed, or they are no officer."""
    with house.store.begin() as tx:
        tx.audit.serialise()
        one = open_alert(tx, key)
        if not house.is_officer(tx, to):
            raise Refusal(
                f"{to.name} is not of compliance, so they may not see alerts.",
                "Name somebody of compliance by their e-mail address.",
            )
        if one.assigned == to.key:
            raise Refusal(f"It is assigned to {to.name} already.", f"`alert {key}` shows it.")
        _moved(
            tx.alerts.move(
                one, AlertState.ASSIGNED, by=actor.name, assigned=to.key, said=f"to {to.name}"
            )
        )
        tx.audit.add(
            Word.ALERT_ASSIGN, actor, person=to.key, alert=key, kind=str(one.kind), to=to.email
        )
        view = view_of(house, tx, key)
        tx.commit()
    return view


def close(house: House, actor: Actor, key: AlertKey, reason: str) -> AlertView:
    """Raises Refusal: it is not there, closed already, or no reason is given."""
    if not reason.strip():
        raise Refusal("Say why it can be closed.", f"Such as: alert close {key} because it is ok")
    with house.store.begin() as tx:
        tx.audit.serialise()
        one = open_alert(tx, key)
        _moved(tx.alerts.move(one, AlertState.CLOSED, by=actor.name, reason=reason.strip()[:500]))
        tx.audit.add(
            Word.ALERT_CLOSE, actor, alert=key, kind=str(one.kind), why=reason.strip()[:500],
            cause_stands=one.is_on and one.lasts,
        )  # fmt: skip
        view = view_of(house, tx, key)
        tx.commit()
    return view


def open_alert(tx: UnitOfWork, key: AlertKey) -> Alert:
    """Raises Refusal: there is none, or it is closed."""
    one = tx.alerts.get(key)
    if one is None:
        raise no_alert(key)
    if not one.is_open:
        raise Refusal(f"{_said(one)}.", "It opens again by itself when it comes again.")
    return one


def no_alert(key: int) -> Refusal:
    return Refusal(f"There is no alert {key}.", "`alerts` lists them.")


def _moved(moved: bool) -> None:
    if not moved:
        raise Refusal("Somebody else was faster just now.", "Look at it again.")


def _said(one: Alert) -> str:
    by = one.by or "It was closed by itself, as its cause is gone"
    match one.state:
        case AlertState.CLOSED if not one.by:
            return by
        case AlertState.CLOSED:
            return f"{by} closed it" + (f": {one.reason.rstrip('.')}" if one.reason else "")
        case AlertState.ASSIGNED:
            return f"{by} assigned it"
        case _:
            return f"{by} acknowledged it"


# -- how they are told --------------------------------------------------------------------------


def way_of(tx: UnitOfWork, kind: AlertKind) -> WayOf:
    """How a kind is told; what was set and is not allowed (any more) does not count."""
    said = (tx.settings.get(WAYS) or {}).get(str(kind))
    nature = NATURES[kind]
    if not isinstance(said, dict) or said.get("way") not in [str(one) for one in nature.ways]:
        return WayOf(kind=kind, way=nature.way)
    at = datetime.fromisoformat(str(said["at"])) if said.get("at") else None
    return WayOf(kind=kind, way=Way(said["way"]), by=str(said.get("by", "")), at=at)


def set_way(house: House, actor: Actor, kind: AlertKind, way: Way) -> WayOf:
    """Raises Refusal: a kind that must reach somebody."""
    nature = NATURES[kind]
    if way not in nature.ways:
        raise Refusal(
            f"Alerts about {nature.title} can't be {_NOT[way]}: they must reach somebody.",
            f"They can be told: {', '.join(nature.ways)}.",
        )
    with house.store.begin() as tx:
        tx.audit.serialise()
        was = way_of(tx, kind)
        known = tx.settings.get(WAYS) or {}
        known = known if isinstance(known, dict) else {}
        entry = {"way": str(way), "by": actor.name, "at": tx.now.isoformat()}
        tx.settings.put(WAYS, {**known, str(kind): entry}, by=actor.name)
        if way is Way.AT_ONCE:
            tx.alert_telling.tell_all_of(kind)
        else:
            tx.alert_telling.tell_nobody_of(kind)
        tx.audit.add(Word.ALERT_SETTINGS, actor, kind=str(kind), way=str(way), was=str(was.way))
        tx.commit()
    return WayOf(kind=kind, way=way, by=actor.name)


_NOT = {Way.OFF: "off", Way.DIGEST: "in the digest only", Way.AT_ONCE: "at once"}


def view_of(house: House, tx: UnitOfWork, key: AlertKey, *, late: str = "") -> AlertView:
    """An alert as it is shown. Raises LookupError."""
    one = tx.alerts.get(key)
    if one is None:
        raise LookupError(f"no alert {key}")
    staff = known_officers(house, tx)[:MOST_OFFICERS]
    assigned = tx.people.by_keys([one.assigned]) if one.assigned is not None else {}
    return AlertView(
        alert=one, late=late,
        is_alone=[one.asked_by] == [who.key for who in staff],
        items=tuple(item.said for item in tx.alerts.items(key, limit=MOST_ITEMS)),
        assigned=next((who.name for who in assigned.values()), ""),
        history=tx.alerts.history(key), officers=tuple((who.email, who.name) for who in staff),
    )  # fmt: skip


def about(key: AlertKey) -> str:
    """What the cards of an alert are found by again."""
    return f"alert/{key}"
