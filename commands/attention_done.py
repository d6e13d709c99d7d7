from __future__ import annotations

from functools import partial

from cards.done import done_card
from commands.arguments import SpaceArg, Text
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.attention import look_after, put_back


@command(
    "attention done",
    args=[
        SpaceArg(name="space"),
        Text(name="reason", label="What you found", marker=("because",), required=False,
             longest=200),
    ],
    allow=COMPLIANCE, group="Policies",
    help="Say that you have looked at a space that waited for you.",
    example=['attention done "Q3 plans"', 'attention done "Q3 plans" because it is moderated now'],
)  # fmt: skip
def done(context: Context, space: Space, reason: str | None) -> Reply:
    look_after(context.house, context.actor, space, reason=(reason or "").strip())
    return Reply(
        card=done_card(
            "It goes its way again.", ("Space", space.shown_title),
            *([("You found", reason)] if reason else []),
            note="It is left alone for a week, then the policies decide about it anew.",
        ),
        afterwards=partial(put_back, context.house, context.actor, space, step=context.step),
    )  # fmt: skip
