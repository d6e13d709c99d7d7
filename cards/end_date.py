"""A space's end date: that it was set, and, on its day, the question what is to become of it."""

from __future__ import annotations

from datetime import datetime

from cards.kit import Button, Card, card, facts, link, plain, press
from cards.space import deep_link
from cards.speech import Speech
from cards.words import named, typed_name
from domain.people import ANYBODY, Reader
from domain.spaces import Space


def end_date_card(
    space: Space, at: datetime, *, reader: Reader = ANYBODY, note: str = ""
) -> Card:  # fmt: skip
    """Args: note: what follows besides, a sentence in the reader's language."""
    say, name, room = Speech(reader), typed_name(space), str(space.id)
    return card(
        say("end_date.set"),
        facts((say("ending.space"), space.shown_title), (say("end_date.day"), say.date(at))),
        plain(say("end_date.nothing_by_itself")),
        *([plain(note)] if note else []),
        actions=[
            press(say("end_date.clear"), "end date clear", typed=f"end date clear {name}",
                  space=room)
        ],
        spoken=say.spoken,
    )  # fmt: skip


def end_date_cleared_card(
    space: Space, was: datetime, *, undo_day: str = "", reader: Reader = ANYBODY
) -> Card:
    """Args: undo_day: the day as it is typed, where it can be set again."""
    say = Speech(reader)
    back = [_undo(space, undo_day, say)] if undo_day else []
    return card(
        say("end_date.cleared"),
        facts((say("ending.space"), space.shown_title), (say("end_date.was"), say.date(was))),
        actions=back,
        spoken=say.spoken,
    )


def _undo(space: Space, day: str, say: Speech) -> Button:
    return press(
        say("undo"), "end date", once=True, typed=f"end date {typed_name(space)} {day}",
        space=str(space.id), until=day,
    )  # fmt: skip


def end_reached_card(space: Space, at: datetime, *, reader: Reader = ANYBODY) -> Card:
    """For its owners, on the day."""
    say, name, room = Speech(reader), typed_name(space), str(space.id)
    day = say("answer.a_day")
    return card(
        say("end_date.reached", space=named(space)),
        facts(
            (say("end_date.day"), say.date(at)),
            (say("warning.last_used"), say.moment(space.last_used)),
            (say("end_date.id"), room),
        ),
        plain(say("end_date.still_needed")),
        actions=[
            press(say("end_date.delete"), "delete", typed=f"delete {name}", space=room),
            press(say("end_date.another"), "end date", typed=f"end date {name} {day}",
                  space=room),
            press(say("answer.keep_until"), "keep until", typed=f"keep until {name} {day}",
                  space=room),
            press(say("end_date.none"), "end date clear", typed=f"end date clear {name}",
                  space=room),
            link(say("end_date.open"), deep_link(space)),
        ],
        spoken=say.spoken,
    )  # fmt: skip
