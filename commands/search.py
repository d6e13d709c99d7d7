from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from cards.found import PER_PAGE, found_card
from cards.search_form import search_form_card
from commands.arguments import Base, Number, visible_to
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from domain.fields import Field
from domain.ids import SpaceKey
from query.faults import QueryFault
from query.registry import all_conditions
from query.spec import Condition
from spaces.finding import Page, corrections, find_spaces, tidy, write_query

_PAGE = re.compile(r"(?:^|\s)page\s+(\d{1,6})$", re.IGNORECASE)
GRAMMAR = (
    ("finance plans", "Both words in the title."),
    ("tag:finance or tag:audit", "One or the other; brackets group."),
    ("-tag:finance", "Not so; “not” does the same."),
    ("all", "Every space that you may see."),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was written, and the page that was asked for."""

    text: str
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryArg(Base):
    """A query, with the quotes that it was typed with, and perhaps “page 2” behind it."""

    label: str = "Words of the title, or a query"
    hint: str = "plans, or tag:finance inactive:>90d"
    required: bool = False
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> Asked:
        text = tidy(" ".join(getattr(word, "raw", word) for word in words).strip())
        page = _PAGE.search(text)
        if page is None:
            return Asked(text)
        return Asked(text[: page.start()].strip(), int(page[1]))


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


def _argument(condition: Condition) -> ConditionArg:
    return ConditionArg(name=condition.name, condition=condition)


NOTHING: Mapping[str, str] = MappingProxyType({})
QUERY = QueryArg(name="query")
PAGE = Number(name="page", required=False, least=1, is_typed=False, is_asked=False)


@command(
    "search", args=[QUERY, PAGE, *map(_argument, all_conditions())], allow=ANYONE,
    group="Finding", only_reads=True, help="Find spaces by what is known of them.",
    example=["search tag:finance inactive:>90d", 'search "Q3 plans" page 2'],
    aliases=["find", "search for", "search spaces", "find spaces"],
    details=[*GRAMMAR, *((one.example, one.doc) for one in all_conditions())],
)  # fmt: skip
def search(context: Context, query: Asked | None, page: int | None, **filled: str | None) -> Reply:
    said = {name: text for name, text in filled.items() if text}
    words = query.text if query else ""
    try:
        text = write_query(words, said)
    except QueryFault as fault:
        return form(words, fault, said)
    if not text:
        return form(words, None if page is None else QueryFault("Nothing is filled in."), said)
    return found(context, text, max(page or 1, query.page if query else 1))


def found(context: Context, text: str, page: int) -> Reply:
    """A page of what the caller may see. Raises QueryFault."""
    got = find_spaces(
        context.house, text, visible_to=visible_to(context), zone=context.caller.time_zone,
        page=page, per_page=PER_PAGE,
    )  # fmt: skip
    return Reply(
        card=found_card(
            got.query.text, got.rows, total=got.total, page=got.number,
            now=context.house.clock.now(), sentence=got.query.sentence,
            is_bound=got.total_is_bound, people=_names(got),
            owners={key: [one.name for one in some] for key, some in got.owners.items()},
        )
    )  # fmt: skip


def _names(page: Page) -> Mapping[SpaceKey, str]:
    return {
        key: " and ".join(person.name for person in people) for key, people in page.people.items()
    }


def form(words: str, fault: QueryFault | None, said: Mapping[str, str] = NOTHING) -> Reply:
    """The form with everything as it was filled in, and what is the matter with it."""
    asked = [QUERY.field, *(one.field for one in all_conditions() if one.is_common)]
    rare = [one.field for one in all_conditions() if not one.is_common]
    values = {**said, QUERY.name: words}
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
