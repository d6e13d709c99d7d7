"""Rooms: who sees, makes, changes and deletes what (facts 1.1, 3.1, 3.4; checklist 2, 3, 12)."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.handle import Control
from tests.sandbox.calling import As
from tests.sandbox.expect import ROOM_UNKNOWN, given, refused

FIELDS = {
    "id", "title", "type", "isLocked", "lastActivity", "creatorId", "created", "ownerId",
    "isAnnouncementOnly", "isReadOnly", "isPublic",
}  # fmt: skip


def add(who: Any, room: dict[str, Any], email: str, **more: Any) -> dict[str, Any]:
    return dict(who.made("/memberships", roomId=room["id"], personEmail=email, **more))


def member(who: Any, room: dict[str, Any], email: str) -> dict[str, Any]:
    found = who.all("/memberships", roomId=room["id"], personEmail=email)
    assert len(found) == 1
    return dict(found[0])


def read(who: Any, room: dict[str, Any]) -> dict[str, Any]:
    return given(who.get(f"/rooms/{room['id']}"))


# -- making -----------------------------------------------------------------------------------


def test_a_room_is_made_with_its_maker_in_it(as_: As) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="Plans")
    assert set(room) >= FIELDS
    me = given(ana.get("/people/me"))
    assert (room["creatorId"], room["ownerId"]) == (me["id"], me["orgId"])
    assert (room["type"], room["isLocked"], room["isPublic"]) == ("group", False, False)
    mine = member(ana, room, "ana@example.com")
    assert (mine["isModerator"], mine["roomType"]) == (False, "group")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "title"),
        ({"title": ""}, "Title cannot be empty."),
        ({"title": "A", "isPublic": True}, "description"),
        ({"title": "A", "isAnnouncementOnly": True}, "locked"),
    ],
)
def test_a_room_is_not_made_from_nonsense(as_: As, body: dict[str, Any], says: str) -> None:
    refused(as_("ana").post("/rooms", **body), 400, says=says)
    assert as_("ana").all("/rooms") == []


def test_the_maker_of_a_locked_room_moderates_it(as_: As) -> None:
    room = as_("ana").made("/rooms", title="A", isLocked=True, isAnnouncementOnly=True)
    assert room["isLocked"] is True
    assert room["isAnnouncementOnly"] is True
    assert member(as_("ana"), room, "ana@example.com")["isModerator"] is True


def test_a_room_in_a_team_is_for_the_teams_members_to_make(as_: As) -> None:
    team = as_("ana").made("/teams", name="Finance")
    room = as_("ana").made("/rooms", title="Audit", teamId=team["id"])
    assert room["teamId"] == team["id"]
    refused(as_("ben").post("/rooms", title="Mine", teamId=team["id"]), 403, 404)


def test_a_bots_room_belongs_to_the_first_person_in_it(as_: As) -> None:
    bot = as_("bot")
    ours = bot.made("/rooms", title="Ours")
    add(bot, ours, "ana@example.com")
    add(bot, ours, "eve@partner.example")
    assert read(bot, ours)["ownerId"] == given(as_("ana").get("/people/me"))["orgId"]
    theirs = bot.made("/rooms", title="Theirs")
    add(bot, theirs, "eve@partner.example")
    add(bot, theirs, "ana@example.com")
    theirs = read(bot, theirs)
    assert theirs["ownerId"] == given(as_("eve@partner.example").get("/people/me"))["orgId"]


def test_a_bot_classifies_a_room_only_once_a_person_of_its_owner_is_in(as_: As) -> None:
    bot = as_("bot")
    levels = as_("co").all("/classifications")
    level = next(c for c in levels if c["rank"] == 2)["id"]
    refused(bot.post("/rooms", title="A", classificationId=level), 400, 403)
    room = bot.made("/rooms", title="A")
    refused(bot.put(f"/rooms/{room['id']}", title="A", classificationId=level), 400, 403)
    add(bot, room, "ana@example.com")
    changed = given(bot.put(f"/rooms/{room['id']}", title="A", classificationId=level))
    assert changed["classificationId"] == level


# -- seeing -----------------------------------------------------------------------------------


def test_absence_and_no_permission_look_alike(as_: As) -> None:
    room = as_("ana").made("/rooms", title="Secret")
    unknown = "/rooms/Y2lzY29zcGFyazovL3VzL1JPT00vMDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAw"
    hidden = refused(as_("ben").get(f"/rooms/{room['id']}"), 404, says=ROOM_UNKNOWN)
    missing = refused(as_("ben").get(unknown), 404, says=ROOM_UNKNOWN)
    assert hidden["message"] == missing["message"]
    refused(as_("adam").get(f"/rooms/{room['id']}"), 404, says=ROOM_UNKNOWN)  # an admin only
    refused(as_("bot").get(f"/rooms/{room['id']}"), 404, says=ROOM_UNKNOWN)


def test_a_list_has_the_callers_own_rooms_only_the_officers_too(as_: As) -> None:
    room = as_("ana").made("/rooms", title="Plans")
    assert [r["id"] for r in as_("ana").all("/rooms")] == [room["id"]]
    for other in ("ben", "co", "adam", "bot"):
        assert as_(other).all("/rooms") == [], other
    assert read(as_("co"), room)["title"] == "Plans"


def test_rooms_are_listed_by_type_team_and_in_order(as_: As, control: Control) -> None:
    ana = as_("ana")
    team = ana.made("/teams", name="Finance")
    first = ana.made("/rooms", title="First")
    in_team = ana.made("/rooms", title="Second", teamId=team["id"])
    direct = ana.made("/messages", toPersonEmail="ben@example.com", text="Hi")["roomId"]
    ana.made("/messages", roomId=first["id"], text="Newest")
    assert [r["id"] for r in ana.all("/rooms", type="direct")] == [direct]
    in_teams = {r["id"] for r in ana.all("/rooms", teamId=team["id"])}
    assert in_team["id"] in in_teams
    assert first["id"] not in in_teams
    assert len(in_teams) == 2  # with the team's General
    by_activity = [r["lastActivity"] for r in ana.all("/rooms", sortBy="lastactivity")]
    assert by_activity == sorted(by_activity, reverse=True)
    by_age = [r["created"] for r in ana.all("/rooms", sortBy="created")]
    assert by_age == sorted(by_age, reverse=True)
    by_id = [r["id"] for r in ana.all("/rooms", sortBy="id")]
    assert len(by_id) == len(by_age) == 4
    refused(ana.get("/rooms", type="big"), 400)
    refused(ana.get("/rooms", sortBy="size"), 400)


def test_public_spaces_are_shown_to_everyone_of_the_company(as_: As, control: Control) -> None:
    ana, ben = as_("ana"), as_("ben")
    first = ana.made("/rooms", title="A", isPublic=True, description="All about A")
    assert first["isPublic"]
    assert first["madePublic"]
    assert first["description"] == "All about A"
    ana.made("/rooms", title="Private")
    assert [r["id"] for r in ben.all("/rooms", orgPublicSpaces="true")] == [first["id"]]
    assert as_("eve@partner.example").all("/rooms", orgPublicSpaces="true") == []
    made = first["madePublic"]
    assert ben.all("/rooms", orgPublicSpaces="true", to=made) == []
    for more in ({"teamId": "x"}, {"type": "group"}, {"sortBy": "id"}):
        refused(ben.get("/rooms", orgPublicSpaces="true", **more), 400)


def test_a_direct_room_has_the_other_persons_name_and_none_for_the_officer(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben")
    room = {"id": ana.made("/messages", toPersonEmail="ben@example.com", text="Hi")["roomId"]}
    assert read(ana, room)["title"] == given(ben.get("/people/me"))["displayName"]
    assert read(ben, room)["title"] == given(ana.get("/people/me"))["displayName"]
    assert read(as_("co"), room)["title"] == "Empty Title"
    assert read(as_("co"), room)["type"] == "direct"
    assert len(as_("co").all("/memberships", roomId=room["id"])) == 2


def test_a_raw_uuid_is_as_good_as_an_id(as_: As) -> None:
    import base64

    room = as_("ana").made("/rooms", title="Plans")
    padded = room["id"] + "=" * (-len(room["id"]) % 4)
    decoded = base64.urlsafe_b64decode(padded).decode()
    assert decoded.startswith("ciscospark://")
    assert decoded.split("/")[3] == "ROOM"
    assert not room["id"].endswith("=")
    uuid = decoded.rsplit("/", 1)[1]
    assert read(as_("ana"), {"id": uuid})["id"] == room["id"]
    assert as_("ana").all("/memberships", roomId=uuid)
    as_("ana").made("/messages", roomId=uuid, text="Hi")


@pytest.mark.parametrize("wrong", ["x", "not-an-id", "%20", "Y2lzY29zcGFyazovL3VzL1BFT1BMRS94"])
def test_what_is_no_id_of_a_room_is_refused(as_: As, wrong: str) -> None:
    refused(as_("ana").get(f"/rooms/{wrong}"), 400, 404)
