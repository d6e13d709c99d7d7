"""What would go by a day: the real decision as of then, with full notice from now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import Refusal
from domain.people import Actor
from domain.policies import Ending, PolicyDraft, PolicyState
from query.spec import Moments
from retention.decision import decide
from retention.forecasting import forecast, listed
from retention.holds import place_hold
from retention.pausing import pause_policy
from retention.policies import write_policy
from spaces.spec import House
from storage.schema import decision, space_group, space_name
from tests.retention.officers import CLEANUP, DAY, Watch, in_force
from tests.tenants import Tenant

FUN = PolicyDraft(query="tag:fun", ending=Ending.NOTIFY, period=30 * DAY)


def test_nothing_goes_where_no_policy_is_in_force(house: House, watch: Watch, cleo: Actor) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    found = forecast(house, watch.at + 400 * DAY)
    assert found.ends == ()
    assert found.inventory == 4


def test_each_goes_at_the_earliest_that_notice_and_grace_allow(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora)  # the three of finance are over their period long since
    soonest = watch.at + 30 * DAY + CLEANUP.grace
    assert forecast(house, soonest - timedelta(seconds=1)).ends == ()
    found = forecast(house, soonest)
    assert [one.at for one in found.ends] == [soonest] * 3
    assert found.of(Ending.DELETE) == 3
    assert found.by_month == ((f"{soonest:%Y-%m}", 3),)
    assert [space.shown_title for space, _ in listed(house, found.ends)] == [
        "Budget 0", "Budget 1", "Budget 2",
    ]  # fmt: skip


def test_a_policy_can_be_asked_about_before_it_is_in_force(
    house: House, watch: Watch, cleo: Actor
) -> None:
    write_policy(house, cleo, "fun", FUN)
    assert [v.name for v, _ in forecast(house, watch.at + 60 * DAY, name="fun").by_policy] == [
        "fun"
    ]
    with pytest.raises(Refusal, match="no policy"):
        forecast(house, watch.at + DAY, name="nothing")


def test_a_paused_policy_ends_nothing_and_still_decides(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora, replace(CLEANUP, priority=50))
    in_force(house, watch, cleo, dora, replace(FUN, query="tag:finance"), name="tell")
    assert forecast(house, watch.at + 90 * DAY).of(Ending.DELETE) == 3
    pause_policy(house, cleo, "cleanup")
    assert forecast(house, watch.at + 90 * DAY).ends == ()


def test_what_is_held_does_not_go_and_what_has_no_cap_is_named(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora, replace(CLEANUP, cap=None))
    assert forecast(house, watch.at + 90 * DAY).idle == ("cleanup",)
    place_hold(house, cleo, "audit", tags=("finance",))
    assert forecast(house, watch.at + 90 * DAY).ends == ()


def test_a_group_that_is_known_today_counts_for_a_day_that_is_far(
    house: House, watch: Watch, cleo: Actor
) -> None:
    with house.store.begin() as tx:
        group = Tenant(tx).group("alpha", read_at=watch.at)
        space = tx.connection.execute(select(space_name.c.space_id).limit(1)).scalar_one()
        tx.connection.execute(space_group.insert().values(space_id=space, group_id=group))
        tx.commit()
    write_policy(house, cleo, "alpha", replace(FUN, query="group:alpha"))
    found = forecast(house, watch.at + 60 * DAY, name="alpha")
    assert [one.space for one in found.ends] == [space]
    assert found.unknown == 0


def test_it_is_what_the_decision_says_on_that_day_and_writes_nothing(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora)
    then = watch.at + 200 * DAY
    found = forecast(house, then)
    with house.store.begin() as tx:
        assert tx.connection.execute(decision.select()).all() == []
        decide(tx, tx.policies.holding(), Moments(now=then), generation=1)
        rows = tx.connection.execute(decision.select().where(decision.c.due <= then)).all()
    assert {one.space for one in found.ends} == {row.space_id for row in rows}
    with house.store.read() as tx:
        assert {one.state for one in tx.policies.holding()} == {PolicyState.ACTIVE}
