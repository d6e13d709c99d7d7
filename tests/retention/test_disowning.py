"""“Not mine” and handing over: nobody is made an owner who can't be one or said that they are not,
so no space loses its last owner behind somebody's back."""

from __future__ import annotations

import pytest

from domain.errors import Refusal
from domain.lifecycle import CaseState
from domain.people import Actor, Person
from domain.spaces import Space
from jobs.owners import CARDS
from jobs.voice import night_of
from retention.disowning import disown, hand_over, ready_to_own
from retention.keeping import keep_space
from retention.ownerless.assigning import assign_owner
from retention.ownerless.listing import seek_for
from retention.ownerless.seeking import seek
from sandbox.handle import Handle
from spaces.looking import owners_of
from tests.breaking import SHORT
from tests.breaking import People as Webex
from tests.nights import DAY, World
from tests.retention.test_ownerless import asked, space_of, who


def owners(world: World, space: Space) -> list[str]:
    with world.house.store.read() as tx:
        return [one.email.partition("@")[0] for one in owners_of(tx, space.key)]


def disowns(world: World, space: Space, name: str) -> None:
    disown(world.house, who(world, name)[0], space, who(world, name)[1])


def hands_over(world: World, space: Space, name: str, to: str) -> None:
    actor, person = who(world, name)
    other = _person(world, to)
    ready_to_own(world.house, space, other)
    hand_over(world.house, actor, space, person, other)


def _person(world: World, email: str) -> Person:
    with world.house.store.read() as tx:
        found = tx.people.by_email(email)
    assert found is not None
    return found


def shared(world: World, **more: object) -> Space:
    room = world.space(
        "Q3 plans", moderators=["ana@example.com", "ben@example.com"],
        members=["ben@example.com", "cleo@example.com"], **more,
    )  # fmt: skip
    world.crawl()
    return space_of(world, room)


def test_a_space_is_not_handed_over_to_somebody_who_said_that_it_is_not_theirs(
    world: World,
) -> None:
    space = shared(world)
    disowns(world, space, "ben")
    with pytest.raises(Refusal, match="none of theirs"):
        hands_over(world, space, "ana", "ben@example.com")
    assert owners(world, space) == ["ana"]


def test_a_space_is_not_handed_over_to_somebody_who_can_not_own_it(world: World) -> None:
    world.control.person("oskar@other.example", org="Other")
    room = world.space(
        "With others", moderators=["ana@example.com", "oskar@other.example"],
        members=["oskar@other.example"],
    )  # fmt: skip
    world.crawl()
    space = space_of(world, room)
    actor, ana = who(world, "ana")
    outsider = _person(world, "oskar@other.example")
    with pytest.raises(Refusal, match="can't own it"):
        ready_to_own(world.house, space, outsider)
    with pytest.raises(Refusal, match="does not own it"):
        hand_over(world.house, actor, space, ana, outsider)
    assert owners(world, space) == ["ana"]


def test_who_said_that_it_is_not_theirs_is_not_asked_to_take_it_over(world: World) -> None:
    space = shared(world)
    disowns(world, space, "ana")
    disowns(world, space, "ben")
    assert owners(world, space) == []
    seek_for(world.house, Actor(name="cleo"), space)
    seek(night_of(world.firing()), CARDS)
    assert asked(world, {"id": str(space.id)}) == ["cleo"]


def test_whom_compliance_names_owns_it_whatever_they_said_before(world: World) -> None:
    space = shared(world)
    disowns(world, space, "ana")
    disowns(world, space, "ben")
    actor, _ = who(world, "cleo")
    assert assign_owner(world.house, actor, space, who(world, "ben")[1], anyway=True).taken
    assert owners(world, space) == ["ben"]


def rooms_of(world: World, space: Space) -> dict[str, str]:
    return {"id": str(space.id), "title": space.shown_title}


def test_who_is_made_a_moderator_again_or_comes_back_owns_it_again(
    world: World, sandbox: Handle
) -> None:
    people, space = Webex(world, sandbox), shared(world)
    room = rooms_of(world, space)
    for again in ("made", "back"):
        disowns(world, space, "ben")
        assert "ben" not in owners(world, space)
        world.crawl()
        assert "ben" not in owners(world, space)  # nothing has changed since
        if again == "made":
            people.moderate(room, "ben@example.com", False)
            world.crawl()
            people.moderate(room, "ben@example.com")
        else:
            people.leave(room, "ben@example.com")
            world.pass_(DAY)
            people.join(room, "ben@example.com")
            people.moderate(room, "ben@example.com")
        world.crawl()
        assert "ben" in owners(world, space), again


def test_where_all_said_that_it_is_not_theirs_nothing_goes_and_somebody_is_looked_for(
    world: World,
) -> None:
    space = shared(world, idle=400)
    world.policy(**SHORT)
    world.nights(2)
    for name in ("ana", "ben"):
        disowns(world, space, name)
    world.nights(14)
    assert world.deleted() == []
    assert not world.control.room(str(space.id))["room"]["isAnnouncementOnly"]
    with world.house.store.read() as tx:
        assert tx.owner_searches.open_of(space.key) is not None


def test_a_block_that_is_taken_back_makes_nobody_an_owner(world: World) -> None:
    space = shared(world, idle=400)
    world.policy(**SHORT)
    world.nights(2)
    disowns(world, space, "ben")
    world.until(CaseState.BLOCKED, rooms_of(world, space), most=10)
    keep_space(world.house, who(world, "ana")[0], space, until=None, by_compliance=True)
    world.nights(2)
    world.crawl()
    assert not world.control.room(str(space.id))["room"]["isAnnouncementOnly"]
    assert owners(world, space) == ["ana"]
