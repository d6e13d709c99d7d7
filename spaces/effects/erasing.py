"""The effect of erasing what one person wrote in a space: their messages are deleted, those in
threads and with files too, and everybody else's stay. As compliance, which need not be in it
(webex-facts 3.4).

Like a purge (`purging`) it has many requests, stops between any two of them, and goes on by the
same step. Which message is being asked for is written down before each request, so that after a
kill none is asked for twice without need, and none is counted twice. Deleting is soft in Webex
(1.5): an officer may still read a deleted message, so the proof is Webex's word on each message,
204 or 410, and a second officer who finds none that is newer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from domain.ids import RoomId
from domain.intents import Intent, Outcome
from domain.spaces import SpaceType
from spaces.effects.deleting_messages import delete_message
from spaces.effects.spec import Effect, Evidence, Reading, Withheld, effect
from spaces.spec import House
from spaces.sync.authored import Wanted, written_by
from webex.errors import Deleted, Denied, Missing, Throttled, Unclear
from webex.gateway import Lane
from webex.values import Message

KIND = "erase messages"


@dataclass(slots=True)
class Tally:
    """How far it came, oldest first: messages by what Webex said of each."""

    upto: str = ""
    """When the last one that was settled was written, and its uuid."""
    last: str = ""
    asking: str = ""
    """The one that was asked for last, and is not settled yet."""
    asking_at: str = ""
    deleted: int = 0
    already: int = 0
    refused: int = 0
    files: int = 0
    is_whole: bool = False


def _erase(house: House, intent: Intent) -> Evidence:
    room = _seen(house, RoomId(str(intent.plan.payload["room"])))
    tally = Tally(**{k: v for k, v in intent.evidence.items() if k in Tally.__slots__})  # type: ignore[arg-type]
    tally.is_whole = False
    found = _theirs(house, room, intent)
    _settle_asked(tally, found)
    asked_before = tally.asking
    officer = house.webex.compliance(Lane.BACKGROUND)
    try:
        for number, message in enumerate(found):
            if _place(message) <= (tally.upto, tally.last):
                continue
            if number:
                house.sleep(house.limits.erase_pace.total_seconds())
            is_again = tally.asking == message.id.uuid
            tally.asking, tally.asking_at = message.id.uuid, _place(message)[0]
            _note(house, intent, tally)
            _count(tally, message, delete_message(house, officer, message.id, was_asked=is_again))
    except Unclear as lost:
        return {**asdict(tally), "webex": lost.said}
    except Exception as no:
        if tally.asking != asked_before and not isinstance(no, Throttled):
            tally.asking = ""  # stopped before it was asked for
        _note(house, intent, tally)
        raise
    tally.is_whole = True
    return asdict(tally)


def _seen(house: House, room_id: RoomId) -> RoomId:
    """As `deleting.seen_by_witness`; but a conversation of two may be another organisation's:
    there our own people's words are ours to delete (webex-facts 3.4). Raises Withheld."""
    if not house.webex.has_compliance:
        raise Withheld("no second identity could see them gone")
    witness = house.webex.witness(Lane.BACKGROUND)
    try:
        room = witness.room(room_id)
    except (Missing, Denied, Deleted):
        raise Withheld("the second identity does not see the space") from None
    told = witness.server_time()
    if told is None or abs(told - house.clock.now()) > house.limits.clock_skew:
        raise Withheld("our clock and Webex's do not agree")
    if room.type is not SpaceType.DIRECT and room.owner_org != witness.me().org_id:
        raise Withheld("the space belongs to another organisation")
    return room.id


def _settle_asked(tally: Tally, found: tuple[Message, ...]) -> None:
    """Of the one that a dead process asked for: it is not there any more, so it is deleted."""
    if tally.asking and all(one.id.uuid != tally.asking for one in found):
        tally.deleted += 1
        tally.upto, tally.last, tally.asking = tally.asking_at, tally.asking, ""


def _count(tally: Tally, message: Message, what: str) -> None:
    setattr(tally, what, getattr(tally, what) + 1)
    tally.files += len(message.files) if what == "deleted" else 0
    tally.upto, tally.last = _place(message)
    tally.asking = ""


def _note(house: House, intent: Intent, tally: Tally) -> None:
    with house.store.begin() as tx:
        tx.intents.note(intent.id, asdict(tally))
        tx.commit()


def _see_erased(house: House, intent: Intent, answered: Evidence) -> Reading:
    if not answered.get("is_whole"):
        return Reading(outcome=Outcome.OPEN, evidence=answered)
    listed = _theirs(house, RoomId(str(intent.plan.payload["room"])), intent)
    upto = (str(answered["upto"]), str(answered["last"]))
    if left := sum(_place(one) > upto for one in listed):  # written meanwhile
        return Reading(outcome=Outcome.OPEN, evidence={**answered, "is_whole": False, "left": left})
    seen = "none is left" if not listed else f"lists {len(listed)} that are deleted, and no other"
    evidence = {k: v for k, v in answered.items() if k not in ("last", "asking", "asking_at")}
    if answered.get("refused"):
        why = "Webex would not delete some of them"
        return Reading(outcome=Outcome.REFUSED, evidence={**evidence, "why": why})
    return Reading(outcome=Outcome.DONE, evidence={**evidence, "second_identity": seen})


def _theirs(house: House, room: RoomId, intent: Intent) -> tuple[Message, ...]:
    first, second = house.webex.witness(Lane.BACKGROUND), house.webex.compliance(Lane.BACKGROUND)
    return written_by(first, second, room, wanted_by(intent.plan.payload))


def wanted_by(payload: Mapping[str, object]) -> Wanted:
    """Which messages a payload means: those of its ``author``, and those that the bot carried for
    them, by their uuids in ``carried``; everybody's only where it says ``everybody``."""
    author, listed = payload.get("author"), payload.get("carried")
    carried = frozenset(listed) if isinstance(listed, list) else frozenset()
    if payload.get("everybody") is True:
        return lambda one: True
    return lambda one: (bool(author) and one.person_id == author) or one.id.uuid in carried


def _place(message: Message) -> tuple[str, str]:
    """When it was written, as text that sorts, and its uuid."""
    at: datetime = message.created
    return at.isoformat(timespec="microseconds"), message.id.uuid


effect(
    Effect(
        kind=KIND, do=_erase, read_back=_see_erased, is_repeatable=False, is_resumable=True,
        forgets=("author", "carried"),
    )
)  # fmt: skip
