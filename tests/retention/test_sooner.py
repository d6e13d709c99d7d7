"""“Delete after”: two people, a cooling-off, and nothing that it gets past."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from domain.audit import Word
from domain.errors import Refusal
from domain.policies import Ending, PolicyState, PolicyVersion, Ruling, draft_of
from domain.spaces import Space
from retention import sooner as module
from retention.holds import place_hold, release_hold
from retention.planning import plan
from retention.policies import in_force
from retention.sooner import Wish, agree_sooner, ask_sooner, withdraw_sooner
from spaces.spec import KeepReason
from tests.retention.stage import DAY, Stage
from tests.tenants import NOW, ago

WHY = "the project is over"


def ask(stage: Stage, space: Space, days: int = 60, **more: object) -> Wish:
    said = {"by_compliance": False, "reason": WHY} | more
    return ask_sooner(stage.house, stage.ana, space, NOW + days * DAY, **said)  # type: ignore[arg-type]


def agree(stage: Stage, space: Space, wish: Wish) -> Wish:
    return agree_sooner(stage.house, stage.cleo, space, code=wish.code)


def ready(stage: Stage, **facts: object) -> Space:
    """A space that its policy deletes in a year."""
    stage.policy()
    return stage.space(**({"last_human": ago(0)} | facts))


def test_it_goes_sooner_once_another_agreed_and_it_has_cooled_off(stage: Stage) -> None:
    space = ready(stage)
    assert stage.due(space) == (Ruling.DATED, NOW + 365 * DAY)
    wish = ask(stage, space)
    assert stage.due(space) == (Ruling.DATED, NOW + 365 * DAY)
    assert (wish.policy, wish.without) == ("old spaces", NOW + 365 * DAY)
    agreed = agree(stage, space, wish)
    assert agreed.sooner.effective_at == NOW + stage.house.limits.cooling
    assert stage.due(space) == (Ruling.DATED, NOW + 365 * DAY)
    stage.clock.advance(days=1)
    assert stage.due(space) == (Ruling.DATED, NOW + 60 * DAY)
    assert stage.words(space) == [Word.SOONER_ASK, Word.SOONER_AGREE]


def test_nobody_agrees_to_what_they_asked_for(stage: Stage) -> None:
    space = ready(stage)
    wish = ask(stage, space)
    with pytest.raises(Refusal, match="asked for it yourself"):
        agree_sooner(stage.house, stage.ana, space, code=wish.code)
    stage.clock.advance(days=2)
    assert stage.due(space) == (Ruling.DATED, NOW + 365 * DAY)


def test_what_is_agreed_to_is_what_was_shown(stage: Stage) -> None:
    space = ready(stage)
    wish = ask(stage, space)
    with pytest.raises(Refusal, match="not the code"):
        agree_sooner(stage.house, stage.cleo, space, code=f"{int(wish.code) ^ 1:06d}")
    withdraw_sooner(stage.house, stage.ben, space)
    again = ask(stage, space, 40)
    assert again.code != wish.code
    with pytest.raises(Refusal, match="not the code"):
        agree(stage, space, wish)
    assert agree(stage, space, again).sooner.agreed_by == stage.cleo.person


def test_a_policy_day_that_moved_since_it_was_shown_is_agreed_to_anew(stage: Stage) -> None:
    space = ready(stage)
    wish = ask(stage, space)
    with stage.house.store.begin() as tx:  # somebody uses it, or it is left alone for long
        tx.protections.leave_alone(
            [space.key], until=NOW + 900 * DAY, reason="a policy was changed", is_firm=True
        )
        tx.commit()
    with pytest.raises(Refusal, match="not the code"):
        agree(stage, space, wish)
    with stage.house.store.read() as tx:
        found = tx.keeping.sooner_of(space.key)
    assert found is not None
    assert found.agreed_at is None


def test_a_wish_that_nobody_agreed_to_in_time_is_over(stage: Stage) -> None:
    space = ready(stage)
    wish = ask(stage, space, 90)
    stage.clock.advance(days=30)
    with pytest.raises(Refusal, match="too long ago"):
        agree(stage, space, wish)
    with pytest.raises(Refusal, match="Nobody has asked"):
        agree(stage, space, wish)


def test_a_keep_of_anybody_undoes_it_and_so_does_taking_it_back(stage: Stage) -> None:
    space = ready(stage)
    agree(stage, space, ask(stage, space))
    stage.clock.advance(days=2)
    stage.keep(space, NOW + 100 * DAY, stage.ben)
    assert stage.due(space) == (Ruling.DATED, NOW + 365 * DAY)
    stage.clock.advance(days=200)  # the keep is over, and brings nothing nearer
    assert stage.due(space) == (Ruling.DATED, NOW + 365 * DAY)
    other = stage.space(last_human=stage.clock.now())
    agreed = ask_sooner(
        stage.house, stage.ana, other, stage.clock.now() + 60 * DAY, by_compliance=False, reason=WHY
    )
    agree(stage, other, agreed)
    withdraw_sooner(stage.house, stage.ben, other)
    stage.clock.advance(days=2)
    assert stage.due(other)[1] == stage.clock.now() + 363 * DAY
    assert stage.words(other)[-1] == Word.SOONER_END


def test_a_hold_and_use_after_its_day_go_before_it(stage: Stage) -> None:
    space = ready(stage)
    agree(stage, space, ask(stage, space, 60))
    stage.clock.advance(days=2)
    with stage.house.store.begin() as tx:
        tx.spaces.set_activity(space.key, last_human=NOW + 61 * DAY)
        tx.commit()
    assert stage.due(space) == (Ruling.DATED, NOW + 426 * DAY)
    place_hold(stage.house, stage.cleo, "lawsuit", spaces=[space])
    assert stage.due(space) == (Ruling.HELD, None)
    withdraw_sooner(stage.house, stage.ana, space)
    with pytest.raises(Refusal, match="for now"):
        ask(stage, space, 30)


def changed(stage: Stage, old: PolicyVersion, **parts: object) -> PolicyVersion:
    """The next version of a policy, in force."""
    with stage.house.store.begin() as tx:
        new = tx.policies.add_version(old.policy, replace(draft_of(old), **parts), author=None)  # type: ignore[arg-type]
        made = in_force(tx, new)
        tx.commit()
    return made


def test_a_policy_that_changes_voids_what_was_agreed_by_its_old_words(stage: Stage) -> None:
    space, waits = ready(stage), stage.space(last_human=ago(0))
    agree(stage, space, ask(stage, space))
    asked = ask(stage, waits)
    stage.clock.advance(days=2)
    assert stage.due(space) == (Ruling.DATED, NOW + 60 * DAY)
    with stage.house.store.read() as tx:
        first = tx.policies.all()[0]
    second = changed(stage, first, period=3650 * DAY)
    assert stage.due(space) == (Ruling.DATED, NOW + 3650 * DAY)
    assert stage.words(space)[-1] == Word.SOONER_END
    with pytest.raises(Refusal, match="Nobody has asked"):
        agree(stage, waits, asked)
    changed(stage, second, period=first.period)  # it says again what it said then
    assert stage.due(space) == (Ruling.DATED, NOW + 365 * DAY)


def test_where_another_policy_decides_it_has_no_effect_and_is_over_by_the_night(
    stage: Stage,
) -> None:
    space = ready(stage)
    agree(stage, space, ask(stage, space))
    stage.clock.advance(days=2)
    other = stage.policy(name="books", query="all", period=2000 * DAY, priority=1)
    assert stage.due(space) == (Ruling.DATED, NOW + 2000 * DAY)
    with stage.house.store.begin() as tx:
        plan(tx, generation=1)
        tx.commit()
    assert stage.words(space)[-1] == Word.SOONER_END
    with stage.house.store.begin() as tx:
        tx.policies.set_state(other.policy, PolicyState.RETIRED, was=PolicyState.ACTIVE)
        tx.commit()
    assert stage.due(space) == (Ruling.DATED, NOW + 365 * DAY)


def test_a_hold_in_between_leaves_what_was_agreed_and_a_floor_that_comes_holds(
    stage: Stage,
) -> None:
    space = ready(stage)
    agree(stage, space, ask(stage, space))
    stage.clock.advance(days=2)
    place_hold(stage.house, stage.cleo, "lawsuit", spaces=[space])
    with stage.house.store.begin() as tx:
        plan(tx, generation=1)
        tx.commit()
    release_hold(stage.house, stage.cleo, "lawsuit")
    stage.clock.advance(days=8)
    assert stage.due(space) == (Ruling.DATED, NOW + 60 * DAY)
    stage.policy(name="law", ending=Ending.KEEP, is_floor=True, period=200 * DAY)
    assert stage.due(space) == (Ruling.DATED, NOW + 200 * DAY)


def test_it_is_only_asked_where_a_policy_deletes_and_later(stage: Stage) -> None:
    free = stage.space()
    with pytest.raises(Refusal, match="No policy deletes it"):
        ask(stage, free)
    stage.policy(ending=Ending.BLOCK)
    with pytest.raises(Refusal, match="does not delete it"):
        ask(stage, stage.space(last_human=ago(0)))


def test_a_day_that_is_later_anyway_or_past_and_a_missing_reason_are_refused(stage: Stage) -> None:
    space = ready(stage)
    with pytest.raises(Refusal, match="sooner than that anyway"):
        ask(stage, space, 400)
    with pytest.raises(Refusal, match="past"):
        ask(stage, space, -1)
    with pytest.raises(Refusal, match="Why"):
        ask(stage, space, reason=" ")
    ask(stage, space)
    assert ask(stage, space).sooner.after == NOW + 60 * DAY  # the same message again
    with pytest.raises(Refusal, match="already"):
        ask(stage, space, 50)


# -- keeps: reasons and renewals ----------------------------------------------------------------


def limited(stage: Stage, **limits: object) -> None:
    stage.house = replace(stage.house, limits=replace(stage.house.limits, **limits))


def test_a_keep_is_renewed_so_often_and_then_by_compliance(stage: Stage) -> None:
    limited(stage, keep_renewals=1)
    space = stage.space()
    stage.keep(space, NOW + 100 * DAY, stage.ana)
    stage.keep(space, NOW + 110 * DAY, stage.ana)  # her own slip, at once
    stage.clock.advance(days=50)
    stage.keep(space, NOW + 200 * DAY, stage.ben)
    with pytest.raises(Refusal, match="renewed once already") as no:
        stage.keep(space, NOW + 300 * DAY, stage.ana)
    assert "Compliance" in str(no.value)
    stage.clock.advance(days=200)  # it is over; that starts nothing anew
    with pytest.raises(Refusal, match="renewed once already"):
        stage.keep(space, NOW + 400 * DAY, stage.ana)
    stage.keep(space, NOW + 260 * DAY, stage.cleo, by_compliance=True)
    stage.clock.advance(days=20)
    stage.keep(space, NOW + 400 * DAY, stage.ana)


def test_clearing_a_keep_gives_no_renewals_back(stage: Stage) -> None:
    limited(stage, keep_renewals=0)
    space = stage.space()
    stage.keep(space, NOW + 100 * DAY, stage.ana)
    stage.clock.advance(days=3)
    stage.clear(space, stage.ana)
    with pytest.raises(Refusal, match="can't be renewed"):
        stage.keep(space, NOW + 200 * DAY, stage.ben)


def test_a_keep_says_why_where_the_operator_wants_it(stage: Stage) -> None:
    limited(stage, keep_reason=KeepReason.FOREVER)
    space = stage.space()
    with pytest.raises(Refusal, match="for ever needs a reason"):
        stage.keep(space, None, stage.ana)
    stage.keep(space, NOW + 100 * DAY, stage.ana)
    stage.keep(space, None, stage.ana, reason="the audit")
    with stage.house.store.read() as tx:
        keep = tx.protections.keep_of(space.key)
        assert [one.reason for one in tx.keeping.keeps(space.key)] == ["the audit", ""]
    assert keep is not None
    assert keep.reason == "the audit"
    limited(stage, keep_reason=KeepReason.ALWAYS)
    with pytest.raises(Refusal, match="needs a reason"):
        stage.keep(stage.space(), NOW + 100 * DAY, stage.ana)


# -- mutants ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rail", "scenario"),
    [
        ("if found.asked_by == actor.person:", test_nobody_agrees_to_what_they_asked_for),
        ('if code.replace(" ", "") != wish.code:', test_what_is_agreed_to_is_what_was_shown),
        ("if trace.ruling is Ruling.HELD:", test_a_hold_and_use_after_its_day_go_before_it),
    ],
)  # fmt: skip
def test_a_rail_that_is_taken_out_is_missed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, rail: str, scenario: Callable[[Stage], None]
) -> None:
    source = Path(str(module.__file__)).read_text()
    assert source.count(rail) == 1
    mutant = ModuleType(module.__name__)
    monkeypatch.setitem(sys.modules, module.__name__, mutant)
    code = compile(source.replace(rail, "if False:"), str(module.__file__), "exec")
    exec(code, mutant.__dict__)  # noqa: S102 - our own code, with one rail taken out
    for name in ("ask_sooner", "agree_sooner", "withdraw_sooner"):
        monkeypatch.setitem(globals(), name, getattr(mutant, name))
    with pytest.raises((pytest.fail.Exception, AssertionError)):
        scenario(stage)
