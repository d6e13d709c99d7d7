"""A policy that purges old messages: warned of, done night after night by the server's log, and
stopped by what protects; the space and what is younger stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import requests

from domain.ids import RoomId
from domain.lifecycle import CaseState
from domain.people import Actor
from domain.policies import Basis, Ending
from domain.spaces import Space, SpaceState, SpaceType
from retention.holds import place_hold
from retention.keeping import keep_space
from retention.pausing import house_pause
from tests.nights import DAY, World

ANA, BEN = "ana@example.com", "ben@example.com"


def tidy(world: World, **more: Any) -> None:
    said: dict[str, Any] = {
        "ending": Ending.PURGE, "period": 180 * DAY, "basis": Basis.MESSAGES, "name": "tidy",
        "notices": (7, 1),
    }  # fmt: skip
    world.policy("title:plans", **(said | more))


def talk(world: World, title: str = "Old plans", *, ages: tuple[float, ...] = (400, 300, 175, 1),
         **more: Any) -> dict[str, Any]:  # fmt: skip
    """A space in which somebody wrote so many days ago, each time."""
    said = [{"by": ANA, "text": f"{age} days ago", "at": world.ago(age)} for age in ages]
    return world.space(title, messages=said, **more)


def left(world: World, room: Mapping[str, Any]) -> list[str]:
    found = world.control.room(room["id"])["messages"]
    return [one["text"] for one in found if not one["deleted"]]


def went(world: World) -> list[str]:
    """Ids of messages that were deleted, by the server's log, in order."""
    return [str(entry["target"]) for entry in world.control.effects("message.deleted")]


def space_of(world: World, room: Mapping[str, Any]) -> Space:
    with world.house.store.read() as tx:
        found = tx.spaces.by_id(RoomId(room["id"]))
    assert found is not None
    return found


def officer(world: World) -> Actor:
    return Actor(name="cleo@example.com", person=world.person("cleo@example.com"))


def test_old_messages_go_after_all_notices_and_then_every_night(world: World) -> None:
    room = talk(world)
    tidy(world)
    world.crawl()
    world.night()
    assert "loses its older messages" in str(world.told(ANA))
    world.nights(7)
    assert went(world) == []
    world.nights(2)  # the last notice was two days ago
    assert left(world, room) == ["1 days ago"]  # 175 days are more than 180 by now
    assert world.case(room).state is CaseState.PURGING  # type: ignore[union-attr]
    assert "3 old messages deleted" in str(world.told(ANA))
    assert world.control.room(room["id"])["exists"]
    told = len(world.told(ANA))
    world.nights(3)
    assert left(world, room) == ["1 days ago"]
    for _ in range(6):  # each an outage, and what was missed is made up for
        world.pass_(30 * DAY)
        world.night()
    assert left(world, room) == []
    assert len(went(world)) == len(set(went(world))) == 4
    assert len(world.told(ANA)) == told  # told once; what goes on is no news
    with world.house.store.read() as tx:
        assert tx.audit.verify().broken_at is None
        assert [one.body["purge"]["messages"] for one in tx.certificates.latest(count=9)] == [1, 3]  # type: ignore[index]


def test_without_old_messages_nothing_goes_and_nobody_is_troubled(world: World) -> None:
    room = talk(world, ages=(20, 1))
    tidy(world)
    world.crawl()
    world.nights(10)
    assert (went(world), len(left(world, room))) == ([], 2)


def test_that_people_write_in_it_does_not_stop_it(world: World) -> None:
    room = talk(world, ages=(400, 0.5))
    tidy(world)
    world.crawl()
    world.nights(10)
    assert left(world, room) == ["0.5 days ago"]


@pytest.mark.parametrize("protection", ["keep", "hold", "hold person", "pause"])
def test_what_protects_stops_it(world: World, protection: str) -> None:
    room = talk(world)
    tidy(world)
    world.crawl()
    world.nights(4)
    house, cleo, space = world.house, officer(world), space_of(world, room)
    match protection:
        case "keep":
            keep_space(house, cleo, space, until=None, by_compliance=True)
        case "hold":
            place_hold(house, cleo, "audit", spaces=(space,))
        case "hold person":
            with house.store.read() as tx:
                ben = tx.people.by_email(BEN)
            assert ben is not None
            place_hold(house, cleo, "audit", people=(ben,))
        case "pause":
            house_pause(house, cleo, "look first")
    world.nights(12)
    assert went(world) == []


@pytest.mark.parametrize(
    ("basis", "remains"),
    [(Basis.MESSAGES, 2), (Basis.CREATED, 2), (Basis.ACTIVITY, 4)],
)
def test_a_floor_keeps_each_message_for_its_whole_time(
    world: World, basis: Basis, remains: int
) -> None:
    """One from the last activity keeps all of a space that is in use; the others let go what is
    older than they say, and nothing younger."""
    room = talk(world, ages=(500, 400, 200, 1))
    world.policy(
        "title:plans", ending=Ending.KEEP, period=300 * DAY, is_floor=True, basis=basis,
        name="books",
    )  # fmt: skip
    tidy(world, period=30 * DAY)
    world.crawl()
    world.nights(10)
    assert len(left(world, room)) == remains


def test_without_a_cap_nothing_goes_nor_is_anybody_warned(world: World) -> None:
    talk(world)
    tidy(world, cap=None)
    world.crawl()
    world.nights(10)
    assert (went(world), world.told(ANA)) == ([], [])


def test_without_a_cap_of_messages_nothing_goes(world: World) -> None:
    tight = world.with_limits(cap_messages=0)
    talk(tight)
    tidy(tight)
    tight.crawl()
    tight.nights(10)
    assert went(tight) == []


def test_the_cap_of_messages_holds_over_all_spaces_and_the_rest_waits(world: World) -> None:
    tight = world.with_limits(cap_messages=3)
    rooms = [talk(tight, f"Plans {number}", ages=(400, 390, 380, 370)) for number in range(2)]
    tidy(tight)
    tight.crawl()
    tight.nights(9)
    assert len(went(tight)) == 3
    tight.nights(1)
    assert len(went(tight)) == 6
    tight.nights(2)
    assert len(went(tight)) == 8
    assert [left(tight, room) for room in rooms] == [[], []]


def test_the_cap_of_a_policy_counts_spaces(world: World) -> None:
    for number in range(3):
        talk(world, f"Plans {number}", ages=(400, 390))
    tidy(world, cap=2)
    world.crawl()
    world.nights(9)
    assert len(went(world)) == 4
    world.nights(1)
    assert len(went(world)) == 6


def test_kept_by_an_owner_it_begins_anew_with_all_notices(world: World) -> None:
    room = talk(world, ages=(400, 100))
    tidy(world)
    world.crawl()
    world.nights(10)
    assert left(world, room) == ["100 days ago"]
    cleo, space = officer(world), space_of(world, room)
    keep_space(world.house, cleo, space, until=world.now() + 60 * DAY, by_compliance=True)
    world.nights(2)
    assert world.case(room).state is CaseState.CLEAR  # type: ignore[union-attr]
    world.pass_(80 * DAY)
    world.nights(6)
    assert left(world, room) == ["100 days ago"]
    world.nights(5)
    assert left(world, room) == []


# -- what Webex does not delete -------------------------------------------------------------------

SHORT: dict[str, Any] = {"notices": (7, 1), "grace": 2 * DAY}


def asks(world: World, email: str, path: str, **body: str) -> dict[str, Any]:
    """What a person does in their own client."""
    answer = requests.post(
        world.control.ready["rest"] + path, json=body, verify=world.control.ready["ca"], timeout=10,
        headers={"Authorization": f"Bearer {world.control.token(email)}"},
    )  # fmt: skip
    answer.raise_for_status()
    return dict(answer.json())


def direct(world: World) -> dict[str, Any]:
    """A conversation of ana and ben, with two messages."""
    asks(world, ANA, "messages", toPersonEmail=BEN, text="hello")
    said = asks(world, BEN, "messages", toPersonEmail=ANA, text="hello you")
    return {"id": said["roomId"]}


def only_theirs(world: World, room: Mapping[str, Any]) -> None:
    """The bot's own conversations are never touched, so what is left is the one of the two."""
    world.crawl()
    assert space_of(world, room).type is SpaceType.DIRECT


def test_a_direct_conversation_is_left_alone_unless_the_policy_says_so(world: World) -> None:
    room = direct(world)
    only_theirs(world, room)
    world.pass_(200 * DAY)
    world.policy("inactive:>90d type:direct", **SHORT)
    world.crawl()
    world.nights(16)
    assert len(left(world, room)) == 2
    assert world.case(room) is None


def test_a_direct_conversation_loses_all_messages_and_can_be_used_again(world: World) -> None:
    room = direct(world)
    only_theirs(world, room)
    world.pass_(200 * DAY)
    world.policy("inactive:>90d type:direct", includes_direct=True, **SHORT)
    world.crawl()
    world.night()
    assert "conversation itself can't be deleted" in "".join(world.told(BEN))
    world.until(CaseState.BLOCKED, room, most=12)
    assert world.control.room(room["id"])["room"]["isReadOnly"]
    world.nights(4)
    assert left(world, room) == []
    found = world.control.room(room["id"])
    assert (found["exists"], found["room"]["isReadOnly"]) == (True, False)
    assert world.case(room).state is CaseState.CLEAR  # type: ignore[union-attr]
    assert "was emptied" in str(world.told(ANA))
    with world.house.store.read() as tx:
        made = tx.certificates.of_space(world.key(room))
    assert made is not None
    assert made.body["purge"]["messages"] == 2  # type: ignore[index]
    told = len(world.told(ANA))
    world.nights(30)
    assert len(world.told(ANA)) == told  # there is nothing more of it to delete
    asks(world, BEN, "messages", roomId=room["id"], text="we go on")
    world.nights(3)
    assert left(world, room) == ["we go on"]


def test_a_direct_conversation_is_blocked_by_a_policy_that_blocks(world: World) -> None:
    room = direct(world)
    only_theirs(world, room)
    world.pass_(200 * DAY)
    world.policy("inactive:>90d type:direct", ending=Ending.BLOCK, includes_direct=True, **SHORT)
    world.crawl()
    world.night()
    world.until(CaseState.BLOCKED, room, most=12)
    world.nights(5)
    assert world.control.room(room["id"])["room"]["isReadOnly"]
    assert len(left(world, room)) == 2


def test_a_space_of_a_team_is_emptied_and_archived_and_said_as_that(world: World) -> None:
    team = asks(world, ANA, "teams", name="Sales")
    room = asks(world, ANA, "rooms", title="Old team space", teamId=team["id"])
    asks(world, ANA, "messages", roomId=room["id"], text="hello")
    world.crawl()
    world.pass_(200 * DAY)
    world.policy('inactive:>90d title:"Old team"', **SHORT)
    world.crawl()
    world.night()
    assert "archived" in str(world.told(ANA))
    case = world.until(CaseState.GONE, room, most=16)
    assert "emptied, and archived" in case.why
    assert left(world, room) == []
    assert world.deleted() == []
    assert "was emptied and archived" in str(world.told(ANA))
    assert space_of(world, room).state is SpaceState.ARCHIVED
    with world.house.store.read() as tx:
        assert tx.settings.pause() is None  # it came as it was said, so no brake
