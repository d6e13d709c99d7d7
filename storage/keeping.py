"""What people set by hand around a space besides holds: the history of its keeps, what may go
sooner by two people's word, and what compliance attests of Control Hub."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from domain.cases import Attestation, KeepSet, Sooner
from domain.ids import PersonKey, PolicyVersionKey, SpaceKey
from domain.policies import Ruling
from storage.schema import attestation, decision, keep_set, sooner


class Keeping:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- keeps ------------------------------------------------------------------------------

    def note_keep(
        self, space: SpaceKey, *, until: datetime | None, by: PersonKey | None,
        by_compliance: bool, reason: str = "", is_clear: bool = False, is_renewal: bool = False,
    ) -> None:  # fmt: skip
        self._connection.execute(
            keep_set.insert().values(
                space_id=space, until=until, by_id=by, by_compliance=by_compliance, at=self._now,
                reason=reason, is_clear=is_clear, is_renewal=is_renewal,
            )
        )  # fmt: skip

    def keeps(self, space: SpaceKey, *, most: int = 20) -> tuple[KeepSet, ...]:
        """The newest first."""
        found = select(keep_set).where(keep_set.c.space_id == space)
        return tuple(
            KeepSet(
                space=space, until=row.until, is_clear=row.is_clear, is_renewal=row.is_renewal,
                by=row.by_id, by_compliance=row.by_compliance, at=row.at, reason=row.reason,
            )
            for row in self._connection.execute(
                found.order_by(keep_set.c.id.desc()).limit(most)
            )
        )  # fmt: skip

    def renewals(self, space: SpaceKey) -> int:
        """How often others than compliance have renewed, since compliance had its word."""
        last = select(func.coalesce(func.max(keep_set.c.id), 0)).where(
            keep_set.c.space_id == space, keep_set.c.by_compliance
        )
        found = select(func.count()).where(
            keep_set.c.space_id == space, keep_set.c.is_renewal,
            keep_set.c.id > last.scalar_subquery(),
        )  # fmt: skip
        return int(self._connection.execute(found).scalar_one())

    # -- sooner -----------------------------------------------------------------------------

    def sooner_of(self, space: SpaceKey) -> Sooner | None:
        """What waits or holds of a space."""
        row = self._connection.execute(
            select(sooner).where(sooner.c.space_id == space, sooner.c.ended_at.is_(None))
        ).first()
        return _sooner(row) if row else None

    def sooner(self, key: int) -> Sooner | None:
        row = self._connection.execute(select(sooner).where(sooner.c.id == key)).first()
        return _sooner(row) if row else None

    def waiting_sooner(self) -> tuple[Sooner, ...]:
        """Those that wait for a second person, the oldest first."""
        found = select(sooner).where(sooner.c.agreed_at.is_(None), sooner.c.ended_at.is_(None))
        return tuple(_sooner(row) for row in self._connection.execute(found.order_by(sooner.c.id)))

    def ask_sooner(
        self, space: SpaceKey, *, after: datetime, version: PolicyVersionKey, by: PersonKey,
        by_compliance: bool, reason: str,
    ) -> Sooner:  # fmt: skip
        made = self._connection.execute(
            sooner.insert()
            .values(
                space_id=space, after=after, version_id=version, asked_by_id=by,
                by_compliance=by_compliance, asked_at=self._now, reason=reason,
            )
            .returning(sooner)
        ).one()  # fmt: skip
        return _sooner(made)

    def agree_sooner(self, key: int, *, by: PersonKey, effective_at: datetime) -> bool:
        """False when it does not wait any more."""
        changed = self._connection.execute(
            update(sooner)
            .where(sooner.c.id == key, sooner.c.agreed_at.is_(None), sooner.c.ended_at.is_(None))
            .values(agreed_by_id=by, agreed_at=self._now, effective_at=effective_at)
        )
        return changed.rowcount == 1

    def end_sooner(self, space: SpaceKey, *, by: PersonKey | None, why: str) -> bool:
        """False when there is none."""
        changed = self._connection.execute(
            update(sooner)
            .where(sooner.c.space_id == space, sooner.c.ended_at.is_(None))
            .values(ended_at=self._now, ended_by_id=by, why=why)
        )
        return changed.rowcount == 1

    def sooner_by(self, version: PolicyVersionKey) -> tuple[Sooner, ...]:
        """All that waits or holds beside a version of a policy."""
        found = select(sooner).where(sooner.c.version_id == version, sooner.c.ended_at.is_(None))
        return tuple(_sooner(row) for row in self._connection.execute(found.order_by(sooner.c.id)))

    def outdated_sooner(self) -> tuple[Sooner, ...]:
        """Those of spaces that something else than their version decides, as was last written
        down: another policy, or none. What is held or not known may still come back."""
        sure = (Ruling.DATED, Ruling.KEEP, Ruling.NO_POLICY)
        decided = [place for place, one in enumerate(Ruling) if one in sure]
        found = (
            select(sooner)
            .join(decision, decision.c.space_id == sooner.c.space_id)
            .where(
                sooner.c.ended_at.is_(None), decision.c.ruling.in_(decided),
                func.coalesce(decision.c.version_id, 0) != sooner.c.version_id,
            )
        )  # fmt: skip
        return tuple(_sooner(row) for row in self._connection.execute(found.order_by(sooner.c.id)))

    # -- Control Hub ------------------------------------------------------------------------

    def attest(
        self, by: PersonKey, *, looked_at: datetime, valid_until: datetime, matters: str
    ) -> Attestation:
        row = self._connection.execute(
            attestation.insert()
            .values(
                by_id=by, at=self._now, looked_at=looked_at, valid_until=valid_until,
                matters=matters,
            )
            .returning(attestation)
        ).one()  # fmt: skip
        return _attested(row)

    def last_attestation(self) -> Attestation | None:
        """The one that is valid longest, over or not."""
        row = self._connection.execute(
            select(attestation).order_by(
                attestation.c.valid_until.desc(), attestation.c.id.desc()
            ).limit(1)
        ).first()  # fmt: skip
        return _attested(row) if row else None


def _sooner(row: Any) -> Sooner:
    return Sooner(
        key=row.id, space=SpaceKey(row.space_id), after=row.after,
        version=PolicyVersionKey(row.version_id), reason=row.reason,
        asked_by=PersonKey(row.asked_by_id), by_compliance=row.by_compliance,
        asked_at=row.asked_at, agreed_by=row.agreed_by_id, agreed_at=row.agreed_at,
        effective_at=row.effective_at, ended_at=row.ended_at, why=row.why,
    )  # fmt: skip


def _attested(row: Any) -> Attestation:
    return Attestation(
        key=row.id, by=PersonKey(row.by_id), at=row.at, looked_at=row.looked_at,
        valid_until=row.valid_until, matters=row.matters,
    )  # fmt: skip
