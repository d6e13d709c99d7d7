"""Search: order, paging, bounds, and that nobody sees what they may not see."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from domain.errors import Refusal
from domain.ids import PersonKey
from domain.spaces import Scope, SpaceType
from query import search as searching
from query.deadline import deadline
from query.language import parse
from query.search import Cursor, Found, Sort, search
from query.spec import Moments
from storage.schema import space
from storage.store import Store, UnitOfWork
from tests.tenants import NOW, Tenant, ago, room_id

MOMENTS = Moments(now=NOW)


def find(
    tx: UnitOfWork, query: str = "all", *, visible_to: int | None = None,
    sort: Sort = Sort.ACTIVITY, after: Cursor | None = None, skip: int = 0, limit: int = 10,
) -> Found:  # fmt: skip
    reader = None if visible_to is None else PersonKey(visible_to)
    return search(
        tx, parse(query), visible_to=reader, moments=MOMENTS, sort=sort, after=after, skip=skip,
        limit=limit,
    )  # fmt: skip


def keys(found: Found) -> list[int]:
    return [int(one.key) for one in found.rows]


def test_the_latest_come_first_and_the_unknown_last(store: Store) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        unknown, old, new = (tenant.space(last_activity=when) for when in (None, ago(9), ago(1)))
        tenant.space(state=1, last_activity=NOW)
        found = find(tx)
        assert keys(found) == [new, old, unknown]
        assert (found.total, found.total_is_bound, found.next) == (3, False, None)


def test_an_empty_query_finds_nothing(store: Store) -> None:
    with store.begin() as tx:
        Tenant(tx).space()
        assert find(tx, "").total == 0
        assert find(tx, "").rows == ()


def test_members_see_their_own_and_no_count_of_others(store: Store) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        mine = tenant.space(title="Plans", members=("ana@ours.example",))
        tenant.space(title="Plans", members=("bo@ours.example",))
        found = find(tx, "plans", visible_to=tenant.person("ana@ours.example"))
        assert keys(found) == [mine]
        assert found.total == 1
        nobody = find(tx, "plans", visible_to=tenant.person("zoe@ours.example"))
        nothing = find(tx, "nosuchword", visible_to=tenant.person("zoe@ours.example"))
        assert nobody == nothing
        assert find(tx, "plans").total == 2


def test_what_is_not_known_is_not_found_under_not_either(store: Store) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        tenant.space(scope=None)
        inside = tenant.space(scope=0)
        assert find(tx, "scope:external").total == 0
        assert keys(find(tx, "-scope:external")) == [inside]


@pytest.mark.parametrize("bound", [searching.BOUND, 5])
@pytest.mark.parametrize("sort", list(Sort))
def test_pages_give_every_row_once(
    store: Store, sort: Sort, bound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "BOUND", bound)
    with store.begin() as tx:
        tenant = Tenant(tx)
        for number in range(23):
            tenant.space(
                title=None if number % 7 == 0 else f"{'aAbB'[number % 4]}{number % 3}",
                last_activity=None if number % 5 == 0 else ago(number % 6),
            )
        whole = keys(find(tx, sort=sort, limit=50))
        assert sorted(whole) == list(range(1, 24))
        paged: list[int] = []
        after: Cursor | None = None
        while True:
            page = find(tx, sort=sort, after=after, limit=4)
            paged += keys(page)
            after = page.next
            if after is None:
                break
        assert paged == whole
        assert keys(find(tx, sort=sort, skip=3, limit=2)) == whole[3:5]
        found = find(tx)
        assert (found.total, found.total_is_bound) == ((5, True) if bound == 5 else (23, False))


def test_a_row_tells_all_that_is_known(store: Store) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        tenant.space(
            title="Q3 plans", tags=("finance", "audit"), classified="Secret", team="none",
            creator="ana@ours.example", scope=1, size=4, last_activity=ago(3), is_locked=True,
        )  # fmt: skip
        tenant.space(last_activity=ago(5), classified="none", team="Design")
        first, second = find(tx).rows
    assert first.id == room_id(1)
    assert (first.title, first.tags, first.classification) == (
        "Q3 plans", ("audit", "finance"), "Secret",
    )  # fmt: skip
    assert (first.team, first.creator, first.scope, first.type) == (
        None, "ana@ours.example", Scope.EXTERNAL, SpaceType.GROUP,
    )  # fmt: skip
    assert (first.size, first.last_activity, first.is_locked) == (4, ago(3), True)
    assert (second.team, second.classification, second.tags) == ("Design", None, ())


def test_a_search_that_takes_too_long_is_refused_and_said_so(store: Store) -> None:
    slow = (
        "SELECT pg_sleep(3)"
        if store.engine.dialect.name == "postgresql"
        else "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e8)"
        " SELECT count(*) FROM n"
    )
    with store.read() as tx, pytest.raises(Refusal, match="too long"), deadline(tx, 0.05):
        tx.connection.execute(text(slow))
    with store.read() as tx, deadline(tx, 5):
        assert tx.connection.execute(text("SELECT 1")).scalar() == 1


PARTS = (
    "plans", "pl", "tag:x", "tag:none", "group:emea", "scope:external", "domain:acme.example",
    "type:direct", "inactive:>90d", "activity:2026", "classification:secret", "created:<2026",
    "size:>=2", "member:ana", "moderator:none", "team:none", "creator:ana", "locked:yes", "all",
    "owner:ana", "owner:none", "state:kept", "held:yes", "ours:yes",
)  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_search_finds_exactly_where_the_predicate_is_true(
    store: Store, data: st.DataObject
) -> None:
    part = st.tuples(st.sampled_from(("", "-")), st.sampled_from(PARTS)).map("".join)
    group = st.lists(part, min_size=1, max_size=3).map(" or ".join)
    signed = st.tuples(st.sampled_from(("", "-")), group).map(lambda two: f"{two[0]}({two[1]})")
    query = parse(" ".join(data.draw(st.lists(signed, min_size=1, max_size=2))))
    maybe = st.sampled_from((True, False))
    with store.begin() as tx:
        tenant = Tenant(tx)
        tenant.group("emea")
        for _ in range(4):
            draw = data.draw
            tenant.space(
                title=draw(st.sampled_from((None, "Plans", "Other"))),
                tags=("x",) if draw(maybe) else (), groups=("emea",) if draw(maybe) else (),
                domains=("acme.example",) if draw(maybe) else (),
                members=("ana@ours.example",) if draw(maybe) else (),
                moderators=("bo@ours.example",) if draw(maybe) else (),
                classified=draw(st.sampled_from((None, "none", "Secret"))),
                team=draw(st.sampled_from((None, "none"))),
                creator=draw(st.sampled_from((None, "ana@ours.example", "bo@ours.example"))),
                type=draw(st.sampled_from((None, 1, 2))), scope=draw(st.sampled_from((None, 0, 1))),
                size=draw(st.sampled_from((None, 1, 2))), is_locked=draw(st.none() | maybe),
                last_human=draw(st.none() | st.integers(80, 100).map(ago)),
                created=draw(st.none() | st.integers(1, 900).map(ago)),
                kept=draw(maybe), held=draw(maybe),
                members_known=draw(maybe), groups_known=draw(maybe), domains_known=draw(maybe),
            )  # fmt: skip
        said = tx.connection.execute(
            select(space.c.id, query.predicate(MOMENTS)).select_from(space)
        )
        expected = {row[0] for row in said if row[1]}
        found = search(tx, query, visible_to=None, moments=MOMENTS)
        assert {int(one.key) for one in found.rows} == expected
        assert found.total == len(expected)
