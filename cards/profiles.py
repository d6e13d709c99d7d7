"""Several people, a page at a time, each with every field that Webex gives; and the ids that
nobody has, which come last and are counted from the first page on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cards.kit import Action, Button, Card, Child, card, more, plain, press
from cards.profile import profile_facts
from cards.words import count, harmless, together
from domain.profiles import Asked, Profile

PER_PAGE = 6
"""As many as a message's text holds with all of their fields."""
LOST_PER_PAGE = 50
_LOST_IN_LINE = 10


def profiles_card(asked: Asked, *, page: int, said: str, zone: str = "UTC") -> Card:
    """A page of people who were asked for.

    Args:
        page: from 1; one behind the last is the last.
        said: what was asked for, as it would be typed; the pages ask it again.
    """
    found, lost = asked.found, asked.not_found
    pages = [found[n : n + PER_PAGE] for n in range(0, len(found), PER_PAGE)]
    rest = [lost[n : n + LOST_PER_PAGE] for n in range(0, len(lost), LOST_PER_PAGE)]
    is_short = len(rest) == 1 and len(lost) <= _LOST_IN_LINE and bool(pages)
    behind = [] if is_short else rest
    number = min(max(page, 1), max(1, len(pages) + len(behind)))
    people = pages[number - 1] if number <= len(pages) else ()
    ids = behind[number - 1 - len(pages)] if number > len(pages) and behind else ()
    ids = lost if is_short and number == len(pages) else ids
    first = (number - 1) * PER_PAGE + 1
    return card(
        f"{first}–{first + len(people) - 1} of {count(len(found), 'person', 'people')}"
        if people
        else f"Nobody has {count(len(lost), 'id')} of those",
        *(plain(note, subtle=True) for note in asked.notes),
        *([plain(f"{count(len(lost), 'id')} not found", warns=True)] if lost and people else []),
        *(part for n, one in enumerate(people, first) for part in _entry(n, one, zone)),
        *_lost(ids),
        actions=[
            *([_all_of(first, people, zone)] if people else []),
            *([_page("Previous", said, number - 1)] if number > 1 else []),
            *([_page("Next", said, number + 1)] if number < len(pages) + len(behind) else []),
        ],
    )


def _entry(number: int, profile: Profile, zone: str) -> tuple[Child, Child]:
    """At a glance; what else Webex tells stands behind a button."""
    told = dict(profile_facts(profile, zone))
    return (
        plain(f"{number}. {harmless(profile.name)}", bold=True),
        plain(" · ".join(told[name] for name in ("E-mail", "Status")), subtle=True),
    )


def _all_of(first: int, people: Sequence[Profile], zone: str) -> Action:
    return more(
        "All that Webex tells",
        *(
            plain(f"{n}. {together(profile_facts(one, zone))}")
            for n, one in enumerate(people, first)
        ),
    )


def _lost(ids: Sequence[str]) -> Iterator[Child]:
    for start in range(0, len(ids), _LOST_IN_LINE):
        yield plain(f"Not found: {', '.join(ids[start : start + _LOST_IN_LINE])}")


def _page(title: str, asked: str, page: int) -> Button:
    return press(
        title, "get people", typed=f"people {asked} page {page}", who=asked, page=str(page)
    )
