"""How values are written after a colon: lists with commas, quotes where a value needs them.

Every condition reads and writes its lists by these, so that quoting is the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable

RESERVED = frozenset({"and", "or", "not", "all"})
_PLAIN = re.compile(r"[\w@.+/'’&#%*~^$!?|=;\[\]{}\\-]+")
_PART = re.compile(r'\s*(?:"([^"]*)"|([^",]*))\s*(?:,|$)')

PLAIN_WORD = re.compile(r"[^\W_]\w*")
"""A word that may stand alone in canonical text, unless it is reserved."""


def quote(value: str) -> str:
    """`value` as it is written after a colon."""
    clean = " ".join(value.replace('"', " ").split())
    return clean if _PLAIN.fullmatch(clean) else f'"{clean}"'


def read_list(text: str) -> tuple[str, ...]:
    """The values of a list, each once, sorted, so that the same question has the same key.

    Raises:
        ValueError: with a sentence, when there is none or a quote stands inside a word.
    """
    values: set[str] = set()
    place = 0
    while place < len(text):
        found = _PART.match(text, place)
        if not found:
            raise ValueError('Put quotes around the whole value, like tag:"two words",other.')
        value = " ".join((found.group(1) or found.group(2) or "").split())
        if value:
            values.add(value)
        place = found.end()
    if not values:
        raise ValueError("A value is missing after the colon.")
    return tuple(sorted(values))


def write_list(values: tuple[str, ...]) -> str:
    return ",".join(quote(value) for value in values)


def say_list(values: tuple[str, ...]) -> str:
    """“a”, “b” or “c”."""
    said = [f"“{value}”" for value in values]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"


_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def yes_or_no(name: str) -> Callable[[str], bool]:
    """How the condition `name` reads yes and no. It raises ValueError with a sentence."""

    def read(text: str) -> bool:
        try:
            return _YES_NO[text.strip('"').lower()]
        except KeyError:
            raise ValueError(f"Write {name}:yes or {name}:no.") from None

    return read
