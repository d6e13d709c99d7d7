"""Policies and their versions: what is written, what holds now, what waits for its day.

A version never changes. Which version of a policy holds is one column, moved only by
`put_in_force`, and only to a version that was approved and whose cooling-off is over; until
then the version before goes on holding.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from domain.calendars import Own
from domain.ids import PersonKey, PolicyKey, PolicyVersionKey, SpaceKey
from domain.policies import (
    Basis,
    Ending,
    PolicyDraft,
    PolicyStanding,
    PolicyState,
    PolicyVersion,
)
from storage.schema import Moment, approval, decision, person, policy, policy_version, simulation

_author = person.alias("author")
_approver = person.alias("approver")


class Policies:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- questions --------------------------------------------------------------------------

    def version(self, key: PolicyVersionKey) -> PolicyVersion:
        """Raises LookupError when there is none."""
        found = self._find(_select().where(policy_version.c.id == key))
        if not found:
            raise LookupError(f"no policy version {key}")
        return found[0]

    def by_name(self, name: str) -> PolicyVersion | None:
        """The newest version of the policy, whether it holds yet or not; case does not matter."""
        wanted = name.casefold()
        return next((one for one in self.all() if one.name.casefold() == wanted), None)

    def all(self) -> tuple[PolicyVersion, ...]:
        """The newest version of each policy, in the order in which they decide."""
        return self._find(_newest())

    def versions(self, key: PolicyKey) -> tuple[PolicyVersion, ...]:
        """All versions of a policy, the newest first."""
        found = _select().where(policy_version.c.policy_id == key)
        return self._find(found.order_by(policy_version.c.number.desc()))

    def holding(self) -> tuple[PolicyVersion, ...]:
        """What decides: the version in force of each policy that is active or paused."""
        return self._find(_holding())

    def simulated(self) -> tuple[PolicyVersion, ...]:
        """Newest versions that are not in force: they plan and show, and touch nothing."""
        return tuple(one for one in self.all() if one.state is PolicyState.SIMULATION)

    def holding_of(self, key: PolicyKey) -> PolicyVersion | None:
        found = self._find(_select().where(policy.c.id == key, _holds()))
        return found[0] if found else None

    def standing(self, key: PolicyKey) -> PolicyStanding:
        """Raises LookupError when there is no such policy."""
        row = self._connection.execute(select(policy).where(policy.c.id == key)).first()
        if row is None:
            raise LookupError(f"no policy {key}")
        return PolicyStanding(
            key=key, name=row.name, state=PolicyState(row.state), state_by=row.state_by_id,
            asked_for=row.asked_for or "", asked_by=row.asked_by_id, asked_at=row.asked_at,
        )  # fmt: skip

    def cap_of(self, key: PolicyVersionKey) -> int | None:
        """None: it may do nothing."""
        return self._connection.execute(
            select(policy_version.c.cap).where(policy_version.c.id == key)
        ).scalar()

    def own_hours(self, key: PolicyVersionKey) -> tuple[str, Own]:
        """A version's policy and its hours. Raises LookupError when there is no such version."""
        row = self._connection.execute(
            select(policy.c.name, policy_version.c.hours, policy_version.c.freeze)
            .join(policy, policy.c.id == policy_version.c.policy_id)
            .where(policy_version.c.id == key)
        ).first()
        if row is None:
            raise LookupError(f"no policy version {key}")
        return row.name, Own(hours=row.hours, freeze=row.freeze)

    def decided_by(self, key: PolicyVersionKey) -> tuple[SpaceKey, ...]:
        """The spaces whose last decision a version made."""
        found = select(decision.c.space_id).where(decision.c.version_id == key)
        return tuple(SpaceKey(one) for one in self._connection.scalars(found))

    def ripe(self) -> tuple[PolicyVersion, ...]:
        """Approved versions that wait for nothing but to be put in force.

        Only the newest version of a policy: a newer one was written because the approved one
        was not right.
        """
        approved = self._connection.scalars(
            select(approval.c.version_id).where(
                approval.c.used_at.is_(None),
                approval.c.effective_at <= self._now,
                approval.c.expires_at > self._now,
            )
        ).all()
        return tuple(one for one in self.simulated() if one.key in set(approved))

    # -- changes ----------------------------------------------------------------------------

    def new(self, name: str, draft: PolicyDraft, *, author: PersonKey | None) -> PolicyVersion:
        """A policy is born in simulation."""
        key = self._connection.execute(
            policy.insert()
            .values(
                name=name, state=str(PolicyState.SIMULATION), priority=draft.priority,
                made_at=self._now,
            )
            .returning(policy.c.id)
        ).scalar_one()  # fmt: skip
        return self.add_version(PolicyKey(key), draft, author=author)

    def add_version(
        self, key: PolicyKey, draft: PolicyDraft, *, author: PersonKey | None
    ) -> PolicyVersion:
        """The next version. What holds goes on holding."""
        last = select(func.max(policy_version.c.number)).where(policy_version.c.policy_id == key)
        number = (self._connection.execute(last).scalar() or 0) + 1
        made = self._connection.execute(
            policy_version.insert()
            .values(
                policy_id=key, number=number, query=draft.query, ending=str(draft.ending),
                period_days=None if draft.period is None else draft.period.days,
                basis=str(draft.basis), basis_of=draft.basis_of, is_floor=draft.is_floor,
                includes_direct=draft.includes_direct, needs_export=draft.needs_export,
                notices=",".join(str(days) for days in draft.notices),
                grace_days=draft.grace.days, cap=draft.cap, author_id=author, made_at=self._now,
                hours=draft.hours, freeze=draft.freeze, profile=draft.profile,
            )
            .returning(policy_version.c.id)
        ).scalar_one()  # fmt: skip
        self._connection.execute(
            update(policy)
            .where(policy.c.id == key, policy.c.state == str(PolicyState.SIMULATION))
            .values(version_id=made)
        )
        return self.version(PolicyVersionKey(made))

    def set_state(
        self, key: PolicyKey, state: PolicyState, *, was: PolicyState, by: PersonKey | None = None
    ) -> bool:
        """False when it was not in the state `was`: somebody else was faster. What was asked
        for before is void."""
        changed = self._connection.execute(
            update(policy)
            .where(policy.c.id == key, policy.c.state == str(was))
            .values(
                state=str(state), state_by_id=by, asked_for=None, asked_by_id=None, asked_at=None
            )
        )
        return changed.rowcount == 1

    def ask(self, key: PolicyKey, what: str, *, by: PersonKey) -> None:
        """Notes that one person asked for a loosening; only the latest stands."""
        self._connection.execute(
            update(policy)
            .where(policy.c.id == key)
            .values(asked_for=what, asked_by_id=by, asked_at=self._now)
        )

    def put_in_force(self, version: PolicyVersion) -> PolicyVersion:
        """Lets a `ripe` version hold. A paused policy gets its version and stays paused. What
        was asked for beside the old one is void."""
        self._connection.execute(
            update(policy)
            .where(policy.c.id == version.policy)
            .values(version_id=version.key, asked_for=None, asked_by_id=None, asked_at=None)
        )
        self._connection.execute(
            update(approval)
            .where(
                approval.c.version_id == version.key,
                approval.c.used_at.is_(None),
                approval.c.expires_at > self._now,
            )
            .values(used_at=self._now)
        )
        self.set_state(version.policy, PolicyState.ACTIVE, was=PolicyState.SIMULATION)
        return self.version(version.key)

    def _find(self, found: Select[Any]) -> tuple[PolicyVersion, ...]:
        rows = self._connection.execute(found, {_AT: self._now})
        return tuple(_version(row) for row in rows)


_AT = "at_"


@cache
def _newest() -> Select[Any]:
    other = policy_version.alias("other")
    last = (
        select(func.max(other.c.number)).where(other.c.policy_id == policy.c.id).scalar_subquery()
    )
    found = _select().where(policy_version.c.number == last)
    return found.order_by(policy.c.priority, policy.c.id)


@cache
def _holding() -> Select[Any]:
    return _select().where(_holds()).order_by(policy.c.priority, policy.c.id)


@cache
def _select() -> Select[Any]:
    """Versions, each with its latest approval that was used or can still be `_AT` a moment."""
    can_be_used = approval.c.expires_at > bindparam(_AT, type_=Moment)
    latest = (
        select(approval.c.version_id, func.max(approval.c.id).label("id"))
        .where(or_(approval.c.used_at.is_not(None), can_be_used))
        .group_by(approval.c.version_id)
        .subquery()
    )
    return (
        select(
            policy_version, policy.c.name, policy.c.priority,
            policy.c.state.label("policy_state"), policy.c.version_id.label("holds"),
            _author.c.email.label("author"), _approver.c.email.label("approved_by"),
            approval.c.effective_at,
            exists()
            .where(simulation.c.version_id == policy_version.c.id)
            .correlate(policy_version)
            .label("is_simulated"),
        )
        .join(policy, policy.c.id == policy_version.c.policy_id)
        .join(_author, _author.c.id == policy_version.c.author_id, isouter=True)
        .join(latest, latest.c.version_id == policy_version.c.id, isouter=True)
        .join(approval, approval.c.id == latest.c.id, isouter=True)
        .join(_approver, _approver.c.id == approval.c.by_id, isouter=True)
    )  # fmt: skip


def _holds() -> ColumnElement[bool]:
    states = [str(PolicyState.ACTIVE), str(PolicyState.PAUSED)]
    return (policy.c.version_id == policy_version.c.id) & policy.c.state.in_(states)


def _state(row: Any) -> PolicyState:
    state = PolicyState(row.policy_state)
    if state is PolicyState.RETIRED or row.holds == row.id:
        return state
    return PolicyState.SIMULATION


def _version(row: Any) -> PolicyVersion:
    return PolicyVersion(
        key=PolicyVersionKey(row.id), policy=PolicyKey(row.policy_id), name=row.name,
        number=row.number, state=_state(row), priority=row.priority, query=row.query,
        ending=Ending(row.ending),
        period=None if row.period_days is None else timedelta(days=row.period_days),
        basis=Basis(row.basis), basis_of=row.basis_of, is_floor=row.is_floor,
        includes_direct=row.includes_direct, needs_export=row.needs_export,
        notices=tuple(int(days) for days in row.notices.split(",") if days),
        grace=timedelta(days=row.grace_days), cap=row.cap, author=row.author or "",
        author_key=row.author_id, made_at=row.made_at, approved_by=row.approved_by or "",
        effective_at=row.effective_at, is_simulated=bool(row.is_simulated),
        hours=row.hours, freeze=row.freeze, profile=row.profile,
    )  # fmt: skip
