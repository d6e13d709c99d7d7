"""Groups of a directory, as they were read and as they are known.

A group is itself by the id that its directory gave it, not by its name: renamed it is the same
one, and two of the same name are two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FRESH = timedelta(hours=36)
"""A group that was last read well longer ago is not known any more, as when nobody reads groups
at all; a reading that fails says so at once (safety.md: stale is unknown)."""


class GroupState(StrEnum):
    """What is known of a group. Everything but KNOWN means: not known, whoever asks."""

    KNOWN = "known"
    SHRUNK = "shrunk"
    """It lost so many members at once that somebody has to look."""
    PARTIAL = "partial"
    """It is there, and not all of its members could be found out."""
    SILENT = "silent"
    """Its directory did not answer, or not completely."""
    GONE = "gone"
    """Its directory, read completely, has it no more."""
    OLD = "old"
    """It was known, and has not been read for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSeen:
    """A group as a directory has it now.

    Args:
        source: the kind of directory, such as ``ldap``.
        source_id: the id that the directory gave it, with the kind in front.
        emails: each address of each member, in lower case, with the member's main one.
        why: what keeps it from being wholly known, in words; empty: nothing does.
    """

    source: str
    source_id: str
    name: str
    emails: Mapping[str, str]
    why: str = ""

    @property
    def members(self) -> frozenset[str]:
        """The main addresses."""
        return frozenset(self.emails.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group as it is known.

    Args:
        members: how many it had when it was last read well; None: never yet.
        pending: how many the directory says it has now, where that was not believed.
        read_at: when it was last read well.
        since: since when it is in this state.
        why: what is the matter, in words.
    """

    key: int
    source: str
    source_id: str
    name: str
    state: GroupState
    members: int | None
    pending: int | None
    read_at: datetime | None
    since: datetime | None
    why: str

    @property
    def is_known(self) -> bool:
        return self.state is GroupState.KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChange:
    """What one reading made of a group. `before` is None for a group that is new."""

    name: str
    source_id: str
    before: GroupState | None
    after: GroupState
    why: str = ""
    former_name: str = ""
    """How it was called before, where it was renamed."""

    @property
    def is_lost(self) -> bool:
        """It was known, and is not."""
        return self.before is GroupState.KNOWN and self.after is not GroupState.KNOWN
