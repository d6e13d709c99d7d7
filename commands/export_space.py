from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cards.words import count, named
from commands.arguments import SpaceArg
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from commands.working import Working, begin, work
from domain.audit import Word
from domain.errors import Refusal
from domain.ids import RoomId
from domain.spaces import Space
from domain.works import Came, How, Item
from spaces.exporting import NoExports, export_space

KIND = "export space"
_ALLOW = replace(COMPLIANCE, instead="Of a space that you moderate, `copy` gives you a copy.")


@command(
    "export space", args=[SpaceArg(name="space")], allow=_ALLOW, group="Ending",
    help="Write a space out for the operator: its messages and files as HTML and JSON.",
    example='export space "Q3 plans"',
)  # fmt: skip
def export(context: Context, space: Space) -> Reply:
    if context.house.exports is None:
        raise Refusal(
            "The operator named no folder for exports.",
            "They set SPACEKEEPER_EXPORT_FOLDER; ask them.",
        )
    return begin(
        context, KIND, f"Exporting {named(space, 60)}",
        [{"space": str(space.id)}],
    )  # fmt: skip


@work(KIND, noun="spaces", columns=("Space", "Its export"))
def export_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    return [_one(working, item) for item in items]


def _one(working: Working, item: Item) -> Came:
    house = working.house
    if not working.context().is_compliance:
        raise Refusal("That is for compliance.")
    with house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(str(item.payload["space"])))
    if space is None:
        raise Refusal("I don't know that space any more.")
    try:
        # With its moment, since an older database would give the number away again.
        name = f"export-{working.work.id}-{working.work.made_at:%Y%m%dT%H%M%S}"
        made = export_space(house, space, name=name, stop=working.stop)
    except NoExports as no:
        raise Refusal(f"It could not be written: {no}.", "The operator has to look.") from None
    with house.store.begin() as tx:
        tx.audit.add(
            Word.SPACE_EXPORT, working.actor, space=space.key, folder=made.folder.name,
            messages=made.messages, files=made.files, left_out=made.files_left_out,
            manifest=made.sha256,
        )  # fmt: skip
        tx.commit()
    left = f", {made.files_left_out} of them only listed" if made.files_left_out else ""
    return Came(
        how=How.DONE, name=space.shown_title,
        said=f"{count(made.messages, 'message')}, {count(made.files, 'file')}{left}, in the "
        f"operator's folder: {made.folder.name}",
    )  # fmt: skip
