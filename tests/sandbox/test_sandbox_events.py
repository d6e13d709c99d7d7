"""The officer's events: what there is and what there is not (facts 1.8; checklist 9)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sandbox.handle import Control
from tests.sandbox.calling import As
from tests.sandbox.cards import card
from tests.sandbox.expect import given, gone, refused
from tests.sandbox.test_sandbox_rooms import add, member


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def kinds(as_: As, **query: str) -> list[tuple[str, str]]:
    found = as_("co").all("/events", **query)
    return [(e["resource"], e["type"]) for e in reversed(found)]


@pytest.mark.parametrize("who", ["ana", "bot", "adam"])
def test_events_are_for_the_officer_alone(as_: As, who: str) -> None:
    refused(as_(who).get("/events"), 403)


def test_the_life_of_a_room_as_events_tell_it(as_: As) -> None:
    """No room is ever created or deleted in them: birth is its creator's own membership."""
    ana, bot = as_("ana"), as_("bot")
    room = ana.made("/rooms", title="A", isLocked=True)
    ben = add(ana, room, "ben@example.com")
    add(ana, room, "spacekeeper@webex.bot")
    said = ana.made("/messages", roomId=room["id"], text="1")
    ana.put(f"/messages/{said['id']}", roomId=room["id"], text="2")
    sent = bot.made("/messages", roomId=room["id"], text="?", attachments=[card()])
    ana.post("/attachment/actions", type="submit", messageId=sent["id"], inputs={})
    gone(ana.delete(f"/messages/{said['id']}"))
    ana.put(f"/memberships/{ben['id']}", isModerator=True)
    ana.put(f"/rooms/{room['id']}", title="Renamed")
    gone(ana.delete(f"/memberships/{ben['id']}"))
    gone(ana.delete(f"/rooms/{room['id']}"))
    found = kinds(as_)
    assert ("rooms", "created") not in found
    assert ("rooms", "deleted") not in found
    assert ("rooms", "updated") not in found  # only a classification is told
    for wanted in (
        ("memberships", "created"), ("memberships", "updated"), ("memberships", "deleted"),
        ("messages", "created"), ("messages", "updated"), ("messages", "deleted"),
        ("attachmentActions", "created"),
    ):  # fmt: skip
        assert wanted in found, wanted
    first = as_("co").all("/events", resource="memberships")[-1]["data"]
    assert first["personId"] == room["creatorId"]
    assert first["roomId"] == room["id"]


def test_a_change_of_level_is_the_only_news_of_a_room(as_: As) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    level = as_("co").all("/classifications")[1]["id"]
    ana.put(f"/rooms/{room['id']}", title="A", classificationId=level, description="x")
    ana.put(f"/rooms/{room['id']}", title="B", isLocked=True)
    assert kinds(as_, resource="rooms") == [("rooms", "updated")]
    data = as_("co").all("/events", resource="rooms")[0]["data"]
    assert (data["id"], data["classificationId"]) == (room["id"], level)


def test_an_event_keeps_things_as_they_were(as_: As) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A")
    said = ana.made("/messages", roomId=room["id"], text="Before")
    ana.put(f"/messages/{said['id']}", roomId=room["id"], text="After")
    gone(ana.delete(f"/messages/{said['id']}"))
    found = co.all("/events", resource="messages", type="created")
    assert [e["data"]["text"] for e in found] == ["Before"]
    one = given(co.get(f"/events/{found[0]['id']}"))
    assert one == found[0]
    assert set(one) >= {"id", "resource", "type", "actorId", "orgId", "created", "data"}
    assert (one["actorId"], one["orgId"]) == (ana.me()["id"], ana.me()["orgId"])
    refused(ana.get(f"/events/{one['id']}"), 403)
    refused(co.get("/events/nonsense"), 400, 404)


def test_events_are_asked_for_by_resource_type_actor_and_window(as_: As, control: Control) -> None:
    ana, ben, co = as_("ana"), as_("ben"), as_("co")
    start = control.now()
    room = ana.made("/rooms", title="A")
    add(ana, room, "ben@example.com")
    control.advance(timedelta(hours=1))
    middle = control.now()
    control.advance(timedelta(hours=1))
    ben.made("/messages", roomId=room["id"], text="x")
    assert kinds(as_, resource="messages") == [("messages", "created")]
    assert kinds(as_, type="deleted") == []
    assert kinds(as_, actorId=ben.me()["id"]) == [("messages", "created")]
    assert {k[0] for k in kinds(as_, to=iso(middle))} == {"memberships"}
    assert kinds(as_, **{"from": iso(middle)}) == [("messages", "created")]
    assert kinds(as_, **{"from": iso(start), "to": iso(middle)}) == [
        ("memberships", "created"), ("memberships", "created"),
    ]  # fmt: skip
    future = iso(control.now() + timedelta(minutes=5))
    refused(co.get("/events", to=future), 400)
    refused(co.get("/events", **{"from": iso(middle), "to": iso(start)}), 400)
    refused(co.get("/events", resource="weather"), 400)
    refused(co.get("/events", type="exploded"), 400)
    refused(co.get("/events", **{"from": "yesterday"}), 400)


def test_a_long_list_of_events_comes_in_pages_without_loss(as_: As) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A")
    for n in range(12):
        ana.made("/messages", roomId=room["id"], text=str(n))
    first = co.get("/events", resource="messages", max=5)
    ana.made("/messages", roomId=room["id"], text="while paging")
    found = first.json()["items"]
    while "next" in first.links:
        first = co.call("GET", first.links["next"]["url"])
        found += first.json()["items"]
    assert {e["data"]["text"] for e in found} >= {str(n) for n in range(12)}
    assert len({e["id"] for e in found}) == len(found)
    refused(co.get("/events", max=0), 400)
    answer = co.get("/events", max=1001)
    assert answer.status_code in (200, 400)


def test_what_is_older_than_ninety_days_is_not_to_be_had(as_: As, control: Control) -> None:
    ana, co = as_("ana"), as_("co")
    ana.made("/rooms", title="A")
    old = control.now()
    control.advance(timedelta(days=89))
    assert len(co.all("/events")) == 1
    control.advance(timedelta(days=2))
    ana.made("/rooms", title="B")
    answer = co.get("/events", **{"from": iso(old)})
    if answer.ok:
        assert len(answer.json()["items"]) == 1
    else:
        refused(answer, 400, 403)
    assert len(co.all("/events")) == 1


def test_another_companys_rooms_are_told_only_by_ones_own_people(as_: As) -> None:
    eve, ana = as_("eve@partner.example"), as_("ana")
    room = eve.made("/rooms", title="Theirs")
    eve.made("/messages", roomId=room["id"], text="By eve")
    assert as_("co").all("/events") == []
    add(eve, room, "ana@example.com")
    ana.made("/messages", roomId=room["id"], text="By ana")
    found = as_("co").all("/events", resource="messages")
    assert [e["data"]["text"] for e in found] == ["By ana"]


def test_members_of_a_team_come_into_its_space_without_saying_what_it_is(as_: As) -> None:
    """The known gap: no roomType in what /team/memberships brought about (CG)."""
    ana, co = as_("ana"), as_("co")
    team = ana.made("/teams", name="Finance")
    ana.made("/team/memberships", teamId=team["id"], personEmail="ben@example.com")
    found = co.all("/events", resource="memberships")
    his = next(e for e in found if e["data"]["personEmail"] == "ben@example.com")
    assert "roomType" not in his["data"]
    room = ana.made("/rooms", title="A")
    add(ana, room, "cleo@example.com")
    hers = next(
        e
        for e in co.all("/events", resource="memberships")
        if e["data"]["personEmail"] == "cleo@example.com"
    )
    assert hers["data"]["roomType"] == "group"
    assert member(ana, room, "cleo@example.com")
