"""Exactly between the last look and the effect: what comes in time is always heard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.errors import Refusal
from domain.lifecycle import CaseState, Cause
from jobs.voice import night_of
from retention import purging
from retention.leading import NotLeader, leading
from retention.nightly import run_night
from retention.pausing import house_pause
from retention.proving import last_look, look
from retention.spec import LEADER, CalledOff
from sandbox.handle import Handle
from tests.breaking import SHORT, Ambush, Officers, People, Room
from tests.nights import BOT, DAY, World
from tests.retention.test_purging import ANA, asks

SWEPT = 6
OTHER = "elsewhere/1/1234/1"
"""Another process, on another machine."""


@pytest.fixture
def people(world: World, sandbox: Handle) -> People:
    return People(world, sandbox)


@pytest.fixture
def officers(world: World) -> Officers:
    return Officers(world)


def ready_to_go(world: World, count: int = 1) -> list[Room]:
    """Blocked spaces whose grace is over; the next night deletes them."""
    rooms = [world.space(f"Old plans {n:02}") for n in range(count)]
    world.crawl()
    world.policy(**SHORT)
    world.night()
    for room in rooms:
        world.until(CaseState.BLOCKED, room, most=8)
    world.nights(1)
    world.pass_(DAY)
    return rooms


def asked(world: World, room: Room, method: str, what: str) -> list[int]:
    """When the product asked for something of a room."""
    return [
        one["seq"]
        for one in world.control.log(what="request")
        if one["method"] == method
        and one["path"].startswith(what)
        and room["id"] in f"{one['path']} {one['query']}"
    ]


def test_a_date_that_moved_since_the_look_is_the_one_that_counts(world: World) -> None:
    """What the last look is given was read before, and so is the date in it."""
    (room,) = ready_to_go(world)
    night, case = night_of(world.firing()), world.case(room)
    assert case is not None
    with leading(night):
        look(night, case)
        check = last_look(night, case, going_to=Cause.GRACE_OVER)
        with world.house.store.begin() as tx:
            assert tx.cases.extend(3 * DAY, CaseState.BLOCKED) == 1
            tx.commit()
        with world.house.store.begin() as tx, pytest.raises(CalledOff, match="has not come"):
            check(tx)
    world.night()
    assert gone(world) == set()
    world.nights(3)
    assert gone(world) == {room["id"]}
    with world.house.store.read() as tx:
        made = tx.certificates.of_space(world.key(room))
        now = tx.cases.get(case.key)
    assert made is not None
    assert now.due is not None
    assert now.due - (case.due or now.due) == 3 * DAY
    said = made.body["case"]["due"]  # type: ignore[index]
    assert datetime.fromisoformat(said) == now.due.replace(microsecond=0)


def test_who_lost_the_lead_amid_does_nothing_more(world: World, sandbox: Handle) -> None:
    """Another process took it over while this one read a space: it had slept, perhaps."""
    (room,) = ready_to_go(world)
    firing = world.firing()
    night = night_of(firing)

    def overtake() -> None:
        with world.house.store.begin() as tx:
            tx.leases.give_back(LEADER, night.holder)
            assert tx.leases.take(LEADER, OTHER, span=timedelta(minutes=5))
            tx.commit()

    Ambush(sandbox, overtake, method="GET", about=f"/rooms/{room['id']}")
    run_night(night)
    with world.house.store.begin() as tx:
        assert tx.leases.holder(LEADER) == OTHER
        tx.leases.give_back(LEADER, OTHER)
        tx.commit()
    assert gone(world) == set()
    world.night()
    assert gone(world) == {room["id"]}


def test_while_another_process_leads_no_night_begins(world: World) -> None:
    ready_to_go(world)
    with world.house.store.begin() as tx:
        assert tx.leases.take(LEADER, OTHER, span=timedelta(minutes=5))
        tx.commit()
    since = world.control.log()[-1]["seq"]
    with pytest.raises(NotLeader):
        run_night(night_of(world.firing()))
    assert world.control.log(since) == []
    assert gone(world) == set()


def test_a_message_that_no_event_told_of_saves_a_space(world: World, people: People) -> None:
    (room,) = ready_to_go(world)
    people.now(lambda: people.write(room))
    world.night(polled=False)
    assert gone(world) == set()
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.CLEAR


def certificate(world: World, room: Room) -> object:
    with world.house.store.read() as tx:
        return tx.certificates.of_space(world.key(room))


def gone(world: World) -> set[str]:
    return {str(one["target"]) for one in world.control.effects("room.deleted")}


ACTS: dict[str, Callable[[Officers, People, Room], object]] = {
    "hold": lambda officers, people, room: officers.hold(room),
    "keep": lambda officers, people, room: officers.keep(room),
    "message": lambda officers, people, room: people.write(room),
}


@pytest.mark.parametrize("what", list(ACTS))
def test_what_protects_a_space_before_the_last_look_saves_it_at_whatever_moment_it_comes(
    world: World, sandbox: Handle, officers: Officers, people: People, what: str
) -> None:
    rooms = ready_to_go(world, SWEPT)
    came: dict[str, int] = {}
    late: set[str] = set()

    def protect(room: Room) -> None:
        came[room["id"]] = sandbox.sandbox.log.seq
        try:
            ACTS[what](officers, people, room)
        except Refusal as no:
            if "too late" in str(no):
                late.add(room["id"])

    def ambush(nth: int, room: Room) -> Ambush:
        return Ambush(sandbox, lambda: protect(room), about=room["id"], nth=nth)

    all_of_them = [ambush(n + 1, room) for n, room in enumerate(rooms)]
    world.night(polled=False)
    lost = gone(world)
    last_look = ("GET", "/messages") if what == "message" else ("DELETE", "/rooms/")
    for room, one in zip(rooms, all_of_them, strict=True):
        if not one.fired_at:
            continue
        looked = asked(world, room, *last_look)
        if one.fired_at.startswith("DELETE") or room["id"] in late:
            continue  # it has begun, and whoever came was told so
        in_time = not looked or came[room["id"]] < looked[-1]
        assert not (in_time and room["id"] in lost), one.fired_at
    saved = [room for room in rooms if room["id"] not in lost]
    assert len(saved) >= 3
    world.nights(3)
    assert gone(world) == lost
    for room in saved:
        assert not world.control.room(room["id"])["room"]["isAnnouncementOnly"]


def old_team_space(world: World, messages: int) -> Room:
    """A space of a team, blocked, whose grace is over; the next night empties and archives it."""
    team = asks(world, ANA, "teams", name="Sales")
    room = asks(world, ANA, "rooms", title="Old team space", teamId=team["id"])
    for number in range(messages):
        asks(world, ANA, "messages", roomId=room["id"], text=f"hello {number}")
    world.crawl()
    world.pass_(200 * DAY)
    world.policy('inactive:>90d title:"Old team"', **SHORT)
    world.crawl()
    world.night()
    world.until(CaseState.BLOCKED, room, most=8)
    world.nights(1)
    world.pass_(DAY)
    return dict(room)


@pytest.mark.parametrize(("emptied", "went"), [(1, 1), (3, 3)])
def test_who_opens_a_teams_space_while_it_is_being_emptied_stops_the_rest(
    world: World, sandbox: Handle, people: People, monkeypatch: pytest.MonkeyPatch, emptied: int,
    went: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(purging, "BATCH", 1)
    room = old_team_space(world, 3)
    opened = Ambush(
        sandbox, lambda: people.moderate(room, ANA), method="DELETE", about="/messages/",
        nth=emptied,
    )  # fmt: skip
    world.night(polled=False)
    assert opened.fired_at
    assert len(world.control.effects("message.deleted")) == went
    assert not world.control.room(room["id"])["archived"]
    case = world.case(room)
    assert case is not None
    assert (case.state, case.why) == (
        CaseState.NEEDS_ATTENTION, "somebody changed the block on it",
    )  # fmt: skip
    world.nights(2)
    assert len(world.control.effects("message.deleted")) == went
    assert not world.control.room(room["id"])["archived"]


@pytest.mark.parametrize("what", list(ACTS))
def test_what_protects_a_teams_space_while_it_is_being_emptied_stops_the_rest(
    world: World, sandbox: Handle, officers: Officers, people: People,
    monkeypatch: pytest.MonkeyPatch, what: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(purging, "BATCH", 1)
    room = old_team_space(world, 3)
    acts = {**ACTS, "message": lambda _, people, room: people.write(room, ANA)}
    came = Ambush(
        sandbox, lambda: acts[what](officers, people, room), method="DELETE", about="/messages/",
        nth=2,
    )  # fmt: skip
    world.night(polled=False)
    assert came.fired_at
    assert len(world.control.effects("message.deleted")) <= 2
    world.nights(1)
    assert len(world.control.effects("message.deleted")) <= 2
    assert not world.control.room(room["id"])["archived"]


def test_a_pause_in_the_middle_of_a_night_lets_no_other_deletion_begin(
    world: World, sandbox: Handle, officers: Officers
) -> None:
    ready_to_go(world, 4)
    begun = Ambush(
        sandbox, lambda: house_pause(world.house, officers.cleo, "stop"), method="DELETE",
        about="/rooms/",
    )  # fmt: skip
    world.night(polled=False)
    assert begun.seen == 1
    assert len(gone(world)) == 1
    world.nights(3)
    assert len(gone(world)) == 1


def test_a_bot_that_is_demoted_right_before_the_deletion_only_leaves_and_says_so(
    world: World, sandbox: Handle, people: People
) -> None:
    (room,) = ready_to_go(world)

    def demote() -> None:
        people.moderate(room, "ana@example.com")
        people.moderate(room, BOT, False)

    assert Ambush(sandbox, demote, method="DELETE", about="/rooms/").seen == 0
    said = world.night(polled=False)
    assert gone(world) == set()
    assert certificate(world, room) is None
    assert said["counts"].get("deleted", 0) == 0
    case = world.case(room)
    assert case is not None
    assert case.state is not CaseState.GONE
    assert not any("was deleted" in text for text in world.told("ana@example.com"))
    assert world.told("cleo@example.com") != []


def test_a_space_that_joins_a_team_right_before_the_deletion_is_archived_and_not_called_deleted(
    world: World, sandbox: Handle, people: People
) -> None:
    (room,) = ready_to_go(world)
    ambush = Ambush(sandbox, lambda: people.into_team(room), method="DELETE", about="/rooms/")
    world.night(polled=False)
    assert ambush.fired_at
    assert world.control.room(room["id"])["archived"]
    assert certificate(world, room) is None
    case = world.case(room)
    assert case is not None
    assert case.state is not CaseState.GONE
    for who in ("ana@example.com", "ben@example.com"):
        assert not any("was deleted" in text for text in world.told(who))


def test_a_witness_that_sees_nothing_anywhere_proves_nothing(
    world: World, sandbox: Handle, people: People
) -> None:
    """The bot only leaves, and the second identity finds no space at all, this one neither."""
    (room,) = ready_to_go(world)

    def demote() -> None:
        people.moderate(room, "ana@example.com")
        people.moderate(room, BOT, False)
        sandbox.sandbox.faults.add(
            kind="stale", path="/rooms/*", who="compliance-witness@example.com", count=-1
        )

    Ambush(sandbox, demote, method="DELETE", about="/rooms/")
    world.night(polled=False)
    assert world.control.room(room["id"])["exists"]
    assert certificate(world, room) is None
    assert not any("was deleted" in text for text in world.told("ana@example.com"))


def test_a_witness_that_could_not_see_the_space_before_lets_nothing_be_deleted(
    world: World,
) -> None:
    ready_to_go(world)
    fault = world.control.fault(
        "stale", path="/rooms/*", who="compliance-witness@example.com", count=-1
    )
    world.night(polled=False)
    assert world.control.fired(fault) > 0
    assert gone(world) == set()


def test_a_deletion_that_webex_says_yes_to_and_does_not_do_is_not_called_one(
    world: World, sandbox: Handle
) -> None:
    (room,) = ready_to_go(world)
    fault = world.control.fault("status", method="DELETE", path="/rooms/*", status=204)
    world.night(polled=False)
    assert world.control.fired(fault) == 1
    assert world.control.room(room["id"])["exists"]
    assert certificate(world, room) is None
    case = world.case(room)
    assert case is not None
    assert case.state is not CaseState.GONE


@pytest.mark.parametrize("kind", ["5xx-after", "reset-after"])
def test_a_deletion_whose_answer_is_lost_happens_once_and_is_proven(
    world: World, kind: str
) -> None:
    (room,) = ready_to_go(world)
    fault = world.control.fault(kind, method="DELETE", path="/rooms/*")
    world.night(polled=False)
    assert world.control.fired(fault) == 1
    world.nights(1)
    assert world.deleted() == ["Old plans 00"]
    assert certificate(world, room) is not None
    assert len(asked(world, room, "DELETE", "/rooms/")) == 1


def test_a_second_moderator_who_appears_between_look_and_block_is_not_blocked_unwarned(
    world: World, sandbox: Handle, people: People
) -> None:
    """Somebody becomes an owner just before the block: nobody ever warned them."""
    room = world.space("Old plans 00")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.nights(2)
    world.pass_(DAY)
    ambush = Ambush(
        sandbox, lambda: people.moderate(room, "ben@example.com"), about=room["id"], nth=1
    )
    world.night(polled=False)
    assert ambush.fired_at
    assert not world.control.room(room["id"])["room"]["isAnnouncementOnly"]
