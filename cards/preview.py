"""What would be done, shown before anybody says yes: names, counts, what can't come back."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Button, Card, Child, card, facts, fields, head, plain, press, row
from domain.fields import Field

_WIDTHS = (3, 2)


def preview_card(
    title: str, *pairs: tuple[str, str], rows: Sequence[tuple[str, str]] = (),
    columns: tuple[str, str] = ("Name", "What becomes of it"), more: int = 0,
    warnings: Sequence[str] = (), notes: Sequence[str] = (), code: str, which: int,
    retypes: bool, do: str = "Do it", others: Sequence[Button] = (),
) -> Card:  # fmt: skip
    """Args:
    rows: the first of what it would touch. more: how many there are besides.
    code: stands for exactly this. which: the key of what was shown.
    retypes: the code has to be typed; else the button alone will do.
    """
    children: list[Child] = [
        plain("I did nothing yet."),
        *([facts(*pairs)] if pairs else []),
        *([head(*columns, widths=_WIDTHS)] if rows else []),
        *(row(*one, widths=_WIDTHS) for one in rows),
        *([plain(f"And {more:,} more.")] if more > 0 else []),
        *(plain(one, warns=True) for one in warnings),
        *(plain(one) for one in notes),
    ]
    if retypes:
        children += [
            plain(f"To go on, type this code: {code}", bold=True),
            fields(Field(name="code", label="Code", hint=code, required=True)),
        ]
    return card(
        title, *children,
        actions=[
            press(
                do, "confirm", typed=f"confirm {code}", inputs=("code",) if retypes else (),
                style="destructive", once=True, which=str(which),
            ),
            *others,
        ],
    )  # fmt: skip
