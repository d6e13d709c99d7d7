"""Messages that are edited and deleted, by whom and how often (facts 1.5, 4; checklist 7, 11)."""

from __future__ import annotations

from sandbox.handle import Control
from tests.sandbox.calling import As
from tests.sandbox.cards import PICTURE, card
from tests.sandbox.expect import given, gone, refused
from tests.sandbox.test_sandbox_messages import both, texts
from tests.sandbox.test_sandbox_rooms import add


def test_a_message_is_edited_by_its_author_ten_times(as_: As) -> None:
    room = both(as_)
    ana = as_("ana")
    said = ana.made("/messages", roomId=room["id"], text="0")
    assert "updated" not in said
    path = f"/messages/{said['id']}"
    for n in range(1, 11):
        edited = given(ana.put(path, roomId=room["id"], text=str(n)))
        assert edited["text"] == str(n)
    assert edited["updated"]
    refused(ana.put(path, roomId=room["id"], text="11"), 400, says="edit")
    assert given(as_("ben").get(path))["text"] == "10"
    refused(as_("ben").put(path, roomId=room["id"], text="x"), 403)
    refused(as_("co").put(path, roomId=room["id"], text="x"), 403)


def test_an_edit_needs_its_room_and_a_text(as_: As) -> None:
    room = both(as_)
    ana = as_("ana")
    other = ana.made("/rooms", title="B")
    said = ana.made("/messages", roomId=room["id"], text="0")
    path = f"/messages/{said['id']}"
    refused(ana.put(path, text="x"), 400)
    refused(ana.put(path, roomId=room["id"]), 400)
    refused(ana.put(path, roomId=other["id"], text="x"), 400, 404)
    refused(ana.put(path, roomId=room["id"], text="a" * 7440), 400)
    assert given(ana.get(path))["text"] == "0"


def test_a_card_is_edited_in_practice_unless_it_has_images(as_: As, control: Control) -> None:
    bot = as_("bot")
    sent = bot.made(
        "/messages", toPersonEmail="ana@example.com", text="Keep?", attachments=[card()]
    )
    path, room = f"/messages/{sent['id']}", sent["roomId"]
    done = card({"type": "TextBlock", "text": "Done"})
    edited = given(bot.put(path, roomId=room, text="Kept", attachments=[done]))
    assert edited["attachments"][0]["content"]["body"][1]["text"] == "Done"
    for n in range(9):
        given(bot.put(path, roomId=room, text=str(n), attachments=[done]))
    refused(bot.put(path, roomId=room, text="11", attachments=[done]), 400, says="edit")
    picture = card(PICTURE)
    other = bot.made(
        "/messages", toPersonEmail="ana@example.com", text="Look", attachments=[picture]
    )
    path = f"/messages/{other['id']}"
    refused(bot.put(path, roomId=room, text="Look", attachments=[done]), 400)
    plain = bot.made("/messages", toPersonEmail="ana@example.com", text="x", attachments=[card()])
    refused(
        bot.put(f"/messages/{plain['id']}", roomId=room, text="Look", attachments=[picture]), 400
    )  # fmt: skip


def test_people_delete_their_own_and_moderators_everybodys(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben")
    room = ana.made("/rooms", title="A", isLocked=True)
    add(ana, room, "ben@example.com")
    hers = ana.made("/messages", roomId=room["id"], text="1")
    his = ben.made("/messages", roomId=room["id"], text="2")
    own = ben.made("/messages", roomId=room["id"], text="3")
    refused(ben.delete(f"/messages/{hers['id']}"), 403)
    gone(ben.delete(f"/messages/{own['id']}"))
    gone(ana.delete(f"/messages/{his['id']}"))
    assert texts(ana, room) == ["1"]
    refused(ana.delete(f"/messages/{his['id']}"), 404)
    refused(as_("cleo").delete(f"/messages/{hers['id']}"), 404)


def test_a_deleted_message_is_readable_by_the_officer_only_and_deleted_once(
    as_: As, control: Control
) -> None:  # fmt: skip
    room = both(as_)
    ana, ben, co = as_("ana"), as_("ben"), as_("co")
    said = ana.made("/messages", roomId=room["id"], text="Regretted")
    kept = ana.made("/messages", roomId=room["id"], text="Kept")
    gone(co.delete(f"/messages/{said['id']}"))
    for who in (ana, ben):
        refused(who.get(f"/messages/{said['id']}"), 404)
        assert texts(who, room) == ["Kept"]
    assert given(co.get(f"/messages/{said['id']}"))["text"] == "Regretted"
    assert texts(co, room) == ["Kept", "Regretted"]  # so that a list is no proof of a purge
    control.switch(officer_lists_deleted=False)  # nowhere said, so it must work either way
    assert texts(co, room) == ["Kept"]
    refused(co.delete(f"/messages/{said['id']}"), 410)
    own = ben.made("/messages", roomId=room["id"], text="Mine")
    gone(ben.delete(f"/messages/{own['id']}"))
    refused(co.delete(f"/messages/{own['id']}"), 410)
    refused(ben.put(f"/messages/{own['id']}", roomId=room["id"], text="x"), 404)
    assert kept["id"]


def test_a_deleted_file_too_is_readable_by_the_officer_only(as_: As) -> None:
    room = both(as_)
    ana = as_("ana")
    said = given(
        ana.call(
            "POST", "/messages",
            files={"roomId": (None, room["id"]), "files": ("a.txt", b"secret", "text/plain")},
        )
    )  # fmt: skip
    gone(ana.delete(f"/messages/{said['id']}"))
    refused(as_("ben").call("GET", said["files"][0]), 404)
    assert as_("co").call("GET", said["files"][0]).content == b"secret"


def test_the_officer_deletes_in_direct_rooms_too(as_: As) -> None:
    ana = as_("ana")
    said = ana.made("/messages", toPersonEmail="ben@example.com", text="Just us")
    gone(as_("co").delete(f"/messages/{said['id']}"))
    assert texts(ana, {"id": said["roomId"]}) == []


def test_in_another_companys_room_the_officer_reaches_only_its_own_people(as_: As) -> None:
    eve, ana, co = as_("eve@partner.example"), as_("ana"), as_("co")
    room = eve.made("/rooms", title="Theirs")
    add(eve, room, "ana@example.com")
    hers = ana.made("/messages", roomId=room["id"], text="By ana")
    theirs = eve.made("/messages", roomId=room["id"], text="By eve")
    refused(co.get(f"/messages/{theirs['id']}"), 403, 404)
    refused(co.delete(f"/messages/{theirs['id']}"), 403, 404)
    assert given(co.get(f"/messages/{hers['id']}"))["text"] == "By ana"
    gone(co.delete(f"/messages/{hers['id']}"))
    assert texts(eve, room) == ["By eve"]
