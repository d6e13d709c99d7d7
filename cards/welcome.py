"""The one hello, when the bot comes into a conversation or a space."""

from __future__ import annotations

from cards.kit import Card, card, plain, press, text


def welcome_card(*, name: str = "", is_private: bool = True) -> Card:
    """Args: name: whom to greet, 1:1. is_private: 1:1, where no mention is needed."""
    return card(
        f"Hello {name}".strip(),
        text(
            "I am Spacekeeper. I look after the spaces of your company: I find them, tag them, "
            "say who is in them, and see to it that what has to be kept is kept, and what has "
            "to go is gone, with its owners warned first."
        ),
        text("Just write to me here.") if is_private else text("Mention me to talk to me here."),
        plain("Try: search inactive:>90d", subtle=True),
        actions=[press("Help", "help"), press("Find spaces", "search")],
    )
