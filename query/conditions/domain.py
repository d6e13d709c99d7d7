"""`domain:acme.example`: someone from outside has a mail address of that domain."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from query.sides import among, settle
from query.spec import Buckets, Condition, Moments, Predicate
from query.values import read_list, say_list, write_list
from storage.schema import domain, space, space_domain


def _truth(names: tuple[str, ...], moments: Moments) -> Predicate:
    wanted = select(domain.c.id).where(domain.c.name.in_(names))
    return among(select(space_domain.c.space_id).where(space_domain.c.domain_id.in_(wanted)))


def _doubt(names: tuple[str, ...], moments: Moments) -> Predicate:
    return ~space.c.domains_known


def _values(spaces: Select[Any], moments: Moments) -> Select[Any]:
    found = select(space_domain.c.domain_id, func.count().label("number"))
    some = found.where(space_domain.c.space_id.in_(spaces)).group_by(space_domain.c.domain_id)
    each = some.subquery("each_key")
    named = select(domain.c.name, domain.c.name.label("label"), each.c.number)
    return named.join(each, each.c.domain_id == domain.c.id)


CONDITION = Condition(
    name="domain", is_common=True,
    doc="Someone from outside has a mail address of the domain.",
    example="domain:acme.example", label="Outside domain", hint="acme.example",
    parse=lambda text: tuple(sorted({one.lstrip("@") for one in read_list(text.lower())})),
    write=write_list,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    buckets=Buckets(
        values=_values, unknown=lambda moments: ~space.c.domains_known, is_one=False
    ),
    sentence=lambda names: f"with outsiders from {say_list(names)}",
    sides=("domains_known",),
)  # fmt: skip
