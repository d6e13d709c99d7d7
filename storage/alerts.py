"""Alerts: one row for a kind and its subject, whatever comes and goes of it.

Decides when something is news: a first time, again after it was closed, or more things of it
than were known. What is no news changes the row and tells nobody. A move of its state is one
UPDATE guarded by where it came from, so that of two officers one is first.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, desc, func, select, update

from domain.alerts import (
    Alert,
    AlertKey,
    AlertKind,
    AlertMoment,
    AlertState,
    AlertWord,
    Item,
    Mend,
    Raised,
)
from domain.ids import PersonKey
from storage.schema import alert, alert_item, alert_moment, alert_told
from storage.sql import insert, pieces, upsert, within

_A, _I = alert, alert_item
QUIET = timedelta(hours=1)
"""Of what keeps growing, the history says so once in this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a raise came to. `word` None: it was known."""

    key: AlertKey
    word: AlertWord | None


class Alerts:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- questions --------------------------------------------------------------------------

    def get(self, key: AlertKey) -> Alert | None:
        return self._one(select(_A).where(_A.c.id == key))

    def of(self, kind: AlertKind, subject: str = "") -> Alert | None:
        return self._one(select(_A).where(_A.c.kind == str(kind), _A.c.subject == subject))

    def listed(
        self, states: Collection[AlertState], *, kinds: Collection[AlertKind] | None = None,
        assigned: PersonKey | None = None, before: datetime | None = None, limit: int = 100,
        offset: int = 0,
    ) -> tuple[Alert, ...]:  # fmt: skip
        """Those in one of `states`, what was opened last first."""
        found = select(_A).where(*self._which(states, kinds, assigned, before))
        found = found.order_by(desc(_A.c.opened_at), desc(_A.c.id))
        return self._find(found.limit(limit).offset(offset))

    def count(
        self, states: Collection[AlertState], *, kinds: Collection[AlertKind] | None = None,
        assigned: PersonKey | None = None, since: datetime | None = None,
        before: datetime | None = None,
    ) -> int:  # fmt: skip
        """How many; of those that were opened `since` and `before` then."""
        where = self._which(states, kinds, assigned, before)
        if since is not None:
            where.append(_A.c.opened_at >= since)
        found = select(func.count()).select_from(_A).where(*where)
        return self._connection.execute(found).scalar() or 0

    def _which(
        self, states: Collection[AlertState], kinds: Collection[AlertKind] | None,
        assigned: PersonKey | None, before: datetime | None,
    ) -> list[ColumnElement[bool]]:  # fmt: skip
        where: list[ColumnElement[bool]] = [_A.c.state.in_([str(one) for one in states])]
        if kinds is not None:
            where.append(_A.c.kind.in_([str(one) for one in kinds]))
        if assigned is not None:
            where.append(_A.c.assigned_id == assigned)
        if before is not None:
            where.append(_A.c.opened_at < before)
        return where

    def counts(self, *, before: datetime | None = None) -> dict[tuple[AlertKind, AlertState], int]:
        found = select(_A.c.kind, _A.c.state, func.count()).group_by(_A.c.kind, _A.c.state)
        if before is not None:
            found = found.where(_A.c.opened_at < before)
        return {
            (AlertKind(row[0]), AlertState(row[1])): row[2]
            for row in self._connection.execute(found)
        }

    def on(self, kinds: Collection[AlertKind]) -> tuple[Alert, ...]:
        """Those of which the cause is there, as far as is known."""
        return self._find(
            select(_A).where(_A.c.is_on, _A.c.kind.in_([str(one) for one in kinds]))
        )  # fmt: skip

    def items(self, key: AlertKey, *, limit: int = 20) -> tuple[Item, ...]:
        """Its things that are there now, the newest first."""
        found = (
            select(_I.c.key, _I.c.said)
            .where(_I.c.alert_id == key, _I.c.gone_at.is_(None))
            .order_by(desc(_I.c.first_at), _I.c.key)
            .limit(limit)
        )
        return tuple(Item(key=row.key, said=row.said) for row in self._connection.execute(found))

    def history(self, key: AlertKey, *, limit: int = 30) -> tuple[AlertMoment, ...]:
        """The newest first."""
        found = select(alert_moment).where(alert_moment.c.alert_id == key)
        rows = self._connection.execute(found.order_by(desc(alert_moment.c.id)).limit(limit))
        return tuple(
            AlertMoment(at=row.at, word=AlertWord(row.word), by=row.by, said=row.said)
            for row in rows
        )

    # -- what comes and goes ----------------------------------------------------------------

    def raise_(self, raised: Raised, *, is_told: bool) -> News:
        """Writes it down, and says whether it is news. `is_told`: somebody is to be told."""
        made = self._connection.execute(
            insert(self._connection, _A)
            .values(
                kind=str(raised.kind), subject=raised.subject, state=str(AlertState.OPEN),
                is_on=True, first_at=self._now, opened_at=self._now, times=1, round=1,
                tell_at=self._now if is_told else None, **self._said(raised),
            )
            .on_conflict_do_nothing(index_elements=["kind", "subject"])
            .returning(_A.c.id)
        ).first()  # fmt: skip
        if made is not None:
            key = AlertKey(made[0])
            self._put_items(key, raised)
            self.note(key, AlertWord.RAISED)
            return News(key=key, word=AlertWord.RAISED)
        row = self._connection.execute(
            select(_A).where(_A.c.kind == str(raised.kind), _A.c.subject == raised.subject)
            .with_for_update()
        ).one()  # fmt: skip
        return News(key=AlertKey(row.id), word=self._again(row, raised, is_told=is_told))

    def _again(self, row: Any, raised: Raised, *, is_told: bool) -> AlertWord | None:
        key = AlertKey(row.id)
        new = self._put_items(key, raised)
        is_repeated = bool(raised.occurrence) and row.occurrence == raised.occurrence
        if raised.lasts:
            happens = not row.is_on or bool(raised.occurrence and not is_repeated)
        else:
            happens = bool(new) if raised.items else not is_repeated
        is_closed = row.state == str(AlertState.CLOSED)
        values: dict[str, Any] = {"is_on": True, "things": self._count(key)}
        if happens or new or raised.lasts:
            values |= self._said(raised) | {"things": self._count(key)}
        if happens:
            values["times"] = _A.c.times + 1
        word: AlertWord | None = None
        if is_closed and (happens or new):
            word = AlertWord.AGAIN
            values |= {
                "state": str(AlertState.OPEN), "opened_at": self._now, "round": _A.c.round + 1,
                "tell_at": self._now if is_told else None, "tries": 0, "told_at": None,
                "assigned_id": None, "by": "", "state_at": None, "reason": "",
            }  # fmt: skip
            self.note(key, word)
        elif not is_closed:
            word = self._more(key, len(new)) if new else None
            if is_told and row.told_at is None and row.tell_at is None:
                values["tell_at"] = self._now
        self._connection.execute(update(_A).where(_A.c.id == key).values(**values))
        return word

    def _more(self, key: AlertKey, number: int) -> AlertWord | None:
        (last,) = self.history(key, limit=1)
        if last.word in (AlertWord.RAISED, AlertWord.MORE) and self._now - last.at < QUIET:
            return None
        self.note(key, AlertWord.MORE, said=f"{number:,} more")
        return AlertWord.MORE

    def _put_items(self, key: AlertKey, raised: Raised) -> list[str]:
        """Gives the keys of those that were not there."""
        if not raised.items:
            return []
        rows = self._connection.execute(
            select(_I.c.key).where(_I.c.alert_id == key, _I.c.gone_at.is_(None))
        )
        known, given = set(rows.scalars()), {one.key: one.said for one in raised.items}
        new = [one for one in given if one not in known]
        for piece in pieces(new):
            upsert(
                self._connection, _I,
                [
                    {"alert_id": key, "key": one, "said": given[one][:500],
                     "first_at": self._now, "gone_at": None}
                    for one in piece
                ],
                on=["alert_id", "key"], change=["said", "first_at", "gone_at"],
            )  # fmt: skip
        if raised.lasts:
            self._end_items(key, known - given.keys())
        if new or raised.lasts:
            self._connection.execute(
                update(_A).where(_A.c.id == key).values(things=self._count(key))
            )
        return new

    def keep_items(self, key: AlertKey, still: Iterable[str]) -> int:
        """Lets go the things that are not among `still`, and says how many there are left."""
        rows = self._connection.execute(
            select(_I.c.key).where(_I.c.alert_id == key, _I.c.gone_at.is_(None))
        )
        self._end_items(key, set(rows.scalars()) - set(still))
        left = self._count(key)
        self._connection.execute(update(_A).where(_A.c.id == key).values(things=left))
        return left

    def _end_items(self, key: AlertKey, gone: Iterable[str]) -> None:
        gone = list(gone)
        if gone:
            self._connection.execute(
                update(_I)
                .where(_I.c.alert_id == key, within(self._connection, _I.c.key, gone))
                .values(gone_at=self._now)
            )

    def _count(self, key: AlertKey) -> int:
        found = select(func.count()).where(_I.c.alert_id == key, _I.c.gone_at.is_(None))
        return self._connection.execute(found).scalar() or 0

    def gone(self, key: AlertKey, why: str) -> bool:
        """Its cause is gone. True when that closed it."""
        self._end_items(key, [one.key for one in self.items(key, limit=1_000_000)])
        closed = self._connection.execute(
            update(_A)
            .where(_A.c.id == key, _A.c.state != str(AlertState.CLOSED))
            .values(
                state=str(AlertState.CLOSED), by="", state_at=self._now, reason=why,
                tell_at=None,
            )
        )  # fmt: skip
        self._connection.execute(update(_A).where(_A.c.id == key).values(is_on=False))
        if closed.rowcount:
            self.note(key, AlertWord.GONE, said=why)
        return bool(closed.rowcount)

    # -- what people do ---------------------------------------------------------------------

    def move(
        self, one: Alert, to: AlertState, *, by: str, reason: str = "",
        assigned: PersonKey | None = None, said: str = "",
    ) -> bool:  # fmt: skip
        """False: somebody was faster, and it is not any more as `one` says."""
        values: dict[str, Any] = {
            "state": str(to), "by": by, "state_at": self._now, "reason": reason,
            "assigned_id": assigned,
        }  # fmt: skip
        if to is AlertState.CLOSED:
            values["tell_at"] = None
            if not one.lasts:
                values["is_on"] = False
        moved = self._connection.execute(
            update(_A)
            .where(
                _A.c.id == one.key, _A.c.state == str(one.state), _A.c.round == one.round,
                _A.c.assigned_id.is_(None) if one.assigned is None
                else _A.c.assigned_id == one.assigned,
            )
            .values(**values)
        )  # fmt: skip
        if moved.rowcount:
            words = {
                AlertState.ACKNOWLEDGED: AlertWord.ACKNOWLEDGED,
                AlertState.ASSIGNED: AlertWord.ASSIGNED, AlertState.CLOSED: AlertWord.CLOSED,
            }  # fmt: skip
            self.note(one.key, words[to], by=by, said=said or reason)
        return moved.rowcount > 0

    def note(self, key: AlertKey, word: AlertWord, *, by: str = "", said: str = "") -> None:
        self._connection.execute(
            alert_moment.insert().values(
                alert_id=key, at=self._now, word=str(word), by=by, said=said[:500]
            )
        )

    def sweep(self, *, before: datetime) -> int:
        """Forgets what was closed before then and has no cause any more; the record keeps it."""
        old = select(_A.c.id).where(
            and_(_A.c.state == str(AlertState.CLOSED), ~_A.c.is_on, _A.c.state_at < before)
        )
        for table in (alert_item, alert_moment, alert_told):
            self._connection.execute(delete(table).where(table.c.alert_id.in_(old)))
        return self._connection.execute(delete(_A).where(_A.c.id.in_(old))).rowcount

    # -- rows -------------------------------------------------------------------------------

    def _said(self, raised: Raised) -> dict[str, Any]:
        return {
            "what": raised.what[:500], "pairs": json.dumps(raised.pairs, ensure_ascii=False),
            "means": raised.means, "to_do": raised.to_do, "space_id": raised.space,
            "asked_by_id": raised.asked_by,
            "mends": json.dumps(
                [[m.title, m.command, dict(m.args), m.typed] for m in raised.mends],
                ensure_ascii=False,
            ),
            "lasts": raised.lasts, "occurrence": raised.occurrence, "last_at": self._now,
        }  # fmt: skip

    def _one(self, found: Select[Any]) -> Alert | None:
        every = self._find(found)
        return every[0] if every else None

    def _find(self, found: Select[Any]) -> tuple[Alert, ...]:
        return tuple(map(alert_of, self._connection.execute(found)))


def alert_of(row: Any) -> Alert:
    pairs: Sequence[Sequence[str]] = json.loads(row.pairs)
    return Alert(
        key=AlertKey(row.id), kind=AlertKind(row.kind), subject=row.subject, what=row.what,
        pairs=tuple((str(one[0]), str(one[1])) for one in pairs), means=row.means,
        to_do=row.to_do,
        mends=tuple(
            Mend(title=one[0], command=one[1], args=one[2], typed=one[3])
            for one in json.loads(row.mends)
        ),
        state=AlertState(row.state), is_on=row.is_on, lasts=row.lasts, first_at=row.first_at,
        last_at=row.last_at, opened_at=row.opened_at, times=row.times, round=row.round,
        things=row.things, tries=row.tries, assigned=row.assigned_id, by=row.by,
        state_at=row.state_at, reason=row.reason, told_at=row.told_at, asked_by=row.asked_by_id,
    )  # fmt: skip
