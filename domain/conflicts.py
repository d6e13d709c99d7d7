"""Where what people decided about one space does not agree, and what wins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.spaces import Space


class Clash(StrEnum):
    """By the word that people type for it, and what it is."""

    HOLD = "a hold is on what a policy would have ended"
    KEEP = "it is kept by hand longer than its policy says"
    FLOOR = "a locked policy keeps it longer than its policy says"
    PRIORITY = "policies of the same priority disagree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One of them.

    Args:
        said: who says what, a sentence or two.
        wins: what becomes of it now, as `explain` says it.
        policies: the names of those that take part.
        is_seen: compliance has looked at it, and nothing of it has changed since.
    """

    space: Space
    kind: Clash
    said: str
    wins: str
    policies: tuple[str, ...]
    is_seen: bool = False
