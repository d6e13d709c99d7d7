"""The last look before Webex is asked to change something: after every wait, right before the
request leaves. Whatever has come up since the plan was committed stops it here.

Read in one transaction with the note that the attempt begins: that the intent is still open
and ours, that nothing is paused, that the evidence is fresh, and the caller's own check. The
database's order then says for every hold or pause whether it came before the effect or found
it in flight.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.audit import Word
from domain.errors import Paused, Stale
from domain.intents import OF_PEOPLE, Intent, Plan
from spaces.effects import leasing
from spaces.effects.caps import check_hours, refuse_without_caps
from spaces.effects.leasing import Busy
from spaces.effects.spec import Check
from spaces.spec import House
from storage.store import UnitOfWork

SOON = timedelta(seconds=2)
"""Evidence may be this much younger than now: machines do not agree to the millisecond."""


class LastLook:
    """Called by the gateway before each request of one attempt; raises to stop it.

    `begun` counts the requests that went out.
    """

    def __init__(self, house: House, intent: Intent, plan: Plan, check: Check | None) -> None:
        self._house = house
        self._intent = intent.id
        self._plan = plan
        self._check = check
        self.begun = 0
        self.ages: dict[str, object] = {}
        """How old the evidence was when the effect began, for the record."""
        self.is_by_caller = False
        """What stopped it is the caller's own: it goes on to them."""

    def __call__(self) -> None:
        with self._house.store.begin() as tx:
            self._look(tx)
            tx.commit()
        self.begun += 1

    def _look(self, tx: UnitOfWork) -> None:
        if self._plan.is_destructive or self._check is not None:
            # The record's lock comes first, as with whoever keeps, holds or moves a case: else
            # each of two could wait for the other, and what was read would be old by then.
            tx.audit.serialise()
        if tx.intents.by_id(self._intent).outcome.is_final or not leasing.is_mine(tx, self._intent):
            raise Busy("another process took this step over")
        refuse_if_paused(tx, self._plan)
        is_planned_anew = self._plan.run is not None or self._plan.word is Word.SPACE_DELETE
        if self._plan.is_destructive and is_planned_anew and not self.begun:
            check_hours(tx, self._house.clock.now(), self._house.limits, self._plan)
        if self._plan.is_destructive and not self.begun:
            refuse_without_caps(self._house.limits, self._plan)
        rests_on_evidence = self._plan.is_destructive and self._plan.kind not in OF_PEOPLE
        if rests_on_evidence and not self.begun:  # else its own effect has just read it
            now = self._house.clock.now()
            age = age_of_evidence(now, self._plan, self._house.limits.evidence)
            self.ages = {"evidence_age_seconds": round(age.total_seconds(), 1)}
        if self._check is not None:
            self.is_by_caller = True
            self._check(tx)
            self.is_by_caller = False
        if not self.begun:
            tx.intents.tried(self._intent)


def refuse_if_paused(tx: UnitOfWork, plan: Plan) -> None:
    """Raises Paused for what destroys and for what runs by itself. Alerts go out in a pause,
    too: they are how people learn of it."""
    is_alert = plan.word is Word.ALERT_SEND and not plan.is_destructive
    if is_alert or not (plan.is_destructive or plan.run):
        return
    if (pause := tx.settings.pause()) is not None:
        raise Paused(f"paused by {pause.by}" + (f": {pause.reason}" if pause.reason else ""))


def age_of_evidence(now: datetime, plan: Plan, most: timedelta) -> timedelta:
    """Raises Stale when what is to be destroyed rests on no evidence, or on an old one."""
    if plan.evidence_at is None:
        raise Stale("there is no evidence of how things stand")
    age = now - plan.evidence_at
    if not -SOON <= age <= most or most <= timedelta(0):
        raise Stale(f"the evidence is {age.total_seconds():.0f} s old")
    return age
