from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType

from cards.found import PER_PAGE, found_card, sort_card
from cards.search_form import search_form_card
from commands.arguments import Base, Number, visible_to
from commands.permissions import ANYONE
from commands.queries import QUERY, Asked, lay_out
from commands.spec import Context, Reply, command
from commands.supposing import supposed
from domain.fields import Field, FieldKind
from domain.finding import USUAL, Column, Layout, Sort
from domain.ids import SpaceKey
from query.faults import QueryFault
from query.registry import all_conditions
from query.spec import Condition
from spaces.finding import Page, corrections, find_spaces, write_query

GRAMMAR = (
    ("finance plans", "Both words in the title."),
    ("tag:finance or tag:audit", "One or the other; brackets group."),
    ("-tag:finance", "Not so; “not” does the same."),
    ("all", "Every space that you may see."),
    ("tag:finance sort by title desc", f"Sorted by {', '.join(Sort)}; asc or desc."),
    ("tag:finance columns title, owner, tags", f"Columns: {', '.join(Column)}."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionArg(Base):
    """A condition's own field, filled in on the card; in words it is part of the query."""

    condition: Condition
    required: bool = False
    is_typed: bool = False

    @property
    def field(self) -> Field:
        return self.condition.field

    def parse(self, words: Sequence[str], context: Context) -> str:
        return " ".join(words).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plainly(Base):
    """What only a form or a button says, as it says it."""

    def parse(self, words: Sequence[str], context: Context) -> str:
        return " ".join(words).strip()


def _argument(condition: Condition) -> ConditionArg:
    return ConditionArg(name=condition.name, condition=condition)


NOTHING: Mapping[str, str] = MappingProxyType({})
PAGE = Number(name="page", required=False, least=1, is_typed=False, is_asked=False)
ORDER = Plainly(
    name="order", label="Sort by", required=False, is_typed=False, kind=FieldKind.CHOICE,
    choices=(
        ("any", "Last used, the latest first"), ("activity asc", "Longest unused first"),
        ("title asc", "Title"), ("title desc", "Title, from Z to A"),
        ("created desc", "Newest first"), ("created asc", "Oldest first"),
        ("size desc", "Most people first"), ("size asc", "Fewest people first"),
        ("owner asc", "Owner"), ("owner desc", "Owner, from Z to A"),
    ),
)  # fmt: skip
COLUMNS = Plainly(
    name="columns", label="Columns", required=False, is_typed=False, kind=FieldKind.CHOICES,
    choices=tuple((str(one), one.capitalize()) for one in Column if one is not Column.TITLE),
)  # fmt: skip
MOST_MEANT = 3
SHOW = Plainly(name="show", required=False, is_typed=False, is_asked=False)


@command(
    "search", args=[QUERY, PAGE, ORDER, COLUMNS, SHOW, *map(_argument, all_conditions())],
    allow=ANYONE, group="Finding", only_reads=True,
    help="Find spaces by what is known of them.",
    example=[
        "search tag:finance inactive:>90d", 'search "Q3 plans" page 2',
        "search scope:external sort by size columns owner, members",
    ],
    aliases=["find", "search for", "search spaces", "find spaces"],
    details=[*GRAMMAR, *((one.example, one.doc) for one in all_conditions())],
)  # fmt: skip
def search(
    context: Context, query: Asked | None, page: int | None, order: str | None,
    columns: str | None, show: str | None, **filled: str | None,
) -> Reply:  # fmt: skip
    said = {name: text for name, text in filled.items() if text}
    asked = query or Asked("")
    asked = replace(asked, layout=lay_out(asked.layout, order, columns))
    if show == "form":
        return form(asked.text, None, said, asked.layout)
    try:
        text = write_query(asked.text, said)
    except QueryFault as fault:
        return form(asked.text, fault, said, asked.layout)
    if not text:
        empty = None if page is None else QueryFault("Nothing is filled in.")
        return form(asked.text, empty, said, asked.layout)
    if show == "sort":
        return Reply(card=sort_card(text, asked.layout), is_about_others=False)
    return found(context, replace(asked, text=text, page=max(page or 1, asked.page)))


def found(context: Context, asked: Asked) -> Reply:
    """A page of what the caller may see. Raises QueryFault."""
    zone = context.caller.time_zone
    got = find_spaces(
        context.house, asked.text, visible_to=visible_to(context), zone=zone,
        page=asked.page, per_page=PER_PAGE, layout=asked.layout,
    )  # fmt: skip
    return Reply(
        card=found_card(
            got.query.text, got.rows, total=got.total, page=got.number,
            now=context.house.clock.now(), sentence=got.query.sentence,
            is_bound=got.total_is_bound, people=_names(got),
            owners={key: [one.name for one in some] for key, some in got.owners.items()},
            states=got.states, layout=asked.layout, zone=zone,
            meant=() if got.rows or asked.page > 1 else _meant(context, asked.text),
        )
    )  # fmt: skip


def _meant(context: Context, text: str) -> tuple[str, ...]:
    """Queries that say what a title's words perhaps meant, and that find something."""
    return tuple(islice((one for one in supposed(text) if _finds(context, one)), MOST_MEANT))


def _finds(context: Context, query: str) -> bool:
    try:
        got = find_spaces(
            context.house, query, visible_to=visible_to(context), zone=context.caller.time_zone,
            page=1, per_page=1,
        )  # fmt: skip
    except QueryFault:
        return False
    return bool(got.rows)


def _names(page: Page) -> Mapping[SpaceKey, str]:
    return {
        key: " and ".join(person.name for person in people) for key, people in page.people.items()
    }


def form(
    words: str, fault: QueryFault | None, said: Mapping[str, str] = NOTHING,
    layout: Layout = USUAL,
) -> Reply:  # fmt: skip
    """The form with everything as it was filled in, and what is the matter with it."""
    asked = [QUERY.field, *(one.field for one in all_conditions() if one.is_common)]
    asked.append(ORDER.field)
    rare = [*(one.field for one in all_conditions() if not one.is_common), COLUMNS.field]
    way = "desc" if layout.descending else "asc"
    is_usual = layout.sort is Sort.ACTIVITY and layout.descending
    values = {
        **said, QUERY.name: words, COLUMNS.name: ",".join(layout.columns),
        ORDER.name: "any" if is_usual else f"{layout.sort} {way}",
    }  # fmt: skip
    return Reply(
        card=search_form_card(
            [replace(one, value=values.get(one.name, "")) for one in asked],
            rare=[replace(one, value=values.get(one.name, "")) for one in rare],
            problem=fault.reason if fault else "", place=_place(fault) if fault else "",
            meant=corrections(fault) if fault else (),
        ),
        is_about_others=False,
    )  # fmt: skip


def _place(fault: QueryFault) -> str:
    if not fault.text or not 0 < fault.column <= len(fault.text):
        return ""
    return f"Up to here I can follow: {fault.text[: fault.column]} ▸ {fault.text[fault.column :]}"
