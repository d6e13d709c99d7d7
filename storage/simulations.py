"""Simulations and approvals: exactly whom a version hit, and who agreed to exactly that.

The hash is over the sorted Webex ids, so that the same list gives the same hash whatever our
own keys are; an approval carries it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, desc, select, update

from domain.ids import PersonKey, PolicyVersionKey, SpaceKey
from storage.schema import approval, simulation, simulation_target, space_name
from storage.sql import pieces

Due = tuple[SpaceKey, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    id: int
    version: PolicyVersionKey
    by: PersonKey | None
    made_at: datetime
    generation: int
    targets: int
    unknown: int
    targets_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    version: PolicyVersionKey
    simulation: int
    targets_hash: str
    by: PersonKey
    at: datetime
    effective_at: datetime
    expires_at: datetime


def hash_of(ids: Iterable[str]) -> str:
    """SHA-256 over the sorted ids, one a line."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()


class Simulations:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(
        self, version: PolicyVersionKey, targets: Iterable[Due], *, by: PersonKey | None,
        generation: int, unknown: int, losses: Mapping[str, Iterable[SpaceKey]] | None = None,
    ) -> Simulation:  # fmt: skip
        """Args: losses: spaces that lose protection by it, whoever decides them, by how."""
        hit = list(targets)
        key = self._connection.execute(
            simulation.insert()
            .values(
                version_id=version, by_id=by, made_at=self._now, generation=generation,
                target_count=len(hit), unknown_count=unknown,
                targets_hash=self.hash_over((space for space, _ in hit), losses or {}),
            )
            .returning(simulation.c.id)
        ).scalar_one()  # fmt: skip
        rows = [{"simulation_id": key, "space_id": space, "due": due} for space, due in hit]
        if rows:
            self._connection.execute(simulation_target.insert(), rows)
        return self.get(key)

    def get(self, id: int) -> Simulation:
        """Raises LookupError when there is none."""
        row = self._connection.execute(select(simulation).where(simulation.c.id == id)).first()
        if row is None:
            raise LookupError(f"no simulation {id}")
        return Simulation(
            id=row.id, version=row.version_id, by=row.by_id, made_at=row.made_at,
            generation=row.generation, targets=row.target_count, unknown=row.unknown_count,
            targets_hash=row.targets_hash,
        )  # fmt: skip

    def shown_to(
        self, person: PersonKey, version: PolicyVersionKey, *, last: int = 50
    ) -> tuple[Simulation, ...]:
        """What a person saw of a version, the latest first."""
        keys = self._connection.scalars(
            select(simulation.c.id)
            .where(simulation.c.version_id == version, simulation.c.by_id == person)
            .order_by(desc(simulation.c.id))
            .limit(last)
        ).all()
        return tuple(self.get(key) for key in keys)

    def targets(self, id: int, *, limit: int | None = None) -> tuple[Due, ...]:
        """Whom it hit, soonest first."""
        found = (
            select(simulation_target.c.space_id, simulation_target.c.due)
            .where(simulation_target.c.simulation_id == id)
            .order_by(simulation_target.c.due, simulation_target.c.space_id)
        )
        if limit is not None:
            found = found.limit(limit)
        return tuple((SpaceKey(row[0]), row[1]) for row in self._connection.execute(found))

    def hash_over(
        self, spaces: Iterable[SpaceKey], losses: Mapping[str, Iterable[SpaceKey]]
    ) -> str:
        """Of the list that is agreed to: whom a version hits, and who loses protection, and how."""
        lost = (f"{how} {one}" for how, keys in losses.items() for one in self._ids(keys))
        return hash_of([*self._ids(spaces), *lost])

    def _ids(self, spaces: Iterable[SpaceKey]) -> list[str]:
        keys = list(spaces)
        ids: list[str] = []
        for piece in pieces(keys):
            ids += self._connection.scalars(
                select(space_name.c.webex_id).where(space_name.c.space_id.in_(piece))
            )
        if len(ids) != len(keys):
            raise LookupError("a target without an id can't be part of a list to agree to")
        return ids

    def approve(
        self, made: Simulation, *, by: PersonKey, effective_at: datetime, expires_at: datetime
    ) -> Approval:
        self._connection.execute(
            approval.insert().values(
                version_id=made.version, simulation_id=made.id, targets_hash=made.targets_hash,
                by_id=by, at=self._now, effective_at=effective_at, expires_at=expires_at,
            )
        )  # fmt: skip
        return Approval(
            version=made.version, simulation=made.id, targets_hash=made.targets_hash, by=by,
            at=self._now, effective_at=effective_at, expires_at=expires_at,
        )  # fmt: skip

    def approval_of(self, version: PolicyVersionKey) -> Approval | None:
        """The latest approval of a version, expired or not."""
        row = self._connection.execute(
            select(approval)
            .where(approval.c.version_id == version)
            .order_by(desc(approval.c.id))
            .limit(1)
        ).first()
        if row is None:
            return None
        return Approval(
            version=row.version_id, simulation=row.simulation_id, targets_hash=row.targets_hash,
            by=row.by_id, at=row.at, effective_at=row.effective_at, expires_at=row.expires_at,
        )  # fmt: skip

    def withdraw(self, version: PolicyVersionKey) -> bool:
        """Ends approvals that have not put anything in force yet. False when there was none."""
        ended = self._connection.execute(
            update(approval)
            .where(
                approval.c.version_id == version,
                approval.c.used_at.is_(None),
                approval.c.expires_at > self._now,
            )
            .values(expires_at=self._now)
        )
        return ended.rowcount > 0
