"""What an LDAP server's no means, in a sentence, and what the operator does about it.

Made of codes alone: what a server or a library writes into its errors may hold anything.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Mapping
from typing import Any, Protocol

from directory.spec import DirectoryFault

SET = "SPACEKEEPER_LDAP_"
LIMITS = {3: "time limit exceeded", 4: "size limit exceeded", 11: "administrative limit exceeded"}
BUSY = {51: "busy", 52: "unavailable", 53: "unwilling to do it", 8: "it wants a stronger login"}
LOGIN = {
    "525": "it knows no such account", "52e": "the password is wrong", "530": "not at this hour",
    "531": "not from this machine", "532": "the password has expired",
    "533": "the account is disabled", "701": "the account has expired",
    "773": "the password has to be changed first", "775": "the account is locked",
}  # fmt: skip
"""What Active Directory writes into a refused login: ``data 52e``."""
_DATA = re.compile(r"\bdata ([0-9a-f]{3})\b")


class Unanswered(Exception):
    """A question to the server came to nothing.

    Args:
        at: bind, starttls, search, range, loop, filter; or empty where it was the network.
        result: what the server said.
        cause: what the network or the library said.
    """

    def __init__(
        self, at: str, *, result: Mapping[str, Any] | None = None, cause: Exception | None = None
    ) -> None:
        super().__init__(at)
        self.at = at
        self.code = int(result["result"]) if result is not None else None
        self.message = str(result.get("message") or "") if result is not None else ""
        self.cause = cause


class Place(Protocol):
    @property
    def bind_dn(self) -> str: ...
    @property
    def base(self) -> str: ...


def told(name: str, place: Place, no: Unanswered) -> DirectoryFault:
    """The sentence for it."""
    said, to_do = _bind(place, no) if no.at == "bind" else _other(place, no)
    return DirectoryFault(f"{name} {said}", to_do)


def _bind(place: Place, no: Unanswered) -> tuple[str, str]:
    who = f"the login of {place.bind_dn}" if place.bind_dn else "a login without a name"
    look = f"Look at {SET}BIND_DN and {SET}PASSWORD."
    if no.code == 49:
        found = _DATA.search(no.message)
        why = LOGIN.get(found.group(1), "") if found else ""
        return f"refuses {who}: {why or 'the name or the password is wrong'}", look
    return f"refuses {who} ({_code(no.code)})", look


def _other(place: Place, no: Unanswered) -> tuple[str, str]:
    match no.at:
        case "starttls":
            return "refuses TLS (StartTLS), and without it no password is sent", (
                f"Let the server offer StartTLS, or use an ldaps:// address in {SET}URL."
            )
        case "filter":
            return "was not asked: a filter can't be read", (
                f"Look at {SET}GROUP_FILTER and {SET}USER_FILTER."
            )
        case "range" | "loop":
            return "broke off in the middle of a long answer", "Look at the server's log."
    if no.code is None:
        return _network(no.cause)
    if no.code == 32:
        return f"does not have {place.base}, or does not show it", (
            f"Look at {SET}BASE, and at what {SET}BIND_DN may read."
        )
    if no.code in LIMITS:
        return f"did not give everything: {LIMITS[no.code]}", (
            f"Raise that limit for {SET}BIND_DN on the server, or lower {SET}PAGE."
        )
    if no.code == 50:
        return f"does not let {place.bind_dn} read", "Give it the right to read groups and people."
    return f"refuses to answer ({_code(no.code)})", "Look at the server's log."


def _network(cause: Exception | None) -> tuple[str, str]:
    if isinstance(cause, ssl.SSLCertVerificationError):
        if cause.verify_code in (62, 64):  # of another name, of another address
            return "shows a certificate that is not for this name", (
                f"Use the name of the certificate in {SET}URL."
            )
        why = {10: "has expired", 9: "is not valid yet"}.get(cause.verify_code, "")
        return f"shows a certificate that {why or 'nobody here vouches for'}", (
            f"Put the certificate of its issuer into {SET}CA_FILE."
        )
    if isinstance(cause, ssl.SSLError):
        return "can't agree on TLS", "Look at the port, and at which TLS versions it offers."
    if isinstance(cause, FileNotFoundError | IsADirectoryError | PermissionError):
        return f"was not asked: {SET}CA_FILE can't be read", f"Look at {SET}CA_FILE."
    if isinstance(cause, socket.gaierror):
        return "has a name that nobody knows", f"Look at {SET}URL."
    words = f"{type(cause).__name__} {cause}".lower()
    if "timed out" in words or "timeout" in words:
        return "does not answer in time", f"Look at the network, and at {SET}URL."
    if "refused" in words:
        return "can't be reached: nothing listens there", f"See that it runs; look at {SET}URL."
    if any(
        word in words for word in ("terminated", "receive", "send", "closed", "reset", "broken")
    ):
        return "broke off in the middle of an answer", "See that it runs; look at its log."
    return "can't be reached", f"Look at the network, and at {SET}URL."


def _code(code: int | None) -> str:
    return BUSY.get(code or 0, f"result {code}")
