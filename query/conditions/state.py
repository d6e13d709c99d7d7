"""`state:warned`, `state:blocked`: how the space stands under the policies."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, func, select

from domain.fields import FieldKind
from domain.lifecycle import CaseState
from query.sides import in_answer
from query.spec import Buckets, Condition, Moments
from query.standing import KEPT, STATES, state
from query.values import read_list, write_list

_CHOICES = (
    (CaseState.CLEAR, "Nothing runs"), (CaseState.DUE, "Due, not yet warned"),
    (CaseState.WARNED, "Owners warned"), (CaseState.BLOCKED, "Blocked"),
    (CaseState.PURGING, "Older messages go every night"),
    (CaseState.ENFORCING, "Being ended"), (CaseState.HELD, "On hold"),
    (CaseState.PAUSED, "Paused"), (CaseState.NEEDS_ATTENTION, "Waiting for compliance"),
    (KEPT, "Kept by hand"),
)  # fmt: skip
_NAMES = {str(name).split(" ")[-1]: str(name) for name in (*STATES, KEPT)}
"""The last word of each: “needs attention” is written “attention”."""
_LABELS = {str(name): label for name, label in _CHOICES}
_SAID = {word: _LABELS[name].lower() for word, name in _NAMES.items()}


def _states(spaces: Select[Any], moments: Moments) -> Select[Any]:
    each = select(state(moments).label("value")).where(in_answer(spaces)).subquery("each")
    short = case({name: word for word, name in _NAMES.items()}, value=each.c.value)
    label = case(_LABELS, value=each.c.value)
    return select(short, label, func.count()).group_by(each.c.value)


def _parse(text: str) -> tuple[str, ...]:
    words = read_list(text.lower())
    short = {word.split(" ")[-1] for word in words}
    if not short <= set(_NAMES):
        raise ValueError(f"A state is one of: {', '.join(_NAMES)}.")
    return tuple(sorted(short))


CONDITION = Condition(
    name="state", aliases=("standing",),
    doc="How it stands under the policies: clear, due, warned, blocked, purging, enforcing, held,"
    " paused, attention, kept.",
    example="state:warned,blocked", label="State", kind=FieldKind.CHOICE,
    choices=tuple((str(name).split(" ")[-1], label) for name, label in _CHOICES),
    parse=_parse, write=write_list,
    predicate=lambda words, moments: state(moments).in_([_NAMES[word] for word in words]),
    buckets=Buckets(values=_states),
    sentence=lambda words: f"that are: {' or '.join(_SAID[word] for word in words)}",
    is_for_policies=False,
)  # fmt: skip
