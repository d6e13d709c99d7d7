"""Our fault: the person gets an id, the log has the rest."""

from __future__ import annotations

from cards.kit import Card, card, plain, text


def fault_card(fault_id: str) -> Card:
    """Args: fault_id: under which the log tells the story."""
    return card(
        "Something broke on my side",
        text("It was not your doing, and I can't say for sure whether anything was changed."),
        plain(f"Tell the people who run me this id: {fault_id}"),
        text("You may look with “status”, or try again in a minute.", subtle=True),
    )
