"""Freeze days by chat, and hours of a policy's own: one sets them at once, two take them away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.audit import Word
from domain.errors import Refusal
from domain.hours import Freeze, read_days, read_freezes
from domain.ids import StepKey
from domain.intents import Plan
from domain.people import SYSTEM, Actor
from domain.policies import Ending
from retention.agreeing import simulate_policy
from retention.explaining import explain_space
from retention.forecasting import forecast
from retention.freezing import add_freeze, list_freezes, remove_freeze
from retention.pausing import ASK_LIFE, Asked
from retention.policies import history_of, write_policy
from retention.reminding import approvals
from retention.standing import status_view
from spaces.effects.caps import Closed, check_hours
from spaces.spec import House
from tests.retention.officers import CLEANUP, DAY, Watch, in_force


def days(watch: Watch, number: int, *, ahead: int = 0) -> Freeze:
    first = watch.at.date() + ahead * DAY
    return Freeze(first, first + (number - 1) * DAY)


def plan(version: object = None) -> Plan:
    made = Plan(
        kind="delete room", step=StepKey("x"), word=Word.SPACE_DELETE, actor=SYSTEM, payload={},
        is_destructive=True, run="r",
    )  # fmt: skip
    return replace(made, policy_version=version)


def closed(house: House, version: object = None) -> str:
    with house.store.read() as tx:
        try:
            check_hours(tx, house.clock.now(), house.limits, plan(version))
        except Closed as no:
            return str(no)
    return ""


def words(house: House) -> list[str]:
    with house.store.read() as tx:
        assert tx.audit.verify()
        return [str(one.word) for one in tx.audit.since() if str(one.word).startswith("freeze")]


def test_one_officer_freezes_at_once_and_two_take_it_away_after_it_cooled_off(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    freeze = days(watch, 10)
    assert closed(house) == ""
    assert add_freeze(house, cleo, freeze, reason="of the move").is_now
    assert "is a freeze day (UTC)" in closed(house)
    asked = remove_freeze(house, cleo, freeze)
    assert isinstance(asked, Asked)
    with pytest.raises(Refusal, match="You asked for that already"):
        remove_freeze(house, cleo, freeze)
    with house.store.read() as tx:
        [alert] = [one for one in approvals(tx) if one.subject.startswith("freeze")]
    assert "is to be taken away" in alert.what
    done = remove_freeze(house, dora, freeze)
    assert not isinstance(done, Asked)
    assert done.void_from == watch.at + house.limits.cooling
    assert "freeze day" in closed(house), "it cools off first"
    with pytest.raises(Refusal, match="Two people have taken it away"):
        remove_freeze(house, dora, freeze)
    watch.at += house.limits.cooling
    assert closed(house) == ""
    assert list_freezes(house).ours == ()
    assert words(house) == ["freeze:add", "freeze:remove", "freeze:remove"]


def test_who_sets_it_again_keeps_it_whatever_was_agreed_to(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    freeze = days(watch, 10)
    add_freeze(house, cleo, freeze, reason="x")
    remove_freeze(house, cleo, freeze)
    remove_freeze(house, dora, freeze)
    assert add_freeze(house, cleo, freeze, reason="x").void_from is None
    watch.at += 2 * house.limits.cooling
    assert "freeze day" in closed(house)
    assert len(list_freezes(house).ours) == 1
    remove_freeze(house, dora, freeze)
    watch.at += ASK_LIFE + timedelta(seconds=1)
    assert isinstance(remove_freeze(house, cleo, freeze), Asked), "that was too long ago"


def test_what_can_be_no_freeze_and_whose_it_is(house: House, watch: Watch, cleo: Actor) -> None:
    today = watch.at.date()
    for freeze, why in (
        (Freeze(today - 5 * DAY, today - DAY), "past"),
        (Freeze(today, today + 400 * DAY), "more than a year"),
        (Freeze(date(2000, 1, 1), date(2000, 12, 31), True), "nothing would ever"),
    ):
        with pytest.raises(Refusal, match=why):
            add_freeze(house, cleo, freeze, reason="x")
    with pytest.raises(Refusal, match="There is no freeze"):
        remove_freeze(house, cleo, days(watch, 3))
    theirs = replace(house.limits.hours, freezes=read_freezes("12-25"))
    named = replace(house, limits=replace(house.limits, hours=theirs))
    with pytest.raises(Refusal, match="The operator has set"):
        remove_freeze(named, cleo, theirs.freezes[0])
    assert [one.days for one in list_freezes(named).operators] == ["12-25 each year"]


def test_a_policy_only_narrows_and_each_effect_needs_both(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    day = f"{watch.at:%Y-%m-%d}"
    made = in_force(
        house, watch, cleo, dora, replace(CLEANUP, freeze=f"{day}..{watch.at + 20 * DAY:%Y-%m-%d}")
    )
    assert closed(house) == ""
    assert "a freeze day of “cleanup” (UTC)" in closed(house, made.key)
    zone = replace(house.limits.hours, zone="Europe/Berlin", freezes=(days(watch, 5),))
    frozen = replace(house, limits=replace(house.limits, hours=zone))
    assert "is a freeze day (Europe/Berlin)" in closed(frozen, made.key)


def test_a_policy_that_is_never_open_together_with_the_company_is_told(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora, replace(CLEANUP, hours="sat-sun"))
    weekdays = replace(house.limits.hours, days=read_days("mon-fri"))
    never = replace(house, limits=replace(house.limits, hours=weekdays))
    assert any(
        "is not open within a year" in one for one in status_view(never, only_for=None).hindered_by
    )
    assert not any("a year" in one for one in status_view(house, only_for=None).hindered_by)
    assert forecast(never, watch.at + 300 * DAY).shut == ("cleanup",)
    assert forecast(never, watch.at + 300 * DAY).ends == ()


def test_forecast_and_explain_say_from_when_on(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora, replace(CLEANUP, hours="mon-fri 09:00-17:00 Europe/Berlin"))
    soonest = watch.at + 30 * DAY + CLEANUP.grace
    ahead = Freeze(soonest.date() - 3 * DAY, soonest.date() + 20 * DAY)
    add_freeze(house, cleo, ahead, reason="of the year's end")
    assert forecast(house, soonest + 19 * DAY).ends == ()
    found = forecast(house, soonest + 60 * DAY)
    assert len(found.ends) == 3
    opens = found.ends[0].at
    assert opens.date() > ahead.last
    assert opens.weekday() < 5
    with house.store.read() as tx:
        space = tx.spaces.by_key(found.ends[0].space)
    [said] = [one.said for one in explain_space(house, space).trace if one.step == "Not before"]
    assert "Block: 2026-12-28 08:00 UTC, since nothing is destroyed by “cleanup”" in said
    assert f"Delete: {opens:%Y-%m-%d %H:%M} UTC, since " in said
    assert "is a freeze day (UTC)" in said


def test_hours_stand_in_history_and_before_whoever_agrees(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    made = in_force(house, watch, cleo, dora, replace(CLEANUP, hours="mon-fri"))
    write_policy(house, cleo, "cleanup", replace(CLEANUP, hours="always"), after=made.key)
    assert ("hours", "mon-fri", "always") in history_of(house, "cleanup")[0].changes
    assert ("hours", "mon-fri", "always") in simulate_policy(house, dora, "cleanup").parts
    with pytest.raises(Refusal, match="can't read when the policy may act"):
        write_policy(house, cleo, "x", replace(CLEANUP, hours="9 to 5"))
    with pytest.raises(Refusal, match="Only what takes something away"):
        write_policy(
            house, cleo, "x", replace(CLEANUP, ending=Ending.KEEP, period=None, hours="mon")
        )
