"""What a directory of groups is, whichever it is: who is in which AD group.

A directory that can't answer raises `DirectoryFault`; nobody takes that for an empty group.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from domain.errors import Fault


class DirectoryFault(Fault):
    """The directory did not answer, or not completely; what it knows is unknown for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryGroup:
    """A group with all its members, nested ones expanded. `emails` in lower case; where some
    member has none that could be found out, the group is not whole, and not known."""

    source_id: str
    name: str
    emails: frozenset[str]
    is_whole: bool = True


class Directory(Protocol):
    @property
    def name(self) -> str:
        """Which directory this is, as the doctor and the status card say it."""
        ...

    def groups(self) -> Iterator[DirectoryGroup]:
        """Every group, one at a time. Raises DirectoryFault, also in the middle."""
        ...


class NoDirectory:
    """No directory is configured: no groups are known, and the doctor says so."""

    name = "none"

    def groups(self) -> Iterator[DirectoryGroup]:
        return iter(())
