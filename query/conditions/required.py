"""`required:missing`: of the tags that every space has to have one of, it has none."""

from __future__ import annotations

from sqlalchemy import and_, or_

from domain.fields import FieldKind
from domain.spaces import SpaceType
from query.sides import settle
from query.spec import Condition, Moments, Predicate
from storage.schema import space
from storage.vocabulary import lacks_a_required_tag

_WORDS = {"missing": True, "lacking": True, "complete": False, "given": False}


def _parse(text: str) -> bool:
    try:
        return _WORDS[text.strip('"').lower()]
    except KeyError:
        raise ValueError("Write required:missing or required:complete.") from None


def _truth(is_missing: bool, moments: Moments) -> Predicate:
    """Conversations of two need none."""
    is_group, lacks = space.c.type == int(SpaceType.GROUP), lacks_a_required_tag()
    return and_(is_group, lacks) if is_missing else or_(~is_group, ~lacks)


def _doubt(is_missing: bool, moments: Moments) -> Predicate:
    return and_(space.c.type.is_(None), lacks_a_required_tag())


CONDITION = Condition(
    name="required",
    doc="missing: it lacks a tag that every space has to have; complete: it lacks none.",
    example="required:missing", label="Required tags", kind=FieldKind.CHOICE,
    choices=(("missing", "Missing"), ("complete", "Complete")),
    parse=_parse, write=lambda value: "missing" if value else "complete",
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt, renamed=lambda value, new: value,
    sentence=lambda value: (
        "that lack a required tag" if value else "that have all required tags"
    ),
)  # fmt: skip
