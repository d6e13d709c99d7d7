"""A field describes itself once; cards draw it, commands parse it, docs list it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LONGEST_FILLED = 7000


class FieldKind(StrEnum):
    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes/no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing a person fills in.

    `name` is the key in a card's inputs; `label` and `hint` are what people read;
    `choices` are (value, label) pairs.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    hint: str = ""
    value: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    error: str = ""
    longest: int = LONGEST_FILLED
    """Characters that fit in."""
