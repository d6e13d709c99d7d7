"""Reading the directory's groups into the inventory.

What can't be read is unknown, and no space is judged by it; a group that lost many members at
once is unknown, too, until somebody has looked (safety.md, rails).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from directory.spec import Directory, DirectoryFault, DirectoryGroup
from domain.audit import Word
from domain.errors import Refusal
from domain.people import Actor
from spaces.spec import House

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsRead:
    """Names of the groups, by whether they are known now."""

    known: tuple[str, ...]
    shrunk: tuple[str, ...]
    incomplete: tuple[str, ...]


def read_groups(
    house: House, *, progress: Progress = lambda done, total: None, stop: Callable[[], None]
) -> GroupsRead:
    """Reads every group, one transaction each.

    Args:
        stop: raises when it is time to leave off; what was read by then stays.

    Raises:
        DirectoryFault: the directory did not answer; all groups are unknown now.
    """
    known: list[str] = []
    shrunk: list[str] = []
    incomplete: list[str] = []
    seen: list[str] = []
    try:
        for group in _groups(house.directory):
            stop()
            seen.append(group.source_id)
            with house.store.begin() as tx:
                if not group.is_whole:
                    tx.groups.doubt(group.source_id, group.name)
                    incomplete.append(group.name)
                elif tx.groups.replace(group.source_id, group.name, group.emails):
                    known.append(group.name)
                else:
                    shrunk.append(group.name)
                tx.commit()
            progress(len(seen), None)
    except DirectoryFault:
        with house.store.begin() as tx:
            tx.groups.doubt_all()
            tx.commit()
        raise
    with house.store.begin() as tx:
        tx.groups.finish(seen)
        tx.commit()
    return GroupsRead(known=tuple(known), shrunk=tuple(shrunk), incomplete=tuple(incomplete))


def accept_group(house: House, actor: Actor, name: str) -> int:
    """Takes a group as the directory has it now, however much it shrank: somebody looked.

    Returns how many members it has.

    Raises:
        Refusal: the directory has no such group, or not all of it.
        DirectoryFault: it did not answer.
    """
    for group in _groups(house.directory):
        if group.name.casefold() == name.casefold():
            break
    else:
        raise Refusal(f"{house.directory.name} has no group “{name}”.")
    if not group.is_whole:
        raise Refusal(f"Some members of “{name}” have no address that could be found out.")
    with house.store.begin() as tx:
        tx.groups.replace(group.source_id, group.name, group.emails, may_shrink=True)
        tx.groups.derive()
        tx.audit.add(
            Word.GROUP_ACCEPT, actor, group=group.name, members=len(group.emails),
            directory=house.directory.name,
        )  # fmt: skip
        tx.commit()
    return len(group.emails)


def _groups(directory: Directory) -> Iterator[DirectoryGroup]:
    try:
        yield from directory.groups()
    except Refusal as no:  # there is nobody to ask: member mode
        raise DirectoryFault(f"{directory.name} can't be read: {no.reason}") from no


def would_change(house: House) -> dict[str, int]:
    """How many members each group has in the directory now. Changes nothing."""
    return {group.name: len(group.emails) for group in _groups(house.directory)}
