"""A space that is due and that nobody owns: its most active members are asked to take it over,
a few at a time, then compliance has to find somebody. Nothing is ended meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from domain.errors import Refusal
from domain.ids import RoomId
from domain.lifecycle import CaseState
from domain.owning import Said, SearchState
from domain.people import Actor, Person
from domain.spaces import Space
from jobs.owners import CARDS
from jobs.voice import night_of
from retention.ownerless import seeking, spec
from retention.ownerless.assigning import assign_owner, leave_ownerless
from retention.ownerless.seeking import seek
from retention.ownerless.taking import answer_no, take_over
from sandbox.handle import Handle
from tests.breaking import SHORT, Ambush, Officers, People
from tests.nights import DAY, World

Room = Mapping[str, Any]
CROWD = {"ben": 5, "cleo": 9, "dora": 0, "eva": 2}
"""Who is in the space besides its last owner, and how often each wrote in it."""


def ownerless(world: World, people: People, **more: Any) -> dict[str, Any]:
    """A due space whose one moderator left it after the first warning."""
    world.control.person("eva@example.com")
    said = [
        {"by": f"{name}@example.com", "text": f"{number}", "at": world.ago(400 + number)}
        for name, times in CROWD.items()
        for number in range(1, times + 1)
    ]
    fields: dict[str, Any] = {
        "members": [f"{name}@example.com" for name in CROWD], "messages": said,
    }  # fmt: skip
    made = world.space("Q3 plans", **(fields | more))
    world.crawl()
    world.policy(**SHORT)
    world.night()
    people.leave(made, "ana@example.com")
    world.until(CaseState.NEEDS_ATTENTION, made, most=4)
    return made


@pytest.fixture
def people(world: World, sandbox: Handle) -> People:
    return People(world, sandbox)


def go_on(world: World) -> Mapping[str, object]:
    return seek(night_of(world.firing()), CARDS)


def asked(world: World, room: Room) -> list[str]:
    """Whom the search of a space has asked, by the order in which they were."""
    with world.house.store.read() as tx:
        search = tx.owner_searches.last_of(world.key(room))
        assert search is not None
        asks = tx.owner_searches.asks(search.key)
        names = tx.people.by_keys([one.person for one in asks])
    return [names[one.person].email.partition("@")[0] for one in asks]


def state(world: World, room: Room) -> SearchState:
    with world.house.store.read() as tx:
        search = tx.owner_searches.last_of(world.key(room))
    assert search is not None
    return search.state


def who(world: World, name: str) -> tuple[Actor, Person]:
    with world.house.store.read() as tx:
        found = tx.people.by_email(f"{name}@example.com")
    assert found is not None
    return Actor(name=found.email, person=found.key), found


def space_of(world: World, room: Room) -> Space:
    with world.house.store.read() as tx:
        found = tx.spaces.by_id(RoomId(room["id"]))
    assert found is not None
    return found


def takes(world: World, room: Room, name: str) -> tuple[str, ...]:
    return take_over(
        world.house, *who(world, name)[:1], space_of(world, room), who(world, name)[1]
    ).notes


def moderators(world: World, room: Room) -> set[str]:
    return {
        m["personEmail"].partition("@")[0]
        for m in world.control.room(room["id"])["members"] if m["isModerator"]
    }  # fmt: skip


def questions(world: World, name: str) -> int:
    return sum("Will you take over" in t for t in world.told(f"{name}@example.com"))


def test_the_most_active_members_are_asked_first_and_once(world: World, people: People) -> None:
    room = ownerless(world, people)
    assert go_on(world) == {"asked": 1}
    assert asked(world, room) == ["cleo", "ben", "eva"]
    assert go_on(world) == {"waiting": 1}
    assert [questions(world, name) for name in CROWD] == [1, 1, 0, 1]


def test_whoever_takes_it_over_moderates_it_and_its_case_begins_anew(
    world: World, people: People
) -> None:
    room = ownerless(world, people)
    go_on(world)
    notes = takes(world, room, "ben")
    assert any("locked" in note for note in notes)
    assert moderators(world, room) == {"ben"}
    assert state(world, room) is SearchState.OVER
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.CLEAR
    since = len(world.told("ben@example.com"))
    world.until(CaseState.GONE, room, most=20)
    again = world.case(room)
    assert again is not None
    assert again.cycle == case.cycle + 1
    warned = [text for text in world.told("ben@example.com")[since:] if "will be deleted" in text]
    assert len(warned) == len(SHORT["notices"])


def test_of_two_who_press_at_once_one_gets_it_and_the_other_is_told(
    world: World, people: People
) -> None:
    room = ownerless(world, people)
    go_on(world)
    at_once = Barrier(2)

    def presses(name: str) -> str:
        at_once.wait(10)
        try:
            takes(world, room, name)
        except Refusal as no:
            return no.reason
        return "got it"

    with ThreadPoolExecutor(2) as two:
        came = dict(zip(("ben", "cleo"), two.map(presses, ("ben", "cleo")), strict=True))
    [winner] = [name for name, said in came.items() if said == "got it"]
    [told] = [said for said in came.values() if said != "got it"]
    assert "was faster and owns it now" in told
    assert moderators(world, room) == {winner}


def test_the_second_yes_is_told_who_was_faster(world: World, people: People) -> None:
    room = ownerless(world, people)
    go_on(world)
    takes(world, room, "ben")
    with pytest.raises(Refusal, match="was faster and owns it now"):
        takes(world, room, "cleo")
    assert takes(world, room, "ben") == ()  # the same press, handled again after a crash


def test_whoever_leaves_between_question_and_answer_does_not_get_it(
    world: World, people: People
) -> None:
    room = ownerless(world, people)
    go_on(world)
    people.leave(room, "ben@example.com")
    with pytest.raises(Refusal, match="not in that space any more"):
        takes(world, room, "ben")
    assert state(world, room) is SearchState.ASKING
    assert moderators(world, room) == set()


def test_whoever_leaves_between_claim_and_effect_does_not_get_it(
    world: World, people: People, sandbox: Handle
) -> None:
    room = ownerless(world, people)
    go_on(world)
    ambush = Ambush(
        sandbox, lambda: people.leave(room, "ben@example.com"), method="PUT", about="memberships"
    )
    with pytest.raises(Refusal, match="not in it any more"):
        takes(world, room, "ben")
    assert ambush.fired_at
    assert state(world, room) is SearchState.ASKING
    takes(world, room, "cleo")
    assert moderators(world, room) == {"cleo"}


def test_outsiders_and_bots_are_never_asked(world: World, people: People) -> None:
    world.control.person("olaf@other.example", org="Other")
    world.control.person("helper@webex.bot", kind="bot")
    said = [
        {"by": "olaf@other.example", "text": f"{n}", "at": world.ago(400 + n)} for n in range(20)
    ]
    room = ownerless(
        world, people, members=["ben@example.com", "olaf@other.example", "helper@webex.bot"],
        messages=said,
    )  # fmt: skip
    go_on(world)
    assert asked(world, room) == ["ben"]
    world.pass_(spec.ANSWER_WITHIN + DAY)
    assert go_on(world) == {"escalated": 1}
    assert asked(world, room) == ["ben"]
    assert world.told("olaf@other.example") == []


def test_when_all_said_no_the_next_are_asked_at_once(world: World, people: People) -> None:
    room = ownerless(world, people)
    go_on(world)
    for name, said in (("ben", Said.NOT_ME), ("cleo", Said.NOT_NEEDED)):
        answer_no(world.house, *who(world, name)[:1], space_of(world, room), who(world, name)[1],
                  said)  # fmt: skip
    assert go_on(world) == {"waiting": 1}
    answer_no(world.house, *who(world, "eva")[:1], space_of(world, room), who(world, "eva")[1],
              Said.NOT_ME)  # fmt: skip
    assert go_on(world) == {"asked": 1}
    assert asked(world, room) == ["cleo", "ben", "eva", "dora"]


def test_after_all_rounds_compliance_is_told_and_nothing_is_ended(
    world: World, people: People
) -> None:
    room = ownerless(world, people)
    go_on(world)
    answer_no(world.house, *who(world, "cleo")[:1], space_of(world, room), who(world, "cleo")[1],
              Said.NOT_NEEDED)  # fmt: skip
    for _ in range(2):
        world.pass_(spec.ANSWER_WITHIN + timedelta(hours=1))
        go_on(world)
    assert state(world, room) is SearchState.ESCALATED
    told = [t for t in world.told("cleo@example.com") if t.startswith("Nobody owns")]
    assert len(told) == 1
    assert "nobody needs it" in told[0]
    assert "no answer" in told[0]
    world.nights(6)
    assert go_on(world) == {"waiting": 1}
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.NEEDS_ATTENTION
    assert world.deleted() == []
    takes(world, room, "ben")  # late, and welcome
    assert moderators(world, room) == {"ben"}


def test_somebody_who_was_not_asked_does_not_get_it(world: World, people: People) -> None:
    room = ownerless(world, people)
    go_on(world)
    with pytest.raises(Refusal, match="not asked"):
        takes(world, room, "dora")


def test_a_search_ends_when_somebody_owns_it_or_wrote_in_it(world: World, people: People) -> None:
    room = ownerless(world, people)
    go_on(world)
    people.moderate(room, "dora@example.com", by="dora@example.com")
    assert go_on(world) == {"owned or not due any more": 1}
    assert state(world, room) is SearchState.OVER
    with pytest.raises(Refusal, match="Nobody has to be found any more"):
        takes(world, room, "ben")


def test_a_keep_and_a_message_end_a_search_as_well(world: World, people: People) -> None:
    room = ownerless(world, people)
    go_on(world)
    people.write(room)
    assert go_on(world) == {"owned or not due any more": 1}
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.CLEAR


def test_compliance_assigns_an_owner_who_need_not_be_in_it(world: World, people: People) -> None:
    room = ownerless(world, people)
    go_on(world)
    world.control.person("finn@example.com")
    world.crawl()
    officer, finn = Officers(world).cleo, who(world, "finn")[1]
    first = assign_owner(world.house, officer, space_of(world, room), finn)
    assert first.taken is None
    assert any("not in it" in one for one in first.consequences)
    assert moderators(world, room) == set()
    done = assign_owner(world.house, officer, space_of(world, room), finn, anyway=True)
    assert done.taken is not None
    assert done.taken.is_moderator
    assert moderators(world, room) == {"finn"}
    assert state(world, room) is SearchState.OVER


def test_compliance_can_leave_it_as_it_is(world: World, people: People) -> None:
    room = ownerless(world, people)
    leave_ownerless(world.house, Officers(world).cleo, space_of(world, room))
    world.nights(5)
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.CLEAR
    assert go_on(world) == {}


def test_one_search_that_goes_wrong_takes_no_other_with_it(
    world: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = ownerless(world, people)
    other = world.space("Other", creator="eva@example.com", members=["dora@example.com"],
                        moderators=[])  # fmt: skip
    world.crawl()
    people.leave(other, "eva@example.com")
    world.night()
    real = seeking.read_live

    def poisoned(house: Any, key: Any, **how: Any) -> Any:
        if key == world.key(room):
            raise ValueError("poison")
        return real(house, key, **how)

    monkeypatch.setattr(seeking, "read_live", poisoned)
    assert go_on(world) == {"put off": 1, "asked": 1}
    assert asked(world, other) == ["dora"]


def test_who_can_not_log_in_any_more_is_not_asked(world: World, people: People) -> None:
    room = ownerless(world, people)
    world.control.person("cleo@example.com", login=False)
    go_on(world)
    assert asked(world, room) == ["ben", "eva", "dora"]
    assert questions(world, "cleo") == 0


def test_what_a_bot_says_hides_nobody_who_was_active_before(world: World, people: People) -> None:
    world.control.person("helper@webex.bot", kind="bot")
    said = [
        {"by": "ben@example.com", "text": "hello", "at": world.ago(700)},
        *({"by": "helper@webex.bot", "text": f"{n}", "at": world.ago(400 + n)} for n in range(9)),
    ]
    room = ownerless(
        world, people, members=["dora@example.com", "ben@example.com", "helper@webex.bot"],
        messages=said,
    )  # fmt: skip
    go_on(world)
    assert asked(world, room) == ["ben", "dora"]


def test_an_owner_who_goes_while_it_is_blocked_stops_the_deletion(
    world: World, people: People
) -> None:
    """I10: whoever was warned is gone, so nobody was; and who takes it over gets all of it."""
    world.control.person("eva@example.com")
    room = world.space("Q3 plans", members=["ben@example.com", "eva@example.com"])
    world.crawl()
    world.policy(**SHORT)
    world.until(CaseState.BLOCKED, room, most=12)
    people.leave(room, "ana@example.com")
    world.until(CaseState.NEEDS_ATTENTION, room, most=4)
    world.nights(4)
    assert world.deleted() == []
    go_on(world)
    takes(world, room, "ben")
    shown = world.control.room(room["id"])
    assert "ben" in moderators(world, room)
    assert not shown.get("isAnnouncementOnly")
    with world.house.store.read() as tx:
        assert tx.blocks.of(world.key(room)) is None
    since = len(world.told("ben@example.com"))
    world.until(CaseState.GONE, room, most=20)
    warned = [text for text in world.told("ben@example.com")[since:] if "will be deleted" in text]
    assert len(warned) == len(SHORT["notices"])
