"""`classification:public`, `classification:none`: the space's level of confidentiality."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from query.sides import folded, in_answer, is_text, settle
from query.spec import Buckets, Condition, Moments, Predicate
from query.values import read_list, say_list, write_list
from storage.engine import fold
from storage.schema import NONE, classification, space


def _truth(titles: tuple[str, ...], moments: Moments) -> Predicate:
    named = select(classification.c.id).where(
        is_text(classification.c.title, titles), classification.c.id != NONE
    )
    found = space.c.classification_id.in_(named)
    return or_(found, space.c.classification_id == NONE) if "none" in titles else found


def _doubt(titles: tuple[str, ...], moments: Moments) -> Predicate:
    return space.c.classification_id.is_(None)


def _values(spaces: Select[Any], moments: Moments) -> Select[Any]:
    # Counted by key first: folding each space's name would be a call of ours for each space.
    number = func.count().label("number")
    found = select(space.c.classification_id, number).where(in_answer(spaces))
    each = found.group_by(space.c.classification_id).subquery("each_key")
    name: ColumnElement[Any] = folded(classification.c.title)
    summed = select(name, func.min(classification.c.title), func.sum(each.c.number))
    joined = summed.join(each, each.c.classification_id == classification.c.id)
    return joined.where(classification.c.id != NONE).group_by(name)


CONDITION = Condition(
    name="classification", aliases=("class", "level"), is_common=True,
    doc="Classified so; classification:none is not classified.",
    changed_by="classify", example="classification:public", label="Classification", hint="public",
    parse=lambda text: read_list(fold(text) or ""), write=write_list,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    buckets=Buckets(bands=(("Not classified", "classification:none"),), values=_values),
    sentence=lambda titles: (
        "without a classification" if titles == ("none",) else f"classified {say_list(titles)}"
    ),
)  # fmt: skip
