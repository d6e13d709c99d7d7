"""To the owners of a space that was to end: what came of it, said as what it is.

“Deleted” is said only of what a second identity saw gone (I14).
"""

from __future__ import annotations

from cards.because import signed
from cards.kit import Card, card, facts, plain
from cards.speech import Speech
from cards.words import SHORT, named
from domain.intents import Outcome
from domain.people import ANYBODY, Reader
from domain.spaces import Space
from domain.views import Ended

CAME = {
    Outcome.DONE: "deleted", Outcome.ARCHIVED: "archived", Outcome.LEFT: "left",
    Outcome.REFUSED: "refused", Outcome.NOT_DONE: "not_done", Outcome.CANCELLED: "cancelled",
    Outcome.OPEN: "open", Outcome.UNKNOWN: "unknown",
}  # fmt: skip
EMPTIED = {Outcome.DONE: "emptied", Outcome.ARCHIVED: "emptied_archived"}


def came_of(
    space: Space, outcome: Outcome, say: Speech, longest: int = SHORT, *, is_emptied: bool = False
) -> str:
    """What came of a space, in a sentence without its full stop."""
    came = EMPTIED.get(outcome, CAME[outcome]) if is_emptied else CAME[outcome]
    return say(f"gone.{came}", space=named(space, longest))


def gone_card(ended: Ended, *, reader: Reader = ANYBODY) -> Card:
    say = Speech(reader)
    came = CAME[ended.outcome]
    if ended.is_purged:
        came = EMPTIED.get(ended.outcome, came)
    return card(
        say(f"gone.{came}", space=named(ended.space, 60)),
        plain(say(f"gone.{came}_means")),
        facts(
            (say("gone.when"), say.moment(ended.at)),
            (say("gone.policy"), ended.policy) if ended.policy else None,
            (say("gone.asked_by"), ended.asked_by) if ended.asked_by else None,
            (say("gone.why"), ended.why) if ended.why else None,
            (say("gone.certificate"), ended.certificate) if ended.certificate else None,
            (say("gone.restorable"), say.moment(ended.restorable_until))
            if ended.restorable_until else None,
        ),
        *signed(say),
        spoken=say.spoken,
    )  # fmt: skip
