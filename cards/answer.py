"""One space that waits for an answer, with every answer that there is."""

from __future__ import annotations

from datetime import timedelta

from cards.digest import end_of
from cards.kit import Bound, Card, card, fields, more, plain, press
from cards.speech import Speech
from cards.warning import told_of
from cards.words import named, typed_name
from domain.fields import Field, FieldKind
from domain.ids import PersonKey
from domain.people import ANYBODY, Reader
from domain.views import Warned

_LIFE = timedelta(days=7)


def answer_card(one: Warned, *, owner: PersonKey, reader: Reader = ANYBODY) -> Card:
    """For an owner. What is not a keep changes the space; what follows is said at once."""
    say, name, room = Speech(reader), typed_name(one.space), str(one.space.id)
    bound = Bound(
        only_for=owner, space=one.space.key, case=one.case, cycle=one.cycle, version=one.version,
        life=_LIFE,
    )  # fmt: skip
    mine = Bound(only_for=owner, space=one.space.key, life=_LIFE)
    end, day = end_of(one)
    until = Field(
        name="until", label=say("answer.day"), kind=FieldKind.DATE, required=True,
        error=say("answer.day_missing"),
    )  # fmt: skip
    return card(
        say("ask.title", space=named(one.space, 60)),
        plain(say(f"warning.title.{end}", space=named(one.space, 60), day=say.date(day))),
        *told_of(one, say),
        actions=[
            press(say("answer.keep_forever"), "keep forever", typed=f"keep forever {name}",
                  bound=bound, space=room),
            more(
                say("answer.keep_until"),
                fields(until),
                actions=[
                    press(say("answer.keep_until_day"), "keep until", inputs=("until",),
                          bound=bound, space=room,
                          typed=f"keep until {name} {say('answer.a_day')}"),
                ],
            ),
            more(
                say("ask.fix"),
                plain(say("ask.fix_means")),
                actions=[
                    press(say("ask.tag"), "tag", typed=f"tag {name} finance", bound=mine,
                          space=room),
                    press(say("ask.untag"), "untag", typed=f"untag {name} finance", bound=mine,
                          space=room),
                    press(say("ask.end_date"), "end date", bound=mine, space=room,
                          typed=f"end date {name} {say('answer.a_day')}"),
                    *([press(say("ask.classify"), "classify", typed=f"classify {name}",
                             bound=mine, space=room)] if "classify" in one.changed_by else []),
                ],
            ),
            more(
                say("ask.others"),
                plain(say("ask.others_means")),
                actions=[
                    press(say("ask.hand_over"), "hand over", bound=mine, space=room,
                          typed=f"hand over {name} to ben@example.com"),
                    press(say("ask.not_mine"), "not mine", typed=f"not mine {name}", bound=mine,
                          space=room),
                ],
            ),
            more(
                say("ask.end"),
                plain(say("ask.end_means")),
                actions=[
                    press(say("ask.copy"), "copy", typed=f"copy {name}", bound=mine, space=room),
                    press(say("ask.delete"), "delete", typed=f"delete {name}", bound=mine,
                          space=room),
                ],
            ),
        ],
        spoken=say.spoken,
    )  # fmt: skip
