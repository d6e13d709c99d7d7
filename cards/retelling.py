"""Saying in another language what a floor below put into English words.

The decision, a refusal and the record say what they have to say in English, in one sentence, and
the record keeps it so. This recognises such a sentence by its English form in the catalogue, and
gives its key and its values, as gettext finds a text by its English one; so what was written down
a year ago is said in any language, too. What it does not recognise stays English, and is logged
once. A test holds that every sentence of the modules concerned has a form here, and each form a
sentence.

What a value is, its name says: ``{why}`` is a sentence again, ``{day}`` a day as it is typed,
``{moment}`` a day with its time, ``{span}`` a span, ``{count}`` what the sentence counts,
``{items}`` several of what is said alone, ``{part}`` holds no colon; all else stays as it is.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

RETOLD = "retold."
"""What the keys of such sentences begin with."""
LONGEST = 2000
"""Characters: nothing of ours is longer."""
_PATTERNS = {
    "count": "[0-9,]+", "why": ".*?", "part": r"(?:(?!: ).)+?",
    "day": r"\d{4}-\d\d-\d\d|on a day not known",
    "moment": r"\d{4}-\d\d-\d\d \d\d:\d\d \S+", "span": r"[\d,]+ \w+|less than a day",
}  # fmt: skip
_END = re.compile(r"(?<=[.!?]) ")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    key: str
    values: Mapping[str, str]


class Retelling:
    """Args: forms: English sentences by key; one that counts has several."""

    def __init__(self, forms: Mapping[str, str | Mapping[str, str]]) -> None:
        made = [
            (key, words)
            for key, entry in forms.items()
            for words in ([entry] if isinstance(entry, str) else entry.values())
        ]
        # The one with the most words of its own first: “{name} owns it already.” is no name.
        made.sort(key=lambda one: -_own_letters(one[1]))
        self._forms = [(key, re.compile(pattern_of(words), re.DOTALL)) for key, words in made]
        self._missed: set[str] = set()

    def tell(self, said: str, told: Callable[[Found], str]) -> str:
        """`said` by `told`, sentence by sentence."""
        if (found := self._first(said)) is None:
            self._miss(said)
            return said
        one, rest = found
        before = " " if said.startswith(" ") else ""
        return f"{before}{told(one)}" + (f" {self.tell(rest, told)}" if rest else "")

    def knows(self, said: str) -> bool:
        """Whether each of its sentences is recognised."""
        found = self._first(said)
        return not said.strip() or (found is not None and self.knows(found[1]))

    def _first(self, said: str) -> tuple[Found, str] | None:
        """Its first sentence, and what follows."""
        if not said.strip() or len(said) > LONGEST:
            return None
        ends = [one.start() for one in _END.finditer(said)]
        for end in (*ends, len(said)):  # the shortest first, or one would swallow the next
            if (found := self.find(said[:end].strip())) is not None:
                return found, said[end:].strip()
        return None

    def find(self, said: str) -> Found | None:
        for key, pattern in self._forms:
            if (match := pattern.fullmatch(said)) is not None:
                return Found(key=key, values=match.groupdict())
        return None

    def _miss(self, said: str) -> None:
        """Logged without what stands in quotes, which may be people's words."""
        if not said.strip():
            return
        shape = re.sub(r"“.*”", "“…”", said)[:40]
        if shape not in self._missed and len(self._missed) < 1000:
            self._missed.add(shape)
            _log.info("a sentence is said in English, since no catalogue has it: %s", shape)


def pattern_of(words: str) -> str:
    """What recognises a sentence of this form."""
    return "".join(_pieces(words))


def _pieces(words: str) -> Iterator[str]:
    seen: set[str] = set()
    for literal, name, _, _ in Formatter().parse(words):
        yield re.escape(literal)
        if name is None:
            continue
        if name in seen:
            yield f"(?P={name})"
            continue
        seen.add(name)
        yield f"(?P<{name}>{_PATTERNS.get(kind_of(name), '.+?')})"


def kind_of(name: str) -> str:
    """``day2`` is the second day of a sentence."""
    return name.rstrip("0123456789")


def _own_letters(words: str) -> int:
    return sum(len(literal) for literal, _, _, _ in Formatter().parse(words))
