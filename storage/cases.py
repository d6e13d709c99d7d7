"""Cases: which are open, what the last decision says of them, and moves that only one can make.

A move is one UPDATE guarded by the state and the cycle that it came from; whoever comes second
changes nothing and is told so. Which moves exist stands in `domain.lifecycle`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, func, select, type_coerce, update

from domain.cases import Answer, Case
from domain.ids import CaseKey, PersonKey, PolicyVersionKey, SpaceKey
from domain.lifecycle import CaseState
from domain.policies import Counting, Ruling
from domain.spaces import SpaceType
from storage.counting import counted
from storage.schema import Moment, answer, decision, membership, purged, retention_case, space
from storage.sql import pieces

RULINGS = tuple(Ruling)
RUNNING = (CaseState.DUE, CaseState.WARNED, CaseState.BLOCKED, CaseState.PURGING)
_ENDS = (CaseState.CLEAR, CaseState.GONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A space that a version dates, without an open case."""

    space: SpaceKey
    due: datetime
    basis_at: datetime | None
    last_human: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An open case beside what the last decision says of its space."""

    case: Case
    ruling: Ruling | None
    version: PolicyVersionKey | None
    due: datetime | None
    last_human: datetime | None
    least_age: timedelta | None = None
    """How old a message has to be to be purged; only where it was judged by itself."""


class Cases:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- questions --------------------------------------------------------------------------

    def get(self, key: CaseKey) -> Case:
        """Raises LookupError when there is none."""
        found = self._find(_select().where(retention_case.c.id == key))
        if not found:
            raise LookupError(f"no case {key}")
        return found[0]

    def open_of(self, space_key: SpaceKey) -> Case | None:
        found = self._find(
            _select().where(
                retention_case.c.space_id == space_key, retention_case.c.closed_at.is_(None)
            )
        )
        return found[0] if found else None

    def by_keys(self, keys: Iterable[CaseKey]) -> dict[CaseKey, Case]:
        found: dict[CaseKey, Case] = {}
        for piece in pieces(keys):
            hits = self._find(_select().where(retention_case.c.id.in_(piece)))
            found |= {one.key: one for one in hits}
        return found

    def open_in(self, spaces: Select[Any], *states: CaseState) -> tuple[Case, ...]:
        """Open cases in these states of the spaces whose keys `spaces` selects; the soonest due
        first."""
        found = _select().where(
            retention_case.c.closed_at.is_(None),
            retention_case.c.state.in_([str(one) for one in states]),
            retention_case.c.space_id.in_(spaces),
        )
        return self._find(found.order_by(retention_case.c.due, retention_case.c.id))

    def last_of(self, space_key: SpaceKey) -> Case | None:
        """The latest case of a space, open or closed."""
        found = _select().where(retention_case.c.space_id == space_key)
        hits = self._find(found.order_by(retention_case.c.cycle.desc()).limit(1))
        return hits[0] if hits else None

    def open(self, *states: CaseState) -> tuple[Case, ...]:
        """Open cases in these states, or in any; the soonest due first."""
        found = _select().where(retention_case.c.closed_at.is_(None))
        if states:
            found = found.where(retention_case.c.state.in_([str(one) for one in states]))
        return self._find(found.order_by(retention_case.c.due, retention_case.c.id))

    def open_under(self, version: PolicyVersionKey) -> tuple[Case, ...]:
        return tuple(one for one in self.open() if one.version == version)

    def counts(self, *, visible_to: PersonKey | None = None) -> dict[CaseState, int]:
        """How many open cases are in each state: all, or those of the spaces a person is in."""
        found = (
            select(retention_case.c.state, func.count())
            .where(retention_case.c.closed_at.is_(None))
            .group_by(retention_case.c.state)
        )
        if visible_to is not None:
            theirs = select(membership.c.space_id).where(membership.c.person_id == visible_to)
            found = found.where(retention_case.c.space_id.in_(theirs))
        return {CaseState(row[0]): row[1] for row in self._connection.execute(found)}

    def candidates(
        self, version: PolicyVersionKey, counting: Counting, *, until: datetime,
        not_empty: bool = False,
    ) -> tuple[Candidate, ...]:  # fmt: skip
        """Spaces that `version` dates not later than `until`, and that have no open case; only
        those in which somebody wrote since they were emptied, where they have to be `not_empty`.
        """
        taken = select(retention_case.c.space_id).where(retention_case.c.closed_at.is_(None))
        rows = self._connection.execute(
            select(
                decision.c.space_id,
                decision.c.due,
                counted(counting).label("basis"),
                space.c.last_human,
            )
            .join(space, space.c.id == decision.c.space_id)
            .where(
                decision.c.version_id == version,
                decision.c.ruling == RULINGS.index(Ruling.DATED),
                decision.c.due <= until,
                decision.c.space_id.not_in(taken),
                *([decision.c.space_id.not_in(_empty())] if not_empty else []),
            )
            .order_by(decision.c.due, decision.c.space_id)
        )
        return tuple(
            Candidate(
                space=SpaceKey(row.space_id), due=row.due, basis_at=row.basis,
                last_human=row.last_human,
            )
            for row in rows
        )  # fmt: skip

    def judged(self, *states: CaseState) -> tuple[Judged, ...]:
        """Open cases in these states with the last decision on each, the soonest due first."""
        found = (
            select(
                retention_case, decision.c.ruling, decision.c.version_id.label("now_version"),
                decision.c.due.label("now_due"), space.c.last_human,
            )
            .join(space, space.c.id == retention_case.c.space_id)
            .join(decision, decision.c.space_id == retention_case.c.space_id, isouter=True)
            .where(
                retention_case.c.closed_at.is_(None),
                retention_case.c.state.in_([str(one) for one in states]),
            )
            .order_by(retention_case.c.due, retention_case.c.id)
        )  # fmt: skip
        return tuple(
            Judged(
                case=_case(row), ruling=None if row.ruling is None else RULINGS[row.ruling],
                version=row.now_version, due=row.now_due, last_human=row.last_human,
            )
            for row in self._connection.execute(found)
        )  # fmt: skip

    def decided(self, space_key: SpaceKey) -> tuple[Ruling, PolicyVersionKey | None] | None:
        """What the last decision says of a space."""
        row = self._connection.execute(
            select(decision.c.ruling, decision.c.version_id).where(decision.c.space_id == space_key)
        ).first()
        return (RULINGS[row[0]], row[1]) if row else None

    # -- changes ----------------------------------------------------------------------------

    def begin(
        self, space_key: SpaceKey, *, version: PolicyVersionKey, due: datetime,
        basis_at: datetime | None, state: CaseState, why: str,
    ) -> Case:  # fmt: skip
        """Opens the space's next cycle. Raises IntegrityError when one is open."""
        last = select(func.max(retention_case.c.cycle)).where(
            retention_case.c.space_id == space_key
        )
        cycle = (self._connection.execute(last).scalar() or 0) + 1
        key = self._connection.execute(
            retention_case.insert()
            .values(
                space_id=space_key, cycle=cycle, state=str(state), version_id=version, due=due,
                basis_at=basis_at, opened_at=self._now, state_at=self._now, why=why,
            )
            .returning(retention_case.c.id)
        ).scalar_one()  # fmt: skip
        return self.get(CaseKey(key))

    def move(self, case: Case, to: CaseState, *, why: str, due: datetime | None = None) -> bool:
        """From the state that `case` was read in. False when it is not in it any more.
        `due` is the date of what comes next; an earlier one than was promised is not taken."""
        values: dict[str, Any] = {"state": str(to), "state_at": self._now, "why": why}
        if due is not None:
            values["due"] = due if case.due is None else max(due, case.due)
        if to in _ENDS:
            values["closed_at"] = self._now
        if to is CaseState.BLOCKED:
            values["blocked_at"] = self._now
        return self._guarded(case, **values)

    def noticed(self, case: Case, *, number: int, due: datetime, at: datetime, why: str) -> bool:
        """A notice was delivered: the count, the dates and the state, in one guarded move."""
        later = due if case.due is None else max(due, case.due)
        return self._guarded(
            case, state=str(CaseState.WARNED), state_at=self._now, why=why, notices=number,
            due=later, first_notice_at=case.first_notice_at or at, last_notice_at=at,
        )  # fmt: skip

    def extend(self, span: timedelta, *states: CaseState) -> int:
        """Everybody in these states gets `span` more time. Says how many."""
        ms = round(span.total_seconds() * 1000)
        due = type_coerce(retention_case.c.due, BigInteger)
        changed = self._connection.execute(
            update(retention_case)
            .where(
                retention_case.c.closed_at.is_(None),
                retention_case.c.state.in_([str(one) for one in states]),
                retention_case.c.due.is_not(None),
            )
            .values(due=type_coerce(due + ms, Moment))
        )
        return changed.rowcount

    def repeat_last_notice(self) -> None:
        """Whoever was warned is warned again as the last time, when its moment comes."""
        self._connection.execute(
            update(retention_case)
            .where(
                retention_case.c.closed_at.is_(None),
                retention_case.c.state == str(CaseState.WARNED),
                retention_case.c.notices > 0,
            )
            .values(notices=retention_case.c.notices - 1)
        )

    def answer(self, case: CaseKey, person: PersonKey, choice: str, detail: str = "") -> None:
        self._connection.execute(
            answer.insert().values(
                case_id=case, person_id=person, choice=choice, detail=detail, at=self._now
            )
        )

    def first_answers(self, cases: Iterable[CaseKey]) -> dict[CaseKey, Answer]:
        """The answer that decided each of several cases."""
        found: dict[CaseKey, Answer] = {}
        for piece in pieces(cases):
            rows = self._connection.execute(
                select(answer).where(answer.c.case_id.in_(piece)).order_by(answer.c.id)
            )
            for row in rows:
                made = Answer(
                    case=row.case_id, person=row.person_id, choice=row.choice, detail=row.detail,
                    at=row.at,
                )  # fmt: skip
                found.setdefault(CaseKey(row.case_id), made)
        return found

    def answers(self, case: CaseKey) -> tuple[Answer, ...]:
        """In the order in which they came; the first decided."""
        rows = self._connection.execute(
            select(answer).where(answer.c.case_id == case).order_by(answer.c.id)
        )
        return tuple(
            Answer(case=case, person=row.person_id, choice=row.choice, detail=row.detail, at=row.at)
            for row in rows
        )

    def _guarded(self, case: Case, **values: Any) -> bool:
        changed = self._connection.execute(
            update(retention_case)
            .where(
                retention_case.c.id == case.key,
                retention_case.c.state == str(case.state),
                retention_case.c.cycle == case.cycle,
                retention_case.c.notices == case.notices,
                retention_case.c.closed_at.is_(None),
            )
            .values(**values)
        )
        return changed.rowcount == 1

    def _find(self, found: Select[Any]) -> tuple[Case, ...]:
        return tuple(_case(row) for row in self._connection.execute(found))


def _empty() -> Select[Any]:
    """Direct conversations whose every message was purged, with no sign of life since: there is
    nothing more of them to delete."""
    return (
        select(purged.c.space_id)
        .join(space, space.c.id == purged.c.space_id)
        .where(space.c.type == int(SpaceType.DIRECT))
        .where(purged.c.until >= func.coalesce(space.c.last_used, space.c.created))
    )


def _select() -> Select[Any]:
    return select(retention_case)


def _case(row: Any) -> Case:
    return Case(
        key=CaseKey(row.id), space=SpaceKey(row.space_id), cycle=row.cycle,
        state=CaseState(row.state), version=row.version_id, due=row.due, basis_at=row.basis_at,
        opened_at=row.opened_at, state_at=row.state_at, notices=row.notices,
        first_notice_at=row.first_notice_at, last_notice_at=row.last_notice_at,
        blocked_at=row.blocked_at, closed_at=row.closed_at, why=row.why,
    )  # fmt: skip
