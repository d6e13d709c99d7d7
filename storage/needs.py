"""Members who said that they still need a space that is due: once each in a cycle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from domain.ids import CaseKey, PersonKey
from storage.schema import retention_case, space_need
from storage.sql import insert, pieces

_N = space_need.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    case: CaseKey
    person: PersonKey
    reason: str
    at: datetime


class Needs:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def say(self, case: CaseKey, person: PersonKey, reason: str = "") -> bool:
        """False when they said so already."""
        put = insert(self._connection, space_need).values(
            case_id=case, person_id=person, reason=reason, at=self._now
        )
        done = self._connection.execute(
            put.on_conflict_do_nothing(index_elements=["case_id", "person_id"]).returning(
                _N.case_id
            )
        )
        return done.first() is not None

    def of_case(self, case: CaseKey) -> tuple[Need, ...]:
        """In the order in which they said so."""
        rows = self._connection.execute(
            select(space_need).where(_N.case_id == case).order_by(_N.at, _N.person_id)
        )
        return tuple(
            Need(case=row.case_id, person=row.person_id, reason=row.reason, at=row.at)
            for row in rows
        )

    def counts(self, cases: Iterable[CaseKey]) -> dict[CaseKey, int]:
        """How many need each; who is needed by nobody is not in there."""
        found: dict[CaseKey, int] = {}
        counted = select(_N.case_id, func.count()).group_by(_N.case_id)
        for piece in pieces(cases):
            rows = self._connection.execute(counted.where(_N.case_id.in_(piece)))
            found |= {CaseKey(row[0]): row[1] for row in rows}
        return found

    def going_on(self) -> dict[CaseKey, int]:
        """Of all cases that are not over, those that somebody needs, and how many do."""
        rows = self._connection.execute(
            select(_N.case_id, func.count())
            .join(retention_case, retention_case.c.id == _N.case_id)
            .where(retention_case.c.closed_at.is_(None))
            .group_by(_N.case_id)
        )
        return {CaseKey(row[0]): row[1] for row in rows}
