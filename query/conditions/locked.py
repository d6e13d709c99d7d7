"""`locked:yes`: only moderators change the space."""

from __future__ import annotations

from domain.fields import FieldKind
from query.spec import Condition
from storage.schema import space

_WORDS = {"yes": True, "true": True, "no": False, "false": False}


def _parse(text: str) -> bool:
    try:
        return _WORDS[text.strip('"').lower()]
    except KeyError:
        raise ValueError("Write locked:yes or locked:no.") from None


CONDITION = Condition(
    name="locked", aliases=("moderated",),
    doc="yes: only moderators change it; no: everybody may.",
    example="locked:yes", label="Moderated (locked)", kind=FieldKind.CHOICE,
    choices=(("yes", "Yes"), ("no", "No")),
    parse=_parse, write=lambda value: "yes" if value else "no",
    predicate=lambda value, moments: space.c.is_locked == value,
    sentence=lambda value: "that are moderated" if value else "that are not moderated",
)  # fmt: skip
