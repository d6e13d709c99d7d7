"""Which command may have been meant, where no command was said. For help and for dispatch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from commands.spec import Command

MOST_LOOKED_AT = 8
"""Words of a sentence in which a command's own word may stand."""
CLOSE = 0.65
NO_HINT = frozenset({"the", "for", "and", "how", "can", "you", "me", "of", "to", "a", "in"})


MOST = 3


def near_commands(allowed: Mapping[str, Command], words: Sequence[str]) -> tuple[str, ...]:
    """The paths of up to three commands that may have been meant, each once, by whichever of
    its names it was nearly said. `allowed` has each command under all of its names."""
    near = near_misses(allowed, words, most=len(allowed))
    return tuple(dict.fromkeys(allowed[path].path for path in near))[:MOST]


def near_misses(paths: Iterable[str], words: Sequence[str], *, most: int = MOST) -> tuple[str, ...]:
    """Up to `most` of `paths` that may have been meant, likeliest first: those that are spelt
    like the first words, else those that have one of the words in them."""
    paths = tuple(paths)
    said = [word.casefold()[:60] for word in words[:MOST_LOOKED_AT]]
    heads = {" ".join(said[:length])[:60] for length in (3, 2, 1)} - {""}
    near: dict[str, None] = {}
    for head in sorted(heads, key=len, reverse=True):
        near.update(dict.fromkeys(get_close_matches(head, paths, n=3, cutoff=CLOSE)))
    for word in said if not near else ():
        if len(word) > 2 and word not in NO_HINT:
            near.update(dict.fromkeys(path for path in paths if word in path.split()))
    return tuple(near)[:most]
