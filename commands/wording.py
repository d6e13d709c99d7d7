"""From a person's words to a command and the words of each of its arguments.

Decides what was meant: the longest command path that the words begin with, and which words belong
to which argument. What may have been meant where nothing fits is `matching`'s; values, permissions
and answers are others' business. A quoted phrase is one word and never a command or a marker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commands.spec import Argument, Command, Word
from domain.fields import FieldKind

LONGEST = 7439
"""Bytes of a message (webex-facts 1.5); nothing longer comes from Webex."""
MOST_WORDS = 5
"""Of a command's path."""

_QUOTES = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
_STRAIGHT = str.maketrans(_QUOTES)
_WORD = re.compile(r'(?:[^\s"]*"[^"]*"\S*)|\S+')


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A command and what was typed behind it."""

    command: Command
    words: tuple[Word, ...]


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text; a phrase in quotes is one. A lone quote is a sign like any other."""
    text = text[:LONGEST]
    words, end = [], 0
    for found in _WORD.finditer(text.translate(_STRAIGHT)):
        words.append(_word(found[0], text[end : found.end()]))
        end = found.end()
    return tuple(words)


def _word(raw: str, whole: str) -> Word:
    bare = raw.replace('"', "") if raw.count('"') >= 2 else raw
    return Word(bare, raw, whole)


def is_quoted(word: Word) -> bool:
    return word.raw is not word and word.raw != str(word)


def match(registry: Mapping[str, Command], words: Sequence[Word]) -> Match | None:
    """The command with the longest path (or alias) that the words begin with."""
    said: list[str] = []
    for word in words[:MOST_WORDS]:
        if is_quoted(word):
            break
        said.append(word.casefold())
    if said:
        said[-1] = said[-1].rstrip("?!.,:") or said[-1]
        said[0] = said[0].lstrip("¿¡") or said[0]
    for length in range(len(said), 0, -1):
        found = registry.get(" ".join(said[:length]))
        if found is not None:
            return Match(command=found, words=tuple(words[length:]))
    return None


def divide(arguments: Sequence[Argument], words: Sequence[Word]) -> dict[str, tuple[Word, ...]]:
    """Which of the typed words belong to which argument; what was not said is not in there.

    Words that no argument takes are given under the key ``""``.
    """
    marks = _find_markers(arguments, words)
    cuts = [start for start, _, _ in marks] + [len(words)]
    given: dict[str, tuple[Word, ...]] = {}
    left: list[Word] = []
    for (_, begins, argument), end in zip(marks, cuts[1:], strict=True):
        mine = tuple(words[begins:end])
        taken = mine if argument.takes_rest else mine[: _needs(argument, mine)]
        given[argument.field.name] = taken
        left += mine[len(taken) :]
    placed = [a for a in arguments if not a.marker]
    left = [*words[: cuts[0]], *left]
    while left and placed:
        argument, *placed = placed
        taken_words = left[: _share(argument, left, placed)]
        given[argument.field.name] = tuple(taken_words)
        left = left[len(taken_words) :]
    if left:
        given[""] = tuple(left)
    return given


def _find_markers(
    arguments: Sequence[Argument], words: Sequence[Word]
) -> list[tuple[int, int, Argument]]:
    """Each marker's place, and where what it introduces begins. A marker may be a phrase, and
    the longest counts; so does the first place, and each argument's marker once."""
    open_ones = {tuple(marker.split()): a for a in arguments for marker in a.marker}
    said = [None if is_quoted(word) else word.casefold() for word in words]
    found: list[tuple[int, int, Argument]] = []
    place = 0
    while place < len(words):
        hits = [p for p in open_ones if tuple(said[place : place + len(p)]) == p]
        if not hits:
            place += 1
            continue
        phrase = max(hits, key=len)
        argument = open_ones[phrase]
        found.append((place, place + len(phrase), argument))
        open_ones = {p: a for p, a in open_ones.items() if a is not argument}
        place += len(phrase)
    return found


def _needs(argument: Argument, words: Sequence[Word]) -> int:
    """How many words an argument of one word takes; yes and no may follow a flag's marker."""
    if argument.field.kind is FieldKind.YES_NO:
        return int(bool(words) and words[0].casefold() in {"yes", "no", "on", "off"})
    return 1


def _share(argument: Argument, words: Sequence[Word], following: Sequence[Argument]) -> int:
    """How many words a placed argument takes, given which others still want some."""
    if not argument.takes_rest or not words:
        return 1
    if not following:
        return len(words)
    if is_quoted(words[0]):
        return 1
    if any(other.takes_rest for other in following):
        return 1
    wanted = sum(other.field.required for other in following)
    return max(1, len(words) - wanted)
