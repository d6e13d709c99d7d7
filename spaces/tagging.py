"""Tags on spaces: given and taken with a line in the record."""

from __future__ import annotations

from collections.abc import Sequence

from domain.audit import Word
from domain.people import Actor
from domain.spaces import Space
from spaces.spec import House
from storage.tags import tag_name


def tag_space(house: House, actor: Actor, space: Space, tags: Sequence[str]) -> tuple[str, ...]:
    """Gives the tags and says all that the space then has. Raises Refusal for a bad one."""
    names = [tag_name(text) for text in tags]
    with house.store.begin() as tx:
        new = tx.tags.add(space.key, names, actor.person)
        if new:
            tx.audit.add(Word.SPACE_TAG_ADD, actor, space=space.key, tags=list(new))
        now = tx.tags.of(space.key)
        tx.commit()
    return now
