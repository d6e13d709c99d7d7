"""The effect of purging a space: all of its messages are deleted, threads and files too, and
the space stays. As compliance, which need not be in it (webex-facts 3.4).

Deleting is soft in Webex: to everybody a deleted message is gone, and an officer reads it
until the organisation's own retention takes it (1.5). An officer's list may therefore show
deleted messages without saying so, and what proves the purge is Webex's word on each message:
204, or 410 for one that was deleted already, and a witness who then finds none that is newer.

A purge has many requests, and stops between any two of them when a hold, a pause or a fault
comes. Then it is neither done nor undone: its intent stays open with how far it came, and the
same step, planned again on fresh evidence, goes on from there. Recovery leaves it alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from domain.ids import MessageId, RoomId
from domain.intents import Intent, Outcome
from spaces.effects.deleting import seen_by_witness
from spaces.effects.spec import Effect, Evidence, Reading, effect
from spaces.spec import House
from spaces.sync.pages import Whole, follow
from webex.errors import Deleted, Denied, Missing, Throttled, Unclear
from webex.gateway import Gateway, Lane
from webex.values import Message

PAGE = 100
NOTED_EVERY = 50
WAITS = (1.0, 5.0, 20.0, 60.0)
"""Seconds before a message is asked for again that Webex had no time or no answer for. To ask
again is harmless: what was deleted answers 410."""


@dataclass(slots=True)
class Tally:
    """How far a purge came: messages by what Webex said of each, oldest first."""

    upto: str = ""
    """When the last one that was asked for was written."""
    deleted: int = 0
    already: int = 0
    refused: int = 0
    files: int = 0
    is_whole: bool = False


def _purge(house: House, intent: Intent) -> Evidence:
    room = seen_by_witness(house, RoomId(str(intent.plan.payload["room"]))).id
    officer = house.webex.compliance(Lane.BACKGROUND)
    found = _messages(officer, room, intent)
    if not found.complete:
        raise Unclear(f"its messages can't be listed: {found.why}")
    tally = Tally(**{k: v for k, v in intent.evidence.items() if k in Tally.__slots__})  # type: ignore[arg-type]
    tally.is_whole = False
    try:
        for number, message in enumerate(sorted(found.items, key=lambda one: one.created), 1):
            if _at(message) < tally.upto:
                continue
            _count(tally, message, _delete(house, officer, message.id))
            if number % NOTED_EVERY == 0:
                _note(house, intent, tally)
    except Unclear as lost:
        return {**asdict(tally), "webex": lost.said}
    except Exception:
        _note(house, intent, tally)
        raise
    tally.is_whole = True
    return asdict(tally)


def _delete(house: House, officer: Gateway, message: MessageId) -> str:
    """What came of one message: the name of its count."""
    was_asked = False
    for wait in (*WAITS, None):
        try:
            officer.delete_message(message)
        except Deleted:
            return "deleted" if was_asked else "already"
        except (Denied, Missing):
            return "refused"
        except (Throttled, Unclear) as no:
            was_asked |= isinstance(no, Unclear)
            if wait is None:
                raise
            house.sleep(wait)
        else:
            return "deleted"
    raise AssertionError("unreachable")


def _count(tally: Tally, message: Message, what: str) -> None:
    setattr(tally, what, getattr(tally, what) + 1)
    tally.files += len(message.files) if what == "deleted" else 0
    tally.upto = _at(message)


def _note(house: House, intent: Intent, tally: Tally) -> None:
    with house.store.begin() as tx:
        tx.intents.note(intent.id, asdict(tally))
        tx.commit()


def _see_purged(house: House, intent: Intent, answered: Evidence) -> Reading:
    if not answered.get("is_whole"):
        return Reading(outcome=Outcome.OPEN, evidence=answered)
    if answered.get("refused"):
        why = "Webex would not delete some of its messages"
        return Reading(outcome=Outcome.UNKNOWN, evidence={**answered, "why": why})
    room = RoomId(str(intent.plan.payload["room"]))
    found = _messages(house.webex.witness(Lane.BACKGROUND), room, intent)
    if not found.complete:
        raise Unclear(f"its messages can't be listed: {found.why}")
    left = sum(_at(one) > str(answered["upto"]) for one in found.items)
    if left:
        return Reading(outcome=Outcome.OPEN, evidence={**answered, "is_whole": False, "left": left})
    return Reading(outcome=Outcome.DONE, evidence={**answered, "second_identity": "none is left"})


def _at(message: Message) -> str:
    """When it was written, as text that sorts."""
    return message.created.isoformat(timespec="microseconds")


def _messages(gateway: Gateway, room: RoomId, intent: Intent) -> Whole[Message]:
    text = intent.plan.payload.get("before")
    before = datetime.fromisoformat(str(text)) if text else None
    return follow(lambda address: gateway.messages(room, before=before, max=PAGE, address=address))


effect(
    Effect(
        kind="purge room", do=_purge, read_back=_see_purged, is_repeatable=False,
        is_resumable=True,
    )
)  # fmt: skip
