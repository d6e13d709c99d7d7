"""How many spaces were made in each month, and how many the crawls have counted: in one
statement each. Months are the reader's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Integer, case, cast, func, select

from domain.ids import PersonKey
from query.deadline import deadline
from query.language import Query, parse
from query.search import SECONDS, visible
from query.spec import Moments
from storage.schema import crawl, domain, membership, person, space
from storage.store import UnitOfWork

MOST_CRAWLS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """`made` of the spaces that live now; `then` of them were there at its end."""

    name: str
    query: str
    made: int
    then: int


def growth(
    tx: UnitOfWork, query: Query, *, visible_to: PersonKey | None, moments: Moments,
    months: int = 12, seconds: float = SECONDS,
) -> tuple[Month, ...]:  # fmt: skip
    """The last `months` months, the current one included, oldest first."""
    names = _months(moments, months)
    where = visible(query.where(moments), visible_to)
    asked = [parse(f"created:{name}").predicate(moments) for name in names]
    before = parse(f"created:<{names[0]}").predicate(moments)
    sums = [func.sum(func.coalesce(cast(one, Integer), 0)) for one in (before, *asked)]
    with deadline(tx, seconds):
        row = tx.connection.execute(select(*sums).select_from(space).where(*where)).one()
    there, found = int(row[0] or 0), []
    for name, made in zip(names, row[1:], strict=True):
        there += int(made or 0)
        found.append(Month(name=name, query=f"created:{name}", made=int(made or 0), then=there))
    return tuple(found)


def crawled(tx: UnitOfWork, *, months: int, now: datetime) -> tuple[tuple[datetime, int], ...]:
    """(when, how many spaces of ours lived) as complete looks at the company counted them: the
    last look of each month. For compliance alone."""
    found = (
        select(crawl.c.finished_at, crawl.c.spaces)
        .where(
            crawl.c.is_complete,
            crawl.c.spaces.is_not(None),
            crawl.c.finished_at > now - timedelta(days=31 * months),
        )
        .order_by(crawl.c.finished_at.desc())
        .limit(MOST_CRAWLS)
    )
    last: dict[str, tuple[datetime, int]] = {}
    for at, spaces in tx.connection.execute(found):
        last.setdefault(f"{at:%Y-%m}", (at, spaces))
    return tuple(sorted(last.values()))


def outsiders(
    tx: UnitOfWork, query: Query, *, visible_to: PersonKey | None, moments: Moments,
    most: int, seconds: float = SECONDS,
) -> dict[str, int]:  # fmt: skip
    """How many people of each outside domain are known to be in the spaces; the most first."""
    keys = select(space.c.id).where(*visible(query.where(moments), visible_to))
    theirs = select(membership.c.person_id).where(membership.c.space_id.in_(keys)).distinct()
    found = (
        select(domain.c.name, func.count())
        .join(person, person.c.domain_id == domain.c.id)
        .where(case((person.c.is_ours.is_(False), 1), else_=0) == 1, person.c.id.in_(theirs))
        .group_by(domain.c.name)
        .order_by(func.count().desc(), domain.c.name)
        .limit(most)
    )
    with deadline(tx, seconds):
        return {row[0]: row[1] for row in tx.connection.execute(found)}


def _months(moments: Moments, months: int) -> Sequence[str]:
    try:
        here = moments.now.astimezone(ZoneInfo(moments.zone))
    except (ZoneInfoNotFoundError, ValueError):
        here = moments.now
    number = here.year * 12 + here.month - 1
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(number - months + 1, number + 1)]
