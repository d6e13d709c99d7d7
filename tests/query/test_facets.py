"""Counting an answer by what it is: each number is that of the search behind it."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import update

from domain.ids import PersonKey
from query import registry
from query.facets import Facet, count_by
from query.language import parse
from query.search import search
from query.spec import Moments
from storage.schema import team
from storage.store import Store, UnitOfWork
from tests.tenants import NOW, Tenant, ago

MOMENTS = Moments(now=NOW)
COUNTED = tuple(one for one in registry.all_conditions() if one.buckets is not None)
NEVER_UNKNOWN = ("tag", "state", "held")
"""Nobody here is under a hold, so it is known that no hold reaches a space by its people."""
BY = {one.name: one for one in COUNTED}


def counted(
    tx: UnitOfWork, query: str = "all", *by: str, visible_to: int | None = None, **more: int
) -> dict[str, Facet]:
    reader = None if visible_to is None else PersonKey(visible_to)
    asked = [BY[name] for name in by] or list(COUNTED)
    _, facets = count_by(tx, parse(query), asked, visible_to=reader, moments=MOMENTS, **more)
    return {one.name: one for one in facets}


def some_company(tx: UnitOfWork, spaces: int = 60) -> Tenant:
    """Of everything something, and of everything something that is not known."""
    tenant, rng = Tenant(tx), random.Random(7)  # noqa: S311
    people = ("ana@ours.example", "bo@ours.example", "cy@ours.example")
    for group in ("emea", "apac"):
        tenant.group(group)
    for number in range(spaces):
        tenant.space(
            title=rng.choice((None, "Plans", f"Other {number}")), type=rng.choice((None, 1, 2)),
            tags=tuple(t for t in ("finance", "q 3", "none-such") if rng.random() < 0.3),
            groups=tuple(g for g in ("emea", "apac") if rng.random() < 0.3),
            domains=tuple(d for d in ("acme.example", "b.example") if rng.random() < 0.2),
            members=tuple(p for p in people if rng.random() < 0.5),
            moderators=tuple(p for p in people if rng.random() < 0.2),
            classified=rng.choice((None, "none", "Secret", "Public")),
            team=rng.choice((None, "none", "The A Team", "the a team", "nameless")),
            scope=rng.choice((None, 0, 1)),
            creator=rng.choice((None, *people)), size=rng.choice((None, 0, 1, 2, 10, 60, 999)),
            last_human=rng.choice((None, ago(30), ago(rng.randint(0, 900)))),
            created=rng.choice((None, ago(180), ago(rng.randint(0, 2000)))),
            is_locked=rng.choice((None, True, False)), is_ours=rng.choice((None, True, False)),
            running=rng.choice(("", "", "due", "needs attention")), kept=rng.random() < 0.1,
            held=rng.random() < 0.1, members_known=rng.random() < 0.8,
            groups_known=rng.random() < 0.8, domains_known=rng.random() < 0.8,
        )  # fmt: skip
    tx.connection.execute(update(team).where(team.c.name == "nameless").values(name=""))
    return tenant


@pytest.mark.parametrize("query", ["all", "plans", "-tag:finance scope:external"])
def test_each_number_is_that_of_the_search_behind_it(store: Store, query: str) -> None:
    with store.begin() as tx:
        some_company(tx)
        total = search(tx, parse(query), visible_to=None, moments=MOMENTS).total
        for facet in counted(tx, query).values():
            for part in facet.parts:
                narrowed = parse(f"({query}) {part.query}")
                found = search(tx, narrowed, visible_to=None, moments=MOMENTS).total
                assert found == part.number, (facet.name, part)
            if facet.is_one:
                said = sum(part.number for part in facet.parts) + facet.unknown
                assert said == total, facet


def test_every_value_of_the_company_turns_up(store: Store) -> None:
    with store.begin() as tx:
        some_company(tx)
        facets = counted(tx)
        labels = {name: {part.label for part in one.parts} for name, one in facets.items()}
        assert {"finance", "q 3", "Without a tag"} <= labels["tag"]
        assert labels["team"] == {"The A Team", "In no team"}
        assert labels["domain"] == {"acme.example", "b.example"}
        assert {"ana@ours.example", "Without an owner"} <= labels["owner"]
        assert {"Nothing runs", "Due, not yet warned", "On hold"} <= labels["state"]
        assert all(one.unknown for name, one in facets.items() if name not in NEVER_UNKNOWN)


def test_the_most_frequent_come_first_and_the_others_on_later_pages(store: Store) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        for number in range(1, 8):
            for _ in range(number):
                tenant.space(tags=(f"tag{number}",))
        first = counted(tx, "all", "tag", most=3)["tag"]
        assert [p.label for p in first.parts] == ["tag7", "tag6", "tag5", "Without a tag"]
        assert first.more == 4
        second = counted(tx, "all", "tag", most=3, skip=6)["tag"]
        assert [(p.label, p.number) for p in second.parts] == [("tag1", 1)]
        assert second.more == 0


def test_what_one_may_not_see_is_in_no_number_and_no_value(store: Store) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        tenant.space(tags=("mine",), members=("ana@ours.example",), scope=0)
        before = counted(tx, visible_to=tenant.person("ana@ours.example"))
        tenant.space(
            tags=("secret",), members=("bo@ours.example",), team="Merger", groups=("board",),
            classified="Secret", domains=("rival.example",), scope=1, creator="bo@ours.example",
        )  # fmt: skip
        assert counted(tx, visible_to=tenant.person("ana@ours.example")) == before
        assert counted(tx, visible_to=tenant.person("zoe@ours.example"))["tag"].parts[0].number == 0
