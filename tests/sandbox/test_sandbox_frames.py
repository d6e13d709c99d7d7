"""What Mercury tells, to whom, in which frames (facts 5; checklist 10)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from sandbox.handle import Control, Handle
from tests.sandbox.calling import As, Caller
from tests.sandbox.cards import card
from tests.sandbox.expect import given, gone
from tests.sandbox.listening import Listener, listening
from tests.sandbox.test_sandbox_rooms import add, member

ENVELOPE = {
    "id", "data", "timestamp", "trackingId", "sequenceNumber", "alertType", "headers",
    "filterMessage",
}  # fmt: skip
Listen = Callable[..., AbstractContextManager[Listener]]


@pytest.fixture
def listen(handle: Handle, as_: As) -> Listen:
    def start(who: str, **more: Any) -> AbstractContextManager[Listener]:
        return listening(as_(who), handle.ready["u2c"], **more)

    return start


def test_a_frame_says_what_happened_but_not_what_was_said(listen: Listen, as_: As) -> None:
    ana = as_("ana")
    with listen("bot") as socket:
        ana.made("/messages", toPersonEmail="spacekeeper@webex.bot", text="a secret word")
        frame = socket.activity("post")
    assert set(frame) >= ENVELOPE
    assert frame["data"]["eventType"] == "conversation.activity"
    activity = frame["data"]["activity"]
    assert set(activity) >= {
        "id", "objectType", "url", "verb", "published", "actor", "object", "target",
        "encryptionKeyUrl", "clientTempId",
    }  # fmt: skip
    assert activity["objectType"] == "activity"
    assert set(activity["actor"]) >= {
        "id", "entryUUID", "emailAddress", "displayName", "orgId", "type",
    }  # fmt: skip
    assert activity["actor"]["emailAddress"] == "ana@example.com"
    assert activity["actor"]["type"] == "PERSON"
    assert "ONE_ON_ONE" in activity["target"]["tags"]
    assert "a secret word" not in str(frame)
    assert activity["object"]["displayName"].startswith("eyJ")  # JWE


def test_an_activity_leads_to_its_message(listen: Listen, as_: As) -> None:
    """As webex_bot does it: the conversation's address with `messages/<activity>` at its end."""
    ana, bot = as_("ana"), as_("bot")
    with listen("bot") as socket:
        said = ana.made("/messages", toPersonEmail="spacekeeper@webex.bot", text="help")
        activity = socket.activity("post")["data"]["activity"]
    url = activity["target"]["url"]
    target = url.rsplit("/", 1)[1]
    address = url.replace(f"conversations/{target}", f"messages/{activity['id']}")
    found = bot.session.get(address, timeout=5).json()
    assert found["id"] == said["id"]
    assert as_("cleo").session.get(address, timeout=5).status_code in (403, 404)


def test_numbers_go_up_by_one_and_a_gap_is_a_loss(
    listen: Listen, as_: As, control: Control
) -> None:  # fmt: skip
    ana = as_("ana")
    with listen("bot") as socket:
        for n in range(3):
            ana.made("/messages", toPersonEmail="spacekeeper@webex.bot", text=str(n))
        numbers = [f["sequenceNumber"] for f in socket.until_pong() if "data" in f]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        lost = control.fault("frame-lost", path="post")
        ana.made("/messages", toPersonEmail="spacekeeper@webex.bot", text="lost")
        ana.made("/messages", toPersonEmail="spacekeeper@webex.bot", text="heard")
        after = socket.activity("post")["sequenceNumber"]
        assert after == numbers[-1] + 2
        assert control.fired(lost) == 1


def test_joining_leaving_moderating_and_locking_are_told(listen: Listen, as_: As) -> None:
    ana = as_("ana")
    bot = "spacekeeper@webex.bot"
    with listen("bot") as socket:
        room = ana.made("/rooms", title="A")
        mine = add(ana, room, bot)
        frame = socket.activity("add")["data"]["activity"]
        assert (frame["object"]["objectType"], frame["object"]["emailAddress"]) == ("person", bot)
        assert frame["target"]["objectType"] == "conversation"
        ben = add(ana, room, "ben@example.com")
        frame = socket.activity("add")["data"]["activity"]
        assert frame["object"]["emailAddress"] == "ben@example.com"
        given(ana.put(f"/memberships/{ben['id']}", isModerator=True))
        verbs = socket.verbs()
        assert verbs.count("assignModerator") == 2  # and herself
        assert "lock" in verbs
        for one in (ben, member(ana, room, "ana@example.com")):
            given(as_("co").put(f"/memberships/{one['id']}", isModerator=False))
        verbs = socket.verbs()
        assert verbs.count("unassignModerator") == 2
        assert "unlock" in verbs
        given(ana.put(f"/rooms/{room['id']}", title="B"))
        assert socket.verbs() == ["update"]
        gone(ana.delete(f"/memberships/{ben['id']}"))
        frame = socket.activity("leave")["data"]["activity"]
        assert frame["object"]["emailAddress"] == "ben@example.com"
        gone(ana.delete(f"/memberships/{mine['id']}"))
        frame = socket.activity("leave")["data"]["activity"]
        assert frame["object"]["emailAddress"] == bot


def test_a_new_conversation_is_told_as_created(listen: Listen, as_: As) -> None:
    with listen("bot") as socket:
        as_("ana").made("/messages", toPersonEmail="spacekeeper@webex.bot", text="first")
        verbs = socket.verbs()
        assert verbs.index("create") < verbs.index("post")
        as_("ana").made("/messages", toPersonEmail="spacekeeper@webex.bot", text="second")
        assert socket.verbs() == ["post"]


def test_presses_edits_deletes_and_files_are_told(listen: Listen, as_: As) -> None:
    ana, bot = as_("ana"), as_("bot")
    with listen("bot") as socket:
        sent = bot.made(
            "/messages", toPersonEmail="ana@example.com", text="?", attachments=[card()]
        )
        socket.until_pong()
        ana.post("/attachment/actions", type="submit", messageId=sent["id"], inputs={"a": "secret"})
        frame = socket.activity("cardAction")["data"]["activity"]
        assert frame["actor"]["emailAddress"] == "ana@example.com"
        assert frame["parent"]["type"] == "cardAction"
        assert "secret" not in str(frame)
        target = frame["target"]["url"].rsplit("/", 1)[1]
        address = frame["target"]["url"].replace(
            f"conversations/{target}", f"attachment/actions/{frame['id']}"
        )
        pressed = bot.session.get(address, timeout=5).json()["id"]
        assert given(bot.get(f"/attachment/actions/{pressed}"))["inputs"]["a"] == "secret"
        room = sent["roomId"]
        said = ana.made("/messages", roomId=room, text="1")
        socket.activity("post")
        ana.put(f"/messages/{said['id']}", roomId=room, text="2")
        edit = socket.activity("post")["data"]["activity"]
        assert edit["parent"]["type"] == "edit"
        reply = ana.made("/messages", roomId=room, text="3", parentId=said["id"])
        assert socket.activity("post")["data"]["activity"]["parent"]["type"] == "reply"
        gone(ana.delete(f"/messages/{reply['id']}"))
        assert socket.activity("delete")["data"]["activity"]["object"]["objectType"] == "activity"
        given(
            ana.call(
                "POST", "/messages",
                files={"roomId": (None, room), "files": ("a.txt", b"a", "text/plain")},
            )
        )  # fmt: skip
        assert socket.activity("share")


def test_in_a_group_a_bot_hears_only_what_mentions_it(listen: Listen, as_: As) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    add(ana, room, "spacekeeper@webex.bot")
    with listen("bot") as bot, listen("ana") as person:
        ana.made("/messages", roomId=room["id"], text="Among us")
        assert bot.verbs() == []
        assert person.verbs() == ["post"]
        ana.made("/messages", roomId=room["id"], markdown="<@personEmail:spacekeeper@webex.bot> x")
        assert bot.verbs() == ["post"]


def test_nobody_hears_of_rooms_that_they_are_not_in(listen: Listen, as_: As) -> None:
    ana = as_("ana")
    with listen("ben") as ben, listen("co") as officer:
        room = ana.made("/rooms", title="A")
        ana.made("/messages", roomId=room["id"], text="x")
        assert ben.verbs() == []
        assert officer.verbs() == []


def test_the_server_can_drop_everybody(listen: Listen, control: Control) -> None:
    with listen("bot") as socket:
        assert control.disconnect(code=1001) == 1
        with pytest.raises(ConnectionClosed) as closed:
            socket.next()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001


def test_what_was_missed_while_away_is_not_sent_again(listen: Listen, as_: As) -> None:
    """At most once: nothing is replayed, what was missed is to be read."""
    ana: Caller = as_("ana")
    with listen("bot") as first:
        device = first.device
    ana.made("/messages", toPersonEmail="spacekeeper@webex.bot", text="missed")
    with listen("bot", device=device) as again:
        assert again.verbs() == []


def test_a_bot_hears_what_it_said_itself(listen: Listen, as_: As) -> None:
    """Whoever answers everything that it hears answers itself."""
    room = as_("ana").made("/rooms", title="A")
    add(as_("ana"), room, "spacekeeper@webex.bot")
    with listen("bot") as bot:
        said = as_("bot").made("/messages", roomId=room["id"], text="Hello")
        frame = bot.activity("post")["data"]["activity"]
        assert (frame["actor"]["type"], frame["actor"]["emailAddress"]) == (
            "BOT", "spacekeeper@webex.bot",
        )  # fmt: skip
        gone(as_("bot").delete(f"/messages/{said['id']}"))
        assert bot.verbs() == ["delete"]


def test_whether_all_means_the_bot_too_can_be_switched(
    listen: Listen, as_: As, control: Control
) -> None:  # fmt: skip
    room = as_("ana").made("/rooms", title="A")
    add(as_("ana"), room, "spacekeeper@webex.bot")
    with listen("bot") as bot:
        as_("ana").made("/messages", roomId=room["id"], markdown="<@all> 1")
        assert bot.verbs() == []
        control.switch(bots_hear_all=True)
        as_("ana").made("/messages", roomId=room["id"], markdown="<@all> 2")
        assert bot.verbs() == ["post"]


def test_receipts_tags_and_hiding_come_as_activities_too(
    listen: Listen, as_: As, control: Control
) -> None:  # fmt: skip
    ana = as_("ana")
    with listen("bot") as bot:
        room = ana.made("/messages", toPersonEmail="spacekeeper@webex.bot", text="x")["roomId"]
        mine = member(ana, {"id": room}, "ana@example.com")
        bot.until_pong()
        control.call("POST", "signal", id=room, by="ana@example.com", verb="acknowledge")
        assert bot.verbs() == ["acknowledge"]
        control.call("POST", "signal", id=room, by="ana@example.com", verb="favorite")
        given(ana.put(f"/memberships/{mine['id']}", isRoomHidden=True))
        assert bot.verbs() == []  # those are ana's own
        with listen("ana") as own:
            given(ana.put(f"/memberships/{mine['id']}", isRoomHidden=False))
            given(ana.put(f"/memberships/{mine['id']}", isRoomHidden=True))
            assert own.verbs() == ["unhide", "hide"]


def test_a_room_that_moved_is_told_as_an_update(
    listen: Listen, as_: As, control: Control
) -> None:  # fmt: skip
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    add(ana, room, "spacekeeper@webex.bot")
    with listen("bot") as bot:
        control.call("POST", "migrate", id=room["id"])
        assert bot.verbs() == ["update"]


def test_lock_and_title_at_once_are_two_activities(listen: Listen, as_: As) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    add(ana, room, "spacekeeper@webex.bot")
    with listen("bot") as bot:
        ana.put(f"/rooms/{room['id']}", title="B", isLocked=True)
        assert bot.verbs() == ["lock", "update", "assignModerator"]
