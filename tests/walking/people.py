"""What people do in Webex, and bots."""

from __future__ import annotations

from sandbox import acts, saying
from sandbox.markup import mark
from tests.breaking import Room
from tests.walks import Walk, step


@step(1.2)
def human(walk: Walk) -> None:
    if room := walk.some():
        walk.note("message", room)
        walk.people.now(lambda: walk.people.write(room, "ana@example.com"))
        walk.met["I10 people wrote"] += 1


@step(5)
def robot(walk: Walk) -> None:
    webex = walk.sandbox.world
    spoke: list[Room] = []

    def speak() -> None:
        row = webex.person_by_email("robot@webex.bot")
        for room in walk.rooms:
            if row is not None and walk.people.is_there(room):
                where = walk.people._room(room)
                if webex.membership(where["key"], row["key"]) is not None:
                    saying.post_message(webex, row, where, mark(webex, "beep", None))
                    spoke.append(room)
                    return

    walk.people.now(speak)
    for room in spoke:
        walk.note("robot", room)
        walk.met["I20 a bot wrote"] += 1


@step(1.5)
def owner(walk: Walk) -> None:
    room = walk.some()
    if room and walk.is_in(room, "ben@example.com", as_moderator=False):
        walk.note("owner", room)
        walk.people.now(lambda: walk.people.moderate(room, "ben@example.com"))


@step(1.5)
def owner_leaves(walk: Walk) -> None:
    room = walk.some()
    if room and walk.is_in(room, "ana@example.com") and walk.is_in(room, "ben@example.com"):
        walk.note("ana left", room)
        walk.people.now(lambda: walk.people.leave(room, "ana@example.com"))
        walk.met["I10 an owner left"] += 1


@step(3)
def guest(walk: Walk) -> None:
    """Somebody comes in, whom nothing was told."""
    room = walk.some()
    if room and walk.is_in(room, "ana@example.com") and not walk.is_in(room, "eve@partner.example"):
        walk.people.now(lambda: walk.people.join(room, "eve@partner.example"))
        walk.story[-1] += f" into {room['title']}"
        walk.met["I13 an outsider came in"] += 1


@step(1)
def rename(walk: Walk) -> None:
    """The title moves about, and what is said of the space with it; the walk looks by ids."""
    if room := walk.some():
        by = walk.sandbox.world.person_by_email("cleo@example.com")
        title = f"{room['title'].split('.')[0]}. {walk.chance.choice(('a', 'b', 'c'))}"
        assert by is not None
        walk.people.now(
            lambda: acts.change_room(walk.sandbox.world, by, walk.people._room(room), title=title)
        )


@step(0.6)
def team(walk: Walk) -> None:
    if room := walk.some():
        walk.note("team", room)
        walk.people.now(lambda: walk.people.into_team(room, f"Team {room['title']}"))


@step(0.6)
def migrate(walk: Walk) -> None:
    if room := walk.some():
        walk.note("migrated", room)
        walk.moved(room, walk.world.control.call("POST", "migrate", id=room["id"])["id"])
