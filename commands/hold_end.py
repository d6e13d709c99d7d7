from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.done import done_card
from cards.words import moment
from commands.arguments import UntilArg
from commands.holding import HOLD
from commands.moments import Until
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.holds import set_hold_end

NEVER = frozenset({"never", "none", "no"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EndArg(UntilArg):
    """A date, a span, or “never”, which is None."""

    hint: str = "such as 2027-06-30, 90d or never"

    def parse(self, words: Sequence[str], context: Context) -> Until | None:  # type: ignore[override]
        if " ".join(words).casefold() in NEVER:
            return None
        return UntilArg.parse(self, words, context)


@command(
    "hold end",
    args=[HOLD, EndArg(name="until", label="Ends by itself", marker=("on", "at", "until"))],
    allow=COMPLIANCE, group="Holds",
    help="Set the day on which a hold ends by itself, or never. A nearer one leaves 7 days.",
    example=["hold end lawsuit-12 on 2027-06-30", "hold end lawsuit-12 on never"],
)  # fmt: skip
def end(context: Context, hold: str, until: Until | None) -> Reply:
    now = set_hold_end(context.house, context.actor, hold, until.at if until else None)
    when = moment(now.ends_at, context.caller.time_zone) if now.ends_at else "never"
    return Reply(
        card=done_card(
            "Its end is set.", ("Hold", now.name), ("Ends by itself", when),
            note="After that its spaces are left alone for another 7 days."
            if now.ends_at
            else "It holds until somebody releases it.",
        )
    )  # fmt: skip
