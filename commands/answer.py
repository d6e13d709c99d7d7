from __future__ import annotations

from cards.answer import answer_card
from commands.arguments import SpaceArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.answers import Stand
from domain.errors import Refusal
from domain.spaces import Space
from retention.digests import rows_of


@command(
    "answer", args=[SpaceArg(name="space")], allow=MODERATOR, group="Keeping", only_reads=True,
    help="Show every answer that you can give about a space that is on its way out.",
    example='answer "Q3 plans"', aliases=["answer about"],
    details=[
        ("keep", "for ever, or until a day"),
        ("change its cause", "tag, untag or classify it, set its end date: I say at once what"
         " follows"),
        ("hand it over", "to a co-owner, or say that it is not yours"),
        ("end it", "take a copy with you, or delete it now; that can be taken back for a day"),
    ],
)  # fmt: skip
def answer(context: Context, space: Space) -> Reply:
    house, caller = context.house, context.caller
    with house.store.read() as tx:
        case = tx.cases.open_of(space.key)
        rows = rows_of(tx, [case.key], caller.key) if case is not None else ()
    if not rows or rows[0].stand is Stand.OVER:
        raise Refusal("Nothing about it waits for an answer.", "`explain` says what becomes of it.")
    return Reply(card=answer_card(rows[0].warned, owner=caller.key, reader=house.reader(caller)))
