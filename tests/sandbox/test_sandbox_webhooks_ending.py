"""When webhooks stop: after failures, and with their maker (facts 1.7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sandbox.handle import Control
from tests.sandbox.calling import As, Caller
from tests.sandbox.expect import given, gone
from tests.sandbox.receiving import Receiver, receiving
from tests.sandbox.test_sandbox_rooms import add
from tests.sandbox.test_sandbox_webhooks import hook


@pytest.fixture
def target() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


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
