"""Webhooks: what is delivered to whom, signed how, and when they stop (facts 1.7)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.handle import Control
from tests.sandbox.calling import As, Caller
from tests.sandbox.cards import card
from tests.sandbox.expect import given, gone, refused
from tests.sandbox.receiving import Receiver, receiving
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


def test_there_is_one_for_the_whole_company_of_its_rooms_only(as_: As, target: Receiver) -> None:
    co, ana = as_("co"), as_("ana")
    asked = {"name": "w", "targetUrl": target.url, "event": "created", "ownedBy": "org"}
    for resource in ("messages", "memberships"):
        refused(co.post("/webhooks", resource=resource, **asked), 400)
    refused(ana.post("/webhooks", resource="rooms", **asked), 403)
    made = co.made("/webhooks", resource="rooms", **asked)
    assert made["ownedBy"] == "org"
    refused(co.post("/webhooks", resource="rooms", **asked), 409)
    hook(co, target, "messages")
    assert [w["id"] for w in co.all("/webhooks", ownedBy="org")] == [made["id"]]
    as_("eve@partner.example").made("/rooms", title="Theirs")
    room = ana.made("/rooms", title="Ours")
    assert target.next().body["data"]["id"] == room["id"]
