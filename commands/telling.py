"""What the commands on a space's people share: their rows, the way back, what must be said
before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cards.kit import Card, press
from cards.members import consequences_card
from cards.words import typed_name
from domain.people import ANYBODY, Person, Reader
from domain.spaces import Space
from spaces.changing import Came, Change, One
from spaces.naming import Named

SAID = {
    Came.ADDED: "Added.", Came.REMOVED: "Removed.", Came.APPOINTED: "Made a moderator.",
    Came.DISMISSED: "No moderator any more.",
}  # fmt: skip


def row_of(one: One) -> tuple[str, str]:
    """A person, and what came of it for them."""
    if one.came not in SAID:
        return one.named.name, one.why
    if one.came is Came.ADDED and one.membership is not None and one.membership.is_moderator:
        return one.named.name, "Added as moderator."
    return one.named.name, SAID[one.came]


def added_of(each: Sequence[One], *, to: str = "") -> str:
    """How it is told that people were added; who was there before only came to moderate it."""
    only = each[0]
    if len(each) == 1 and only.came in (Came.ADDED, Came.APPOINTED):
        is_new = only.came is Came.ADDED
        return f"Added{to}." if is_new else f"{only.named.name} moderates it now."
    if len(each) == 1:
        return only.why
    new, made = (came_to(each, came) for came in (Came.ADDED, Came.APPOINTED))
    besides = f" {len(made)} of them moderate it now." if len(made) > 1 else ""
    besides = " One of them moderates it now." if len(made) == 1 else besides
    return f"Added {len(new)} of {len(each)}{to}.{besides}"


def ids_of(people: Iterable[Named]) -> str:
    """As a button's record names them."""
    return " ".join(str(one.person.id) if one.person else one.email or one.said for one in people)


def emails_of(people: Iterable[Named]) -> str:
    """As a person types them."""
    return ", ".join(one.person.email if one.person else one.email or one.said for one in people)


def named(people: Iterable[Person]) -> tuple[Named, ...]:
    return tuple(Named(said=one.email, email=one.email, person=one) for one in people)


def ask_first(
    change: Change, place: Space, *, title: str, command: str, said: str,
    reader: Reader = ANYBODY, **given: str,
) -> Card:  # fmt: skip
    """What would follow, with the button that does it all the same.

    Args:
        said: the whole command as it would be typed, without its last word.
        given: the command's arguments as its button keeps them.
    """
    again = press(
        title, command, once=True, style="destructive", given={**given, "anyway": "yes"},
        typed=f"{said} anyway",
    )  # fmt: skip
    return consequences_card(place, change.consequences, anyway=again, reader=reader)


def place_of(space: Space) -> str:
    """What a person types for it."""
    return typed_name(space)


def came_to(each: Sequence[One], came: Came) -> list[One]:
    return [one for one in each if one.came is came]
