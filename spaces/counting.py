"""Counting what was found by what it is, for a reader, each number with the query behind it.

Decides what can be counted by and which of it an overview shows; numbers are `query.facets`'s.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import Refusal
from domain.ids import PersonKey
from query import registry, tree
from query.facets import Facet, count_by
from query.faults import QueryFault
from query.language import Query, parse
from query.spec import Condition, Moments
from spaces.spec import House

OVERVIEW = ("scope", "classification", "tag", "owner", "age", "inactive", "type", "team", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    query: Query
    total: int
    facets: tuple[Facet, ...]


def countable() -> tuple[Condition, ...]:
    return tuple(one for one in registry.all_conditions() if one.buckets is not None)


def counted_by(word: str) -> Condition:
    """The condition that `word` names and that can be counted by. Raises Refusal."""
    one = registry.by_word().get(word.lower()) or registry.by_word().get(word.lower().rstrip("s"))
    if one is not None and one.buckets is not None:
        return one
    names = [one.name for one in countable()]
    near = difflib.get_close_matches(word.lower(), names, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise Refusal(f"I can't count by “{word[:40]}”.", f"{hint}Count by {', '.join(names)}.")


def count_spaces(
    house: House, text: str, by: Sequence[Condition] = (), *, visible_to: PersonKey | None,
    zone: str = "UTC", most: int = 10, skip: int = 0,
) -> Counted:  # fmt: skip
    """The live spaces that `text` certainly matches, counted by `by`, or by the usual ones.

    Args:
        visible_to: whose spaces; None for compliance, who see all (I13).
        most, skip: values of a condition, the most frequent first.

    Raises:
        QueryFault: the query can't be read.
        Refusal: it took too long.
    """
    query = parse(text)
    moments = Moments(now=house.clock.now(), zone=zone)
    asked = by or [registry.by_word()[name] for name in OVERVIEW]
    with house.store.read() as tx:
        total, facets = count_by(
            tx, query, asked, visible_to=visible_to, moments=moments, most=most, skip=skip
        )
    return Counted(query=query, total=total, facets=facets)


def narrowed(query: Query, part: str) -> str:
    """The query and `part` together; empty where no query may be so long."""
    if not part:
        return ""
    if isinstance(query.tree, tree.All):
        return part
    whole = f"({query.text})" if isinstance(query.tree, tree.Or) else query.text
    try:
        return parse(f"{whole} {part}").text
    except QueryFault:
        return ""
