"""What is said in rooms and done to it: messages, edits, deletions, presses (1.5, 1.6).

Who may is decided elsewhere (`powers`, `api`), as with `acts`.
"""

from __future__ import annotations

import json
from typing import Any

from sandbox import shapes
from sandbox.ids import new_uuid
from sandbox.markup import Marked
from sandbox.world import Row, World


def post_message(
    world: World, actor: Row, room: Row, marked: Marked, *, parent: str | None = None,
    files: list[tuple[str, str, bytes]] | None = None, card: dict[str, Any] | None = None,
) -> Row:  # fmt: skip
    now, uuid = world.clock.now_ms(), new_uuid()
    last = world.value("SELECT max(created) FROM message WHERE room = ?", room["key"])
    now = max(now, (last or 0) + 1)  # newest first needs a strict order
    names = [f"{uuid}/{n}" for n in range(len(files or ()))]
    key = world.insert(
        "message", uuid=uuid, room=room["key"], person=actor["key"], created=now,
        text=marked.text, markdown=marked.markdown, html=marked.html, parent=parent,
        files=json.dumps(names) if names else None, card=json.dumps(card) if card else None,
        mentioned=json.dumps(marked.people) if marked.people else None,
        groups=json.dumps(["all"]) if marked.all else None,
    )  # fmt: skip
    for name, (file, kind, body) in zip(names, files or (), strict=True):
        world.insert("content", uuid=name, message=key, name=file, type=kind, body=body)
    if actor["kind"] != "bot" or world.switches["bot_posts_are_activity"]:
        world.update("room", room["key"], last=now)
    if room["direct"]:  # any new message un-hides (1.2)
        world.db.execute("UPDATE membership SET hidden = 0 WHERE room = ?", (room["key"],))
    world.update("person", actor["key"], last_activity=now)
    row = message(world, key)
    world.tell(
        "message.created", actor=actor["key"], room=room["key"], person=actor["key"],
        object=shapes.message(world, row), uuid=uuid, mentioned=marked.people, all=marked.all,
        author=actor["key"], has_files=bool(names), parent=parent,
    )  # fmt: skip
    return row


def edit_message(
    world: World, actor: Row, row: Row, marked: Marked, *, card: dict[str, Any] | None
) -> Row:
    world.update(
        "message", row["key"], text=marked.text, markdown=marked.markdown, html=marked.html,
        updated=world.clock.now_ms(), edits=row["edits"] + 1,
        card=json.dumps(card) if card else row["card"],
        mentioned=json.dumps(marked.people) if marked.people else None,
    )  # fmt: skip
    after = message(world, row["key"])
    world.tell(
        "message.updated", actor=actor["key"], room=row["room"], person=actor["key"],
        object=shapes.message(world, after), uuid=row["uuid"], mentioned=marked.people,
        author=row["person"], all=bool(row["groups"]),
    )  # fmt: skip
    return after


def delete_message(world: World, actor: Row, row: Row) -> None:
    """Softly: it stays for the officer to read until retention takes it (1.5)."""
    shape = shapes.message(world, row)
    world.update("message", row["key"], deleted=world.clock.now_ms())
    world.tell(
        "message.deleted", actor=actor["key"], room=row["room"], person=row["person"],
        object=shape, uuid=row["uuid"], mentioned=json.loads(row["mentioned"] or "[]"),
        author=row["person"], all=bool(row["groups"]),
    )  # fmt: skip


def press(world: World, actor: Row, row: Row, inputs: dict[str, Any]) -> Row:
    uuid = new_uuid()
    key = world.insert(
        "action", uuid=uuid, message=row["key"], room=row["room"], person=actor["key"],
        inputs=json.dumps(inputs), created=world.clock.now_ms(),
    )  # fmt: skip
    made = world.one("SELECT * FROM action WHERE key = ?", key)
    assert made is not None  # noqa: S101
    world.tell(
        "action.created", actor=actor["key"], room=row["room"], person=actor["key"],
        object=shapes.action(world, made), uuid=uuid, author=row["person"],
        message_uuid=row["uuid"],
    )  # fmt: skip
    return made


def message(world: World, key: int) -> Row:
    row = world.one("SELECT * FROM message WHERE key = ?", key)
    if row is None:
        raise LookupError(f"no message {key}")
    return row
