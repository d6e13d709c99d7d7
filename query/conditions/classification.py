"""`classification:public`, `classification:none`: the space's level of confidentiality."""

from __future__ import annotations

from sqlalchemy import or_, select

from query.sides import is_text, settle
from query.spec import Condition, Moments, Predicate
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


CONDITION = Condition(
    name="classification", aliases=("class", "level"), is_common=True,
    doc="Classified so; classification:none is not classified.",
    example="classification:public", label="Classification", hint="public",
    parse=lambda text: read_list(fold(text) or ""), write=write_list,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    sentence=lambda titles: (
        "without a classification" if titles == ("none",) else f"classified {say_list(titles)}"
    ),
)  # fmt: skip
