"""A space was blocked: what that means, until when, and how to get it back."""

from __future__ import annotations

from datetime import timedelta

from cards.kit import Bound, Card, card, facts, plain, press, text
from cards.words import date, named, typed_name
from domain.policies import Ending
from domain.views import Warned

_LIFE = timedelta(days=60)
"""Longer than a space stays blocked; the case's next move voids the buttons anyway."""


def blocked_card(one: Warned, *, zone: str = "UTC") -> Card:
    """For an owner. `one.gone_at` is when it is deleted; keeping it unblocks it."""
    name, room = typed_name(one.space), str(one.space.id)
    bound = Bound(
        space=one.space.key, case=one.case, cycle=one.cycle, version=one.version, life=_LIFE
    )
    deletes = one.ending is Ending.DELETE
    return card(
        f"{named(one.space, 60)} is blocked",
        text("What is there can be read; nothing new can be written."),
        facts(
            ("Deleted on", date(one.gone_at, zone)) if deletes else None,
            ("Why", one.why),
        ),
        *(
            [plain("It goes with all that is in it, and can't be brought back.", warns=True)]
            if deletes
            else []
        ),
        text("Keep it, and it is put back exactly as it was."),
        actions=[
            press("Keep for ever", "keep forever", typed=f"keep forever {name}", bound=bound,
                  space=room),
            press("Keep until …", "keep until", typed=f"keep until {name} <date>", bound=bound,
                  space=room),
            press("Explain", "explain", typed=f"explain {name}", space=room),
        ],
    )  # fmt: skip
