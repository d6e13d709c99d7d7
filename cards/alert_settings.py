"""How each kind of alert is told, who said so, and the reader's own quiet hours."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, fields, head, more, plain, press, row
from cards.words import harmless
from domain.alerts import NATURES, Way, WayOf
from domain.fields import Field, FieldKind

_WIDTHS = (4, 3, 3)


def alert_settings_card(ways: Sequence[WayOf], *, quiet: str, note: str = "") -> Card:
    """Args: ways: of every kind. quiet: the reader's own quiet hours, said."""
    return card(
        "How alerts are told",
        *([plain(note, bold=True)] if note else []),
        head("About", "Told", "May also be", widths=_WIDTHS),
        *(
            row(
                f"{NATURES[one.kind].title} ({one.kind})",
                f"{one.way}" + (f", said {harmless(one.by, 60)}" if one.by else ""),
                ", ".join(other for other in NATURES[one.kind].ways if other is not one.way)
                or "nothing else: it must reach somebody",
                widths=_WIDTHS,
            )
            for one in ways
        ),
        plain(
            f"Your quiet hours: {quiet}, where you are. What is urgent comes all the same. The"
            " digest comes once a day, at eight in the morning."
        ),
        actions=[
            more(
                "Change a kind",
                fields(
                    Field(
                        name="kind", label="About", kind=FieldKind.CHOICE, required=True,
                        choices=tuple(
                            (str(one.kind), NATURES[one.kind].title)
                            for one in ways
                            if len(NATURES[one.kind].ways) > 1
                        ),
                    ),
                    Field(
                        name="way", label="Told", kind=FieldKind.CHOICE, required=True,
                        choices=tuple((str(way), str(way)) for way in Way),
                    ),
                ),
                actions=[
                    press(
                        "Change", "alert settings", inputs=("kind", "way"),
                        typed="alert settings <kind> <at once, digest or off>",
                    )
                ],
            ),
            more(
                "My quiet hours",
                fields(
                    Field(
                        name="quiet", label="From–to, or off", hint="22:00-06:30", required=True
                    )
                ),
                actions=[
                    press(
                        "Set", "alert settings", inputs=("quiet",),
                        typed="alert settings quiet <from-to>",
                    )
                ],
            ),
            press("Alerts", "alerts"),
        ],
    )  # fmt: skip
