"""To the owners of a space that was to end: what came of it, said as what it is.

“Deleted” is said only of what a second identity saw gone (I14).
"""

from __future__ import annotations

from cards.kit import Card, card, facts, plain
from cards.words import moment, named
from domain.intents import Outcome
from domain.views import Ended

CAME = {
    Outcome.DONE: ("was deleted", "It is gone with all that was in it."),
    Outcome.ARCHIVED: (
        "was archived, not deleted",
        "Webex keeps the spaces of a team; it can be brought back in the team.",
    ),
    Outcome.LEFT: ("was not deleted", "I only left it; compliance looks at it."),
    Outcome.REFUSED: ("was not deleted", "Webex would not let me; compliance looks at it."),
    Outcome.NOT_DONE: ("was not deleted", "It is still there; compliance looks at it."),
    Outcome.CANCELLED: ("was not deleted", "Something about it changed in time."),
    Outcome.OPEN: ("is being deleted", "I don't know yet what came of it."),
    Outcome.UNKNOWN: (
        "may or may not be deleted",
        "What came of it could not be read; compliance looks at it.",
    ),
}


EMPTIED = {
    Outcome.DONE: ("was emptied", "All messages and files are gone; the conversation stays."),
    Outcome.ARCHIVED: (
        "was emptied and archived",
        "All messages and files are gone; Webex keeps the empty space in its team.",
    ),
}


def gone_card(ended: Ended, *, zone: str = "UTC") -> Card:
    came, means = (
        EMPTIED.get(ended.outcome, CAME[ended.outcome]) if ended.is_purged else CAME[ended.outcome]
    )
    return card(
        f"{named(ended.space, 60)} {came}",
        plain(means),
        facts(
            ("When", moment(ended.at, zone)),
            ("Policy", ended.policy) if ended.policy else None,
            ("Why", ended.why) if ended.why else None,
            ("Certificate", ended.certificate) if ended.certificate else None,
            ("Settings, members and tags can be restored until",
             moment(ended.restorable_until, zone)) if ended.restorable_until else None,
        ),
    )  # fmt: skip
