"""Taking a policy away for good: whoever agrees sees what becomes of its spaces then.

The principle: what a policy protected, others may end as soon as it is gone. So it takes two, and
the second one agrees by a code that stands for exactly the spaces that lose protection, how each
loses it, by which version, and whom it was shown to. When any of that is another by the time of
the press, nothing is done and the new list is shown. What loses protection is left alone for a
while after. A floor in force is never taken away; a policy that was never in force protects
nothing, and goes by one person's word. Decision 0112.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import PersonKey
from domain.people import Actor
from domain.policies import PolicyState, PolicyVersion
from domain.views import RetiringView
from query.spec import Moments
from retention.agreeing import MANY, TOO_SHORT, knows_all, sample_of, six_digits
from retention.differing import DANGEROUS, Difference, differ
from retention.pausing import ASK_LIFE, RETIRE, is_second, person_of
from retention.policies import LEFT_ALONE, Shown, leave_alone, newest_of, shown_of
from retention.sooner import void_sooner
from spaces.spec import House
from storage.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingAway:
    """Nothing has changed yet: this is what would. `why`: it is shown although they agreed."""

    view: RetiringView
    difference: Difference
    why: str = ""


def retire_policy(house: House, actor: Actor, name: str, *, code: str = "") -> Shown | TakingAway:
    """Takes a policy away for good. One that was never in force goes at once; else the first
    person asks, and a second one agrees by the code of exactly what they were shown.

    Raises:
        Refusal: there is no such policy, it is a floor in force, they asked for it themselves, or
            the inventory is no ground to stand on.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        version = newest_of(tx, name)
        standing = tx.policies.standing(version.policy)
        holding = tx.policies.holding_of(version.policy)
        if standing.state is PolicyState.RETIRED:
            raise Refusal(f"“{version.name}” is retired already.")
        if holding is None:
            return _retire(tx, actor, version, was=standing.state)
        if holding.is_floor:
            raise Refusal(f"“{version.name}” is a floor in force; it can't be taken away.")
        person = person_of(actor)
        agrees = is_second(tx, standing, RETIRE, person)
        if agrees and not knows_all(tx, house.limits):
            raise Refusal(TOO_SHORT, "`policy pause` stops it at once.")
        change = differ(tx, tx.policies.holding(), Moments(now=tx.now), holding, is_taken_away=True)
        seal = tx.simulations.hash_over((), change.losses)
        mine = six_digits(f"retire/{holding.key}/{seal}/{person}") if agrees else ""
        if mine and code.replace(" ", "") == mine:
            return _take_away(tx, actor, version, holding, change, seal, was=standing.state)
        asked_at = standing.asked_at
        if not agrees:
            tx.policies.ask(version.policy, RETIRE, by=person)
            asked_at = tx.now
        made = _shown(tx, holding, change, seal, code=mine, until=(asked_at or tx.now) + ASK_LIFE)
        _note(tx, actor, version, made, is_refused=bool(mine and code))
        tx.commit()
    return TakingAway(view=made, difference=change, why=_NOT_THIS if mine and code else "")


_NOT_THIS = (
    "That is not the code of what stands now, so nothing was agreed to: it may have changed since"
    " you saw it. This is it now."
)


def _retire(
    tx: UnitOfWork, actor: Actor, version: PolicyVersion, *, was: PolicyState, seal: str = "",
    asked_by: PersonKey | None = None,
) -> Shown:  # fmt: skip
    tx.simulations.withdraw(version.key)
    tx.policies.set_state(version.policy, PolicyState.RETIRED, was=was, by=actor.person)
    tx.audit.add(
        Word.POLICY_RETIRE, actor, policy=version.name, version=version.key,
        waits_for_second=False, list=seal or None, asked_by=asked_by,
    )  # fmt: skip
    shown = shown_of(tx, tx.policies.version(version.key))
    tx.commit()
    return shown


def _take_away(
    tx: UnitOfWork, actor: Actor, version: PolicyVersion, holding: PolicyVersion,
    change: Difference, seal: str, *, was: PolicyState,
) -> Shown:  # fmt: skip
    why = f"the policy “{holding.name}” was taken away"
    leave_alone(tx, holding, why)
    # Also what it has come to protect since the last night wrote down whom it decides.
    losing = [key for keys in change.losses.values() for key in keys]
    tx.protections.leave_alone(losing, until=tx.now + LEFT_ALONE, reason=why)
    void_sooner(tx, holding.key, why=why)
    return _retire(tx, actor, version, was=was, seal=seal, asked_by=_asker(tx, version))


def _asker(tx: UnitOfWork, version: PolicyVersion) -> PersonKey | None:
    return tx.policies.standing(version.policy).asked_by


def _shown(
    tx: UnitOfWork, holding: PolicyVersion, change: Difference, seal: str, *, code: str,
    until: datetime,
) -> RetiringView:  # fmt: skip
    by = _asker(tx, holding)
    losing = sum(change.counts.get(how, 0) for how in DANGEROUS)
    return RetiringView(
        policy=holding.name, version=holding.key, number=holding.number, losing=losing,
        changes=tuple((str(how), number) for how, number in change.counts.items()),
        sample=sample_of(tx, change), list_hash=seal, code=code, retypes_code=losing > MANY,
        asked_by="" if by is None else tx.people.by_key(by).name, until=until,
    )  # fmt: skip


def _note(
    tx: UnitOfWork, actor: Actor, version: PolicyVersion, made: RetiringView, *, is_refused: bool
) -> None:
    if is_refused:
        tx.audit.add(
            Word.COMMAND_REFUSED, actor, policy=version.name, version=version.key,
            why="not the code of what stands now", list=made.list_hash,
        )  # fmt: skip
        return
    tx.audit.add(
        Word.POLICY_RETIRE, actor, policy=version.name, version=version.key,
        waits_for_second=True, list=made.list_hash,
        changes=dict(made.changes),
    )  # fmt: skip
