"""Holds: nothing in their reach may be destroyed, by anyone, until they are released.

The principle: placing protects, so one person does it, at once, and is told what was already
on its way and can't be called back (I11). Releasing is a loosening: it takes effect after a
week, in which anybody of compliance can take the release back, and then the spaces are left
alone for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.audit import Word
from domain.cases import Hold
from domain.errors import Refusal
from domain.ids import PersonKey, SpaceKey, TagKey
from domain.intents import Intent
from domain.people import Actor, Person
from domain.spaces import Space
from domain.tags import tag_name
from retention.drafting import policy_name
from spaces.spec import House
from storage.reaching import LEFT_ALONE
from storage.store import UnitOfWork

RELEASE = timedelta(days=7)
"""From asking for a release to its effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A hold that holds, how many spaces it reaches, and what may have begun before it."""

    hold: Hold
    reach: int
    in_flight: tuple[tuple[Space, Intent], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    hold: Hold
    by: str
    reach: int


def place_hold(
    house: House, actor: Actor, name: str, *, reason: str = "", spaces: Sequence[Space] = (),
    people: Sequence[Person] = (), tags: Sequence[str] = (),
) -> Placed:  # fmt: skip
    """Places a hold on spaces, on all spaces that people are or were in, and on tags. Placed
    again while its release waits, it holds on.

    Raises:
        Refusal: it would hold nothing, a tag is not known, or the name is taken.
    """
    name = policy_name(name)
    with house.store.begin() as tx:
        tx.audit.serialise()  # a plan that destroys waits for this, or is seen below
        old = tx.protections.hold_named(name)
        if old is not None:
            return _hold_on(tx, actor, old, adds=bool(spaces or people or tags))
        if not (spaces or people or tags):
            raise Refusal(
                "What is to be held?", "Name a space, people or tags: hold place NAME tag finance."
            )
        keys = [_tag(tx, text) for text in tags]
        made = tx.protections.place_hold(
            name, reason=reason, by=actor.person, spaces=[one.key for one in spaces],
            people=[one.key for one in people], tags=keys,
        )  # fmt: skip
        tx.audit.add(
            Word.HOLD_PLACE, actor, hold=made.key, name=name, reason=reason,
            spaces=[str(one.id) for one in spaces], people=[one.email for one in people],
            tags=list(tags),
        )  # fmt: skip
        placed = _placed(tx, made)
        tx.commit()
    return placed


def _hold_on(tx: UnitOfWork, actor: Actor, old: Hold, *, adds: bool) -> Placed:
    """A release that waits is taken back. Raises Refusal: nothing waits."""
    is_waiting = old.ends_at is not None and old.ends_at > tx.now
    if adds or not is_waiting:
        raise Refusal(f"There is a hold “{old.name}” already.", "Take another name.")
    tx.protections.hold_on(old.key)
    tx.audit.add(Word.HOLD_PLACE, actor, hold=old.key, name=old.name, again=True)
    now = tx.protections.hold_named(old.name)
    placed = _placed(tx, now or old)
    tx.commit()
    return placed


def _tag(tx: UnitOfWork, text: str) -> TagKey:
    name = tag_name(text)
    key = tx.tags.key_of(name)
    if key is None or not tx.tags.with_any([name]):  # a word of the rules may be on no space
        raise Refusal(f"No space has the tag “{text[:40]}”, so it would hold nothing.")
    return key


def _placed(tx: UnitOfWork, hold: Hold) -> Placed:
    reach = set(tx.protections.reach(hold.key))
    begun = [
        (tx.spaces.by_key(one.plan.space), one)
        for one in tx.intents.open()
        if one.plan.is_destructive and one.plan.space in reach
    ]
    return Placed(hold=hold, reach=len(reach), in_flight=tuple(begun))


def release_hold(house: House, actor: Actor, name: str) -> Hold:
    """Asks for a hold's end: in a week. Until then it holds, and can be placed on again.

    Raises:
        Refusal: there is no such hold, or it ends already.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        found = tx.protections.hold_named(" ".join(name.split()))
        if found is None:
            raise Refusal("I know no hold of that name.", "`holds` shows all.")
        ends_at = tx.now + RELEASE
        if not tx.protections.end_hold(found.key, at=ends_at):
            raise Refusal(f"“{found.name}” was released already; it ends {found.ends_at:%Y-%m-%d}.")
        spaces: Sequence[SpaceKey] = tx.protections.reach(found.key)
        tx.protections.leave_alone(
            spaces, until=ends_at + LEFT_ALONE, reason=f"the hold “{found.name}” was released"
        )
        tx.audit.add(
            Word.HOLD_RELEASE, actor, hold=found.key, name=found.name, ends_at=ends_at.isoformat(),
            spaces=len(spaces),
        )  # fmt: skip
        now = tx.protections.hold_named(found.name)
        tx.commit()
    return now or found


def list_holds(house: House) -> tuple[Listed, ...]:
    """The holds that hold, the oldest first."""
    with house.store.read() as tx:
        found = tx.protections.holds()
        known = tx.people.by_keys({PersonKey(one.by) for one in found if one.by is not None})
        return tuple(
            Listed(
                hold=one, reach=len(tx.protections.reach(one.key)),
                by=known[one.by].name if one.by in known else "",
            )
            for one in found
        )  # fmt: skip
