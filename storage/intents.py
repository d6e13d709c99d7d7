"""Intents: what was planned, under a step key that never comes twice, and what came of it.

Decides only how they are kept. Whether one may be made (caps, pause, evidence) is decided in
`spaces.effects`, inside the same transaction, by the counts given here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Text, case, cast, func, select, update

from domain.audit import Word
from domain.ids import CaseKey, PersonKey, PolicyVersionKey, SpaceKey, StepKey
from domain.intents import OF_PEOPLE, Intent, Outcome, Plan
from domain.people import Actor
from storage.schema import intent, policy_version
from storage.sql import insert

CLAIMED_FOR = timedelta(days=3)
"""Longer than an open intent may wait to be gone on with."""


_NOTHING = (Outcome.NOT_DONE, Outcome.REFUSED, Outcome.CANCELLED)
_IN_PARTS = ("purge room",)
_ONE = case(
    (
        intent.c.kind.in_(_IN_PARTS) & intent.c.run.is_not(None),
        "s" + cast(intent.c.space_id, Text) + "/" + intent.c.run,
    ),
    else_="i" + cast(intent.c.id, Text),
)
"""What counts once: an intent, or all parts of one purge in a run."""


class Intents:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, plan: Plan) -> Intent | None:
        """Writes the plan down. None when its step has an intent already: see `of_step`."""
        made = self._connection.execute(
            insert(self._connection, intent)
            .values(
                step=plan.step, kind=plan.kind, word=str(plan.word), outcome=str(Outcome.OPEN),
                actor=plan.actor.name, actor_id=plan.actor.person, space_id=plan.space,
                person_id=plan.person, case_id=plan.case, version_id=plan.policy_version,
                run=plan.run, is_destructive=plan.is_destructive,
                payload=json.dumps(dict(plan.payload), sort_keys=True), made_at=self._now,
            )
            .on_conflict_do_nothing(index_elements=["step"])
            .returning(intent.c.id)
        ).scalar()  # fmt: skip
        if made is None:
            return None
        return Intent(id=made, plan=plan, outcome=Outcome.OPEN, made_at=self._now)

    def of_step(self, step: StepKey) -> Intent | None:
        row = self._connection.execute(select(intent).where(intent.c.step == step)).first()
        return _intent(row) if row else None

    def markers(self, markers: Iterable[str]) -> frozenset[str]:
        """Which of these are of cards that are or were to be sent, whatever came of it."""
        return frozenset(
            one
            for one in markers
            if self._connection.execute(
                select(intent.c.id).where(intent.c.payload.contains(f'"{one}"')).limit(1)
            ).first()
        )

    def by_id(self, id: int) -> Intent:
        """Raises LookupError when there is none."""
        row = self._connection.execute(select(intent).where(intent.c.id == id)).first()
        if row is None:
            raise LookupError(f"no intent {id}")
        return _intent(row)

    def open(self, *, older_than: datetime | None = None) -> tuple[Intent, ...]:
        """What was planned and not settled, oldest first; unknown outcomes too."""
        found = select(intent).where(intent.c.outcome.in_([Outcome.OPEN, Outcome.UNKNOWN]))
        if older_than is not None:
            found = found.where(intent.c.made_at < older_than)
        return tuple(_intent(row) for row in self._connection.execute(found.order_by(intent.c.id)))

    def open_for_space(self, space: SpaceKey) -> tuple[Intent, ...]:
        """Destructive intents in flight on a space, for whoever places a hold (I11): what may
        be happening now, or may have happened unseen."""
        found = select(intent).where(
            intent.c.space_id == space, intent.c.is_destructive,
            intent.c.outcome.in_([Outcome.OPEN, Outcome.UNKNOWN]),
        )  # fmt: skip
        return tuple(_intent(row) for row in self._connection.execute(found))

    def of_case(self, case: CaseKey) -> tuple[Intent, ...]:
        """What was planned for a case, oldest first."""
        found = select(intent).where(intent.c.case_id == case).order_by(intent.c.id)
        return tuple(_intent(row) for row in self._connection.execute(found))

    def is_begun(self, step: str) -> bool:
        """Whether anything was planned under a step, such as the step of one message."""
        found = select(intent.c.id).where(intent.c.step.startswith(step, autoescape=True))
        return self._connection.execute(found.limit(1)).first() is not None

    def tried(self, id: int) -> None:
        self._connection.execute(
            update(intent).where(intent.c.id == id).values(attempts=intent.c.attempts + 1)
        )

    def not_tried(self, id: int) -> None:
        """Takes an attempt back: what was asked for was not even looked at."""
        self._connection.execute(
            update(intent)
            .where(intent.c.id == id, intent.c.attempts > 0)
            .values(attempts=intent.c.attempts - 1)
        )

    def note(self, id: int, evidence: Mapping[str, object]) -> None:
        """Keeps what Webex answered on an intent that could not be read back yet."""
        self._connection.execute(
            update(intent)
            .where(intent.c.id == id, intent.c.outcome == Outcome.OPEN)
            .values(evidence=json.dumps(dict(evidence), sort_keys=True, default=str))
        )

    def settle(self, id: int, outcome: Outcome, evidence: Mapping[str, object]) -> bool:
        """Writes the outcome, once: False when somebody else settled it first."""
        changed = self._connection.execute(
            update(intent)
            .where(intent.c.id == id, intent.c.outcome.in_([Outcome.OPEN, Outcome.UNKNOWN]))
            .values(
                outcome=str(outcome), settled_at=self._now,
                evidence=json.dumps(dict(evidence), sort_keys=True, default=str),
            )
        )  # fmt: skip
        return changed.rowcount == 1

    def forget(self, id: int, names: Iterable[str]) -> None:
        """Takes out of the payload what nobody needs any more."""
        text = self._connection.scalar(select(intent.c.payload).where(intent.c.id == id))
        kept = {k: v for k, v in json.loads(text or "{}").items() if k not in set(names)}
        self._connection.execute(
            update(intent).where(intent.c.id == id).values(payload=json.dumps(kept, sort_keys=True))
        )

    def destructive_since(
        self, since: datetime | None, *, policy_of: PolicyVersionKey | None = None,
        run: str | None = None,
    ) -> int:  # fmt: skip
        """How many were planned since (or ever), whatever came of them except a certain nothing.
        What destroys no space is not counted: it has a cap of its own.

        `policy_of`: only by the policy that this version is of, by whichever version of it.
        """
        found = (
            select(func.count(_ONE.distinct()))
            .select_from(intent)
            .where(
                intent.c.is_destructive,
                intent.c.outcome.not_in(_NOTHING),
                intent.c.kind.not_in(sorted(OF_PEOPLE)),
            )
        )
        if since is not None:
            found = found.where(intent.c.made_at >= since)
        if policy_of is not None:
            its = policy_version.alias()
            versions = (
                select(policy_version.c.id)
                .join(its, its.c.policy_id == policy_version.c.policy_id)
                .where(its.c.id == policy_of)
            )
            found = found.where(intent.c.version_id.in_(versions))
        if run is not None:
            found = found.where(intent.c.run == run)
        return self._connection.execute(found).scalar_one()

    def counts_already(self, plan: Plan) -> bool:
        """Whether an earlier part of the same purge counts for it: of the same space, run and
        policy."""
        if plan.kind not in _IN_PARTS or plan.run is None or plan.space is None:
            return False
        found = select(intent.c.id).where(
            intent.c.kind == plan.kind, intent.c.run == plan.run, intent.c.space_id == plan.space,
            intent.c.version_id == plan.policy_version, intent.c.is_destructive,
            intent.c.outcome.not_in(_NOTHING),
        )  # fmt: skip
        return self._connection.execute(found.limit(1)).first() is not None

    def claimed_results(self, kind: str, name: str) -> frozenset[str]:
        """Values that settled intents of a kind have in their evidence under `name`, such as
        the rooms that earlier creations turned out to be."""
        found = select(intent.c.evidence).where(
            intent.c.kind == kind,
            intent.c.outcome == Outcome.DONE,
            intent.c.settled_at >= self._now - CLAIMED_FOR,
        )
        values = (json.loads(text).get(name) for text in self._connection.scalars(found))
        return frozenset(value for value in values if isinstance(value, str))


def _intent(row: Any) -> Intent:
    return Intent(
        id=row.id,
        plan=Plan(
            kind=row.kind, step=StepKey(row.step), word=Word(row.word),
            actor=Actor(name=row.actor, person=_key(PersonKey, row.actor_id)),
            payload=json.loads(row.payload), space=_key(SpaceKey, row.space_id),
            person=_key(PersonKey, row.person_id), case=_key(CaseKey, row.case_id),
            policy_version=_key(PolicyVersionKey, row.version_id), run=row.run,
            is_destructive=row.is_destructive,
        ),
        outcome=Outcome(row.outcome), made_at=row.made_at, settled_at=row.settled_at,
        evidence=json.loads(row.evidence), attempts=row.attempts,
    )  # fmt: skip


def _key(kind: Any, value: int | None) -> Any:
    return None if value is None else kind(value)
