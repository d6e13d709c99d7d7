"""Who is in a space, a page at a time: names and addresses, and what they are in it."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, head, plain, press, row
from cards.words import count, named, typed_name
from domain.people import Person
from domain.spaces import Space

_WIDTHS = (2, 3)
PER_PAGE = 20


def roster_card(
    space: Space, people: Sequence[tuple[Person, bool]], *, total: int, page: int = 1,
    is_whole: bool = True,
) -> Card:  # fmt: skip
    """Args:
    people: (person, whether they moderate it), of this page.
    is_whole: all who are in it are known.
    """
    name, room = typed_name(space), str(space.id)
    turns = []
    for title, to in (("Previous", page - 1), ("Next", page + 1)):
        if to >= 1 and (to - 1) * PER_PAGE < total and to != page:
            turns.append(
                press(title, "members", typed=f"members {name} page {to}", space=room,
                      page=str(to))
            )  # fmt: skip
    return card(
        f"{count(total, 'member')} of {named(space, 60)}",
        head("Person", "Address", widths=_WIDTHS) if people else plain("Nobody on this page."),
        *(row(_who(one, moderates), one.email, widths=_WIDTHS) for one, moderates in people),
        *([] if is_whole else [plain("I could not see all of them; there may be more.")]),
        actions=[
            *turns,
            press("Add people …", "add member", typed=f"add member <people> to {name}", space=room),
            press("Details", "space", typed=f"space {name}", space=room),
        ],
    )  # fmt: skip


def _who(person: Person, moderates: bool) -> str:
    besides = [
        "moderator" if moderates else "",
        "bot" if person.is_bot else "",
        "of another organisation" if person.is_ours is False and not person.is_bot else "",
    ]
    return ", ".join([person.name, *filter(None, besides)])
