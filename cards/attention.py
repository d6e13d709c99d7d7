"""What waits for compliance to look, and why."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, head, more, plain, press, row, text
from cards.parts import MOST_BUTTONS
from cards.words import count, date, harmless, typed_name
from domain.views import Waiting

MOST = 8
_WIDTHS = (3, 4, 2)


def attention_card(waiting: Sequence[Waiting], *, zone: str = "UTC") -> Card:
    shown, rest = waiting[:MOST], len(waiting) - MOST
    if not waiting:
        return card("Nothing waits for you", text("Every space goes its way by itself."))
    return card(
        f"{count(len(waiting), 'space')} {'waits' if len(waiting) == 1 else 'wait'} for you",
        head("Space", "Why", "Since", widths=_WIDTHS),
        *(
            row(
                f"{n}. {harmless(one.space.shown_title, 60)}",
                f"{harmless(one.why, 100)}{' (blocked)' if one.is_blocked else ''}",
                date(one.since, zone),
                widths=_WIDTHS,
            )
            for n, one in enumerate(shown, 1)
        ),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        text(
            "Put right what is wrong, then say that you have looked: the space is opened again "
            "if it was blocked, left alone for a week, and warned of anew if a policy still "
            "says so."
        ),
        actions=[
            more(
                f"Done with {start + 1}–{start + len(shown[start : start + MOST_BUTTONS])}",
                actions=[
                    press(
                        f"{n}. {harmless(one.space.shown_title, 40)}", "attention done",
                        typed=f"attention done {typed_name(one.space)}", space=str(one.space.id),
                    )
                    for n, one in enumerate(shown[start : start + MOST_BUTTONS], start + 1)
                ],
            )
            for start in range(0, len(shown), MOST_BUTTONS)
        ],
    )  # fmt: skip
