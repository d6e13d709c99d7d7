"""An owner's answer to a running case: the first one decides, and ends it whole."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest

from cards.warning import warning_card
from domain.audit import Word
from domain.cases import Case
from domain.errors import Refusal
from domain.ids import CaseKey
from domain.lifecycle import CaseState
from domain.people import Actor
from domain.policies import Ending
from domain.spaces import Space
from domain.views import Warned
from storage.store import UnitOfWork
from tests.retention.stage import DAY, Stage
from tests.tenants import NOW


def keep_of(stage: Stage, space: Space) -> Any:
    with stage.house.store.read() as tx:
        return tx.protections.keep_of(space.key)


RUNNING = {
    "due": (),
    "warned": (CaseState.WARNED,),
    "blocked": (CaseState.WARNED, CaseState.BLOCKED),
    "paused": (CaseState.PAUSED,),
}


@pytest.mark.parametrize("states", RUNNING.values(), ids=RUNNING)
def test_a_keep_ends_the_running_case_and_is_its_answer(
    stage: Stage, states: tuple[CaseState, ...]
) -> None:
    stage.policy()
    space = stage.space()
    case = stage.case(space, *states)
    kept = stage.keep(space, NOW + 200 * DAY, stage.ana, case=case.key)
    assert kept.ended == case
    with stage.house.store.read() as tx:
        assert tx.cases.open_of(space.key) is None
        after = tx.cases.get(case.key)
        (answer,) = tx.cases.answers(case.key)
    assert (after.state, after.closed_at) == (CaseState.CLEAR, NOW)
    assert (answer.person, answer.choice) == (stage.ana.person, "keep until")
    assert stage.words(space) == [Word.CASE_MOVE, Word.CASE_ANSWER, Word.KEEP_SET]


def test_once_the_deletion_has_begun_it_is_too_late_and_said(stage: Stage) -> None:
    stage.policy()
    space = stage.space()
    case = stage.case(space, CaseState.WARNED, CaseState.BLOCKED, CaseState.ENFORCING)
    with pytest.raises(Refusal, match="too late"):
        stage.keep(space, None, stage.ana)
    assert keep_of(stage, space) is None
    with stage.house.store.read() as tx:
        assert tx.cases.get(case.key) == case
        assert tx.protections.not_before(space.key) is None


@pytest.mark.parametrize("state", [CaseState.HELD, CaseState.NEEDS_ATTENTION])
def test_a_case_that_waits_for_compliance_goes_on_waiting(stage: Stage, state: CaseState) -> None:
    stage.policy()
    space = stage.space()
    case = stage.case(space, state)
    assert stage.keep(space, None, stage.ana).ended is None
    with stage.house.store.read() as tx:
        assert tx.cases.get(case.key) == case
    assert keep_of(stage, space).until is None


def press(tx: UnitOfWork, space: Space, case: Case, owner: Actor) -> str:
    """The nonce of a warning card's keep button."""
    assert owner.person is not None
    warned = Warned(
        space=space, ending=Ending.DELETE, due=NOW, gone_at=NOW, why="old", case=case.key,
        cycle=case.cycle, version=case.version,
    )  # fmt: skip
    card = warning_card([warned], owner=owner.person)
    nonces = tx.presses.mint(card.presses, card=f"card of {owner.name}")
    return next(token for one, token in nonces.items() if one.title == "Keep for ever")


def test_the_first_answer_decides_and_voids_the_others_cards(stage: Stage) -> None:
    stage.policy()
    space = stage.space()
    case = stage.case(space, CaseState.WARNED)
    with stage.house.store.begin() as tx:
        token = press(tx, space, case, stage.ben)
        tx.commit()
    stage.keep(space, NOW + 200 * DAY, stage.ana, case=case.key)
    with stage.house.store.begin() as tx:
        found = tx.presses.find(token)
        assert found is not None
        assert found.said == "ana@example.com answered: it is kept until 2027-06-12."
        assert not tx.presses.is_current(found)
        assert stage.ben.person is not None
        assert not tx.presses.use(token, stage.ben.person)
    with pytest.raises(Refusal, match=r"ana@example\.com answered already: it is kept until 2027"):
        stage.keep(space, None, stage.ben, case=case.key)
    assert keep_of(stage, space).until == NOW + 200 * DAY


def test_the_same_press_after_a_crash_is_the_same_answer(stage: Stage) -> None:
    stage.policy()
    space = stage.space()
    case = stage.case(space, CaseState.WARNED)
    stage.keep(space, None, stage.ana, case=case.key)
    again = stage.keep(space, None, stage.ana, case=case.key)
    assert again.ended is not None
    assert again.ended.key == case.key
    with stage.house.store.read() as tx:
        assert len(tx.cases.answers(case.key)) == 1


def test_an_answer_to_a_case_that_ended_otherwise_is_refused(stage: Stage) -> None:
    stage.policy()
    space = stage.space()
    case = stage.case(space, CaseState.WARNED, CaseState.CLEAR)
    stage.case(space)
    with pytest.raises(Refusal, match="moved on"):
        stage.keep(space, None, stage.ana, case=case.key)
    with pytest.raises(Refusal, match="moved on"):
        stage.keep(space, None, stage.ana, case=CaseKey(4711))
    assert keep_of(stage, space) is None


def test_only_a_block_by_a_case_that_is_over_or_held_is_to_be_put_back(stage: Stage) -> None:
    stage.policy()
    by_case, by_hand, held = stage.space(), stage.space(), stage.space()
    case = stage.case(by_case, CaseState.WARNED, CaseState.BLOCKED)
    holding = stage.case(held, CaseState.WARNED, CaseState.BLOCKED, CaseState.HELD)
    with stage.house.store.begin() as tx:
        for space, key in ((by_case, case.key), (by_hand, None), (held, holding.key)):
            tx.blocks.add(space.key, {"moderators": []}, case=key)
        tx.commit()
    blocked = [stage.keep(one, None, stage.ana).is_blocked for one in (by_case, by_hand, held)]
    assert blocked == [True, False, True], "a held case blocks no more: the night would put it back"


def test_of_a_keep_and_the_night_one_wins_whole(stage: Stage) -> None:
    """The night moves the case while the keep waits for it; the keep looks again."""
    stage.policy()
    for last in (CaseState.BLOCKED, CaseState.ENFORCING):
        space = stage.space()
        case = stage.case(space, CaseState.WARNED)
        told: list[str] = []

        def keep(space: Space = space, told: list[str] = told) -> None:
            try:
                stage.keep(space, None, stage.ana)
            except Refusal as no:
                told.append(no.reason)

        with stage.house.store.begin() as tx:
            for state in (CaseState.BLOCKED, last):
                if case.state is not state:
                    assert tx.cases.move(case, state, why="the night")
                    case = tx.cases.get(case.key)
            owner = threading.Thread(target=keep)
            owner.start()
            owner.join(0.3)
            assert owner.is_alive()
            tx.commit()
        owner.join(20)
        with stage.house.store.read() as tx:
            state = tx.cases.get(case.key).state
        if last is CaseState.ENFORCING:
            assert state is CaseState.ENFORCING
            assert "too late" in told[0]
            assert keep_of(stage, space) is None
        else:
            assert state is CaseState.CLEAR
            assert told == []
            assert keep_of(stage, space) is not None


def test_of_two_owners_at_the_same_moment_one_decides(stage: Stage) -> None:
    stage.policy()
    space = stage.space()
    case = stage.case(space, CaseState.WARNED)
    together = threading.Barrier(2)
    said: list[str] = []

    def press(who: Actor, until: datetime | None) -> None:
        together.wait(20)
        try:
            stage.keep(space, until, who, case=case.key)
            said.append("kept")
        except Refusal as no:
            said.append(no.reason)

    presses = [
        threading.Thread(target=press, args=(stage.ana, None)),
        threading.Thread(target=press, args=(stage.ben, NOW + 400 * DAY)),
    ]
    for one in presses:
        one.start()
    for one in presses:
        one.join(20)
    assert sorted(one == "kept" for one in said) == [False, True]
    assert any("answered already" in one for one in said)
    with stage.house.store.read() as tx:
        (answer,) = tx.cases.answers(case.key)
        keep = tx.protections.keep_of(space.key)
    assert keep is not None
    assert keep.by == answer.person
    assert (keep.until is None) == (answer.choice == "keep forever")
