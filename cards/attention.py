"""What waits for compliance to look: the list, and one of it with what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Action, Card, card, facts, head, plain, press, row, text
from cards.paging import each_space
from cards.words import count, date, harmless, named, typed_name
from domain.attention import Kind
from domain.views import Waiting

PER_PAGE = 10
_WIDTHS = (3, 4, 2)


def attention_card(
    waiting: Sequence[Waiting], *, total: int, page: int = 1,
    counts: Sequence[tuple[Kind, int]] = (), kind: Kind | None = None, zone: str = "UTC",
) -> Card:  # fmt: skip
    """A page of the list.

    Args:
        total: how many there are, of `kind` where one was asked for.
        counts: of all that wait, by kind.
    """
    if not counts:
        return card("Nothing waits for you", text("Every space goes its way by itself."))
    first = (page - 1) * PER_PAGE + 1
    return card(
        f"{count(total, 'space')} {'waits' if total == 1 else 'wait'} for you",
        facts(*((f"{str(one).capitalize()}", f"{number:,}") for one, number in counts)),
        *([plain(f"Only those where {kind}.")] if kind else []),
        head("Space", "Why", "Since", widths=_WIDTHS),
        *(
            row(
                f"{n}. {harmless(one.space.shown_title, 60)}", _why(one), date(one.since, zone),
                widths=_WIDTHS,
            )
            for n, one in enumerate(waiting, first)
        ),
        text(
            "Open one to see what can be done. Nothing more happens by itself to a space that"
            " stands still; what only needs to be known goes on its way."
        ),
        actions=[
            *each_space([one.space for one in waiting], first, "attention"),
            *([_page("Back", page - 1, kind)] if page > 1 else []),
            *([_page("More", page + 1, kind)] if first - 1 + len(waiting) < total else []),
        ],
    )  # fmt: skip


def attention_one_card(one: Waiting, *, zone: str = "UTC") -> Card:
    """One of them, with the buttons for it."""
    name, room = typed_name(one.space), str(one.space.id)
    answer = {
        Kind.OWNERLESS: press(
            "Assign an owner …", "owner assign", typed=f"owner assign {name} <e-mail>", space=room
        ),
        Kind.REQUEST: press("Put it back", "delete undo", typed=f"delete undo {name}", space=room),
    }.get(one.kind)
    tries = one.kind not in (Kind.NEEDED, Kind.REQUEST)
    title = {Kind.OWNERLESS: "Ask anew", Kind.DELETION: "Look again"}.get(one.kind, "Try again")
    return card(
        f"{named(one.space, 60)} waits for you",
        facts(
            ("Why", one.why), ("Kind", str(one.kind).capitalize()),
            ("Since", date(one.since, zone)),
            ("Blocked", "yes: nothing can be written in it") if one.is_blocked else None,
            ("Who is on it", one.on_it or "nobody yet") if one.kind is not Kind.REQUEST else None,
        ),
        plain(_MEANS[one.kind]),
        actions=[
            *([answer] if answer else []),
            *([press(title, "attention retry", typed=f"attention retry {name}", space=room)]
              if tries else []),
            *([press("I am on it", "attention take", typed=f"attention take {name}", space=room)]
              if one.kind is not Kind.REQUEST else []),
            press("Keep until …", "keep until", typed=f"keep until {name} <date>", space=room),
            *([press("Done …", "attention done", typed=f"attention done {name} because <why>",
                     space=room)] if tries else []),
        ],
    )  # fmt: skip


_ANEW = (
    "Done: the space is opened again if it was blocked, left alone for a week, and warned of anew"
    " if a policy still says so."
)
_MEANS = {
    Kind.DELETION: "It may still be there, or be gone without proof. Look again, or in Webex. "
    + _ANEW,
    Kind.REQUEST: "It stays blocked, and nothing more is done to it, until it is put back.",
    Kind.BLOCK: "Somebody changed it while it was blocked, so nothing was deleted. " + _ANEW,
    Kind.STUCK: "The log says what is wrong with it; the others go on. " + _ANEW,
    Kind.OWNERLESS: "Its members are asked to take it over; you can name an owner at once. "
    + _ANEW,
    Kind.NEEDED: "It goes on its way unless you or an owner keep it: a member's word keeps"
    " nothing.",
}


def _why(one: Waiting) -> str:
    blocked = " (blocked)" if one.is_blocked else ""
    by = f"; {harmless(one.on_it, 40)} is on it" if one.on_it else ""
    return f"{harmless(one.why, 100)}{blocked}{by}"


def _page(title: str, number: int, kind: Kind | None) -> Action:
    given = {"page": str(number), **({"kind": kind.name.lower()} if kind else {})}
    of = f" of {kind.name.lower()}" if kind else ""
    return press(title, "attention", given=given, typed=f"attention page {number}{of}")
