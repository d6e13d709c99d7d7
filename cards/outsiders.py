"""To the owners of a space: who was removed from it, since they are of other organisations."""

from __future__ import annotations

from cards.kit import Card, card, facts, plain, press
from cards.words import count, named, typed_name
from domain.views import Outsiders

MOST = 15


def outsiders_card(told: Outsiders, *, zone: str = "UTC") -> Card:
    name = typed_name(told.space)
    rest = len(told.removed) - MOST
    return card(
        f"{count(len(told.removed), 'outsider')} removed",
        facts(("Space", named(told.space)), ("By the policy", told.policy)),
        *(plain(email) for email in told.removed[:MOST]),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        plain("Everybody else is still in it, and all that was written is there."),
        actions=[
            press("Details", "space", typed=f"space {name}", space=str(told.space.id)),
            press("Keep for ever", "keep forever", typed=f"keep forever {name}",
                  space=str(told.space.id)),
        ],
    )  # fmt: skip
