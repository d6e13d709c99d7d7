"""The warning: one card for one owner, with every space of theirs that is due, and the answers.

Bugs here hurt people: what the card names counts as told (I2), so nothing is left out to save
room. A card of more spaces than `MOST` is refused; the caller sends several. Each space's own
buttons are bound to its case and cycle, so that an old card answers nothing. A deletion is
never said without its date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from cards.because import because, signed
from cards.digest import MOST, digest_card, end_of
from cards.kit import Bound, Button, Card, Child, card, facts, fields, more, plain, press
from cards.speech import Speech
from cards.words import named, typed_name
from domain.answers import Row
from domain.fields import Field, FieldKind
from domain.ids import PersonKey
from domain.people import ANYBODY, Reader
from domain.policies import Ending
from domain.spaces import SpaceType
from domain.views import Warned

_LIFE = timedelta(days=60)
"""Longer than the time between two notices; the case's next move voids the buttons anyway."""


def warning_card(warned: Sequence[Warned], *, owner: PersonKey, reader: Reader = ANYBODY) -> Card:
    """The warning for one owner.

    Args:
        warned: from 1 to `MOST` spaces, the soonest first.
        owner: only they may press.

    Raises:
        ValueError: no space, or more than `MOST`.
    """
    if not 1 <= len(warned) <= MOST:
        raise ValueError(f"a warning is about 1 to {MOST} spaces")
    if len(warned) == 1:
        return _for_one(warned[0], owner, Speech(reader))
    return digest_card([Row(warned=one) for one in warned], owner=owner, reader=reader)


def _for_one(one: Warned, owner: PersonKey, say: Speech) -> Card:
    keep, keep_until = _keeps(one, owner, say)
    until = Field(
        name="until", label=say("answer.day"), kind=FieldKind.DATE, required=True,
        error=say("answer.day_missing"),
    )  # fmt: skip
    end, day = end_of(one)
    title = say(f"warning.title.{end}", space=named(one.space, 60), day=say.date(day))
    return card(
        say("warning.title.last", title=title) if one.is_last else title,
        *told_of(one, say),
        plain(say(_OR.get(one.ending, "warning.or_write"))),
        *signed(say),
        actions=[
            keep,
            more(
                say("answer.keep_until"),
                fields(until),
                actions=[
                    press(
                        say("answer.keep_until_day"), "keep until", typed=keep_until.typed,
                        inputs=("until",), bound=_bound(one, owner), space=str(one.space.id),
                    )
                ],
            ),
            _others(one, owner, say),
            _details(one, owner, say),
        ],
        spoken=say.spoken,
    )  # fmt: skip


_OR = {Ending.OUTSIDERS: "warning.or_outsiders", Ending.PURGE: "warning.or_purged"}
_OTHERWISE = {Ending.OUTSIDERS: "warning.outsiders_on", Ending.PURGE: "warning.purged_on"}
"""What is done to spaces that people go on using, too: writing in them keeps nothing."""


def told_of(one: Warned, say: Speech) -> Iterator[Child]:
    """Its dates and why, and what can't be undone."""
    deletes = one.ending is Ending.DELETE
    blocks = one.ending is Ending.BLOCK or (deletes and one.gone_at not in (None, one.due))
    otherwise = _OTHERWISE.get(one.ending, "warning.ends_on")
    yield facts(
        (say("warning.blocked_on"), say("warning.blocked_value", day=say.date(one.due)))
        if blocks else None,
        (say("warning.deleted_on"), say.date(one.gone_at or one.due)) if deletes else None,
        None if blocks or deletes else (say(otherwise), say.date(one.due)),
        (say("warning.why"), because(one, say)) if because(one, say) else None,
        (say("warning.last_used"), say.date(one.space.last_used)),
        (say("warning.needed_by"), say("warning.needed", count=one.needed)) if one.needed else None,
        (say("warning.notice"), _number(one, say)),
    )  # fmt: skip
    if one.ending is Ending.OUTSIDERS:
        yield plain(say("warning.outsiders_go"))
    if one.ending is Ending.PURGE and one.older_than is not None:
        yield plain(say("warning.purged_go", span=say.span(one.older_than)), warns=True)
    if deletes:
        yield plain(say(_for_good(one)), warns=True)
    if one.is_last:
        yield plain(say("warning.last_words"), bold=True, warns=True)


def _for_good(one: Warned) -> str:
    """What Webex does not delete is emptied, and nobody may be told that it is gone."""
    if one.space.type is SpaceType.DIRECT:
        return "warning.for_good_direct"
    return "warning.for_good" if one.space.team is None else "warning.for_good_team"


def _number(one: Warned, say: Speech) -> str:
    if not one.of:
        return say("warning.notice_number", number=one.number)
    key = "warning.notice_last" if one.is_last else "warning.notice_of"
    return say(key, number=one.number, of=one.of)


def _keeps(one: Warned, owner: PersonKey, say: Speech) -> tuple[Button, Button]:
    """For ever, and until a date: without one the command answers with its form."""
    name, room, bound = typed_name(one.space), str(one.space.id), _bound(one, owner)
    return (
        press(say("answer.keep_forever"), "keep forever", typed=f"keep forever {name}",
              bound=bound, space=room),
        press(say("answer.keep_until"), "keep until", bound=bound, space=room,
              typed=f"keep until {name} {say('answer.a_day')}"),
    )  # fmt: skip


def _others(one: Warned, owner: PersonKey, say: Speech) -> Button:
    """Its own card, with every answer that there is."""
    return press(
        say("ask.other_answers"), "answer", typed=f"answer {typed_name(one.space)}",
        space=str(one.space.id), bound=_bound(one, owner),
    )  # fmt: skip


def _details(one: Warned, owner: PersonKey, say: Speech) -> Button:
    return press(
        say("answer.details"), "space", typed=f"space {typed_name(one.space)}",
        space=str(one.space.id), bound=Bound(only_for=owner, space=one.space.key, life=_LIFE),
    )  # fmt: skip


def _bound(one: Warned, owner: PersonKey) -> Bound:
    return Bound(
        only_for=owner, space=one.space.key, case=one.case, cycle=one.cycle, version=one.version,
        life=_LIFE,
    )  # fmt: skip
