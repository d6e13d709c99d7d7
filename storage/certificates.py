"""Certificates: what proves that a space is gone, or a person erased, and what was known then.

The body is JSON with sorted keys and stays as it was written; its SHA-256 stands beside it
and in the record's chain, so that a changed body is seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from domain.ids import CaseKey, SpaceKey
from domain.intents import Outcome
from storage.schema import certificate, intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    number: str
    space: SpaceKey | None
    case: CaseKey | None
    made_at: datetime
    body: Mapping[str, object]
    sha256: str
    text: str
    """The body as it was sealed."""
    is_whole: bool
    """The body still has the hash that was written beside it."""


class Certificates:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(
        self, space: SpaceKey | None, case: CaseKey | None, body: Mapping[str, object], *,
        removals_until: int | None = None,
    ) -> Certificate:  # fmt: skip
        """Numbers and seals it. The number is put into the body. One a case: a second call
        for the same case gives the first."""
        if case is not None and (made := self._of(certificate.c.case_id == case)) is not None:
            return made
        last = self._connection.execute(select(func.max(certificate.c.id))).scalar() or 0
        number = f"SK-{self._now.year}-{last + 1:06d}"
        text = json.dumps(
            {**body, "number": number}, sort_keys=True, ensure_ascii=False, default=str
        )
        self._connection.execute(
            certificate.insert().values(
                case_id=case, space_id=space, number=number, made_at=self._now, body=text,
                sha256=_seal(text), removals_until=removals_until,
            )
        )  # fmt: skip
        return self.by_number(number)

    def removals_until(self, space: SpaceKey) -> int:
        """The last removal of an outsider that a certificate speaks of; 0: none yet."""
        found = select(func.max(certificate.c.removals_until)).where(
            certificate.c.space_id == space
        )
        return self._connection.execute(found).scalar() or 0

    def uncertified_removals(self, step: str) -> tuple[CaseKey, ...]:
        """Cases with removals, whose steps have `step` in them, that no certificate speaks of."""
        until = (
            select(func.coalesce(func.max(certificate.c.removals_until), 0))
            .where(certificate.c.space_id == intent.c.space_id)
            .scalar_subquery()
        )
        rows = self._connection.execute(
            select(intent.c.case_id).distinct().where(
                intent.c.kind == "remove member", intent.c.case_id.is_not(None),
                intent.c.step.contains(step, autoescape=True),
                intent.c.outcome.in_((Outcome.DONE, Outcome.UNKNOWN)), intent.c.id > until,
            )
        )  # fmt: skip
        return tuple(CaseKey(row[0]) for row in rows)

    def by_number(self, number: str) -> Certificate:
        """Raises LookupError when there is none."""
        made = self._of(certificate.c.number == number)
        if made is None:
            raise LookupError(f"no certificate {number}")
        return made

    def latest(self, *, count: int, skip: int = 0) -> tuple[Certificate, ...]:
        """The latest first."""
        found = select(certificate).order_by(certificate.c.id.desc()).limit(count).offset(skip)
        return tuple(map(_certificate, self._connection.execute(found)))

    def count(self) -> int:
        return self._connection.execute(select(func.count()).select_from(certificate)).scalar() or 0

    def of_space(self, space: SpaceKey) -> Certificate | None:
        return self._of(certificate.c.space_id == space)

    def _of(self, which: Any) -> Certificate | None:
        found = select(certificate).where(which).order_by(certificate.c.id.desc()).limit(1)
        row = self._connection.execute(found).first()
        if row is None:
            return None
        return _certificate(row)


def _certificate(row: Any) -> Certificate:
    return Certificate(
        number=row.number, space=row.space_id, case=row.case_id, made_at=row.made_at,
        body=json.loads(row.body), text=row.body, sha256=row.sha256,
        is_whole=_seal(row.body) == row.sha256,
    )  # fmt: skip


def _seal(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
