"""Policies are written in versions, listed, and put in force; keeps come first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain.audit import Word
from domain.errors import Refusal
from domain.people import Actor
from domain.policies import Basis, Ending, PolicyDraft, PolicyState, PolicyVersion, Ruling
from query.spec import Moments
from retention.agreeing import approve_policy, simulate_policy
from retention.decision import decide, would_hit
from retention.drafting import check_priority
from retention.filing import How, compare, read_file, write_file
from retention.pausing import (
    house_pause,
    house_resume,
    pause_policy,
)
from retention.policies import put_in_force, show_policy, write_policy
from retention.retiring import retire_policy
from spaces.spec import House
from storage.schema import decision, not_before
from storage.store import Store
from tests.retention.companies import population
from tests.retention.officers import CLEANUP, DAY, Watch, agree, in_force, shown, words
from tests.retention.oracle import Facts, Holds
from tests.retention.test_decision import put, version
from tests.tenants import NOW, ago


def test_names_differ_by_more_than_case_and_spaces(house: House, cleo: Actor) -> None:
    write_policy(house, cleo, "Old  plans", CLEANUP)
    with pytest.raises(Refusal, match="There is a policy “Old plans” already"):
        write_policy(house, cleo, "old plans", replace(CLEANUP, cap=51))
    assert show_policy(house, " OLD plans ").version.name == "Old plans"


def test_the_same_words_said_twice_are_one_policy(house: House, cleo: Actor, dora: Actor) -> None:
    first = write_policy(house, cleo, "cleanup", CLEANUP)
    assert write_policy(house, cleo, "cleanup", CLEANUP).version == first.version
    assert words(house) == [Word.POLICY_WRITE]
    with pytest.raises(Refusal, match="already"):
        write_policy(house, dora, "cleanup", CLEANUP)


def test_a_change_is_the_next_version_and_comes_after_the_one_that_was_seen(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    one = in_force(house, watch, cleo, dora)
    two = write_policy(house, dora, "cleanup", replace(CLEANUP, cap=80), after=one.key)
    assert (two.version.number, two.version.state) == (2, PolicyState.SIMULATION)
    assert two.holding is not None
    assert two.holding.key == one.key
    with pytest.raises(Refusal, match="changed meanwhile"):
        write_policy(house, cleo, "cleanup", replace(CLEANUP, cap=90), after=one.key)
    with house.store.read() as tx:
        assert [v.number for v in tx.policies.versions(one.policy)] == [2, 1]
        assert [v.key for v in tx.policies.holding()] == [one.key]


def test_a_floor_in_force_is_made_longer_and_never_shorter(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    books = PolicyDraft(
        query="tag:finance", ending=Ending.KEEP, period=3650 * DAY, is_floor=True,
        basis=Basis.CREATED,
    )  # fmt: skip
    held = in_force(house, watch, cleo, dora, books, "books")
    for less in (
        {"period": 3649 * DAY}, {"query": "tag:finance size:>2"}, {"basis": Basis.ACTIVITY},
        {"is_floor": False, "period": None},
    ):  # fmt: skip
        with pytest.raises(Refusal, match="never shorter"):
            write_policy(house, cleo, "books", replace(books, **less), after=held.key)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="can't be taken away"):
        retire_policy(house, cleo, "books")
    longer = replace(books, period=None)
    assert write_policy(house, cleo, "books", longer, after=held.key).version.period is None


def test_a_wider_version_waits_while_the_old_one_holds(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    one = in_force(house, watch, cleo, dora)
    with house.store.begin() as tx:
        decide(tx, tx.policies.holding(), Moments(now=tx.now), generation=1)
        tx.commit()
    write_policy(house, cleo, "cleanup", replace(CLEANUP, query="all"), after=one.key)
    watch.at += 9 * DAY
    assert put_in_force(house) == ()
    assert show_policy(house, "cleanup").holding == one
    with pytest.raises(Refusal, match="You wrote version 2"):
        approve_policy(house, cleo, "cleanup")
    agree(house, dora)
    assert show_policy(house, "cleanup").holding == one
    watch.at += 2 * DAY
    [two] = put_in_force(house)
    assert (two.number, two.state) == (2, PolicyState.ACTIVE)
    with house.store.read() as tx:
        left = list(tx.connection.execute(select(not_before.c.space_id, not_before.c.until)))
    assert sorted(row[0] for row in left) == [1, 2, 3]  # what the old one decided
    assert {row[1] for row in left} == {watch.at + 7 * DAY}


def test_while_everything_is_paused_nothing_comes_into_force(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    agree(house, dora)
    watch.at += 2 * DAY
    house_pause(house, cleo, "audit")
    assert put_in_force(house) == ()
    house_resume(house, cleo)
    assert len(put_in_force(house)) == 1


KEEP = PolicyDraft(query="tag:finance", ending=Ending.KEEP, period=None)


def test_a_keep_that_only_protects_holds_at_once(house: House, cleo: Actor, dora: Actor) -> None:
    write_policy(
        house, cleo, "legal", PolicyDraft(query="tag:fun", ending=Ending.KEEP, period=None)
    )
    view = shown(house, dora, "legal")
    assert view.targets == 1
    agreed = agree(house, dora, "legal")
    assert agreed.version.state is PolicyState.ACTIVE


def test_nothing_that_ends_spaces_decides_before_a_keep(house: House, cleo: Actor) -> None:
    write_policy(house, cleo, "legal", replace(KEEP, priority=50))
    with pytest.raises(Refusal, match="may decide before it"):
        write_policy(house, cleo, "cleanup", replace(CLEANUP, priority=49))
    write_policy(house, cleo, "cleanup", replace(CLEANUP, priority=50))
    with pytest.raises(Refusal, match="would not keep what it says"):
        write_policy(house, cleo, "more", replace(KEEP, priority=51))
    write_policy(house, cleo, "more", replace(KEEP, priority=1))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_adding_a_policy_that_ends_never_shortens_a_keep(
    sqlite_store: Store, data: st.DataObject
) -> None:
    spaces = population(data.draw(st.integers(0, 10_000)), 8)
    held: list[PolicyVersion] = []
    for number in range(1, data.draw(st.integers(1, 5)) + 1):
        one = data.draw(_versions(number))
        if _may_stand(one, held):
            held.append(one)
    added = data.draw(_versions(9).filter(lambda one: one.ending is not Ending.KEEP))
    if not _may_stand(added, held):
        return
    with sqlite_store.begin() as tx:
        put(tx, spaces, Holds())
        before = _kept(tx, held)
        after = _kept(tx, [*held, added])
        assert before <= after


@st.composite
def _versions(draw: st.DrawFn, number: int) -> PolicyVersion:
    ending = draw(st.sampled_from(Ending))
    query = draw(st.sampled_from(("all", "tag:x", "-tag:y", "tag:x or scope:external", "size:>2")))
    return version(
        number, query, ending=ending, priority=draw(st.integers(1, 3)),
        period=None if ending is Ending.KEEP else draw(st.integers(1, 900)) * DAY,
        includes_direct=draw(st.booleans()),
    )  # fmt: skip


def _may_stand(one: PolicyVersion, others: Sequence[PolicyVersion]) -> bool:
    draft = PolicyDraft(
        query=one.query, ending=one.ending, period=one.period, priority=one.priority
    )
    try:
        check_priority(draft, others)
    except Refusal:
        return False
    return True


def _kept(tx: Any, policies: Sequence[PolicyVersion]) -> set[int]:
    decide(tx, policies, Moments(now=NOW), generation=1)
    keep = list(Ruling).index(Ruling.KEEP)
    return set(tx.connection.scalars(select(decision.c.space_id).where(decision.c.ruling == keep)))


def test_a_simulation_of_a_keep_counts_what_it_keeps(store: Store) -> None:
    with store.begin() as tx:
        keys = put(tx, [Facts(tags=("x",), last_human=ago(1)), Facts(last_human=ago(1))], Holds())
        keep = version(1, "tag:x", ending=Ending.KEEP, period=None)
        hit = would_hit(tx, keep, [], Moments(now=NOW))
        assert [(one.space, one.due) for one in hit.targets] == [(keys[0], None)]


def test_a_version_goes_through_its_stages_and_a_paused_one_says_so(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    def stage() -> str:
        return str(show_policy(house, "cleanup").version.stage)

    write_policy(house, cleo, "cleanup", CLEANUP)
    assert stage() == "draft"
    simulate_policy(house, cleo, "cleanup")
    assert stage() == "simulating"
    agree(house, dora)
    assert stage() == "approved"
    watch.at += 2 * DAY
    put_in_force(house)
    assert stage() == "active"
    pause_policy(house, cleo, "cleanup")
    assert stage() == "paused"
    with house.store.read() as tx:
        assert "state: paused" in write_file(tx.policies.all())
        again = read_file(write_file(tx.policies.all()).encode())
    assert [one.how for one in compare(house, again)] == [How.SAME]
    now = show_policy(house, "cleanup").version.key
    write_policy(house, cleo, "cleanup", replace(CLEANUP, cap=51), after=now)
    assert stage() == "draft"
