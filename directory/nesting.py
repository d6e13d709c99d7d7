"""Who is in a group, with the groups in it, and in those: expanded here, not by the server.

Active Directory's own rule for that (IN_CHAIN) is known by no other server. Decides when a
group counts as wholly read: every name in it, at any depth, leads to somebody with an address,
to an account that is disabled or a machine's, or to a group of which the same is true.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from directory.entries import Account, Entry, Key
from directory.spec import DirectoryGroup

MOST_NAMED = 3
"""Members that could not be read, named as an example."""


class Book(Protocol):
    """Where names are looked up. Each may raise DirectoryFault."""

    def group(self, dn: str) -> Entry | None:
        """The group of that name, with all its members; None where it is no group."""
        ...

    def account(self, dn: str) -> Account | None:
        """None where it can't be read."""
        ...

    def by_short_name(self, name: str) -> Account | None: ...

    def by_primary_group(self, group: Entry) -> Iterable[tuple[Key, Account]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Args: depth: groups within groups. skips_nameless: accounts without an address are left
    out; else they make their groups unknown."""

    kind: str
    depth: int
    skips_nameless: bool


@dataclass(slots=True)
class _Found:
    accounts: dict[object, Account] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    too_deep: bool = False

    def add(self, key: object, account: Account | None, name: str) -> None:
        if account is None or account.is_elsewhere:
            self.missing.append(name)
        else:
            self.accounts.setdefault(key, account)


def expand(book: Book, entry: Entry, name: str, rules: Rules) -> DirectoryGroup:
    """A group with everybody in it. A group within itself, however far down, ends nothing."""
    found = _Found()
    been: set[Key] = {entry.key}
    level = [entry]
    for depth in range(rules.depth + 1):
        below: list[Entry] = []
        for group in level:
            below += _members(book, group, found, been)
        level = below
        if not level:
            break
        found.too_deep = depth == rules.depth
    return _told(found, entry, name, rules)


def _members(book: Book, group: Entry, found: _Found, been: set[Key]) -> list[Entry]:
    inner: list[Entry] = []
    for dn in group.members:
        if not dn:
            continue  # what OpenLDAP's groupOfNames has in place of nobody
        key = Entry(dn, {}).key
        if key in been:
            continue
        nested = None if key in found.accounts else book.group(dn)
        if nested is not None:
            been.add(key)
            inner.append(nested)
        elif key not in found.accounts:
            found.add(key, book.account(dn), dn)
    for short in group.texts("memberuid"):
        account = book.by_short_name(short)
        found.add(account if account is not None else short, account, short)
    for key, account in book.by_primary_group(group):
        found.add(key, account, "")
    found.missing += ["a name that is no text"] * group.unread_members
    return inner


def _told(found: _Found, entry: Entry, name: str, rules: Rules) -> DirectoryGroup:
    emails: set[str] = set()
    aliases: dict[str, str] = {}
    nameless = disabled = machines = 0
    for account in found.accounts.values():
        if account.is_machine:
            machines += 1
        elif account.is_disabled:
            disabled += 1
        elif account.emails:
            emails.add(account.emails[0])
            aliases |= dict.fromkeys(account.emails[1:], account.emails[0])
        else:
            nameless += 1
    why = []
    if found.missing:
        few = ", ".join(sorted(set(found.missing))[:MOST_NAMED])
        why.append(f"{len(found.missing):,} of its members can't be read, such as {few}")
    if nameless and not rules.skips_nameless:
        why.append(f"{nameless:,} of its members have no e-mail address")
    if found.too_deep:
        why.append(f"the groups in it go deeper than {rules.depth}")
    counted = (
        (disabled, "disabled"), (machines, "of machines"),
        (nameless if rules.skips_nameless else 0, "without an e-mail address"),
    )  # fmt: skip
    return DirectoryGroup(
        source_id=f"{rules.kind}:{entry.stable_id}", name=name, emails=frozenset(emails),
        aliases={other: main for other, main in aliases.items() if other not in emails},
        is_whole=not why, why="; ".join(why),
        notes=tuple(f"{number:,} {what} left out" for number, what in counted if number),
    )  # fmt: skip
