"""Messages and cards: who reads, writes, edits and deletes what (facts 1.5, 1.6, 3.1, 4;
checklist 7, 8, 11)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from sandbox.handle import Control
from tests.sandbox.calling import As, Caller
from tests.sandbox.expect import ROOM_UNKNOWN, given, gone, refused
from tests.sandbox.test_sandbox_rooms import add, read

KIND = "application/vnd.microsoft.card.adaptive"
PICTURE = {"type": "Image", "url": "https://example.com/a.png"}


def card(*body: dict[str, Any], **more: Any) -> dict[str, Any]:
    first = {"type": "TextBlock", "text": "Keep it?"}
    keep = {"type": "Action.Submit", "title": "Keep", "data": {"press": "keep", "days": 30}}
    content = {
        "type": "AdaptiveCard", "version": "1.3", "body": [first, *body], "actions": [keep], **more,
    }  # fmt: skip
    return {"contentType": KIND, "content": content}


def texts(who: Caller, room: dict[str, Any], **query: Any) -> list[str]:
    return [m["text"] for m in who.all("/messages", roomId=room["id"], **query)]


def both(as_: As, *more: str) -> dict[str, Any]:
    room = as_("ana").made("/rooms", title="A")
    for email in ("ben@example.com", *more):
        add(as_("ana"), room, email)
    return room


# -- writing ----------------------------------------------------------------------------------


def test_a_message_says_who_said_what_where(as_: As) -> None:
    room = both(as_)
    ana, ben = as_("ana"), as_("ben")
    said = ana.made(
        "/messages", roomId=room["id"], markdown="**Hi** <@personEmail:ben@example.com|Ben>"
    )
    assert (said["roomType"], said["personEmail"]) == ("group", "ana@example.com")
    assert said["text"] == "Hi Ben"
    assert "<strong>Hi</strong>" in said["html"]
    assert said["mentionedPeople"] == [ben.me()["id"]]
    assert given(ben.get(f"/messages/{said['id']}"))["text"] == "Hi Ben"
    everyone = ana.made("/messages", roomId=room["id"], markdown="<@all> up")
    assert everyone["mentionedGroups"] == ["all"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"text": "x"}, "Exactly one of the destination fields"),
        ({"text": "x", "toPersonEmail": "ben@example.com", "roomId": "ROOM"}, "Exactly one"),
        ({"roomId": "ROOM"}, "Both text and file cannot be empty."),
        ({"roomId": "ROOM", "text": ""}, "Both text and file cannot be empty."),
        (
            {"roomId": "ROOM", "text": "x", "files": ["http://a.example/1", "http://a.example/2"]},
            "",
        ),
        ({"roomId": "ROOM", "text": "x", "attachments": [card(), card()]}, ""),
    ],
)
def test_nonsense_is_not_said(as_: As, body: dict[str, Any], says: str) -> None:
    room = both(as_)
    sent = {k: room["id"] if v == "ROOM" else v for k, v in body.items()}
    refused(as_("ana").post("/messages", **sent), 400, says=says)
    assert texts(as_("ana"), room) == []


@pytest.mark.parametrize("field", ["text", "markdown"])
def test_a_message_has_7439_bytes_not_characters(as_: As, field: str) -> None:
    room = both(as_)
    ana = as_("ana")
    ana.made("/messages", roomId=room["id"], **{field: "a" * 7439})
    refused(ana.post("/messages", roomId=room["id"], **{field: "a" * 7440}), 400)
    refused(ana.post("/messages", roomId=room["id"], **{field: "ü" * 3720}), 400)
    ana.made("/messages", roomId=room["id"], **{field: "ü" * 3719})


def test_strangers_do_not_write_or_read(as_: As) -> None:
    room = both(as_)
    said = as_("ana").made("/messages", roomId=room["id"], text="Ours")
    refused(as_("cleo").post("/messages", roomId=room["id"], text="x"), 404, says=ROOM_UNKNOWN)
    refused(as_("cleo").get("/messages", roomId=room["id"]), 404, says=ROOM_UNKNOWN)
    refused(as_("cleo").get(f"/messages/{said['id']}"), 404)
    refused(as_("adam").get(f"/messages/{said['id']}"), 404)
    refused(as_("ana").get("/messages"), 400, says="roomId")


def test_the_officer_reads_but_does_not_write_where_it_is_not(as_: As) -> None:
    room = both(as_)
    said = as_("ana").made("/messages", roomId=room["id"], text="Ours")
    assert texts(as_("co"), room) == ["Ours"]
    assert given(as_("co").get(f"/messages/{said['id']}"))["text"] == "Ours"
    refused(as_("co").post("/messages", roomId=room["id"], text="x"), 403, 404)


def test_threads(as_: As) -> None:
    room = both(as_)
    ana, ben = as_("ana"), as_("ben")
    first = ana.made("/messages", roomId=room["id"], text="Well?")
    other = ana.made("/messages", roomId=room["id"], text="Aside")
    reply = ben.made("/messages", roomId=room["id"], text="Yes", parentId=first["id"])
    assert reply["parentId"] == first["id"]
    assert texts(ana, room, parentId=first["id"]) == ["Yes"]
    assert texts(ana, room) == ["Yes", "Aside", "Well?"]
    refused(ben.post("/messages", roomId=room["id"], text="x", parentId=reply["id"]), 400)
    refused(ben.post("/messages", roomId=room["id"], text="x", parentId="nonsense"), 400, 404)
    assert other["id"] != reply["parentId"]


def test_a_direct_message_makes_the_room_and_the_next_finds_it(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben")
    first = ana.made("/messages", toPersonEmail="ben@example.com", text="Hi")
    second = ben.made("/messages", toPersonId=ana.me()["id"], text="Hello")
    assert first["roomId"] == second["roomId"]
    assert first["roomType"] == "direct"
    assert [m["text"] for m in ana.all("/messages/direct", personEmail="ben@example.com")] == [
        "Hello", "Hi",
    ]  # fmt: skip
    assert [m["text"] for m in ben.all("/messages/direct", personId=ana.me()["id"])] == [
        "Hello", "Hi",
    ]  # fmt: skip
    refused(ana.get("/messages/direct"), 400)
    refused(ana.get("/messages/direct", personEmail="cleo@example.com"), 404)
    refused(ana.post("/messages", toPersonEmail="nonsense", text="x"), 400, 404)


def test_a_file_comes_by_address_or_as_a_part(as_: As) -> None:
    room = both(as_)
    ana = as_("ana")
    said = given(
        ana.call(
            "POST", "/messages",
            files={"roomId": (None, room["id"]), "files": ("plan.txt", b"secret", "text/plain")},
        )
    )  # fmt: skip
    assert len(said["files"]) == 1
    assert said["files"][0].startswith(ana.rest + "contents/")
    got = as_("ben").call("GET", said["files"][0])
    assert got.content == b"secret"
    assert 'filename="plan.txt"' in got.headers["Content-Disposition"]
    assert as_("co").call("GET", said["files"][0]).content == b"secret"
    refused(as_("cleo").call("GET", said["files"][0]), 404)


# -- what a bot sees --------------------------------------------------------------------------


def test_in_a_group_a_bot_sees_only_what_mentions_it(as_: As) -> None:
    room = both(as_, "spacekeeper@webex.bot")
    ana, bot = as_("ana"), as_("bot")
    quiet = ana.made("/messages", roomId=room["id"], text="Among us")
    called = ana.made(
        "/messages", roomId=room["id"], markdown="<@personEmail:spacekeeper@webex.bot|Bot> help"
    )
    own = bot.made("/messages", roomId=room["id"], text="Here I am")
    refused(bot.get("/messages", roomId=room["id"]), 403, says="Failed to get activity.")
    seen = [m["id"] for m in bot.all("/messages", roomId=room["id"], mentionedPeople="me")]
    assert seen == [called["id"]]
    by_id = bot.all("/messages", roomId=room["id"], mentionedPeople=bot.me()["id"])
    assert [m["id"] for m in by_id] == seen
    refused(bot.get(f"/messages/{quiet['id']}"), 403, 404)
    assert given(bot.get(f"/messages/{called['id']}"))["id"] == called["id"]
    assert given(bot.get(f"/messages/{own['id']}"))["id"] == own["id"]


def test_nobody_asks_for_another_persons_mentions(as_: As) -> None:
    room = both(as_)
    ben = as_("ben").me()["id"]
    refused(as_("ana").get("/messages", roomId=room["id"], mentionedPeople=ben), 400, 403)


def test_alone_with_a_person_a_bot_sees_everything(as_: As) -> None:
    ana, bot = as_("ana"), as_("bot")
    said = ana.made("/messages", toPersonEmail="spacekeeper@webex.bot", text="help")
    assert texts(bot, {"id": said["roomId"]}) == ["help"]
    assert given(bot.get(f"/messages/{said['id']}"))["text"] == "help"


def test_to_all_is_not_to_the_bot(as_: As) -> None:
    """Bots are not told of @all (facts 3.1: only messages mentioning it)."""
    room = both(as_, "spacekeeper@webex.bot")
    said = as_("ana").made("/messages", roomId=room["id"], markdown="<@all> hello")
    assert as_("bot").all("/messages", roomId=room["id"], mentionedPeople="me") == []
    refused(as_("bot").get(f"/messages/{said['id']}"), 403, 404)


# -- deleting ---------------------------------------------------------------------------------


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


# -- editing ----------------------------------------------------------------------------------


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


# -- cards ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        card({"type": "TextBlock"}),
        card({"type": "Nonsense"}),
        card(version="1.4"),
        card({"type": "TextBlock", "text": "x" * 82_000}),
        card({"type": "ImageSet", "images": [PICTURE] * 11}),
        {"contentType": "text/plain", "content": {}},
        {"contentType": KIND},
    ],
    ids=["text missing", "unknown element", "version", "size", "images", "type", "no content"],
)  # fmt: skip
def test_a_bad_card_is_refused(as_: As, wrong: dict[str, Any]) -> None:
    answer = as_("bot").post(
        "/messages", toPersonEmail="ana@example.com", text="x", attachments=[wrong]
    )
    refused(answer, 400)


def test_a_press_brings_the_fields_and_the_buttons_data(as_: As) -> None:
    bot, ana = as_("bot"), as_("ana")
    sent = bot.made(
        "/messages", toPersonEmail="ana@example.com", text="Keep?", attachments=[card()]
    )
    answer = ana.post(
        "/attachment/actions",
        type="submit",
        messageId=sent["id"],
        inputs={"days": "30", "why": "tax"},
    )
    made = answer.json()
    assert made["personId"] == ana.me()["id"]
    assert (made["messageId"], made["roomId"], made["type"]) == (
        sent["id"], sent["roomId"], "submit",
    )  # fmt: skip
    seen = given(bot.get(f"/attachment/actions/{made['id']}"))
    assert seen["inputs"]["why"] == "tax"
    for _ in range(2):  # buttons never expire, and can be pressed again
        assert ana.post(
            "/attachment/actions", type="submit", messageId=sent["id"], inputs={"days": "1"}
        ).ok
    refused(as_("ben").get(f"/attachment/actions/{made['id']}"), 404)


def test_everyone_in_the_room_can_press(as_: As) -> None:
    room = both(as_, "spacekeeper@webex.bot")
    sent = as_("bot").made("/messages", roomId=room["id"], text="Keep?", attachments=[card()])
    press = {"type": "submit", "messageId": sent["id"], "inputs": {}}
    for who in ("ana", "ben"):
        made = as_(who).post("/attachment/actions", **press).json()
        assert made["personId"] == as_(who).me()["id"]
    refused(as_("cleo").post("/attachment/actions", **press), 404)
    refused(
        as_("bot").post("/attachment/actions", **press), 400,
        says="Author of a card cannot submit a cardAction on that card",
    )  # fmt: skip
    bare = as_("bot").made("/messages", roomId=room["id"], text="No card")
    refused(
        as_("ana").post("/attachment/actions", type="submit", messageId=bare["id"], inputs={}),
        400, says="MessageId should point to an activity with cards",
    )  # fmt: skip
    refused(as_("ana").post("/attachment/actions", messageId=sent["id"], inputs={}), 400)


def test_the_card_of_a_deleted_message_cannot_be_pressed(as_: As) -> None:
    bot, ana = as_("bot"), as_("ana")
    sent = bot.made(
        "/messages", toPersonEmail="ana@example.com", text="Keep?", attachments=[card()]
    )
    gone(bot.delete(f"/messages/{sent['id']}"))
    refused(
        ana.post("/attachment/actions", type="submit", messageId=sent["id"], inputs={}), 400, 404
    )  # fmt: skip


def test_messages_of_the_past_are_dated_by_the_clock(as_: As, control: Control) -> None:
    room = both(as_)
    ana = as_("ana")
    first = ana.made("/messages", roomId=room["id"], text="Old")
    control.advance(timedelta(days=40))
    second = ana.made("/messages", roomId=room["id"], text="New")
    assert second["created"][:10] > first["created"][:10]
    assert read(ana, room)["lastActivity"] == second["created"]
    assert texts(ana, room, before=second["created"]) == ["Old"]
    refused(ana.get("/messages", roomId=room["id"], before="yesterday"), 400)
    assert json.dumps(first)
