"""What a directory of groups is, whichever it is: who is in which AD group.

A directory that can't answer raises `DirectoryFault`; nobody takes that for an empty group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from domain.errors import Fault


class DirectoryFault(Fault):
    """The directory did not answer, or not completely; what it knows is unknown for now.

    Args:
        said: what is the matter, one sentence without its full stop; never holds a secret.
        to_do: what the operator does about it, one sentence.
    """

    def __init__(self, said: str, to_do: str = "") -> None:
        super().__init__(said)
        self.said = said
        self.to_do = to_do


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryGroup:
    """A group with all its members, nested ones expanded.

    Args:
        source_id: stays the same when the group is renamed; begins with the directory's kind.
        emails: one address for each member, the main one, in lower case.
        aliases: further addresses of members, with the main one of the same member.
        is_whole: False where some member has no address that could be found out, or could not
            be read at all: then the group is not known.
        why: what is missing then, in words.
        notes: what else is to be told of it, such as accounts that were left out.
    """

    source_id: str
    name: str
    emails: frozenset[str]
    aliases: Mapping[str, str] = field(default_factory=dict)
    is_whole: bool = True
    why: str = ""
    notes: tuple[str, ...] = ()


class Directory(Protocol):
    @property
    def kind(self) -> str:
        """The word of the settings for it; each of its groups' ids begins with it."""
        ...

    @property
    def name(self) -> str:
        """Which directory this is, as the doctor and the status card say it."""
        ...

    def groups(self) -> Iterator[DirectoryGroup]:
        """Every group, one at a time. Raises DirectoryFault, also in the middle."""
        ...

    def named(self, name: str) -> Iterator[DirectoryGroup]:
        """Those of that name, whatever the case: there may be several. Raises DirectoryFault."""
        ...


class NoDirectory:
    """No directory is configured: no groups are known, and the doctor says so."""

    kind = "none"
    name = "none"

    def groups(self) -> Iterator[DirectoryGroup]:
        return iter(())

    def named(self, name: str) -> Iterator[DirectoryGroup]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Several:
    """Several directories side by side. One that fails takes nothing from the others, so who
    reads all of them asks for each by `sources_of`."""

    parts: tuple[Directory, ...]

    kind = "several"

    @property
    def name(self) -> str:
        return " and ".join(one.name for one in self.parts)

    def groups(self) -> Iterator[DirectoryGroup]:
        for one in self.parts:
            yield from one.groups()

    def named(self, name: str) -> Iterator[DirectoryGroup]:
        for one in self.parts:
            yield from one.named(name)


def sources_of(directory: Directory) -> tuple[Directory, ...]:
    """The directories that stand alone."""
    if isinstance(directory, Several):
        return directory.parts
    return () if isinstance(directory, NoDirectory) else (directory,)
