"""Which command may have been meant, where no command was said. For help and for dispatch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from commands.spec import Command, Word

MOST_LOOKED_AT = 8
"""Words of a sentence in which a command's own word may stand."""
CLOSE = 0.65
CLOSE_WORD = 0.8
SHORT = 4
"""Letters of a word that is not taken for another of nearly the same letters."""
NO_HINT = frozenset({"the", "for", "and", "how", "can", "you", "me", "of", "to", "a", "in"})
MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A command that was perhaps meant, and the words that were then said behind it."""

    command: Command
    words: tuple[Word, ...] = ()

    @property
    def sentence(self) -> str:
        """The whole as it would have been typed."""
        return " ".join([self.command.path, *(word.raw for word in self.words)])


def meant(allowed: Mapping[str, Command], words: Sequence[Word]) -> tuple[Meant, ...]:
    """Up to three commands that may have been meant, each once, likeliest first: whose words were
    all said, in whatever order and nearly so; else what the words begin like, or have in them.

    Args:
        allowed: each command under all of its names.
    """
    found: dict[str, Meant] = {}
    for path, used in _in_any_order(allowed, words):
        leads = used == frozenset(range(len(used)))
        one = Meant(command=allowed[path], words=tuple(words[len(used) :]) if leads else ())
        found.setdefault(one.command.path, one)
    if not found:
        for path in near_misses(allowed, words, most=len(allowed)):
            one = Meant(command=allowed[path], words=_behind(path, words))
            found.setdefault(one.command.path, one)
    return tuple(found.values())[:MOST]


def near_misses(paths: Iterable[str], words: Sequence[str], *, most: int = MOST) -> tuple[str, ...]:
    """Up to `most` of `paths` that may have been meant, likeliest first: those that are spelt
    like the first words, else those that have one of the words in them."""
    paths = tuple(paths)
    said = _said(words)
    heads = {" ".join(said[:length])[:60] for length in (3, 2, 1)} - {""}
    near: dict[str, None] = {}
    for head in sorted(heads, key=len, reverse=True):
        near.update(dict.fromkeys(get_close_matches(head, paths, n=3, cutoff=CLOSE)))
    for word in said if not near else ():
        if len(word) > 2 and word not in NO_HINT:
            having = [path for path in paths if word in path.split()]
            near.update(dict.fromkeys(sorted(having, key=lambda path: path.split()[0] != word)))
    return tuple(near)[:most]


def _behind(path: str, words: Sequence[Word]) -> tuple[Word, ...]:
    """What was said behind the words that `path` is spelt like, if any are."""
    said, best, length = _said(words), CLOSE, 0
    for many in (1, 2, 3):
        like = SequenceMatcher(None, path, " ".join(said[:many])).ratio()
        if like >= best and many <= len(said):
            best, length = like, many
    return tuple(words[length:]) if length else ()


def _in_any_order(paths: Iterable[str], words: Sequence[str]) -> list[tuple[str, frozenset[int]]]:
    """The paths of which each word was said, with the places where; the longest first, and none
    that says only a part of what a longer one does."""
    said = _said(words)
    found = [(path, used) for path in paths if (used := _places(path.split(), said))]
    whole = [one for one in found if not any(one[1] < other[1] for other in found)]
    return sorted(whole, key=lambda one: (-len(one[1]), min(one[1]), _slips(one, said)))


def _places(path: Sequence[str], said: Sequence[str]) -> frozenset[int] | None:
    """Where each word of the path was said; None where one was not."""
    used: set[int] = set()
    for word in path:
        place = next(
            (n for n, other in enumerate(said) if n not in used and _is_like(word, other)), None
        )
        if place is None:
            return None
        used.add(place)
    return frozenset(used)


def _slips(one: tuple[str, frozenset[int]], said: Sequence[str]) -> int:
    return len(set(one[0].split()) - {said[place] for place in one[1]})


def _is_like(word: str, said: str) -> bool:
    if word == said:
        return True
    if len(word) < SHORT or len(said) < SHORT or word[0] != said[0]:
        return False
    return SequenceMatcher(None, word, said).ratio() >= CLOSE_WORD


def _said(words: Sequence[str]) -> list[str]:
    return [word.casefold()[:60].strip("?!.,:;") for word in words[:MOST_LOOKED_AT]]
