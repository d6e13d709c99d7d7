"""The effect of purging a space: all of its messages are deleted, threads and files too, and
the space stays. As compliance, which need not be in it (webex-facts 3.4).

Deleting is soft in Webex: to everybody a deleted message is gone, and an officer reads it
until the organisation's own retention takes it (1.5). An officer's list may therefore show
deleted messages without saying so, and what proves the purge is Webex's word on each message:
204, or 410 for one that was deleted already, and a witness who then finds none that is newer.

Which messages: all of them, or those from `after` on and before `before` (ISO 8601), as the
payload says. What is said of each is written down before the next one's turn, so that whoever
goes on after a crash counts none of them twice.

A purge has many requests, and stops between any two of them when a hold, a pause or a fault
comes. Then it is neither done nor undone: its intent stays open with how far it came, and the
same step, planned again on fresh evidence, goes on from there. Recovery leaves it alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime

from domain.ids import RoomId
from domain.intents import Intent, Outcome
from spaces.effects import leasing
from spaces.effects.deleting import seen_by_witness
from spaces.effects.deleting_messages import delete_message
from spaces.effects.settling import close
from spaces.effects.spec import Effect, Evidence, Reading, effect
from spaces.spec import House
from spaces.sync.pages import Whole, follow
from storage.purges import NOT_AT_ALL
from storage.store import UnitOfWork
from webex.errors import Throttled, Unclear, WebexFault
from webex.gateway import Gateway, Lane
from webex.values import Message

KIND = "purge room"
PAGE = 100


@dataclass(slots=True)
class Tally:
    """How far a purge came: messages by what Webex said of each, oldest first."""

    upto: str = ""
    """When the last one that was asked for was written."""
    at_upto: list[str] = field(default_factory=list)
    """Those that were written at that very moment, by id."""
    deleted: int = 0
    already: int = 0
    refused: int = 0
    files: int = 0
    oldest: str = ""
    newest: str = ""
    """When the first and the last one that went were written."""
    in_flight: str = ""
    """The one whose answer is not known."""
    is_whole: bool = False


def _purge(house: House, intent: Intent) -> Evidence:
    room = seen_by_witness(house, RoomId(str(intent.plan.payload["room"]))).id
    officer = house.webex.compliance(Lane.BACKGROUND)
    found = _messages(officer, room, intent)
    if not found.complete:
        raise Unclear(f"its messages can't be listed: {found.why}")
    tally = Tally(**{k: v for k, v in intent.evidence.items() if k in Tally.__slots__})  # type: ignore[arg-type]
    tally.is_whole = False
    waiting = sorted(found.items, key=lambda one: one.created)
    if tally.in_flight and all(str(one.id) != tally.in_flight for one in waiting):
        tally.deleted += 1  # it is not shown any more, and nobody but us was at it
        tally.in_flight = ""
    try:
        for message in waiting:
            if _at(message) < tally.upto or str(message.id) in tally.at_upto:
                continue
            was_asked = tally.in_flight == str(message.id)
            tally.in_flight = str(message.id)
            _note(house, intent, tally)
            _count(tally, message, delete_message(house, officer, message.id, was_asked=was_asked))
    except Unclear as lost:
        return {**asdict(tally), "webex": lost.said}
    except Exception as no:
        if not isinstance(no, Throttled):  # stopped before it was asked for
            tally.in_flight = ""
        _note(house, intent, tally)
        raise
    tally.is_whole = True
    return asdict(tally)


def _count(tally: Tally, message: Message, what: str) -> None:
    setattr(tally, what, getattr(tally, what) + 1)
    at = _at(message)
    if what == "deleted":
        tally.files += len(message.files)
        tally.oldest, tally.newest = tally.oldest or at, at
    tally.at_upto = [*(tally.at_upto if at == tally.upto else []), str(message.id)]
    tally.upto, tally.in_flight = at, ""


def _note(house: House, intent: Intent, tally: Tally) -> None:
    with house.store.begin() as tx:
        tx.intents.note(intent.id, asdict(tally))
        tx.commit()


def _see_purged(house: House, intent: Intent, answered: Evidence) -> Reading:
    if not answered.get("is_whole"):
        return Reading(outcome=Outcome.OPEN, evidence=answered)
    room = RoomId(str(intent.plan.payload["room"]))
    if answered.get("refused"):
        why = "Webex would not delete some of its messages"
        seen = answered if intent.outcome is Outcome.UNKNOWN else _still_listed(house, room, intent)
        return Reading(outcome=Outcome.UNKNOWN, evidence={**answered, **seen, "why": why})
    found = _messages(house.webex.witness(Lane.BACKGROUND), room, intent)
    if not found.complete:
        raise Unclear(f"its messages can't be listed: {found.why}")
    left = sum(_at(one) > str(answered["upto"]) for one in found.items)
    if left:
        return Reading(outcome=Outcome.OPEN, evidence={**answered, "is_whole": False, "left": left})
    return Reading(outcome=Outcome.DONE, evidence={**answered, "second_identity": "none is left"})


def _still_listed(house: House, room: RoomId, intent: Intent) -> Evidence:
    """What the second identity sees of those that Webex would not delete. It proves little: a list
    of an officer's may show deleted ones, too (1.5)."""
    try:
        found = _messages(house.webex.witness(Lane.BACKGROUND), room, intent)
    except WebexFault as blind:
        return {"second_identity": f"could not look: {blind.said}"}
    if not found.complete:
        return {"second_identity": f"could not see all of it: {found.why}"}
    return {"second_identity": f"{len(found.items)} are listed, deleted ones perhaps among them"}


def _at(message: Message) -> str:
    """When it was written, as text that sorts."""
    return message.created.isoformat(timespec="microseconds")


def _messages(gateway: Gateway, room: RoomId, intent: Intent) -> Whole[Message]:
    return messages_of(
        gateway, room, before=_moment(intent, "before"), after=_moment(intent, "after")
    )


def messages_of(
    gateway: Gateway, room: RoomId, *, before: datetime | None, after: datetime | None
) -> Whole[Message]:
    """Those from `after` on and before `before`, the newest first; by the moment of each, whatever
    Webex made of the question."""
    found = follow(
        lambda address: gateway.messages(room, before=before, max=PAGE, address=address),
        is_enough=lambda one: after is not None and one.created < after,
    )
    wanted = (one for one in found.items if after is None or one.created >= after)
    old = tuple(one for one in wanted if before is None or one.created < before)
    return Whole(old, found.complete, found.why)


def _moment(intent: Intent, name: str) -> datetime | None:
    text = intent.plan.payload.get(name)
    return datetime.fromisoformat(str(text)) if text else None


def _record_purged(tx: UnitOfWork, intent: Intent, evidence: Evidence) -> None:
    """How far the space is purged: up to the day that was given, or to where it came; not over
    one that Webex would not delete."""
    until = _moment(intent, "before") if evidence.get("is_whole") else None
    if evidence.get("refused"):
        until = _moment(intent, "after") or NOT_AT_ALL
    elif until is None and evidence.get("upto"):
        until = datetime.fromisoformat(str(evidence["upto"]))
    if intent.plan.space is None or until is None:
        return
    deleted, files = (int(str(evidence.get(name) or 0)) for name in ("deleted", "files"))
    tx.purges.came(intent.plan.space, until, messages=deleted, files=files)


def leave_as_it_is(house: House, intent: Intent, why: str) -> Intent:
    """Ends a purge that stopped on its way and is not to go on, or of which some stays unknown and
    somebody has looked: what went is counted, and what is not known stays said.

    Raises:
        Busy: another process is at it.
    """
    with house.store.begin() as tx:
        leasing.take(tx, intent.id)
        tx.commit()
    with leasing.kept(house, intent.id):
        with house.store.read() as tx:
            intent = tx.intents.by_id(intent.id)
        if intent.outcome.is_final:
            return intent
        is_begun = bool(intent.evidence.get("upto") or intent.evidence.get("in_flight"))
        outcome = Outcome.DONE if is_begun else Outcome.CANCELLED
        seen = Reading(outcome=outcome, evidence={**intent.evidence, "why": why, "is_whole": False})
        return close(house, _PURGE, intent, seen)


_PURGE = effect(
    Effect(
        kind=KIND, do=_purge, read_back=_see_purged, record=_record_purged, is_repeatable=False,
        is_resumable=True,
    )
)  # fmt: skip
