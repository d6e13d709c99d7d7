"""Keeping by hand: what it protects, what it never shortens, and which answer decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.audit import Word
from domain.errors import Refusal
from domain.policies import Ruling
from domain.spaces import Space, SpaceState
from spaces.spec import Limits
from tests.retention.stage import DAY, PERIOD, Stage
from tests.tenants import NOW, ago


def bounded(stage: Stage, days: int) -> None:
    stage.house = replace(stage.house, limits=Limits(keep_longest=timedelta(days=days)))


def keep_of(stage: Stage, space: Space) -> Any:
    with stage.house.store.read() as tx:
        return tx.protections.keep_of(space.key)


# -- what it sets ---------------------------------------------------------------------------


def test_a_kept_space_is_due_when_its_keep_is_over(stage: Stage) -> None:
    stage.policy()
    space = stage.space()
    assert stage.due(space) == (Ruling.DATED, NOW + 10 * DAY)
    kept = stage.keep(space, NOW + 200 * DAY, stage.ana)
    assert stage.due(space) == (Ruling.DATED, NOW + 200 * DAY)
    assert kept.note == "Without this: “old spaces” says delete on 2026-12-04."
    assert stage.words(space) == [Word.KEEP_SET]


def test_a_space_kept_for_ever_has_no_end(stage: Stage) -> None:
    stage.policy()
    space = stage.space()
    stage.keep(space, None, stage.ana)
    assert stage.due(space) == (Ruling.KEEP, None)


def test_a_keep_leaves_the_space_alone_for_ninety_days(stage: Stage) -> None:
    stage.policy()
    space = stage.space(last_human=ago(999))
    assert stage.keep(space, NOW + DAY, stage.ana).left_alone_until == NOW + 90 * DAY
    assert stage.due(space) == (Ruling.DATED, NOW + 90 * DAY)


def test_a_keep_taken_off_leaves_the_space_alone_for_a_week_at_least(stage: Stage) -> None:
    stage.policy()
    space = stage.space(last_human=ago(999))
    stage.keep(space, None, stage.ana)
    stage.clock.advance(days=200)
    cleared = stage.clear(space, stage.ben)
    assert cleared.left_alone_until == NOW + 207 * DAY
    assert stage.due(space) == (Ruling.DATED, NOW + 207 * DAY)
    assert keep_of(stage, space) is None
    assert stage.words(space) == [Word.KEEP_SET, Word.KEEP_CLEAR]


def test_taking_off_a_keep_does_not_shorten_what_it_left_behind(stage: Stage) -> None:
    space = stage.space()
    stage.keep(space, None, stage.ana)
    assert stage.clear(space, stage.ana).left_alone_until == NOW + 90 * DAY


def test_where_there_is_no_keep_there_is_none_to_take_off(stage: Stage) -> None:
    with pytest.raises(Refusal, match="Nobody keeps it"):
        stage.clear(stage.space(), stage.ana)


def test_the_same_keep_again_changes_and_records_nothing(stage: Stage) -> None:
    space = stage.space()
    first = stage.keep(space, NOW + 99 * DAY, stage.ana)
    stage.clock.advance(minutes=1)
    again = stage.keep(space, NOW + 99 * DAY, stage.ana)
    assert again.left_alone_until == first.left_alone_until
    assert stage.words(space) == [Word.KEEP_SET]


# -- bounds ---------------------------------------------------------------------------------


def test_a_day_that_is_past_is_refused(stage: Stage) -> None:
    with pytest.raises(Refusal, match=r"2026-11-23 is past"):
        stage.keep(stage.space(), NOW - DAY, stage.ana)


def test_a_moderator_beyond_the_ceiling_is_told_the_latest_day(stage: Stage) -> None:
    bounded(stage, 100)
    space = stage.space()
    for until in (NOW + 102 * DAY, None):
        with pytest.raises(Refusal, match="until 2027-03-04 at the latest"):
            stage.keep(space, until, stage.ana)
    assert keep_of(stage, space) is None


def test_the_latest_day_that_a_moderator_is_told_is_accepted_to_its_end(stage: Stage) -> None:
    bounded(stage, 100)
    last = datetime(2027, 3, 4, 23, 59, 59, tzinfo=UTC)
    assert stage.keep(stage.space(), last, stage.ana).until == last


def test_compliance_keeps_as_long_as_it_likes(stage: Stage) -> None:
    bounded(stage, 100)
    space = stage.space()
    assert stage.keep(space, None, stage.cleo, by_compliance=True).until is None


def test_a_moderator_can_t_name_a_day_before_the_space_would_go_anyway(stage: Stage) -> None:
    stage.policy()
    space = stage.space()
    with pytest.raises(Refusal, match=r"It stays until 2026-12-04 as it is"):
        stage.keep(space, NOW + 9 * DAY, stage.ana)
    assert stage.due(space) == (Ruling.DATED, NOW + 10 * DAY)


def test_nor_before_a_locked_policy_lets_it_go(stage: Stage) -> None:
    stage.policy(is_floor=True, period=timedelta(days=PERIOD + 500))
    with pytest.raises(Refusal, match=r"It stays until 2028-"):
        stage.keep(stage.space(), NOW + 300 * DAY, stage.ana)


def test_a_moderator_changes_nothing_that_compliance_keeps(stage: Stage) -> None:
    space = stage.space()
    stage.keep(space, NOW + 300 * DAY, stage.cleo, by_compliance=True)
    for until in (NOW + 200 * DAY, NOW + 400 * DAY, None):
        with pytest.raises(Refusal, match="Compliance keeps it until 2027-09-20"):
            stage.keep(space, until, stage.ana)
    with pytest.raises(Refusal, match="Compliance keeps it"):
        stage.clear(space, stage.ana)
    assert stage.clear(space, stage.cleo, by_compliance=True).before.by_compliance


def test_what_compliance_kept_until_yesterday_binds_nobody(stage: Stage) -> None:
    space = stage.space()
    stage.keep(space, NOW + DAY, stage.cleo, by_compliance=True)
    stage.clock.advance(days=2)
    assert stage.keep(space, NOW + 300 * DAY, stage.ana).before is not None


def test_a_moderator_shortens_their_own_keep_and_nobody_else_s(stage: Stage) -> None:
    space = stage.space()
    stage.keep(space, None, stage.ana)
    with pytest.raises(Refusal, match=r"ana@example\.com keeps it for ever, which is longer"):
        stage.keep(space, NOW + 300 * DAY, stage.ben)
    stage.keep(space, NOW + 300 * DAY, stage.ana)
    stage.keep(space, NOW + 400 * DAY, stage.ben)
    assert keep_of(stage, space).until == NOW + 400 * DAY


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"state": 1}, "not live on Webex"),
        ({"is_ours": False}, "belongs to another organisation"),
        ({"is_general": True}, "General space"),
        ({"is_untouchable": True}, "never touched"),
    ],
)
def test_there_is_nothing_to_keep_an_untouchable_space_from(
    stage: Stage, facts: dict[str, Any], why: str
) -> None:
    space = stage.space(**facts)
    with pytest.raises(Refusal, match=why):
        stage.keep(space, None, stage.ana)
    assert keep_of(stage, space) is None


def test_a_space_on_hold_can_be_kept_and_says_so(stage: Stage) -> None:
    space = stage.space()
    with stage.house.store.begin() as tx:
        tx.protections.place_hold("H1", reason="", by=None, spaces=[space.key])
        tx.commit()
    assert "on hold" in stage.keep(space, None, stage.ana).note


def test_a_space_that_is_gone_is_not_kept_by_its_state(stage: Stage) -> None:
    space = stage.space()
    with stage.house.store.begin() as tx:
        tx.spaces.mark_gone(space.key)
        tx.commit()
    with pytest.raises(Refusal, match="not live"):
        stage.keep(space, None, stage.cleo, by_compliance=True)
    with stage.house.store.read() as tx:
        assert tx.spaces.by_key(space.key).state is SpaceState.GONE
