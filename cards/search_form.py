"""The search as a form: one field a condition, drawn from the conditions' own descriptions."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, fields, plain, press, text
from domain.fields import Field


def search_form_card(asked: Sequence[Field], *, query: str = "", problem: str = "") -> Card:
    """Args: asked: the search's arguments. problem: what could not be read, a sentence."""
    return card(
        "Find spaces",
        *([plain(problem, bold=True, warns=True)] if problem else []),
        *([plain(f"You asked: {query}", subtle=True, longest=200)] if query else []),
        text("What you leave empty does not matter. All that you fill in must hold."),
        fields(*asked),
        text("Or type, such as: search tag:finance scope:external inactive:>90d", subtle=True),
        text("“help search” tells all that can be asked.", subtle=True),
        actions=[
            press(
                "Search",
                "search",
                style="positive",
                inputs=tuple(field.name for field in asked),
            ),
        ],
    )
