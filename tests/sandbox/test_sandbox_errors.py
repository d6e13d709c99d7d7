"""Refusals before any resource: tokens, types, paths, methods (facts 1.0; checklist 1)."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import requests

from sandbox.handle import Control
from tests.sandbox.calling import As, Caller
from tests.sandbox.expect import gone, refused
from tests.sandbox.test_sandbox_rooms import add

TOKEN = "The request requires a valid access token set in the Authorization request header."


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "x"])
def test_without_a_good_token_nobody_is_anybody(as_: As, header: str | None) -> None:
    ana = as_("ana")
    if header is None:
        del ana.session.headers["Authorization"]
    else:
        ana.session.headers["Authorization"] = header
    for path in ("/people/me", "/rooms", "/rooms/x", "/events"):
        refused(ana.get(path), 401, says=TOKEN)
    refused(ana.post("/rooms", title="A"), 401, says=TOKEN)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", None])
def test_what_is_no_json_is_no_body(as_: As, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = as_("ana").call("POST", "/rooms", data=b'{"title": "A"}', headers=headers)
    refused(answer, 415, says=f"Content type '{kind}' not supported" if kind else "Content type")


@pytest.mark.parametrize(
    "kind",
    ["application/json", "application/json;charset=UTF-8", "application/json; charset=utf-8"],
)
def test_json_is_json_whatever_its_parameters(as_: As, kind: str) -> None:
    answer = as_("ana").call(
        "POST", "/rooms", data=b'{"title": "A"}', headers={"Content-Type": kind}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe"])
def test_a_broken_body_is_the_callers_fault(as_: As, body: bytes) -> None:
    for path in ("/rooms", "/memberships", "/messages", "/webhooks", "/teams"):
        answer = as_("ana").call(
            "POST", path, data=body, headers={"Content-Type": "application/json"}
        )
        refused(answer, 400)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/rooms", {"title": 5}), ("/rooms", {"title": ["a"]}),
        ("/rooms", {"title": "A", "isLocked": "yes"}), ("/rooms", {"title": None}),
        ("/rooms", {"title": "A", "teamId": 7}), ("/memberships", {"roomId": 1, "personId": 2}),
        ("/messages", {"roomId": {}, "text": "x"}), ("/messages", {"roomId": "x", "text": {}}),
        ("/messages", {"toPersonEmail": "ben@example.com", "text": "x", "attachments": "no"}),
        ("/messages", {"toPersonEmail": "ben@example.com", "text": "x", "attachments": [5]}),
        ("/messages", {"toPersonEmail": "ben@example.com", "text": "x", "files": "no"}),
        ("/teams", {"name": 1}), ("/webhooks", {"name": 1}), ("/people", {"emails": "x"}),
        ("/attachment/actions", {"type": "submit", "messageId": 1, "inputs": {}}),
    ],
)  # fmt: skip
def test_the_wrong_kind_of_value_is_refused_not_stumbled_over(
    as_: As, path: str, body: dict[str, Any]
) -> None:  # fmt: skip
    refused(as_("ana").post(path, **body), 400, 403, 404)


def test_paths_and_methods_that_are_not_there(as_: As) -> None:
    ana = as_("ana")
    refused(ana.call("GET", "/nonsense"), 404)
    refused(ana.call("PATCH", "/rooms"), 405)
    refused(ana.call("DELETE", "/rooms"), 405)
    refused(ana.call("PUT", "/messages"), 405)


def test_ids_have_the_form_that_webex_gives_them(as_: As, control: Control) -> None:
    ana, bot, co = as_("ana"), as_("bot"), as_("co")
    room = ana.made("/rooms", title="A")
    membership = add(ana, room, "spacekeeper@webex.bot")
    team = ana.made("/teams", name="T")
    direct = bot.made("/messages", toPersonEmail="ana@example.com", text="x")
    control.group("Finance", ["ana@example.com"])
    hook = ana.made(
        "/webhooks", name="w", targetUrl="http://127.0.0.1:9/", resource="rooms", event="created"
    )
    ids = {
        "PEOPLE": ana.me()["id"], "ROOM": room["id"], "MESSAGE": direct["id"], "TEAM": team["id"],
        "MEMBERSHIP": membership["id"], "ORGANIZATION": ana.me()["orgId"], "WEBHOOK": hook["id"],
        "TEAM_MEMBERSHIP": ana.all("/team/memberships", teamId=team["id"])[0]["id"],
        "EVENT": co.all("/events")[0]["id"],
        "CLASSIFICATION": co.all("/classifications")[0]["id"],
        "SCIM_GROUP": as_("adam").get("/groups").json()["groups"][0]["id"],
    }  # fmt: skip
    for kind, id in ids.items():
        assert not id.endswith("="), kind
        plain = base64.urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode()
        scheme, _, cluster, said, rest = plain.split("/", 4)
        assert (scheme, said) == ("ciscospark:", kind)
        local = kind in ("ROOM", "MESSAGE", "TEAM", "MEMBERSHIP", "TEAM_MEMBERSHIP")
        assert cluster == ("urn:TEAM:eu-central-1_k" if local else "us"), kind
        assert (":" in rest) == (kind in ("MEMBERSHIP", "TEAM_MEMBERSHIP", "SCIM_GROUP")), kind


def test_an_id_of_another_kind_is_not_taken_for_this_one(as_: As) -> None:
    ana = as_("ana")
    team = ana.made("/teams", name="T")
    refused(ana.get(f"/rooms/{team['id']}"), 400, 404)
    refused(ana.get(f"/messages/{ana.me()['id']}"), 400, 404)
    refused(ana.get(f"/people/{team['id']}"), 400, 404)


def test_moments_are_utc_with_milliseconds(as_: As) -> None:
    from datetime import datetime

    room = as_("ana").made("/rooms", title="A")
    for name in ("created", "lastActivity"):
        datetime.strptime(room[name], "%Y-%m-%dT%H:%M:%S.%fZ")
        assert len(room[name]) == len("2026-01-01T00:00:00.000Z")


def test_every_answer_can_be_traced(as_: As) -> None:
    ana = as_("ana")
    seen = {ana.get("/people/me").headers["TrackingID"] for _ in range(3)}
    assert len(seen) == 3


def test_deletes_answer_with_nothing(as_: As) -> None:
    ana = as_("ana")
    team = ana.made("/teams", name="T")
    gone(ana.delete(f"/teams/{team['id']}"))


def test_it_is_https_only(as_: As) -> None:
    url = as_("ana").rest.replace("https://", "http://")
    with pytest.raises(requests.ConnectionError):
        requests.get(url + "people/me", timeout=5)


def test_a_token_never_shows_in_the_servers_log(as_: As, control: Control) -> None:
    ana: Caller = as_("ana")
    ana.get("/rooms")
    ana.made("/rooms", title="A")
    assert ana.token not in str(control.log())
