"""`tag:finance`, `tag:a,b`, `tag:none`: our own tags, so always known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, exists, false, func, select

from domain.tags import UNTAGGED, fold_tag
from query.sides import among
from query.spec import Buckets, Condition, Moments, Predicate
from query.values import read_list, say_list, write_list
from storage.schema import space, space_tag, tag


def _predicate(names: tuple[str, ...], moments: Moments) -> Predicate:
    if names == (UNTAGGED,):
        return ~exists().where(space_tag.c.space_id == space.c.id).correlate(space)
    wanted = select(tag.c.id).where(tag.c.name.in_(names))
    return among(select(space_tag.c.space_id).where(space_tag.c.tag_id.in_(wanted)))


def _values(spaces: Select[Any], moments: Moments) -> Select[Any]:
    found = select(space_tag.c.tag_id, func.count().label("number"))
    some = found.where(space_tag.c.space_id.in_(spaces)).group_by(space_tag.c.tag_id)
    each = some.subquery("each_key")
    named = select(tag.c.name, tag.c.name.label("label"), each.c.number)
    return named.join(each, each.c.tag_id == tag.c.id)


def _parse(text: str) -> tuple[str, ...]:
    names = read_list(fold_tag(text))
    if UNTAGGED in names and len(names) > 1:
        raise ValueError("“none” stands alone: tag:none or tag:finance.")
    return names


def _renamed(names: tuple[str, ...], new: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({new.get(name, name) for name in names}))


CONDITION = Condition(
    name="tag", aliases=("tags",), is_common=True,
    doc="Has the tag, or one of several; tag:none has no tag.",
    example="tag:finance", label="Tags", hint="finance, audit",
    parse=_parse, write=write_list, predicate=_predicate, renamed=_renamed,
    truth=_predicate, doubt=lambda names, moments: false(),
    buckets=Buckets(bands=(("Without a tag", "tag:none"),), values=_values, is_one=False),
    sentence=lambda names: (
        "without a tag" if names == (UNTAGGED,) else f"tagged {say_list(names)}"
    ),
)  # fmt: skip
