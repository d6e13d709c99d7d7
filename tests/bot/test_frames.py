"""Frames of Mercury: what is worth an arrival, and what is left alone."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from bot.frames import (
    MEMBERSHIP,
    MESSAGE,
    PRESS,
    SPACE,
    Unreadable,
    address_of,
    arrival_of,
    is_trusted,
    sequence_of,
)

ID = "11111111-2222-3333-4444-555555555555"
ROOM = "99999999-8888-7777-6666-555555555555"
ROOM_ID = base64.b64encode(f"ciscospark://us/ROOM/{ROOM}".encode()).decode().rstrip("=")
U2C = "https://u2c.wbx2.com/u2c/api/v1/catalog"


def frame(verb: str = "post", **changes: Any) -> dict[str, Any]:
    activity: dict[str, Any] = {
        "id": ID, "verb": verb, "actor": {"type": "PERSON", "entryUUID": ID},
        "object": {"objectType": "comment"},
        "target": {
            "id": ROOM, "url": f"https://conv-a.wbx2.com/conversation/api/v1/conversations/{ROOM}",
            "tags": ["ONE_ON_ONE"], "globalId": ROOM_ID,
        },
    }  # fmt: skip
    activity.update(changes)
    return {
        "id": "envelope", "sequenceNumber": 7,
        "data": {"eventType": "conversation.activity", "activity": activity},
    }  # fmt: skip


def test_a_message_holds_ids_only() -> None:
    arrival = arrival_of(frame())
    assert arrival is not None
    assert (arrival.id, arrival.kind) == (ID, MESSAGE)
    assert set(arrival.body) == {"id", "verb", "room", "room_id", "is_private", "person", "url"}


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("post", MESSAGE), ("share", MESSAGE), ("cardAction", PRESS), ("add", MEMBERSHIP),
        ("leave", MEMBERSHIP), ("create", SPACE), ("lock", SPACE), ("unlock", SPACE),
        ("assignModerator", SPACE), ("unassignModerator", SPACE),
    ],
)  # fmt: skip
def test_each_verb_has_its_kind(verb: str, kind: str) -> None:
    arrival = arrival_of(frame(verb))
    assert arrival is not None
    assert arrival.kind == kind


def test_a_new_title_is_a_change_of_the_space_and_a_scanned_file_is_nothing_new() -> None:
    arrival = arrival_of(frame("update", object={"objectType": "conversation"}))
    assert arrival is not None
    assert arrival.kind == SPACE
    assert arrival_of(frame("update", object={"objectType": "content"})) is None


@pytest.mark.parametrize(
    "left_alone",
    [
        frame("acknowledge"), frame("delete"), frame("hide"), frame(verb=["post"]),  # type: ignore[arg-type]
        frame(parent={"type": "edit", "id": ID}), frame(actor={"type": "BOT", "entryUUID": ID}),
        {"data": {"eventType": "mercury.buffer_state"}}, {"data": []}, {}, [], None, "post", 7,
    ],
)  # fmt: skip
def test_what_is_not_said_to_us_is_left_alone(left_alone: object) -> None:
    assert arrival_of(left_alone) is None


@pytest.mark.parametrize(
    "hostile",
    [
        frame(id="../../people/me"), frame(id=None), frame(id=["a"]), frame(id="x" * 9000),
        frame(id=f"{ID}\x00"), frame(target=None), frame(target={}), frame(target=[]),
        frame(target={"id": ROOM, "url": "http://conv-a.wbx2.com/x", "tags": []}),
        frame(target={"id": ROOM, "url": "https://conv-a.wbx2.com/a b", "tags": []}),
        frame(target={"id": ROOM, "url": "https://a.wbx2.com/", "globalId": {"$ne": 1}}),
        frame(actor={"type": "PERSON", "entryUUID": "' OR 1=1 --"}),
    ],
)  # fmt: skip
def test_what_is_not_as_webex_forms_it_gets_no_further(hostile: object) -> None:
    with pytest.raises(Unreadable):
        arrival_of(hostile)


def test_an_activity_that_is_none_gets_no_further() -> None:
    with pytest.raises(Unreadable):
        arrival_of({"data": {"eventType": "conversation.activity", "activity": "post"}})


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://u2c.wbx2.com/conversation", True),
        ("https://conv-r.wbx2.com/conversation", True),
        ("https://conv-r.eu.wbx2.com/conversation", True),
        ("https://wbx2.com.attacker.example/", False),
        ("https://attackerwbx2.com/", False),
        ("http://conv-r.wbx2.com/", False),
        ("https://conv-r.wbx2.com:8443/", False),
        ("https://someone@conv-r.wbx2.com/", False),
        ("https://conv-r.wbx2.com:port/", False),
        ("https://127.0.0.1/", False),
    ],
)
def test_the_token_goes_only_to_sisters_of_the_catalog(url: str, trusted: bool) -> None:
    assert is_trusted(url, u2c=U2C) is trusted


def test_beside_a_catalog_on_this_machine_there_are_no_sisters() -> None:
    assert is_trusted("https://127.0.0.1:5000/conversation", u2c="https://127.0.0.1:5000/u2c")
    assert not is_trusted("https://127.0.0.1:5001/conversation", u2c="https://127.0.0.1:5000/u2c")
    assert not is_trusted("https://9.0.0.1/conversation", u2c="https://127.0.0.1/u2c")


def test_the_conversation_service_is_asked_by_the_uuid() -> None:
    message, press = arrival_of(frame()), arrival_of(frame("cardAction"))
    assert message is not None
    assert press is not None
    root = "https://conv-a.wbx2.com/conversation/api/v1/"
    assert address_of(message.body) == f"{root}messages/{ID}"
    assert address_of(press.body) == f"{root}attachment/actions/{ID}"
    with pytest.raises(Unreadable):
        address_of({**message.body, "url": "https://conv-a.wbx2.com/elsewhere"})


def test_frames_have_numbers_or_none() -> None:
    assert sequence_of(frame()) == 7
    assert [sequence_of(odd) for odd in ({}, [], None, {"sequenceNumber": True})] == [0, 0, 0, 0]
