"""Memberships: who adds, removes, promotes whom, and what that does to the room
(facts 1.2, 3.2, 3.4; checklist 3, 4)."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.handle import Control
from tests.sandbox.calling import As, Caller
from tests.sandbox.expect import ROOM_UNKNOWN, given, gone, refused
from tests.sandbox.test_sandbox_rooms import add, member, read

FIELDS = {
    "id", "roomId", "personId", "personEmail", "personDisplayName", "personOrgId", "isModerator",
    "roomType", "isMonitor", "created",
}  # fmt: skip


def moderators(who: Caller, room: dict[str, Any]) -> set[str]:
    found = who.all("/memberships", roomId=room["id"])
    return {m["personEmail"].split("@")[0] for m in found if m["isModerator"]}


def test_a_membership_says_who_is_in_what(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben")
    room = ana.made("/rooms", title="A")
    made = add(ana, room, "ben@example.com")
    him = given(ben.get("/people/me"))
    assert set(made) >= FIELDS
    assert (made["roomId"], made["personId"], made["personEmail"], made["personOrgId"]) == (
        room["id"], him["id"], "ben@example.com", him["orgId"],
    )  # fmt: skip
    assert made["personDisplayName"] == him["displayName"]
    assert given(ben.get(f"/memberships/{made['id']}")) == made
    by_id = ana.made("/memberships", roomId=room["id"], personId=as_("cleo").me()["id"])
    assert by_id["personEmail"] == "cleo@example.com"


def test_an_id_says_person_and_room(as_: As) -> None:
    import base64

    def plain(id: str) -> str:
        return base64.urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode()

    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    mine = member(ana, room, "ana@example.com")
    person, place = (plain(x).rsplit("/", 1)[1] for x in (ana.me()["id"], room["id"]))
    assert plain(mine["id"]).split("/")[3] == "MEMBERSHIP"
    assert plain(mine["id"]).rsplit("/", 1)[1] == f"{person}:{place}"


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({}, 400, "Must specify either personId or personEmail."),
        ({"personEmail": "ana@example.com"}, 409, "Person is already in the room."),
        ({"personEmail": "nonsense"}, 400, ""),
        ({"personId": "nonsense"}, 400, ""),
    ],
)
def test_nonsense_adds_nobody(as_: As, body: dict[str, Any], status: int, says: str) -> None:
    room = as_("ana").made("/rooms", title="A")
    answer = as_("ana").post("/memberships", roomId=room["id"], **body)
    refused(answer, status, *([404] if status == 400 and not says else []), says=says)
    assert len(as_("ana").all("/memberships", roomId=room["id"])) == 1


def test_a_room_is_needed_to_add_to(as_: As) -> None:
    ana = as_("ana")
    refused(ana.post("/memberships", personEmail="ben@example.com"), 400, says="roomId cannot be")
    strange = as_("ben").made("/rooms", title="B")
    answer = ana.post("/memberships", roomId=strange["id"], personEmail="ana@example.com")
    refused(answer, 404, says=ROOM_UNKNOWN)


def test_in_an_open_room_every_member_adds_and_removes(as_: As) -> None:
    room = as_("ana").made("/rooms", title="A")
    add(as_("ana"), room, "ben@example.com")
    cleo = add(as_("ben"), room, "cleo@example.com")
    gone(as_("ben").delete(f"/memberships/{cleo['id']}"))
    refused(as_("cleo").get(f"/rooms/{room['id']}"), 404)
    refused(as_("cleo").delete(f"/memberships/{cleo['id']}"), 404)


def test_in_a_moderated_room_only_moderators_add_remove_and_promote(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben")
    room = ana.made("/rooms", title="A", isLocked=True)
    mine = add(ana, room, "ben@example.com")
    cleo = add(ana, room, "cleo@example.com")
    refused(ben.post("/memberships", roomId=room["id"], personEmail="dora@example.com"), 403)
    refused(ben.delete(f"/memberships/{cleo['id']}"), 403)
    refused(ben.put(f"/memberships/{mine['id']}", isModerator=True), 403)
    assert moderators(ana, room) == {"ana"}
    gone(ben.delete(f"/memberships/{mine['id']}"))  # but leave, everyone may


def test_whoever_makes_a_moderator_becomes_one_and_the_room_is_locked(
    as_: As, control: Control
) -> None:  # fmt: skip
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    add(ana, room, "cleo@example.com")
    add(ana, room, "ben@example.com", isModerator=True)
    assert moderators(ana, room) == {"ana", "ben"}
    assert read(ana, room)["isLocked"]
    kinds = [e["kind"] for e in control.log(what="effect") if e["room"] == room["id"]]
    made = kinds.index("membership.created", kinds.index("membership.created") + 2)
    assert "membership.updated" in kinds[made:]
    assert "room.updated" in kinds[made:]


def test_added_as_a_moderator_is_told_in_two_events(as_: As) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A")
    ben = add(ana, room, "ben@example.com", isModerator=True)
    assert ben["isModerator"]
    events = [
        (e["type"], e["data"]["isModerator"])
        for e in co.all("/events", resource="memberships")
        if e["data"]["personEmail"] == "ben@example.com"
    ]
    assert events == [("updated", True), ("created", False)]


def test_a_promotion_locks_and_the_last_demotion_unlocks(as_: As) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    ben = add(ana, room, "ben@example.com")
    assert given(ana.put(f"/memberships/{ben['id']}", isModerator=True))["isModerator"]
    assert moderators(ana, room) == {"ana", "ben"}
    assert read(ana, room)["isLocked"]
    mine = member(ana, room, "ana@example.com")
    assert not given(ana.put(f"/memberships/{mine['id']}", isModerator=False))["isModerator"]
    assert read(ana, room)["isLocked"]
    assert not given(as_("ben").put(f"/memberships/{ben['id']}", isModerator=False))["isModerator"]
    assert not read(ana, room)["isLocked"]


def test_the_officer_outside_moderates_without_becoming_a_member(as_: As) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A")
    add(co, room, "spacekeeper@webex.bot", isModerator=True)
    assert moderators(ana, room) == {"spacekeeper"}
    assert read(ana, room)["isLocked"]
    assert {m["personEmail"] for m in ana.all("/memberships", roomId=room["id"])} == {
        "ana@example.com", "spacekeeper@webex.bot",
    }  # fmt: skip
    refused(ana.put(f"/rooms/{room['id']}", title="B"), 403)
    his = member(co, room, "spacekeeper@webex.bot")
    given(co.put(f"/memberships/{his['id']}", isModerator=False))
    assert not read(ana, room)["isLocked"]
    gone(co.delete(f"/memberships/{his['id']}"))


def test_the_officer_adds_and_removes_people_anywhere_in_the_companys_rooms(as_: As) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A", isLocked=True)
    dora = add(co, room, "dora@example.com")
    assert given(as_("dora").get(f"/rooms/{room['id']}"))
    refused(co.post("/memberships", roomId=room["id"], personEmail="dora@example.com"), 409)
    gone(co.delete(f"/memberships/{dora['id']}"))
    refused(as_("dora").get(f"/rooms/{room['id']}"), 404)


def test_the_officer_has_no_say_over_another_companys_members(as_: As) -> None:
    eve, co = as_("eve@partner.example"), as_("co")
    room = eve.made("/rooms", title="Theirs")
    ana = add(eve, room, "ana@example.com")
    hers = member(eve, room, "eve@partner.example")
    refused(co.post("/memberships", roomId=room["id"], personEmail="ben@example.com"), 403, 404)
    refused(co.delete(f"/memberships/{hers['id']}"), 403, 404)
    refused(co.put(f"/memberships/{hers['id']}", isModerator=True), 403, 404)
    seen = co.get("/memberships", roomId=room["id"])
    if seen.ok:  # its own people at the most
        assert {m["personEmail"] for m in seen.json()["items"]} == {"ana@example.com"}
    assert given(eve.get(f"/memberships/{ana['id']}"))


def test_a_person_is_looked_for_in_a_room_only_unless_by_the_officer(as_: As) -> None:
    ana, co = as_("ana"), as_("co")
    rooms = [ana.made("/rooms", title=t)["id"] for t in "ABC"]
    ben = as_("ben").me()["id"]
    refused(ana.get("/memberships", personId=ben), 400)
    refused(ana.get("/memberships", personEmail="ben@example.com"), 400)
    assert {m["roomId"] for m in ana.all("/memberships")} == set(rooms)
    assert {m["roomId"] for m in co.all("/memberships", personEmail="ana@example.com")} == set(
        rooms
    )
    assert {m["roomId"] for m in co.all("/memberships", personId=ana.me()["id"])} == set(rooms)
    refused(as_("adam").get("/memberships", personEmail="ana@example.com"), 400, 403)
    refused(ana.get("/memberships", roomId=rooms[0], personEmail="x@nowhere.example"), 404, 400)


def test_the_officer_finds_a_persons_rooms_only_where_that_persons_company_owns_them(
    as_: As,
) -> None:
    """Asked by person: rooms owned by an organisation that this person belongs to. So an
    outsider's membership in the company's room is found by room only."""
    ana, eve, co = as_("ana"), as_("eve@partner.example"), as_("co")
    ours, theirs = ana.made("/rooms", title="Ours"), eve.made("/rooms", title="Theirs")
    add(ana, ours, "eve@partner.example")
    add(eve, theirs, "ana@example.com")
    found = co.all("/memberships", personEmail="ana@example.com")
    assert [m["roomId"] for m in found] == [ours["id"]]
    answer = co.get("/memberships", personEmail="eve@partner.example")
    assert answer.status_code in (200, 403, 404)
    if answer.ok:
        assert answer.json()["items"] == []
    assert {m["personEmail"] for m in co.all("/memberships", roomId=ours["id"])} == {
        "ana@example.com", "eve@partner.example",
    }  # fmt: skip


def test_memberships_of_an_invisible_room_are_not_found(as_: As) -> None:
    room = as_("ana").made("/rooms", title="A")
    mine = member(as_("ana"), room, "ana@example.com")
    refused(as_("ben").get("/memberships", roomId=room["id"]), 404, says=ROOM_UNKNOWN)
    for act in (as_("ben").get, as_("ben").delete):
        refused(act(f"/memberships/{mine['id']}"), 404)
    refused(as_("ben").put(f"/memberships/{mine['id']}", isModerator=True), 404)


def test_a_direct_room_keeps_its_two(as_: As) -> None:
    ana = as_("ana")
    room = {"id": ana.made("/messages", toPersonEmail="ben@example.com", text="Hi")["roomId"]}
    mine = member(ana, room, "ana@example.com")
    assert mine["roomType"] == "direct"
    refused(ana.post("/memberships", roomId=room["id"], personEmail="cleo@example.com"), 400, 403)
    refused(ana.delete(f"/memberships/{mine['id']}"), 400, 403, 405)
    refused(ana.put(f"/memberships/{mine['id']}", isModerator=True), 400, 403)
    assert len(ana.all("/memberships", roomId=room["id"])) == 2


def test_a_direct_room_is_hidden_until_somebody_writes(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben")
    room = {"id": ana.made("/messages", toPersonEmail="ben@example.com", text="Hi")["roomId"]}
    mine = member(ana, room, "ana@example.com")
    assert mine["isRoomHidden"] is False
    assert given(ana.put(f"/memberships/{mine['id']}", isRoomHidden=True))["isRoomHidden"]
    assert member(ben, room, "ben@example.com")["isRoomHidden"] is False
    ben.made("/messages", toPersonEmail="ana@example.com", text="Well?")
    assert given(ana.get(f"/memberships/{mine['id']}"))["isRoomHidden"] is False


def test_somebody_who_was_added_and_left_can_come_back(as_: As) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    first = add(ana, room, "ben@example.com")
    gone(ana.delete(f"/memberships/{first['id']}"))
    refused(ana.get(f"/memberships/{first['id']}"), 404)
    second = add(ana, room, "ben@example.com")
    assert second["id"] == first["id"]  # made of the two ids
    assert len(ana.all("/memberships", roomId=room["id"])) == 2


def test_a_membership_is_the_last_activity(as_: As, control: Control) -> None:
    """Any activity counts, also the bot's own (unverified: so read as the worst)."""
    from datetime import timedelta

    ana, bot = as_("ana"), as_("bot")
    room = ana.made("/rooms", title="A")
    before = read(ana, room)["lastActivity"]
    control.advance(timedelta(days=3))
    add(ana, room, "spacekeeper@webex.bot")
    joined = read(ana, room)["lastActivity"]
    assert joined > before
    control.advance(timedelta(days=3))
    bot.made("/messages", roomId=room["id"], text="A warning")
    assert read(ana, room)["lastActivity"] > joined


def test_when_the_last_moderator_leaves_the_room_is_open_to_all(as_: As) -> None:
    """A silenced room, too, so that what was blocked by a moderator who leaves is not any more."""
    ana, ben = as_("ana"), as_("ben")
    room = ana.made("/rooms", title="A", isLocked=True, isAnnouncementOnly=True)
    add(ana, room, "ben@example.com")
    refused(ben.post("/messages", roomId=room["id"], text="x"), 403)
    gone(leave(ana, room, "ana@example.com"))
    now = read(ben, room)
    assert (now["isLocked"], now["isAnnouncementOnly"]) == (False, False)
    ben.made("/messages", roomId=room["id"], text="x")


def leave(who: Caller, room: dict[str, Any], email: str) -> requests.Response:
    return who.delete(f"/memberships/{member(who, room, email)['id']}")
