"""/teams and /team/memberships (OAS-M, webex-facts 1.3)."""

from __future__ import annotations

from typing import Any

from sandbox import acts, paging, shapes, teaming
from sandbox.call import Call, route
from sandbox.errors import No
from sandbox.ids import uuid_of
from sandbox.world import Row


@route("GET", "/teams")
async def list_teams(call: Call) -> Any:
    length = paging.size(call)
    rows = call.world.all(
        "SELECT t.* FROM team t JOIN team_membership m ON m.team = t.key WHERE m.person = ?"
        " AND t.key > ? ORDER BY t.key LIMIT ?",
        call.who["key"], paging.cursor(call), length + 1,
    )  # fmt: skip
    return paging.page(call, rows, length, "key", lambda row: shapes.team(call.world, row))


@route("POST", "/teams")
async def create_team(call: Call) -> Any:
    made = teaming.create_team(
        call.world, call.who, name=_name(call), description=call.text("description")
    )
    return shapes.team(call.world, made)


@route("GET", "/teams/{id}")
async def get_team(call: Call) -> Any:
    return shapes.team(call.world, call.team_for(call.parts["id"]))


@route("PUT", "/teams/{id}")
async def put_team(call: Call) -> Any:
    row = _moderated(call, call.parts["id"])
    changes = {"name": _name(call)}
    if "description" in call.body:
        changes["description"] = call.text("description")
    call.world.update("team", row["key"], **changes)
    return shapes.team(call.world, teaming.team(call.world, row["key"]))


@route("DELETE", "/teams/{id}")
async def delete_team(call: Call) -> Any:
    teaming.delete_team(call.world, call.who, _moderated(call, call.parts["id"]))
    return None


@route("GET", "/team/memberships")
async def list_team_memberships(call: Call) -> Any:
    if not call.query.get("teamId"):
        raise No(400, "Required String parameter 'teamId' is not present")
    team, length = call.team_for(call.query["teamId"]), paging.size(call)
    rows = call.world.all(
        "SELECT * FROM team_membership WHERE team = ? AND person > ? ORDER BY person LIMIT ?",
        team["key"], paging.cursor(call), length + 1,
    )  # fmt: skip
    return paging.page(
        call, rows, length, "person", lambda row: shapes.team_membership(call.world, row)
    )


@route("POST", "/team/memberships")
async def create_team_membership(call: Call) -> Any:
    team = _moderated(call, call.text("teamId"))
    person = call.person_of(call.text("personId"), call.text("personEmail"))
    if acts.team_member(call.world, team["key"], person["key"]) is not None:
        raise No(409, "Person is already in the team.")
    made = teaming.add_team_member(
        call.world, call.who, team, person, moderator=call.flag("isModerator") or False
    )
    return shapes.team_membership(call.world, made)


@route("GET", "/team/memberships/{id}")
async def get_team_membership(call: Call) -> Any:
    return shapes.team_membership(call.world, _membership(call)[1])


@route("PUT", "/team/memberships/{id}")
async def put_team_membership(call: Call) -> Any:
    team, row = _membership(call)
    _moderated(call, shapes.team(call.world, team)["id"])
    moderator = call.flag("isModerator")
    if moderator is False and _is_last(call, team, row):
        raise No(400, "The last moderator of a team cannot be removed.")
    if moderator is not None:
        teaming.set_team_moderator(call.world, call.who, team, row["person"], moderator)
    return shapes.team_membership(
        call.world, acts.team_member(call.world, team["key"], row["person"]) or row
    )


@route("DELETE", "/team/memberships/{id}")
async def delete_team_membership(call: Call) -> Any:
    team, row = _membership(call)
    if row["person"] != call.who["key"]:
        _moderated(call, shapes.team(call.world, team)["id"])
    if _is_last(call, team, row):
        raise No(400, "The last moderator of a team cannot be removed.")
    acts.remove_team_member(call.world, call.who, team, row["person"])
    return None


def _name(call: Call) -> str:
    name = call.text("name").strip()
    if not name:
        raise No(400, "Team name cannot be empty.")
    return name


def _moderated(call: Call, text: str) -> Row:
    team = call.team_for(text)
    mine = acts.team_member(call.world, team["key"], call.who["key"])
    if mine is None or not mine["moderator"]:
        raise No(403, "Only moderators of the team may do that.")
    return team


def _membership(call: Call) -> tuple[Row, Row]:
    world, both = call.world, uuid_of("TEAM_MEMBERSHIP", call.parts["id"])
    person_uuid, _, team_uuid = (both or "").partition(":")
    person, team = world.by_uuid("person", person_uuid), world.by_uuid("team", team_uuid)
    if person is not None and team is not None:
        call.team_for(shapes.team(world, team)["id"])
        row = acts.team_member(world, team["key"], person["key"])
        if row is not None:
            return team, row
    raise No(404, "Could not find a team membership with provided ID.")


def _is_last(call: Call, team: Row, row: Row) -> bool:
    count = call.world.value(
        "SELECT count(*) FROM team_membership WHERE team = ? AND moderator = 1", team["key"]
    )
    return bool(row["moderator"]) and count == 1
