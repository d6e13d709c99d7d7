from __future__ import annotations

from dataclasses import replace

from commands.permissions import ANYONE
from commands.queries import QUERY, Asked
from commands.search import PAGE, form, found
from commands.spec import Context, Reply, command
from query.faults import QueryFault


@command(
    "list spaces", args=[QUERY, PAGE], allow=ANYONE, group="Finding", only_reads=True,
    help="List your spaces, or for compliance all of them; the latest used come first.",
    example=["list spaces", "list spaces type:direct"],
    aliases=["spaces", "my spaces", "list all spaces"],
)  # fmt: skip
def list_spaces(context: Context, query: Asked | None, page: int | None) -> Reply:
    asked = query or Asked("")
    try:
        return found(
            context, replace(asked, text=asked.text or "all", page=max(page or 1, asked.page))
        )
    except QueryFault as fault:
        return form(asked.text, fault)
