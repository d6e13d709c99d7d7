"""The search as a form: one field a condition, drawn from the conditions' own descriptions.

Decides where the fields stand: those that are asked for often at once, the others behind a
button. A query that could not be read comes back on it, to be put right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cards.kit import Button, Card, card, fields, more, plain, press, text
from domain.fields import Field

MOST_MEANT = 2
LONGEST = 250
"""Of what comes back in a field; a query has at most 200 characters."""


def search_form_card(
    asked: Sequence[Field], *, rare: Sequence[Field] = (), problem: str = "", place: str = "",
    meant: Sequence[str] = (),
) -> Card:  # fmt: skip
    """The form of `search`.

    Args:
        asked, rare: its fields; rare ones stand behind a button.
        problem: what could not be read, a sentence; `place` shows where it is.
        meant: queries that were perhaps meant, best first.
    """
    names = tuple(field.name for field in asked)
    every = (*names, *(field.name for field in rare))
    return card(
        "Find spaces",
        *([plain(problem, bold=True, warns=True)] if problem else []),
        *([plain(place, subtle=True, longest=LONGEST)] if place else []),
        text("What you leave empty does not matter. All that you fill in must hold."),
        fields(*map(_short, asked)),
        text("Or type, such as: search tag:finance scope:external inactive:>90d", subtle=True),
        text("“help search” tells all that can be asked.", subtle=True),
        actions=[
            _search(names),
            *(_meant(query, names) for query in meant[:MOST_MEANT]),
            *(
                [
                    more(
                        "More to ask for",
                        fields(*map(_short, rare)),
                        actions=[_search(every, "Search by these too")],
                    )
                ]
                if rare
                else []
            ),
        ],
    )


def _short(asked: Field) -> Field:
    return replace(asked, value=asked.value[:LONGEST])


def _search(names: tuple[str, ...], title: str = "Search") -> Button:
    return press(title, "search", style="positive", inputs=names, typed="search <words>", page="1")


def _meant(query: str, names: tuple[str, ...]) -> Button:
    """What it says takes the place of what stands in the field."""
    return press(query, "search", inputs=names, typed=f"search {query}", query=query)
