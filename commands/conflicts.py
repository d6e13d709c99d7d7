from __future__ import annotations

from cards.conflicts import PER_PAGE, conflict_card, conflicts_card
from commands.arguments import Choice, Number, SpaceArg
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.conflicts import Clash
from domain.spaces import Space
from retention.conflicting import conflicts_of, list_conflicts


@command(
    "conflicts",
    args=[
        SpaceArg(name="space", required=False),
        Choice(name="kind", required=False, marker=("of", "of kind"),
               choices=tuple((one.name.lower(), str(one).capitalize()) for one in Clash)),
        Number(name="page", required=False, marker=("page",), is_asked=False, least=1,
               most=100_000),
    ],
    allow=COMPLIANCE, group="Policies", only_reads=True,
    help="List the spaces about which a keep, a hold, a locked policy or two policies disagree.",
    example=["conflicts", 'conflicts "Q3 plans"', "conflicts of priority page 2"],
    details=[
        ("a space", "who says what, what wins, and what resolves it"),
        ("what is not in it", "what nobody knows for sure; `explain` tells of each space"),
    ],
)  # fmt: skip
def conflicts(context: Context, space: Space | None, kind: str | None, page: int | None) -> Reply:
    if space is not None:
        return Reply(card=conflict_card(space, conflicts_of(context.house, space)))
    asked = Clash[kind.upper()] if kind else None
    found = list_conflicts(context.house, page=page or 1, per_page=PER_PAGE, kind=asked)
    return Reply(
        card=conflicts_card(
            found.rows, total=found.total, page=found.number, counts=found.counts,
            seen=found.seen, kind=asked,
        )
    )  # fmt: skip
