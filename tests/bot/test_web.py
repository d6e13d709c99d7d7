"""Webhooks: Webex's own sender into ``spacekeeper web``, and what others send there."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from bot.doctor import examine
from bot.settings import WrongSettings, load_settings
from bot.web import WebDoor
from bot.wiring import build_web
from domain.watches import FIELDS, DeliveryState, Resource, Trigger
from spaces.watching.hooks import repair_webhooks
from tests.chats import BOT, Chat
from tests.children import start_child
from tests.commands.companies import learn, make_space
from tests.commands.test_watch_by_chat import HAPPENS
from tests.commands.watching import ANA, BEN, EVE, add, deliveries, settle, told, write

SECRET = "made-up-for-a-test-and-long-enough-0123456789"
PATH = "/webex/hooks"


@pytest.fixture
def bot_settings() -> dict[str, str]:
    """In member mode, where there is nothing but Mercury and webhooks."""
    return {"CO_ACCESS_TOKEN": "", "CO2_ACCESS_TOKEN": "", "OWN_DOMAINS": "example.com"}


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@dataclass
class Web:
    door: WebDoor
    chat: Chat

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.door.port}{PATH}"

    def post(self, body: Any, *, secret: str = SECRET, raw: bytes | None = None,
             **headers: str) -> int:  # fmt: skip
        raw = json.dumps(body).encode() if raw is None else raw
        signed = {"X-Spark-Signature": hmac.new(secret.encode(), raw, hashlib.sha1).hexdigest()}
        answer = requests.post(self.url, data=raw, headers={**signed, **headers}, timeout=10)
        return answer.status_code

    def health(self) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{self.door.port}/health", timeout=10)

    def hooks(self) -> list[dict[str, Any]]:
        return list(self.chat.rest(BOT, "GET", "webhooks")["items"])


@pytest.fixture
def web(chat: Chat) -> Iterator[Web]:
    port = free_port()
    door = build_web(
        load_settings(
            {
                **chat.settings, "SPACEKEEPER_WEBHOOK_ADDRESS": f"http://127.0.0.1:{port}{PATH}",
                "SPACEKEEPER_WEBHOOK_SECRET": SECRET, "SPACEKEEPER_WEB_PORT": str(port),
            }
        )
    )  # fmt: skip
    door._repair_every = 1.0
    thread = door.in_thread()
    chat.eventually(lambda: door.is_registered, f"no webhook: {door.problem}", within=20)
    yield Web(door, chat)
    door.stop()
    thread.join(20)
    assert not thread.is_alive()


def delivered(chat: Chat, resource: str) -> list[dict[str, Any]]:
    return [one for one in chat.control.log(0, what="delivery") if one["resource"] == resource]


def is_through(chat: Chat, resource: str) -> bool:
    """Whether Webex's sender has got something of that resource through to us."""
    return any(one["status"] == 204 for one in delivered(chat, resource))


@pytest.mark.parametrize(
    "trigger", [one for one in Trigger if one is not Trigger.SPACE_DELETED and
                one.resource is not Resource.MESSAGE and one is not Trigger.SPACE_CREATED],
    ids=lambda one: one.words,
)  # fmt: skip
def test_what_a_webhook_and_a_frame_tell_is_told_once_with_all_fields(
    chat: Chat, web: Web, trigger: Trigger
) -> None:
    moderators = ("ana",) if trigger is Trigger.MEMBERSHIP_UPDATED else ()
    room = make_space(chat, "Q3 plans", members=("ben",), moderators=moderators, with_bot=True)
    learn(chat, room)
    ana = chat.as_("ana")
    assert "only hear of spaces that I am in" in ana.says(f'watch {trigger.words} in "Q3 plans"')
    happens, words = HAPPENS[trigger]
    shape = happens(chat, room)
    ana.waits_for(words, within=40)
    kind = {"membership": "memberships", "space": "rooms"}[trigger.resource]
    chat.eventually(lambda: is_through(chat, kind), f"no webhook: {delivered(chat, kind)}")
    settle(chat)
    [one] = deliveries(chat)
    assert dict(one.happening.data) == {
        name: shape.get(name) for name in FIELDS[trigger.resource]
    }  # fmt: skip


def test_messages_that_mention_the_bot_are_told_by_webhook_and_frame_once(
    chat: Chat, web: Web
) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",), with_bot=True)
    learn(chat, room)
    ana = chat.as_("ana")
    ana.says('watch messages in "Q3 plans"')
    mention = f"<@personEmail:{BOT}|Spacekeeper> "
    made = chat.rest(BEN, "POST", "messages", roomId=room["id"], markdown=mention + "status")
    ana.waits_for("Ben Okafor wrote in", within=40)
    chat.rest(BEN, "PUT", f"messages/{made['id']}", roomId=room["id"], markdown=mention + "help")
    ana.waits_for("Ben Okafor edited a message in", within=40)
    chat.rest(BEN, "DELETE", f"messages/{made['id']}")
    ana.waits_for("A message of Ben Okafor was deleted in", within=40)
    settle(chat)
    each = deliveries(chat)
    assert [one.happening.trigger for one in reversed(each)] == [
        Trigger.MESSAGE_CREATED, Trigger.MESSAGE_UPDATED, Trigger.MESSAGE_DELETED
    ]  # fmt: skip
    for one in each:
        assert dict(one.happening.data) == {
            name: made.get(name) for name in FIELDS[Resource.MESSAGE]
        }


def body_of(made: dict[str, Any], resource: str, event: str) -> dict[str, Any]:
    return {"id": "x", "name": "Spacekeeper", "resource": resource, "event": event, "data": made}


def test_what_is_sent_twice_or_once_more_is_told_once(chat: Chat, web: Web) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",), with_bot=True)
    learn(chat, room)
    ana = chat.as_("ana")
    ana.says('watch membership created, membership updated and space updated in "Q3 plans"')
    made = add(chat, ANA, room, EVE)
    for _ in range(3):
        assert web.post(body_of(made, "memberships", "created")) == 204
    told(chat)
    settle(chat)
    assert len(deliveries(chat)) == 1
    chat.clock.advance(hours=2)
    assert web.post(body_of(made, "memberships", "created")) == 204  # replayed
    settle(chat)
    assert len(deliveries(chat)) == 1
    shown = dict(chat.rest(ANA, "PUT", f"rooms/{room['id']}", title="Q4 plans"))
    told(chat, most=2)
    settle(chat)
    for _ in range(3):
        assert web.post(body_of(shown, "rooms", "updated")) == 204
    settle(chat)
    assert len(deliveries(chat)) == 2


def test_what_a_webhook_says_is_looked_at_and_never_believed(chat: Chat, web: Web) -> None:
    """Even signed: who made it up would need the secret, and still could only have us look."""
    room = make_space(chat, "Q3 plans", members=("ben",), with_bot=True)
    learn(chat, room)
    ana = chat.as_("ana")
    ana.says('watch space updated and membership updated in "Q3 plans"')
    shape = dict(chat.rest(ANA, "GET", f"rooms/{room['id']}"))
    assert web.post(body_of({**shape, "title": "FORGED"}, "rooms", "updated")) == 204
    [one] = told(chat)
    assert one.happening.data["title"] == "Q3 plans"


def test_nobody_is_said_to_be_gone_who_is_there(chat: Chat, web: Web) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",), with_bot=True)
    learn(chat, room)
    ana = chat.as_("ana")
    ana.says('watch membership deleted and message deleted in "Q3 plans"')
    mine = chat.rest(ANA, "GET", f"memberships?roomId={room['id']}&personEmail={BEN}")["items"][0]
    mention = f"<@personEmail:{BOT}|Spacekeeper> status"
    said = chat.rest(BEN, "POST", "messages", roomId=room["id"], markdown=mention)
    assert web.post(body_of(mine, "memberships", "deleted")) == 204
    assert web.post(body_of(said, "messages", "deleted")) == 204

    def looked_at() -> bool:
        with chat.process.house.store.read() as tx:
            found = tx.connection.exec_driver_sql("SELECT attempts FROM sighting").scalars()
            return [n for n in found if n >= 2] == [2, 2] or deliveries(chat) != ()

    chat.eventually(looked_at, "nobody looked")
    assert deliveries(chat) == ()
    chat.rest(ANA, "DELETE", f"memberships/{mine['id']}")
    assert web.post(body_of(mine, "memberships", "deleted")) == 204
    [one] = told(chat)
    assert one.happening.trigger is Trigger.MEMBERSHIP_DELETED


def test_what_is_not_signed_by_our_secret_over_these_bytes_is_nothing(chat: Chat, web: Web) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",), with_bot=True)
    learn(chat, room)
    chat.as_("ana").says('watch space updated in "Q3 plans"')
    body = body_of(dict(chat.rest(ANA, "GET", f"rooms/{room['id']}")), "rooms", "updated")
    raw = json.dumps(body).encode()
    good = hmac.new(SECRET.encode(), raw, hashlib.sha1).hexdigest()
    assert web.post(body, secret="another secret, and as long as the right one") == 401
    assert web.post(body, raw=raw + b" ", **{"X-Spark-Signature": good}) == 401
    assert web.post(body, raw=raw, **{"X-Spark-Signature": ""}) == 401
    assert web.post(body, raw=raw, **{"X-Spark-Signature": "é"}) == 401
    assert requests.post(web.url, data=raw, timeout=10).status_code == 401
    assert web.post(None, raw=b"not json") == 400
    assert web.post(None, raw=b"[" * 50_000) == 400
    assert web.post([1, 2]) == 400
    assert web.post(None, raw=b"x" * 100_000) == 413
    assert requests.get(web.url, timeout=10).status_code == 405
    assert requests.post(web.url.replace(PATH, "/other"), data=raw, timeout=10).status_code == 404
    for odd in ({}, {"resource": "rooms", "event": "updated", "data": {"id": "x"}},
                {"resource": "rooms", "event": "updated", "data": [1]},
                body_of({"id": 7, "roomId": None}, "messages", "created"),
                body_of({"roomId": room["id"]}, "memberships", "exploded")):  # fmt: skip
        assert web.post(odd) == 204
    with chat.process.house.store.read() as tx:
        assert tx.connection.exec_driver_sql("SELECT count(*) FROM sighting").scalar() == 0
    assert web.post(body) == 204
    told(chat)


def test_webhooks_are_made_repaired_and_never_more_than_one(chat: Chat, web: Web) -> None:
    [one] = web.hooks()
    assert (one["resource"], one["event"], one["targetUrl"]) == ("all", "all", web.url)
    chat.rest(
        BOT, "POST", "webhooks", name="Spacekeeper", targetUrl="http://127.0.0.1:1/old",
        resource="all", event="all",
    )  # fmt: skip
    other = chat.rest(
        BOT, "POST", "webhooks", name="Somebody's", targetUrl="http://127.0.0.1:1/x",
        resource="messages", event="created",
    )  # fmt: skip
    repair_webhooks(chat.process.house, address=web.url, secret=SECRET)
    left = web.hooks()
    assert {h["id"] for h in left} == {one["id"], other["id"]}


def test_one_that_webex_turned_off_is_turned_on_again(chat: Chat, web: Web) -> None:
    door = web.door
    secret, door._secret = door._secret, b"another"  # so that all that comes is refused
    room = make_space(chat, "Q3 plans", members=("ben",), with_bot=True)
    door._repair_every = 600.0
    numbers = itertools.count()

    def is_turned_off() -> bool:
        """After a hundred refusals; a repair that was on its way may begin them anew once."""
        for _ in range(20):
            chat.rest(ANA, "PUT", f"rooms/{room['id']}", title=f"Plans {next(numbers)}")
        return bool(web.hooks()[0]["status"] == "inactive")

    chat.eventually(is_turned_off, "Webex never turned it off")
    door._secret = secret
    chat.clock.advance(minutes=6)
    repair_webhooks(chat.process.house, address=web.url, secret=SECRET)
    assert web.hooks()[0]["status"] == "active"
    before = len([d for d in delivered(chat, "rooms") if d["status"] == 204])
    chat.rest(ANA, "PUT", f"rooms/{room['id']}", title="Plans")
    chat.eventually(
        lambda: len([d for d in delivered(chat, "rooms") if d["status"] == 204]) > before
    )


def test_check_says_whether_they_are_there(chat: Chat, web: Web) -> None:
    def line() -> str:
        more = {"SPACEKEEPER_WEBHOOK_ADDRESS": web.url, "SPACEKEEPER_WEBHOOK_SECRET": SECRET}
        found = examine(chat.process.house, load_settings({**chat.settings, **more}))
        [one] = [one for one in found if one.name == "webhooks"]
        return f"{one.level}: {one.said}"

    assert line() == f"ok: to {web.url}"
    web.door.stop()
    chat.rest(BOT, "DELETE", f"webhooks/{web.hooks()[0]['id']}")
    assert "fault: Webex has none to our address" in line()


def test_its_health_says_what_is_the_matter(chat: Chat, web: Web) -> None:
    well = web.health()
    assert well.status_code == 200
    assert well.json() == {
        "ok": True, "database": True, "webhooks": True, "problem": "", "waiting": 0
    }  # fmt: skip
    assert SECRET not in well.text
    web.door.is_registered, web.door.problem = False, "too many requests"
    ill = web.health()
    assert ill.status_code == 503
    assert ill.json()["problem"] == "too many requests"


def test_more_than_can_be_taken_is_turned_away(
    chat: Chat, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.MOST_HEARD", 0)
    room = make_space(chat, "Q3 plans", members=("ben",), with_bot=True)
    body = body_of(dict(chat.rest(ANA, "GET", f"rooms/{room['id']}")), "rooms", "updated")
    assert web.post(body) == 503


def test_settings_that_make_no_sense_are_told(chat: Chat) -> None:
    def why(**more: str) -> str:
        named = {f"SPACEKEEPER_{name}": value for name, value in more.items()}
        with pytest.raises(WrongSettings) as no:
            build_web(load_settings({**chat.settings, **named}))
        return str(no.value)

    assert "need SPACEKEEPER_WEBHOOK_ADDRESS" in why()
    assert "go together" in why(WEBHOOK_ADDRESS="https://x.example/")
    assert "less than 32" in why(WEBHOOK_ADDRESS="https://x.example/", WEBHOOK_SECRET="short")
    assert "has to be an https" in why(WEBHOOK_ADDRESS="http://x.example/", WEBHOOK_SECRET=SECRET)


def test_it_runs_beside_the_bot_as_its_own_process_and_ends_when_told(chat: Chat) -> None:
    port = free_port()
    child = start_child(
        {
            **chat.settings, "SPACEKEEPER_WEBHOOK_ADDRESS": f"http://127.0.0.1:{port}{PATH}",
            "SPACEKEEPER_WEBHOOK_SECRET": SECRET, "SPACEKEEPER_WEB_PORT": str(port),
        },
        "web",
    )  # fmt: skip
    try:

        def is_well() -> bool:
            try:
                return requests.get(f"http://127.0.0.1:{port}/health", timeout=5).ok
            except requests.ConnectionError:
                assert child.is_alive, child.log()
                return False

        chat.eventually(is_well, "it never was well")
        room = make_space(chat, "Q3 plans", members=("ben",), with_bot=True)
        learn(chat, room)
        chat.as_("ana").says('watch membership created in "Q3 plans"')
        add(chat, ANA, room, EVE)
        told(chat)
        chat.eventually(lambda: is_through(chat, "memberships"), "no webhook came")
        settle(chat)
        assert [one.state for one in deliveries(chat)] == [DeliveryState.DONE]
        assert child.stop() == 0, child.log()
        assert SECRET not in child.log()
    finally:
        child.kill()


def test_nobody_is_told_twice_by_writing_where_all_is_quiet(chat: Chat, web: Web) -> None:
    """Without a watch nothing is kept of what a webhook says."""
    room = make_space(chat, "Q3 plans", members=("ben",), with_bot=True)
    learn(chat, room)
    write(chat, BEN, room)
    add(chat, ANA, room, EVE)
    chat.eventually(lambda: is_through(chat, "memberships"), "no webhook came")
    with chat.process.house.store.read() as tx:
        assert tx.connection.exec_driver_sql("SELECT count(*) FROM sighting").scalar() == 0
