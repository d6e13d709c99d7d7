"""The company that every sandbox begins with, and how more people and rooms are put into it."""

from __future__ import annotations

import uuid
from typing import Any

from sandbox import acts, powers, saying
from sandbox.ids import new_uuid
from sandbox.markup import mark
from sandbox.world import Row, World

NAMESPACE = uuid.UUID("6f1d0a56-0b6b-4c7e-9d6e-1f0e5a8d2c11")
BOT = "spacekeeper@webex.bot"
OFFICER, WITNESS = "compliance-service@example.com", "compliance-witness@example.com"
ADMIN = "adam@example.com"
PEOPLE = (
    ("ana@example.com", "Ana Horvat"),
    ("ben@example.com", "Ben Okafor"),
    ("cleo@example.com", "Cleo Laurent"),
    ("dora@example.com", "Dora Lindqvist"),
)
CLASSES = ("Public", "Internal", "Confidential", "Restricted", "Strictly confidential")
GROUPS = {
    "Finance": ("ana@example.com", "ben@example.com"),
    "Legal": ("cleo@example.com",),
    "Everyone": tuple(email for email, _ in PEOPLE),
}


def furnish(world: World) -> None:
    """Example Ltd: four people, an admin, two service accounts, the bot; and an outsider."""
    world.home = add_org(world, "Example Ltd")
    for email, name in PEOPLE:
        add_person(world, email=email, name=name)
    add_person(world, email=ADMIN, name="Adam Nowak", roles=powers.ADMIN)
    add_person(world, email=OFFICER, name="Compliance Service",
               roles=f"{powers.OFFICER},{powers.ADMIN}")  # fmt: skip
    add_person(world, email=WITNESS, name="Compliance Witness", roles=powers.OFFICER)
    add_person(world, email=BOT, name="Spacekeeper", kind="bot")
    add_person(world, email="eve@partner.example", name="Eve Moreau", org="Partner")
    for rank, title in enumerate(CLASSES):
        world.insert("classification", uuid=_fixed(title), rank=rank, title=title)
    for name, emails in GROUPS.items():
        add_group(world, name, list(emails))


def add_org(world: World, name: str) -> int:
    found = world.value("SELECT key FROM org WHERE name = ?", name)
    return found or world.insert(
        "org", uuid=_fixed(f"org/{name}"), name=name, created=world.clock.now_ms()
    )


def add_person(
    world: World, *, email: str, name: str = "", org: str | None = None, roles: str = "",
    kind: str = "person", timezone: str = "Europe/Vienna", login: bool = True,
) -> Row:  # fmt: skip
    """The same e-mail address gives the same uuid in every sandbox."""
    name = name or email.partition("@")[0].title()
    first, _, last = name.partition(" ")
    known = world.value("SELECT 1 FROM person WHERE uuid = ?", _fixed(email.lower()))
    key = world.insert(
        "person", uuid=new_uuid() if known else _fixed(email.lower()), email=email.lower(),
        name=name, first=first, last=last, org=add_org(world, org) if org else world.home,
        kind=kind, roles=roles, login=int(login), timezone=timezone, created=world.clock.now_ms(),
    )  # fmt: skip
    return world.person(key)


def add_group(world: World, name: str, emails: list[str]) -> None:
    """Makes the group, or gives the one of that name exactly these members."""
    key = world.value("SELECT key FROM grp WHERE name = ?", name)
    if key is None:
        key = world.insert(
            "grp", uuid=_fixed(f"group/{name}"), name=name, created=world.clock.now_ms()
        )
    world.db.execute("DELETE FROM grp_member WHERE grp = ?", (key,))
    for email in emails:
        person = world.person_by_email(email)
        if person is None:
            raise ValueError(f"no person {email}")
        world.insert("grp_member", grp=key, person=person["key"])


def add_space(
    world: World, *, title: str, creator: str, members: list[str], moderators: list[str],
    created_ms: int | None = None, messages: list[dict[str, Any]] | None = None,
    team: str = "", classification: str = "",
) -> Row:  # fmt: skip
    """A room with a past, as if its people had made it then; told to nobody."""
    listeners, world._listeners = world._listeners, []
    try:
        actor = _person(world, creator)
        of = world.one("SELECT * FROM team WHERE name = ?", team) if team else None
        kind = world.value("SELECT key FROM classification WHERE title = ?", classification)
        room = acts.create_room(world, actor, title=title, team=of, classification=kind)
        for email in members:
            if email.lower() != creator.lower():
                acts.add_member(world, actor, room, _person(world, email), moderator=False)
        for email in moderators:
            acts.set_moderator(
                world, actor, world.room(room["key"]) or room, _person(world, email)["key"], True
            )
        if moderators and creator not in moderators:
            world.db.execute(
                "UPDATE membership SET moderator = 0 WHERE room = ? AND person = ?",
                (room["key"], actor["key"]),
            )
        at = created_ms or world.clock.now_ms()
        last = at
        for message in messages or ():
            by = _person(world, message.get("by", creator))
            row = saying.post_message(world, by, room, mark(world, message.get("text", "…"), None))
            last = message.get("at_ms", at)
            world.update("message", row["key"], created=last)
        world.update("room", room["key"], created=at, last=last)
        world.db.execute("UPDATE membership SET created = ? WHERE room = ?", (at, room["key"]))
        made = world.room(room["key"])
        assert made is not None  # noqa: S101
        return made
    finally:
        world._listeners = listeners


def _person(world: World, email: str) -> Row:
    row = world.person_by_email(email)
    if row is None:
        raise ValueError(f"no person {email}")
    return row


def _fixed(name: str) -> str:
    return str(uuid.uuid5(NAMESPACE, name)) if name else new_uuid()
