"""What a change of policies changes, by name, on both sides the whole decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.retiring import retiring_card
from domain.ids import PolicyVersionKey, SpaceKey
from domain.people import Actor
from domain.policies import Ending, PolicyDraft, PolicyState, PolicyVersion, Ruling
from query.spec import Moments
from retention.agreeing import AskedAgain, approve_policy, listed, simulate_change
from retention.decision import explain
from retention.differing import DANGEROUS, Difference, Moved, differ
from retention.policies import Shown, write_policy
from retention.retiring import TakingAway, retire_policy
from spaces.spec import House
from storage.store import Store, UnitOfWork
from tests.retention import companies
from tests.retention.officers import CLEANUP, DAY, Watch, in_force, shown
from tests.retention.oracle import Facts, Holds, Policy
from tests.retention.test_decision import MOMENTS, put, version
from tests.tenants import NOW, ago


def newer(of: PolicyVersion, **parts: Any) -> PolicyVersion:
    """Version 2 of the policy of `of`."""
    made = version(9, of.query, **({"ending": of.ending, "period": of.period} | parts))
    return replace(made, policy=of.policy, priority=of.priority)


def moved(tx: UnitOfWork, keys: Sequence[SpaceKey], change: Difference) -> list[Moved | None]:
    return [change.moving(key).how for key in keys]


def test_each_way_in_which_an_end_can_change(store: Store) -> None:
    old = version(1, "tag:x", priority=50)
    spaces = [Facts(last_human=ago(10), tags=("x",)), Facts(last_human=ago(10), tags=("y",))]
    with store.begin() as tx:
        keys = put(tx, spaces, Holds())
        for parts, expected in (
            ({"query": "tag:x,y"}, [None, Moved.NEWLY]),
            ({"query": "tag:y"}, [Moved.RELEASED, Moved.NEWLY]),
            ({"period": 100 * DAY}, [Moved.SOONER, None]),
            ({"period": 500 * DAY}, [Moved.LATER, None]),
            ({"ending": Ending.BLOCK}, [Moved.OTHERWISE, None]),
            ({"ending": Ending.KEEP, "period": None}, [Moved.RELEASED, None]),
            ({}, [None, None]),
        ):
            parts = {"query": "tag:x"} | parts
            query = str(parts.pop("query"))
            new = newer(version(1, query, priority=50), **parts)
            change = differ(tx, [old], MOMENTS, new)
            assert moved(tx, keys, change) == expected, parts
            assert sum(change.counts.values()) == sum(how is not None for how in expected)


def test_a_keep_that_is_narrowed_shows_what_others_then_end(store: Store) -> None:
    keep = version(1, "all", ending=Ending.KEEP, period=None, priority=10)
    ends = version(2, "tag:x", priority=20)
    spaces = [
        Facts(last_human=ago(400), tags=("x",)), Facts(last_human=ago(400), tags=("y",)),
        Facts(last_human=ago(400), tags=("z",)),
    ]  # fmt: skip
    with store.begin() as tx:
        keys = put(tx, spaces, Holds())
        change = differ(tx, [keep, ends], MOMENTS, newer(version(1, "tag:y", priority=10),
                        ending=Ending.KEEP, period=None))  # fmt: skip
        assert moved(tx, keys, change) == [Moved.NEWLY, None, Moved.UNKEPT]
        assert [one.space for one in change.targets] == [keys[1]]
        assert change.besides == (keys[0], keys[2])
        gone = differ(tx, [keep, ends], MOMENTS, keep, is_taken_away=True)
        assert moved(tx, keys, gone) == [Moved.NEWLY, Moved.UNKEPT, Moved.UNKEPT]
        assert (gone.targets, gone.besides) == ((), tuple(keys))
        assert gone.keys()[0] == keys[0]


def test_holds_outsiders_and_other_policies_are_told(store: Store) -> None:
    spaces = [
        Facts(last_human=ago(10), tags=("x",), scope=1),
        Facts(last_human=ago(10), tags=("x", "y"), scope=1),
        Facts(last_human=ago(10), tags=("x", "z")),
        Facts(last_human=ago(10), tags=("x",), is_held=True),
        Facts(tags=("x",)),
    ]
    first = version(1, "tag:y", priority=10, ending=Ending.KEEP, period=None)
    last = version(2, "tag:z", priority=90)
    with store.begin() as tx:
        keys = put(tx, spaces, Holds())
        change = differ(tx, [first, last], MOMENTS, version(3, "tag:x", priority=50))
        assert [one.space for one in change.targets] == [keys[0], keys[2]]
        assert (change.outsiders, change.held, change.unknown) == (1, 1, 1)
        assert (change.takes_over, change.outweighed) == ((("p2", 1),), (("p1", 1),))
        assert change.moving(keys[3]).is_held
        assert change.moving(keys[0]).has_outsiders
        assert set(change.keys()) == {keys[0], keys[2], keys[3]}


@pytest.mark.parametrize("seed", range(3))
def test_both_sides_are_the_decision_itself(store: Store, seed: int) -> None:
    with store.begin() as tx:
        company = companies.Company(tx, companies.population(seed, 12))

        @settings(max_examples=12, deadline=None, database=None)
        @given(companies.policies.filter(bool), st.integers(0, 20))
        def go(drawn: list[Policy], place: int) -> None:
            versions = [companies.version_of(one) for one in drawn]
            old, changed = versions[place % len(versions)], versions[-1]
            changed = replace(
                changed, policy=old.policy, key=PolicyVersionKey(99), state=PolicyState.SIMULATION
            )
            policies = [
                one for one in versions
                if one.state in (PolicyState.ACTIVE, PolicyState.PAUSED)
            ]  # fmt: skip
            compare(tx, company.keys, policies, changed)

        go()


def compare(
    tx: UnitOfWork, keys: Sequence[SpaceKey], policies: Sequence[PolicyVersion],
    changed: PolicyVersion,
) -> None:  # fmt: skip
    after = [one for one in policies if one.policy != changed.policy]
    after.append(replace(changed, state=PolicyState.ACTIVE))
    change = differ(tx, policies, MOMENTS, changed)
    hits = {target.space: target.due for target in change.targets}
    for key in keys:
        one = change.moving(key)
        for side, said in (
            (one.was, explain(tx, key, policies, MOMENTS)),
            (one.now, explain(tx, key, after, MOMENTS)),
        ):
            assert (side.ruling, side.due) == (said.ruling, said.due)
            assert (side.version.key if side.version else None) == said.version_key
        decides = one.now.ruling in (Ruling.DATED, Ruling.KEEP)
        mine = one.now.version is not None and one.now.version.key == changed.key
        assert (key in hits) == (decides and mine)
        assert (key in change.besides) == (one.how in DANGEROUS and key not in hits)


def test_who_agrees_agrees_to_what_others_then_end_too(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    keep = PolicyDraft(query="tag:fun,finance", ending=Ending.KEEP, period=None, priority=10)
    in_force(house, watch, cleo, dora, keep, "books")
    in_force(house, watch, cleo, dora)
    with house.store.read() as tx:
        held = next(one for one in tx.policies.all() if one.name == "books")
    write_policy(house, cleo, "books", replace(keep, query="tag:fun"), after=held.key)
    made = simulate_change(house, dora, "books")
    assert dict(made.view.changes) == {"newly hit": 3}
    assert (made.view.targets, len(made.difference.besides)) == (1, 3)
    assert [hit.space.shown_title[:6] for hit in made.view.sample][:3] == ["Budget"] * 3
    assert {hit.by for hit in made.view.sample[:3]} == {"cleanup"}
    assert len(list(listed(house, made.difference))) == 4
    before = shown(house, dora, "books")
    with house.store.begin() as tx:  # one more is released to the other policy meanwhile
        tx.tags.add(made.view.sample[3].space.key, ("finance",), None)
        tx.tags.remove(made.view.sample[3].space.key, ("fun",))
        tx.commit()
    again = approve_policy(house, dora, "books", code=before.code)
    assert isinstance(again, AskedAgain)
    assert again.view.targets_hash != before.targets_hash
    assert isinstance(approve_policy(house, dora, "books", code=again.view.code), Shown)


def test_who_agrees_agrees_to_how_protection_is_lost_and_not_only_where(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    keep = PolicyDraft(query="tag:fun,finance", ending=Ending.KEEP, period=None, priority=10)
    in_force(house, watch, cleo, dora, keep, "books")
    in_force(house, watch, cleo, dora, replace(CLEANUP, period=3650 * DAY))
    with house.store.read() as tx:
        held = next(one for one in tx.policies.all() if one.name == "books")
    write_policy(house, cleo, "books", replace(keep, query="tag:fun"), after=held.key)
    before = shown(house, dora, "books")
    assert shown(house, dora, "books").targets_hash == before.targets_hash
    in_force(house, watch, cleo, dora)  # the ten years of the others are ninety days now
    again = approve_policy(house, dora, "books", code=before.code)
    assert isinstance(again, AskedAgain)
    assert "nothing was agreed to" in again.why
    assert dict(again.view.changes) == dict(before.changes)
    assert isinstance(approve_policy(house, dora, "books", code=again.view.code), Shown)


def test_a_new_policy_over_nothing_is_no_difference(house: House, cleo: Actor, dora: Actor) -> None:
    never = PolicyDraft(query="tag:never", ending=Ending.NOTIFY, period=timedelta(days=90))
    write_policy(house, cleo, "nothing", never)
    made = simulate_change(house, dora, "nothing")
    assert (made.view.targets, made.view.changes, made.difference.keys()) == (0, (), [])
    with house.store.read() as tx, pytest.raises(LookupError):
        explain(tx, SpaceKey(404), [], Moments(now=NOW))


def test_taking_a_policy_away_tells_what_others_then_do(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    keep = PolicyDraft(query="tag:finance", ending=Ending.KEEP, period=None, priority=10)
    in_force(house, watch, cleo, dora, keep, "books")
    in_force(house, watch, cleo, dora)
    view = going(house, cleo, "books").view
    assert view.changes == (("newly hit", 3),)
    assert {(hit.space.shown_title[:6], hit.by) for hit in view.sample} == {("Budget", "cleanup")}
    other = going(house, cleo, "cleanup").view
    assert (other.changes, other.sample, other.losing) == ((), (), 0)
    text = retiring_card(view).text
    assert "Newly hit: 3 spaces" in text
    assert "by cleanup" in text


def going(house: House, actor: Actor, name: str) -> TakingAway:
    made = retire_policy(house, actor, name)
    assert isinstance(made, TakingAway)
    return made
