"""Following pages to their end, and knowing whether that was all.

Complete is only what ended without a fault, a loop or a repeated page (safety.md, rails);
an empty page with a next one is normal (webex-facts 1.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from webex.values import Page

T = TypeVar("T")
MOST_PAGES = 5_000


@dataclass(frozen=True, slots=True)
class Whole(Generic[T]):
    """All items that came, and whether they are all there are. `why` says what is amiss."""

    items: tuple[T, ...]
    complete: bool
    why: str = ""


def follow(
    ask: Callable[[str | None], Page[T]], *, most_pages: int = MOST_PAGES,
    is_enough: Callable[[T], bool] = lambda item: False,
) -> Whole[T]:  # fmt: skip
    """Every page from the first on, or until the last item of one `is_enough`. Raises what the
    gateway raises."""
    items: list[T] = []
    seen: set[str] = set()
    faulty = 0
    address: str | None = None
    before: tuple[T, ...] | None = None
    for _ in range(most_pages):
        page = ask(address)
        if page.items and page.items == before:
            return Whole(tuple(items), False, "the same page came twice")
        before = page.items
        items += page.items
        faulty += page.faulty
        if page.next is None or (page.items and is_enough(page.items[-1])):
            if faulty:
                return Whole(tuple(items), False, f"{faulty} items could not be read")
            return Whole(tuple(items), True)
        if page.next in seen:
            return Whole(tuple(items), False, "the pages go round in a circle")
        seen.add(page.next)
        address = page.next
    return Whole(tuple(items), False, "there is no end to the pages")
