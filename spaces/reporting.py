"""The figures of the company, or of one's own spaces: each number with the search behind it.

Decides which figures there are; numbers are `query.facets`'s and `query.growing`'s. Everything is
read from one state of the database in a bounded handful of statements.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from domain.ids import PersonKey
from query import registry
from query.facets import Facet, count_by
from query.growing import Month, crawled, growth, outsiders
from query.language import Query, parse
from query.spec import Condition, Moments
from spaces.spec import House

FIGURES = (
    "type", "scope", "inactive", "age", "size", "classification", "owner", "domain", "state",
)  # fmt: skip
MONTHS = 12
MOST = 12
"""Values of a figure that only the data can name, such as outside domains."""
MOST_IN_FILE = 1_000
SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`outsiders` are people of each outside domain; `looks` what complete looks at the company
    have counted, for compliance and the whole company alone."""

    query: Query
    total: int
    figures: tuple[Facet, ...]
    months: tuple[Month, ...]
    outsiders: dict[str, int]
    looks: tuple[tuple[datetime, int], ...]
    inventory_at: datetime | None
    is_complete: bool


def report(
    house: House, text: str, *, visible_to: PersonKey | None, zone: str = "UTC", most: int = MOST
) -> Report:
    """The figures of the live spaces that `text` certainly matches.

    Args:
        visible_to: whose spaces; None for compliance, who see all (I13).

    Raises:
        QueryFault: the query can't be read.
        Refusal: it took too long.
    """
    query = parse(text)
    moments = Moments(now=house.clock.now(), zone=zone)
    asked = [_figure(name) for name in FIGURES]
    with house.store.read() as tx:
        total, figures = count_by(
            tx, query, asked, visible_to=visible_to, moments=moments, most=most, seconds=SECONDS
        )
        is_company = visible_to is None and query.text == "all"
        last = tx.crawls.last(complete=True)
        latest = tx.crawls.last()
        return Report(
            query=query, total=total, figures=figures,
            months=growth(
                tx, query, visible_to=visible_to, moments=moments, months=MONTHS, seconds=SECONDS
            ),
            outsiders=outsiders(
                tx, query, visible_to=visible_to, moments=moments, most=most, seconds=SECONDS
            ),
            looks=crawled(tx, months=MONTHS, now=moments.now) if is_company else (),
            inventory_at=last.finished_at if last else None,
            is_complete=latest is not None and latest.is_complete,
        )  # fmt: skip


def _figure(name: str) -> Condition:
    """Of owners only that there are none: the others are counted by `facets`."""
    one = registry.by_word()[name]
    if name != "owner" or one.buckets is None:
        return one
    return replace(one, buckets=replace(one.buckets, values=None))
