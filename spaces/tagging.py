"""Tags on spaces: given and taken with a line in the record, and told by how they are used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import PersonKey
from domain.people import Actor
from domain.spaces import Space
from spaces.spec import House
from storage.tags import tag_name

MOST = 50
"""Tags on one space; more would only be read by a machine."""
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """What came of it: `changed` of what was asked for, and all that the space has `now`."""

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    now: tuple[str, ...]


def tag_space(house: House, actor: Actor, space: Space, tags: Sequence[str]) -> Tagged:
    """Gives the tags; those that it had stay as they are.

    Raises:
        Refusal: one of them can't be a tag, or they would be too many; then none is given.
    """
    names = tuple(dict.fromkeys(tag_name(text) for text in tags))
    with house.store.begin() as tx:
        new = tx.tags.add(space.key, names, actor.person)
        now = tx.tags.of(space.key)
        if len(now) > MOST:
            raise Refusal(f"A space has at most {MOST} tags.", "Take some off first, by `untag`.")
        if new:
            tx.audit.add(Word.SPACE_TAG_ADD, actor, space=space.key, tags=list(new))
        tx.commit()
    return Tagged(changed=new, unchanged=tuple(n for n in names if n not in new), now=now)


def untag_space(house: House, actor: Actor, space: Space, tags: Sequence[str]) -> Tagged:
    """Takes the tags off; those that it has not are told.

    Raises:
        Refusal: one of them is no tag, or is held: nothing slips out of a hold by its tags.
    """
    names = tuple(dict.fromkeys(tag_name(text) for text in tags))
    with house.store.begin() as tx:
        if held := tx.protections.held_tags(set(names) & set(tx.tags.of(space.key))):
            raise Refusal(
                f"“{'”, “'.join(held)}” can't be taken off for now.", "Ask compliance why."
            )
        gone = tx.tags.remove(space.key, names)
        if gone:
            tx.audit.add(Word.SPACE_TAG_REMOVE, actor, space=space.key, tags=list(gone))
        now = tx.tags.of(space.key)
        tx.commit()
    return Tagged(changed=gone, unchanged=tuple(n for n in names if n not in gone), now=now)


def count_tags(house: House, *, visible_to: PersonKey | None) -> tuple[tuple[str, int], ...]:
    """Each tag with the number of live spaces that have it, the most used first; only of
    spaces that the reader may see (I13)."""
    with house.store.read() as tx:
        return tx.tags.counts(visible_to=visible_to, limit=MOST_COUNTED)
