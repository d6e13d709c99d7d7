from __future__ import annotations

from cards.spaces_list import PER_PAGE, spaces_list_card
from commands.arguments import Choice, Number
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from domain.spaces import SpaceType
from spaces.listing import Order, list_own_spaces

KINDS = {"group": SpaceType.GROUP, "direct": SpaceType.DIRECT, "all": None}
SORTED = {
    "id": "by id", "lastactivity": "the latest used first", "created": "the newest first"
}  # fmt: skip
MOST = 1000


@command(
    "spaces list",
    args=[
        Number(name="max", label="At most", required=False, marker=("max", "at most"), least=1,
               most=MOST, hint=f"how many, up to {MOST}"),
        Choice(name="type", required=False, marker=("type", "of type"),
               choices=(("group", "Group"), ("direct", "Direct"), ("all", "All"))),
        Choice(name="sort", label="Sort by", required=False,
               marker=("sort by", "sorted by", "sort"),
               choices=(("id", "Id"), ("lastactivity", "Last activity"), ("created", "Created"))),
        Number(name="page", required=False, marker=("page",), is_asked=False, least=1, most=100),
    ],
    allow=ANYONE, group="Finding", only_reads=True,
    help="List the spaces that you are in as Webex does, with their ids; for compliance, all.",
    example=["spaces list", "spaces list max 20 type group sort by created"],
    aliases=["get spaces", "get spaces list"],
    details=[("list spaces, search", "find spaces by whatever is known of them")],
)  # fmt: skip
def spaces_list(
    context: Context, max: int | None, type: str | None, sort: str | None, page: int | None
) -> Reply:
    kind, order, most = type or "all", Order(sort or "lastactivity"), max or MOST
    number = min(page or 1, -(-most // PER_PAGE))
    skip = (number - 1) * PER_PAGE
    got = list_own_spaces(
        context.house, context.caller, sees_all=context.is_compliance, type=KINDS[kind],
        order=order, limit=min(PER_PAGE, most - skip), skip=skip,
    )  # fmt: skip
    whose = "All spaces of the company" if context.is_compliance else "Spaces that you are in"
    of_kind = "" if kind == "all" else f" of type {kind}"
    return Reply(
        card=spaces_list_card(
            got.rows, total=min(got.total, most), page=number, people=got.people,
            asked={"max": str(most), "type": kind, "sort": str(order)}, notes=got.notes,
            typed=f"spaces list max {most} type {kind} sort by {order}",
            sentence=f"{whose}{of_kind}, {SORTED[order]}, as I last read each.",
            zone=context.caller.time_zone,
        )
    )  # fmt: skip
