"""Erasing a person, judged by the server's own log."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.erasures import ErasureState, ErasureView, Obstacle, PartState, deadline
from domain.errors import Refusal
from domain.policies import Ending
from retention.erasing.agreeing import agree, show
from retention.erasing.registering import cancel, extend, register
from retention.holds import place_hold, release_hold
from retention.keeping import keep_space
from retention.pausing import house_pause, house_resume
from spaces.looking import find_person
from tests.nights import BOT, DAY, World
from tests.retention.people import BEN, Office, words

ANA = "ana@example.com"


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def plans(world: World, title: str = "Plans", **more: Any) -> dict[str, Any]:
    """A space of Ana's in which Ben wrote “one” and “two”, and she “mine”."""
    said = [
        *words("one", "two", at=world.ago(5)), *words("mine", by=ANA, at=world.ago(4)),
    ]  # fmt: skip
    return world.space(title, **({"messages": said} | more))


def certificate(office: Office, number: str) -> dict[str, Any]:
    with office.house.store.read() as tx:
        made = tx.certificates.by_number(number)
        assert made.is_whole
        assert tx.audit.verify()
        return dict(made.body)


def test_what_somebody_wrote_goes_they_leave_and_a_certificate_says_so(office: Office) -> None:
    room, other = plans(office.world), plans(office.world, "Others", members=[], messages=[])
    office.world.crawl()
    one = office.asks()
    assert office.shown(one).messages == 2
    assert (office.deleted(), office.left()) == ([], [])
    office.agrees(one)
    office.runs()
    assert office.is_done(one)
    assert sorted(office.deleted()) == ["one", "two"]
    assert office.stays(room["id"]) == ["mine"]
    assert BEN not in office.members(room["id"])
    assert office.members(other["id"]) == {ANA}
    said = certificate(office, office.now(one).certificate)
    assert said["erased"]["messages"] == 2
    assert said["erased"]["memberships"] == 4
    text = json.dumps(said).casefold()
    assert "ben@" not in text
    assert '"ben' not in text
    assert one.pseudonym in json.dumps(said)


def test_the_record_knows_them_by_a_pseudonym_only(office: Office) -> None:
    plans(office.world)
    office.world.crawl()
    with office.house.store.read() as tx:
        before = tx.audit.verify().length
    one = office.agreed(reason="Ben's letter")
    office.runs()
    assert office.is_done(one)
    with office.house.store.read() as tx:
        rows = list(tx.audit.since(before))
        assert tx.audit.verify()
    assert "erasure:end" in {row.word for row in rows}
    about = [row for row in rows if "alert:send" not in row.word]
    assert not [row for row in about if "ben" in json.dumps(dict(row.detail)).casefold()]
    assert {row.detail.get("whom") for row in rows if row.word.startswith("erasure:")} == {
        one.pseudonym
    }


def test_threads_and_files_go_and_what_others_answered_stays(office: Office) -> None:
    room = plans(office.world, messages=[])
    first = office.writes(BEN, "question", roomId=room["id"])
    office.writes(ANA, "answer", roomId=room["id"], parentId=first["id"])
    office.writes(BEN, "thanks", roomId=room["id"], parentId=first["id"])
    mine = office.writes(ANA, "another", roomId=room["id"])
    office.writes(BEN, "reply", roomId=room["id"], parentId=mine["id"])
    office.world.crawl()
    office.agreed()
    office.runs()
    assert sorted(office.deleted()) == ["question", "reply", "thanks"]
    assert office.stays(room["id"]) == ["answer", "another"]


@pytest.mark.parametrize("both", [False, True])
def test_of_a_conversation_of_two_what_the_other_wrote_stays_unless_it_is_asked_for(
    office: Office, both: bool
) -> None:
    said = office.writes(BEN, "hello Ana", toPersonEmail=ANA)
    office.writes(ANA, "hello Ben", toPersonEmail=BEN)
    plans(office.world)
    office.world.crawl()
    one = office.agreed(both_sides=both)
    office.runs()
    assert office.is_done(one)
    assert office.stays(said["roomId"]) == ([] if both else ["hello Ana"[:0] + "hello Ben"])
    assert office.members(said["roomId"]) == {ANA, BEN}


def test_a_space_that_they_left_is_found_by_what_was_known_and_by_events(office: Office) -> None:
    left, never_known = plans(office.world, "Left"), plans(office.world, "Not known", messages=[])
    office.writes(BEN, "by event", roomId=never_known["id"])
    office.leaves(BEN, never_known["id"])
    office.world.crawl()
    office.leaves(BEN, left["id"])
    office.world.pass_(timedelta(seconds=2))  # the newest events may come a moment late
    office.world.crawl()
    office.agreed()
    office.runs()
    assert sorted(office.deleted()) == ["by event", "one", "two"]


def test_a_held_space_waits_and_goes_on_after_the_release(office: Office) -> None:
    world = office.world
    held, free = plans(world, "Held"), plans(world, "Free")
    world.crawl()
    with office.house.store.read() as tx:
        space = tx.spaces.by_key(world.key(held))
    place_hold(office.house, office.actor("cleo"), "lawsuit", spaces=[space])
    one = office.asks()
    view = office.shown(one)
    assert view.totals[PartState.WAITS] == 1
    assert "lawsuit" in next(part.why for space, part in view.sample if part.why)
    office.agrees(one)
    office.runs()
    assert office.stays(held["id"]) == ["one", "two", "mine"]
    assert BEN in office.members(held["id"])
    assert office.stays(free["id"]) == ["mine"]
    assert office.now(one).state is ErasureState.PARTLY
    release_hold(office.house, office.actor("cleo"), "lawsuit")
    world.pass_(8 * DAY)
    office.runs()
    assert office.part(one, held).obstacle is Obstacle.ALONE
    world.pass_(8 * DAY)
    office.runs()
    assert office.stays(held["id"]) == ["mine"]
    assert office.is_done(one)


def test_a_hold_on_the_person_stops_all_of_it(office: Office) -> None:
    plans(office.world)
    office.world.crawl()
    one = office.agreed()
    ben = find_person(office.house, BEN)
    place_hold(office.house, office.actor("cleo"), "lawsuit", people=[ben])
    office.runs()
    assert (office.deleted(), office.left()) == ([], [])
    assert office.now(one).state is ErasureState.PARTLY


def test_what_a_locked_policy_forbids_is_left_and_said(office: Office) -> None:
    locked, free = plans(office.world, "Locked"), plans(office.world, "Free")
    office.world.policy(
        "title:Locked", ending=Ending.DELETE, period=3000 * DAY, is_floor=True, name="books"
    )
    office.world.crawl()
    one = office.asks()
    assert office.shown(one).totals[PartState.LEFT] == 1
    office.agrees(one)
    office.runs()
    assert office.stays(locked["id"]) == ["one", "two", "mine"]
    assert office.stays(free["id"]) == ["mine"]
    assert office.is_done(one)
    left = certificate(office, office.now(one).certificate)["left"]
    assert [each["space"] for each in left] == [locked["id"]]
    assert "“books” is locked" in left[0]["why"]


@pytest.mark.parametrize(("by_compliance", "stays"), [(False, False), (True, True)])
def test_only_a_keep_of_compliance_stands_in_the_way(
    office: Office, by_compliance: bool, stays: bool
) -> None:
    room = plans(office.world)
    office.world.crawl()
    with office.house.store.read() as tx:
        space = tx.spaces.by_key(office.world.key(room))
    keep_space(office.house, office.actor("ana"), space, until=None, by_compliance=by_compliance)
    office.agreed()
    office.runs()
    assert ("one" in office.stays(room["id"])) is stays


def test_without_a_cap_nothing_happens_and_with_one_it_goes_on_the_next_day(world: World) -> None:
    plans(world)
    world.crawl()
    none = Office(world, erase_per_day=0)
    one = none.agreed()
    assert "allows to erase nothing" in str(none.runs()["stopped"])
    few = Office(world, erase_per_day=4)
    few.runs()
    assert len(few.left()) + len(few.deleted()) == 4
    few.runs()
    assert len(few.left()) + len(few.deleted()) == 4
    world.pass_(26 * timedelta(hours=1))
    few.runs()
    assert few.is_done(one)
    assert len(few.left()) + len(few.deleted()) == 6


def test_a_pause_stops_it_and_afterwards_it_goes_on(office: Office) -> None:
    plans(office.world)
    office.world.crawl()
    one = office.agreed()
    house_pause(office.house, office.actor("cleo"), reason="to look")
    assert "paused" in str(office.runs()["stopped"])
    assert (office.deleted(), office.left()) == ([], [])
    house_resume(office.house, office.actor("cleo"))
    office.runs()
    assert office.is_done(one)


def test_it_cools_off_and_can_be_called_off_until_then_and_amid(world: World) -> None:
    plans(world)
    world.crawl()
    office = Office(world, cooling=timedelta(hours=24))
    one = office.agreed()
    office.runs()
    assert office.now(one).state is ErasureState.AGREED
    cancel(office.house, office.actor("dora"), one)
    world.pass_(2 * DAY)
    office.runs()
    assert (office.deleted(), office.left()) == ([], [])
    again = office.agreed()
    assert again.number != one.number
    world.pass_(2 * DAY)
    office.runs()
    assert office.is_done(again)


def test_who_took_it_in_can_not_agree_and_a_list_that_changed_is_shown_again(
    office: Office,
) -> None:
    plans(office.world)
    office.world.crawl()
    one = office.asks()
    with pytest.raises(Refusal, match="somebody else of compliance"):
        agree(office.house, office.actor("cleo"), one)
    view = office.shown(one)
    with pytest.raises(Refusal, match="not the code"):
        agree(office.house, office.actor("dora"), one, code="000000")
    other = plans(office.world, "Later")
    office.world.crawl()
    with pytest.raises(Refusal, match="nobody has looked at"):
        agree(office.house, office.actor("dora"), one, code=view.code)
    assert office.now(one).state is ErasureState.SHOWN
    office.agreed()
    office.runs()
    assert office.stays(other["id"]) == ["mine"]


def test_what_stands_in_the_way_is_a_part_of_what_is_agreed_to(office: Office) -> None:
    room = plans(office.world)
    office.world.crawl()
    one = office.asks()
    view = office.shown(one)
    with office.house.store.read() as tx:
        space = tx.spaces.by_key(office.world.key(room))
    place_hold(office.house, office.actor("cleo"), "lawsuit", spaces=[space])
    shown = agree(office.house, office.actor("dora"), one, code=view.code)
    assert isinstance(shown, ErasureView)
    assert "changed" in shown.again
    assert office.now(one).state is ErasureState.SHOWN


def test_the_last_moderator_and_who_is_alone_stay_until_somebody_decides(office: Office) -> None:
    led = plans(office.world, "Led", creator=BEN, members=[ANA], moderators=[BEN])
    alone = plans(office.world, "Alone", creator=BEN, members=[], moderators=[], messages=words(
        "to myself", at=office.world.ago(3)))  # fmt: skip
    office.world.crawl()
    one = office.agreed()
    office.runs()
    assert office.stays(led["id"]) == ["mine"]
    assert office.stays(alone["id"]) == []
    assert BEN in office.members(led["id"])
    assert "last moderator" in office.part(one, led).why
    assert "nobody would be in it" in office.part(one, alone).why
    assert office.now(one).state is ErasureState.PARTLY
    assert office.world.deleted() == []


def test_who_can_not_be_erased(office: Office) -> None:
    house, cleo = office.house, office.actor("cleo")
    with pytest.raises(Refusal, match="is of compliance"):
        register(house, cleo, find_person(house, "dora@example.com"))
    with pytest.raises(Refusal, match="no person"):
        register(house, cleo, find_person(house, BOT))
    with pytest.raises(Refusal, match="no person"):
        register(house, cleo, find_person(house, "compliance-service@example.com"))
    with pytest.raises(Refusal, match="find nobody"):
        find_person(house, "nobody@example.com")
    with pytest.raises(Refusal, match="today or in the last year"):
        register(house, cleo, find_person(house, BEN), received=office.world.now() + DAY)


def test_who_comes_into_compliance_meanwhile_is_not_erased(office: Office) -> None:
    from dataclasses import replace

    plans(office.world)
    office.world.crawl()
    office.agreed()
    office.world.house = replace(office.house, compliance=office.house.compliance | {BEN})
    office.runs()
    assert (office.deleted(), office.left()) == ([], [])


def test_an_outsider_is_erased_from_our_spaces_and_others_spaces_are_left(office: Office) -> None:
    eve = "eve@partner.example"
    ours = plans(office.world, "Ours", members=[eve], messages=words(
        "from outside", by=eve, at=office.world.ago(3)))  # fmt: skip
    office.world.crawl()
    one = office.agreed(eve)
    office.runs()
    assert office.deleted() == ["from outside"]
    assert office.members(ours["id"]) == {ANA}
    assert office.is_done(one)


def test_another_organisations_space_is_left_and_said(office: Office) -> None:
    eve = "eve@partner.example"
    said = words("abroad", at=office.world.ago(3))
    theirs = plans(
        office.world, "Theirs", creator=eve, members=[BEN], moderators=[eve], messages=said
    )
    plans(office.world)
    office.world.crawl()
    one = office.asks()
    office.agrees(one)
    office.runs()
    assert office.stays(theirs["id"]) == ["abroad"]
    assert office.is_done(one)


def test_what_is_written_meanwhile_goes_too(office: Office) -> None:
    said = office.writes(BEN, "early", toPersonEmail=ANA)
    office.world.crawl()
    one = office.agreed()
    office.writes(BEN, "late", toPersonEmail=ANA)
    office.runs()
    assert office.is_done(one)
    assert office.stays(said["roomId"]) == []


def test_many_messages_are_paged_and_each_is_asked_for_once(office: Office) -> None:
    at = office.world.now() - 9 * DAY
    said = [
        {"by": BEN if n % 100 == 0 else ANA, "text": f"m{n}",
         "at": (at + timedelta(seconds=n)).isoformat()}
        for n in range(10_000)
    ]  # fmt: skip
    plans(office.world, messages=said)
    office.world.crawl()
    one = office.asks()
    assert office.shown(one).messages == 100
    office.agrees(one)
    office.runs()
    assert sorted(office.deleted(), key=lambda text: int(text[1:])) == [
        f"m{n}" for n in range(0, 10_000, 100)
    ]
    asked = [
        entry["path"] for entry in office.world.control.log(what="request")
        if entry["method"] == "DELETE" and entry["path"].startswith("/messages/")
    ]  # fmt: skip
    assert len(asked) == len(set(asked)) == 100


@pytest.mark.parametrize("lists", [True, False])
def test_messages_that_were_deleted_before_are_not_deleted_again(
    office: Office, lists: bool
) -> None:
    room = plans(office.world)
    office.world.control.switch(officer_lists_deleted=lists)
    office.world.crawl()
    one = office.agreed()
    office.runs()
    assert office.is_done(one)
    assert len(office.deleted()) == 2
    again = office.agreed()
    office.runs()
    assert office.is_done(again)
    assert len(office.deleted()) == 2
    assert office.stays(room["id"]) == ["mine"]


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_goes_twice(office: Office) -> None:
    plans(office.world)
    office.world.crawl()
    one = office.agreed()
    lost = office.world.control.fault("5xx-after", method="DELETE", path="/messages/*", count=1)
    office.runs()
    assert office.world.control.fired(lost) == 1
    assert office.is_done(one)
    assert sorted(office.deleted()) == ["one", "two"]
    assert certificate(office, office.now(one).certificate)["erased"]["messages"] == 2


def test_a_space_that_can_not_be_read_waits_and_the_others_go_on(office: Office) -> None:
    first, second = plans(office.world, "First"), plans(office.world, "Second")
    office.world.crawl()
    one = office.agreed()
    office.world.control.fault("5xx", method="GET", path="/rooms/*", count=40)
    office.runs()
    office.world.control.clear_faults()
    assert not office.is_done(one)
    office.world.pass_(timedelta(hours=2))
    office.runs()
    assert office.is_done(one)
    assert office.stays(first["id"]) == office.stays(second["id"]) == ["mine"]


def test_deadlines_are_told_before_they_pass_and_extended_once(office: Office) -> None:
    plans(office.world)
    office.world.crawl()
    one = office.asks()
    assert one.due == deadline(one.received, months=1)
    office.runs()
    assert not [said for said in office.world.told("dora@example.com") if "time to answer" in said]
    office.world.pass_(one.due - office.world.now() - 6 * DAY)
    office.runs()
    office.runs()
    told = [said for said in office.world.told("dora@example.com") if "time to answer" in said]
    assert len(told) == 1
    assert one.number in told[0]
    more = extend(office.house, office.actor("dora"), one, reason="very many spaces")
    assert more.due == deadline(one.received, months=3)
    with pytest.raises(Refusal, match="only once"):
        extend(office.house, office.actor("dora"), one, reason="again")


def test_after_its_month_it_can_not_be_extended(office: Office) -> None:
    plans(office.world)
    office.world.crawl()
    one = office.asks()
    office.world.pass_(40 * DAY)
    with pytest.raises(Refusal, match="month is over"):
        extend(office.house, office.actor("dora"), one, reason="too late")
    office.runs()
    assert [said for said in office.world.told("dora@example.com") if "is over" in said]


@pytest.mark.parametrize(
    ("received", "months", "due"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)), ((2028, 1, 31), 1, (2028, 2, 29)),
        ((2026, 11, 24), 1, (2026, 12, 24)), ((2026, 11, 30), 3, (2027, 2, 28)),
    ],
)  # fmt: skip
def test_a_month_is_the_calendars(
    received: tuple[int, int, int], months: int, due: tuple[int, int, int]
) -> None:
    assert deadline(datetime(*received, tzinfo=UTC), months=months) == datetime(*due, tzinfo=UTC)


def test_what_is_shown_of_it_afterwards_names_nobody(office: Office) -> None:
    plans(office.world)
    office.world.crawl()
    one = office.agreed()
    office.runs()
    view = show(office.house, office.actor("dora"), one)
    assert (view.name, view.email) == (one.pseudonym, "")
