"""`plans`, `"q3 plans"`, `title:plans`: part of a title, found by trigrams.

SQLite keeps folded titles in `space_title` (FTS5, trigram), which needs three characters;
shorter ones are looked for by LIKE in the same table. PostgreSQL has pg_trgm behind ILIKE.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, column, exists, or_, select, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import Boolean

from query.sides import among, settle
from query.spec import Condition, Moments, Predicate
from query.values import PLAIN_WORD, RESERVED, quote, read_list, say_list
from storage.engine import fold
from storage.schema import space, space_name

_titles = table("space_title", column("rowid"), column("title", Text))
_index = table("space_title", column("rowid"), column("space_title", Text))


class TitleContains(ColumnElement[bool]):
    """The space's title has `text` in it, by the index of whichever database it is."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, text: str) -> None:
        self.text = text


@compiles(TitleContains, "postgresql")
def _by_pg_trgm(element: TitleContains, compiler: SQLCompiler, **kw: Any) -> str:
    title = space_name.c.title.icontains(element.text, autoescape=True)
    return compiler.process(among(select(space_name.c.space_id).where(title)), **kw)


@compiles(TitleContains)
def _by_fts5(element: TitleContains, compiler: SQLCompiler, **kw: Any) -> str:
    text = fold(element.text) or ""
    if len(text) < 3:
        found = select(_titles.c.rowid).where(_titles.c.title.contains(text, autoescape=True))
    else:
        phrase = '"' + text.replace('"', '""') + '"'
        found = select(_index.c.rowid).where(_index.c.space_title.op("MATCH")(phrase))
    return compiler.process(among(found), **kw)


def _truth(texts: tuple[str, ...], moments: Moments) -> Predicate:
    return or_(*(TitleContains(text) for text in texts))


def _doubt(texts: tuple[str, ...], moments: Moments) -> Predicate:
    known = (space_name.c.space_id == space.c.id) & space_name.c.title.is_not(None)
    return ~exists().where(known).correlate(space)


def _write(texts: tuple[str, ...]) -> str:
    def one(text: str) -> str:
        is_plain = PLAIN_WORD.fullmatch(text) and text.lower() not in RESERVED
        return text if is_plain else f'"{quote(text).strip(chr(34))}"'

    return ",".join(one(text) for text in texts)


CONDITION = Condition(
    name="title", aliases=("name",), is_default=True,
    doc="Part of the title; quotes keep words together.",
    example='title:"quarterly plans"', label="Title contains", hint="quarterly plans",
    parse=lambda text: read_list(fold(text) or ""), write=_write,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    sentence=lambda value: f"with {say_list(value)} in the title",
)  # fmt: skip
