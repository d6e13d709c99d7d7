"""Policies: written, looked at, and put in force when their time has come.

The principle (safety.md, I9 and I18): what a policy does becomes real only when somebody else
than its author has seen the very list of spaces that it hits and agreed to exactly that list
(`agreeing`). Then it still cools, so that there is time to find that it was wrong; meanwhile
the version before it holds. A version never changes: a change is the next version.

What a policy may say is `drafting`'s; stopping and going on is `pausing`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import PolicyVersionKey
from domain.people import SYSTEM, Actor
from domain.policies import (
    Ending,
    PolicyDraft,
    PolicyState,
    PolicyVersion,
    changes_between,
    draft_of,
    parts_of,
)
from domain.views import PolicyHome, VersionView
from query.faults import QueryFault
from query.language import parse
from retention.drafting import check_change, check_draft, check_priority, policy_name
from retention.sooner import void_sooner
from spaces.spec import House
from storage.store import UnitOfWork

LEFT_ALONE = timedelta(days=7)
"""After a policy's removal or change, spaces that it decided are left alone for this long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A policy as people look at it: its newest version, and what holds meanwhile."""

    version: PolicyVersion
    sentence: str
    holding: PolicyVersion | None


def write_policy(
    house: House, actor: Actor, name: str, draft: PolicyDraft, *,
    after: PolicyVersionKey | None = None,
) -> Shown:  # fmt: skip
    """Writes a new policy, or the version after `after`. Nothing is done by it yet.

    Written again with the same words by the same person, it is the same policy.

    Raises:
        Refusal: it can't say that, the name is taken, or `after` is not the newest any more.
    """
    name = policy_name(name)
    draft = check_draft(draft)
    with house.store.begin() as tx:
        tx.audit.serialise()
        newest = tx.policies.by_name(name)
        if newest is not None and _is_same(newest, draft, actor):
            return shown_of(tx, newest)
        if after is None and newest is not None:
            raise Refusal(
                f"There is a policy “{newest.name}” already.",
                "Take another name, or use `policy change`.",
            )
        if newest is not None and after == newest.key and draft == draft_of(newest):
            raise Refusal(f"That is what “{newest.name}” says already.", "Nothing was changed.")
        if newest is not None and after != newest.key:
            raise Refusal(
                f"“{newest.name}” was changed meanwhile.", "Look at it, then change it again."
            )
        made = _write(tx, actor, name, draft, newest)
        tx.commit()
    return made


def _write(
    tx: UnitOfWork, actor: Actor, name: str, draft: PolicyDraft, newest: PolicyVersion | None
) -> Shown:
    others = [*tx.policies.all(), *tx.policies.holding()]
    if newest is None:
        check_priority(draft, others)
        version = tx.policies.new(name, draft, author=actor.person)
    else:
        if newest.state is PolicyState.RETIRED:
            raise Refusal(f"“{newest.name}” is retired.", "Write a new policy.")
        if draft.priority != newest.priority:
            raise Refusal(
                f"“{newest.name}” has priority {newest.priority}, and that stays.",
                "For another priority, write another policy.",
            )
        check_change(draft, tx.policies.holding_of(newest.policy))
        check_priority(draft, [one for one in others if one.policy != newest.policy])
        version = tx.policies.add_version(newest.policy, draft, author=actor.person)
    tx.audit.add(
        Word.POLICY_WRITE, actor, policy=version.name, version=version.key,
        number=version.number, query=version.query, ending=str(version.ending),
        period_days=None if version.period is None else version.period.days,
        basis=version.counting.written, is_floor=version.is_floor,
        includes_direct=version.includes_direct, needs_export=version.needs_export,
        notices=list(version.notices),
        grace_days=version.grace.days, profile=version.profile, hours=version.hours,
        freeze=version.freeze, cap=version.cap, priority=version.priority,
    )  # fmt: skip
    return shown_of(tx, version)


def _is_same(version: PolicyVersion, draft: PolicyDraft, actor: Actor) -> bool:
    is_retired = version.state is PolicyState.RETIRED
    return not is_retired and draft_of(version) == draft and version.author_key == actor.person


def list_policies(house: House) -> tuple[Shown, ...]:
    """All policies but retired ones, in the order in which they decide."""
    with house.store.read() as tx:
        newest = [one for one in tx.policies.all() if one.state is not PolicyState.RETIRED]
        holding = {one.policy: one for one in tx.policies.holding()}
    return tuple(
        Shown(version=one, sentence=sentence_of(one), holding=holding.get(one.policy))
        for one in newest
    )


def show_policy(house: House, name: str) -> Shown:
    """The newest version of a policy. Raises Refusal when there is none of that name."""
    with house.store.read() as tx:
        return shown_of(tx, newest_of(tx, name))


def history_of(house: House, name: str) -> tuple[VersionView, ...]:
    """All versions of a policy, the newest first. Raises Refusal when there is no such policy."""
    with house.store.read() as tx:
        newest = newest_of(tx, name)
        versions = tx.policies.versions(newest.policy)
        holding = tx.policies.holding_of(newest.policy)
    before = (*versions[1:], None)
    return tuple(
        VersionView(
            version=one, holds=holding is not None and holding.key == one.key,
            changes=_changed(old, one),
        )
        for one, old in zip(versions, before, strict=True)
    )  # fmt: skip


def _changed(old: PolicyVersion | None, new: PolicyVersion) -> tuple[tuple[str, str, str], ...]:
    if old is not None:
        return changes_between(draft_of(old), draft_of(new))
    return tuple((part, "", said) for part, said in parts_of(draft_of(new)).items())


def roll_back(house: House, actor: Actor, name: str, number: int) -> Shown:
    """Writes what version `number` said as the next version. It needs a second person as any
    other does, since what was right then may hit other spaces now.

    Raises:
        Refusal: there is no such policy or version, it says so already, or `write_policy` does.
    """
    versions = [one.version for one in history_of(house, name)]
    newest = versions[0]
    old = next((one for one in versions if one.number == number), None)
    if old is None:
        raise Refusal(
            f"“{newest.name}” has no version {number}.", f"They go from 1 to {newest.number}."
        )
    return write_policy(house, actor, newest.name, draft_of(old), after=newest.key)


def home_of(house: House) -> PolicyHome:
    return PolicyHome(zone=house.limits.hours.zone, profiles=house.profiles)


def sentence_of(version: PolicyVersion) -> str:
    """Its condition in words that fit after "spaces"."""
    try:
        return parse(version.query).sentence
    except QueryFault:
        return "of a kind that can't be read any more, so nothing is done"


def newest_of(tx: UnitOfWork, name: str) -> PolicyVersion:
    """Raises Refusal when there is no such policy."""
    found = tx.policies.by_name(" ".join(name.split()))
    if found is None:
        names = [one.name for one in tx.policies.all()]
        near = get_close_matches(name, names, n=2, cutoff=0.5)
        raise Refusal(
            "I know no policy of that name.",
            f"Did you mean “{'” or “'.join(near)}”?" if near else "`policy list` shows all.",
        )
    return found


def shown_of(tx: UnitOfWork, version: PolicyVersion) -> Shown:
    return Shown(
        version=version, sentence=sentence_of(version),
        holding=tx.policies.holding_of(version.policy),
    )  # fmt: skip


def put_in_force(house: House) -> tuple[PolicyVersion, ...]:
    """`let_in_force` in a transaction of its own."""
    with house.store.begin() as tx:
        made = let_in_force(tx)
        tx.commit()
    return made


def let_in_force(tx: UnitOfWork) -> tuple[PolicyVersion, ...]:
    """Lets approved versions hold whose cooling-off is over. Says which. While everything is
    paused they wait."""
    tx.audit.serialise()
    if tx.settings.pause() is not None:
        return ()
    return tuple(in_force(tx, one) for one in tx.policies.ripe())


def in_force(tx: UnitOfWork, version: PolicyVersion) -> PolicyVersion:
    """Lets `version` hold in the place of what held before, and writes that down."""
    old = tx.policies.holding_of(version.policy)
    if old is not None:
        leave_alone(tx, old, f"the policy “{old.name}” was changed")
        void_sooner(tx, old.key, why=f"the policy “{old.name}” was changed")
    made = tx.policies.put_in_force(version)
    tx.audit.add(
        Word.POLICY_IN_FORCE, SYSTEM, policy=made.name, version=made.key, number=made.number,
        before=None if old is None else old.key, agreed_by=made.approved_by,
    )  # fmt: skip
    return made


def leave_alone(tx: UnitOfWork, version: PolicyVersion, why: str) -> None:
    """What a version decided is left alone for a while: a change never ends anything at once."""
    spaces = tx.policies.decided_by(version.key)
    keeps = version.ending is Ending.KEEP or version.is_floor or not version.period
    tx.protections.leave_alone(spaces, until=tx.now + LEFT_ALONE, reason=why, is_firm=keeps)
