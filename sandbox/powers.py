"""Who may what (webex-facts 3): people, moderators, bots, officers, admins, outsiders.

Decides only; changes nothing but the one thing that asking can bring about, a newcomer.
"""

from __future__ import annotations

import json

from sandbox.errors import No
from sandbox.ids import new_uuid
from sandbox.world import Row, World

OFFICER, ADMIN = "compliance", "admin"
OFFICER_MAY_CHANGE = frozenset(
    {"classificationId", "isAnnouncementOnly", "description", "isPublic"}
)
"""Of a room that the officer is not in (1.1); of a direct room also isReadOnly."""


def is_officer(person: Row) -> bool:
    return OFFICER in person["roles"].split(",")


def is_admin(person: Row) -> bool:
    return ADMIN in person["roles"].split(",")


def is_bot(person: Row) -> bool:
    return bool(person["kind"] == "bot")


def owns(world: World, person: Row, room: Row) -> bool:
    return bool(room["owner"] == person["org"])


def sees_room(world: World, person: Row, room: Row, *, officer: bool = True) -> bool:
    """A member; or an officer of the owning organisation, or of a participating one (3.4)."""
    if world.membership(room["key"], person["key"]) is not None:
        return True
    if not officer or not is_officer(person):
        return False
    return owns(world, person, room) or _participates(world, person, room)


def _participates(world: World, person: Row, room: Row) -> bool:
    return bool(
        world.value(
            "SELECT 1 FROM membership m JOIN person p ON p.key = m.person"
            " WHERE m.room = ? AND p.org = ? LIMIT 1",
            room["key"], person["org"],
        )
    )  # fmt: skip


def sees_message(world: World, person: Row, message: Row) -> bool:
    room = world.room(message["room"])
    if room is None:
        return False
    if not sees_room(world, person, room) or not reads(world, person, room, message["person"]):
        return False
    if message["deleted"] is not None:  # soft: only an officer still reads it (1.5)
        return is_officer(person)
    if is_bot(person) and not room["direct"]:
        people = json.loads(message["mentioned"] or "[]")
        return is_for_bot(
            world, person, author=message["person"], people=people, all=bool(message["groups"])
        )
    return True


def sees_action(world: World, person: Row, action: Row) -> bool:
    """Who pressed, whose card it is, and the officer who could read the card."""
    card = world.one("SELECT * FROM message WHERE key = ?", action["message"])
    if person["key"] == action["person"]:
        return True
    if card is None:
        return False
    return card["person"] == person["key"] or (
        is_officer(person) and sees_message(world, person, card)
    )


def is_for_bot(world: World, bot: Row, *, author: int, people: list[str], all: bool) -> bool:
    """Of a group room a bot has what mentions it (3.1), and what it said itself."""
    if author == bot["key"] or bot["uuid"] in people:
        return True
    return all and world.switches["bots_hear_all"]


def reads(world: World, person: Row, room: Row, about: int) -> bool:
    """Whether what is `about`'s in this room is shown: a participating organisation's officer
    gets only their own users' data of a foreign group room, and all of a direct one (3.4, CG)."""
    if room["direct"] or owns(world, person, room):
        return True
    if world.membership(room["key"], person["key"]) is not None:
        return True
    return bool(world.person(about)["org"] == person["org"])


def is_moderator(world: World, person: Row, room: Row) -> bool:
    row = world.membership(room["key"], person["key"])
    return row is not None and bool(row["moderator"])


def may_manage_members(world: World, person: Row, room: Row) -> bool:
    """Anyone in an unmoderated room, moderators in a moderated one, an officer of the owner."""
    if is_officer(person) and owns(world, person, room):
        return True
    if world.membership(room["key"], person["key"]) is None:
        return False
    return not room["locked"] or is_moderator(world, person, room)


def may_delete_message(world: World, person: Row, room: Row, message: Row) -> bool:
    """One's own; a moderator others'; an officer any in a room of the organisation and in the
    direct conversations of its people, elsewhere those of its people (1.5, 3.4)."""
    if message["person"] == person["key"] or is_moderator(world, person, room):
        return True
    if not is_officer(person):
        return False
    own = world.person(message["person"])["org"] == person["org"]
    return bool(owns(world, person, room) or room["direct"] or own)


def check_may_post(world: World, person: Row, room: Row) -> None:
    """Raises No: not in it, announcement mode, read-only."""
    if world.membership(room["key"], person["key"]) is None:
        raise No(404, "Could not find a room with provided ID.")
    if room["readonly"]:
        raise No(403, "The space is read-only.")
    if room["announcement"] and not is_moderator(world, person, room):
        raise No(403, "Only moderators can post in this space.")


def newcomer(world: World, email: str) -> Row:
    """Somebody that Webex did not know until they were invited."""
    name = email.partition("@")[0].replace(".", " ").title()
    at = email.partition("@")[2].lower()
    org = world.value(
        "SELECT org FROM person WHERE email LIKE ? ESCAPE '\\' AND kind = 'person' LIMIT 1",
        "%@" + at.replace("_", "\\_").replace("%", "\\%"),
    ) or world.insert("org", uuid=new_uuid(), name=at, created=world.clock.now_ms())  # fmt: skip
    key = world.insert(
        "person", uuid=new_uuid(), email=email.lower(), name=name, first=name.split(" ")[0],
        last=" ".join(name.split(" ")[1:]), org=org, created=world.clock.now_ms(),
    )  # fmt: skip
    return world.person(key)
