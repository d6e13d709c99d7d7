from __future__ import annotations

from cards.explain import explain_card
from commands.permissions import ANYONE, may_manage
from commands.seeing import SeenSpaceArg
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.explaining import explain_space


@command(
    "explain", args=[SeenSpaceArg(name="space")], allow=ANYONE, group="Keeping", only_reads=True,
    help="Tell whether, when and why a space will go.", example='explain "Q3 plans"',
    aliases=["why"],
)  # fmt: skip
def explain(context: Context, space: Space) -> Reply:
    explained = explain_space(context.house, space, zone=context.caller.zone)
    return Reply(
        card=explain_card(
            explained.view, explained.trace, reader=context.house.reader(context.caller),
            manages=may_manage(context, space),
        )
    )  # fmt: skip
