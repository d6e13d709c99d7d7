"""To a member of a space that nobody owns: will you take it over? And what came of that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cards.kit import Bound, Card, card, facts, plain, press
from cards.words import DASH, count, date, moment, named, typed_name
from domain.owning import AskView, SearchState, SearchView
from domain.spaces import Space

LIFE = timedelta(days=60)
"""Who was asked first may still say yes when all the others have been asked."""


def owner_ask_card(view: AskView, *, zone: str = "UTC") -> Card:
    """Only whom it is for may press."""
    space, name, room = view.space, typed_name(view.space), str(view.space.id)
    bound = Bound(only_for=view.person, space=space.key, life=LIFE)
    return card(
        f"Will you take over {named(space, 60)}?",
        plain(
            "Nobody owns it any more: whoever moderated it is gone. I ask those who were the most"
            " active in it; the first yes counts."
        ),
        facts(
            ("You wrote in it", _wrote(view.messages)),
            ("Last used", date(space.last_used, zone)),
            ("What becomes of it", view.why) if view.why else None,
            ("Please answer by", moment(view.answer_by, zone)),
        ),
        plain(
            "If you take it over, you become its moderator, are warned before anything happens to"
            " it, and decide whether it is kept."
        ),
        *(plain(one) for one in view.follows),
        plain("If nobody does, compliance decides. By no answer is it deleted."),
        actions=[
            press("I take it", "take over", typed=f"take over {name}", bound=bound, space=room),
            press("Not me", "not me", typed=f"not me {name}", bound=bound, space=room),
            press("Nobody needs it", "nobody needs", typed=f"nobody needs {name}", bound=bound,
                  space=room),
            press("Why?", "explain", typed=f"explain {name}", bound=bound, space=room),
        ],
    )  # fmt: skip


def owner_taken_card(
    space: Space, *, is_moderator: bool, was_due: bool, notes: Sequence[str] = ()
) -> Card:
    """To whoever took it over."""
    name, room = typed_name(space), str(space.id)
    return card(
        f"{named(space, 60)} is yours now.",
        plain(
            "You moderate it now." if is_moderator
            else "You own it by my record: you are warned of it, and decide about it."
        ),
        *(plain(one) for one in notes),
        plain(
            "What was on its way begins anew, with all of its warnings to you."
            if was_due else "Nothing is due; you are warned before anything happens to it."
        ),
        actions=[
            press("Keep until …", "keep until", typed=f"keep until {name} <date>", space=room),
            press("Keep for ever", "keep forever", typed=f"keep forever {name}", space=room),
            press("Details", "space", typed=f"space {name}", space=room),
        ],
    )  # fmt: skip


def owner_assigned_card(space: Space, *, by: str, is_moderator: bool, was_due: bool) -> Card:
    """To whoever compliance made the owner."""
    taken = owner_taken_card(space, is_moderator=is_moderator, was_due=was_due)
    return card(
        f"{by} made you the owner of {named(space, 60)}.", *taken.children, actions=taken.actions
    )


def owner_over_card(view: SearchView, *, zone: str = "UTC") -> Card:
    """In the place of the questions, once nobody has to be found any more."""
    is_over = view.search.state is SearchState.OVER
    return card(
        f"{named(view.space, 60)}: answered",
        plain(f"Nobody has to be found any more: {view.why}." if is_over else f"It is {view.why}."),
        facts(("At", moment(view.search.closed_at, zone)) if view.search.closed_at else None),
    )


def _wrote(messages: int | None) -> str:
    """In the last half year of its use."""
    if messages is None:
        return DASH
    if not messages:
        return "nothing in the last half year of its use"
    return f"{count(messages, 'message')} in the last half year of its use"
