"""The figures of many spaces in one card; their picture and their file come beside it.

Decides the look; what is counted and what may be seen is decided before. Every number stands in
words here, since a picture is never the only place for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from cards.facets import Counts, Share
from cards.kit import Action, Card, Child, card, facts, more, plain, press, row, text
from cards.parts import MOST_BUTTONS
from cards.words import NOT_KNOWN, count, harmless, moment

_WIDTHS = (2, 5)
_SHOWN = 7


def report_card(
    query: str, total: int, figures: Sequence[Counts], months: Sequence[tuple[str, int, int]], *,
    sentence: str, is_whole: bool, inventory_at: datetime | None, is_complete: bool,
    closer: Sequence[Share] = (), outsiders: Sequence[tuple[str, int]] = (),
    looks: Sequence[tuple[datetime, int]] = (), zone: str = "UTC",
) -> Card:  # fmt: skip
    """Args:
    months: (name, made in it, there at its end), oldest first.
    is_whole: of the whole company; else of the spaces that the reader is in.
    closer: what deserves a look, each to be pressed.
    looks: how many spaces complete looks at the company have counted.
    """
    return card(
        f"{count(total, 'space')} in figures",
        plain(f"{'Of the company' if is_whole else 'Of your own'}: spaces {sentence}", subtle=True),
        *(row(one.label, said(one, total), widths=_WIDTHS) for one in figures),
        *_people(outsiders),
        *_growth(months, looks),
        facts(
            ("List of spaces complete as of", moment(inventory_at, zone)),
            None if is_complete else ("The latest look", "was not complete; some may be missing"),
        ),
        text("The same as a picture comes below. A space that matches nothing is in no part."),
        actions=[
            *([_closer(closer)] if closer else []),
            *_by(query, figures),
            press("As XLSX", "report", typed=f"report {query} as xlsx", query=query, kind="xlsx"),
        ],
    )  # fmt: skip


def said(counts: Counts, total: int) -> str:
    """The parts of a figure with their shares, in words."""
    some = [one for one in counts.shares if one.number]
    parts = [f"{harmless(one.label, 40)} {_of(one.number, total)}" for one in some[:_SHOWN]]
    left = len(some) - _SHOWN + counts.more
    parts += [f"and {left:,} more" if left > 0 else ""]
    parts += [f"{NOT_KNOWN} {_of(counts.unknown, total)}" if counts.unknown else ""]
    return "; ".join(part for part in parts if part) or "none"


def _of(number: int, total: int) -> str:
    share = 100 * number / total if total else 0
    percent = "under 1 %" if 0 < share < 1 else f"{share:.0f} %"
    return f"{number:,} ({percent})"


def _people(outsiders: Sequence[tuple[str, int]]) -> Iterator[Child]:
    if outsiders:
        words = [f"{harmless(name, 60)} {number:,}" for name, number in outsiders[:_SHOWN]]
        yield row("People from outside", "; ".join(words), widths=_WIDTHS)


def _growth(
    months: Sequence[tuple[str, int, int]], looks: Sequence[tuple[datetime, int]]
) -> Iterator[Child]:
    made = "; ".join(f"{name} {number:,}" for name, number, _ in months if number)
    yield row("Made in", made or "none in these months", widths=_WIDTHS)
    if months:
        (first, _, then), (last, _, now) = months[0], months[-1]
        words = f"{then:,} at the end of {first}, {now:,} at the end of {last}, of those of today"
        yield row("Growth", words, widths=_WIDTHS)
    if looks:
        words = "; ".join(f"{at:%Y-%m-%d} {number:,}" for at, number in looks)
        yield row("Counted then", words, widths=_WIDTHS)


def _closer(closer: Sequence[Share]) -> Action:
    return more(
        "Look closer …",
        actions=[
            press(
                f"{one.label}: {one.number:,}", "search", typed=f"search {one.query}",
                query=one.query,
            )
            for one in closer[:MOST_BUTTONS]
        ],
    )  # fmt: skip


def _by(query: str, figures: Sequence[Counts]) -> Iterator[Action]:
    for start in range(0, len(figures), MOST_BUTTONS):
        some = figures[start : start + MOST_BUTTONS]
        yield more(
            f"Each part of {some[0].label.lower()} …",
            actions=[
                press(
                    one.label, "facets", typed=f"facets {query} by {one.name}", query=query,
                    by=one.name,
                )
                for one in some
            ],
        )  # fmt: skip
