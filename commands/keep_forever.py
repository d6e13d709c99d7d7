from __future__ import annotations

from cards.form import form_card
from cards.words import typed_name
from commands.answering import answer_keep
from commands.arguments import REASON, SpaceArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.keeping import needs_reason


@command(
    "keep forever", args=[SpaceArg(name="space"), REASON], allow=MODERATOR, group="Keeping",
    help="Keep a space for ever, until somebody says otherwise.",
    example='keep forever "Q3 plans" because of the audit', aliases=["keep for ever"],
)  # fmt: skip
def keep_forever(context: Context, space: Space, reason: str | None) -> Reply:
    """An answer to a warning is reason enough; else it is asked for where the operator wants it."""
    if needs_reason(context.house, None) and not reason and not context.press_case:
        return Reply(
            card=form_card(
                "Keep forever", "keep forever", [REASON.field], given={"space": str(space.id)},
                shown=[("Space", space.shown_title)], problem="A keep for ever needs a reason.",
                typed=f"keep forever {typed_name(space)} because <reason>",
            )
        )  # fmt: skip
    return answer_keep(context, space, None, reason)
