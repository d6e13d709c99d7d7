"""Holds, on both databases: placed by one at once, released after a week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import SpaceKey, StepKey
from domain.intents import Plan
from domain.people import SYSTEM, Actor, Person
from domain.policies import Ruling
from domain.spaces import Space
from query.spec import Moments
from retention.decision import decide
from retention.holds import place_hold, release_hold
from retention.reach import list_holds
from spaces.spec import House
from spaces.tagging import tag_space, untag_space
from storage.schema import decision, former_membership, membership, not_before
from tests.retention.officers import DAY, Watch, in_force, words


def space_of(house: House, key: int) -> Space:
    with house.store.read() as tx:
        return tx.spaces.by_key(SpaceKey(key))


def person_of(house: House, actor: Actor) -> Person:
    assert actor.person is not None
    with house.store.read() as tx:
        return tx.people.by_key(actor.person)


def held(house: House) -> set[int]:
    with house.store.begin() as tx:
        decide(tx, tx.policies.holding(), Moments(now=tx.now), generation=1)
        code = list(Ruling).index(Ruling.HELD)
        found = select(decision.c.space_id).where(decision.c.ruling == code)
        keys = set(tx.connection.scalars(found))
        tx.commit()
    return keys


def test_a_hold_reaches_a_space_a_tag_and_who_is_or_was_there(
    house: House, cleo: Actor, dora: Actor
) -> None:
    def seat(table: Any, key: int, **more: Any) -> None:
        with house.store.begin() as tx:
            tx.connection.execute(insert(table).values(space_id=key, person_id=dora.person, **more))
            tx.commit()

    seat(membership, 2, is_moderator=False)
    seat(former_membership, 3, left_at=house.clock.now())
    assert place_hold(house, cleo, "one", spaces=[space_of(house, 1)]).reach == 1
    assert held(house) == {1}
    assert place_hold(house, cleo, "dora", people=[person_of(house, dora)]).reach == 2
    assert held(house) == {1, 2, 3}
    assert place_hold(house, cleo, "fun", tags=["Fun"], reason="a case").reach == 1
    assert held(house) == {1, 2, 3, 4}
    assert [(one.hold.name, one.reach, one.hold.reason) for one in list_holds(house)] == [
        ("one", 1, ""), ("dora", 2, ""), ("fun", 1, "a case"),
    ]  # fmt: skip
    assert words(house).count(Word.HOLD_PLACE) == 3


def test_a_hold_on_nothing_is_no_hold(house: House, cleo: Actor) -> None:
    for given in ({}, {"tags": ["nosuch"]}, {"tags": ["a b"]}):
        with pytest.raises(Refusal):
            place_hold(house, cleo, "lawsuit", **given)  # type: ignore[arg-type]
    assert list_holds(house) == ()


def test_a_name_is_taken_once(house: House, cleo: Actor, dora: Actor) -> None:
    place_hold(house, cleo, "lawsuit", tags=["finance"])
    for given in ({}, {"tags": ["fun"]}):
        with pytest.raises(Refusal, match="already"):
            place_hold(house, dora, "lawsuit", **given)  # type: ignore[arg-type]


def test_a_release_takes_effect_after_a_week_and_then_spaces_are_left_alone(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    place_hold(house, cleo, "lawsuit", tags=["finance"])
    done = release_hold(house, cleo, "lawsuit")
    assert done.ends_at == watch.at + 7 * DAY
    with pytest.raises(Refusal, match="released already"):
        release_hold(house, dora, "lawsuit")
    with pytest.raises(Refusal, match="no hold"):
        release_hold(house, dora, "nothing")
    watch.at += 7 * DAY - timedelta(seconds=1)
    assert held(house) == {1, 2, 3}
    watch.at += timedelta(seconds=1)
    assert held(house) == set()
    assert list_holds(house) == ()
    with house.store.read() as tx:
        until = set(tx.connection.scalars(select(not_before.c.until)))
    assert until == {watch.at + 7 * DAY}


def test_a_release_can_be_taken_back_while_it_waits(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    place_hold(house, cleo, "lawsuit", tags=["finance"])
    release_hold(house, cleo, "lawsuit")
    watch.at += 6 * DAY
    assert place_hold(house, dora, "lawsuit").hold.ends_at is None
    watch.at += 60 * DAY
    assert held(house) == {1, 2, 3}
    release_hold(house, cleo, "lawsuit")
    watch.at += 8 * DAY
    with pytest.raises(Refusal, match="already"):
        place_hold(house, dora, "lawsuit")


def test_what_had_begun_before_a_hold_is_told(house: House, cleo: Actor) -> None:
    with house.store.begin() as tx:
        for key in (1, 4):
            tx.intents.add(
                Plan(
                    kind="delete room", step=StepKey(f"s{key}"), word=Word.SPACE_DELETE,
                    actor=SYSTEM, space=SpaceKey(key), is_destructive=True, payload={},
                )
            )  # fmt: skip
        tx.commit()
    placed = place_hold(house, cleo, "lawsuit", tags=["finance"])
    [(space, intent)] = placed.in_flight
    assert (space.key, intent.plan.step) == (1, "s1")


def test_nothing_slips_out_of_a_hold_by_its_tags(house: House, cleo: Actor, watch: Watch) -> None:
    place_hold(house, cleo, "lawsuit", tags=["finance"])
    with pytest.raises(Refusal, match="can't be taken off"):
        untag_space(house, cleo, space_of(house, 1), ["finance"])
    tag_space(house, cleo, space_of(house, 1), ["fun"])
    assert untag_space(house, cleo, space_of(house, 1), ["fun"]).changed == ("fun",)
    assert untag_space(house, cleo, space_of(house, 4), ["finance"]).changed == ()
    assert held(house) == {1, 2, 3}


def test_a_hold_beats_every_policy(house: House, watch: Watch, cleo: Actor, dora: Actor) -> None:
    in_force(house, watch, cleo, dora)
    assert held(house) == set()
    place_hold(house, cleo, "lawsuit", tags=["finance"])
    assert held(house) == {1, 2, 3}
