"""A new tag that looks like a known one: what was perhaps meant, before there are two of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards.kit import Button, Card, card, plain, press
from cards.parts import MOST_BUTTONS
from cards.words import listed, named, typed_name
from domain.spaces import Space


def tag_meant_card(space: Space, tags: Sequence[str], meant: Mapping[str, Sequence[str]]) -> Card:
    """Nothing was done yet.

    Args:
        tags: all that were to be given, as they would be kept.
        meant: those among them that are new, with the known ones that they look like.
    """
    new = list(meant)
    return card(
        f"Did you mean {_asked(meant)}?",
        plain(
            f"{_quoted(new)} would be {'a new tag' if len(new) == 1 else 'new tags'}, and looks"
            f" like one that there is. I have not tagged {named(space)} yet."
        ),
        actions=[
            *(_button(space, tags, better) for better in _choices(tags, meant)),
            _button(space, tags, tags, is_new=True),
        ],
    )


def _choices(tags: Sequence[str], meant: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Where one is new, each that it may be; where several are, the best for all of them."""
    if len(meant) > 1:
        return [[meant[name][0] if name in meant else name for name in tags]]
    ((new, near),) = meant.items()
    return [[other if name == new else name for name in tags] for other in near][: MOST_BUTTONS - 1]


def _button(
    space: Space, tags: Sequence[str], to: Sequence[str], *, is_new: bool = False
) -> Button:
    words = list(dict.fromkeys(to))
    changed = [name for name in words if name not in tags] or words
    typed = f"tag {typed_name(space)} {' '.join(words)}"
    return press(
        f"No, {listed(words, most=3)} as written" if is_new else f"Yes, {listed(changed, most=3)}",
        "tag", once=True, typed=f"{typed} as new" if is_new else typed,
        space=str(space.id), tags=" ".join(words), given={"new": "yes"},
    )  # fmt: skip


def _asked(meant: Mapping[str, Sequence[str]]) -> str:
    if len(meant) > 1:
        return _quoted([near[0] for near in meant.values()])
    (near,) = meant.values()
    return " or ".join(f"“{name}”" for name in near)


def _quoted(names: Sequence[str]) -> str:
    return f"“{'”, “'.join(names)}”"
