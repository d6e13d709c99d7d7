"""Finding spaces for a reader: by a query in words, by what a card's fields say, or by both.

Decides how fields become one query, what a query with a fault may have meant, and which page
is shown. What matches is the query's, and who may see what `query.search`'s own business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.finding import USUAL, Column, Layout
from domain.ids import PersonKey, SpaceKey
from domain.people import Person
from domain.spaces import Space, SpaceType
from query import registry, tree
from query.faults import QueryFault
from query.language import Query, build, parse
from query.listing import owners_among, states_of
from query.search import BOUND, search
from query.spec import ANY, Moments
from spaces.spec import House

_TOKEN = re.compile(r'[^\W\d_]\w*:(?:"[^"]*"|[^\s"()])*|[^\s()]+')
_LOOSE = re.compile(r'"[^"]*"|(?<![\w:])([^\W\d_]\w*):\s+(?=[^\s()])')


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of what was found. With `total_is_bound` there are more than `total`.

    `people` are those of the direct conversations among the rows, which have no title;
    `owners` are those who would be warned of each of the others; `states` are how they stand
    under the policies, where that was asked for.
    """

    query: Query
    rows: tuple[Space, ...]
    number: int
    total: int
    total_is_bound: bool
    people: Mapping[SpaceKey, tuple[Person, ...]] = field(default_factory=dict)
    owners: Mapping[SpaceKey, tuple[Person, ...]] = field(default_factory=dict)
    states: Mapping[SpaceKey, str] = field(default_factory=dict)


def find_spaces(
    house: House, text: str, *, visible_to: PersonKey | None, zone: str = "UTC", page: int = 1,
    per_page: int = 10, layout: Layout = USUAL,
) -> Page:  # fmt: skip
    """A page of the live spaces that the query `text` certainly matches.

    A page behind the last one is the last one.

    Args:
        visible_to: whose spaces; None for compliance, who see all (I13).
        zone: the reader's, for what a date means.

    Raises:
        QueryFault: the query can't be read.
        Refusal: it took too long.
    """
    query = parse(text)
    moments = Moments(now=house.clock.now(), zone=zone)
    number = min(max(page, 1), BOUND // per_page)
    with house.store.read() as tx:
        while True:
            found = search(
                tx, query, visible_to=visible_to, moments=moments, limit=per_page,
                skip=(number - 1) * per_page, sort=layout.sort, falls=layout.falls,
            )  # fmt: skip
            last = max(1, -(-found.total // per_page))
            if found.rows or number <= last:
                break
            number = last
        people = {
            space.key: tuple(person for person, _ in tx.spaces.members(space.key, limit=3))
            for space in found.rows
            if space.type is SpaceType.DIRECT
        }
        titled = [space.key for space in found.rows if space.key not in people]
        owners = owners_among(tx, titled)
        wants_states = Column.STATE in layout.columns
        states = states_of(tx, [s.key for s in found.rows], moments) if wants_states else {}
    return Page(
        query=query, rows=found.rows, number=number, total=found.total,
        total_is_bound=found.total_is_bound, people=people, owners=owners, states=states,
    )  # fmt: skip


def write_query(words: str, filled: Mapping[str, str]) -> str:
    """One query of what was written and what fields say: all of it must hold.

    Args:
        filled: the name of a condition, and what stands in its field.

    Raises:
        QueryFault: the words, or a field, can't be read.
    """
    written = parse(tidy(words))
    parts = [] if written.is_empty else [_whole(written)]
    for condition in registry.all_conditions():
        value = filled.get(condition.name, "").strip()
        if not value or value == ANY:
            continue
        try:
            parts.append(build(condition, value).key)
        except ValueError as no:
            raise QueryFault(f"{condition.label}: {no}", text=value) from None
    return parse(" ".join(parts)).text


def tidy(words: str) -> str:
    """``tag: finance`` is ``tag:finance``, as people write it; nothing changes in quotes."""

    def joined(found: re.Match[str]) -> str:
        word = found[1]
        return f"{word}:" if word and word.lower() in registry.by_word() else found[0]

    return _LOOSE.sub(joined, words)


def corrections(fault: QueryFault) -> tuple[str, ...]:
    """Whole queries that may have been meant, best first; each of them can be read."""
    token = _TOKEN.match(fault.text, fault.column)
    if token is None:
        return ()
    whole = [
        f"{fault.text[: fault.column]}{word}{fault.text[token.end() :]}"
        for word in fault.suggestions
    ]
    return tuple(query for query in whole if _reads(query))


def _whole(query: Query) -> str:
    return f"({query.text})" if isinstance(query.tree, tree.Or) else query.text


def _reads(text: str) -> bool:
    try:
        parse(text)
    except QueryFault:
        return False
    return True
