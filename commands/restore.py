from __future__ import annotations

from collections.abc import Sequence

from cards.words import harmless
from commands.arguments import SpaceArg, Text
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from commands.working import Result, Working, begin, refuse_if_busy, work
from domain.endings import RequestState, Tombstone
from domain.errors import Refusal
from domain.ids import RoomId, TombstoneKey
from domain.intents import Outcome
from domain.spaces import Space
from domain.works import Came, How, Item
from retention.byhand.restoring import (
    bring_back,
    find_restorable,
    make_anew,
    members_of,
    note_restored,
    put_settings,
    title_of,
)
from spaces.effects import refusal_of
from spaces.sync.live import touch

KIND = "restore"


@command(
    "restore", args=[Text(name="space", label="Space", hint="its title as it was", longest=200)],
    allow=ANYONE, group="Ending", aliases=["restore space"],
    help="Make a space anew that was deleted: its people, settings and tags, not its messages.",
    example='restore "Q3 plans"',
    details=[
        ("who", "compliance, whoever asked for its deletion, and who moderated it"),
        ("for how long", "30 days after it was deleted"),
        ("what comes back", "a new space of the same title, people, moderators, settings, tags"),
        ("what does not", "messages and files; they are in its export, if one was kept"),
        ("a blocked space", "is put back by `unblock`, one on its way by `delete undo`"),
    ],
)  # fmt: skip
def restore(context: Context, space: str) -> Reply:
    house = context.house
    try:
        stone = find_restorable(house, None if context.is_compliance else context.caller, space)
    except Refusal as none:
        raise _still_there(context, space) or none from None
    refuse_if_busy(context)  # before anything is made: nobody would come back into it
    made = make_anew(house, context.actor, context.caller, stone)
    people = members_of(stone)
    reply = begin(
        context, KIND,
        f"Making “{harmless(title_of(stone), 60)}” anew",
        [{"place": str(place)} for place in range(len(people))] or [{"place": ""}],
        {"tombstone": str(stone.key), "room": str(made.id)},
    )  # fmt: skip
    note_restored(house, context.actor, context.caller, stone, made)
    return reply


def _still_there(context: Context, said: str) -> Refusal | None:
    """What to do about a space that the caller sees, and that only seems to be gone."""
    try:
        found = SpaceArg(name="space").parse([said], context)
    except Refusal:
        return None
    with context.house.store.read() as tx:
        request, block = tx.deletions.open_of(found.key), tx.blocks.of(found.key)
    if request is not None and request.state is not RequestState.WAITING:
        return Refusal("It is still there.", "`delete undo` and the space takes its deletion back.")
    if block is not None:
        return Refusal("It is still there, and blocked.", "`unblock` and the space puts it back.")
    return None


@work(KIND, noun="people", finish=lambda working: _finish(working), columns=("Person", "Back"))
def restore_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    return [_one(working, item) for item in items]


def _one(working: Working, item: Item) -> Came:
    stone, space = _read(working)
    if not item.payload["place"]:
        return Came(how=How.ALREADY, name=working.caller.name)
    member = members_of(stone)[int(item.payload["place"])]
    name = str(member["name"] or member["email"])
    made = bring_back(working.house, working.actor, stone, space.id, member, run=working.run)
    if made.outcome is Outcome.DONE:
        return Came(how=How.DONE, name=name, said="moderator" if member["moderator"] else "")
    no = refusal_of(made, what="add them")
    return Came(how=How.REFUSED, name=name, said=str(no) if no else "")


def _finish(working: Working) -> Result:
    stone, space = _read(working)
    notes = put_settings(working.house, working.actor, stone, space)
    kept = (
        f"Its export is in the operator's folder: {stone.export.rpartition('/')[2]}"
        if stone.export and working.context().is_compliance
        else "Its export is with compliance." if stone.export
        else "No export of it was kept."
    )  # fmt: skip
    return Result(
        notes=(
            "Messages and files can't come back.", kept, *notes,
            "I am in it, because I made it; you may take me out.",
        )
    )  # fmt: skip


def _read(working: Working) -> tuple[Tombstone, Space]:
    with working.house.store.read() as tx:
        stone = tx.tombstones.get(TombstoneKey(int(working.payload["tombstone"])))
        space = tx.spaces.by_id(RoomId(working.payload["room"]))
    if space is None:
        space = touch(working.house, RoomId(working.payload["room"]))
    return stone, space
