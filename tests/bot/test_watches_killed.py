"""Watches through kill -9 and beside each other: nothing is lost, and nobody does it twice.

Each on SQLite and on PostgreSQL. To an address a delivery comes at least once, always under the
same id; to a person it comes once.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.fernet import Fernet

from domain.clock import SystemClock
from domain.watches import Delivery, DeliveryState
from storage.engine import open_engine
from storage.store import Store
from tests.bot.test_web import PATH, SECRET, body_of, free_port
from tests.chats import BOT, Chat
from tests.children import Child, run_out, start_child
from tests.commands.companies import make_space
from tests.commands.watching import ANA, BEN, EVE, add, write
from tests.receiving import Does, Receiver, receiving


@pytest.fixture
def bot_database(database_url: str) -> str:
    return database_url


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path) as made:
        yield made


@pytest.fixture
def bot_settings(receiver: Receiver) -> dict[str, str]:
    return {
        "ENCRYPTION_KEY": Fernet.generate_key().decode(), "WATCH_ALLOW": "127.0.0.1",
        "WATCH_PORTS": str(receiver.port), "WATCH_CA_FILE": str(receiver.ca),
    }  # fmt: skip


@pytest.fixture
def store(stage: Chat) -> Iterator[Store]:
    made = Store(open_engine(stage.settings["SPACEKEEPER_DATABASE_URL"]), SystemClock())
    yield made
    made.close()


def rows(store: Store, watch: int = 1) -> tuple[Delivery, ...]:
    with store.read() as tx:
        return tx.deliveries.of(watch, limit=1000)


def learn(stage: Chat, room: dict[str, Any]) -> None:
    """The bot reads the space, since somebody speaks of it there."""
    stage.in_space(room, "ana").asks("space here")


def watch(stage: Chat, receiver: Receiver, room: dict[str, Any], words: str) -> None:
    learn(stage, room)
    to = f"to https://127.0.0.1:{receiver.port}/hook"
    assert "Secret: " in stage.as_("ana").says(f'watch {words} in "Q3 plans" {to}')


def _space(stage: Chat) -> dict[str, Any]:
    return make_space(stage, "Q3 plans", members=("ben",), moderators=("ana",), with_bot=True)


def test_what_was_being_posted_when_the_process_died_is_posted_again(
    stage: Chat, receiver: Receiver, store: Store
) -> None:
    child = stage.child()
    room = _space(stage)
    watch(stage, receiver, room, "message created")
    receiver.usual = Does(waits=60)
    write(stage, BEN, room)
    stage.eventually(lambda: len(receiver.came) == 1, "it was not posted")
    child.kill()
    [one] = rows(store)
    assert (one.state, one.attempts) == (DeliveryState.WAITING, 0)
    receiver.usual = Does()
    run_out(stage.settings["SPACEKEEPER_DATABASE_URL"])
    stage.child()
    stage.eventually(lambda: rows(store)[0].state is DeliveryState.DONE, "it was lost")
    assert len({one.id for one in receiver.came}) == 1
    assert len({one.raw for one in receiver.came}) == 1


@pytest.mark.parametrize("fault", ["hang-after", "timeout"])
def test_what_was_being_said_to_a_person_when_the_process_died_is_said_once(
    stage: Chat, receiver: Receiver, store: Store, fault: str
) -> None:
    child = stage.child()
    room = _space(stage)
    learn(stage, room)
    ana = stage.as_("ana")
    ana.says('watch membership created in "Q3 plans"')
    more = {"seconds": 60} if fault == "timeout" else {}
    stuck = stage.control.fault(fault, method="POST", path="/messages", who=BOT, count=1, **more)
    add(stage, ANA, room, EVE)
    stage.eventually(lambda: stage.control.fired(stuck) == 1, "it was not said")
    child.kill()
    stage.control.clear_faults()
    run_out(stage.settings["SPACEKEEPER_DATABASE_URL"])
    stage.child()
    ana.waits_for("Eve Moreau came into")
    stage.eventually(lambda: rows(store)[0].state is DeliveryState.DONE, "it was not settled")
    said = [m for m in ana.messages() if "Eve Moreau came into" in m.text]
    assert len(said) == 1


def test_what_happened_while_nobody_was_there_is_told_afterwards(
    stage: Chat, receiver: Receiver, store: Store
) -> None:
    """From Webex's record, which is read from where it was left."""
    child = stage.child()
    room = _space(stage)
    watch(stage, receiver, room, "message created and membership created")
    child.kill()
    for n in range(5):
        write(stage, BEN, room, f"message {n}")
    add(stage, ANA, room, EVE)
    run_out(stage.settings["SPACEKEEPER_DATABASE_URL"])
    stage.child()
    stage.eventually(
        lambda: len([one for one in rows(store) if one.state is DeliveryState.DONE]) == 6,
        f"not all was told: {rows(store)}",
    )
    assert Counter(one.body["resource"] for one in receiver.came) == {
        "message": 5, "membership": 1
    }  # fmt: skip


def test_a_webhook_that_was_answered_is_told_though_the_process_died_the_moment_after(
    stage: Chat, receiver: Receiver, store: Store
) -> None:
    """Nothing but its row is left: no bot runs, and who took it in is dead."""
    child = stage.child()
    room = _space(stage)
    watch(stage, receiver, room, "space updated")
    child.kill()
    port = free_port()
    web = start_child(
        {
            **stage.settings, "SPACEKEEPER_WEBHOOK_ADDRESS": f"http://127.0.0.1:{port}{PATH}",
            "SPACEKEEPER_WEBHOOK_SECRET": SECRET, "SPACEKEEPER_WEB_PORT": str(port),
        },
        "web",
    )  # fmt: skip
    try:
        stage.eventually(lambda: _is_up(web, port), "it never listened")
        shown = dict(stage.rest(ANA, "GET", f"rooms/{room['id']}"))
        raw = json.dumps(body_of(shown, "rooms", "updated")).encode()
        signed = hmac.new(SECRET.encode(), raw, hashlib.sha1).hexdigest()
        answer = requests.post(
            f"http://127.0.0.1:{port}{PATH}", data=raw, timeout=10,
            headers={"X-Spark-Signature": signed},
        )  # fmt: skip
        assert answer.status_code == 204
        web.kill()
    finally:
        web.kill()
    run_out(stage.settings["SPACEKEEPER_DATABASE_URL"])
    stage.child()
    stage.eventually(lambda: receiver.came, "it was lost")
    assert receiver.came[0].body["data"]["title"] == "Q3 plans"


def _is_up(child: Child, port: int) -> bool:
    assert child.is_alive, child.log()
    try:
        requests.get(f"http://127.0.0.1:{port}/health", timeout=5)
    except requests.ConnectionError:
        return False
    return True


def test_two_processes_tell_each_thing_once(stage: Chat, receiver: Receiver, store: Store) -> None:
    stage.child()
    stage.child()
    room = _space(stage)
    watch(stage, receiver, room, "message created and membership created")
    ben = stage.as_("ben")
    ben.says('watch message created in "Q3 plans"')
    receiver.usual = Does(waits=0.05)
    for n in range(20):
        write(stage, BEN, room, f"message {n}")
    add(stage, ANA, room, EVE)

    def is_over() -> bool:
        each = [*rows(store, 1), *rows(store, 2)]
        return len(each) == 41 and all(one.state is DeliveryState.DONE for one in each)

    stage.eventually(is_over, "not all was told", within=90)
    assert len(receiver.came) == 21
    assert len({one.id for one in receiver.came}) == 21
    said = Counter(m["id"] for m in ben.messages() if "wrote in" in m.text)
    assert len(said) == 20
