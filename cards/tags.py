"""Tags: those of one space and who gave them, and all of them with how often they are used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Button, Card, card, head, plain, press, row, text
from cards.parts import MOST_BUTTONS
from cards.words import count, date, listed, named, typed_name
from domain.spaces import Space

MOST = 50
_WIDTHS = (2, 3)


def space_tags_card(
    space: Space, *, manages: bool, given: Sequence[tuple[str, str, datetime]] = (),
    reserved: Sequence[str] = (), lacking: Sequence[str] = (), zone: str = "UTC",
) -> Card:  # fmt: skip
    """The tags of one space.

    Args:
        manages: the caller may change them.
        given: tag, by whom (empty: by nobody in person), when.
        reserved: those of them that compliance alone may take off.
        lacking: the required sets of which it has none, said.
    """
    name, room = typed_name(space), str(space.id)
    return card(
        f"Tags of {named(space)}",
        plain(listed(space.tags, most=MOST, none="It has no tags.")),
        *([head("Tag", "Given", widths=_WIDTHS)] if given else []),
        *(
            row(
                f"{tag} (reserved)" if tag in reserved else tag,
                f"by {by}, {date(at, zone)}" if by else date(at, zone), widths=_WIDTHS,
            )
            for tag, by, at in given[:MOST]
        ),
        *(
            [plain(f"Missing: it has to have {', and '.join(lacking)}.", warns=True)]
            if lacking
            else []
        ),
        actions=[
            press("Tag …", "tag", typed=f"tag {name} <tags>", space=room),
            *(
                [press("Untag …", "untag", typed=f"untag {name} <tags>", space=room)]
                if space.tags
                else []
            ),
        ]
        if manages
        else [],
    )  # fmt: skip


def tags_card(counts: Sequence[tuple[str, int]], *, has_rules: bool = False) -> Card:
    """All tags that the caller may see, with the number of their spaces, most used first.

    Args: has_rules: some are reserved or required.
    """
    rest = len(counts) - MOST
    most = MOST_BUTTONS - 1 if has_rules else MOST_BUTTONS
    return card(
        count(len(counts), "tag") if counts else "No tags yet",
        *([head("Tag", "Spaces", widths=(3, 1))] if counts else []),
        *(row(tag, f"{used:,}", widths=(3, 1)) for tag, used in counts[:MOST]),
        *([plain(f"And {rest:,} more, used less.")] if rest > 0 else []),
        text("“search tag:” and a tag finds its spaces, such as “search tag:finance”."),
        actions=[
            *(_find(tag) for tag, _ in counts[:most]),
            *([press("Rules", "tag rules")] if has_rules else []),
        ],
    )


def _find(tag: str) -> Button:
    return press(tag, "search", typed=f"search tag:{tag}", query=f"tag:{tag}")
