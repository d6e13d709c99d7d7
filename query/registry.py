"""The conditions that there are: the folder `conditions/` is walked, nothing is listed.

Decides that every condition is complete and that no two share a word. Docs, forms and the
language ask here; nobody else knows a condition by name.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from query import conditions
from query.spec import Condition
from query.values import RESERVED


@cache
def all_conditions() -> tuple[Condition, ...]:
    """Every condition, by name."""
    found: list[Condition] = []
    for module in pkgutil.iter_modules(conditions.__path__):
        made = importlib.import_module(f"{conditions.__name__}.{module.name}").CONDITION
        if not isinstance(made, Condition):
            raise TypeError(f"{module.name}.CONDITION is not a Condition")
        if not (made.name and made.doc and made.example and made.label):
            raise ValueError(f"the condition in {module.name} lacks a part")
        if (made.truth is None) != (made.doubt is None):
            raise ValueError(f"{made.name} needs both truth and doubt, or neither")
        found.append(made)
    return tuple(sorted(found, key=lambda one: one.name))


@cache
def by_word() -> Mapping[str, Condition]:
    """Conditions by each of their words."""
    words: dict[str, Condition] = {}
    for made in all_conditions():
        for word in (made.name, *made.aliases):
            if word in words or word in RESERVED:
                raise ValueError(f"the word {word!r} is taken")
            words[word] = made
    return MappingProxyType(words)


@cache
def default() -> Condition:
    """The condition that takes words which stand alone."""
    (one,) = [made for made in all_conditions() if made.is_default]
    return one


def like(word: str) -> tuple[str, ...]:
    """Words of conditions that look like `word`, best first."""
    return tuple(difflib.get_close_matches(word.lower(), list(by_word()), n=2, cutoff=0.6))
