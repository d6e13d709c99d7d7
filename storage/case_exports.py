"""What was written out of the spaces of cases before they are deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from domain.ids import CaseKey
from storage.schema import case_export
from storage.sql import insert


class CaseExports:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def of(self, case: CaseKey) -> str:
        """The folder; empty while there is none."""
        found = select(case_export.c.folder).where(case_export.c.case_id == case)
        return self._connection.execute(found).scalar() or ""

    def made(self, case: CaseKey, folder: str) -> None:
        values = {"case_id": case, "folder": folder, "made_at": self._now}
        put = insert(self._connection, case_export).values(**values)
        self._connection.execute(put.on_conflict_do_nothing(index_elements=["case_id"]))
