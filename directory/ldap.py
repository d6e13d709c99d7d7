"""Groups from LDAP: Active Directory, OpenLDAP and their like; the one door of ldap3.

Always over TLS with a certificate that is verified, or not at all; no referral is followed,
since the password would go along. An answer that is cut short by any limit is no answer.
"""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from directory.entries import Account, Entry, Key, account_of, primary_group
from directory.ldap_faults import Unanswered, told
from directory.names import dn_key, for_filter, sid
from directory.nesting import Rules, expand
from directory.spec import DirectoryFault, DirectoryGroup

with warnings.catch_warnings():  # ldap3 2.9.1 asks pyasn1 for things by their old names
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3
    from ldap3.core.exceptions import LDAPException, LDAPStartTLSError

PAGED = "1.2.840.113556.1.4.319"
OWN = (
    "objectClass", "objectGUID", "entryUUID", "ipaUniqueID", "nsUniqueId", "objectSid", "member",
    "uniqueMember", "memberUid", "uid", "userAccountControl", "nsAccountLock", "primaryGroupID",
)  # fmt: skip
"""What is asked of every entry, besides names and addresses."""
MOST_RANGES = 100_000
MANY = 200
"""From so many members on, all accounts are read at once, and not one by one."""
SUCCESS, NO_SUCH_OBJECT, REFERRAL, INSUFFICIENT = 0, 32, 10, 50
INVALID_DN = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class LdapPlace:
    """Where the server is, who we are there, and what counts.

    Args:
        url: ``ldaps://host:636``, or ``ldap://host:389``, where StartTLS comes first.
        base: below it are all groups and accounts.
        ca: certificates to trust in place of the machine's.
        emails: the attributes that hold addresses, the main one first.
        page: entries in one answer.
        seconds: for a connection, and for each answer.
        depth: how deep groups may lie within groups.
    """

    url: str
    bind_dn: str
    password: str = field(repr=False)
    base: str
    ca: Path | None = None
    emails: tuple[str, ...] = ("mail",)
    group_filter: str
    user_filter: str
    name: str = "cn"
    page: int = 500
    seconds: int = 30
    depth: int = 20
    skips_nameless: bool = False


class LdapDirectory:
    kind = "ldap"

    def __init__(self, place: LdapPlace) -> None:
        self._place = place
        self._rules = Rules(
            kind=self.kind, depth=place.depth, skips_nameless=place.skips_nameless
        )  # fmt: skip

    @property
    def name(self) -> str:
        return f"LDAP at {urlsplit(self._place.url).netloc}"

    def groups(self) -> Iterator[DirectoryGroup]:
        with self._open() as asking:
            groups = list(asking.search(self._place.group_filter))
            book = _Book(asking, groups)
            book.read_accounts()
            for group in groups:
                yield self._expanded(book, group)

    def named(self, name: str) -> Iterator[DirectoryGroup]:
        place = self._place
        one = f"(&{_in_brackets(place.group_filter)}({place.name}={for_filter(name)}))"
        with self._open() as asking:
            groups = list(asking.search(one))
            book = _Book(asking, groups)
            if sum(len(group.members) for group in groups) > MANY:
                book.read_accounts()
            for group in groups:
                yield self._expanded(book, group)

    def _expanded(self, book: _Book, group: Entry) -> DirectoryGroup:
        name = group.text(self._place.name.lower()).strip() or group.dn
        return expand(book, group, name, self._rules)

    @contextmanager
    def _open(self) -> Iterator[_Asking]:
        """A connection that is bound. Every fault of it, later ones too, becomes ours."""
        tls = _Tls()
        tls.trusted = self._place.ca
        connection: Any = None
        try:
            connection = _connection(self._place, tls)
            yield _Asking(connection, self._place)
        except Unanswered as no:
            raise told(self.name, self._place, no) from None
        except (LDAPException, OSError) as no:
            refused = isinstance(no, LDAPStartTLSError) and tls.failed is None
            stands_for = Unanswered("starttls" if refused else "", cause=tls.failed or no)
            raise told(self.name, self._place, stands_for) from None
        finally:
            if connection is not None:
                _close(connection)


class _Tls(ldap3.Tls):  # type: ignore[misc]
    """ldap3's own looks at the host's name by hand, with what Python 3.12 no longer has; here
    OpenSSL looks at it. `failed` is why it came to nothing, which ldap3 keeps to itself."""

    failed: Exception | None = None
    trusted: Path | None = None

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        try:
            context = ssl.create_default_context(cafile=self.trusted)
            connection.socket = context.wrap_socket(
                connection.socket, server_hostname=connection.server.host,
                do_handshake_on_connect=True,
            )  # fmt: skip
        except Exception as no:
            self.failed = no
            raise


def _connection(place: LdapPlace, tls: _Tls) -> Any:
    where = urlsplit(place.url)
    is_ldaps = where.scheme == "ldaps"
    server = ldap3.Server(
        where.hostname, port=where.port or (636 if is_ldaps else 389), use_ssl=is_ldaps, tls=tls,
        get_info=ldap3.NONE, connect_timeout=place.seconds,
    )  # fmt: skip
    connection = ldap3.Connection(
        server, user=place.bind_dn, password=place.password, authentication=ldap3.SIMPLE,
        client_strategy=ldap3.SAFE_SYNC, auto_referrals=False, raise_exceptions=False,
        receive_timeout=place.seconds, check_names=False, read_only=True, auto_range=False,
        return_empty_attributes=False,
    )  # fmt: skip
    try:
        connection.open()
        if not is_ldaps:
            connection.start_tls()
        if not connection.server.ssl and not connection.tls_started:
            raise Unanswered("starttls")  # not a byte of the password before that
        _, result, _, _ = connection.bind()
        if result["result"] != SUCCESS:
            raise Unanswered("bind", result=result)
    except BaseException:
        _close(connection)
        raise
    return connection


def _close(connection: Any) -> None:
    with suppress(LDAPException, OSError):  # it is closed then, too
        connection.unbind()
    if connection.socket is not None:  # ldap3 forgets one that it could not wrap in TLS
        connection.socket.close()


class _Asking:
    """Questions to one connection."""

    def __init__(self, connection: Any, place: LdapPlace) -> None:
        self._connection = connection
        self.place = place
        self._wanted = [*dict.fromkeys((*OWN, place.name, *place.emails))]

    def search(self, filter: str) -> Iterator[Entry]:
        """Every entry below the base, page by page. Raises Unanswered when any page lacks."""
        cookie: bytes | None = None
        been: set[tuple[bytes, str]] = set()
        while True:
            result, response = self._ask(
                self.place.base, filter, ldap3.SUBTREE, paged_size=self.place.page,
                paged_cookie=cookie,
            )  # fmt: skip
            if result["result"] != SUCCESS:
                raise Unanswered("search", result=result)
            entries = [one for one in response if one["type"] == "searchResEntry"]
            for one in entries:
                yield self._whole(one)
            paged = (result.get("controls") or {}).get(PAGED)
            cookie = paged["value"]["cookie"] if paged else None
            if not cookie:
                return
            page = (cookie, entries[0]["dn"] if entries else "")
            if page in been:
                raise Unanswered("loop")
            been.add(page)

    def entry(self, dn: str) -> Entry | None:
        """One entry; None where it is not there, not ours to read, or on another server."""
        result, response = self._ask(dn, "(objectClass=*)", ldap3.BASE)
        if result["result"] in (NO_SUCH_OBJECT, REFERRAL, INSUFFICIENT, INVALID_DN):
            return None
        if result["result"] != SUCCESS:
            raise Unanswered("search", result=result)
        found = [one for one in response if one["type"] == "searchResEntry"]
        return self._whole(found[0]) if found else None

    def _ask(self, base: str, filter: str, scope: str, **more: Any) -> tuple[Any, Any]:
        wanted = more.pop("attributes", self._wanted)
        try:
            _, result, response, _ = self._connection.search(
                base, filter, search_scope=scope, attributes=wanted,
                dereference_aliases=ldap3.DEREF_NEVER, time_limit=self.place.seconds, **more,
            )  # fmt: skip
        except LDAPException as no:
            if type(no).__name__ == "LDAPInvalidFilterError":
                raise Unanswered("filter") from None
            raise
        return result, response or []

    def _whole(self, given: Any) -> Entry:
        """An entry with those values that the server only gives in ranges (Active Directory
        gives 1,500 at a time, and an empty `member` beside them)."""
        values: dict[str, list[bytes]] = {}
        for name, some in given["raw_attributes"].items():
            plain, _, option = name.partition(";")
            mine = values.setdefault(plain.lower(), [])
            mine += some or ()  # an attribute without values comes as None
            if option.lower().startswith("range="):
                mine += self._rest(given["dn"], plain, option)
        return Entry(given["dn"], values)

    def _rest(self, dn: str, name: str, option: str) -> Iterator[bytes]:
        for _ in range(MOST_RANGES):
            _, _, last = option.partition("=")[2].partition("-")
            if last == "*":
                return
            if not last.isdecimal():
                break
            start = int(last) + 1
            result, response = self._ask(
                dn, "(objectClass=*)", ldap3.BASE, attributes=[f"{name};range={start}-*"]
            )
            came = [
                (option, some)
                for one in response if one["type"] == "searchResEntry"
                for found, some in one["raw_attributes"].items()
                for kind, _, option in [found.partition(";")]
                if kind.lower() == name.lower() and option.lower().startswith(f"range={start}-")
            ]  # fmt: skip
            if result["result"] != SUCCESS or not came:
                break
            option, some = came[0]
            yield from some
        raise Unanswered("range")


class _Book:
    """Entries that were read, and those that are looked up when they are needed."""

    def __init__(self, asking: _Asking, groups: Iterable[Entry]) -> None:
        self._asking = asking
        self._groups: dict[Key, Entry | None] = {group.key: group for group in groups}
        self._accounts: dict[Key, Account | None] = {}
        self._short: dict[str, Account | None] = {}
        self._primary: dict[tuple[bytes, int], list[tuple[Key, Account]]] = {}
        self._asked: set[tuple[bytes, int]] = set()
        self._has_all = False

    def read_accounts(self) -> None:
        for entry in self._asking.search(self._asking.place.user_filter):
            if not entry.is_group:
                self._learn(entry)
        self._has_all = True

    def group(self, dn: str) -> Entry | None:
        key = dn_key(dn)
        if key not in self._groups and key not in self._accounts:
            self._look(dn, key)
        return self._groups.get(key)

    def account(self, dn: str) -> Account | None:
        return self._accounts.get(dn_key(dn))

    def by_short_name(self, name: str) -> Account | None:
        if name not in self._short:
            self._short[name] = None
            if not self._has_all:
                users = _in_brackets(self._asking.place.user_filter)
                for entry in self._asking.search(f"(&{users}(uid={for_filter(name)}))"):
                    self._learn(entry)
        return self._short[name]

    def by_primary_group(self, group: Entry) -> Iterable[tuple[Key, Account]]:
        own = sid(next(iter(group.all("objectsid")), b""))
        if own is None:
            return ()
        if not self._has_all and own not in self._asked:
            self._asked.add(own)
            users = _in_brackets(self._asking.place.user_filter)
            for entry in self._asking.search(f"(&{users}(primaryGroupID={own[1]}))"):
                self._learn(entry)
        return self._primary.get(own, ())

    def _look(self, dn: str, key: Key) -> None:
        entry = self._asking.entry(dn)
        self._groups[key] = entry if entry is not None and entry.is_group else None
        if entry is not None and not entry.is_group:
            self._learn(entry)
        elif entry is None:
            self._accounts[key] = None

    def _learn(self, entry: Entry) -> None:
        key = entry.key
        if self._accounts.get(key) is not None:
            return
        account = account_of(entry, self._asking.place.emails)
        self._accounts[key] = account
        for short in entry.texts("uid"):
            self._short[short] = account
        if (primary := primary_group(entry)) is not None:
            self._primary.setdefault(primary, []).append((key, account))


def _in_brackets(filter: str) -> str:
    return filter if filter.startswith("(") else f"({filter})"


__all__ = ["DirectoryFault", "LdapDirectory", "LdapPlace"]
