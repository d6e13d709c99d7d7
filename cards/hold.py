"""One hold: what it is for, what it is on, how far that reaches, and who did what when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Card, Child, card, facts, head, plain, press, row
from cards.words import count, date, harmless, moment
from domain.cases import Hold
from domain.spaces import Space

MOST = 10
MOST_LINES = 15
_WIDTHS = (2, 2, 5)


def hold_card(
    hold: Hold, *, by: str, reach: int, spaces: Sequence[Space] = (), space_count: int = 0,
    people: Sequence[str] = (), person_count: int = 0, tags: Sequence[str] = (),
    searches: Sequence[str] = (), history: Sequence[tuple[datetime, str, str]] = (),
    now: datetime, zone: str = "UTC",
) -> Card:  # fmt: skip
    """Args:
    reach: how many spaces it is on now. spaces, people: the first of those that it names.
    history: when, who, what; the newest first.
    """
    name, is_on = hold.name, hold.is_on(now)
    listed: list[Child] = [
        *(plain(f"Space: {harmless(one.shown_title, 80)}") for one in spaces[:MOST]),
        *_more(space_count, MOST, "space"),
        *(plain(f"Person: {one}") for one in people[:MOST]),
        *_more(person_count, MOST, "person", "people"),
        *(plain(f"Tag: {one}") for one in tags),
        *(plain(f"Search: {one}") for one in searches),
    ]
    quoted = f'"{name}"' if " " in name else name
    return card(
        f"Hold {harmless(name, 60)}",
        facts(
            ("Matter", hold.matter or "not said"), ("Why", hold.reason or "not said"),
            ("Placed", f"{date(hold.at, zone)}, by {by or 'somebody not known'}"),
            ("Ends", _end(hold, now, zone)), ("Reaches now", count(reach, "space")),
        ),
        *listed,
        plain("Owners learn only that nothing may be deleted for now."),
        *([head("When", "Who", "What", widths=_WIDTHS)] if history else []),
        *(
            row(moment(at, zone), who or "not known", harmless(said, 200), widths=_WIDTHS)
            for at, who, said in history[:MOST_LINES]
        ),
        *_more(len(history), MOST_LINES, "line"),
        actions=[
            press("Export", "hold export", typed=f"hold export {quoted}", hold=name),
            *(
                [
                    press("Put it on more …", "hold add", typed=f"hold add {quoted}", hold=name),
                    press("Release", "hold release", typed=f"hold release {quoted}", hold=name),
                ]
                if is_on and hold.released_at is None
                else [press("Hold on", "hold place", typed=f"hold place {quoted}", hold=name)]
                if is_on
                else []
            ),
        ],
    )  # fmt: skip


def _end(hold: Hold, now: datetime, zone: str) -> str:
    if hold.ends_at is None:
        return "when somebody releases it"
    if not hold.is_on(now):
        return f"ended {date(hold.ends_at, zone)}"
    if hold.released_at is not None:
        return f"{moment(hold.ends_at, zone)}; released {date(hold.released_at, zone)}"
    return f"by itself, {moment(hold.ends_at, zone)}"


def _more(number: int, shown: int, one: str, several: str = "") -> list[Child]:
    rest = number - shown
    return (
        [plain(f"And {count(rest, f'more {one}', f'more {several or one + chr(115)}')}.")]
        if rest > 0
        else []
    )
