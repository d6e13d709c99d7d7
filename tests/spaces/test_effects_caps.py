"""How much may be destroyed: counted by the server's log, over runs, restarts and processes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.clock import Clock
from domain.errors import Stale
from domain.ids import PolicyVersionKey
from domain.intents import Outcome
from domain.policies import Ending, PolicyDraft, PolicyVersion
from sandbox.handle import Control, Handle
from spaces.effects import CapReached, perform
from spaces.spec import House, Limits
from storage.store import Store
from tests.dying import child, delete_all
from tests.effects import ENOUGH, deletion, destroyed, house_on, inventory, moderated
from webex.sdk import SdkWebex

NONE_ALLOWED = [0, -1, -0.5, 0.5, float("nan"), float("inf"), float("-inf"), True, None, "5"]


@pytest.fixture
def house(sqlite_store: Store, webex: SdkWebex) -> House:
    return house_on(sqlite_store, webex)


def delete(house: House, room: str, step: str = "del", **more: Any) -> Outcome:
    return perform(house, deletion(house, room, step=step, **more)).outcome


def refuses(house: House, control: Control, **more: Any) -> None:
    room = moderated(control)
    with pytest.raises((CapReached, Stale)):
        delete(house, room, **more)
    assert destroyed(control) == []
    with house.store.read() as tx:
        assert tx.intents.open() == ()


@pytest.mark.parametrize("cap", NONE_ALLOWED)
@pytest.mark.parametrize("which", ["cap_per_day", "cap_per_run"])
def test_a_cap_that_is_no_whole_number_above_zero_allows_nothing(
    house: House, control: Control, which: str, cap: Any
) -> None:
    refuses(replace(house, limits=replace(ENOUGH, **{which: cap})), control, run="night")


@pytest.mark.parametrize("share", [0, -1, float("nan"), float("inf"), 1.5, 5, True, None, "1"])
def test_a_share_that_is_none_allows_nothing(house: House, control: Control, share: Any) -> None:
    refuses(replace(house, limits=replace(ENOUGH, cap_share=share)), control)


def test_the_default_limits_allow_nothing(house: House, control: Control) -> None:
    refuses(replace(house, limits=Limits()), control)


def test_a_cap_a_day_holds_over_runs_and_restarts(
    house: House, control: Control, sandbox: Handle
) -> None:
    tight = replace(house, limits=replace(ENOUGH, cap_per_day=2))
    rooms = [moderated(control, f"Old {n}") for n in range(3)]
    assert delete(tight, rooms[0], "a", run="one") is Outcome.DONE
    assert delete(tight, rooms[1], "b", run="two") is Outcome.DONE
    again = replace(tight, store=Store(house.store.engine, house.clock))
    with pytest.raises(CapReached, match="2 of at most 2 a day"):
        delete(again, rooms[2], "c", run="three")
    assert destroyed(control) == rooms[:2]


def test_a_cap_a_run_counts_that_run_alone(house: House, control: Control) -> None:
    tight = replace(house, limits=replace(ENOUGH, cap_per_run=1))
    rooms = [moderated(control, f"Old {n}") for n in range(3)]
    delete(tight, rooms[0], "a", run="one")
    with pytest.raises(CapReached, match="a run"):
        delete(tight, rooms[1], "b", run="one")
    delete(tight, rooms[2], "c", run="two")
    assert destroyed(control) == [rooms[0], rooms[2]]


def test_a_run_has_its_cap_for_ever(house: House, control: Control) -> None:
    clock = Ahead(house.clock)
    later = Store(house.store.engine, clock)
    tight = replace(house, limits=replace(ENOUGH, cap_per_run=1))
    rooms = [moderated(control, f"Old {n}") for n in range(2)]
    delete(tight, rooms[0], "a", run="one")
    clock.by = timedelta(days=30)
    inventory(later)
    with pytest.raises(CapReached, match="a run"):
        delete(replace(tight, store=later, clock=clock), rooms[1], "b", run="one")


@pytest.mark.parametrize("cap", [None, 0, -1])
def test_a_policy_without_a_cap_destroys_nothing(
    house: House, control: Control, cap: int | None
) -> None:
    version = policy(house, cap)
    refuses(house, control, policy_version=version.key)


def test_the_versions_of_a_policy_share_its_cap(house: House, control: Control) -> None:
    first = policy(house, 1)
    with house.store.begin() as tx:
        second = tx.policies.add_version(first.policy, draft(1), author=None)
        other = tx.policies.new("Other", draft(1), author=None)
        tx.commit()
    rooms = [moderated(control, f"Old {n}") for n in range(3)]
    delete(house, rooms[0], "a", policy_version=first.key)
    with pytest.raises(CapReached, match="this policy"):
        delete(house, rooms[1], "b", policy_version=second.key)
    delete(house, rooms[2], "c", policy_version=other.key)
    assert destroyed(control) == [rooms[0], rooms[2]]


def test_the_share_is_of_what_the_last_complete_inventory_counted(
    house: House, control: Control
) -> None:
    inventory(house.store, 20)
    inventory(house.store, 100_000, complete=False)
    tight = replace(house, limits=replace(ENOUGH, cap_share=0.1))
    rooms = [moderated(control, f"Old {n}") for n in range(3)]
    delete(tight, rooms[0], "a")
    delete(tight, rooms[1], "b")
    with pytest.raises(CapReached, match="2 of at most 2"):
        delete(tight, rooms[2], "c")


@pytest.mark.parametrize("spaces", [None, 0])
def test_an_inventory_that_counted_nothing_allows_nothing(
    house: House, control: Control, spaces: int | None
) -> None:
    inventory(house.store, spaces)
    refuses(house, control)


def test_without_a_complete_inventory_nothing_is_destroyed(
    sqlite_store: Store, webex: SdkWebex, control: Control
) -> None:
    house = house_on(sqlite_store, webex, counted=False)
    refuses(house, control)
    inventory(sqlite_store, 100, complete=False)
    refuses(house, control)


@pytest.mark.parametrize("by", [timedelta(hours=37), timedelta(hours=-1)])
def test_an_old_inventory_and_one_from_the_future_allow_nothing(
    house: House, control: Control, by: timedelta
) -> None:
    clock = Ahead(house.clock)
    clock.by = by
    refuses(replace(house, store=Store(house.store.engine, clock), clock=clock), control)


def test_what_certainly_did_not_happen_uses_up_no_cap(house: House, control: Control) -> None:
    tight = replace(house, limits=replace(ENOUGH, cap_per_day=1))
    room = moderated(control)
    assert delete(tight, room, "a", old=3600) is Outcome.CANCELLED
    control.fault("5xx", method="DELETE", path="/rooms/*")
    assert delete(tight, room, "b") is Outcome.NOT_DONE
    assert delete(tight, room, "c") is Outcome.DONE


def test_what_may_have_happened_uses_up_the_cap(house: House, control: Control) -> None:
    tight = replace(house, limits=replace(ENOUGH, cap_per_day=1))
    one, other = moderated(control, "One"), moderated(control, "Other")
    control.fault("5xx", method="GET", path=f"/rooms/{one}", skip=1, count=-1)
    assert delete(tight, one, "a") is Outcome.OPEN
    with pytest.raises(CapReached):
        delete(tight, other, "b")


@pytest.mark.parametrize("run", [None, "night"])
def test_processes_that_race_never_exceed_a_cap(
    store: Store, webex: SdkWebex, sandbox: Handle, control: Control, run: str | None
) -> None:
    house_on(store, webex)
    limits = replace(ENOUGH, cap_per_day=3, cap_per_run=3)
    rooms = [moderated(control, f"Old {n}") for n in range(8)]
    url = store.engine.url.render_as_string(hide_password=False)
    with (
        child(delete_all, sandbox.ready, url, rooms[::2], limits, run) as one,
        child(delete_all, sandbox.ready, url, rooms[1::2], limits, run) as other,
    ):
        for process in (one, other):
            process.join(60)
            assert process.exitcode == 0
    assert len(destroyed(control)) == 3


def draft(cap: int | None) -> PolicyDraft:
    return PolicyDraft(query="all", ending=Ending.DELETE, period=timedelta(days=90), cap=cap)


def policy(house: House, cap: int | None) -> PolicyVersion:
    with house.store.begin() as tx:
        made = tx.policies.new("Old ones", draft(cap), author=None)
        tx.commit()
    assert isinstance(made.key, int)
    assert PolicyVersionKey(made.key) == made.key
    return made


class Ahead:
    """A clock that goes before another."""

    def __init__(self, real: Clock) -> None:
        self._real = real
        self.by = timedelta()

    def now(self) -> datetime:
        return self._real.now() + self.by
