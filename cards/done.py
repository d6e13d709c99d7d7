"""It is done: what, with its facts, and the way back where there is one."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Button, Card, card, facts, plain
from cards.parts import ENGLISH, Spoken


def done_card(
    said: str, *pairs: tuple[str, str], note: str = "", undo: Button | None = None,
    actions: Sequence[Button] = (), spoken: Spoken = ENGLISH,
) -> Card:  # fmt: skip
    """Args: said: one sentence, past tense. note: what the person should know besides."""
    return card(
        said,
        *([facts(*pairs)] if pairs else []),
        *([plain(note)] if note else []),
        actions=[*([undo] if undo else []), *actions],
        spoken=spoken,
    )
