from __future__ import annotations

from cards.attention import PER_PAGE, attention_card, attention_one_card
from commands.arguments import Choice, Number, SpaceArg
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.attention import Kind
from domain.spaces import Space
from retention.attention import waiting_of, waiting_page


@command(
    "attention",
    args=[
        SpaceArg(name="space", required=False),
        Choice(name="kind", required=False, marker=("of", "of kind"),
               choices=tuple((one.name.lower(), str(one).capitalize()) for one in Kind)),
        Number(name="page", required=False, marker=("page",), is_asked=False, least=1,
               most=100_000),
    ],
    allow=COMPLIANCE, group="Policies", aliases=["needs attention"], only_reads=True,
    help="List the spaces that can't go on by themselves, why, since when, and who is on it.",
    example=["attention", 'attention "Q3 plans"', "attention of ownerless page 2"],
    details=[("a space", "what it waits for, and what can be done")],
)  # fmt: skip
def show(context: Context, space: Space | None, kind: str | None, page: int | None) -> Reply:
    zone = context.caller.time_zone
    if space is not None:
        return Reply(card=attention_one_card(waiting_of(context.house, space), zone=zone))
    asked = Kind[kind.upper()] if kind else None
    found = waiting_page(context.house, number=page or 1, per_page=PER_PAGE, kind=asked)
    return Reply(
        card=attention_card(
            found.rows, total=found.total, page=found.number, counts=found.counts, kind=asked,
            zone=zone,
        )
    )  # fmt: skip
