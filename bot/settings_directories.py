"""How the settings of directories are read, and which of them make no sense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr


class DirectoryKind(StrEnum):
    NONE = "none"
    WEBEX = "webex"
    FILE = "file"
    LDAP = "ldap"
    GRAPH = "graph"


class Nameless(StrEnum):
    """What a member of a group without an e-mail address does to it."""

    UNKNOWN = "unknown"
    SKIP = "skip"


class Cloud(StrEnum):
    """Microsoft's clouds, which know nothing of each other."""

    GLOBAL = "global"
    US_GOV = "us-gov"
    US_DOD = "us-dod"
    CHINA = "china"


LDAP_GROUPS = (
    "(|(objectClass=group)(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)"
    "(objectClass=posixGroup))"
)
LDAP_USERS = "(|(&(objectClass=user)(!(objectClass=computer)))(objectClass=inetOrgPerson))"


class Given(Protocol):
    """What is asked of all settings."""

    directory: frozenset[DirectoryKind]
    directory_file: Path | None
    ldap_url: str
    ldap_base: str
    ldap_bind_dn: str
    ldap_password: SecretStr
    ldap_emails: tuple[str, ...]
    graph_tenant: str
    graph_client_id: str
    graph_client_secret: SecretStr
    graph_certificate: Path | None
    graph_url: str
    graph_login_url: str


def read_kinds(given: object) -> object:
    """Kinds of directory, divided by commas or spaces. Raises ValueError."""
    if not isinstance(given, str):
        return given
    named = given.replace(",", " ").lower().split()
    wrong = [name for name in named if name not in list(DirectoryKind)]
    if wrong:
        raise ValueError(f"there is no {wrong[0]}; there are {', '.join(DirectoryKind)}")
    return frozenset(DirectoryKind(name) for name in named) - {DirectoryKind.NONE}


def read_words(given: object) -> object:
    """Several words whose order matters, and whose case stays."""
    return tuple(given.replace(",", " ").split()) if isinstance(given, str) else given


def misfits_of_directories(prefix: str, given: Given) -> Iterator[str]:
    if DirectoryKind.FILE in given.directory and given.directory_file is None:
        yield f"{prefix}DIRECTORY=file needs {prefix}DIRECTORY_FILE"
    if DirectoryKind.LDAP in given.directory:
        needed = {
            "LDAP_URL": given.ldap_url, "LDAP_BASE": given.ldap_base,
            "LDAP_BIND_DN": given.ldap_bind_dn,
            "LDAP_PASSWORD": given.ldap_password.get_secret_value(),
            "LDAP_EMAILS": given.ldap_emails,
        }  # fmt: skip
        yield from _lacking(prefix, "ldap", needed)
        where = urlsplit(given.ldap_url)
        if given.ldap_url and (where.scheme not in ("ldap", "ldaps") or not where.hostname):
            yield f"{prefix}LDAP_URL has to begin with ldaps:// or ldap://"
    if DirectoryKind.GRAPH in given.directory:
        named = {"GRAPH_TENANT": given.graph_tenant, "GRAPH_CLIENT_ID": given.graph_client_id}
        yield from _lacking(prefix, "graph", named)
        if bool(given.graph_client_secret.get_secret_value()) == bool(given.graph_certificate):
            yield (
                f"{prefix}DIRECTORY=graph needs {prefix}GRAPH_CERTIFICATE or "
                f"{prefix}GRAPH_CLIENT_SECRET, one of them"
            )
        for name, url in (
            ("GRAPH_URL", given.graph_url),
            ("GRAPH_LOGIN_URL", given.graph_login_url),
        ):
            if url and (urlsplit(url).scheme != "https" or not urlsplit(url).hostname):
                yield f"{prefix}{name} has to be an https address"


def _lacking(prefix: str, kind: str, needed: Mapping[str, object]) -> Iterator[str]:
    missing = [prefix + name for name, value in needed.items() if not value]
    if missing:
        yield f"{prefix}DIRECTORY={kind} needs {' and '.join(missing)}"
