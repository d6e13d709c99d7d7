"""What is to be done with all that a search finds: which of them, and which not and why.

Decides the list, once: it is shown, and exactly it is done, each space looked at again when its
turn comes. Whoever is not of compliance does it to those that they manage; that they manage the
others not is told as a number (I13: they see all of them anyway).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.errors import Refusal
from domain.ids import PersonKey, SpaceKey
from domain.people import Person
from domain.spaces import Space, SpaceState, SpaceType
from query.language import parse
from query.picking import pick
from query.spec import Moments
from spaces.looking import manages
from spaces.spec import House
from spaces.tagging import MOST as MOST_TAGS
from spaces.tagging import refuse_reserved, why_not_off
from storage.store import UnitOfWork

MOST = 10_000
"""Spaces that one command touches."""
NAMED = 10
"""Of them a preview names."""
NOT_YOURS = "not yours to change"

WhyNot = Callable[[UnitOfWork, Sequence[SpaceKey]], Mapping[SpaceKey, str]]
"""Which of the spaces it would not be done to, and why, a few words; by what is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """`todo` in the order of their keys; of them `first` by name; and why others are left out,
    the commonest reason first."""

    query: str
    sentence: str
    todo: tuple[SpaceKey, ...]
    first: tuple[tuple[SpaceKey, str], ...]
    skipped: tuple[tuple[str, int], ...]


def choose(house: House, caller: Person, text: str, *, sees_all: bool, why_not: WhyNot) -> Chosen:
    """What `text` finds for the caller, and what of it is to be done.

    Raises:
        QueryFault: it can't be read.
        Refusal: it finds nothing, too much, or nothing that anything could be done to.
    """
    query = parse(text)
    moments = Moments(now=house.clock.now(), zone=caller.time_zone)
    with house.store.read() as tx:
        found = pick(
            tx, query, visible_to=None if sees_all else caller.key, moments=moments, most=MOST
        )
        if not found:
            raise Refusal(f"No space that you can see matches “{query.text or text}”.")
        if len(found) > MOST:
            raise Refusal(f"That finds more than {MOST:,} spaces.", "Narrow it down.")
        no: dict[SpaceKey, str] = {}
        if not sees_all:
            mine = tx.many.managed_by(caller, found)
            no = {key: NOT_YOURS for key in found if key not in mine}
            if len(no) == len(found):
                raise Refusal(
                    "None of them is yours to change.",
                    "Their moderators may, and compliance.",
                )
        rest = [key for key in found if key not in no]
        no |= why_not(tx, rest)
        todo = tuple(key for key in rest if key not in no)
        first = names_of(tx, todo[:NAMED])
    counts = Counter(no.values())
    if not todo:
        why = "; ".join(f"{reason} ({count:,})" for reason, count in counts.most_common(5))
        raise Refusal(f"There is nothing to do: {why}.")
    return Chosen(
        query=query.text, sentence=query.sentence, todo=todo,
        first=tuple((key, first[key]) for key in todo[:NAMED]),
        skipped=tuple(counts.most_common()),
    )  # fmt: skip


def names_of(tx: UnitOfWork, keys: Sequence[SpaceKey]) -> dict[SpaceKey, str]:
    """What people call them: by their title, a direct conversation by who is in it."""
    named = {}
    for key, space in tx.spaces.by_keys(keys).items():
        named[key] = space.shown_title
        if space.type is SpaceType.DIRECT:
            people = [one.name or one.email for one, _ in tx.spaces.members(key, limit=3)]
            named[key] = " and ".join(people) or space.shown_title
    return named


def names_in(house: House, keys: Sequence[SpaceKey]) -> dict[SpaceKey, str]:
    """`names_of` in a transaction of its own."""
    with house.store.read() as tx:
        return names_of(tx, keys)


def spaces_now(house: House, keys: Sequence[SpaceKey]) -> dict[SpaceKey, Space]:
    """As they are known at this moment."""
    with house.store.read() as tx:
        return tx.spaces.by_keys(keys)


def to_change(house: House, space: Space | None, caller: Person, *, is_compliance: bool) -> Space:
    """The space, if there is one. Raises Refusal: it is gone, or not theirs to change (any
    more), which is read live."""
    if space is None:
        raise Refusal("I don't know it any more.")
    if space.state is SpaceState.GONE:
        raise Refusal("It is gone.")
    if not is_compliance and not (verdict := manages(house, space.key, caller)):
        raise Refusal(f"Not allowed: {verdict.reason}.")
    return space


# -- why not, by what is known ---------------------------------------------------------------


def tagged_already(names: Sequence[str], *, by_compliance: bool) -> WhyNot:
    def why(tx: UnitOfWork, spaces: Sequence[SpaceKey]) -> dict[SpaceKey, str]:
        had = tx.tags.among(spaces)
        if not by_compliance:
            refuse_reserved(set(names) & tx.vocabulary.rules().reserved, "given")
        no = {}
        for key in spaces:
            now = set(had.get(key, ()))
            if now >= set(names):
                no[key] = "has it already"
            elif len(now | set(names)) > MOST_TAGS:
                no[key] = f"has {MOST_TAGS} tags already"
        return no

    return why


def stays_tagged(names: Sequence[str], *, by_compliance: bool) -> WhyNot:
    def why(tx: UnitOfWork, spaces: Sequence[SpaceKey]) -> dict[SpaceKey, str]:
        had, rules = tx.tags.among(spaces), tx.vocabulary.rules()
        held = tx.protections.held_tags(names)
        direct = tx.many.direct(spaces)
        no: dict[SpaceKey, str] = {}
        for key in spaces:
            before = had.get(key, ())
            if not set(before) & set(names):
                no[key] = "has no such tag"
                continue
            kind = SpaceType.DIRECT if key in direct else SpaceType.GROUP
            refusal = why_not_off(
                kind, before, names, rules=rules, held=held, by_compliance=by_compliance
            )
            if refusal is not None:
                no[key] = "must keep it: held, reserved, or the last required one"
        return no

    return why


def kept_already(until: datetime | None, *, by_compliance: bool) -> WhyNot:
    """Args: until: None for ever."""

    def why(tx: UnitOfWork, spaces: Sequence[SpaceKey]) -> dict[SpaceKey, str]:
        kept = tx.many.kept(spaces)
        no = dict.fromkeys(tx.many.untouchable(spaces), "nothing to keep it from")
        for key, keep in kept.items():
            if keep.by_compliance and not by_compliance:
                no[key] = "compliance keeps it"
            elif keep.until == until:
                no[key] = "is kept so already"
            elif keep.until is None or (until is not None and keep.until > until):
                no[key] = "is kept longer already"
        return no

    return why


def not_kept(*, by_compliance: bool) -> WhyNot:
    def why(tx: UnitOfWork, spaces: Sequence[SpaceKey]) -> dict[SpaceKey, str]:
        kept = tx.many.kept(spaces)
        no = {key: "nobody keeps it by hand" for key in spaces if key not in kept}
        if not by_compliance:
            no |= {key: "compliance keeps it" for key, one in kept.items() if one.by_compliance}
        return no

    return why


def blocked_already(tx: UnitOfWork, spaces: Sequence[SpaceKey]) -> dict[SpaceKey, str]:
    return {
        **dict.fromkeys(tx.many.untouchable(spaces), "not ours to touch"),
        **dict.fromkeys(tx.many.blocked(spaces), "is blocked already"),
    }


def seated_already(people: Sequence[PersonKey], *, moderating: bool, all_known: bool) -> WhyNot:
    """Args: all_known: else somebody is new to us, and so in no space."""

    def why(tx: UnitOfWork, spaces: Sequence[SpaceKey]) -> dict[SpaceKey, str]:
        no = dict.fromkeys(tx.many.direct(spaces), "a conversation of two")
        if all_known:
            so = "moderates it already" if moderating else "is in it already"
            no |= dict.fromkeys(tx.many.with_all(spaces, people, moderating=moderating), so)
        return no

    return why


def not_seated(people: Sequence[PersonKey]) -> WhyNot:
    def why(tx: UnitOfWork, spaces: Sequence[SpaceKey]) -> dict[SpaceKey, str]:
        seated = tx.many.with_any(spaces, people)
        no = {key: "is not in it" for key in spaces if key not in seated}
        return no | dict.fromkeys(tx.many.direct(spaces), "a conversation of two")

    return why
