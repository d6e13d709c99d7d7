"""Rooms that are renamed, locked, silenced, classified, moved (facts 1.1, 3.4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.calling import As
from tests.sandbox.expect import ROOM_UNKNOWN, given, refused
from tests.sandbox.test_sandbox_rooms import add, member, read


def test_in_an_open_room_every_member_may_rename(as_: As) -> None:
    room = as_("ana").made("/rooms", title="Plans")
    add(as_("ana"), room, "ben@example.com")
    assert given(as_("ben").put(f"/rooms/{room['id']}", title="Better"))["title"] == "Better"
    refused(as_("cleo").put(f"/rooms/{room['id']}", title="Mine"), 404, says=ROOM_UNKNOWN)
    refused(as_("ben").put(f"/rooms/{room['id']}", title=""), 400, says="Title cannot be empty.")


def test_in_a_moderated_room_only_moderators_change_anything(as_: As) -> None:
    room = as_("ana").made("/rooms", title="Plans", isLocked=True)
    add(as_("ana"), room, "ben@example.com")
    for change in ({"title": "Mine"}, {"title": "Plans", "isLocked": False}):
        refused(as_("ben").put(f"/rooms/{room['id']}", **change), 403)
    assert given(as_("ana").put(f"/rooms/{room['id']}", title="New"))["title"] == "New"


def test_a_single_space_clears_the_description(as_: As) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="Plans", description="Old")
    changed = given(ana.put(f"/rooms/{room['id']}", title="Plans", description=" "))
    assert not changed.get("description")


def test_locking_makes_the_one_who_locks_a_moderator_and_unlocking_nobody(as_: As) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="Plans")
    add(ana, room, "ben@example.com")
    assert given(ana.put(f"/rooms/{room['id']}", title="Plans", isLocked=True))["isLocked"]
    assert [m["isModerator"] for m in ana.all("/memberships", roomId=room["id"])].count(True) == 1
    assert not given(ana.put(f"/rooms/{room['id']}", title="Plans", isLocked=False))["isLocked"]
    assert not any(m["isModerator"] for m in ana.all("/memberships", roomId=room["id"]))


def test_announcements_only_needs_a_lock_and_ends_with_it(as_: As) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    path = f"/rooms/{room['id']}"
    refused(ana.put(path, title="A", isAnnouncementOnly=True), 400, says="locked")
    both = given(ana.put(path, title="A", isLocked=True, isAnnouncementOnly=True))
    assert both["isAnnouncementOnly"]
    opened = given(ana.put(path, title="A", isLocked=False))
    assert (opened["isLocked"], opened["isAnnouncementOnly"]) == (False, False)


def test_in_announcement_mode_only_moderators_write(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben")
    room = ana.made("/rooms", title="A", isLocked=True, isAnnouncementOnly=True)
    add(ana, room, "ben@example.com")
    refused(ben.post("/messages", roomId=room["id"], text="May I?"), 403)
    said = ana.made("/messages", roomId=room["id"], text="Listen")
    assert [m["id"] for m in ben.all("/messages", roomId=room["id"])] == [said["id"]]
    refused(ben.post("/messages", roomId=room["id"], text="Yes?", parentId=said["id"]), 403)


def test_a_room_moves_into_a_team_once_and_only_with_its_moderators(as_: As) -> None:
    ana = as_("ana")
    team, other = ana.made("/teams", name="Finance"), ana.made("/teams", name="Legal")
    room = ana.made("/rooms", title="A", isLocked=True)
    ben = add(ana, room, "ben@example.com", isModerator=True)
    path = f"/rooms/{room['id']}"
    refused(ana.put(path, title="A", teamId=team["id"]), 400, 403)  # ben is not of the team
    ana.put(f"/memberships/{ben['id']}", isModerator=False)
    assert given(ana.put(path, title="A", teamId=team["id"]))["teamId"] == team["id"]
    refused(ana.put(path, title="A", teamId=other["id"]), 400, 403)
    assert read(ana, room)["teamId"] == team["id"]


def test_only_an_officer_makes_a_room_public_and_only_a_harmless_one(as_: As) -> None:
    ana, co = as_("ana"), as_("co")
    levels = {c["rank"]: c["id"] for c in co.all("/classifications")}
    room = ana.made("/rooms", title="A", description="About A", classificationId=levels[0])
    path = f"/rooms/{room['id']}"
    refused(ana.put(path, title="A", isPublic=True), 403)
    assert given(co.put(path, title="A", isPublic=True))["isPublic"]
    assert not given(ana.put(path, title="A", isPublic=False))["isPublic"]  # anyone may go back
    co.put(path, title="A", classificationId=levels[3])
    refused(co.put(path, title="A", isPublic=True), 400, 403)
    bare = ana.made("/rooms", title="B", classificationId=levels[0])
    refused(co.put(f"/rooms/{bare['id']}", title="B", isPublic=True), 400, 403)


def test_the_level_of_a_room_must_be_one_of_the_companys_five(as_: As) -> None:
    ana = as_("ana")
    levels = as_("co").all("/classifications")
    assert sorted(c["rank"] for c in levels) == [0, 1, 2, 3, 4]
    room = ana.made("/rooms", title="A")
    refused(ana.put(f"/rooms/{room['id']}", title="A", classificationId="x"), 400, 404)
    top = next(c["id"] for c in levels if c["rank"] == 4)
    assert given(ana.put(f"/rooms/{room['id']}", title="A", classificationId=top))
    events = as_("co").all("/events", resource="rooms")
    assert [(e["type"], e["data"]["id"]) for e in events] == [("updated", room["id"])]


@pytest.mark.parametrize(
    "change",
    [{"title": "Mine"}, {"isLocked": True}, {"isReadOnly": True}],
)
def test_an_officer_outside_a_room_may_not_change(as_: As, change: dict[str, Any]) -> None:
    room = as_("ana").made("/rooms", title="A")
    refused(as_("co").put(f"/rooms/{room['id']}", **{"title": "A", **change}), 400, 403)
    now = read(as_("ana"), room)
    assert (now["title"], now["isLocked"], now["isReadOnly"]) == ("A", False, False)


def test_an_officer_outside_a_room_may_not_move_it_into_a_team(as_: As) -> None:
    team = as_("ana").made("/teams", name="Finance")
    room = as_("ana").made("/rooms", title="A")
    refused(as_("co").put(f"/rooms/{room['id']}", title="A", teamId=team["id"]), 403)


def test_an_officer_outside_a_room_may_change_four_things(as_: As) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A", isLocked=True)
    path = f"/rooms/{room['id']}"
    level = next(c["id"] for c in co.all("/classifications") if c["rank"] == 0)
    assert given(co.put(path, title="A", isAnnouncementOnly=True))["isAnnouncementOnly"]
    assert not given(co.put(path, title="A", isAnnouncementOnly=False))["isAnnouncementOnly"]
    assert given(co.put(path, title="A", description="Theirs"))["description"] == "Theirs"
    assert given(co.put(path, title="A", classificationId=level))["classificationId"] == level
    assert given(co.put(path, title="A", isPublic=True))["isPublic"]
    assert given(co.put(path, title="A", isPublic=False))["isPublic"] is False
    assert member(ana, room, "ana@example.com")["isModerator"]


def test_an_officer_outside_cannot_silence_a_room_that_is_not_locked(as_: As) -> None:
    room = as_("ana").made("/rooms", title="A")
    refused(
        as_("co").put(f"/rooms/{room['id']}", title="A", isAnnouncementOnly=True), 400, 403
    )  # fmt: skip
    assert not read(as_("ana"), room)["isAnnouncementOnly"]


def test_a_direct_room_is_made_read_only_by_the_officer_alone(as_: As) -> None:
    ana, ben, co = as_("ana"), as_("ben"), as_("co")
    room = {"id": ana.made("/messages", toPersonEmail="ben@example.com", text="Hi")["roomId"]}
    path = f"/rooms/{room['id']}"
    refused(ana.put(path, title="x", isReadOnly=True), 400, 403)
    title = read(co, room)["title"]
    assert given(co.put(path, title=title, isReadOnly=True))["isReadOnly"]
    refused(ben.post("/messages", toPersonEmail="ana@example.com", text="Back"), 403)
    refused(ana.post("/messages", roomId=room["id"], text="Back"), 403)
    assert [m["text"] for m in ben.all("/messages", roomId=room["id"])] == ["Hi"]
    assert not given(co.put(path, title=title, isReadOnly=False))["isReadOnly"]
    ben.made("/messages", toPersonEmail="ana@example.com", text="Back")


def test_the_officer_of_a_taking_part_company_has_no_say_over_the_room(as_: As) -> None:
    """Owner's officer: everything. Officer of a company whose people are in it: only these."""
    eve = as_("eve@partner.example")
    room = eve.made("/rooms", title="Theirs", isLocked=True)
    add(eve, room, "ana@example.com")
    co = as_("co")
    path = f"/rooms/{room['id']}"
    for change in (
        {"isAnnouncementOnly": True}, {"description": "Ours"}, {"isPublic": False, "title": "B"},
    ):  # fmt: skip
        refused(co.put(path, **{"title": "Theirs", **change}), 403, 404)
    refused(co.delete(path), 403, 404)
    assert read(eve, room)["title"] == "Theirs"
    unknown = eve.made("/rooms", title="None of ours in it")
    refused(co.get(f"/rooms/{unknown['id']}"), 404, says=ROOM_UNKNOWN)
