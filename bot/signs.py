"""What frames say for watches alone: edits, deletions and the words of other bots, in ids only.

And what any arrival is a sign of. `bot/frames.py` says what the bot itself goes by; these would
only be noise to it, so they are taken only while somebody watches.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.frames import MEMBERSHIP, MESSAGE, SPACE, Unreadable
from domain.watches import Trigger
from spaces.spec import House
from spaces.watching.hearing import hear_frame
from storage.inbox import Arrival, Letter

SIGN = "sign"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_REST_ID = re.compile(r"[A-Za-z0-9_=-]{20,400}")
_OF_VERB = {
    (MEMBERSHIP, "add"): (Trigger.MEMBERSHIP_CREATED,),
    (MEMBERSHIP, "leave"): (Trigger.MEMBERSHIP_DELETED,),
    (SPACE, "create"): (Trigger.SPACE_CREATED, Trigger.MEMBERSHIP_CREATED),
    (SPACE, "update"): (Trigger.SPACE_UPDATED,), (SPACE, "lock"): (Trigger.SPACE_UPDATED,),
    (SPACE, "unlock"): (Trigger.SPACE_UPDATED,),
    (SPACE, "assignModerator"): (Trigger.MEMBERSHIP_UPDATED,),
    (SPACE, "unassignModerator"): (Trigger.MEMBERSHIP_UPDATED,),
    (SIGN, "edit"): (Trigger.MESSAGE_UPDATED,), (SIGN, "delete"): (Trigger.MESSAGE_DELETED,),
    (SIGN, "post"): (Trigger.MESSAGE_CREATED,),
}  # fmt: skip


def sign_of(frame: object) -> Arrival | None:
    """An arrival that only watches go by; None when it is none.

    Raises:
        Unreadable: it is one, and not as Webex forms it.
    """
    data = _mapping(frame).get("data")
    activity = _mapping(_mapping(data).get("activity"))
    if _mapping(data).get("eventType") != "conversation.activity":
        return None
    what, of = _about(activity)
    if not what:
        return None
    target = _mapping(activity.get("target"))
    body: dict[str, object] = {
        "id": _matching(_UUID, activity.get("id")), "verb": what, "of": _matching(_UUID, of),
        "room": _matching(_UUID, target.get("id")),
        "person": _matching(_UUID, _mapping(activity.get("actor")).get("entryUUID")),
    }  # fmt: skip
    if (room := target.get("globalId")) is not None:
        body["room_id"] = _matching(_REST_ID, room)
    return Arrival(id=str(body["id"]), kind=SIGN, body=body)


def _about(activity: Mapping[str, object]) -> tuple[str, object]:
    """What it says, and of which message."""
    verb, parent = activity.get("verb"), _mapping(activity.get("parent"))
    if verb == "post" and parent.get("type") == "edit":
        return "edit", parent.get("id")
    if verb in ("post", "share") and _mapping(activity.get("actor")).get("type") != "PERSON":
        return "post", activity.get("id")
    if verb == "delete" and _mapping(activity.get("object")).get("objectType") == "activity":
        return "delete", _mapping(activity.get("object")).get("id")
    return "", None


def hear(house: House, letter: Letter, *, room: str) -> int:
    """Writes down what an arrival is a sign of, if it is watched; says how many that were.

    Args:
        room: the space's REST id.
    """
    body = letter.body
    verb = str(body.get("verb", ""))
    triggers = (
        (Trigger.MESSAGE_CREATED,)
        if letter.kind == MESSAGE
        else _OF_VERB.get((letter.kind, verb), ())
    )
    if not triggers:
        return 0
    message = str(body.get("of") or (body.get("id") if letter.kind == MESSAGE else "") or "")
    person = str(body.get("person" if verb == "create" else "about") or "")
    with house.store.read() as tx:
        interest = tx.watches.interest()
    uuid = str(body.get("room"))
    if not any(interest.wants(one, name) for one in triggers for name in (room, uuid)):
        return 0
    with house.store.begin() as tx:
        new = hear_frame(
            house, tx, triggers, id=letter.id, room=room, room_uuid=uuid, at=letter.received_at,
            message=message, person=person,
        )  # fmt: skip
        tx.commit()
    return new


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _matching(shape: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise Unreadable("a sign of something without its ids")
    return value
