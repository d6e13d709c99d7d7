"""Members' "I still need this": said once in a cycle, told to the owners, counted.

The principle: it is a voice, and no vote. Only an owner or compliance keeps a space; so what a
member says moves no date, and who answers nothing at all is made known to compliance (decision
0093). A member's reason is shown to those who own the space, and to compliance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from domain.audit import Word
from domain.cases import Case
from domain.errors import Refusal
from domain.ids import CaseKey, PolicyVersionKey
from domain.lifecycle import CaseState
from domain.outgoing import Showable
from domain.people import Actor, Person
from domain.policies import PolicyVersion
from domain.spaces import Space
from retention import cadence
from retention.spec import Night
from retention.telling import tell_compliance
from spaces.looking import is_in, owners_of
from spaces.spec import House
from storage.store import UnitOfWork

TOLD_AT = frozenset({1, 3, 10, 30, 100, 300, 1000})
"""When the owners get a card of their own; in between the next warning counts."""
MOST_SHOWN = 10
ENDING = (CaseState.DUE, CaseState.WARNED, CaseState.BLOCKED, CaseState.NEEDS_ATTENTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One who needs it: their name, and why, if they said so."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Args:
    number: how many members need it by now; `voices` are the latest of them.
    is_new: they had not said so in this cycle.
    tells: the owners get a card of their own about it now.
    """

    space: Space
    case: Case
    number: int
    is_new: bool
    tells: bool
    owners: tuple[Person, ...]
    voices: tuple[Voice, ...]


def say_needed(
    house: House, actor: Actor, space: Space, person: Person, *, reason: str = ""
) -> Needed:
    """Writes down that a member still needs a space.

    Raises:
        Refusal: nothing happens to it, they own it, or they are not in it (any more).
    """
    if not is_in(house, space.id, person):
        raise Refusal("You are not in that space any more.")
    with house.store.begin() as tx:
        case = tx.cases.open_of(space.key)
        owners = owners_of(tx, space.key)
        if any(one.key == person.key for one in owners):
            raise Refusal(
                "You own it, so you can keep it yourself.", "Say `keep until` or `keep forever`."
            )
        if case is None or case.state not in ENDING:
            raise Refusal(
                f"Nothing is on its way to “{space.shown_title}” now.",
                "`explain` says what becomes of it, and when.",
            )
        is_new = tx.needs.say(case.key, person.key, reason)
        if is_new:
            tx.audit.add(
                Word.NEED_SAY, actor, space=space.key, person=person.key, case=case.key,
                cycle=case.cycle, reason=reason,
            )  # fmt: skip
        said = needed(tx, space, case, owners, is_new=is_new)
        tx.commit()
    return said


def needed(
    tx: UnitOfWork, space: Space, case: Case, owners: tuple[Person, ...], *, is_new: bool = False
) -> Needed:
    """What was said of a space in this cycle."""
    all_of_them = tx.needs.of_case(case.key)
    latest = all_of_them[-MOST_SHOWN:]
    people = tx.people.by_keys([one.person for one in latest])
    return Needed(
        space=space, case=case, number=len(all_of_them), is_new=is_new,
        tells=is_new and len(all_of_them) in TOLD_AT, owners=owners,
        voices=tuple(Voice(name=people[one.person].name, reason=one.reason) for one in latest),
    )  # fmt: skip


def unanswered(tx: UnitOfWork) -> dict[CaseKey, int]:
    """Cases that somebody needs and whose last notice is out, without an owner's answer."""
    counts = tx.needs.going_on()
    versions = {one.key: one for one in tx.policies.holding()}
    return {key: counts[key] for key in counts if _is_last(tx.cases.get(key), versions)}


def tell_of_unanswered(night: Night, drawn: Callable[[Needed, str], Showable]) -> int:
    """Compliance is told of each such case, once in its cycle. Says how many there are."""
    with night.house.store.read() as tx:
        cases = [tx.cases.get(key) for key in unanswered(tx)]
        found = [
            needed(tx, tx.spaces.by_key(one.space), one, owners_of(tx, one.space)) for one in cases
        ]
    for one in found:
        tell_compliance(
            replace(night, run=f"need/{one.case.key}"),
            lambda zone, one=one: drawn(one, zone),  # type: ignore[misc]
            what="unanswered", space=one.space.key,
        )  # fmt: skip
    return len(found)


def _is_last(case: Case, versions: Mapping[PolicyVersionKey, PolicyVersion]) -> bool:
    if case.state is CaseState.BLOCKED:
        return True
    version = versions.get(case.version) if case.version is not None else None
    return (
        case.state is CaseState.WARNED
        and version is not None
        and case.notices >= cadence.notices_of(version)
    )
