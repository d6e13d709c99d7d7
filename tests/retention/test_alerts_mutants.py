"""Each rail of alerts is missed when it is taken out: one is lost, told twice, told to somebody
who may not know, or told when nobody has to look."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from domain.alerts import NATURES, Alert, AlertKind, Nature, Raised, Way, WayOf
from jobs import alerts as job
from retention import (
    alert_digest,
    alert_readers,
    alert_rules,
    alert_showing,
    alert_sources,
    alert_telling,
    alerting,
    brake,
)
from sandbox.handle import Control, Handle
from spaces import officers
from spaces.spec import House
from storage.alert_telling import AlertTelling
from storage.alerts import Alerts
from storage.schema import alert
from tests.mutants import Mutant, Patch, TakeOut, all_of, is_missed, silent, swap, without
from tests.nights import World
from tests.retention import test_alert_showing, test_alert_sources, test_alerting
from tests.retention.test_alerting import CLEO, DORA

T, SOURCES, SHOWING = test_alerting, test_alert_sources, test_alert_showing
IN_THE_SPACE, DIGEST = T.TestTheAlertSpace(), SOURCES.TestTheDigest()


@pytest.fixture
def room(world: World) -> str:
    made = world.control.space("Alerts", creator=CLEO, members=[DORA, "spacekeeper@webex.bot"])
    return str(made["id"])


def around(where: object, name: str, mild: Callable[..., Any]) -> TakeOut:
    """`mild` is called with what it takes the place of, and then with what that is given."""

    def take_out(patch: Patch) -> None:
        real = getattr(where, name)
        patch.setattr(where, name, lambda *given, **more: mild(real, *given, **more))

    return take_out


def alone(real: Any, self: Alerts, raised: Raised, *, is_told: bool) -> Any:
    """In a transaction of its own instead of its cause's."""
    news = real(self, raised, is_told=is_told)
    for word in ("COMMIT", "BEGIN IMMEDIATE"):
        self._connection.exec_driver_sql(word)
    return news


def always_news(real: Any, self: Alerts, row: Any, raised: Raised, *, is_told: bool) -> Any:
    return real(self, row, replace(raised, occurrence=uuid.uuid4().hex), is_told=is_told)


def arrived(real: Any, *given: Any, **more: Any) -> bool:
    real(*given, **more)
    return True


def gives_up(house: House, one: Alert, *given: Any, **more: Any) -> None:
    with house.store.begin() as tx:
        tx.alert_telling.all_told(one)
        tx.commit()


def of_all_states(self: AlertTelling, kinds: Any, *, told_before: Any) -> int:
    made = self._connection.execute(
        update(alert)
        .where(alert.c.told_at < told_before)
        .values(round=alert.c.round + 1, tell_at=self._now, told_at=None)
    )
    return made.rowcount


def what_was_set(tx: Any, kind: AlertKind) -> WayOf:
    said = (tx.settings.get(alerting.WAYS) or {}).get(str(kind)) or {}
    return WayOf(kind=kind, way=Way(said.get("way", NATURES[kind].way)))


def dora_still_reads(real: Any, house: House) -> Any:
    return real(replace(house, compliance=frozenset({CLEO, DORA})))


def no_space_is(real: Any, tx: Any, rule: Any) -> Any:
    try:
        return real(tx, rule)
    except Exception:  # what can't be read is taken for nothing found
        return None


can_wait = property(lambda self: replace(NATURES[self.kind], is_urgent=False))
every_way = property(lambda self: tuple(Way))
everybody = swap(alert_readers, "_speaks_against", silent)


def any_step(step: str) -> str:
    return f"{step}/{uuid.uuid4()}"


MUTANTS = (
    # -- written down with its cause ------------------------------------------------------------
    without("an alert stands or falls with its cause", around(Alerts, "raise_", alone),
            T.test_nothing_is_raised_when_its_cause_is_rolled_back),
    without("the brake alerts where it is pulled", swap(brake, "raise_alert"),
            SOURCES.test_the_brake_alerts_in_its_own_transaction_and_closes_when_two_let_go),
    without("a second person is asked for", swap(alert_sources, "_approvals", lambda *given: ()),
            SOURCES.test_a_policy_that_nobody_agreed_to_asks_for_a_second_person),
    without("what is not known to have come about alerts",
            swap(alert_sources, "_unknown", lambda tx: ()),
            SOURCES.test_an_effect_that_nobody_saw_the_end_of_alerts_within_fifteen_minutes),
    without("an old inventory alerts", swap(alert_sources, "_inventory", lambda *given: ()),
            SOURCES.test_an_inventory_that_is_too_old_alerts_until_the_company_is_read),
    without("what a hold found under way alerts",
            swap(alert_sources, "_conflicts", lambda tx: ()),
            SOURCES.test_a_hold_on_what_is_on_its_way_out_alerts),
    without("a case that is stuck alerts", swap(alert_sources, "_attention", lambda tx: ()),
            SOURCES.test_a_case_that_can_not_go_on_alerts_until_somebody_has_looked),
    without("what can't be looked at is not taken for put right",
            around(alert_rules, "_look", no_space_is),
            SHOWING.test_a_rule_that_can_not_be_looked_at_leaves_its_alert_as_it_is),
    # -- once, and again when it comes again ----------------------------------------------------
    without("one thing is one alert", around(Alerts, "_again", always_news),
            T.test_the_same_again_is_the_same_alert_and_tells_nobody),
    without("what is closed stays closed while nothing new happens",
            around(Alerts, "_again", always_news),
            T.test_what_lasts_closes_by_itself_and_stays_closed_while_nothing_changes),
    without("what comes again opens again", swap(Alerts, "_again"),
            T.test_it_opens_again_when_it_comes_again_after_it_was_closed),
    without("what is put right closes", swap(alerting, "_gone"),
            T.test_what_lasts_closes_by_itself_and_stays_closed_while_nothing_changes),
    without("who was told is not told again",
            all_of(swap(alert_telling, "_done"), swap(AlertTelling, "attempts", lambda *of: {}),
                   swap(alert_telling, "StepKey", any_step)),
            T.test_each_officer_is_told_once),
    without("a storm is a few cards and one that names the rest",
            swap(alert_telling, "_a_few", lambda house, due: due[:3]),
            T.test_very_many_alerts_at_once_are_a_few_cards_and_one_that_names_the_rest),
    without("what is closed is not acted upon", swap(alerting, "open_alert",
                                                    lambda tx, key: tx.alerts.get(key)),
            T.test_closing_takes_a_reason_and_happens_once),
    # -- nothing is lost ------------------------------------------------------------------------
    without("what did not arrive is not told", around(alert_telling, "_to", arrived),
            T.test_whoever_was_not_reached_is_tried_again_and_the_others_are_left_in_peace),
    without("what can't be told is told later", swap(alert_telling, "_later", gives_up),
            T.test_what_can_not_be_told_is_told_later_with_how_long_it_was),
    without("how long nobody could be told is said", swap(alert_telling, "_late", silent),
            T.test_what_can_not_be_told_is_told_later_with_how_long_it_was),
    without("a dead token is written down", swap(alert_telling, "_in_the_dark"),
            SHOWING.test_with_a_dead_token_nothing_is_lost_and_it_is_said_once_there_is_another),
    without("a pass that reaches nobody fails", swap(job, "tell_alerts",
                                                    lambda *given: alert_telling.Told()),
            T.test_a_pass_that_reaches_nobody_is_a_run_that_fails),
    without("where the alert space can't be used it goes 1:1",
            all_of(everybody, swap(alert_telling, "_to", lambda *given, **more: True)),
            IN_THE_SPACE.test_a_space_that_is_not_there_loses_nothing),
    without("what nobody looks at is told again",
            swap(AlertTelling, "tell_once_more", lambda *given, **more: 0),
            T.test_what_is_urgent_and_nobody_looks_at_is_told_again_a_day_later),
    without("what somebody looks at is not told again",
            swap(AlertTelling, "tell_once_more", of_all_states),
            T.test_what_is_urgent_and_nobody_looks_at_is_told_again_a_day_later),
    # -- only to officers -----------------------------------------------------------------------
    without("only compliance reads the alert space", everybody,
            IN_THE_SPACE.test_while_somebody_else_is_in_it_each_officer_is_told_1_to_1),
    without("no card goes on where somebody else reads", everybody,
            SHOWING.test_where_somebody_else_reads_by_now_an_alert_is_not_shown_anew),
    without("no card goes on for who was an officer",
            around(alert_showing, "readers", dora_still_reads),
            SHOWING.test_who_is_no_officer_any_more_is_not_shown_how_an_alert_goes_on),
    without("an outsider is no officer",
            swap(House, "is_officer", lambda self, tx, who: who.email in self.compliance),
            T.test_an_outsider_is_no_officer_whatever_the_settings_say),
    without("only an officer gets one handed", swap(House, "is_officer", lambda *given: True),
            T.test_it_is_handed_only_to_compliance),
    without("who is of the group is told", swap(officers, "_acting",
                lambda house, tx, people: tuple(p for p in people if p.email in house.compliance)),
            T.test_who_is_of_compliance_by_the_group_alone_is_told_too),
    without("who wants a second person is not told that one is wanted",
            swap(alert_telling, "_who", lambda one, where: where.people),
            SOURCES.test_a_policy_that_nobody_agreed_to_asks_for_a_second_person),
    without("who is alone is told that nobody can agree",
            all_of(swap(alert_telling, "replace", lambda view, **alone: view),
                   swap(alerting, "known_officers", lambda *given: ())),
            SOURCES.test_who_wrote_a_policy_and_is_alone_is_told_that_nobody_can_agree),
    # -- when -----------------------------------------------------------------------------------
    without("quiet hours", swap(alert_telling, "quiet_until"),
            T.test_what_can_wait_keeps_to_the_quiet_hours_of_each),
    without("what is urgent does not wait", swap(Alert, "nature", can_wait),
            T.test_what_can_wait_keeps_to_the_quiet_hours_of_each),
    without("what must reach somebody can't be set to silence", swap(Nature, "ways", every_way),
            T.test_what_must_reach_somebody_can_not_be_silenced, kind=AlertKind.BRAKE),
    without("a row in the database silences nothing", swap(alerting, "way_of", what_was_set),
            T.test_what_must_reach_somebody_can_not_be_silenced, kind=AlertKind.UNKNOWN),
    without("the digest waits for the morning", swap(alert_digest, "MORNING", 0),
            DIGEST.test_once_a_day_in_the_morning_all_that_is_open_is_one_card),
    without("one digest a day", all_of(swap(alert_digest, "_mark", any_step),
                                       swap(alert_digest, "StepKey", any_step)),
            DIGEST.test_once_a_day_in_the_morning_all_that_is_open_is_one_card),
)  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_rail_that_is_taken_out_is_missed(
    mutant: Mutant, world: World, control: Control, sandbox: Handle, room: str, monkeypatch: Patch
) -> None:
    is_missed(mutant, monkeypatch, world=world, control=control, sandbox=sandbox, room=room)
