"""What a frame of Mercury says, in ids only: a message, a press, a change of members or settings.

Decides what is worth an arrival. A frame is somebody else's data: whatever is not exactly as it
should be is no arrival, and nothing of it gets any further. Texts are encrypted in frames and
read through the API (webex-facts 5.4); an edit is no new message.

A file comes as `share`, whose id is the message's own; the `update` that follows when it was
found free of malware has another id and would be the same message again, so it is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from storage.inbox import Arrival

MESSAGE, PRESS, MEMBERSHIP, SPACE = "message", "press", "membership", "space"
_KINDS = {
    "post": MESSAGE, "share": MESSAGE, "cardAction": PRESS, "add": MEMBERSHIP,
    "leave": MEMBERSHIP, "create": SPACE, "update": SPACE, "lock": SPACE, "unlock": SPACE,
    "assignModerator": SPACE, "unassignModerator": SPACE,
}  # fmt: skip
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_REST_ID = re.compile(r"[A-Za-z0-9_=-]{20,400}")
_ADDRESS = re.compile(r"https://[\x21-\x7e]{1,500}")


class Unreadable(ValueError):
    """A frame that is not as Webex forms them."""


def arrival_of(frame: object) -> Arrival | None:
    """The arrival in a frame; None when it says nothing that we go by.

    Raises:
        Unreadable: it is an activity of a kind that we go by, and not as it should be.
    """
    if not isinstance(frame, dict) or not isinstance(data := frame.get("data"), dict):
        return None
    if data.get("eventType") != "conversation.activity":
        return None
    activity = _mapping(data.get("activity"))
    verb = activity.get("verb")
    kind = _KINDS.get(verb) if isinstance(verb, str) else None
    if kind is None or _is_beside_the_point(kind, activity):
        return None
    target = _mapping(activity.get("target"))
    tags = target.get("tags")
    body: dict[str, object] = {
        "id": _matching(_UUID, activity.get("id")), "verb": verb,
        "room": _matching(_UUID, target.get("id")),
        "is_private": isinstance(tags, list) and "ONE_ON_ONE" in tags,
    }  # fmt: skip
    if (room := target.get("globalId")) is not None:
        body["room_id"] = _matching(_REST_ID, room)
    if (person := _optional(activity.get("actor")).get("entryUUID")) is not None:
        body["person"] = _matching(_UUID, person)
    if kind in (MESSAGE, PRESS):
        body["url"] = _matching(_ADDRESS, target.get("url"))
    elif (about := _optional(activity.get("object")).get("entryUUID")) is not None:
        body["about"] = _matching(_UUID, about)
    return Arrival(id=str(body["id"]), kind=kind, body=body)


def _is_beside_the_point(kind: str, activity: Mapping[str, Any]) -> bool:
    """A bot's words, an edit, and the second sign of a file."""
    if kind == MESSAGE:
        return (
            _optional(activity.get("actor")).get("type") != "PERSON"
            or _optional(activity.get("parent")).get("type") == "edit"
        )
    return (
        activity["verb"] == "update"
        and _optional(activity.get("object")).get("objectType") != "conversation"
    )


def sequence_of(frame: object) -> int:
    """The frame's number in its connection; 0 where it has none."""
    number = frame.get("sequenceNumber") if isinstance(frame, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else 0


def envelope_of(frame: object) -> str | None:
    """What an acknowledgement has to name."""
    id = frame.get("id") if isinstance(frame, dict) else None
    return id if isinstance(id, str) and len(id) <= 200 else None


def address_of(body: Mapping[str, object]) -> str:
    """Where the conversation service tells the REST id of a message or press (facts 5.10).

    Raises:
        Unreadable: there is no such address.
    """
    url, room, id = str(body.get("url", "")), str(body.get("room", "")), str(body.get("id", ""))
    what = "attachment/actions" if body.get("verb") == "cardAction" else "messages"
    made = url.replace(f"conversations/{room}", f"{what}/{id}")
    if not room or made == url:
        raise Unreadable("no conversation in the address")
    return made


def is_trusted(url: str, *, u2c: str) -> bool:
    """Whether our token may go to this host: the catalog's own, or a sister of it. Frames name
    hosts, and a token goes to none that is not Webex's (I19)."""
    try:
        there, catalog = urlsplit(url), urlsplit(u2c)
        if (there.hostname, there.port or 443) == (catalog.hostname, catalog.port or 443):
            return there.scheme == "https" and there.username is None
        plain = there.scheme == "https" and there.username is None and there.port in (None, 443)
    except ValueError:
        return False
    domain = (catalog.hostname or "").partition(".")[2]
    return (
        plain
        and domain.count(".") >= 1
        and (there.hostname or "").endswith("." + domain)
        and not domain.replace(".", "").isdigit()
    )


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable("a part of the frame is missing")
    return value


def _optional(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Unreadable("an id or address in the frame is not one")
    return value
