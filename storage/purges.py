"""How far each space was purged of old messages, and how many a day lost.

A mark only ever moves forward: what lies before it is not looked at again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, case, func, or_, select

from domain.ids import CaseKey, SpaceKey
from domain.intents import Outcome
from storage.schema import intent, purged
from storage.sql import insert

KIND = "purge room"
DAY = timedelta(hours=24)
NOT_AT_ALL = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING = (Outcome.NOT_DONE, Outcome.REFUSED, Outcome.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`messages` and `files` are what was purged by policies in all."""

    until: datetime
    at: datetime
    messages: int
    files: int


class Purges:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def mark_of(self, space: SpaceKey) -> Mark | None:
        row = self._connection.execute(select(purged).where(purged.c.space_id == space)).first()
        if row is None:
            return None
        return Mark(until=row.until, at=row.at, messages=row.messages, files=row.files)

    def looked_at(self, spaces: Sequence[SpaceKey]) -> Mapping[SpaceKey, datetime]:
        """When each was looked through last; without those that never were."""
        rows = self._connection.execute(select(purged.c.space_id, purged.c.at))
        wanted = set(spaces)
        return {SpaceKey(row[0]): row[1] for row in rows if row[0] in wanted}

    def came(
        self, space: SpaceKey, until: datetime, *, messages: int = 0, files: int = 0
    ) -> None:  # fmt: skip
        """Nothing from before `until` is left to purge, and so many went."""
        values = {
            "space_id": space, "until": until, "at": self._now, "messages": messages,
            "files": files,
        }  # fmt: skip
        made = insert(self._connection, purged).values(**values)
        self._connection.execute(
            made.on_conflict_do_update(
                index_elements=["space_id"],
                set_={
                    "until": case(
                        (purged.c.until < made.excluded.until, made.excluded.until),
                        else_=purged.c.until,
                    ),
                    "at": made.excluded.at,
                    "messages": purged.c.messages + made.excluded.messages,
                    "files": purged.c.files + made.excluded.files,
                },
            )
        )

    def certified(self, space: SpaceKey) -> int:
        """The last intent that a certificate speaks of; 0: none yet."""
        found = select(purged.c.certified_id).where(purged.c.space_id == space)
        return self._connection.execute(found).scalar() or 0

    def certify(self, space: SpaceKey, intent_id: int) -> None:
        values = {
            "space_id": space, "until": NOT_AT_ALL, "at": self._now, "messages": 0, "files": 0,
            "certified_id": intent_id,
        }  # fmt: skip
        made = insert(self._connection, purged).values(**values)
        self._connection.execute(
            made.on_conflict_do_update(
                index_elements=["space_id"], set_={"certified_id": made.excluded.certified_id}
            )
        )

    def uncertified(self) -> tuple[CaseKey, ...]:
        """Cases of which messages went, or may have gone, that no certificate speaks of."""
        rows = self._connection.execute(
            select(intent.c.case_id)
            .distinct()
            .select_from(intent.outerjoin(purged, purged.c.space_id == intent.c.space_id))
            .where(
                intent.c.kind == KIND, intent.c.case_id.is_not(None),
                intent.c.outcome.in_((Outcome.DONE, Outcome.UNKNOWN)),
                intent.c.id > func.coalesce(purged.c.certified_id, 0),
            )
        )  # fmt: skip
        return tuple(CaseKey(row[0]) for row in rows)

    def messages_today(self) -> int:
        """How many messages policies purged in the last day, or are about to; what was begun before
        counts, too, while it may go on or when it ended in that day."""
        rows = self._connection.execute(
            select(intent.c.payload, intent.c.evidence, intent.c.outcome).where(
                intent.c.kind == KIND,
                intent.c.version_id.is_not(None),
                or_(
                    intent.c.made_at >= self._now - DAY,
                    intent.c.settled_at >= self._now - DAY,
                    intent.c.outcome == Outcome.OPEN,
                ),
                intent.c.outcome.not_in(_NOTHING),
            )
        )
        return sum(_count(row.payload, row.evidence, row.outcome) for row in rows)


def _count(payload: str, evidence: str, outcome: str) -> int:
    planned = int(json.loads(payload).get("most") or 0)
    if outcome != Outcome.DONE:
        return planned
    return int(json.loads(evidence).get("deleted") or 0)
