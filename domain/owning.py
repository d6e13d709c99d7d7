"""The search for an owner inside a space: how it stands, whom it asked, and what they said.

Nothing here ends a space: the worst that a search comes to is that compliance has to look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from domain.ids import CaseKey, PersonKey, SpaceKey
from domain.spaces import Space

SearchKey = NewType("SearchKey", int)


class SearchState(StrEnum):
    ASKING = "asking"
    TAKING = "taking"
    """Somebody said yes, and is being made its moderator."""
    ESCALATED = "escalated"
    """All were asked, and compliance has to find somebody. Who was asked may still say yes."""
    OVER = "over"


class Said(StrEnum):
    NOTHING = ""
    TAKE = "I take it"
    NOT_ME = "not me"
    NOT_NEEDED = "nobody needs it"
    """A note for compliance, and never a deletion."""
    UNREACHED = "could not be told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Args:
    case: the case that stands still for want of an owner; None: compliance began it.
    round: how many times some were asked; `ends_at` is when the next ones are.
    why: of the last move, as people read it.
    """

    key: SearchKey
    space: SpaceKey
    case: CaseKey | None
    state: SearchState
    round: int
    ends_at: datetime | None
    opened_at: datetime
    by: PersonKey | None = None
    taken_by: PersonKey | None = None
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Somebody who was asked. `messages` None: how much they wrote could not be read."""

    search: SearchKey
    person: PersonKey
    round: int
    messages: int | None
    delivered_at: datetime | None = None
    said: Said = Said.NOTHING
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskView:
    """What somebody is shown who is asked to take a space over.

    Args:
        messages: how many they wrote in the last half year of its use; None: not known.
        why: the policy's reason, a sentence; empty where it is not due.
        follows: what taking it over brings about, sentences.
        answer_by: afterwards others are asked; they can still say yes.
    """

    space: Space
    search: SearchKey
    person: PersonKey
    messages: int | None
    why: str
    follows: tuple[str, ...]
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One line of a search for those who look at it."""

    name: str
    email: str
    messages: int | None
    asked_at: datetime | None
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    """A search as compliance sees it. `others` could still be asked: names and addresses."""

    space: Space
    search: Search
    why: str
    asked: tuple[Answered, ...]
    others: tuple[tuple[str, str], ...] = ()
    is_blocked: bool = False
