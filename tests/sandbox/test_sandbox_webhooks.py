"""Webhooks: what is delivered to whom, signed how, and when they stop (facts 1.7)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sandbox.handle import Control
from tests.sandbox.calling import As, Caller
from tests.sandbox.expect import given, gone, refused
from tests.sandbox.receiving import Receiver, receiving
from tests.sandbox.test_sandbox_messages import card
from tests.sandbox.test_sandbox_rooms import add, member


@pytest.fixture
def target() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def hook(
    who: Caller, target: Receiver, resource: str, event: str = "created", **more: Any
) -> dict[str, Any]:  # fmt: skip
    return who.made(
        "/webhooks", name="w", targetUrl=target.url, resource=resource, event=event, **more
    )


def test_a_delivery_is_signed_over_its_very_bytes_and_says_nothing_secret(
    as_: As, target: Receiver
) -> None:  # fmt: skip
    ana, ben = as_("ana"), as_("ben")
    room = ana.made("/rooms", title="A")
    add(ana, room, "ben@example.com")
    made = hook(ben, target, "messages", secret="s3cret-ü")
    said = ana.made("/messages", roomId=room["id"], text="Only for members")
    came = target.next()
    wanted = hmac.new("s3cret-ü".encode(), came.raw, hashlib.sha1).hexdigest()
    assert came.headers["X-Spark-Signature"] == wanted
    body = came.body
    assert set(body) >= {
        "id", "name", "resource", "event", "orgId", "createdBy", "appId", "ownedBy", "status",
        "actorId", "data",
    }  # fmt: skip
    assert (body["id"], body["resource"], body["event"]) == (made["id"], "messages", "created")
    assert (body["actorId"], body["createdBy"]) == (ana.me()["id"], ben.me()["id"])
    assert (body["data"]["id"], body["data"]["roomId"]) == (said["id"], room["id"])
    assert not {"text", "html", "markdown", "attachments"} & set(body["data"])
    assert "Only for members" not in came.raw.decode()
    assert "s3cret" not in came.raw.decode()


def test_without_a_secret_nothing_is_signed(as_: As, target: Receiver) -> None:
    hook(as_("ana"), target, "rooms")
    as_("ana").made("/rooms", title="A")
    assert "X-Spark-Signature" not in target.next().headers


def test_each_kind_of_event_is_delivered(as_: As, target: Receiver, control: Control) -> None:
    ana = as_("ana")
    for resource, event in (
        ("rooms", "created"), ("rooms", "updated"), ("memberships", "created"),
        ("memberships", "updated"), ("memberships", "deleted"), ("messages", "created"),
        ("messages", "deleted"), ("rooms", "migrated"),
    ):  # fmt: skip
        hook(ana, target, resource, event)

    def next_one() -> tuple[str, str]:
        body = target.next().body
        return body["resource"], body["event"]

    room = ana.made("/rooms", title="A")
    assert {next_one(), next_one()} == {("rooms", "created"), ("memberships", "created")}
    ana.put(f"/rooms/{room['id']}", title="B")
    assert next_one() == ("rooms", "updated")
    ben = add(ana, room, "ben@example.com")
    assert next_one() == ("memberships", "created")
    mine = member(ana, room, "ana@example.com")
    ana.put(f"/memberships/{mine['id']}", isModerator=True)
    assert {next_one(), next_one()} == {("memberships", "updated"), ("rooms", "updated")}
    gone(ana.delete(f"/memberships/{ben['id']}"))
    assert next_one() == ("memberships", "deleted")
    said = ana.made("/messages", roomId=room["id"], text="x")
    assert next_one() == ("messages", "created")
    gone(ana.delete(f"/messages/{said['id']}"))
    assert next_one() == ("messages", "deleted")
    fresh = control.call("POST", "migrate", id=room["id"])["id"]
    body = target.next().body
    assert (body["resource"], body["event"]) == ("rooms", "migrated")
    assert body["data"]["id"] == fresh


def test_the_firehose_has_everything_but_presses(as_: As, target: Receiver) -> None:
    ana, bot = as_("ana"), as_("bot")
    made = hook(bot, target, "all", "all")
    assert (made["resource"], made["event"]) == ("all", "all")
    sent = bot.made("/messages", toPersonEmail="ana@example.com", text="?", attachments=[card()])
    ana.post("/attachment/actions", type="submit", messageId=sent["id"], inputs={})
    bot.put(f"/messages/{sent['id']}", roomId=sent["roomId"], text="!", attachments=[card()])
    gone(bot.delete(f"/messages/{sent['id']}"))
    seen = []
    while ("messages", "deleted") not in seen:
        body = target.next().body
        seen.append((body["resource"], body["event"]))
    assert ("messages", "created") in seen
    assert ("messages", "updated") in seen
    assert not [s for s in seen if s[0] == "attachmentActions"]


def test_a_press_is_told_to_the_cards_author(as_: As, target: Receiver) -> None:
    ana, bot = as_("ana"), as_("bot")
    hook(bot, target, "attachmentActions")
    sent = bot.made("/messages", toPersonEmail="ana@example.com", text="?", attachments=[card()])
    ana.post("/attachment/actions", type="submit", messageId=sent["id"], inputs={"why": "tax"})
    body = target.next().body
    assert body["data"]["messageId"] == sent["id"]
    assert body["data"]["personId"] == ana.me()["id"]
    assert "tax" not in str(body)
    assert given(bot.get(f"/attachment/actions/{body['data']['id']}"))["inputs"]["why"] == "tax"


def test_nobody_hears_of_rooms_that_they_are_not_in(as_: As, target: Receiver) -> None:
    ana, ben = as_("ana"), as_("ben")
    for resource, event in (("messages", "created"), ("rooms", "created"), ("all", "all")):
        hook(ben, target, resource, event)
    room = ana.made("/rooms", title="A")
    ana.made("/messages", roomId=room["id"], text="Secret")
    shared = ana.made("/rooms", title="B")
    add(ana, shared, "ben@example.com")
    body = target.next().body
    assert body["data"]["roomId"] == shared["id"]


def test_a_bot_hears_of_messages_that_mention_it_only(as_: As, target: Receiver) -> None:
    ana, bot = as_("ana"), as_("bot")
    room = ana.made("/rooms", title="A")
    add(ana, room, "spacekeeper@webex.bot")
    hook(bot, target, "messages")
    ana.made("/messages", roomId=room["id"], text="Among us")
    called = ana.made(
        "/messages", roomId=room["id"], markdown="<@personEmail:spacekeeper@webex.bot> hi"
    )
    assert target.next().body["data"]["id"] == called["id"]


def test_filters_are_all_to_be_met(as_: As, target: Receiver) -> None:
    ana, ben = as_("ana"), as_("ben")
    room, other = ana.made("/rooms", title="A"), ana.made("/rooms", title="B")
    for place in (room, other):
        add(ana, place, "ben@example.com")
    hook(ana, target, "messages", filter=f"roomId={room['id']}&personEmail=ben@example.com")
    ana.made("/messages", roomId=room["id"], text="wrong person")
    ben.made("/messages", roomId=other["id"], text="wrong room")
    right = ben.made("/messages", roomId=room["id"], text="right")
    assert target.next().body["data"]["id"] == right["id"]


@pytest.mark.parametrize(
    ("resource", "event", "filter", "acts"),
    [
        ("messages", "created", "roomType=direct", "direct"),
        ("messages", "created", "mentionedPeople=me", "mention"),
        ("messages", "created", "hasFiles=true", "file"),
        ("messages", "created", "hasAttachments=true", "card"),
        ("memberships", "created", "isModerator=false", "join"),
        ("rooms", "created", "type=group", "room"),
        ("rooms", "created", "isLocked=true", "locked"),
    ],
)
def test_every_filter_lets_its_own_through(
    as_: As, target: Receiver, resource: str, event: str, filter: str, acts: str
) -> None:  # fmt: skip
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    hook(ana, target, resource, event, filter=filter)
    ana.made("/messages", roomId=room["id"], text="never this")
    match acts:
        case "direct":
            ana.made("/messages", toPersonEmail="ben@example.com", text="x")
        case "mention":
            ana.made("/messages", roomId=room["id"], markdown="<@personEmail:ana@example.com>")
        case "file":
            given(
                ana.call(
                    "POST", "/messages",
                    files={"roomId": (None, room["id"]), "files": ("a.txt", b"a", "text/plain")},
                )
            )  # fmt: skip
        case "card":
            ana.made("/messages", roomId=room["id"], text="x", attachments=[card()])
        case "join":
            add(ana, room, "ben@example.com")
        case "room":
            ana.made("/rooms", title="B")
        case "locked":
            ana.made("/rooms", title="C", isLocked=True)
    body = target.next().body
    assert (body["resource"], body["event"], body["filter"]) == (resource, event, filter)
    if resource == "messages":
        assert given(ana.get(f"/messages/{body['data']['id']}")).get("text") != "never this"


def test_a_filter_by_what_one_may_not_see_is_refused(as_: As, target: Receiver) -> None:
    room = as_("ana").made("/rooms", title="A")
    answer = as_("ben").post(
        "/webhooks", name="w", targetUrl=target.url, resource="messages", event="created",
        filter=f"roomId={room['id']}",
    )  # fmt: skip
    refused(answer, 400, 403, 404, says="invalid value for filter: roomId")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"targetUrl": "nonsense"}, {"resource": "weather"}, {"event": "exploded"},
        {"resource": "all", "event": "created"}, {"resource": "rooms", "event": "deleted"},
        {"filter": "colour=red"}, {"name": None}, {"targetUrl": None}, {"event": None},
    ],
)  # fmt: skip
def test_nonsense_is_no_webhook(as_: As, target: Receiver, wrong: dict[str, Any]) -> None:
    body = {"name": "w", "targetUrl": target.url, "resource": "messages", "event": "created"}
    sent = {k: v for k, v in {**body, **wrong}.items() if v is not None}
    refused(as_("ana").post("/webhooks", **sent), 400)
    assert as_("ana").all("/webhooks") == []


def test_a_webhook_is_its_makers_alone_and_changes_in_four_things(
    as_: As, target: Receiver
) -> None:  # fmt: skip
    ana, ben = as_("ana"), as_("ben")
    made = hook(ana, target, "messages", filter="roomType=direct")
    path = f"/webhooks/{made['id']}"
    assert (made["status"], made["filter"]) == ("active", "roomType=direct")
    assert made["created"]
    changed = given(
        ana.put(
            path, name="n", targetUrl=target.url + "/2", secret="x", resource="rooms",
            event="deleted", filter="roomType=group", status="inactive",
        )
    )  # fmt: skip
    assert (changed["name"], changed["targetUrl"]) == ("n", target.url + "/2")
    for kept in ("resource", "event", "filter", "status"):
        assert changed[kept] == made[kept], kept
    refused(ana.put(path, name="n"), 400)
    for act in (ben.get, ben.delete):
        refused(act(path), 404)
    refused(ben.put(path, name="x", targetUrl=target.url), 404)
    gone(ana.delete(path))
    refused(ana.get(path), 404)


def test_after_a_hundred_failures_in_five_minutes_it_is_switched_off(
    as_: As, control: Control, target: Receiver
) -> None:  # fmt: skip
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    made = hook(ana, target, "messages")
    path = f"/webhooks/{made['id']}"
    target.status = 500
    fail(ana, room, target, 99)
    assert settled(ana, path) == "active"
    fail(ana, room, target, 1)
    assert settled(ana, path, wanted="inactive") == "inactive"
    ana.made("/messages", roomId=room["id"], text="unheard")
    target.status = 200
    assert (
        given(ana.put(path, name="w", targetUrl=target.url, status="active"))["status"] == "active"
    )
    heard = ana.made("/messages", roomId=room["id"], text="heard")
    assert target.next().body["data"]["id"] == heard["id"]
    target.status = 500  # within the five minutes one failure is enough
    fail(ana, room, target, 1)
    assert settled(ana, path, wanted="inactive") == "inactive"
    control.advance(timedelta(minutes=6))
    given(ana.put(path, name="w", targetUrl=target.url, status="active"))
    fail(ana, room, target, 1)
    assert settled(ana, path) == "active"


def test_failures_spread_over_more_than_five_minutes_are_forgiven(
    as_: As, control: Control, target: Receiver
) -> None:  # fmt: skip
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    made = hook(ana, target, "messages")
    target.status = 404
    fail(ana, room, target, 60)
    control.advance(timedelta(minutes=6))
    fail(ana, room, target, 60)
    assert settled(ana, f"/webhooks/{made['id']}") == "active"


def fail(ana: Caller, room: dict[str, Any], target: Receiver, times: int) -> None:
    for _ in range(times):
        ana.made("/messages", roomId=room["id"], text="x")
    for _ in range(times):
        target.next()


def settled(ana: Caller, path: str, wanted: str = "active") -> str:
    """The status, once what the receiver answered has come back to the server."""
    import time

    until = time.monotonic() + 5
    while (status := str(given(ana.get(path))["status"])) != wanted:
        if time.monotonic() > until:
            break
        time.sleep(0.01)
    return status


def test_an_unreachable_address_counts_as_a_failure(as_: As, control: Control) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    made = ana.made(
        "/webhooks",
        name="w",
        targetUrl="http://127.0.0.1:9/x",
        resource="messages",
        event="created",
    )
    for _ in range(100):
        ana.made("/messages", roomId=room["id"], text="x")
    assert settled(ana, f"/webhooks/{made['id']}", wanted="inactive") == "inactive"


def test_deliveries_are_in_the_servers_log(as_: As, control: Control, target: Receiver) -> None:
    hook(as_("ana"), target, "rooms", secret="s3cret")
    as_("ana").made("/rooms", title="A")
    target.next()
    as_("ana").get("/people/me")
    entries = control.log(what="delivery")
    assert entries
    assert "s3cret" not in str(entries)


def test_a_webhook_ends_with_the_person_who_made_it(as_: As, target: Receiver) -> None:
    adam, ana, ben = as_("adam"), as_("ana"), as_("ben")
    room = ana.made("/rooms", title="A")
    add(ana, room, "ben@example.com")
    hook(ben, target, "messages")
    hook(ana, target, "messages", filter="roomType=group")
    gone(adam.delete(f"/people/{ben.me()['id']}"))
    ana.made("/messages", roomId=room["id"], text="x")
    assert target.next().body["createdBy"] == ana.me()["id"]
    assert target.none_left()
