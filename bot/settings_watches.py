"""How the settings of watches and webhooks are read, and which of them make no sense."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from urllib.parse import urlsplit

SHORTEST_SECRET = 32


def read_ports(given: object) -> object:
    """Several ports, divided by commas or spaces. Raises ValueError."""
    if not isinstance(given, str):
        return given
    try:
        found = frozenset(int(one) for one in given.replace(",", " ").split())
    except ValueError:
        raise ValueError("it is a list of ports, such as 443 8443") from None
    if not all(0 < one < 65536 for one in found):
        raise ValueError("a port is between 1 and 65535")
    return found


def is_network(text: str) -> bool:
    """Whether it is an address or a network, and no host's name."""
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def misfits(prefix: str, *, address: str, secret: str, may_be_home: bool) -> Iterator[str]:
    """What does not fit of the webhooks' settings.

    Args:
        may_be_home: Webex is on this machine, so our address may be, too, without TLS.
    """
    if bool(address) is not bool(secret):
        yield f"{prefix}WEBHOOK_ADDRESS and {prefix}WEBHOOK_SECRET go together"
    if secret and len(secret) < SHORTEST_SECRET:
        yield f"{prefix}WEBHOOK_SECRET has less than {SHORTEST_SECRET} characters"
    where = urlsplit(address)
    is_home = may_be_home and where.scheme == "http" and where.hostname in ("127.0.0.1", "::1")
    if address and not (is_home or (where.scheme == "https" and where.hostname)):
        yield f"{prefix}WEBHOOK_ADDRESS has to be an https address"
