from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.roster import PER_PAGE, roster_card
from commands.arguments import Number, is_elsewhere
from commands.permissions import ANYONE
from commands.seeing import SeenSpaceArg
from commands.spec import Context, Reply, command
from domain.spaces import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSpaceArg(SeenSpaceArg):
    """A space that is asked about: “who is in Q3 plans?”. In quotes the mark is the title's."""

    def parse(self, words: Sequence[str], context: Context) -> Space:
        *front, last = words or [""]
        if front or last:
            is_quoted = getattr(last, "raw", last) != last
            words = [*front, last if is_quoted else last.rstrip("?")]
        return SeenSpaceArg.parse(self, [one for one in words if one], context)


@command(
    "members",
    args=[
        AskedSpaceArg(name="space"),
        Number(name="page", label="Page", marker=("page",), required=False, least=1, most=1000,
               is_asked=False),
    ],
    allow=ANYONE, group="Spaces", only_reads=True,
    help="List who is in a space: its moderators first, and who is of another organisation.",
    example=['members "Q3 plans"', 'members of "Q3 plans" page 2'],
    aliases=["members of", "list members", "who is in", "show members", "members in"],
)  # fmt: skip
def members(context: Context, space: Space, page: int | None) -> Reply:
    number = page or 1
    with context.house.store.read() as tx:
        everybody = tx.spaces.members(space.key)
        is_whole = tx.spaces.has_outsiders(space.key) is not None
    return Reply(
        card=roster_card(
            space, everybody[(number - 1) * PER_PAGE : number * PER_PAGE], page=number,
            total=len(everybody), is_whole=is_whole,
        ),
        is_about_others=is_elsewhere(context, space),
    )  # fmt: skip
