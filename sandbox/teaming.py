"""Teams, and what happens to their people and rooms (1.3). Leaving one is in `acts`, since
leaving its General space is the same."""

from __future__ import annotations

from sandbox import acts, shapes
from sandbox.ids import new_uuid
from sandbox.world import Row, World


def create_team(world: World, actor: Row, *, name: str, description: str = "") -> Row:
    """With its General room, whose uuid is the team's (1.0) and whose moderators are the
    team's: the last one of either can't be removed (1.2, 1.3)."""
    uuid, now = new_uuid(), world.clock.now_ms()
    key = world.insert(
        "team", uuid=uuid, name=name, description=description, creator=actor["key"], created=now
    )
    row = team(world, key)
    world.insert("team_membership", team=key, person=actor["key"], moderator=1, created=now)
    acts.create_room(world, actor, title=name, team=row, uuid=uuid, locked=True)
    world.tell("team.created", actor=actor["key"], object=shapes.team(world, row))
    return row


def add_team_member(world: World, actor: Row, of: Row, person: Row, *, moderator: bool) -> Row:
    world.insert(
        "team_membership", team=of["key"], person=person["key"], moderator=int(moderator),
        created=world.clock.now_ms(),
    )  # fmt: skip
    general = world.by_uuid("room", of["uuid"])
    if general is not None and world.membership(general["key"], person["key"]) is None:
        acts.add_member(world, actor, general, person, moderator=moderator, by_team=True)
    row = acts.team_member(world, of["key"], person["key"])
    assert row is not None  # noqa: S101
    world.tell(
        "team_membership.created", actor=actor["key"], person=person["key"],
        object=shapes.team_membership(world, row),
    )  # fmt: skip
    return row


def set_team_moderator(world: World, actor: Row, of: Row, person: int, moderator: bool) -> None:
    world.db.execute(
        "UPDATE team_membership SET moderator = ? WHERE team = ? AND person = ?",
        (int(moderator), of["key"], person),
    )
    general = world.by_uuid("room", of["uuid"])
    if general is not None and world.membership(general["key"], person) is not None:
        acts.set_moderator(world, actor, general, person, moderator)


def delete_team(world: World, actor: Row, of: Row) -> None:
    for room in world.all("SELECT * FROM room WHERE team = ?", of["key"]):
        acts.delete_room(world, actor, room)
    world.db.execute("DELETE FROM team_membership WHERE team = ?", (of["key"],))
    world.db.execute("DELETE FROM team WHERE key = ?", (of["key"],))
    world.tell("team.deleted", actor=actor["key"], object=shapes.team(world, of))


def team(world: World, key: int) -> Row:
    row = world.one("SELECT * FROM team WHERE key = ?", key)
    if row is None:
        raise LookupError(f"no team {key}")
    return row
