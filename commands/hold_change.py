from __future__ import annotations

from cards.done import done_card
from commands.arguments import Text
from commands.holding import HOLD
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.holds import change_hold


@command(
    "hold change",
    args=[
        HOLD,
        Text(name="matter", label="Matter", marker=("matter",), required=False, longest=100),
        Text(name="reason", label="Why", marker=("because",), required=False, longest=300),
    ],
    allow=COMPLIANCE, group="Holds",
    help="Say anew what a hold is for. What it is on changes by `hold add`, its end by `hold end`.",
    example="hold change lawsuit-12 matter 2026-881 because the court asked",
)  # fmt: skip
def change(context: Context, hold: str, matter: str | None, reason: str | None) -> Reply:
    now = change_hold(context.house, context.actor, hold, matter=matter, reason=reason)
    return Reply(
        card=done_card(
            "It is written down.", ("Hold", now.name), ("Matter", now.matter or "none"),
            ("Why", now.reason or "not said"),
        )
    )  # fmt: skip
