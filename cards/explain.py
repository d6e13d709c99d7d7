"""Why and when a space will go: the decision's own trace, line by line."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, facts, plain, press
from cards.space import fate
from cards.words import named, typed_name
from domain.lifecycle import CaseState
from domain.views import SpaceView, Traced

_ENDING = (CaseState.DUE, CaseState.WARNED, CaseState.BLOCKED, CaseState.NEEDS_ATTENTION)
"""Where a member's voice reaches the owners."""


def explain_card(
    view: SpaceView, trace: Sequence[Traced], *, zone: str = "UTC", manages: bool
) -> Card:
    """Args: trace: in the order in which the decision went. manages: may set what is kept."""
    name, room = typed_name(view.space), str(view.space.id)
    keeping = [
        press("Keep until …", "keep until", typed=f"keep until {name} <date>", space=room),
        press("Keep for ever", "keep forever", typed=f"keep forever {name}", space=room),
    ]
    needing = [press("I still need this", "need", typed=f"need {name}", space=room)]
    return card(
        f"What becomes of {named(view.space)}",
        plain(fate(view, zone), bold=True),
        facts(
            *((line.step, f"{line.said} ← this decides" if line.decides else line.said)
              for line in trace)
        ),
        actions=[
            *(keeping if manages else needing if view.state in _ENDING else []),
            press("Details", "space", typed=f"space {name}", space=room),
        ],
    )  # fmt: skip
