"""Spaces, titles, clocks and records as nobody expects them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.cases import Case
from domain.lifecycle import CaseState
from sandbox import base
from sandbox.handle import Handle
from tests.breaking import SHORT, Officers, People, Room, warnings_of
from tests.nights import BOT, DAY, World


@pytest.fixture
def people(world: World, sandbox: Handle) -> People:
    return People(world, sandbox)


@pytest.fixture
def officers(world: World) -> Officers:
    return Officers(world)


def touched(world: World, room: Room, since: int = 0) -> list[str]:
    return [
        str(one["kind"])
        for one in world.control.log(since, what="effect")
        if one["actor"] == BOT and one["room"] == room["id"]
    ]


def case_of(world: World, room: Room) -> Case:
    found = world.case(room)
    assert found is not None
    return found


# -- who is in it --------------------------------------------------------------------------------


def test_a_space_in_which_only_bots_are_left_is_never_ended_by_itself(
    world: World, people: People
) -> None:
    world.control.person("helper@webex.bot", kind="bot")
    room = world.space("Bots only", members=["helper@webex.bot"], moderators=[])
    people.now(lambda: people.leave(room, "ana@example.com"))
    world.crawl()
    world.policy(**SHORT)
    world.nights(10)
    assert touched(world, room) == []


def test_a_space_in_which_only_outsiders_are_left_is_never_ended_unwarned(
    world: World, people: People
) -> None:
    room = world.space("Partners", members=["eve@partner.example"], moderators=[])
    people.now(lambda: people.leave(room, "ana@example.com"))
    world.crawl()
    world.policy(**SHORT)
    world.nights(10)
    assert world.deleted() == []
    assert touched(world, room) == []


def test_a_space_of_another_organisation_is_never_touched_nor_spoken_of(world: World) -> None:
    room = world.space(
        "Theirs", creator="eve@partner.example", members=["ana@example.com"],
        moderators=["eve@partner.example"],
        messages=[{"by": "eve@partner.example", "text": "hi", "at": world.ago(400)}],
    )  # fmt: skip
    world.crawl()
    world.policy("all", name="everything", **SHORT)
    world.nights(10)
    assert touched(world, room) == []
    for who in ("ana@example.com", "eve@partner.example"):
        assert warnings_of(world, "Theirs", who) == []


def test_somebody_who_is_alone_is_warned_like_all_others(world: World) -> None:
    world.space("Diary", members=[])
    world.crawl()
    world.policy(**SHORT)
    world.nights(10)
    assert world.deleted() == ["Diary"]
    assert len(warnings_of(world, "Diary")) >= 2


def test_a_thousand_people_in_a_space_are_read_whole(
    world: World, sandbox: Handle, people: People
) -> None:
    names = [f"p{n}@example.com" for n in range(1000)]

    def hire() -> None:
        for one in names:
            base.add_person(sandbox.world, email=one)

    sandbox.do(hire)
    room = world.space("Everybody", members=names)
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, room, most=8)
    people.now(lambda: people.write(room, "p999@example.com"))
    world.nights(4, polled=False)
    assert world.deleted() == []
    assert not world.control.room(room["id"])["room"]["isAnnouncementOnly"]


@pytest.mark.parametrize("state", [CaseState.WARNED, CaseState.BLOCKED])
def test_the_only_owner_who_was_deactivated_can_not_answer_so_nothing_goes_on(
    world: World, state: CaseState
) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(state, room, most=8)
    world.control.person("ana@example.com", login=False)
    world.crawl()
    since = world.control.log()[-1]["seq"]
    world.nights(10)
    assert world.deleted() == []
    assert "room.updated" not in touched(world, room, since)
    assert case_of(world, room).state is CaseState.NEEDS_ATTENTION


def test_an_owner_who_leaves_between_warning_and_block_takes_the_warnings_along(
    world: World, people: People
) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.nights(3)
    people.now(lambda: people.moderate(room, "ben@example.com"))
    people.now(lambda: people.leave(room, "ana@example.com"))
    left = world.now()
    world.nights(12, polled=False)
    for one in world.control.effects("room.deleted"):
        at = datetime.fromisoformat(one["at"])
        told = warnings_of(world, "Old plans", "ben@example.com")
        before = [datetime.fromisoformat(x["at"]) for x in told]
        assert len(before) >= 2
        assert at - min(before) >= 5 * DAY
        assert min(before) >= left - timedelta(minutes=1)


# -- titles --------------------------------------------------------------------------------------

HOSTILE = (
    "**bold** [here](https://evil.example/) `x`",
    "<@personEmail:ben@example.com|Ben> <@all>",
    "{{title}} ${title}",
    "\u202egpj.exe\u202c ana",
    '=HYPERLINK("http://evil.example","x")',
    "\U0001f4a3" * 200,
    "'; DROP TABLE space; --%_",
)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_mentions_nobody_and_stops_nothing(world: World, title: str) -> None:
    world.space(title)
    world.crawl()
    world.policy(**SHORT)
    world.nights(10)
    assert len(world.deleted()) == 1
    for one in world.control.effects("message.created"):
        if one["actor"] == BOT:
            said = one["object"]
            assert not said.get("mentionedPeople")
            assert not said.get("mentionedGroups")
            assert 'href="https://evil' not in str(said.get("html", ""))
            assert len(str(said.get("text", "")).encode()) <= 7439
    with world.house.store.read() as tx:
        assert tx.audit.verify()


def test_ten_spaces_with_the_longest_titles_fit_on_their_owner_s_cards(world: World) -> None:
    titles = [f"{n} " + "\U0001f4a3" * 250 for n in range(9)]
    for title in titles:
        world.space(title)
    world.crawl()
    world.policy(cap=9, **SHORT)
    world.night()
    told = " ".join(world.told("ana@example.com"))
    assert all(f"{n} \U0001f4a3" in told for n in range(9))
