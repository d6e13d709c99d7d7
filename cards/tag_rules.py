"""The rules of tags: which are reserved, and of which every space has to have one."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, plain, press
from cards.words import listed

MOST = 50


def tag_rules_card(*, reserved: Sequence[str], required: Sequence[str], manages: bool) -> Card:
    """Args: required: each set, said. manages: the caller may change the rules."""
    return card(
        "Rules for tags",
        plain(f"Reserved, for compliance to give and to take: {listed(reserved, most=MOST)}."),
        *(
            plain(f"Every space of several people has to have {said}.", longest=300)
            for said in required[:MOST]
        ),
        *([] if required else [plain("No tag is required.")]),
        actions=[
            *(
                [press("Spaces that lack one", "search", query="required:missing")]
                if required
                else []
            ),
            *(
                [
                    press("Reserve …", "tag reserve", typed="tag reserve <tags>"),
                    press("Require …", "tag require", typed="tag require <tags>"),
                ]
                if manages
                else []
            ),
        ],
    )
