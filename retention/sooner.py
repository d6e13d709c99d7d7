"""“Delete after”: a space that goes sooner than its policy says, by the word of two people.

The principle: it loosens a protection, so a second person agrees to exactly what the first asked
for, it cools off, and it only ever takes the place of the date on which a policy deletes the
space anyway. Floors, holds, keeps, caps, all notices in full and the block before the end stay
as they are; a case that promised its owners a later day keeps that promise. Anybody who manages
the space takes it back alone, a keep undoes it, and so does whoever uses the space after its day,
and any change of who decides: it stands beside the version of the policy that both people saw.
Decisions 0099 and 0111.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from domain.audit import Word
from domain.cases import Sooner
from domain.errors import Fault, Refusal
from domain.ids import PolicyVersionKey, SpaceKey
from domain.people import SYSTEM, Actor
from domain.policies import Ending, PolicyVersion, Ruling
from domain.spaces import Space
from query.spec import Moments
from retention.decision import explain
from retention.tracing import Trace
from spaces.spec import House
from storage.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for, as whoever may agree to it sees it.

    Args:
        policy: which deletes the space, and when it would.
        without: that day.
        code: stands for exactly this: the wish, its day, the policy's version and its day.
    """

    sooner: Sooner
    space: Space
    asked_by: str
    policy: str
    without: datetime
    code: str


def ask_sooner(
    house: House, actor: Actor, space: Space, after: datetime, *, by_compliance: bool,
    reason: str,
) -> Wish:  # fmt: skip
    """Asks that a space may go after a day that is sooner than its policy's.

    Raises:
        Refusal: no policy deletes it, it goes before anyway, it is protected, one waits already,
            it is past, or the reason is missing.
    """
    if actor.person is None:
        raise Fault("only a person can ask for that")
    with house.store.begin() as tx:
        tx.audit.serialise()
        if not reason.strip():
            raise Refusal("Why is it to go sooner?", "Say it: because the project is over.")
        if after <= tx.now:
            raise Refusal("That day is past.", "Name one that is still to come, or `delete` it.")
        if (open_ := tx.keeping.sooner_of(space.key)) is not None:
            if _same(open_, actor, after, tx.now):  # the same message again, after a crash
                return _wish(tx, open_, space)
            raise Refusal(
                f"Somebody has asked for {open_.after:%Y-%m-%d} already.",
                "`delete after clear` takes that back first.",
            )
        trace = _trace(tx, space.key)
        version = _may_go_sooner(trace, after)
        made = tx.keeping.ask_sooner(
            space.key, after=after, version=version.key, by=actor.person,
            by_compliance=by_compliance, reason=" ".join(reason.split()),
        )  # fmt: skip
        tx.audit.add(
            Word.SOONER_ASK, actor, space=space.key, sooner=made.key, after=after.isoformat(),
            reason=made.reason, by_compliance=by_compliance,
            policy_version=version.key, without=trace.due.isoformat() if trace.due else None,
        )  # fmt: skip
        wish = _wish(tx, made, space)
        tx.commit()
    return wish


def agree_sooner(house: House, actor: Actor, space: Space, *, code: str) -> Wish:
    """A second person, of compliance, agrees to exactly what they were shown. Without a code it
    only shows what there is to agree to.

    Raises:
        Refusal: nothing waits, they asked for it themselves, the code is of something else, or
            what they were shown is not so any more.
    """
    if actor.person is None:
        raise Fault("only a person can agree to that")
    with house.store.begin() as tx:
        tx.audit.serialise()
        found = tx.keeping.sooner_of(space.key)
        if found is None:
            raise Refusal("Nobody has asked that it goes sooner.", "`delete after` asks for it.")
        if found.agreed_at is not None:
            if found.agreed_by == actor.person and code:
                return _wish(tx, found, space)
            raise Refusal("That was agreed to already.", "`explain` shows what follows.")
        if found.asked_by == actor.person:
            raise Refusal("You asked for it yourself.", "Another officer has to agree.")
        if tx.now >= found.asked_at + house.limits.approval_life or found.after <= tx.now:
            tx.keeping.end_sooner(space.key, by=None, why="nobody agreed in time")
            tx.audit.add(Word.SOONER_END, actor, space=space.key, sooner=found.key, why="expired")
            tx.commit()
            raise Refusal("That was asked for too long ago.", "It has to be asked for again.")
        wish = _wish(tx, found, space)
        if not code:
            return wish
        if code.replace(" ", "") != wish.code:
            raise Refusal("That is not the code of what stands now.", "Look at it again.")
        effective_at = tx.now + house.limits.cooling
        tx.keeping.agree_sooner(found.key, by=actor.person, effective_at=effective_at)
        tx.audit.add(
            Word.SOONER_AGREE, actor, space=space.key, sooner=found.key,
            after=found.after.isoformat(), effective_at=effective_at.isoformat(),
        )  # fmt: skip
        now = tx.keeping.sooner_of(space.key) or found
        wish = Wish(
            sooner=now, space=space, asked_by=wish.asked_by, policy=wish.policy,
            without=wish.without, code="",
        )  # fmt: skip
        tx.commit()
    return wish


def withdraw_sooner(house: House, actor: Actor, space: Space) -> Sooner:
    """Takes it back, agreed to or not: one person is enough, since it protects.

    Raises:
        Refusal: nobody has asked for it.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        found = tx.keeping.sooner_of(space.key)
        if found is None:
            raise Refusal("Nobody has asked that it goes sooner.", "`explain` says what comes.")
        end_sooner(tx, space.key, actor, why="somebody took it back")
        tx.commit()
    return found


def end_sooner(tx: UnitOfWork, space: SpaceKey, actor: Actor, *, why: str) -> bool:
    """In a transaction of somebody's who protects the space. False where there is none."""
    found = tx.keeping.sooner_of(space)
    if found is None:
        return False
    tx.keeping.end_sooner(space, by=actor.person, why=why)
    tx.audit.add(Word.SOONER_END, actor, space=space, sooner=found.key, why=why)
    return True


def void_sooner(tx: UnitOfWork, version: PolicyVersionKey, *, why: str) -> None:
    """Ends all that was asked for or agreed to beside a version that holds no more: nobody has
    agreed to a day beside what its policy says now."""
    for one in tx.keeping.sooner_by(version):
        end_sooner(tx, one.space, SYSTEM, why=why)


def void_outdated(tx: UnitOfWork) -> None:
    """The same of spaces that another policy decides now, or none; after a decision over all. It
    does not come back with a tag that somebody takes off again."""
    for one in tx.keeping.outdated_sooner():
        end_sooner(tx, one.space, SYSTEM, why="another policy decides now")


def _trace(tx: UnitOfWork, space: SpaceKey) -> Trace:
    """As it would be without."""
    return explain(tx, space, tx.policies.holding(), Moments(now=tx.now), without_sooner=True)


def _may_go_sooner(trace: Trace, after: datetime) -> PolicyVersion:
    """Gives the version whose day it takes the place of."""
    if trace.ruling is Ruling.HELD:
        raise Refusal("It can't go sooner for now.", "Compliance can tell more.")
    if trace.ruling is not Ruling.DATED or trace.due is None or trace.version is None:
        raise Refusal(
            f"No policy deletes it, so it can't go sooner. {trace.sentence}",
            "`delete` is for a space that nobody needs any more.",
        )
    if trace.version.ending is not Ending.DELETE:
        raise Refusal(
            f"“{trace.version.name}” says {trace.version.ending}, which does not delete it.",
            "`delete` is for a space that nobody needs any more.",
        )
    if after >= trace.due:
        raise Refusal(
            f"It goes sooner than that anyway: {trace.sentence}",
            "To keep it longer, say `keep until`.",
        )
    return trace.version


def _wish(tx: UnitOfWork, found: Sooner, space: Space) -> Wish:
    trace = _trace(tx, space.key)
    if trace.due is None or trace.version is None or trace.ruling is not Ruling.DATED:
        raise Refusal(
            f"That would change nothing now. {trace.sentence}", "`delete after clear` ends it."
        )
    if trace.version.key != found.version:
        raise Refusal(
            f"It was asked for beside another policy than decides now. {trace.sentence}",
            "`delete after clear` ends it; then it can be asked for anew.",
        )
    days = f"{found.after.isoformat()}/{trace.due.isoformat()}"
    said = f"{found.key}/{days}/{trace.version.key}/{found.reason}"
    sealed = hashlib.sha256(said.encode()).digest()
    return Wish(
        sooner=found, space=space, asked_by=tx.people.by_key(found.asked_by).name,
        policy=trace.version.name, without=trace.due,
        code=f"{int.from_bytes(sealed[:8], 'big') % 1_000_000:06d}",
    )  # fmt: skip


def _same(found: Sooner, actor: Actor, after: datetime, now: datetime) -> bool:
    return (found.after, found.asked_by) == (after, actor.person) and found.agreed_at is None
