"""U2C, WDM and Mercury: discovery, devices, the socket and its frames (facts 5; checklist 10)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from sandbox.handle import Control, Handle
from tests.sandbox.calling import As
from tests.sandbox.listening import NEW, Listener, listening, register, wdm

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
