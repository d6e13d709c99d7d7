"""`ours:no`: another organisation owns the space, and people of ours are in it."""

from __future__ import annotations

from domain.fields import FieldKind
from query.spec import Buckets, Condition
from query.values import yes_or_no
from storage.schema import space

CONDITION = Condition(
    name="ours",
    doc="no: another organisation owns it, so nothing in it is ended from here.",
    example="ours:no", label="Owned by our organisation", kind=FieldKind.CHOICE,
    choices=(("yes", "Yes"), ("no", "No")),
    parse=yes_or_no("ours"), write=lambda value: "yes" if value else "no",
    predicate=lambda value, moments: space.c.is_ours == value,
    buckets=Buckets(bands=(("Ours", "ours:yes"), ("Another organisation's", "ours:no"))),
    sentence=lambda value: (
        "of our organisation" if value else "that another organisation owns"
    ),
)  # fmt: skip
