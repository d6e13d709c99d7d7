from __future__ import annotations

from cards.ownerless import PER_PAGE, ownerless_card
from commands.arguments import Number
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.ownerless.listing import list_ownerless


@command(
    "ownerless",
    args=[Number(name="page", required=False, least=1, most=100_000)],
    allow=COMPLIANCE, group="Owners", only_reads=True, aliases=["spaces without owner"],
    help="List the spaces that nobody owns, and how far the search for an owner is.",
    example=["ownerless", "ownerless 2"],
    details=[("search owner:none", "the same spaces, with all that a search can do")],
)  # fmt: skip
def ownerless(context: Context, page: int | None) -> Reply:
    found = list_ownerless(context.house, page=page or 1, per_page=PER_PAGE)
    return Reply(
        card=ownerless_card(
            found.rows, total=found.total, page=found.number, counts=found.counts,
            zone=context.caller.time_zone,
        )
    )  # fmt: skip
