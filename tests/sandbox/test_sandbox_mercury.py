"""U2C, WDM and Mercury: discovery, devices, the socket and its frames (facts 5; checklist 10)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from sandbox.handle import Control, Handle
from tests.sandbox.calling import As, Caller
from tests.sandbox.expect import given, gone
from tests.sandbox.listening import NEW, Listener, listening, register, wdm
from tests.sandbox.test_sandbox_messages import card
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


# -- discovery and devices --------------------------------------------------------------------


def test_the_catalog_says_where_devices_are_registered(handle: Handle, as_: As) -> None:
    assert wdm(as_("bot"), handle.ready["u2c"]).startswith("https://127.0.0.1:")


def test_a_device_is_registered_found_again_refreshed_and_removed(
    handle: Handle, as_: As
) -> None:  # fmt: skip
    bot, ana = as_("bot"), as_("ana")
    base = wdm(bot, handle.ready["u2c"])
    before = bot.session.get(f"{base}/devices", timeout=5)
    assert before.status_code == 404 or before.json()["devices"] == []
    made = register(bot, handle.ready["u2c"])
    assert set(made) >= {
        "url", "webSocketUrl", "userId", "deviceType", "name", "services", "modificationTime",
    }  # fmt: skip
    assert made["webSocketUrl"].startswith("wss://")
    assert made["name"] == "listener"
    found = bot.session.get(f"{base}/devices", timeout=5).json()["devices"]
    assert [d["url"] for d in found] == [made["url"]]
    assert bot.session.put(made["url"], json=NEW, timeout=5).status_code == 200
    for act in (ana.session.put, ana.session.delete):
        assert act(made["url"], json=NEW, timeout=5).status_code in (403, 404)
    assert bot.session.delete(made["url"], timeout=5).status_code in (200, 204)
    assert bot.session.put(made["url"], json=NEW, timeout=5).status_code == 404
    assert bot.session.delete(made["url"], timeout=5).status_code == 404


def test_devices_are_limited_and_the_way_out_is_to_remove_some(handle: Handle, as_: As) -> None:
    bot = as_("bot")
    base = wdm(bot, handle.ready["u2c"])
    made: list[dict[str, Any]] = []
    for n in range(200):
        answer = bot.session.post(f"{base}/devices", json={**NEW, "name": str(n)}, timeout=5)
        if not answer.ok:
            break
        made.append(answer.json())
    assert answer.status_code == 403
    assert answer.json()["message"] == "User has excessive device registrations"
    assert len(made) >= 2
    assert as_("ana").session.post(f"{base}/devices", json=NEW, timeout=5).ok
    bot.session.delete(made[0]["url"], timeout=5)
    assert bot.session.post(f"{base}/devices", json=NEW, timeout=5).ok


def test_without_a_token_there_are_no_devices(handle: Handle, as_: As) -> None:
    bot = as_("bot")
    base = wdm(bot, handle.ready["u2c"])
    bot.session.headers["Authorization"] = "Bearer x"
    assert bot.session.get(f"{base}/devices", timeout=5).status_code == 401
    assert bot.session.post(f"{base}/devices", json=NEW, timeout=5).status_code == 401


# -- the socket -------------------------------------------------------------------------------


def test_frames_are_binary_unless_text_is_asked_for(listen: Listen, as_: As) -> None:
    with listen("bot") as plain, listen("bot", query="?outboundWireFormat=text") as text:
        as_("ana").made("/messages", toPersonEmail="spacekeeper@webex.bot", text="help")
        plain.activity("post")
        text.activity("post")
        assert isinstance(plain.raw[-1], bytes)
        assert isinstance(text.raw[-1], str)


def test_states_are_told_to_whoever_asks_for_them(listen: Listen) -> None:
    with listen("bot", query="?bufferStates=true", authorize=False) as asked:
        asked.authorize()
        seen = {f["data"]["eventType"] for f in asked.until_pong()}
        assert seen & {"mercury.buffer_state", "mercury.registration_status"}


def test_a_wrong_token_is_shown_the_door(listen: Listen) -> None:
    with listen("bot", authorize=False) as socket:
        socket.authorize("nonsense")
        with pytest.raises(ConnectionClosed) as closed:
            socket.next()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


def test_another_persons_token_opens_no_device_of_mine(listen: Listen, as_: As) -> None:
    with listen("bot", authorize=False) as socket:
        socket.authorize(as_("ana").token)
        with pytest.raises(ConnectionClosed):
            socket.next()


def test_who_does_not_say_who_they_are_is_told_nothing_and_shut_out(
    listen: Listen, as_: As, handle: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    assert handle.sandbox.mercury.patience == 30
    monkeypatch.setattr(handle.sandbox.mercury, "patience", 0.3)
    with listen("bot", authorize=False) as socket:
        as_("ana").made("/messages", toPersonEmail="spacekeeper@webex.bot", text="help")
        with pytest.raises(ConnectionClosed) as closed:
            socket.next()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008


def test_a_second_connection_of_one_device_replaces_the_first(
    listen: Listen, as_: As
) -> None:  # fmt: skip
    with (
        listen("bot") as first,
        listen("bot", device=first.device) as second,
        listen("bot") as other_device,
    ):
        with pytest.raises(ConnectionClosed) as closed:
            first.next()
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4000, "replaced")
        as_("ana").made("/messages", toPersonEmail="spacekeeper@webex.bot", text="help")
        second.activity("post")
        other_device.activity("post")


def test_a_ping_is_answered_with_its_own_id(listen: Listen) -> None:
    with listen("bot") as socket:
        socket.say({"id": "abc", "type": "ping"})
        answer = socket.next()
        assert (answer["id"], answer["type"]) == ("abc", "pong")


def test_acknowledgements_are_noted(listen: Listen, as_: As, control: Control) -> None:
    with listen("bot") as socket:
        as_("ana").made("/messages", toPersonEmail="spacekeeper@webex.bot", text="help")
        frame = socket.activity("post")
        socket.say({"type": "ack", "messageId": frame["id"]})
        socket.until_pong()
        assert frame["id"] in str(control.mercury()["acks"])
        assert "spacekeeper" in str(control.mercury()["connected"])
    assert control.mercury()["connected"] == []


def test_nonsense_from_a_client_harms_nobody(listen: Listen, as_: As) -> None:
    with listen("bot") as socket:
        for said in ("{", "[]", "5", '{"type": "ack"}', '{"type": 5}'):
            socket.socket.send(said)
        as_("ana").made("/messages", toPersonEmail="spacekeeper@webex.bot", text="help")
        assert socket.activity("post")


def test_a_removed_device_does_not_connect(listen: Listen, as_: As, handle: Handle) -> None:
    from websockets.exceptions import InvalidStatus

    device = register(as_("bot"), handle.ready["u2c"])
    as_("bot").session.delete(device["url"], timeout=5)
    with pytest.raises(InvalidStatus) as no, listen("bot", device=device):
        pass
    assert no.value.response.status_code == 404


# -- frames -----------------------------------------------------------------------------------


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
