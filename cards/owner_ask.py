"""To a member of a space that nobody owns: will you take it over? And what came of that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cards.kit import Bound, Card, card, facts, plain, press
from cards.speech import Speech
from cards.words import DASH, harmless, named, typed_name
from domain.owning import AskView, Said, SearchState, SearchView
from domain.people import ANYBODY, Reader
from domain.spaces import Space

LIFE = timedelta(days=60)
"""Who was asked first may still say yes when all the others have been asked."""


def owner_ask_card(view: AskView, *, reader: Reader = ANYBODY) -> Card:
    """Only whom it is for may press."""
    say = Speech(reader)
    space, name, room = view.space, typed_name(view.space), str(view.space.id)
    bound = Bound(only_for=view.person, space=space.key, life=LIFE)
    return card(
        say("take.title", space=named(space, 60)),
        plain(say("take.nobody_owns")),
        facts(
            (say("take.wrote"), _wrote(view.messages, say)),
            (say("warning.last_used"), say.date(space.last_used)),
            (say("take.becomes"), say.retold(view.why)) if view.why else None,
            (say("take.answer_by"), say.moment(view.answer_by)),
        ),
        plain(say("take.means")),
        *(plain(say.retold(one)) for one in view.follows),
        plain(say("take.if_nobody")),
        actions=[
            press(say("take.yes"), "take over", typed=f"take over {name}", bound=bound,
                  space=room),
            press(say("take.not_me"), "not me", typed=f"not me {name}", bound=bound, space=room),
            press(say("take.not_needed"), "nobody needs", typed=f"nobody needs {name}",
                  bound=bound, space=room),
            press(say("answer.why"), "explain", typed=f"explain {name}", bound=bound, space=room),
        ],
        spoken=say.spoken,
    )  # fmt: skip


def owner_taken_card(
    space: Space, *, is_moderator: bool, was_due: bool, notes: Sequence[str] = (),
    reader: Reader = ANYBODY,
) -> Card:  # fmt: skip
    """To whoever took it over."""
    say = Speech(reader)
    title = say("take.yours", space=named(space, 60))
    return _taken(title, space, say, is_moderator=is_moderator, was_due=was_due, notes=notes)


def owner_assigned_card(
    space: Space, *, by: str, is_moderator: bool, was_due: bool, reader: Reader = ANYBODY
) -> Card:
    """To whoever compliance made the owner."""
    say = Speech(reader)
    title = say("take.assigned", by=harmless(by), space=named(space, 60))
    return _taken(title, space, say, is_moderator=is_moderator, was_due=was_due)


def _taken(
    title: str, space: Space, say: Speech, *, is_moderator: bool, was_due: bool,
    notes: Sequence[str] = (),
) -> Card:  # fmt: skip
    name, room = typed_name(space), str(space.id)
    return card(
        title,
        plain(say("take.moderates" if is_moderator else "take.by_record")),
        *(plain(say.retold(one)) for one in notes),
        plain(say("take.anew" if was_due else "take.nothing_due")),
        actions=[
            press(say("answer.keep_until"), "keep until", space=room,
                  typed=f"keep until {name} {say('answer.a_day')}"),
            press(say("answer.keep_forever"), "keep forever", typed=f"keep forever {name}",
                  space=room),
            press(say("answer.details"), "space", typed=f"space {name}", space=room),
        ],
        spoken=say.spoken,
    )  # fmt: skip


def owner_declined_card(space: Space, said: Said, *, reader: Reader = ANYBODY) -> Card:
    """To whoever does not take it over."""
    say = Speech(reader)
    is_needed = said is not Said.NOT_NEEDED
    return card(
        say("take.thanks"),
        facts((say("ending.space"), space.shown_title)),
        plain(say("take.not_me_means" if is_needed else "take.not_needed_means")),
        actions=[
            press(say("take.after_all"), "take over", typed=f"take over {typed_name(space)}",
                  space=str(space.id))
        ],
        spoken=say.spoken,
    )  # fmt: skip


def owner_over_card(view: SearchView, *, reader: Reader = ANYBODY) -> Card:
    """In the place of the questions, once nobody has to be found any more."""
    say = Speech(reader)
    is_over = view.search.state is SearchState.OVER
    closed = view.search.closed_at
    return card(
        say("answered.title", space=named(view.space, 60)),
        plain(say("take.over" if is_over else "take.goes_on", why=say.retold(view.why))),
        facts((say("answered.at"), say.moment(closed)) if closed else None),
        spoken=say.spoken,
    )


def _wrote(messages: int | None, say: Speech) -> str:
    """In the last half year of its use."""
    if messages is None:
        return DASH
    return say("take.wrote_some", count=messages) if messages else say("take.wrote_nothing")
