"""Names in LDAP: compared as LDAP compares them, and written so that no name is read as more.

Decides the escaping of filters (RFC 4515) and the form in which two distinguished names (RFC
4514) are the same one. Nothing from a directory or a person goes into a filter but by here.
"""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

_HEX = re.compile(r"[0-9a-fA-F]{2}")
_SPECIAL = frozenset('*()\\\0/"')
_OPTIONAL_UID = re.compile(r"#'[01]*'B$")


def for_filter(text: str) -> str:
    """`text` as a value in a filter: every octet that could mean something is written as hex."""
    inside = len(text) - len(text.lstrip(" ")), len(text.rstrip(" "))
    return "".join(
        letter
        if letter.isascii() and letter.isprintable() and letter not in _SPECIAL
        and inside[0] <= place < inside[1]
        else "".join(f"\\{octet:02x}" for octet in letter.encode(errors="surrogateescape"))
        for place, letter in enumerate(text)
    )  # fmt: skip


def dn_key(dn: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """What is the same for all ways to write a distinguished name.

    Case, spaces around the signs, the way of escaping and the order within a part don't
    matter. A name that can't be read is the same only as itself.
    """
    try:
        return tuple(
            tuple(sorted(_pair(pair) for pair in _divide(part, "+"))) for part in _divide(dn, ",;")
        )
    except ValueError:
        return (((dn, ""),),)


def without_uid(name: str) -> str:
    """A *Name and Optional UID* (``uniqueMember``) without the UID."""
    return _OPTIONAL_UID.sub("", name)


def guid(octets: bytes) -> str:
    """An Active Directory ``objectGUID``, as people write it."""
    return str(UUID(bytes_le=octets)) if len(octets) == 16 else octets.hex()


def sid(octets: bytes) -> tuple[bytes, int] | None:
    """An ``objectSid`` as (its domain, its number there); None where it is none."""
    if len(octets) < 12 or len(octets) != 8 + 4 * octets[1]:
        return None
    return octets[2:-4], int.from_bytes(octets[-4:], "little")


def _pair(pair: str) -> tuple[str, str]:
    kind, is_pair, value = pair.partition("=")
    if not is_pair or not kind.strip():
        raise ValueError("no name and value")
    kind = kind.strip().lower().removeprefix("oid.")
    return kind, _value(value)


def _value(text: str) -> str:
    text = _stripped(text)
    if text.startswith("#"):
        return text.lower()
    octets, place = bytearray(), 0
    is_quoted = len(text) > 1 and text.startswith('"') and text.endswith('"')
    text = text[1:-1] if is_quoted else text
    while place < len(text):
        if text[place] != "\\":
            octets += text[place].encode(errors="surrogateescape")
            place += 1
        elif _HEX.fullmatch(text[place + 1 : place + 3]):
            octets.append(int(text[place + 1 : place + 3], 16))
            place += 3
        elif place + 1 < len(text):
            octets += text[place + 1].encode(errors="surrogateescape")
            place += 2
        else:
            raise ValueError("it ends in the middle of an escape")
    told = unicodedata.normalize("NFKC", octets.decode(errors="surrogateescape"))
    return " ".join(told.casefold().split(" "))


def _stripped(text: str) -> str:
    """Without spaces around it, but for one that is escaped."""
    text = text.lstrip(" ")
    bare = text.rstrip(" ")
    escaped = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if escaped % 2 and bare != text else bare


def _divide(text: str, signs: str) -> list[str]:
    """At the signs that are neither escaped nor in quotes."""
    parts, start, place, is_quoted = [], 0, 0, False
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        if text[place] == '"':
            is_quoted = not is_quoted
        elif text[place] in signs and not is_quoted:
            parts.append(text[start:place])
            start = place + 1
        place += 1
    if is_quoted:
        raise ValueError("a quote does not end")
    return [*parts, text[start:]]
