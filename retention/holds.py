"""Holds: nothing in their reach may be destroyed, by anyone, until they are released.

The principle: placing protects, so one person does it, at once, and is told what was already
on its way and can't be called back (I11); so does extending one. Releasing is a loosening, and
so is a nearer end: it takes effect after a week, in which anybody of compliance can take the
release back, and then the spaces are left alone for another. What a hold is on only ever grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.audit import Word
from domain.cases import Hold, HoldTargets
from domain.errors import Refusal
from domain.ids import SpaceKey, TagKey
from domain.intents import Intent
from domain.people import Actor, Person
from domain.spaces import Space
from domain.tags import tag_name
from query.faults import QueryFault
from query.language import parse
from query.protecting import reach_of, remember_found
from retention.drafting import policy_name
from spaces.spec import House
from storage.reaching import LEFT_ALONE
from storage.store import UnitOfWork

RELEASE = timedelta(days=7)
"""From asking for a release to its effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class On:
    """What a hold is to be on, as somebody said it; searches by their words."""

    spaces: Sequence[Space] = ()
    people: Sequence[Person] = ()
    tags: Sequence[str] = ()
    searches: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.spaces or self.people or self.tags or self.searches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A hold that holds, how many spaces it reaches, what may have begun before it, and how much
    of what was named is new to it."""

    hold: Hold
    reach: int
    in_flight: tuple[tuple[Space, Intent], ...] = ()
    added: int = 0
    targets: HoldTargets = field(default_factory=HoldTargets)


def place_hold(
    house: House, actor: Actor, name: str, *, matter: str = "", reason: str = "",
    spaces: Sequence[Space] = (), people: Sequence[Person] = (), tags: Sequence[str] = (),
    searches: Sequence[str] = (), until: datetime | None = None,
) -> Placed:  # fmt: skip
    """Places a hold on spaces, on all spaces that people are or were in (and come into later),
    on tags, and on searches. Placed again while its release waits, it holds on.

    Args:
        until: it ends by itself then; None: until somebody releases it.

    Raises:
        Refusal: it would hold nothing, a tag is not known, a search can't be read, its end is
            past, or the name is taken.
    """
    name, on = policy_name(name), On(spaces=spaces, people=people, tags=tags, searches=searches)
    with house.store.begin() as tx:
        tx.audit.serialise()  # a plan that destroys waits for this, or is seen below
        old = tx.protections.hold_named(name)
        if old is not None:
            return _hold_on(tx, actor, old, adds=bool(on))
        if not on:
            raise Refusal(
                "What is to be held?",
                "Name a space, people, tags or a search: hold place NAME tag finance.",
            )
        if until is not None and until <= tx.now:
            raise Refusal("That end is past.", "Name a day that is still to come, or none.")
        keys, texts = [_tag(tx, text) for text in on.tags], [_search(one) for one in on.searches]
        made = tx.protections.place_hold(
            name, matter=matter, reason=reason, by=actor.person, until=until,
            spaces=[one.key for one in spaces], people=[one.key for one in people], tags=keys,
            searches=texts,
        )  # fmt: skip
        tx.protections.note(made.key, actor.person, f"Placed on {_said(on)}.")
        tx.audit.add(
            Word.HOLD_PLACE, actor, hold=made.key, name=name, matter=matter, reason=reason,
            until=_iso(until), on=_recorded(on),
        )  # fmt: skip
        placed = _placed(tx, made)
        tx.commit()
    return placed


def add_to_hold(house: House, actor: Actor, name: str, on: On) -> Placed:
    """Puts a hold on more. It never lets go of what it is on.

    Raises:
        Refusal: there is no such hold, it is over, nothing was named, a tag or a search is none.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        found = living(tx, name)
        if not on:
            raise Refusal("What else is to be held?", "Such as: hold add NAME tag finance.")
        before = set(reach_of(tx, found.key))
        added = tx.protections.add_targets(
            found.key, spaces=[one.key for one in on.spaces],
            people=[one.key for one in on.people], tags=[_tag(tx, text) for text in on.tags],
            searches=[_search(one) for one in on.searches],
        )  # fmt: skip
        if added:
            tx.protections.note(found.key, actor.person, f"Extended to {_said(on)}.")
            tx.audit.add(Word.HOLD_CHANGE, actor, hold=found.key, name=found.name, on=_recorded(on))
        placed = _placed(tx, found, before=before, added=added)
        tx.commit()
    return placed


def change_hold(
    house: House, actor: Actor, name: str, *, matter: str | None = None,
    reason: str | None = None,
) -> Hold:  # fmt: skip
    """Says anew what it is for. Raises Refusal: there is no such hold, or nothing was said."""
    with house.store.begin() as tx:
        found = living(tx, name)
        if matter is None and reason is None:
            raise Refusal("What is to change?", "Say a matter, a reason, or `hold end`.")
        new = (
            found.matter if matter is None else matter,
            found.reason if reason is None else reason,
        )
        if new != (found.matter, found.reason):
            tx.protections.describe(found.key, matter=new[0], reason=new[1])
            tx.protections.note(
                found.key, actor.person,
                f"Matter: {new[0] or 'none'}. Reason: {new[1] or 'none'}."
                f" Before: {found.matter or 'none'}; {found.reason or 'none'}.",
            )  # fmt: skip
            tx.audit.add(
                Word.HOLD_CHANGE, actor, hold=found.key, name=found.name, matter=new[0],
                reason=new[1], was_matter=found.matter, was_reason=found.reason,
            )  # fmt: skip
        now = tx.protections.hold_named(found.name)
        tx.commit()
    return now or found


def set_hold_end(house: House, actor: Actor, name: str, until: datetime | None) -> Hold:
    """Another end: later or none at once; nearer, not within the week that a release takes.

    Raises:
        Refusal: there is no such hold, its release waits, or the end is too near.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        found = living(tx, name)
        if found.released_at is not None:
            raise Refusal(
                f"“{found.name}” is being released; it ends {found.ends_at:%Y-%m-%d}.",
                "`hold place` with its name takes the release back.",
            )
        is_nearer = until is not None and (found.until is None or until < found.until)
        if is_nearer and until is not None and until < tx.now + RELEASE:
            raise Refusal(
                f"A nearer end takes effect after {RELEASE.days} days, as a release does.",
                f"Name {tx.now + RELEASE + timedelta(days=1):%Y-%m-%d} or later.",
            )
        if until != found.until:
            tx.protections.set_end(found.key, until)
            end = "never" if until is None else f"{until:%Y-%m-%d}"
            tx.protections.note(found.key, actor.person, f"Ends by itself: {end}.")
            tx.audit.add(
                Word.HOLD_CHANGE, actor, hold=found.key, name=found.name, until=_iso(until),
                was_until=_iso(found.until),
            )  # fmt: skip
        now = tx.protections.hold_named(found.name)
        tx.commit()
    return now or found


def release_hold(house: House, actor: Actor, name: str) -> Hold:
    """Asks for a hold's end: in a week. Until then it holds, and can be placed on again.

    Raises:
        Refusal: there is no such hold, it is over, or it ends already.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        found = living(tx, name)
        if found.released_at is not None:
            raise Refusal(f"“{found.name}” was released already; it ends {found.ends_at:%Y-%m-%d}.")
        ends_at = tx.now + RELEASE
        if found.ends_at is not None and found.ends_at <= ends_at:
            raise Refusal(f"“{found.name}” ends by itself before that: {found.ends_at:%Y-%m-%d}.")
        tx.protections.release(found.key, at=ends_at)
        spaces: Sequence[SpaceKey] = reach_of(tx, found.key)
        tx.protections.leave_alone(
            spaces, until=ends_at + LEFT_ALONE, reason=f"the hold “{found.name}” was released"
        )
        tx.protections.note(found.key, actor.person, f"Released; it ends {ends_at:%Y-%m-%d}.")
        tx.audit.add(
            Word.HOLD_RELEASE, actor, hold=found.key, name=found.name, ends_at=ends_at.isoformat(),
            spaces=len(spaces),
        )  # fmt: skip
        now = tx.protections.hold_named(found.name)
        tx.commit()
    return now or found


def living(tx: UnitOfWork, name: str) -> Hold:
    """The hold of that name, which holds. Raises Refusal."""
    found = tx.protections.hold_named(" ".join(name.split()))
    if found is None:
        raise Refusal("I know no hold of that name.", "`holds` shows all.")
    if not found.is_on(tx.now):
        raise Refusal(
            f"“{found.name}” is over since {found.ends_at:%Y-%m-%d}.",
            "Place another one, by another name.",
        )
    return found


def _hold_on(tx: UnitOfWork, actor: Actor, old: Hold, *, adds: bool) -> Placed:
    """A release that waits is taken back. Raises Refusal: nothing waits."""
    is_waiting = old.released_at is not None and old.is_on(tx.now)
    if adds or not is_waiting:
        raise Refusal(
            f"There is a hold “{old.name}” already.",
            "Take another name, or `hold add` puts it on more.",
        )
    tx.protections.hold_on(old.key)
    tx.protections.note(old.key, actor.person, "The release was taken back.")
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


def _search(text: str) -> str:
    """A hold's search in canonical words. Raises Refusal."""
    try:
        query = parse(text)
    except QueryFault as no:
        raise Refusal(f"I can't read the search: {no}", "`help search` tells all words.") from no
    if query.is_empty:
        raise Refusal(
            "An empty search finds nothing, so it would hold nothing.",
            "Say which spaces, such as tag:finance; if you mean every space, write: all.",
        )
    if own := [one.condition.name for one in query.criteria if not one.condition.is_for_policies]:
        raise Refusal(
            f"“{own[0]}” can't stand in a hold: what holds and policies bring about can't be"
            " their reason.",
            "Search by what the spaces are.",
        )
    return query.text


def _placed(
    tx: UnitOfWork, hold: Hold, *, before: set[SpaceKey] | None = None, added: int = 0
) -> Placed:
    """What has begun in what is newly reached."""
    remember_found(tx, hold.key)
    reach = set(reach_of(tx, hold.key))
    fresh = reach - (before or set())
    begun = [
        (tx.spaces.by_key(one.plan.space), one)
        for one in tx.intents.open()
        if one.plan.is_destructive and one.plan.space in fresh
    ]
    return Placed(
        hold=hold, reach=len(reach), in_flight=tuple(begun), added=added,
        targets=tx.protections.targets(hold.key),
    )  # fmt: skip


def _said(on: On) -> str:
    """What it is on, in a few words; people by number, since a hold may be on thousands."""
    parts = [
        *([_many(len(on.spaces), "space", "spaces")] if on.spaces else []),
        *([_many(len(on.people), "person", "people")] if on.people else []),
        *(f"the tag “{one}”" for one in on.tags), *(f"the search “{one}”" for one in on.searches),
    ]  # fmt: skip
    return ", ".join(parts)


def _many(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def _recorded(on: On) -> dict[str, object]:
    return {
        "spaces": [str(one.id) for one in on.spaces], "people": [one.email for one in on.people],
        "tags": list(on.tags), "searches": list(on.searches),
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
