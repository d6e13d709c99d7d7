"""Notices: who was told what about which case, under which card's step, and whether it arrived.

A row is written in the transaction of the card's intent, before the card goes out, so that a
crash in between loses neither: the step says which intent to ask. Only a delivered one counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from domain.ids import CaseKey, PersonKey, StepKey
from storage.schema import intent, notice
from storage.sql import pieces, upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`promised` is the date that the card says; `delivered_at` None does not count."""

    case: CaseKey
    number: int
    person: PersonKey
    step: StepKey | None
    promised: datetime
    delivered_at: datetime | None = None


class Notices:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def plan(self, notices: Iterable[Notice]) -> None:
        """Writes down what a card is about to tell; the same number again replaces it."""
        upsert(
            self._connection, notice,
            [
                {
                    "case_id": one.case, "number": one.number, "person_id": one.person,
                    "step": one.step, "gone_at": one.promised, "delivered_at": None,
                }
                for one in notices
            ],
            on=["case_id", "number", "person_id"], change=["step", "gone_at", "delivered_at"],
        )  # fmt: skip

    def waiting(self) -> tuple[StepKey, ...]:
        """Steps of cards of which it is not yet written down whether they arrived."""
        found = select(notice.c.step).where(
            notice.c.delivered_at.is_(None), notice.c.step.is_not(None)
        )
        return tuple(StepKey(step) for step in self._connection.scalars(found.distinct()))

    def of_step(self, step: StepKey) -> tuple[Notice, ...]:
        """In the order in which the card names them."""
        return self._find(notice.c.step == step)

    def of_case(self, case: CaseKey) -> tuple[Notice, ...]:
        return self._find(notice.c.case_id == case)

    def delivered(self, step: StepKey, at: datetime) -> None:
        self._connection.execute(
            update(notice)
            .where(notice.c.step == step, notice.c.delivered_at.is_(None))
            .values(delivered_at=at)
        )

    def failed(self, step: StepKey) -> None:
        """The card certainly did not arrive. That it was meant for them stays written down."""
        self._connection.execute(
            update(notice)
            .where(notice.c.step == step, notice.c.delivered_at.is_(None))
            .values(step=None)
        )

    def last_told(self, people: Iterable[PersonKey], *, but_in: str) -> dict[PersonKey, datetime]:
        """When a notice last reached each of these people, but for those of one run."""
        found: dict[PersonKey, datetime] = {}
        for piece in pieces(people):
            rows = self._connection.execute(
                select(notice.c.person_id, func.max(notice.c.delivered_at))
                .join(intent, intent.c.step == notice.c.step)
                .where(
                    notice.c.person_id.in_(piece), notice.c.delivered_at.is_not(None),
                    intent.c.run.is_distinct_from(but_in),
                )
                .group_by(notice.c.person_id)
            )  # fmt: skip
            found |= {PersonKey(row[0]): row[1] for row in rows}
        return found

    def told(self, case: CaseKey) -> dict[PersonKey, int]:
        """Whom a case's notices reached, and how many each."""
        rows = self._connection.execute(
            select(notice.c.person_id, func.count())
            .where(notice.c.case_id == case, notice.c.delivered_at.is_not(None))
            .group_by(notice.c.person_id)
        )
        return {PersonKey(row[0]): row[1] for row in rows}

    def _find(self, which: Any) -> tuple[Notice, ...]:
        rows = self._connection.execute(select(notice).where(which).order_by(notice.c.id))
        return tuple(
            Notice(
                case=row.case_id, number=row.number, person=row.person_id, step=row.step,
                promised=row.gone_at, delivered_at=row.delivered_at,
            )
            for row in rows
        )  # fmt: skip
