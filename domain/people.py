"""People as the product sees them, and what they may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.ids import PersonId, PersonKey


class Role(StrEnum):
    """What a caller may be, weakest first. A role is found live, never read from a card."""

    OUTSIDER = "outsider"
    MEMBER = "member"
    MODERATOR = "moderator"
    COMPLIANCE = "compliance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as the inventory knows them; `key` is ours, `id` is Webex's."""

    key: PersonKey
    id: PersonId
    email: str
    name: str
    is_ours: bool | None
    """Of our organisation; None while it is not known."""
    is_bot: bool = False
    time_zone: str = "UTC"
    """Their own where they said one, else Webex's."""
    language: str = ""
    """What they said they read; empty: nothing."""

    @property
    def zone(self) -> tzinfo:
        """Where they are; UTC where what is known is no zone."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How a card is written for whoever reads it.

    Args:
        language: by its code, such as ``de``; one that there is no catalogue of reads English.
        code: of this very card: what its reader can ask after, to know that it is genuine.
    """

    zone: str = "UTC"
    language: str = "en"
    code: str = ""


ANYBODY = Reader()


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who stands in the audit: a person, or the system itself."""

    name: str
    person: PersonKey | None = None


SYSTEM = Actor(name="spacekeeper")
