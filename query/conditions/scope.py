"""`scope:external`: at least one member is of another organisation."""

from __future__ import annotations

from domain.fields import FieldKind
from domain.spaces import Scope
from query.spec import Buckets, Condition
from storage.schema import space

_WORDS = {
    "external": Scope.EXTERNAL, "outside": Scope.EXTERNAL,
    "internal": Scope.INTERNAL, "inside": Scope.INTERNAL,
}  # fmt: skip


def _parse(text: str) -> Scope:
    try:
        return _WORDS[text.strip('"').lower()]
    except KeyError:
        raise ValueError("A scope is “internal” or “external”.") from None


CONDITION = Condition(
    name="scope", is_common=True,
    doc="external: someone of another organisation is in it; internal: nobody is.",
    example="scope:external", label="Scope", kind=FieldKind.CHOICE,
    choices=(("internal", "Internal"), ("external", "External")),
    parse=_parse, write=lambda scope: scope.name.lower(),
    predicate=lambda scope, moments: space.c.scope == int(scope),
    buckets=Buckets(bands=(("Internal", "scope:internal"), ("External", "scope:external"))),
    sentence=lambda scope: (
        "with members from outside" if scope is Scope.EXTERNAL else "without members from outside"
    ),
)  # fmt: skip
