"""Long work: that it goes on, how far it is, and in the end what came of each part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards.kit import Card, card, facts, head, plain, press, row
from cards.words import count, moment
from domain.works import Came, Ended, How, Work

_WIDTHS = (2, 3)
MOST_ROWS = 15
SAID = {
    How.DONE: "Done",
    How.ALREADY: "Was so already",
    How.REFUSED: "Could not be done",
    How.UNCLEAR: "Not known what came of it",
}


def progress_card(work: Work, done: int, *, noun: str = "of them", ends: str = "") -> Card:
    """Args: done: how many are through. ends: about when it ends, if that can be told."""
    of_what = f" {noun}" if work.total > 1 else ""
    total = f"{done:,} of {work.total:,}{of_what}" if work.total else "I am at it."
    return card(
        work.title,
        plain(f"{total}{f', {ends}' if ends else ''}"),
        *([plain(_bar(done, work.total))] if work.total else []),
        plain("I go on by myself, also if I am restarted, and tell you when it is over."),
        actions=[press("Stop", "work stop", typed=f"work stop {work.id}", number=str(work.id))],
    )


def over_card(work: Work) -> Card:
    """Stands in the place of the progress when it is over."""
    return card(work.title, plain("It is over; what came of it is below."))


def result_card(
    work: Work, counts: Mapping[How, int], rows: Sequence[Came], *, columns: tuple[str, str],
    notes: Sequence[str] = (), zone: str = "UTC",
) -> Card:  # fmt: skip
    """What came of it. Args: rows: what to name; what failed comes first."""
    left = work.total - sum(counts.values())
    shown = rows[:MOST_ROWS]
    return card(
        _title(work, counts),
        facts(
            ("What", work.title),
            *((SAID[how], f"{counts[how]:,}") for how in How if counts.get(how)),
            ("Not begun", f"{left:,}") if left else None,
            ("Begun", moment(work.started_at or work.made_at, zone)),
        ),
        *([plain(f"Stopped by {work.stopped_by}.")] if work.stopped_by else []),
        *([head(*columns, widths=_WIDTHS)] if shown else []),
        *(row(one.name, one.said or SAID[one.how], widths=_WIDTHS) for one in shown),
        *(
            [plain(f"And {count(len(rows) - len(shown), 'more')}.")]
            if len(rows) > len(shown)
            else []
        ),
        *(plain(note) for note in notes),
    )


def works_card(works: Sequence[tuple[Work, int]], *, zone: str = "UTC") -> Card:
    """Args: works: each with how many of it are done."""
    if not works:
        return card("No long work", plain("Nothing that takes long was set going."))
    going = [one for one, _ in works if one.finished_at is None]
    return card(
        f"Long work: {count(len(going), 'thing')} going on" if going else "Long work",
        head("What", "How it stands", widths=(3, 2)),
        *(
            row(f"{one.id}. {one.title}", _stands(one, done, zone), widths=(3, 2))
            for one, done in works
        ),
        actions=[
            press(f"Stop {one.id}", "work stop", typed=f"work stop {one.id}", number=str(one.id))
            for one in going[:4]
        ],
    )


def _stands(work: Work, done: int, zone: str) -> str:
    if work.finished_at is None:
        return f"{done:,} of {work.total:,}" if work.total else "going on"
    return f"{work.ended}, {moment(work.finished_at, zone)}"


def _title(work: Work, counts: Mapping[How, int]) -> str:
    done = counts.get(How.DONE, 0)
    if work.ended is Ended.FAILED:
        return "It could not be ended"
    if work.ended is Ended.STOPPED:
        return f"Stopped: {done:,} of {work.total:,} done"
    return f"Done: {done:,} of {work.total:,}" if work.total else "Done"


def _bar(done: int, total: int) -> str:
    full = min(20, 20 * done // max(1, total))
    return "▓" * full + "░" * (20 - full)
