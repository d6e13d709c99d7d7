"""Teams, their people, their General space (facts 1.3)."""

from __future__ import annotations

from typing import Any

from sandbox.handle import Control
from tests.sandbox.calling import As, Caller
from tests.sandbox.expect import given, gone, refused
from tests.sandbox.test_sandbox_rooms import add, member, read


def team_member(who: Caller, team: dict[str, Any], email: str) -> dict[str, Any]:
    found = who.all("/team/memberships", teamId=team["id"])
    return next(m for m in found if m["personEmail"] == email)


def general(team: dict[str, Any]) -> dict[str, Any]:
    """The same uuid, with the other kind in the id."""
    import base64

    id = team["id"]
    plain = base64.urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode()
    swapped = plain.replace("/TEAM/", "/ROOM/").encode()
    return {"id": base64.urlsafe_b64encode(swapped).decode().rstrip("=")}


def test_a_team_is_seen_by_its_members_only(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben")
    team = ana.made("/teams", name="Finance", description="Money")
    assert (team["name"], team["description"]) == ("Finance", "Money")
    assert [t["id"] for t in ana.all("/teams")] == [team["id"]]
    assert ben.all("/teams") == []
    assert as_("co").all("/teams") == []
    refused(ben.get(f"/teams/{team['id']}"), 404)
    refused(ben.get("/team/memberships", teamId=team["id"]), 404)
    refused(ana.get("/team/memberships"), 400)
    refused(ana.post("/teams", name=""), 400)
    assert team_member(ana, team, "ana@example.com")["isModerator"]


def test_a_teams_general_space_has_the_teams_own_uuid(as_: As) -> None:
    ana = as_("ana")
    team = ana.made("/teams", name="Finance")
    room = read(ana, general(team))
    assert room["teamId"] == team["id"]
    assert room["title"]
    assert [r["id"] for r in ana.all("/rooms", teamId=team["id"])] == [room["id"]]


def test_team_and_general_space_have_the_same_people(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben")
    team = ana.made("/teams", name="Finance")
    ana.made("/team/memberships", teamId=team["id"], personEmail="ben@example.com")
    mine = member(ben, general(team), "ben@example.com")
    gone(ben.delete(f"/memberships/{mine['id']}"))  # who leaves General leaves the team
    assert ben.all("/teams") == []
    emails = [m["personEmail"] for m in ana.all("/team/memberships", teamId=team["id"])]
    assert emails == ["ana@example.com"]
    again = ana.made("/team/memberships", teamId=team["id"], personEmail="ben@example.com")
    answer = ana.post("/team/memberships", teamId=team["id"], personEmail="ben@example.com")
    refused(answer, 409)
    gone(ana.delete(f"/team/memberships/{again['id']}"))
    refused(ben.get(f"/rooms/{general(team)['id']}"), 404)


def test_a_teams_last_moderator_stays(as_: As) -> None:
    ana = as_("ana")
    team = ana.made("/teams", name="Finance")
    ben = ana.made("/team/memberships", teamId=team["id"], personEmail="ben@example.com")
    hers = team_member(ana, team, "ana@example.com")
    in_room = member(ana, general(team), "ana@example.com")
    refused(ana.delete(f"/team/memberships/{hers['id']}"), 400, 403)
    refused(ana.delete(f"/memberships/{in_room['id']}"), 400, 403)
    refused(as_("co").delete(f"/memberships/{in_room['id']}"), 400, 403)
    assert given(ana.put(f"/team/memberships/{ben['id']}", isModerator=True))["isModerator"]
    gone(ana.delete(f"/team/memberships/{hers['id']}"))
    assert ana.all("/teams") == []


def test_only_a_teams_moderator_manages_it(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben")
    team = ana.made("/teams", name="Finance")
    mine = ana.made("/team/memberships", teamId=team["id"], personEmail="ben@example.com")
    refused(ben.put(f"/team/memberships/{mine['id']}", isModerator=True), 403)
    refused(ben.delete(f"/teams/{team['id']}"), 403)
    refused(ben.put(f"/teams/{team['id']}", name="Mine"), 403)
    gone(ana.delete(f"/teams/{team['id']}"))
    refused(ana.get(f"/teams/{team['id']}"), 404)


def test_the_officer_manages_a_team_by_its_general_space(as_: As) -> None:
    ana, co = as_("ana"), as_("co")
    team = ana.made("/teams", name="Finance")
    refused(
        co.post("/team/memberships", teamId=team["id"], personEmail="dora@example.com"), 403, 404
    )  # fmt: skip
    added = add(co, general(team), "dora@example.com")
    assert [t["id"] for t in as_("dora").all("/teams")] == [team["id"]]
    gone(co.delete(f"/memberships/{added['id']}"))
    assert as_("dora").all("/teams") == []


def test_of_a_moderated_team_space_a_mere_team_member_sees_the_moderators(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben")
    team = ana.made("/teams", name="Finance")
    ana.made("/team/memberships", teamId=team["id"], personEmail="ben@example.com")
    room = ana.made("/rooms", title="Audit", teamId=team["id"], isLocked=True)
    ana.made("/memberships", roomId=room["id"], personEmail="cleo@example.com")
    seen = ben.all("/memberships", roomId=room["id"])
    assert [m["personEmail"] for m in seen] == ["ana@example.com"]
    refused(ben.get("/messages", roomId=room["id"]), 403, 404)


def test_the_officer_adds_nobody_to_an_empty_team_space(as_: As, control: Control) -> None:
    ana, co = as_("ana"), as_("co")
    team = ana.made("/teams", name="Finance")
    room = ana.made("/rooms", title="Audit", teamId=team["id"])
    mine = member(ana, room, "ana@example.com")
    gone(ana.delete(f"/memberships/{mine['id']}"))
    answer = co.post("/memberships", roomId=room["id"], personEmail="ben@example.com")
    refused(answer, 400, 403, 404)


def test_general_is_not_for_deleting(as_: As, control: Control) -> None:
    """What a delete of General does is nowhere said: refused, which surprises a cleaner most."""
    ana = as_("ana")
    team = ana.made("/teams", name="Finance")
    refused(ana.delete(f"/rooms/{general(team)['id']}"), 400, 403)
    assert read(ana, general(team))
    assert control.effects("room.deleted") == []
    assert control.effects("room.archived") == []
