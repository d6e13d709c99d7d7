"""Messages and cards: who reads, writes, edits and deletes what (facts 1.5, 1.6, 3.1, 4;
checklist 7, 8, 11)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from sandbox.handle import Control
from tests.sandbox.calling import As, Caller
from tests.sandbox.cards import card
from tests.sandbox.expect import ROOM_UNKNOWN, given, refused
from tests.sandbox.test_sandbox_rooms import add, read


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
