"""Under four eyes: whom a policy hits, and who agrees to exactly them."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import PersonKey
from domain.people import SYSTEM, Actor
from domain.policies import PolicyState, Ruling
from query.spec import Moments
from retention.agreeing import AskedAgain, approve_policy, simulate_policy
from retention.decision import decide
from retention.pausing import (
    pause_policy,
    resume_policy,
)
from retention.policies import Shown, put_in_force, show_policy, write_policy
from retention.retiring import retire_policy
from spaces.spec import House
from storage.schema import decision, metadata, space
from tests.retention.officers import CLEANUP, DAY, Watch, add_space, agree, in_force, shown, words
from tests.tenants import NOW


def test_a_second_person_agrees_and_after_the_cooling_it_holds(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    assert put_in_force(house) == ()
    agreed = agree(house, dora)
    assert agreed.version.approved_by == "dora@example.com"
    assert agreed.version.effective_at == NOW + house.limits.cooling
    assert agreed.holding is None
    watch.at += house.limits.cooling - timedelta(seconds=1)
    assert put_in_force(house) == ()
    watch.at += timedelta(seconds=1)
    [made] = put_in_force(house)
    assert (made.state, made.approved_by) == (PolicyState.ACTIVE, "dora@example.com")
    assert put_in_force(house) == ()
    assert words(house).count(Word.POLICY_IN_FORCE) == 1


def test_the_author_can_not_agree_whatever_code_they_have(
    house: House, cleo: Actor, dora: Actor
) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    code = shown(house, dora).code
    for actor in (cleo, replace(cleo, person=PersonKey(99)), replace(cleo, name="other@x.org")):
        for tried in ("", code):
            with pytest.raises(Refusal, match="You wrote version 1"):
                approve_policy(house, actor, "cleanup", code=tried)
    view = simulate_policy(house, cleo, "cleanup")
    assert (view.code, "You wrote" in view.why_not) == ("", True)


def test_nobody_is_the_second_person_for_who_is_not_known(house: House, dora: Actor) -> None:
    write_policy(house, SYSTEM, "cleanup", CLEANUP)
    with pytest.raises(Refusal, match="not known who wrote"):
        approve_policy(house, dora, "cleanup")


def test_the_system_agrees_to_nothing(house: House, cleo: Actor) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    with pytest.raises(Refusal):
        approve_policy(house, SYSTEM, "cleanup")


def test_a_code_that_was_shown_to_somebody_else_is_no_agreement(
    house: House, cleo: Actor, dora: Actor, emil: Actor
) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    code = shown(house, dora).code
    for tried in (code, "000000", "x", "' or 1=1"):
        with pytest.raises(Refusal, match="not the code"):
            approve_policy(house, emil, "cleanup", code=tried)
    shown(house, emil)
    with pytest.raises(Refusal, match="not the code"):
        approve_policy(house, emil, "cleanup", code=code)


def test_an_agreement_is_to_exactly_the_list_that_was_shown(
    house: House, cleo: Actor, dora: Actor
) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    old = shown(house, dora)
    assert old.targets == 3
    add_space(house)
    again = approve_policy(house, dora, "cleanup", code=old.code)
    assert isinstance(again, AskedAgain)
    assert "has changed" in again.why
    assert again.view.targets == 4
    assert show_policy(house, "cleanup").version.approved_by == ""
    assert Word.COMMAND_REFUSED in words(house)
    agreed = approve_policy(house, dora, "cleanup", code=again.view.code)
    assert isinstance(agreed, Shown)
    with house.store.read() as tx:
        approval = tx.simulations.approval_of(agreed.version.key)
        assert approval is not None
        assert approval.targets_hash == again.view.targets_hash
        assert len(tx.simulations.targets(approval.simulation)) == 4


def test_a_list_that_lost_a_space_is_another_list_too(
    house: House, cleo: Actor, dora: Actor
) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    old = shown(house, dora)
    with house.store.begin() as tx:
        tx.connection.execute(space.update().where(space.c.id == 1).values(state=1))
        tx.commit()
    assert isinstance(approve_policy(house, dora, "cleanup", code=old.code), AskedAgain)


def test_an_agreement_is_to_one_version(house: House, cleo: Actor, dora: Actor) -> None:
    one = write_policy(house, cleo, "cleanup", CLEANUP).version
    code = shown(house, dora).code
    write_policy(house, cleo, "cleanup", replace(CLEANUP, cap=51), after=one.key)
    with pytest.raises(Refusal, match="not the code of version 2"):
        approve_policy(house, dora, "cleanup", code=code)


def test_a_later_version_voids_an_agreement_that_cools(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    one = write_policy(house, cleo, "cleanup", CLEANUP).version
    agree(house, dora)
    write_policy(house, cleo, "cleanup", replace(CLEANUP, cap=51), after=one.key)
    watch.at += 3 * DAY
    assert put_in_force(house) == ()


def test_an_agreement_that_was_not_used_expires(
    house: House, watch: Watch, cleo: Actor, dora: Actor, emil: Actor
) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    agree(house, dora)
    watch.at += house.limits.approval_life
    assert put_in_force(house) == ()
    assert show_policy(house, "cleanup").version.approved_by == ""
    assert agree(house, emil).version.approved_by == "emil@example.com"
    watch.at += 2 * DAY
    [made] = put_in_force(house)
    watch.at += 10 * house.limits.approval_life
    assert show_policy(house, "cleanup").version.approved_by == "emil@example.com"
    assert made.approved_by == "emil@example.com"


def test_of_two_who_agree_at_once_one_does(
    house: House, cleo: Actor, dora: Actor, emil: Actor
) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    codes = {actor.name: shown(house, actor).code for actor in (dora, emil)}
    said: list[object] = []
    ready = threading.Barrier(2)

    def go(actor: Actor) -> None:
        ready.wait()
        try:
            said.append(approve_policy(house, actor, "cleanup", code=codes[actor.name]))
        except Refusal as no:
            said.append(no)

    both = [threading.Thread(target=go, args=(actor,)) for actor in (dora, emil)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    [agreed] = [one for one in said if isinstance(one, Shown)]
    [refused] = [one for one in said if isinstance(one, Refusal)]
    assert f"{agreed.version.approved_by} agreed to version 1 already" in refused.reason
    assert words(house).count(Word.POLICY_APPROVE) == 1


def test_of_two_who_write_the_same_name_at_once_one_does(
    house: House, cleo: Actor, dora: Actor
) -> None:
    said: list[object] = []
    ready = threading.Barrier(2)

    def go(actor: Actor) -> None:
        ready.wait()
        try:
            said.append(write_policy(house, actor, "cleanup", CLEANUP))
        except Refusal as no:
            said.append(no)

    both = [threading.Thread(target=go, args=(actor,)) for actor in (cleo, dora)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(type(one).__name__ for one in said) == ["Refusal", "Shown"]


def test_without_a_fresh_inventory_there_is_no_list_to_agree_to(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    house = replace(house, limits=replace(house.limits, inventory=timedelta(hours=36)))
    write_policy(house, cleo, "cleanup", CLEANUP)
    code = shown(house, dora).code
    watch.at += timedelta(hours=37)
    with pytest.raises(Refusal, match="don't know all spaces"):
        approve_policy(house, dora, "cleanup", code=code)
    assert simulate_policy(house, dora, "cleanup").code == ""


def test_many_targets_or_all_are_agreed_to_with_the_code_typed_again(
    house: House, cleo: Actor, dora: Actor
) -> None:
    write_policy(house, cleo, "few", CLEANUP)
    write_policy(house, cleo, "every", replace(CLEANUP, query="all size:>1000"))
    assert not shown(house, dora, "few").retypes_code
    assert shown(house, dora, "every").retypes_code
    for _ in range(20):
        add_space(house)
    assert shown(house, dora, "few").retypes_code


def test_a_simulation_changes_nothing_but_that_it_was_asked(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora)
    write_policy(house, cleo, "other", replace(CLEANUP, query="all"))

    def tables() -> dict[str, list[Any]]:
        own = {"simulation", "simulation_target", "audit"}
        with house.store.read() as tx:
            return {
                table.name: sorted(map(repr, tx.connection.execute(select(table))))
                for table in metadata.sorted_tables
                if table.name not in own
            }

    before = tables()
    simulate_policy(house, cleo, "other")
    simulate_policy(house, dora, "cleanup")
    assert tables() == before


def test_a_simulation_equals_what_the_decision_then_says(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    view = shown(house, dora)
    agree(house, dora)
    with house.store.read() as tx:
        approved = tx.simulations.approval_of(view.version)
        assert approved is not None
        targets = tx.simulations.targets(approved.simulation)
    watch.at += 2 * DAY
    put_in_force(house)
    with house.store.begin() as tx:
        decide(tx, tx.policies.holding(), Moments(now=tx.now), generation=1)
        dated = list(Ruling).index(Ruling.DATED)
        found = select(decision.c.space_id, decision.c.due).where(decision.c.ruling == dated)
        rows = {(row[0], row[1]) for row in tx.connection.execute(found)}
    assert rows == set(targets)
    assert len(rows) == 3


def test_a_simulation_of_a_change_names_first_whom_it_newly_hits(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    one = in_force(house, watch, cleo, dora)
    wider = replace(CLEANUP, query="tag:fun or title:budget size:>100")
    write_policy(house, cleo, "cleanup", wider, after=one.key)
    view = simulate_policy(house, dora, "cleanup")
    assert (view.targets, view.added, view.dropped) == (1, 1, 3)
    assert [(hit.space.title, hit.is_new, hit.how) for hit in view.sample] == [
        ("Party", True, "newly hit"),
        *((f"Budget {place}", False, "released") for place in range(3)),
    ]


def test_what_can_not_be_told_is_counted_and_not_hit(house: House, cleo: Actor) -> None:
    with house.store.begin() as tx:
        tx.connection.execute(space.update().where(space.c.id == 2).values(last_human=None))
        tx.commit()
    write_policy(house, cleo, "cleanup", CLEANUP)
    view = simulate_policy(house, cleo, "cleanup")
    assert (view.targets, view.unknown, view.inventory) == (2, 1, 4)


def test_of_no_such_policy_there_is_nothing_to_see(house: House, cleo: Actor) -> None:
    for ask in (simulate_policy, approve_policy, pause_policy, resume_policy, retire_policy):
        with pytest.raises(Refusal, match="I know no policy"):
            ask(house, cleo, "nothing")
