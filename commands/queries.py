"""A query as it is typed or filled in, and how its answer is to be laid out.

Behind the query may stand, in any order, ``sort by title desc``, ``columns title, owner`` and
``page 3``; saved searches, exports and buttons carry the same words. In quotes they are words
of a title like any others.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from commands.arguments import Base
from commands.spec import Context
from domain.errors import Refusal
from domain.finding import USUAL, Column, Layout, Sort
from spaces.finding import tidy

_PAGE = re.compile(r"(?:^|\s)page\s+(\d{1,6})$", re.IGNORECASE)
_SORT = re.compile(
    r"(?:^|\s)(?:sort|sorted|order|ordered)\s+by\s+(\w+)"
    r"(?:\s+(asc|ascending|up|desc|descending|down|falling|rising))?$",
    re.IGNORECASE,
)
_COLUMNS = re.compile(
    r"(?:^|\s)(?:with\s+)?columns?\s+(\w+(?:(?:\s*,\s*|\s+)\w+)*)$", re.IGNORECASE
)
_FALLS = frozenset({"desc", "descending", "down", "falling"})
_SORTS = {
    **{str(one): one for one in Sort},
    "name": Sort.TITLE, "used": Sort.ACTIVITY, "active": Sort.ACTIVITY, "lastactivity":
    Sort.ACTIVITY, "age": Sort.CREATED, "made": Sort.CREATED, "people": Sort.SIZE,
    "members": Sort.SIZE, "owners": Sort.OWNER,
}  # fmt: skip
_COLUMN_WORDS = {
    **{str(one): one for one in Column},
    "name": Column.TITLE, "owners": Column.OWNER, "size": Column.MEMBERS, "people":
    Column.MEMBERS, "tag": Column.TAGS, "class": Column.CLASSIFICATION, "used": Column.ACTIVITY,
    "by": Column.CREATOR, "kind": Column.TYPE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was written, the page that was asked for, and how it is laid out."""

    text: str
    page: int = 1
    layout: Layout = USUAL

    @property
    def words(self) -> str:
        """The query with its layout, as it is typed; without the page."""
        return f"{self.text} {self.layout.words}".strip()


def read_asked(text: str) -> Asked:
    """Raises Refusal: what is sorted by, or a column, is none."""
    asked = Asked(tidy(text.strip()))
    while True:
        rest = asked.text
        if page := _PAGE.search(rest):
            asked = replace(asked, text=rest[: page.start()].strip(), page=int(page[1]))
        elif order := _SORT.search(rest):
            layout = replace(asked.layout, sort=_sort(order[1]), falls=_falls(order[2]))
            asked = replace(asked, text=rest[: order.start()].strip(), layout=layout)
        elif (shown := _COLUMNS.search(rest)) and (columns := _columns(shown[1])):
            layout = replace(asked.layout, columns=columns)
            asked = replace(asked, text=rest[: shown.start()].strip(), layout=layout)
        else:
            return asked


def lay_out(layout: Layout, order: str | None, columns: str | None) -> Layout:
    """With what a form's fields say of it; `order` as in “title desc”. Raises Refusal."""
    if order and order != "any":
        by, _, way = order.partition(" ")
        layout = replace(layout, sort=_sort(by), falls=_falls(way or None))
    if columns:
        layout = replace(layout, columns=_columns(columns) or layout.columns)
    return layout


def _sort(word: str) -> Sort:
    try:
        return _SORTS[word.casefold()]
    except KeyError:
        raise Refusal(
            f"I can't sort by “{word[:40]}”.",
            f"Sort by {', '.join(Sort)}; or put quotes around words of a title.",
        ) from None


def _falls(word: str | None) -> bool | None:
    return None if word is None else word.casefold() in _FALLS


def _columns(text: str) -> tuple[Column, ...]:
    """Those that are named; none where no word names one: then they are words of a title."""
    words = [word for word in re.split(r"[,\s]+", text.casefold()) if word not in ("", "and")]
    known = [_COLUMN_WORDS.get(word) for word in words]
    if not any(known):
        return ()
    for word, column in zip(words, known, strict=True):
        if column is None:
            near = difflib.get_close_matches(word, _COLUMN_WORDS, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise Refusal(
                f"There is no column “{word[:40]}”.", f"{hint}There are: {', '.join(Column)}."
            )
    return tuple(dict.fromkeys(column for column in known if column is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryArg(Base):
    """A query, with the quotes that it was typed with, and its layout and page behind it."""

    label: str = "Words of the title, or a query"
    hint: str = "plans, or tag:finance inactive:>90d"
    required: bool = False
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> Asked:
        return read_asked(" ".join(getattr(word, "raw", word) for word in words))


QUERY = QueryArg(name="query")
