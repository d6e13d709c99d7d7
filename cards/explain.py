"""Why and when a space will go: the decision's own trace, line by line."""

from __future__ import annotations

from collections.abc import Sequence

from cards.fate import fate
from cards.kit import Card, card, facts, plain, press
from cards.speech import Speech
from cards.words import named, typed_name
from domain.lifecycle import CaseState
from domain.people import ANYBODY, Reader
from domain.views import SpaceView, Traced

_ENDING = (CaseState.DUE, CaseState.WARNED, CaseState.BLOCKED, CaseState.NEEDS_ATTENTION)
"""Where a member's voice reaches the owners."""


def explain_card(
    view: SpaceView, trace: Sequence[Traced], *, reader: Reader = ANYBODY, manages: bool
) -> Card:
    """Args: trace: in the order in which the decision went. manages: may set what is kept."""
    say, name, room = Speech(reader), typed_name(view.space), str(view.space.id)
    keeping = [
        press(say("answer.keep_until"), "keep until", space=room,
              typed=f"keep until {name} {say('answer.a_day')}"),
        press(say("answer.keep_forever"), "keep forever", typed=f"keep forever {name}",
              space=room),
    ]  # fmt: skip
    needing = [press(say("explain.need"), "need", typed=f"need {name}", space=room)]
    return card(
        say("explain.title", space=named(view.space)),
        plain(fate(view, reader), bold=True),
        facts(*(_line(line, say) for line in trace)),
        actions=[
            *(keeping if manages else needing if view.state in _ENDING else []),
            press(say("answer.details"), "space", typed=f"space {name}", space=room),
        ],
        spoken=say.spoken,
    )


def _line(line: Traced, say: Speech) -> tuple[str, str]:
    said = say.retold(line.said, line.typed)
    return say.retold(line.step), say("explain.decides", said=said) if line.decides else said
