"""Groups from Webex's own directory (Control Hub, or AD by the Directory Connector).

Decides when a group counts as wholly read: as many members as Webex says that there are, each
one known by an e-mail. What can't be had is said, never guessed. Knows no gateway: wiring
passes the three questions in, since a directory stands beside `webex/`, not above it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from directory.spec import DirectoryFault, DirectoryGroup
from domain.errors import Fault
from domain.ids import PersonId

T = TypeVar("T")
MOST_IDS = 85
"""Webex takes no more ids in one question about people."""

Page = tuple[Sequence[tuple[str, str]], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What is asked of Webex; each may raise a Fault.

    Args:
        groups: from a start (1 is the first): (id, name) of a page, and how many in all.
        members: of a group, from a start: ids of a page, and how many in all.
        emails: of at most 85 people: those that Webex knows, by id.
    """

    groups: Callable[[int], Page]
    members: Callable[[str, int], tuple[Sequence[PersonId], int]]
    emails: Callable[[Sequence[PersonId]], dict[PersonId, str]]


@dataclass(slots=True)
class WebexDirectory:
    ask: Questions
    _emails: dict[PersonId, str] = field(default_factory=dict)

    kind = "webex"
    name = "Webex's groups"

    def groups(self) -> Iterator[DirectoryGroup]:
        return self._read(lambda name: True)

    def named(self, name: str) -> Iterator[DirectoryGroup]:
        return self._read(lambda found: found.casefold() == name.casefold())

    def _read(self, wanted: Callable[[str], bool]) -> Iterator[DirectoryGroup]:
        self._emails.clear()
        try:
            for id, name in _all(self.ask.groups, "the list of groups"):
                if wanted(name):
                    yield self._group(id, name)
        except DirectoryFault:
            raise
        except Fault as no:
            raise DirectoryFault(f"Webex's groups can't be read: {no}") from no

    def _group(self, id: str, name: str) -> DirectoryGroup:
        members = _all(lambda start: self.ask.members(id, start), f"the group {name!r}")
        unknown = [one for one in members if one not in self._emails]
        for at in range(0, len(unknown), MOST_IDS):
            self._emails |= self.ask.emails(unknown[at : at + MOST_IDS])
        emails = {self._emails[one].lower() for one in members if self._emails.get(one)}
        nameless = sum(not self._emails.get(one) for one in members)
        return DirectoryGroup(
            source_id=f"{self.kind}:{id}",
            name=name,
            emails=frozenset(emails),
            is_whole=not nameless,
            why=f"Webex does not show the address of {nameless:,} of its members"
            if nameless
            else "",
        )


def _all(ask: Callable[[int], tuple[Sequence[T], int]], what: str) -> list[T]:
    """Every page. Raises DirectoryFault when there are not as many as Webex says."""
    found: list[T] = []
    while True:
        items, total = ask(len(found) + 1)
        found += items
        if len(found) >= total or not items:
            break
    if len(found) != total or len(set(found)) != total:
        raise DirectoryFault(f"{what} has {total} entries, and {len(set(found))} came")
    return found
