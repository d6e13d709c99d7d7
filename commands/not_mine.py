from __future__ import annotations

from cards.disowned import disowned_card
from commands.answering import refresh_digests
from commands.arguments import SpaceArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.ids import CaseKey
from domain.spaces import Space
from retention.disowning import disown


@command(
    "not mine", args=[SpaceArg(name="space")], allow=MODERATOR, group="Keeping",
    help="Say that a space is none of yours: you are not warned about it any more.",
    example='not mine "Q3 plans"', aliases=["disown"],
    details=[
        ("its other owners", "decide without you"),
        ("nobody else", "I look for somebody who takes it over; nothing happens meanwhile"),
        ("in Webex", "nothing changes: you stay in it, as what you are"),
        ("once you are made its moderator anew", "or come back to it, you are asked as before"),
    ],
)  # fmt: skip
def not_mine(context: Context, space: Space) -> Reply:
    left = disown(context.house, context.actor, space, context.caller)
    return Reply(
        card=disowned_card(
            space, left=[one.name for one in left], reader=context.house.reader(context.caller)
        ),
        afterwards=lambda: refresh_digests(context, _case_of(context, space)),
    )


def _case_of(context: Context, space: Space) -> tuple[CaseKey, ...]:
    with context.house.store.read() as tx:
        case = tx.cases.open_of(space.key)
    return (case.key,) if case is not None else ()
