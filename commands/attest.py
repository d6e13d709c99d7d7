from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from cards.done import done_card
from cards.words import moment
from commands.arguments import Base, Text
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from retention.attesting import attest


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedArg(Base):
    """The day on which somebody looked: today, or an ISO date; its noon, UTC, or now."""

    hint: str = "today, or such as 2026-11-24"

    def parse(self, words: Sequence[str], context: Context) -> datetime:
        text, now = (
            " ".join(words).strip().casefold().removeprefix("on "),
            context.house.clock.now(),
        )
        if text in ("today", "now", "just now", ""):
            return now
        try:
            day = datetime.combine(datetime.fromisoformat(text).date(), time(12), tzinfo=UTC)
        except ValueError:
            raise Refusal(f"“{text[:30]}” is no day.", "Write it like 2026-11-24.") from None
        return min(day, now) if day.date() == now.date() else day


@command(
    "attest",
    args=[
        LookedArg(name="looked", label="Looked in Control Hub on"),
        Text(
            name="matters", label="For the matters", marker=("matters", "matter", "for"),
            required=False, longest=500, hint="their names or numbers",
        ),
    ],
    allow=COMPLIANCE, group="Holds",
    help="Say that you looked at the legal holds in Control Hub, which I can't read.",
    example=["attest today matters 2026-881, 2026-902", "attest 2026-11-20"],
)  # fmt: skip
def say(context: Context, looked: datetime, matters: str | None) -> Reply:
    made = attest(context.house, context.actor, looked, matters or "")
    zone = context.caller.time_zone
    return Reply(
        card=done_card(
            "Your word is on record.", ("Looked in Control Hub", moment(made.looked_at, zone)),
            ("Matters", made.matters or "none named"),
            ("Counts until", moment(made.valid_until, zone)),
            note="It stands in `holds`, in `status`, and in the certificate of each deletion."
            " I remind compliance when it runs out.",
        )
    )  # fmt: skip
