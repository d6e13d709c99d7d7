"""The connection: held up, one device for each process, and an end when it stays dead."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bot.slots import Slots
from sandbox.handle import Handle
from storage.store import Store
from tests.chats import BOT, Chat


def devices(sandbox: Handle) -> list[str]:
    known = sandbox.do(lambda: [dict(d) for d in sandbox.sandbox.wdm._devices.values()])
    return sorted(str(one["shown"]["name"]) for one in known)


def crowd(sandbox: Handle, name: str, count: int) -> None:
    """Devices that earlier processes left behind."""

    def put() -> None:
        me = sandbox.world.person_by_email(BOT)
        assert me is not None
        for number in range(count):
            id, root = f"{name[0]}-{number}", f"{sandbox.sandbox.root}/wdm/api/v1"
            shown = {"name": name.format(number), "url": f"{root}/devices/{id}"}
            sandbox.sandbox.wdm._devices[id] = {"person": me["key"], "shown": shown}

    sandbox.do(put)


def tell(sandbox: Handle, frame: str) -> None:
    """Sends a text to the bot as if Mercury had sent it."""

    def send() -> None:
        for connection in sandbox.sandbox.mercury._connections.values():
            connection.outbox.put_nowait(frame)

    sandbox.do(send)


def test_a_connection_that_stays_dead_ends_the_process_non_zero(stage: Chat) -> None:
    stage.control.disconnect(refuse=[503] * 50)
    child = stage.child(connects=False, DEAD_MINUTES="0.03")
    assert child.wait() == 1
    assert "Webex could not be reached" in child.log()
    assert "Traceback" not in child.log()


def test_a_connection_that_never_holds_is_a_dead_one(stage: Chat) -> None:
    """Accepted each time, and closed at once."""
    child = stage.child(DEAD_MINUTES="0.04")
    while child.is_alive:
        stage.control.disconnect(code=4403)
    assert child.wait() == 1


def test_after_a_long_silence_a_short_interruption_is_not_a_dead_connection(
    stage: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.frontdoor.STEADY", 0.2)
    stage.start(DEAD_MINUTES="0.02")
    time.sleep(1.5)  # longer than that, and nothing happens
    stage.control.disconnect()
    stage.eventually(lambda: stage.connections() == 1)
    assert "What I can do" in stage.as_("ana").says("help")


def test_the_operator_stops_it_cleanly(stage: Chat) -> None:
    child = stage.child()
    stage.as_("ana").says("help")
    assert child.stop() == 0
    assert "Traceback" not in child.log()
    assert "Error" not in child.log()


def test_two_bots_with_one_token_do_not_throw_each_other_out(stage: Chat, sandbox: Handle) -> None:
    stage.start()
    stage.start()
    assert stage.connections() == 2
    assert devices(sandbox) == ["spacekeeper-1", "spacekeeper-2"]
    stage.as_("ana").says("help")
    assert stage.connections() == 2


def test_a_device_is_used_again_by_the_next_process(stage: Chat, sandbox: Handle) -> None:
    for _ in range(3):
        stage.start().stop()
        stage.eventually(lambda: stage.connections() == 0)
    stage.start()
    assert len(devices(sandbox)) <= 2


def test_a_stranger_on_our_device_makes_us_take_another(chat: Chat, sandbox: Handle) -> None:
    """Another installation with the same token and a database of its own."""
    chat.control.disconnect(code=4000)
    chat.eventually(lambda: "spacekeeper-2" in devices(sandbox))
    chat.eventually(lambda: chat.connections() == 1)
    assert "What I can do" in chat.as_("ana").says("help")


def test_a_device_that_webex_forgot_is_registered_anew(chat: Chat, sandbox: Handle) -> None:
    chat.control.disconnect(refuse=[404])
    chat.eventually(lambda: chat.connections() == 1)
    assert devices(sandbox) == ["spacekeeper-1"]
    assert "What I can do" in chat.as_("ana").says("help")


def test_devices_of_dead_processes_make_room_for_ours(stage: Chat, sandbox: Handle) -> None:
    crowd(sandbox, "else", 1)
    crowd(sandbox, "spacekeeper-1{:03}", 99)
    assert len(devices(sandbox)) == 100
    stage.start()
    assert devices(sandbox) == ["else", "spacekeeper-1"]


HOSTILE = (
    "", "{", "[]", "null", "7", '"post"', "{}", '{"data": null}', '{"data": {"eventType": 7}}',
    '{"data": {"eventType": "conversation.activity"}}',
    '{"data": {"eventType": "conversation.activity", "activity": {"verb": "post"}}}',
    '{"data": {"eventType": "conversation.activity", "activity": {"verb": {"a": 1}}}}',
    '{"id": {"a": []}, "sequenceNumber": "many", "data": {"eventType": "conversation.activity",'
    ' "activity": {"verb": "add", "id": "x", "target": {"id": "../x", "url": "file:///etc"}}}}',
    "[" * 100_000, '{"a":' * 50_000, "\x00\x01", '{"data": {"activity": NaN}}',
)  # fmt: skip


def test_hostile_frames_neither_end_the_connection_nor_get_anywhere(
    chat: Chat, sandbox: Handle
) -> None:
    chat.as_("ana").says("help")
    with chat.process.house.store.read() as tx:
        before = dict(tx.inbox.counts())
    for frame in HOSTILE:
        tell(sandbox, frame)
    assert "What I can do" in chat.as_("ben").says("help")
    assert chat.connections() == 1
    with chat.process.house.store.read() as tx:
        after = dict(tx.inbox.counts())
    assert sum(after.values()) - sum(before.values()) in (1, 2)  # ben's words, and his space


@pytest.fixture
def slots(store: Store) -> Callable[[str], Slots]:
    return lambda who: Slots(store, who=who)


def test_each_process_has_the_lowest_number_that_is_free(slots: Callable[[str], Slots]) -> None:
    one, two, three = slots("one"), slots("two"), slots("three")
    assert (one.name(), two.name(), one.name()) == (
        "spacekeeper-1", "spacekeeper-2", "spacekeeper-1",
    )  # fmt: skip
    one.stop()
    assert three.name() == "spacekeeper-1"
    two.lost()
    assert two.name() == "spacekeeper-3"
    assert not two.is_free("spacekeeper-1")
    assert two.is_free("spacekeeper-9")
    assert not two.is_free("spacekeeper-3")
    assert not two.is_free("python-spark-client")
    assert not two.is_free("spacekeeper-x")
    for one_of_them in (two, three):
        one_of_them.stop()
