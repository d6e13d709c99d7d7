"""Stopping and going on: one policy, or everything that destroys.

The principle: one person stops, at once; going on is a loosening. Whoever stopped may take
that back, since it puts back what four eyes had agreed to; anybody else needs a second person,
and so does everybody after the brake, or once several people wanted it to stop. Taking a
policy away is `retiring`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import PersonKey, PolicyKey
from domain.people import Actor
from domain.policies import PolicyStanding, PolicyState
from retention.policies import Shown, newest_of, shown_of
from spaces.spec import House
from storage.settings import PAUSE, Pause
from storage.store import UnitOfWork

ASK_LIFE = timedelta(days=7)
"""A second person who comes later than this is the first again."""
RESUME, RETIRE = "resume", "retire"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A second person has to say the same. `until` then it is asked anew."""

    what: str
    until: datetime


# -- one policy ---------------------------------------------------------------------------------


def pause_policy(house: House, actor: Actor, name: str, *, reason: str = "") -> Shown:
    """Nothing is done by a policy from now on; it still protects and ranks. An agreement that
    has not come into force is withdrawn.

    Raises:
        Refusal: there is no such policy, or nothing to pause.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        version = newest_of(tx, name)
        was_agreed = tx.simulations.withdraw(version.key)
        now = tx.policies.standing(version.policy)
        is_paused = tx.policies.set_state(
            version.policy, PolicyState.PAUSED, was=PolicyState.ACTIVE, by=actor.person
        ) or _pause_again(tx, now, actor)
        if not was_agreed and not is_paused:
            raise Refusal(_NOTHING_TO_PAUSE.get(now.state, "It can't be paused."))
        tx.audit.add(
            Word.POLICY_PAUSE, actor, policy=version.name, version=version.key, reason=reason,
            paused=is_paused, agreement_withdrawn=was_agreed,
        )  # fmt: skip
        shown = shown_of(tx, tx.policies.version(version.key))
        tx.commit()
    return shown


def _pause_again(tx: UnitOfWork, now: PolicyStanding, actor: Actor) -> bool:
    """Somebody else wants it to stay paused too: what was asked is void, and now it takes two.
    False when that changes nothing."""
    is_own = now.state_by == actor.person
    if now.state is not PolicyState.PAUSED or (is_own and not now.asked_for):
        return False
    by = actor.person if is_own else None
    return tx.policies.set_state(now.key, PolicyState.PAUSED, was=PolicyState.PAUSED, by=by)


_NOTHING_TO_PAUSE = {
    PolicyState.SIMULATION: "It is in simulation: it touches nothing as it is.",
    PolicyState.PAUSED: "It is paused already.",
    PolicyState.RETIRED: "It is retired: it does nothing any more.",
}


def resume_policy(house: House, actor: Actor, name: str) -> Shown | Asked:
    """A paused policy goes on; its spaces begin anew, with all warnings.

    Raises:
        Refusal: there is no such policy, it is not paused, or a second person has to come.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        version = newest_of(tx, name)
        if tx.policies.standing(version.policy).state is not PolicyState.PAUSED:
            raise Refusal(f"“{version.name}” is not paused.", "`policy show` tells how it stands.")
        done = _go_on(tx, actor, version.policy)
        if done is None:
            tx.policies.set_state(
                version.policy, PolicyState.ACTIVE, was=PolicyState.PAUSED, by=actor.person
            )
        tx.audit.add(
            Word.POLICY_RESUME, actor, policy=version.name, version=version.key,
            waits_for_second=done is not None,
        )  # fmt: skip
        shown = shown_of(tx, tx.policies.version(version.key))
        tx.commit()
    return done or shown


def _go_on(tx: UnitOfWork, actor: Actor, policy: PolicyKey) -> Asked | None:
    """None: it may now. Else the first person's word is noted.

    Raises:
        Refusal: the first person asks again.
    """
    person = person_of(actor)
    now = tx.policies.standing(policy)
    if now.state_by == person or is_second(tx, now, RESUME, person):
        return None
    tx.policies.ask(policy, RESUME, by=person)
    return Asked(what=RESUME, until=tx.now + ASK_LIFE)


def is_second(tx: UnitOfWork, now: PolicyStanding, what: str, person: PersonKey) -> bool:
    """Whether somebody else has asked for the same. Raises Refusal: they have themselves."""
    is_open = now.asked_for == what and now.asked_at is not None
    if not is_open or now.asked_at is None or now.asked_at + ASK_LIFE <= tx.now:
        return False
    if now.asked_by != person:
        return True
    raise _already_asked()


def _already_asked() -> Refusal:
    return Refusal(
        "You asked for that already.", "Somebody else of compliance has to say the same."
    )


def person_of(actor: Actor) -> PersonKey:
    if actor.person is None:
        raise Refusal("Only a person can let something go on.")
    return actor.person


# -- everything ---------------------------------------------------------------------------------


def house_pause(house: House, actor: Actor, reason: str) -> Pause:
    """Everything that destroys stands still from now on, across restarts, until resumed."""
    with house.store.begin() as tx:
        made = stop_all(tx, actor, reason)
        tx.audit.add(Word.PAUSE, actor, reason=reason)
        tx.commit()
    return made


def stop_all(tx: UnitOfWork, actor: Actor, reason: str, *, brake: bool = False) -> Pause:
    """Sets the pause. One on top of another never makes it easier to go on: what was asked is
    void, and after the brake, or once somebody else wants it too, it takes two."""
    tx.audit.serialise()
    old = tx.settings.pause()
    is_brake = brake or (old is not None and old.is_brake)
    is_by_several = old is not None and (old.needs_second or not _is_own(old, actor))
    reasons = [old.reason if old else "", reason.strip()]
    made = Pause(
        reason="; ".join(dict.fromkeys(one for one in reasons if one)), by=actor.name, at=tx.now,
        by_key=actor.person, is_brake=is_brake, needs_second=is_brake or is_by_several,
    )  # fmt: skip
    tx.settings.set_pause(made)
    return made


def _is_own(pause: Pause, actor: Actor) -> bool:
    return pause.by_key is not None and pause.by_key == actor.person


def house_resume(house: House, actor: Actor) -> Asked | None:
    """Lets what destroys go on. None: it goes on now.

    Raises:
        Refusal: nothing is paused, or a second person has to come.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        pause = tx.settings.pause()
        if pause is None:
            raise Refusal("Nothing is paused.", "`status` tells how things stand.")
        done = _may_go_on(tx, pause, actor)
        if done is None:
            tx.settings.drop(PAUSE)
        else:
            tx.settings.set_pause(
                replace(pause, asked_by=actor.name, asked_by_key=person_of(actor), asked_at=tx.now)
            )
        tx.audit.add(
            Word.RESUME, actor, paused_by=pause.by, reason=pause.reason,
            waits_for_second=done is not None, first=pause.asked_by or None,
        )  # fmt: skip
        tx.commit()
    return done


def _may_go_on(tx: UnitOfWork, pause: Pause, actor: Actor) -> Asked | None:
    person = person_of(actor)
    if not pause.needs_second and pause.by_key == person:
        return None
    if pause.asked_at is not None and pause.asked_at + ASK_LIFE > tx.now:
        if pause.asked_by_key != person:
            return None
        raise _already_asked()
    return Asked(what=RESUME, until=tx.now + ASK_LIFE)
