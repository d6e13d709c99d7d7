"""What owners press on the cards that they got, through the bot's own dispatch."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.callers import Callers
from bot.dispatch import Dispatch
from bot.flood import Flood
from bot.incoming import Incoming
from bot.presses import Redeemer
from bot.sending import Sender
from bot.writer import Writer
from commands.registry import load
from domain.errors import Fault, Refusal
from domain.ids import ActionId, PersonId
from sandbox import saying
from sandbox.ids import rest_id, uuid_of
from tests.nights import BOT
from tests.walks import Walk, step
from webex.gateway import Lane

KEPT = re.compile(r"“?(Walk \d\d)\b.*? (?:is|are) kept|Kept.*?(Walk \d\d)")
REFUSED = "did not work"
WARNS = ("reached the end of", "will be deleted on")
OWNERS = ("ana@example.com", "ben@example.com")


def desk(walk: Walk) -> Dispatch:
    """The bot's pipeline from a press to an answer, as `bot.wiring` puts it together."""
    if "desk" not in walk.resources:
        house = walk.world.house
        writer = Writer(house.store)
        writer.start()
        walk.closers.append(writer.stop)
        org = house.webex.compliance(Lane.CHAT).organisation().id
        walk.resources["desk"] = Dispatch(
            house, load(),
            callers=Callers(house, writer, org=org, in_group=lambda tx, who: False),
            redeemer=Redeemer(house.store, writer), sender=Sender(house, writer), flood=Flood(),
        )  # fmt: skip
    made: Dispatch = walk.resources["desk"]
    return made


@step(4)
def press(walk: Walk) -> None:
    """The newest button that keeps; by whom it is for, or by somebody else, or once more."""
    if (found := _newest(walk)) is None:
        return
    message, data, to, is_for_one = found
    by = walk.chance.choice((to, to, to, "cleo@example.com", *OWNERS))
    nonce = str(data["nonce"])
    said = _press(walk, message, data, by)
    accepted = None if REFUSED in said else KEPT.search(said)
    before = walk.resources.setdefault("pressed", {})
    walk.met["I12 presses"] += 1
    walk.story[-1] += f" by {by}: {said[:80]!r}"
    if accepted:
        if by != to and is_for_one:
            walk.wrong.append(f"I12: {by} pressed what was for {to}: {said[:100]}")
        if nonce in before:
            walk.wrong.append(f"I12: pressed once more, and it counted again: {said[:100]}")
        before[nonce] = by
        walk.met["I12 presses that kept"] += 1
        title = accepted.group(1) or accepted.group(2)
        for room in walk.rooms:
            if str(room["title"]).startswith(title):
                walk.note("kept by a press", room)
    elif by != to:
        walk.met["I12 a stranger's presses refused"] += 1
    elif nonce in before:
        walk.met["I12 second presses refused"] += 1
    if accepted and walk.chance.random() < 0.5:
        again = _press(walk, message, data, to)
        walk.met["I12 pressed twice"] += 1
        if KEPT.search(again) and REFUSED not in again:
            walk.wrong.append(f"I12: the second press counted, too: {again[:100]}")


def _press(walk: Walk, message: str, data: Mapping[str, Any], by: str) -> str:
    """What the bot answers."""
    world, house, before = walk.sandbox.world, walk.world.house, walk.seq

    def do() -> tuple[str, str]:
        row = world.by_uuid("message", uuid_of("MESSAGE", message))
        who = world.person_by_email(by)
        assert who is not None
        if row is None:
            return "", ""
        made = saying.press(world, who, row, dict(data))
        return rest_id("ATTACHMENT_ACTION", made["uuid"]), rest_id("PEOPLE", who["uuid"])

    action, person = walk.sandbox.do(do)
    if not action:
        return "the card is gone"
    try:
        pressed = house.webex.bot(Lane.CHAT).press(ActionId(action))
        desk(walk).answer(
            Incoming(
                step=f"press/{action}", person=PersonId(person), room=pressed.room_id,
                is_private=True, press=pressed, said_at=pressed.created,
            ),
            contextlib.nullcontext(),
        )  # fmt: skip
    except (Fault, Refusal) as no:  # a fault is on; whoever pressed tries again some time
        walk.met["I12 presses that a fault stopped"] += 1
        return f"({no})"
    said = [
        str(one["object"].get("text", ""))
        for one in walk.world.control.log(before, what="effect")
        if one["kind"] in ("message.created", "message.updated") and one["actor"] == BOT
    ]
    return " ".join(said)


def _newest(walk: Walk) -> tuple[str, Mapping[str, Any], str, bool] | None:
    """(message, what its button submits, whom it was sent to, whether it is for them alone) of a
    keep on a late card. A warning is for one person; what is said of a block, for all owners."""
    found = []
    for one in walk.world.control.effects("message.created"):
        said = one["object"]
        if one["actor"] != BOT or "Walk " not in str(said.get("text")):
            continue
        for data in _submits(said.get("attachments") or ()):
            if "nonce" in data[1] and data[0].startswith("Keep") and "until" not in data[0].lower():
                is_for_one = any(words in str(said["text"]) for words in WARNS)
                found.append((str(said["id"]), data[1], str(said["roomId"]), is_for_one))
    for message, data, room, is_for_one in reversed(found[-8:]):
        members = walk.world.control.room(room)["members"]
        for one in members:
            if one["personEmail"] in OWNERS and walk.chance.random() < 0.7:
                return message, data, str(one["personEmail"]), is_for_one
    return None


def _submits(node: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(node, str) and node.startswith("{"):
        node = json.loads(node)
    if isinstance(node, Mapping):
        if node.get("type") == "Action.Submit" and isinstance(node.get("data"), Mapping):
            yield str(node.get("title", "")), node["data"]
        node = list(node.values())
    if isinstance(node, list | tuple):
        for one in node:
            yield from _submits(one)
