"""`locked:yes`: only moderators change the space."""

from __future__ import annotations

from domain.fields import FieldKind
from query.spec import Buckets, Condition
from query.values import yes_or_no
from storage.schema import space

CONDITION = Condition(
    name="locked", aliases=("moderated",),
    doc="yes: only moderators change it; no: everybody may.",
    example="locked:yes", label="Moderated (locked)", kind=FieldKind.CHOICE,
    choices=(("yes", "Yes"), ("no", "No")),
    parse=yes_or_no("locked"), write=lambda value: "yes" if value else "no",
    predicate=lambda value, moments: space.c.is_locked == value,
    buckets=Buckets(bands=(("Moderated", "locked:yes"), ("Not moderated", "locked:no"))),
    sentence=lambda value: "that are moderated" if value else "that are not moderated",
)  # fmt: skip
