"""What an entry of LDAP is to us: a group, an account, or neither. Knows no LDAP library.

Decides which addresses an account has, whether it counts, and which id a group keeps when it
is renamed. Active Directory, OpenLDAP, 389 Directory Server and FreeIPA are understood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from directory.names import dn_key, guid, sid, without_uid

MEMBERS = ("member", "uniquemember")
GROUPS = frozenset(
    {"group", "groupofnames", "groupofuniquenames", "groupofmembers", "posixgroup", "ipausergroup"}
)
MACHINES = frozenset(
    {"computer", "msds-groupmanagedserviceaccount", "msds-managedserviceaccount", "device"}
)
ELSEWHERE = "foreignsecurityprincipal"
DISABLED = 0x2
"""Of ``userAccountControl``: ACCOUNTDISABLE."""

Key = tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it came: attributes by their names in lower case, without options."""

    dn: str
    values: Mapping[str, Sequence[bytes]]

    @property
    def key(self) -> Key:
        return dn_key(self.dn)

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(
            value.decode(errors="replace").lower() for value in self.all("objectclass")
        )

    @property
    def is_group(self) -> bool:
        return bool(self.classes & GROUPS) or any(self.all(name) for name in MEMBERS)

    def all(self, name: str) -> Sequence[bytes]:
        return self.values.get(name, ())

    def texts(self, name: str) -> list[str]:
        """Values that are text; what is none is left out."""
        found = []
        for value in self.all(name):
            try:
                found.append(value.decode())
            except UnicodeDecodeError:
                continue
        return found

    def text(self, name: str) -> str:
        return next(iter(self.texts(name)), "")

    @property
    def stable_id(self) -> str:
        """Its directory's own id; where it has none, its name, and then a new name is a new
        group."""
        for value in self.all("objectguid"):
            return guid(value)
        return self.text("entryuuid") or self.text("ipauniqueid") or self.text("nsuniqueid") or (
            f"dn:{self.dn.casefold()}"
        )  # fmt: skip

    @property
    def members(self) -> list[str]:
        """The names of its members; not those that are only known by a short name."""
        return [
            without_uid(name) if kind == "uniquemember" else name
            for kind in MEMBERS for name in self.texts(kind)
        ]  # fmt: skip

    @property
    def unread_members(self) -> int:
        """How many of its members' names are no text."""
        return sum(len(self.all(kind)) - len(self.texts(kind)) for kind in MEMBERS)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody, as small as can be: a company has many of them."""

    emails: tuple[str, ...]
    is_disabled: bool = False
    is_machine: bool = False
    is_elsewhere: bool = False
    """It only stands for an account of another directory."""


def account_of(entry: Entry, emails: Sequence[str]) -> Account:
    """Args: emails: the attributes that hold addresses, the main one first."""
    found = dict.fromkeys(
        address for name in emails for address in _addresses(entry.texts(name.lower()))
    )
    control = entry.text("useraccountcontrol")
    is_locked = entry.text("nsaccountlock").lower() == "true"
    classes = entry.classes
    return Account(
        emails=tuple(found), is_machine=bool(classes & MACHINES),
        is_disabled=is_locked or (control.isdecimal() and bool(int(control) & DISABLED)),
        is_elsewhere=ELSEWHERE in classes,
    )  # fmt: skip


def primary_group(entry: Entry) -> tuple[bytes, int] | None:
    """The group of Active Directory that an account is in without being listed there."""
    number, own = entry.text("primarygroupid"), next(iter(entry.all("objectsid")), b"")
    theirs = sid(own)
    return (theirs[0], int(number)) if theirs and number.isdecimal() else None


def _addresses(values: Sequence[str]) -> list[str]:
    """Plain addresses, and those of ``proxyAddresses``: ``SMTP:`` is the main one, ``smtp:``
    another, and ``X400:``, ``sip:`` and such are none."""
    found: list[tuple[bool, str]] = []
    for value in values:
        kind, is_marked, rest = value.strip().partition(":")
        if is_marked and kind.lower() != "smtp":
            continue
        address = (rest if is_marked else kind).strip().lower()
        name, _, domain = address.partition("@")
        if name and domain and "@" not in domain and " " not in address and address.isprintable():
            found.append((kind != "SMTP", address))
    return [address for _, address in sorted(found, key=lambda one: one[0])]
