"""To compliance: nobody in a space took it over; what was tried, who could, what can be done."""

from __future__ import annotations

from cards.kit import Card, card, facts, head, plain, press, row
from cards.words import count, date, harmless, named, typed_name
from domain.owning import Said, SearchView

MOST = 12
_WIDTHS = (4, 2, 3)


def owner_escalated_card(view: SearchView, *, zone: str = "UTC") -> Card:
    space, name, room = view.space, typed_name(view.space), str(view.space.id)
    rest = len(view.asked) - MOST
    unneeded = sum(one.said is Said.NOT_NEEDED for one in view.asked)
    return card(
        f"Nobody owns {named(space, 60)}",
        plain(
            f"{_asked(view)} Nothing happens to it until you decide; it is not deleted by itself."
        ),
        facts(
            ("Last used", date(space.last_used, zone)),
            ("Blocked", "yes: nothing can be written in it") if view.is_blocked else None,
            ("Say that nobody needs it", str(unneeded)) if unneeded else None,
            ("Could own it, too", "; ".join(f"{n} ({e})" for n, e in view.others))
            if view.others else ("Could own it, too", "nobody else in it"),
        ),
        *([head("Asked", "Wrote", "Answer", widths=_WIDTHS)] if view.asked else []),
        *(
            row(
                f"{harmless(one.name, 60)} ({harmless(one.email, 60)})",
                "not known" if one.messages is None else f"{one.messages:,}",
                str(one.said) or ("no answer" if one.asked_at else "not reached"),
                widths=_WIDTHS,
            )
            for one in view.asked[:MOST]
        ),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        actions=[
            press("Assign an owner …", "owner assign", typed=f"owner assign {name} <e-mail>",
                  space=room),
            press("Keep until …", "keep until", typed=f"keep until {name} <date>", space=room),
            press("Hold …", "hold place", typed=f"hold place <name> space {name}"),
            press("Leave it", "owner leave", typed=f"owner leave {name}", space=room),
            press("Why?", "explain", typed=f"explain {name}", space=room),
        ],
    )  # fmt: skip


def _asked(view: SearchView) -> str:
    if not view.asked:
        return "Nobody in it could be asked: no person of ours who can log in is left in it."
    rounds = count(view.search.round, "round")
    return f"{count(len(view.asked), 'member')} were asked in {rounds}, and nobody took it over."
