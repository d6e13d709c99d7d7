"""Which tags are reserved and which are required: compliance says so, for every space.

A required tag is asked for where a space is made, and can't be taken off when it is the last
of its set; spaces that lack one are found by `required:missing`. No rule changes whom a policy
hits without its four eyes (`tag_meaning`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.audit import Word
from domain.errors import Refusal
from domain.people import Actor
from retention.tag_meaning import read_meaning, refuse_changed
from spaces.spec import House
from spaces.tagging import tag_names
from storage.store import UnitOfWork
from storage.vocabulary import RequiredSet

MOST = 20
"""Required sets, and tags of one; nobody chooses among more."""
FIRST = "Change the policy first, so that it does not ask for that, and have it agreed to."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """`changed` of what was named, and all that are reserved `now`."""

    changed: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """`lacking`: how many live spaces lack a tag of some set now."""

    one: RequiredSet
    is_new: bool
    lacking: int


def reserve_tags(house: House, actor: Actor, tags: Sequence[str]) -> Reserved:
    """From now on compliance alone gives and takes them; where they are, they stay.

    Raises:
        Refusal: one can't be a tag, or nobody else could give a required tag any more.
    """
    return _set_reserved(house, actor, tags, on=True)


def free_tags(house: House, actor: Actor, tags: Sequence[str]) -> Reserved:
    """Whoever may tag a space may give and take them again."""
    return _set_reserved(house, actor, tags, on=False)


def _set_reserved(house: House, actor: Actor, tags: Sequence[str], *, on: bool) -> Reserved:
    names = tag_names(tags)
    with house.store.begin() as tx:
        tx.audit.serialise()
        before = tx.vocabulary.rules()
        if on:
            for one in before.required:
                _is_givable(one.names, before.reserved | set(names))
        changed = tx.vocabulary.reserve(tx.tags.ensure(names).values(), on=on)
        if changed:
            word = Word.TAG_RESERVE if on else Word.TAG_FREE
            tx.audit.add(word, actor, tags=list(changed))
        now = tx.vocabulary.rules()
        tx.commit()
    return Reserved(changed=changed, now=tuple(sorted(now.reserved)))


def require_tags(house: House, actor: Actor, tags: Sequence[str]) -> Required:
    """Every space of several people has to have one of `tags` from now on. Required again, it
    is the same set.

    Raises:
        Refusal: one can't be a tag, all of them are reserved, there are too many sets, or a
            policy would hit other spaces by it.
    """
    names = tag_names(tags)
    with house.store.begin() as tx:
        tx.audit.serialise()
        rules = tx.vocabulary.rules()
        for one in rules.required:
            if set(one.names) == set(names):
                return Required(one=one, is_new=False, lacking=tx.vocabulary.count_lacking())
        if len(rules.required) >= MOST or len(names) > MOST:
            raise Refusal(f"At most {MOST} sets are required, of {MOST} tags each.")
        _is_givable(names, rules.reserved)
        before = read_meaning(tx)
        key = tx.vocabulary.require(tx.tags.ensure(names).values(), actor.person)
        refuse_changed(tx, before, instead=FIRST)
        tx.audit.add(Word.TAG_REQUIRE, actor, set=key, tags=sorted(names))
        made = Required(one=_set(tx, key), is_new=True, lacking=tx.vocabulary.count_lacking())
        tx.commit()
    return made


def unrequire_tags(house: House, actor: Actor, tags: Sequence[str]) -> RequiredSet:
    """Takes a required set back. `tags` are all of it, or enough to say which one.

    Raises:
        Refusal: no set has these, or several have, or a policy would hit other spaces by it.
    """
    names = set(tag_names(tags))
    with house.store.begin() as tx:
        tx.audit.serialise()
        required = tx.vocabulary.required()
        hits = [one for one in required if set(one.names) == names] or [
            one for one in required if names <= set(one.names)
        ]
        if len(hits) != 1:
            raise Refusal(
                "Several required sets have that." if hits else "No required set has that.",
                "Name all tags of the set; `tag rules` shows all.",
            )
        before = read_meaning(tx)
        tx.vocabulary.unrequire(hits[0].key)
        refuse_changed(tx, before, instead=FIRST)
        tx.audit.add(Word.TAG_UNREQUIRE, actor, set=hits[0].key, tags=list(hits[0].names))
        tx.commit()
    return hits[0]


def _set(tx: UnitOfWork, key: int) -> RequiredSet:
    return next(one for one in tx.vocabulary.required() if one.key == key)


def _is_givable(names: Collection[str], reserved: Collection[str]) -> None:
    if set(names) <= set(reserved):
        raise Refusal(
            f"Then only compliance could give one of {', '.join(sorted(names))}, and nobody else"
            " could make a space.",
            "Leave one of them for everybody, or take the set back first: `tag unrequire`.",
        )
