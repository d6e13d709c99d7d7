"""Which addresses a watch may tell things to: a name may point anywhere, so addresses decide.

The principle: nothing of ours may be made to knock on a door that only we can reach. So only
https, only certain ports, and each address that a name resolves to has to be one of the open
internet, unless the operator named the host or its network. It is asked when a watch is made,
and again at each connection, which then goes to the very address that was judged.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from domain.errors import Fault, Refusal
from spaces.spec import Outside

LONGEST = 500
Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_CLOSED: tuple[Network, ...] = tuple(
    ipaddress.ip_network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        # Of IPv6 only 2000::/3 is open; what within it is not, or stands for an IPv4 address:
        "2001::/23",  # Teredo among it
        "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
_OPEN_IPV6 = ipaddress.ip_network("2000::/3")


class Closed(Fault):
    """An address that must not be reached; nothing was sent there."""


class NoAddress(Fault):
    """The name could not be resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a POST goes: `host` as the certificate names it, `target` with path and query."""

    host: str
    port: int
    target: str

    @property
    def header(self) -> str:
        """The Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == 443 else f"{name}:{self.port}"


def place_of(text: str, outside: Outside) -> Place:
    """An address as a person wrote it. Raises Refusal, saying what is wrong with it."""
    if len(text) > LONGEST or any(ord(char) <= 32 or ord(char) == 127 for char in text):
        raise Refusal("That is no address.", f"Write it like https://example.com/hook, up to "
                      f"{LONGEST} characters.")  # fmt: skip
    try:
        parts = urlsplit(text)
        port = 443 if parts.port is None else parts.port
        host = (parts.hostname or "").rstrip(".")
        if not _is_ip(host):
            host = host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise Refusal("That address can't be read.", "Write it like https://example.com/hook.") \
            from None  # fmt: skip
    if parts.scheme.lower() != "https":
        raise Refusal("I only tell things over https.", "Write it like https://example.com/hook.")
    if not host:
        raise Refusal("That address names no host.", "Write it like https://example.com/hook.")
    if parts.username is not None or parts.password is not None:
        raise Refusal(
            "An address with a user name or password in it is not taken.",
            "I sign what I send; the receiver checks that.",
        )
    if parts.fragment:
        raise Refusal("What stands behind a # never gets to a server.", "Leave it out.")
    if port not in outside.ports:
        allowed = ", ".join(str(one) for one in sorted(outside.ports))
        raise Refusal(f"I only tell things to port {allowed}.", "Or ask the operator for it.")
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    return Place(host=host.lower(), port=port, target=_ascii(target))


def addresses_of(place: Place, outside: Outside) -> tuple[str, ...]:
    """What the host resolves to at this moment, each of which may be reached.

    Raises:
        NoAddress: it resolves to nothing.
        Closed: one of them must not be reached; then none is.
    """
    try:
        found = tuple(dict.fromkeys((outside.resolve or resolve)(place.host, place.port)))
    except OSError:
        found = ()
    if not found:
        raise NoAddress("the host name can't be resolved")
    if not all(is_open(one, outside, host=place.host) for one in found):
        raise Closed("the host is within a private network")
    return found


def check(text: str, outside: Outside) -> Place:
    """An address, and where it leads to now. Raises Refusal."""
    place = place_of(text, outside)
    try:
        addresses_of(place, outside)
    except NoAddress:
        raise Refusal(
            f"I find no host of the name {place.host[:80]}.", "Is it spelt right?"
        ) from None
    except Closed:
        raise Refusal(
            "That address leads into a private network, where I tell nothing.",
            "The operator can allow it by SPACEKEEPER_WATCH_ALLOW.",
        ) from None
    return place


def is_open(address: str, outside: Outside, *, host: str = "") -> bool:
    """Whether an address may be reached: it is one of the open internet, or of a network that
    the operator allowed; a host that they named may also be in a private network, but is not
    this machine and no link's own, which only a network allows."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(_within(ip, ipaddress.ip_network(one, strict=False)) for one in outside.networks):
        return True
    if host and host in outside.hosts and not _is_special(ip):
        return True
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _OPEN_IPV6:
        return False
    return ip.is_global and not ip.is_multicast and not any(_within(ip, one) for one in _CLOSED)


def resolve(host: str, port: int) -> Sequence[str]:
    """Asks the system. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


def _is_special(ip: Ip) -> bool:
    """Addresses that nobody names a host by, unless to trick somebody."""
    if isinstance(ip, ipaddress.IPv6Address):
        embeds = ip.ipv4_mapped or ip.sixtofour or ip.teredo
        is_local = ip.is_link_local or ip.is_site_local
        outer = ip not in _OPEN_IPV6 and ip not in ipaddress.ip_network("fc00::/7")
        return bool(embeds) or is_local or outer
    return ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_multicast \
        or ip.is_reserved or ip in ipaddress.ip_network("0.0.0.0/8")  # fmt: skip


def _within(ip: Ip, network: Network) -> bool:
    return ip.version == network.version and ip in network


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _ascii(target: str) -> str:
    from urllib.parse import quote

    return quote(target, safe="/?&=%:@!$'()*+,;~-._[]")
