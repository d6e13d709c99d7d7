"""The meanings of DELETE, and how rooms end otherwise (facts 1.1, 3.4; checklist 2, 3, 12)."""

from __future__ import annotations

from sandbox.handle import Control
from tests.sandbox.calling import As
from tests.sandbox.cards import card
from tests.sandbox.expect import ROOM_UNKNOWN, given, gone, refused
from tests.sandbox.test_sandbox_rooms import add, member, read


def test_a_moderators_delete_destroys_the_room(as_: As, control: Control) -> None:
    ana, ben = as_("ana"), as_("ben")
    room = ana.made("/rooms", title="A", isLocked=True)
    add(ana, room, "ben@example.com")
    gone(ana.delete(f"/rooms/{room['id']}"))
    for who in (ana, ben, as_("co")):
        refused(who.get(f"/rooms/{room['id']}"), 404, says=ROOM_UNKNOWN)
        refused(who.get("/memberships", roomId=room["id"]), 404, says=ROOM_UNKNOWN)
    assert ben.all("/rooms") == []
    refused(ana.delete(f"/rooms/{room['id']}"), 404, says=ROOM_UNKNOWN)
    assert [e["target"] for e in control.effects("room.deleted")] == [room["id"]]


def test_another_members_delete_only_leaves(as_: As, control: Control) -> None:
    ana, ben = as_("ana"), as_("ben")
    for locked in (False, True):
        room = ana.made("/rooms", title="A", isLocked=locked)
        add(ana, room, "ben@example.com")
        gone(ben.delete(f"/rooms/{room['id']}"))
        refused(ben.get(f"/rooms/{room['id']}"), 404)
        assert read(ana, room)["title"] == "A"
    assert control.effects("room.deleted") == []


def test_in_an_open_room_even_its_maker_only_leaves(as_: As, control: Control) -> None:
    ana, ben = as_("ana"), as_("ben")
    room = ana.made("/rooms", title="A")
    add(ana, room, "ben@example.com")
    gone(ana.delete(f"/rooms/{room['id']}"))
    refused(ana.get(f"/rooms/{room['id']}"), 404)
    assert read(ben, room)["id"] == room["id"]
    assert control.effects("room.deleted") == []


def test_a_teams_room_is_archived_by_a_delete(as_: As, control: Control) -> None:
    ana = as_("ana")
    team = ana.made("/teams", name="Finance")
    room = ana.made("/rooms", title="A", teamId=team["id"], isLocked=True)
    said = ana.made("/messages", roomId=room["id"], text="Still here")
    gone(ana.delete(f"/rooms/{room['id']}"))
    truth = control.room(room["id"])
    assert truth["exists"]
    assert truth["archived"]
    assert [m["deleted"] for m in truth["messages"]] == [False]
    assert control.effects("room.deleted") == []
    assert given(as_("co").get(f"/messages/{said['id']}"))["text"] == "Still here"


def test_an_officer_cannot_delete_a_room_that_it_is_not_in(as_: As, control: Control) -> None:
    room = as_("ana").made("/rooms", title="A", isLocked=True)
    refused(as_("co").delete(f"/rooms/{room['id']}"), 403, 404)
    assert read(as_("ana"), room)["id"] == room["id"]
    assert control.effects("room.deleted") == []


def test_a_stranger_cannot_delete(as_: As) -> None:
    room = as_("ana").made("/rooms", title="A")
    refused(as_("ben").delete(f"/rooms/{room['id']}"), 404, says=ROOM_UNKNOWN)
    refused(as_("adam").delete(f"/rooms/{room['id']}"), 404, says=ROOM_UNKNOWN)


def test_when_the_last_one_leaves_the_room_is_gone(as_: As, control: Control) -> None:
    ana, ben = as_("ana"), as_("ben")
    room = ana.made("/rooms", title="A")
    add(ana, room, "ben@example.com")
    gone(ben.delete(f"/memberships/{member(ben, room, 'ben@example.com')['id']}"))
    assert read(as_("co"), room)
    gone(ana.delete(f"/rooms/{room['id']}"))
    refused(as_("co").get(f"/rooms/{room['id']}"), 404, says=ROOM_UNKNOWN)
    assert [e["target"] for e in control.effects("room.deleted")] == [room["id"]]


def test_the_officer_empties_a_room_to_nothing(as_: As, control: Control) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A", isLocked=True)
    add(ana, room, "ben@example.com")
    for one in co.all("/memberships", roomId=room["id"]):
        gone(co.delete(f"/memberships/{one['id']}"))
    refused(co.get(f"/rooms/{room['id']}"), 404)
    assert not control.room(room["id"])["exists"]


def test_officer_in_as_moderator_deletes_for_real(as_: As) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A")
    add(co, room, "compliance-service@example.com", isModerator=True)
    assert read(ana, room)["isLocked"]
    gone(co.delete(f"/rooms/{room['id']}"))
    refused(ana.get(f"/rooms/{room['id']}"), 404)
    refused(as_("co2").get(f"/rooms/{room['id']}"), 404)


def test_a_direct_room_is_not_deleted_as_such(as_: As, control: Control) -> None:
    ana = as_("ana")
    room = ana.made("/messages", toPersonEmail="ben@example.com", text="Hi")["roomId"]
    for who in (ana, as_("co")):
        refused(who.delete(f"/rooms/{room}"), 400, 403, 405)
    assert given(as_("ben").get(f"/rooms/{room}"))


def test_a_room_that_moves_to_another_geography_has_another_id(
    as_: As, control: Control
) -> None:  # fmt: skip
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    said = ana.made("/messages", roomId=room["id"], text="Hi")
    fresh = control.call("POST", "migrate", id=room["id"])["id"]
    refused(ana.get(f"/rooms/{room['id']}"), 404, says=ROOM_UNKNOWN)
    assert read(ana, {"id": fresh})["title"] == "A"
    assert given(ana.get(f"/messages/{said['id']}"))["roomId"] == fresh
    assert [e["room"] for e in control.effects("room.migrated")] == [fresh]


def test_with_the_room_go_its_messages_files_and_presses(as_: As) -> None:
    ana, bot = as_("ana"), as_("bot")
    room = ana.made("/rooms", title="A", isLocked=True)
    add(ana, room, "spacekeeper@webex.bot")
    file = {"roomId": (None, room["id"]), "files": ("a.txt", b"a", "text/plain")}
    said = given(ana.call("POST", "/messages", files=file))
    sent = bot.made("/messages", roomId=room["id"], text="?", attachments=[card()])
    press = {"type": "submit", "messageId": sent["id"], "inputs": {}}
    pressed = ana.post("/attachment/actions", **press).json()
    gone(ana.delete(f"/rooms/{room['id']}"))
    for who in (ana, bot, as_("co")):
        refused(who.get(f"/messages/{said['id']}"), 404)
        refused(who.call("GET", said["files"][0]), 404)
        refused(who.get(f"/attachment/actions/{pressed['id']}"), 404)
