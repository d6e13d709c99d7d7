"""`type:group`, `type:direct`: a space, or a conversation of two."""

from __future__ import annotations

from domain.fields import FieldKind
from domain.spaces import SpaceType
from query.spec import Buckets, Condition
from storage.schema import space

_WORDS = {"group": SpaceType.GROUP, "direct": SpaceType.DIRECT, "1:1": SpaceType.DIRECT}


def _parse(text: str) -> SpaceType:
    try:
        return _WORDS[text.strip('"').lower()]
    except KeyError:
        raise ValueError("A type is “group” or “direct”.") from None


CONDITION = Condition(
    name="type", aliases=("kind",), is_common=True,
    doc="group or direct (a conversation of two).",
    example="type:group", label="Type", kind=FieldKind.CHOICE,
    choices=(("group", "Group space"), ("direct", "Direct conversation")),
    parse=_parse, write=lambda kind: kind.name.lower(),
    predicate=lambda kind, moments: space.c.type == int(kind),
    buckets=Buckets(
        bands=(("Group spaces", "type:group"), ("Direct conversations", "type:direct"))
    ),
    sentence=lambda kind: (
        "that are group spaces" if kind is SpaceType.GROUP else "that are direct conversations"
    ),
)  # fmt: skip
