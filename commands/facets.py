from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.facets import PER_PAGE, Counts, Share, counts_card, overview_card
from commands.arguments import Base, visible_to
from commands.permissions import ANYONE
from commands.queries import QUERY, Asked, read_asked
from commands.search import PAGE, form, found
from commands.spec import Context, Reply, command
from domain.fields import FieldKind
from query.facets import Facet
from query.faults import QueryFault
from query.language import Query
from spaces.counting import count_spaces, countable, counted_by, narrowed

MOST_PAGES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ByArg(Base):
    """What is counted by, and perhaps the page behind it."""

    takes_rest: bool = True
    required: bool = False

    def parse(self, words: Sequence[str], context: Context) -> Asked | None:
        asked = read_asked(" ".join(words))
        return asked if asked.text and asked.text != "any" else None


BY = ByArg(
    name="by", label="Count by", marker=("by",), kind=FieldKind.CHOICE,
    choices=(("any", "Everything usual"), *((one.name, one.label) for one in countable())),
)  # fmt: skip


@command(
    "facets", args=[QUERY, BY, PAGE], allow=ANYONE, group="Finding", only_reads=True,
    help="Count what a search finds by scope, tag, owner, age and the like.",
    example=["facets tag:finance", "count all by owner"],
    aliases=["count", "count spaces"],
)  # fmt: skip
def facets(context: Context, query: Asked | None, by: Asked | None, page: int | None) -> Reply:
    text = (query.text if query else "") or "all"
    kinds = [counted_by(by.text)] if by else []
    number = min(max(page or 1, by.page if by else 1), MOST_PAGES)
    try:
        counted = count_spaces(
            context.house, text, kinds, visible_to=visible_to(context),
            zone=context.caller.time_zone, most=PER_PAGE, skip=(number - 1) * PER_PAGE,
        )  # fmt: skip
    except QueryFault as fault:
        return form(text, fault)
    if not counted.total:
        return found(context, Asked(counted.query.text))  # which says that there are none
    every = [counts_of(counted.query, one) for one in counted.facets]
    said = counted.query.text, counted.total
    if not kinds:
        return Reply(card=overview_card(*said, every, sentence=counted.query.sentence))
    return Reply(card=counts_card(*said, every[0], sentence=counted.query.sentence, page=number))


def counts_of(query: Query, facet: Facet) -> Counts:
    """As a card shows it, each part with the whole search that finds it."""
    return Counts(
        name=facet.name, label=facet.label, more=facet.more, unknown=facet.unknown,
        is_one=facet.is_one,
        shares=tuple(
            Share(label=part.label, number=part.number, query=narrowed(query, part.query))
            for part in facet.parts
        ),
    )  # fmt: skip
