from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from cards.undo import undo_card
from cards.words import typed_name
from commands.arguments import visible_to
from commands.permissions import ANYONE
from commands.spec import Command, Context, Reply, command
from domain.fields import FieldKind
from domain.ids import RoomId, WrongId
from domain.spaces import Space
from domain.undoing import Undoable, WayBack

BACK = timedelta(hours=24)
MOST = 4
TITLES = frozenset(
    {"Undo", "Unblock", "Take back", "Call it off", "Hold on", "Clear", "Clear end date",
     "It is mine after all", "Rückgängig", "Aufheben", "Doch meiner"}
)  # fmt: skip
"""What the buttons that lead back are called."""


@command(
    "undo", allow=ANYONE, group="Help", only_reads=True, example="undo",
    help="Show what you did lately that can be undone, with a button for each.",
    aliases=["undo that", "undo it", "undo this", "undo last", "undo the last one", "revert"],
)  # fmt: skip
def undo(context: Context) -> Reply:
    with context.house.store.read() as tx:
        found = tx.presses.leading_back(context.caller.key, TITLES, since=tx.now - BACK, limit=MOST)
        spaces = {
            one.args["space"]: tx.spaces.by_id(room, visible_to=visible_to(context))
            for one in found
            if (room := _room(one.args.get("space", ""))) is not None
        }
    shown = [made for one in found if (made := _shown(context, one, spaces)) is not None]
    return Reply(card=undo_card(shown, now=context.house.clock.now()))


def _shown(context: Context, one: WayBack, spaces: Mapping[str, Space | None]) -> Undoable | None:
    """As a card shows it. None: a space of it is none of theirs to see any more."""
    known = context.registry.get(one.command)
    said = one.args.get("space", "")
    space = spaces.get(said)
    if known is None or (said in spaces and space is None):
        return None
    name = typed_name(space) if space is not None else said
    words = _words(known, {**one.args, **({"space": name} if name else {})})
    return Undoable(
        command=one.command, args=one.args, at=one.at, typed=words,
        about=space.shown_title if space is not None else "",
    )  # fmt: skip


def _words(known: Command, args: Mapping[str, str]) -> str:
    """What a person types for the same."""
    said = [known.path]
    for argument in known.arguments:
        value, marker = args.get(argument.field.name, ""), argument.marker
        if not value:
            continue
        if marker:
            said.append(marker[0])
        if argument.field.kind is not FieldKind.YES_NO:
            said.append(value)
    return " ".join(said)


def _room(said: str) -> RoomId | None:
    try:
        return RoomId(said)
    except WrongId:
        return None
