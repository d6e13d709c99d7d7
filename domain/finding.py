"""How what was found is laid out: in which order, with which columns. And how that is written.

Words behind a query say it (``tag:finance sort by title desc columns title, owner``); buttons
carry the very same words. What a query means is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """What a list is sorted by; what is not known of comes last, whichever the direction."""

    ACTIVITY = "activity"
    TITLE = "title"
    CREATED = "created"
    SIZE = "size"
    OWNER = "owner"

    @property
    def falls(self) -> bool:
        """Whether the greatest comes first unless it is said: the latest, the largest."""
        return self in (Sort.ACTIVITY, Sort.CREATED, Sort.SIZE)


class Column(StrEnum):
    """What a list shows of a space besides its number; without a choice, the usual ones."""

    TITLE = "title"
    OWNER = "owner"
    MEMBERS = "members"
    TAGS = "tags"
    CLASSIFICATION = "classification"
    SCOPE = "scope"
    TYPE = "type"
    TEAM = "team"
    ACTIVITY = "activity"
    CREATED = "created"
    STATE = "state"
    CREATOR = "creator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """An order and columns. `falls` None means the sort's own direction."""

    sort: Sort = Sort.ACTIVITY
    falls: bool | None = None
    columns: tuple[Column, ...] = ()

    @property
    def descending(self) -> bool:
        return self.sort.falls if self.falls is None else self.falls

    @property
    def words(self) -> str:
        """As it is typed behind a query; empty where nothing is unusual."""
        parts = []
        if self.sort is not Sort.ACTIVITY or not self.descending:
            turned = self.descending is not self.sort.falls
            parts.append(f"sort by {self.sort}")
            if turned:
                parts.append("desc" if self.descending else "asc")
        if self.columns:
            parts.append("columns " + ", ".join(self.columns))
        return " ".join(parts)


USUAL = Layout()
