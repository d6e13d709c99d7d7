"""The form of any command: what is still missing, to be filled in and sent.

Decides how a form looks; what it asks are the command's own arguments. What is already known
stays in the button's record and is shown, not asked again. There is no cancel: nothing has
happened until the form is sent, and a second button would send the fields along with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards.kit import UNBOUND, Bound, Card, card, facts, fields, plain, press, text
from domain.fields import Field


def form_card(
    title: str, command: str, asked: Sequence[Field], *,
    given: Mapping[str, str] | None = None, shown: Sequence[tuple[str, str]] = (),
    doc: str = "", problem: str = "", example: str = "", submit: str = "Send",
    typed: str = "", bound: Bound = UNBOUND,
) -> Card:  # fmt: skip
    """The form of `command`.

    Args:
        asked: what the person fills in.
        given: arguments already known, as they would be typed; they travel in the record.
        shown: the same for the eye, label and value.
        doc: what the command does, one sentence.
        problem: why the form comes (again), one sentence.
        example: what can be typed instead of the form.
        typed: the same with what is known, and places for what is not.
    """
    return card(
        title,
        *([plain(problem, bold=True, warns=True)] if problem else []),
        *([plain(doc)] if doc else []),
        *([facts(*shown)] if shown else []),
        *([fields(*asked)] if asked else []),
        *([plain(f"Or type, for example: {example}", subtle=True)] if example else []),
        *([text("Nothing is left to fill in.", subtle=True)] if not asked else []),
        actions=[
            press(
                submit, command, style="positive", bound=bound, given=given, typed=typed,
                inputs=tuple(field.name for field in asked),
            ),
        ],
    )  # fmt: skip
