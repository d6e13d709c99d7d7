"""How titles are indexed for search: FTS5 trigrams on SQLite, pg_trgm on PostgreSQL.

SQLite's table is filled by triggers on `space_name`, with titles folded, so that nobody can
forget it. Without the right to make an extension PostgreSQL searches titles without an index.
"""

from __future__ import annotations

import logging

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

SQLITE = (
    "CREATE VIRTUAL TABLE space_title USING fts5(title, tokenize='trigram')",
    """CREATE TRIGGER space_title_new AFTER INSERT ON space_name WHEN new.title IS NOT NULL BEGIN
         INSERT INTO space_title(rowid, title) VALUES (new.space_id, fold(new.title));
       END""",
    """CREATE TRIGGER space_title_changed AFTER UPDATE OF title ON space_name BEGIN
         DELETE FROM space_title WHERE rowid = old.space_id;
         INSERT INTO space_title(rowid, title)
           SELECT new.space_id, fold(new.title) WHERE new.title IS NOT NULL;
       END""",
    """CREATE TRIGGER space_title_gone AFTER DELETE ON space_name BEGIN
         DELETE FROM space_title WHERE rowid = old.space_id;
       END""",
)


def index_titles(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for statement in SQLITE:
            connection.execute(text(statement))
        return
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            connection.execute(
                text(
                    "CREATE INDEX ix_space_name__title ON space_name USING gin (title gin_trgm_ops)"
                )
            )
    except DBAPIError:
        log.warning("no pg_trgm: title searches go without an index; ask for the extension")
