"""What can be done with all that a search found. Each button asks for what it needs, then shows
what would come of it."""

from __future__ import annotations

from cards.kit import Button, Card, card, more, plain, press, text
from cards.words import count


def bulk_card(
    query: str, *, sentence: str, total: int, is_bound: bool = False, is_compliance: bool
) -> Card:
    """Args: is_bound: there are more than `total`. is_compliance: may block, and change all."""
    if not total:
        return card(
            "No spaces found", plain(f"None that you can see for: {query or 'all'}", longest=300)
        )
    spaces = count(total, "space")
    return card(
        f"Do something with all {'of more than ' if is_bound else ''}{spaces}",
        plain(f"Spaces {sentence}", subtle=True),
        text("You see what would come of it before anything is done."),
        *(
            []
            if is_compliance
            else [text("I do it to those that you manage; the others are left out.")]
        ),
        actions=[
            _button("Tag …", "bulk tag", query, "<tags>"),
            _button("Untag …", "bulk untag", query, "<tags>"),
            more(
                "Keep",
                actions=[
                    _button("Keep until …", "bulk keep until", query, "<date>"),
                    _button("Keep for ever", "bulk keep forever", query),
                    _button("Clear keeps", "bulk keep clear", query),
                ],
            ),
            more(
                "People",
                actions=[
                    _button("Add people …", "bulk add member", query, "<people>"),
                    _button("Remove people …", "bulk remove member", query, "<people>"),
                    _button("Add moderators …", "bulk add moderator", query, "<people>"),
                ],
            ),
            *([_button("Block", "bulk block", query)] if is_compliance else []),
        ],
    )


def _button(title: str, command: str, query: str, asks: str = "") -> Button:
    typed = " ".join(part for part in (command, asks, "where", query) if part)
    return press(title, command, typed=typed, query=query)
