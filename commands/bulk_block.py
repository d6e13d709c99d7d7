from __future__ import annotations

from collections.abc import Sequence

from commands.block import tell_owners
from commands.bulking import WHERE, Bulk, each, finish, is_officer, preview
from commands.confirming import MANY
from commands.permissions import COMPLIANCE
from commands.queries import Asked
from commands.spec import Context, Reply, command
from commands.working import Working, work
from domain.errors import Paused, Refusal
from domain.spaces import Space
from domain.works import Came, How, Item
from retention.blocking_by_hand import block_by_hand
from spaces.effects.caps import left_today
from spaces.many import blocked_already


@command(
    "bulk block", args=[WHERE], allow=COMPLIANCE, group="Bulk",
    help="Block all spaces that a search finds: nothing new can be written in them.",
    example="bulk block where tag:finance",
    details=[
        ("how many", "at most 20 by one person; more takes a policy, which two agree to"),
        ("the caps", "hold as for policies, and while everything is paused nothing is blocked"),
    ],
)  # fmt: skip
def bulk_block(context: Context, query: Asked) -> Reply:
    most, why = _most(context)
    return preview(
        context, query.text,
        Bulk(
            work="bulk block", does="Block", do="Block", params={}, is_for_compliance=True,
            becomes="is blocked; what is there stays readable", why_not=blocked_already,
            most=most, too_many=why,
            warnings=("Nobody but me moderates them then; `unblock` puts each back.",),
        ),
    )  # fmt: skip


def _most(context: Context) -> tuple[int, str]:
    """As many as one person may stop, and as the caps leave for today."""
    with context.house.store.read() as tx:
        if tx.settings.pause() is not None:
            raise Refusal(
                "Everything that destroys or blocks stands still for now.", "`status` says why."
            )
        left = left_today(tx, context.house.limits)
    if left < MANY:
        return left, f"Only {left:,} more may be blocked or deleted today; narrow it down."
    return MANY, (
        f"At most {MANY} are blocked by one person at once. For more, write a policy that"
        " blocks, and somebody else of compliance agrees to it: `policy new`."
    )  # fmt: skip


@work("bulk block", noun="spaces", finish=finish, columns=("Space", "What came of it"))
def block_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    return each(working, items, _block)


def _block(context: Context, space: Space, working: Working) -> Came:
    if not is_officer(working):
        raise Refusal("Not allowed: that is for compliance.")
    try:
        done = block_by_hand(
            context.house, context.actor, space, by_compliance=True, step=context.step
        )
    except Paused:  # a block that waited for days is none that anybody still meant
        raise Refusal("Everything stands still, so it was not blocked.") from None
    tell_owners(context, done)
    return Came(how=How.DONE, name=space.shown_title, said="It is blocked.")
