from __future__ import annotations

from cards.blocking import block_preview_card, blocked_by_hand_card, blocked_now_card
from cards.kit import Card
from commands.arguments import Flag, SpaceArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.people import Person
from domain.spaces import Space
from retention.blocking_by_hand import BlockView, block_by_hand, look_before_blocking
from spaces.telling import tell_people


@command(
    "block",
    args=[SpaceArg(name="space"), Flag(name="now", marker=("now",), is_asked=False)],
    allow=MODERATOR, group="Ending", aliases=["block space"],
    help="Block a space: nothing new can be written, what is there stays readable.",
    example=['block "Q3 plans"', 'block "Q3 plans" now'],
    details=[
        ("now", "does it at once; without it you first see what it would change"),
        ("what it means", "nothing is deleted; `unblock` puts it back exactly as it was"),
        ("direct conversations", "are read-only then; only compliance can do that"),
    ],
)  # fmt: skip
def block(context: Context, space: Space, now: bool | None) -> Reply:
    house, actor = context.house, context.actor
    by_compliance = context.is_compliance
    if not now:
        view = look_before_blocking(house, actor, space, by_compliance=by_compliance)
        return Reply(
            card=block_preview_card(
                view.space, size=view.size, moderators=view.moderators, bot_joins=view.bot_joins,
                reader=house.reader(context.caller),
            )
        )  # fmt: skip
    done = block_by_hand(house, actor, space, by_compliance=by_compliance, step=context.step)
    return Reply(
        card=blocked_now_card(
            space, has_others=bool(done.owners), reader=house.reader(context.caller)
        ),
        afterwards=lambda: tell_owners(context, done),
    )  # fmt: skip


def tell_owners(context: Context, done: BlockView) -> None:
    at = context.house.clock.now()

    def drawn(reader: Person) -> Card:
        return blocked_by_hand_card(
            done.space, by=context.caller.name, by_compliance=context.is_compliance, at=at,
            reader=context.house.reader(reader),
        )  # fmt: skip

    tell_people(
        context.house, done.owners, drawn, step=f"{context.step}/told", space=done.space.key,
        actor=context.actor,
    )  # fmt: skip
