from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.clock import SystemClock
from storage.engine import open_engine
from storage.schema import metadata
from storage.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    metadata.create_all(engine)
    with engine.begin() as connection:
        for line in (
            "CREATE VIRTUAL TABLE space_title USING fts5(title, tokenize='trigram')",
            "CREATE TRIGGER a AFTER INSERT ON space_name BEGIN INSERT INTO space_title(rowid,title)"
            " VALUES (new.space_id, fold(new.title)); END",
        ):
            connection.execute(text(line))
    made = Store(engine, SystemClock())
    yield made
    made.close()
