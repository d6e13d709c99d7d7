"""Under four eyes: whom a policy would hit, and a second person who agrees to exactly them.

The list is computed again at the moment of agreeing; if it is another one than was shown to
whoever agrees, nobody has agreed to anything, and they see the new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import PersonKey
from domain.people import Actor
from domain.policies import Ending, PolicyState, PolicyVersion, changes_between, draft_of
from domain.spaces import Space
from domain.verdicts import Verdict, no, yes
from domain.views import Hit, SimulationView
from query.faults import QueryFault
from query.language import parse
from query.spec import Moments
from retention.differing import Difference, Moved, Moving, differ
from retention.policies import Shown, in_force, newest_of, sentence_of, shown_of
from spaces.spec import House, Limits
from storage.simulations import Simulation
from storage.store import UnitOfWork

MOST_LISTED = 50_000
A_PIECE = 500
MANY = 20
"""Targets beyond which a code is typed again; as many as a card names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What was shown, and the whole difference behind it, for a list."""

    view: SimulationView
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain(Simulated):
    """Nobody has agreed to anything yet: this is the list, and why it is shown (again)."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a version would change at a moment, and of which inventory."""

    difference: Difference
    generation: int


def simulate_policy(house: House, actor: Actor, name: str) -> SimulationView:
    """Whom the newest version of a policy would hit, beside what holds. Changes nothing else
    than that it was asked. Raises Refusal when there is no such policy."""
    return simulate_change(house, actor, name).view


def simulate_change(house: House, actor: Actor, name: str) -> Simulated:
    """The same with the whole difference."""
    with house.store.read() as tx:  # the long part, and nobody waits for it
        version = newest_of(tx, name)
        found = _find(tx, version)
    with house.store.begin() as tx:
        tx.audit.serialise()
        view = _keep(tx, house.limits, version, found, actor)
        tx.commit()
    return Simulated(view=view, difference=found.difference)


def _find(tx: UnitOfWork, version: PolicyVersion) -> _Found:
    last = tx.crawls.last(complete=True)
    return _Found(
        difference=differ(tx, tx.policies.holding(), Moments(now=tx.now), version),
        generation=last.generation if last else 0,
    )


def _keep(
    tx: UnitOfWork, limits: Limits, version: PolicyVersion, found: _Found, actor: Actor
) -> SimulationView:
    """Stores what was found as shown to `actor`, and puts it together for the eye."""
    change = found.difference
    made = tx.simulations.add(
        version.key, [(one.space, one.due) for one in change.targets], by=actor.person,
        generation=found.generation, unknown=change.unknown, losses=change.losses,
    )  # fmt: skip
    tx.audit.add(
        Word.POLICY_SIMULATE, actor, policy=version.name, version=version.key,
        simulation=made.id, targets=made.targets, unknown=made.unknown, list=made.targets_hash,
        changes={str(how): number for how, number in change.counts.items()},
    )  # fmt: skip
    may = _may_approve(tx, limits, version, actor)
    is_change = change.before is not None
    holding = tx.policies.holding_of(version.policy)
    return SimulationView(
        policy=version.name, version=version.key, number=version.number, query=version.query,
        sentence=sentence_of(version), ending=version.ending, made_at=made.made_at,
        targets=made.targets, unknown=made.unknown, inventory=tx.spaces.count_live(),
        targets_hash=made.targets_hash, sample=sample_of(tx, change),
        added=made.targets - len(change.before or ()) + change.lost if is_change else None,
        dropped=change.lost if is_change else None,
        parts=changes_between(draft_of(holding), draft_of(version)) if holding else (),
        changes=tuple((str(how), number) for how, number in change.counts.items()),
        outsiders=change.outsiders, held=change.held, takes_over=change.takes_over,
        outweighed=change.outweighed,
        author=version.author, why_not="" if may else may.reason,
        code=code_of(made, actor.person) if may and actor.person else "",
        retypes_code=made.targets > MANY or _says_all(version),
        agreed_by=version.approved_by, effective_at=version.effective_at,
    )  # fmt: skip


def sample_of(tx: UnitOfWork, change: Difference) -> tuple[Hit, ...]:
    """The first of them by name: what is most dangerous, then whose time is over first."""
    some = [change.moving(key) for key in change.keys()[:MANY]]
    spaces = tx.spaces.by_keys([one.space for one in some])
    return tuple(
        hit_of(spaces[one.space], one, is_change=change.before is not None)
        for one in some
        if one.space in spaces
    )


def hit_of(space: Space, one: Moving, *, is_change: bool = True) -> Hit:
    """A space with what changes for it, as people are shown it.

    Args:
        is_change: something held before, so that it is worth a word what is new.
    """
    return Hit(
        space=space, due=one.now.due, is_new=is_change and one.how is Moved.NEWLY,
        how=str(one.how or ""), was_due=one.was.due, was=one.was.ending, now=one.now.ending,
        by=one.now.version.name if one.now.version else "",
        has_outsiders=one.has_outsiders, is_held=one.is_held,
    )  # fmt: skip


def listed(house: House, change: Difference) -> Iterator[tuple[Space, Moving]]:
    """The first `MOST_LISTED` of all that is hit or changed, with their spaces, in pieces."""
    keys = change.keys()[:MOST_LISTED]
    for start in range(0, len(keys), A_PIECE):
        piece = keys[start : start + A_PIECE]
        with house.store.read() as tx:
            spaces = tx.spaces.by_keys(piece)
        yield from ((spaces[key], change.moving(key)) for key in piece if key in spaces)


def _says_all(version: PolicyVersion) -> bool:
    try:
        return parse(version.query).says_all
    except QueryFault:
        return True


def code_of(made: Simulation, person: PersonKey) -> str:
    """Six digits that stand for this version, exactly this list, and whom it was shown to."""
    return six_digits(f"{made.version}/{made.targets_hash}/{person}")


def six_digits(said: str) -> str:
    """A code that stands for exactly what is said."""
    sealed = hashlib.sha256(said.encode()).digest()
    return f"{int.from_bytes(sealed[:8], 'big') % 1_000_000:06d}"


def approve_policy(house: House, actor: Actor, name: str, *, code: str = "") -> Shown | AskedAgain:
    """Agrees to the newest version and exactly the list that `code` was shown with.

    Without a code the list is shown, and nobody has agreed to anything. All in one
    transaction, so that of two who agree at once one is first.

    Raises:
        Refusal: they may not, the code belongs to nothing that they saw, or the inventory is
            no ground to stand on.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        version = newest_of(tx, name)
        may = _may_approve(tx, house.limits, version, actor)
        if not may or actor.person is None:
            raise Refusal(may.reason, word=str(Word.COMMAND_REFUSED))
        shown = _shown_with(tx, version, actor.person, code) if code else None
        found = _find(tx, version)
        change = found.difference
        now = tx.simulations.hash_over((one.space for one in change.targets), change.losses)
        if shown is not None and shown.targets_hash == now:
            agreed = _agree(tx, house.limits, version, shown, actor.person, actor)
            tx.commit()
            return agreed
        if shown is not None:
            _note_change(tx, actor, version, shown, now)
        view = _keep(tx, house.limits, version, found, actor)
        tx.commit()
    return AskedAgain(view=view, difference=change, why="" if shown is None else _CHANGED)


def _shown_with(tx: UnitOfWork, version: PolicyVersion, person: PersonKey, code: str) -> Simulation:
    """What `person` was shown under `code`. Raises Refusal: nothing was."""
    for one in tx.simulations.shown_to(person, version.key):
        if code_of(one, person) == code:
            return one
    raise Refusal(
        f"That is not the code of version {version.number} and its list.",
        f"`policy approve {_quoted(version.name)}` shows both.",
        word=str(Word.COMMAND_REFUSED),
    )


_CHANGED = "The list has changed since you saw it, so nothing was agreed to. This is it now."


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _note_change(
    tx: UnitOfWork, actor: Actor, version: PolicyVersion, shown: Simulation, now: str
) -> None:
    tx.audit.add(
        Word.COMMAND_REFUSED, actor, policy=version.name, version=version.key,
        why="the list has changed", saw=shown.targets_hash, list=now,
    )  # fmt: skip


def _agree(
    tx: UnitOfWork, limits: Limits, version: PolicyVersion, shown: Simulation,
    person: PersonKey, actor: Actor,
) -> Shown:  # fmt: skip
    is_only_kept = version.ending is Ending.KEEP and tx.policies.holding_of(version.policy) is None
    made = tx.simulations.approve(
        shown, by=person,
        effective_at=tx.now if is_only_kept else tx.now + limits.cooling,
        expires_at=tx.now + max(limits.approval_life, limits.cooling * 2),
    )  # fmt: skip
    tx.audit.add(
        Word.POLICY_APPROVE, actor, policy=version.name, version=version.key,
        number=version.number, author=version.author, simulation=shown.id,
        targets=shown.targets, list=shown.targets_hash,
        effective_at=made.effective_at.isoformat(), expires_at=made.expires_at.isoformat(),
    )  # fmt: skip
    if is_only_kept:  # a first keep only protects; there is nothing to cool
        return shown_of(tx, in_force(tx, version))
    return shown_of(tx, tx.policies.version(version.key))


def _may_approve(tx: UnitOfWork, limits: Limits, version: PolicyVersion, actor: Actor) -> Verdict:
    """Whether `actor` may agree to `version`; who is of compliance is the command's to know."""
    if version.state is PolicyState.RETIRED:
        return no(f"“{version.name}” is retired.")
    if version.approved_by:
        return no(f"{version.approved_by} agreed to version {version.number} already.")
    if actor.person is None or not version.author:
        return no("It is not known who wrote this version, so nobody can be the second.")
    if actor.person == version.author_key or actor.name.casefold() == version.author.casefold():
        return no(
            f"You wrote version {version.number}, so somebody else of compliance has to agree."
        )
    if version.ending is not Ending.KEEP and not knows_all(tx, limits):
        return no(TOO_SHORT)
    return yes("you are the second person")


TOO_SHORT = (
    "I don't know all spaces right now, so the list could be too short to agree to."
    " It can be agreed to after the next complete sync."
)


def knows_all(tx: UnitOfWork, limits: Limits) -> bool:
    """Whether the inventory is complete and fresh, so that a list is one to agree to."""
    last = tx.crawls.last(complete=True)
    if last is None or last.finished_at is None:
        return False
    return tx.now - last.finished_at <= limits.inventory
