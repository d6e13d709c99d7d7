"""Members' “I still need this”: once each in a cycle, told to the owners, no vote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from domain.errors import Refusal
from domain.ids import RoomId
from domain.lifecycle import CaseState
from domain.people import Actor
from domain.spaces import Space
from jobs.owners import owners
from retention.explaining import explain_space
from retention.keeping import keep_space
from retention.needing import Needed, say_needed, unanswered
from sandbox.handle import Handle
from tests.breaking import SHORT, People
from tests.nights import World

Room = Mapping[str, Any]


def warned(world: World) -> dict[str, Any]:
    """Ana's space, which Ben, Cleo and Dora are in, after its first warning."""
    members = [f"{name}@example.com" for name in ("ben", "cleo", "dora")]
    room = world.space("Q3 plans", members=members)
    world.crawl()
    world.policy(**SHORT)
    world.night()
    return room


def space_of(world: World, room: Room) -> Space:
    with world.house.store.read() as tx:
        found = tx.spaces.by_id(RoomId(room["id"]))
    assert found is not None
    return found


def needs(world: World, room: Room, name: str, reason: str = "") -> Needed:
    with world.house.store.read() as tx:
        person = tx.people.by_email(f"{name}@example.com")
    assert person is not None
    who = Actor(name=person.email, person=person.key)
    return say_needed(world.house, who, space_of(world, room), person, reason=reason)


def trace_of(world: World, room: Room) -> str:
    return "\n".join(one.said for one in explain_space(world.house, space_of(world, room)).trace)


def test_it_is_counted_once_a_member_on_the_next_warning_and_in_explain(world: World) -> None:
    room = warned(world)
    assert needs(world, room, "ben", "the audit").number == 1
    again = needs(world, room, "ben")
    assert (again.number, again.is_new, again.tells) == (1, False, False)
    assert needs(world, room, "cleo").number == 2
    assert "2 members say so" in trace_of(world, room)
    world.nights(3)
    warnings = [text for text in world.told("ana@example.com") if "will be deleted" in text]
    assert "Still needed by" not in warnings[0]
    assert "Still needed by: 2 members" in warnings[1]


def test_the_owners_hear_of_the_first_and_not_of_each(world: World) -> None:
    room = warned(world)
    assert [needs(world, room, name).tells for name in ("ben", "cleo", "dora")] == [
        True, False, True,
    ]  # fmt: skip


def test_it_keeps_nothing_and_compliance_hears_when_no_owner_answers(world: World) -> None:
    room = warned(world)
    before = world.case(room)
    needs(world, room, "ben", "the audit")
    after = world.case(room)
    assert before is not None
    assert after is not None
    assert (after.due, after.state) == (before.due, before.state)
    assert owners(world.firing())["needed and not answered"] == 0
    world.nights(2)
    for _ in range(2):
        assert owners(world.firing())["needed and not answered"] == 1
    told = [text for text in world.told("cleo@example.com") if "no owner answers" in text]
    assert len(told) == 1
    assert "the audit" in told[0]
    world.until(CaseState.GONE, room, most=12)


def test_an_owners_answer_is_the_end_of_it(world: World) -> None:
    room = warned(world)
    needs(world, room, "ben")
    world.nights(2)
    ana = Actor(name="ana@example.com", person=world.person("ana@example.com"))
    keep_space(world.house, ana, space_of(world, room), until=None, by_compliance=False)
    with world.house.store.read() as tx:
        assert unanswered(tx) == {}
    with pytest.raises(Refusal, match="Nothing is on its way"):
        needs(world, room, "cleo")


def test_an_owner_keeps_it_and_who_left_it_says_nothing(world: World, sandbox: Handle) -> None:
    room = warned(world)
    with pytest.raises(Refusal, match="You own it"):
        needs(world, room, "ana")
    People(world, sandbox).leave(room, "ben@example.com")
    with pytest.raises(Refusal, match="not in that space"):
        needs(world, room, "ben")
