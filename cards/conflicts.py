"""The conflict inbox: who disagrees about which space, what wins, and what resolves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cards.kit import Action, Button, Card, card, facts, head, plain, press, row, text
from cards.paging import each_space
from cards.words import count, harmless, named, quoted, typed_name
from domain.conflicts import Clash, Conflict
from domain.spaces import Space

PER_PAGE = 5
_WIDTHS = (3, 5, 3)


def conflicts_card(
    rows: Sequence[Conflict], *, total: int, page: int = 1,
    counts: Sequence[tuple[Clash, int]] = (), seen: int = 0, kind: Clash | None = None,
) -> Card:  # fmt: skip
    """A page of those that nobody has looked at.

    Args:
        total: how many there are, of `kind` where one was asked for; `counts` of all, by kind.
        seen: how many were looked at and have not changed since.
    """
    looked = f"{count(seen, 'conflict')} that you looked at did not change." if seen else ""
    if not counts:
        return card("Nothing disagrees", text("No keep, hold, floor or policy stands against"
                    " another."), *([plain(looked)] if looked else []))  # fmt: skip
    first = (page - 1) * PER_PAGE + 1
    return card(
        count(total, "conflict"),
        facts(*((f"{str(one).capitalize()}", f"{number:,}") for one, number in counts)),
        *([plain(f"Only those where {kind}.")] if kind else []),
        head("Space", "Who says what", "So", widths=_WIDTHS),
        *(
            row(
                f"{n}. {harmless(one.space.shown_title, 60)}", harmless(one.said, 160),
                harmless(one.wins, 80), widths=_WIDTHS,
            )
            for n, one in enumerate(rows, first)
        ),
        *([plain(looked)] if looked else []),
        actions=[
            *each_space([one.space for one in rows], first, "conflicts"),
            *([_page("Back", page - 1, kind)] if page > 1 else []),
            *([_page("More", page + 1, kind)] if first - 1 + len(rows) < total else []),
        ],
    )  # fmt: skip


def conflict_card(space: Space, mine: Sequence[Conflict]) -> Card:
    """All that disagrees about one space. What is on it resolves it; an order holds anyway."""
    name, room = typed_name(space), str(space.id)
    is_seen = all(one.is_seen for one in mine)
    return card(
        f"What disagrees about {named(space, 60)}",
        facts(*((str(one.kind).capitalize(), one.said) for one in mine), ("So", mine[0].wins)),
        plain(
            "You have looked at it, and nothing of it changed since." if is_seen
            else "Nothing has to be done: that order holds. “Looked at” takes it off the list until"
            " somebody changes one side of it."
        ),
        actions=[
            *([] if is_seen else [press("Looked at", "conflicts seen",
              typed=f"conflicts seen {name}", space=room)]),
            *list(_resolving(mine, name, room))[:3],
            press("Why?", "explain", typed=f"explain {name}", space=room),
        ],
    )  # fmt: skip


def _resolving(mine: Sequence[Conflict], name: str, room: str) -> Iterator[Button]:
    kinds = {one.kind for one in mine}
    if Clash.KEEP in kinds:
        yield press("Clear the keep", "keep clear", typed=f"keep clear {name}", space=room)
    if Clash.HOLD in kinds:
        yield press("Holds", "holds")
    for policy in dict.fromkeys(name for one in mine for name in one.policies):
        yield press(
            f"Policy {harmless(policy, 40)}", "policy show", typed=f"policy show {quoted(policy)}",
            policy=policy,
        )  # fmt: skip


def _page(title: str, number: int, kind: Clash | None) -> Action:
    given = {"page": str(number), **({"kind": kind.name.lower()} if kind else {})}
    of = f" of {kind.name.lower()}" if kind else ""
    return press(title, "conflicts", given=given, typed=f"conflicts page {number}{of}")
