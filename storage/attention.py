"""Who of compliance is on a case that waits for them, and what such cases have behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from domain.ids import CaseKey, PersonKey
from domain.intents import Outcome
from domain.owning import SearchState
from storage.schema import case_care, intent, owner_search
from storage.sql import pieces, upsert

_FINE = (str(Outcome.DONE), str(Outcome.CANCELLED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    case: CaseKey
    by: PersonKey
    at: datetime


class Attention:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def cares(self, cases: Iterable[CaseKey]) -> dict[CaseKey, Care]:
        found: dict[CaseKey, Care] = {}
        for piece in pieces(cases):
            rows = self._connection.execute(select(case_care).where(case_care.c.case_id.in_(piece)))
            found |= {
                CaseKey(row.case_id): Care(case=row.case_id, by=row.by_id, at=row.at)
                for row in rows
            }
        return found

    def take(self, case: CaseKey, by: PersonKey) -> None:
        """Somebody is on it; whoever was before is not any more."""
        upsert(
            self._connection, case_care, [{"case_id": case, "by_id": by, "at": self._now}],
            on=["case_id"], change=["by_id", "at"],
        )  # fmt: skip

    def badly_ended(self, cases: Iterable[CaseKey], kind: str) -> frozenset[CaseKey]:
        """Which of these cases have an effect of that kind that did not end well."""
        found: set[CaseKey] = set()
        for piece in pieces(cases):
            rows = self._connection.scalars(
                select(intent.c.case_id).where(
                    intent.c.case_id.in_(piece), intent.c.kind == kind,
                    intent.c.outcome.not_in(_FINE),
                )
            )  # fmt: skip
            found |= {CaseKey(key) for key in rows}
        return frozenset(found)

    def searched(self, cases: Iterable[CaseKey]) -> dict[CaseKey, tuple[SearchState, str]]:
        """Which of these cases an owner is looked for, and how that stands."""
        found: dict[CaseKey, tuple[SearchState, str]] = {}
        for piece in pieces(cases):
            rows = self._connection.execute(
                select(owner_search.c.case_id, owner_search.c.state, owner_search.c.why).where(
                    owner_search.c.case_id.in_(piece), owner_search.c.closed_at.is_(None)
                )
            )
            found |= {CaseKey(row[0]): (SearchState(row[1]), row[2]) for row in rows}
        return found
