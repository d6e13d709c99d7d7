"""The spaces that nobody owns: how many, and how far the search for each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards.kit import Action, Card, card, facts, head, plain, press, row, text
from cards.paging import each_space
from cards.words import count, date, harmless
from domain.owning import Search, SearchState
from domain.spaces import Space

PER_PAGE = 10
_WIDTHS = (4, 2, 3)


def ownerless_card(
    rows: Sequence[tuple[Space, Search | None]], *, total: int, page: int,
    counts: Mapping[SearchState, int], zone: str = "UTC",
) -> Card:  # fmt: skip
    """Args: total: how many there are. counts: of the searches that are going on."""
    if not total:
        return card("Every space has an owner", text("As far as it is known who is in them."))
    first = (page - 1) * PER_PAGE + 1
    asking = counts.get(SearchState.ASKING, 0) + counts.get(SearchState.TAKING, 0)
    return card(
        f"Nobody owns {count(total, 'space')}",
        facts(
            ("Members are being asked", f"{asking:,}"),
            ("Nobody took it over", f"{counts.get(SearchState.ESCALATED, 0):,}"),
        ),
        head("Space", "Last used", "Search", widths=_WIDTHS),
        *(
            row(
                f"{n}. {harmless(space.shown_title, 60)}", date(space.last_used, zone),
                _how(search), widths=_WIDTHS,
            )
            for n, (space, search) in enumerate(rows, first)
        ),
        plain(
            "Nobody is warned about a space without an owner, so no policy ends it. “Find owners”"
            " asks the most active members of each, a few at a time."
        ),
        actions=[
            press("Find owners …", "find owners", given={"query": "owner:none"},
                  typed="find owners where owner:none"),
            *each_space(
                [space for space, _ in rows], first, "owner assign", word="Assign", also=" <e-mail>"
            ),
            *([_page("Back", page - 1)] if page > 1 else []),
            *([_page("More", page + 1)] if first - 1 + len(rows) < total else []),
        ],
    )  # fmt: skip


def _how(search: Search | None) -> str:
    if search is None:
        return "none"
    if search.state is SearchState.ESCALATED:
        return "nobody took it over"
    return harmless(search.why, 80)


def _page(title: str, number: int) -> Action:
    return press(title, "ownerless", page=str(number), typed=f"ownerless {number}")
