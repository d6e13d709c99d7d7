"""Every endpoint's answers, and its refusals, are ones that Webex's OpenAPI allows.

The documents are not part of this repository; `tests.sandbox.openapi` says where they are
looked for. Without them only this file is left out: behaviour is tested all the same.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from sandbox.call import routes
from sandbox.handle import Control
from tests.sandbox import openapi
from tests.sandbox.calling import As, Caller
from tests.sandbox.cards import card
from tests.sandbox.test_sandbox_rooms import add

if not openapi.at_hand():
    pytest.skip(openapi.HOW.format(openapi.folder()), allow_module_level=True)
UNDOCUMENTED = {("GET", "/contents/{id}")}
LOST = "00000000-0000-4000-8000-000000000000"
LOST_BOTH = f"{LOST}:{LOST}"


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """What was answered well; each answer was held against the documents by the caller."""
    seen: set[tuple[str, str]] = set()
    call = Caller.call

    def noting(self: Caller, method: str, path: str, **more: Any) -> requests.Response:
        answer = call(self, method, path, **more)
        assert answer.ok, (method, path, answer.text)
        plain = "/" + path.removeprefix(self.rest).lstrip("/").split("?")[0]
        served = (r.path for r in routes if r.method == method and fits(r.path, plain))
        seen.add((method, next(served)))
        return answer

    monkeypatch.setattr(Caller, "call", noting)
    return seen


def fits(path: str, plain: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), plain) is not None


def test_every_endpoint_answers_as_documented(
    as_: As, control: Control, answered: set[tuple[str, str]]
) -> None:  # fmt: skip
    ana, ben, bot, co, adam = (as_(n) for n in ("ana", "ben", "bot", "co", "adam"))
    level = co.get("/classifications").json()["items"][0]["id"]
    org = adam.get("/organizations").json()["items"][0]["id"]
    adam.get(f"/organizations/{org}")
    # people
    zoe = adam.made("/people", emails=["zoe@example.com"], displayName="Zoe")
    adam.put(f"/people/{zoe['id']}", **zoe)
    for who in (adam, ana, bot):
        who.get("/people/me")
        who.get(f"/people/{zoe['id']}")
        who.get("/people", email="zoe@example.com")
        who.get("/people", id=f"{zoe['id']},nonsense")
    adam.get("/people", max=2)
    # teams
    team = ana.made("/teams", name="T", description="D")
    ana.put(f"/teams/{team['id']}", name="U")
    ana.get(f"/teams/{team['id']}")
    ana.get("/teams")
    mate = ana.made("/team/memberships", teamId=team["id"], personEmail="ben@example.com")
    ana.put(f"/team/memberships/{mate['id']}", isModerator=True)
    ana.get(f"/team/memberships/{mate['id']}")
    ana.get("/team/memberships", teamId=team["id"], max=1)
    ana.delete(f"/team/memberships/{mate['id']}")
    # rooms and memberships
    room = ana.made(
        "/rooms", title="A", isLocked=True, isAnnouncementOnly=True, isPublic=True, description="d",
        classificationId=level,
    )  # fmt: skip
    in_team = ana.made("/rooms", title="B", teamId=team["id"])
    place = f"/rooms/{room['id']}"
    for who in (ana, co):
        who.get(place)
        who.put(place, title="A", isAnnouncementOnly=False)
    ana.get("/rooms", max=1)
    ben.get("/rooms", orgPublicSpaces="true")
    member = add(ana, room, "ben@example.com", isModerator=True)
    add(ana, room, "spacekeeper@webex.bot")
    ana.put(f"/memberships/{member['id']}", isModerator=False)
    ana.get(f"/memberships/{member['id']}")
    ana.get("/memberships", roomId=room["id"], max=1)
    co.get("/memberships", personEmail="ana@example.com", max=1)
    # messages and presses
    said = ana.made("/messages", roomId=room["id"], markdown="<@all> **x**")
    ana.made("/messages", roomId=room["id"], text="y", parentId=said["id"])
    ana.put(f"/messages/{said['id']}", roomId=room["id"], markdown="<@personEmail:ben@example.com>")
    for who in (ana, co):
        who.get(f"/messages/{said['id']}")
        who.get("/messages", roomId=room["id"], max=1)
    bot.get("/messages", roomId=room["id"], mentionedPeople="me")
    file = {"roomId": (None, room["id"]), "files": ("a.txt", b"a", "text/plain")}
    sent = ana.call("POST", "/messages", files=file).json()
    ana.call("GET", sent["files"][0])
    shown = bot.made("/messages", toPersonEmail="ana@example.com", text="?", attachments=[card()])
    ana.get("/messages/direct", personEmail="spacekeeper@webex.bot")
    press = {"type": "submit", "messageId": shown["id"], "inputs": {"Name": "x"}}
    pressed = ana.post("/attachment/actions", **press).json()
    bot.get(f"/attachment/actions/{pressed['id']}")
    # webhooks
    url = "http://127.0.0.1:9/"
    for resource, event in (("messages", "created"), ("all", "all"), ("attachmentActions", "all")):
        hook = bot.made(
            "/webhooks", name="w", targetUrl=url, resource=resource, event=event, secret="s"
        )
    path = f"/webhooks/{hook['id']}"
    bot.get("/webhooks", max=1)
    bot.get(path)
    bot.put(path, name="w", targetUrl=url)
    bot.delete(path)
    # events, groups
    for event in co.get("/events").json()["items"]:
        co.get(f"/events/{event['id']}")
    group = adam.post("/groups", displayName="G", members=[{"id": zoe["id"]}]).json()
    adam.get("/groups", includeMembers="true")
    adam.get(f"/groups/{group['id']}", includeMembers="true")
    adam.get(f"/groups/{group['id']}/members")
    adam.call("PATCH", f"/groups/{group['id']}", json={"displayName": "H"})
    adam.delete(f"/groups/{group['id']}")
    # ends
    ana.delete(f"/messages/{said['id']}")
    co.get(f"/messages/{said['id']}")
    ana.delete(f"/memberships/{member['id']}")
    ana.delete(place)
    ana.delete(f"/rooms/{in_team['id']}")
    ana.delete(f"/teams/{team['id']}")
    adam.delete(f"/people/{zoe['id']}")
    assert {(r.method, r.path) for r in routes} - answered == set()


def test_what_the_sandbox_serves_is_documented() -> None:
    for served in routes:
        document, _ = openapi._operation(served.method.lower(), served.path)
        assert document or (served.method, served.path) in UNDOCUMENTED, served.path


@pytest.mark.parametrize("served", routes, ids=lambda r: f"{r.method} {r.path}")
def test_every_endpoint_refuses_as_documented(as_: As, served: Any) -> None:
    """Nobody, the unknown, and nonsense: each with a documented status (by the caller)."""
    both = "memberships" in served.path
    path = re.sub(r"\{\w+\}", LOST_BOTH if both else LOST, served.path)
    nobody = as_("ben")
    nobody.session.headers["Authorization"] = "Bearer x"
    assert nobody.call(served.method, path).status_code == 401
    if "{" in served.path:
        for who in ("ana", "bot", "co", "adam"):
            lost = as_(who).call(
                served.method, path, json={"title": "x", "name": "x", "roomId": "x"}
            )
            assert lost.status_code in (400, 403, 404), lost.text
    if served.method in ("POST", "PUT", "PATCH"):
        odd = as_("ana").call(
            served.method, path, data=b"<x/>", headers={"Content-Type": "text/xml"}
        )
        assert odd.status_code == 415


def test_the_judge_finds_what_is_wrong() -> None:
    """A wrong type, an unknown value, an undocumented field, status or path."""
    room = {"id": "x", "title": "A", "type": "group", "isLocked": False}
    assert openapi.faults("GET", "/rooms/x", 200, room) == []
    for wrong in ({"isLocked": "no"}, {"type": "huge"}, {"colour": "red"}):
        assert openapi.faults("GET", "/rooms/x", 200, room | wrong)
        assert openapi.faults("GET", "/rooms", 200, {"items": [room | wrong]})
    assert openapi.faults("GET", "/rooms/x", 201, room)
    assert openapi.faults("GET", "/nonsense", 200, room)
    assert openapi.faults("GET", "/rooms/x", 418, {})
