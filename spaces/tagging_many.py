"""Many spaces tagged and untagged at once, by the same rules as one (`tagging`): a few
statements for all of them, and for each its line in the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import SpaceKey
from domain.people import Actor
from domain.spaces import SpaceType
from spaces.spec import House
from spaces.tagging import MOST, refuse_reserved, tag_names, why_not_off

Outcomes = Mapping[SpaceKey, tuple[str, ...] | Refusal]
"""What changed on each space, nothing where it was so already; or why it could not be."""


def tag_many(
    house: House, actor: Actor, spaces: Sequence[SpaceKey], tags: Sequence[str], *,
    by_compliance: bool,
) -> Outcomes:  # fmt: skip
    """Gives the tags to all of `spaces`. Raises Refusal: one can't be a tag, or is reserved."""
    names = tag_names(tags)
    came: dict[SpaceKey, tuple[str, ...] | Refusal] = {}
    with house.store.begin() as tx:
        tx.audit.serialise()
        if not by_compliance:
            refuse_reserved(set(names) & tx.vocabulary.rules().reserved, "given")
        had = tx.tags.among(spaces)
        full = Refusal(f"A space has at most {MOST} tags.")
        for key in spaces:
            is_full = len({*had.get(key, ()), *names}) > MOST
            came[key] = full if is_full else ()
        new = tx.tags.add_to_many([k for k in spaces if came[k] == ()], names, actor.person)
        tx.audit.add_of_each(
            Word.SPACE_TAG_ADD, actor, [(key, {"tags": list(some)}) for key, some in new.items()]
        )
        tx.commit()
    return came | new


def untag_many(
    house: House, actor: Actor, spaces: Sequence[SpaceKey], tags: Sequence[str], *,
    by_compliance: bool,
) -> Outcomes:  # fmt: skip
    """Takes the tags off all of `spaces` but those where something stands against it. Raises
    Refusal: one can't be a tag."""
    names = tag_names(tags)
    came: dict[SpaceKey, tuple[str, ...] | Refusal] = {}
    with house.store.begin() as tx:
        tx.audit.serialise()
        had, rules = tx.tags.among(spaces), tx.vocabulary.rules()
        held, direct = tx.protections.held_tags(names), tx.many.direct(spaces)
        for key in spaces:
            no = why_not_off(
                SpaceType.DIRECT if key in direct else SpaceType.GROUP, had.get(key, ()), names,
                rules=rules, held=held, by_compliance=by_compliance,
            )  # fmt: skip
            came[key] = no or ()
        gone = tx.tags.remove_from_many([k for k in spaces if came[k] == ()], names)
        tx.audit.add_of_each(
            Word.SPACE_TAG_REMOVE, actor,
            [(key, {"tags": list(some)}) for key, some in gone.items()],
        )  # fmt: skip
        tx.commit()
    return came | gone
