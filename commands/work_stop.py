from __future__ import annotations

from cards.done import done_card
from commands.arguments import Number
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from domain.errors import Refusal


@command(
    "work stop", args=[Number(name="number", label="Number", hint="as in works", most=2**62)],
    allow=ANYONE, group="Help", aliases=["stop work"],
    help="Stop something of yours that takes long; what is done stays done.",
    example="work stop 12",
)  # fmt: skip
def stop(context: Context, number: int) -> Reply:
    with context.house.store.begin() as tx:
        found = tx.works.get(number)
        if found is None or not (found.caller == context.caller.key or context.is_compliance):
            raise Refusal("There is no such work of yours.", "`works` shows what there is.")
        if found.finished_at is not None:
            raise Refusal("That is over already.")
        tx.works.ask_to_stop(number, by=context.caller.name)
        tx.commit()
    return Reply(
        card=done_card("I leave off.", note="What is done stays done; the result comes at once.")
    )
