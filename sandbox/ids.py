"""Ids as Webex forms them: base64, without padding, of ``ciscospark://cluster/TYPE/uuid`` (1.0).

The cluster is ``us`` for people and organisations everywhere; rooms, teams and what is in them
carry the one that they live in, which here has a TEAM in its name, as it has in Europe.

The API also takes a bare uuid where an id is wanted; `uuid_of` reads both.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid

REGION = "urn:TEAM:eu-central-1_k"
REGIONAL = frozenset(
    {"ROOM", "MESSAGE", "TEAM", "MEMBERSHIP", "TEAM_MEMBERSHIP", "ATTACHMENT_ACTION", "CONTENT"}
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PART = re.compile(r"[0-9a-f-]{36}(:[0-9a-f-]{36}|/\d+)?")


def new_uuid() -> str:
    return str(uuid.uuid4())


def rest_id(kind: str, tail: str) -> str:
    """The REST id of a thing; `tail` is its uuid, or two joined as `kind` wants them."""
    text = f"ciscospark://{REGION if kind in REGIONAL else 'us'}/{kind}/{tail}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def uuid_of(kind: str, text: str) -> str | None:
    """The uuid (or joined uuids) in a REST id of `kind`, or a bare one; None if it is neither."""
    if _PART.fullmatch(text):
        return text
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        scheme, _, cluster, found, tail = raw.decode("ascii").split("/", 4)
    except (binascii.Error, ValueError, UnicodeError):
        return None
    ok = scheme == "ciscospark:" and cluster and found == kind and _PART.fullmatch(tail)
    return tail if ok else None
