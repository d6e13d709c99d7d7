"""Reading the directories' groups into the inventory.

What can't be read is unknown, and no space is judged by it; a group that lost many members at
once is unknown, too, until somebody has looked (safety.md, rails). Each directory stands alone:
one that fails makes its own groups unknown and no other's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256

from directory.spec import Directory, DirectoryFault, DirectoryGroup, sources_of
from domain.audit import Word
from domain.errors import Refusal
from domain.groups import Group, GroupChange, GroupSeen, GroupState
from domain.people import Actor
from spaces.spec import House

Progress = Callable[[int, int | None], None]
MOST_AT_ONCE, MOST_EMAILS = 200, 5_000
"""Groups and addresses of one transaction: few enough that chat never waits long for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsRead:
    """What one pass over all directories made of the groups.

    Args:
        changes: of every group that was read, or should have been.
        faults: the directories that did not answer, by name, with what they said.
    """

    changes: tuple[GroupChange, ...]
    faults: tuple[tuple[str, str], ...] = ()

    def named(self, *states: GroupState) -> tuple[str, ...]:
        return tuple(one.name for one in self.changes if one.after in states)

    @property
    def known(self) -> tuple[str, ...]:
        return self.named(GroupState.KNOWN)

    @property
    def shrunk(self) -> tuple[str, ...]:
        return self.named(GroupState.SHRUNK)

    @property
    def incomplete(self) -> tuple[str, ...]:
        return self.named(GroupState.PARTIAL)

    @property
    def lost(self) -> tuple[GroupChange, ...]:
        """Those that were known before, and are not any more."""
        return tuple(one for one in self.changes if one.is_lost)

    def check(self) -> None:
        """Raises DirectoryFault when some directory did not answer."""
        if self.faults:
            raise DirectoryFault("; ".join(said for _, said in self.faults))

    @property
    def renamed(self) -> tuple[GroupChange, ...]:
        return tuple(one for one in self.changes if one.former_name)


def read_groups(
    house: House, *, progress: Progress = lambda done, total: None, stop: Callable[[], None]
) -> GroupsRead:
    """Reads every group of every directory, some in each transaction.

    A directory that does not answer is told in `faults`; its groups are unknown, and keep
    their last good members.

    Args:
        stop: raises when it is time to leave off; what was read by then stays.
    """
    changes: list[GroupChange] = []
    faults: list[tuple[str, str]] = []
    sources = sources_of(house.directory)
    with house.store.begin() as tx:
        changes += tx.groups.only([one.kind for one in sources])
        tx.commit()
    for source in sources:
        done = len(changes)
        try:
            changes += _read(house, source, stop=stop, tell=partial(_go_on, progress, done))
        except DirectoryFault as no:
            faults.append((source.name, no.said))
            with house.store.begin() as tx:
                changes += tx.groups.silence(source.kind, no.said)
                tx.commit()
    with house.store.begin() as tx:
        tx.groups.derive()
        tx.commit()
    return GroupsRead(changes=tuple(changes), faults=tuple(faults))


def _go_on(progress: Progress, before: int, count: int) -> None:
    progress(before + count, None)


def _read(
    house: House, source: Directory, *, stop: Callable[[], None], tell: Callable[[int], None]
) -> list[GroupChange]:
    seen: set[str] = set()
    changes: list[GroupChange] = []
    for some in _batches(source):
        stop()
        seen.update(one.source_id for one in some)
        with house.store.begin() as tx:
            changes += tx.groups.write(some)
            tx.commit()
        tell(len(seen))
    with house.store.begin() as tx:
        changes += tx.groups.finish(source.kind, seen)
        tx.commit()
    return changes


def _batches(source: Directory) -> Iterator[list[GroupSeen]]:
    batch: dict[str, GroupSeen] = {}
    size = 0
    for group in _answers(source, source.groups):
        if group.source_id in batch:
            raise DirectoryFault(f"{source.name} gave the group “{group.name}” twice")
        batch[group.source_id] = _seen(source, group)
        size += len(group.emails)
        if len(batch) >= MOST_AT_ONCE or size >= MOST_EMAILS:
            yield list(batch.values())
            batch, size = {}, 0
    if batch:
        yield list(batch.values())


def _answers(
    source: Directory, ask: Callable[[], Iterator[DirectoryGroup]]
) -> Iterator[DirectoryGroup]:
    try:
        yield from ask()
    except Refusal as no:  # there is nobody to ask: member mode
        raise DirectoryFault(f"{source.name} can't be read: {no.reason}") from no


def _seen(source: Directory, group: DirectoryGroup) -> GroupSeen:
    return GroupSeen(
        source=source.kind, source_id=group.source_id, name=group.name,
        emails={**group.aliases, **{one: one for one in group.emails}},
        why="" if group.is_whole else group.why or "not all of its members could be read",
    )  # fmt: skip


def find_groups(house: House, words: str) -> tuple[Group, ...]:
    """All groups; or the one of that name or id, where just one has it; or those whose names
    hold the words."""
    with house.store.read() as tx:
        if words and len(found := tx.groups.named(words)) == 1:
            return found
        every = tx.groups.all()
    return tuple(one for one in every if words.casefold() in one.name.casefold())


# -- somebody looks -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A name as we know it, and as the directories have it now.

    `was` are our groups of that name, `now` theirs. `lost` and `new` are addresses, over all
    of them together.
    """

    name: str
    was: tuple[Group, ...]
    now: tuple[GroupSeen, ...]
    lost: frozenset[str] = field(default_factory=frozenset)
    new: frozenset[str] = field(default_factory=frozenset)

    @property
    def code(self) -> str:
        """Six digits that stand for exactly this; whoever accepts has to have seen it."""
        parts = [*(f"{one.source_id}-" for one in self.was)]
        parts += [f"{one.source_id}+{','.join(sorted(one.emails))}" for one in self.now]
        return f"{int(sha256(chr(10).join(sorted(parts)).encode()).hexdigest(), 16) % 10**6:06}"

    @property
    def members(self) -> int:
        return sum(len(one.members) for one in self.now)


def compare_group(house: House, name: str) -> Compared:
    """What accepting a group would mean: asks the directories for it now.

    Raises:
        Refusal: nobody has or had such a group, not all of it can be read, or a directory did
            not answer.
    """
    with house.store.read() as tx:
        was = tx.groups.named(name)
        had = frozenset(email for one in was for email in tx.groups.addresses(one.key))
    names = sorted({one.name for one in was} or {name})
    try:
        found = {
            group.source_id: _seen(source, group)
            for source in sources_of(house.directory)
            for each in names
            for group in _answers(source, partial(source.named, each))
        }
    except DirectoryFault as no:
        raise Refusal(f"I can't look now: {no.said}.", no.to_do or "Try again later.") from no
    if any(one.source_id == name for one in was):  # named by its id: none beside it is meant
        found = {id: one for id, one in found.items() if id == name}
    if not found and not was:
        raise Refusal(f"{house.directory.name} has no group “{name}”.", "`groups` lists them.")
    for one in found.values():
        if one.why:
            raise Refusal(
                f"“{one.name}” can't be taken as it is: {one.why}.",
                "Ask your operator to put that right in the directory.",
            )
    has = frozenset(email for one in found.values() for email in one.members)
    return Compared(
        name=name, was=was, now=tuple(found.values()), lost=had - has, new=has - had
    )  # fmt: skip


def accept_group(house: House, actor: Actor, name: str, *, code: str | None = None) -> Compared:
    """Takes a group as the directory has it now, however much it shrank: somebody looked.

    One that the directory does not have any more is forgotten: nothing is known by its name
    from then on, and nothing that names it acts.

    Args:
        code: of what somebody was shown; None for who needs no second look.

    Raises:
        Refusal: the directory has no such group, not all of it, or not what was shown; or it
            did not answer.
    """
    now = compare_group(house, name)
    if code is not None and code != now.code:
        raise Refusal(
            f"“{name}” is not any more as you were shown it.", f"Look again: `groups accept {name}`"
        )
    there = {one.source_id for one in now.now}
    with house.store.begin() as tx:
        tx.groups.forget([one.key for one in now.was if one.source_id not in there])
        tx.groups.write(now.now, may_shrink=True)
        tx.groups.derive()
        tx.audit.add(
            Word.GROUP_ACCEPT, actor, group=now.now[0].name if now.now else name,
            members=now.members, lost=len(now.lost), new=len(now.new), is_gone=not now.now,
            directory=house.directory.name,
        )  # fmt: skip
        tx.commit()
    return now


def would_change(house: House) -> dict[str, int]:
    """How many members each group has in the directories now. Changes nothing."""
    return {
        group.name: len(group.emails)
        for source in sources_of(house.directory)
        for group in _answers(source, source.groups)
    }
