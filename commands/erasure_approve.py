from __future__ import annotations

from functools import partial

from cards.done import done_card
from cards.erasure import erasure_card
from cards.kit import press
from cards.words import moment
from commands.arguments import Text
from commands.erasing import tell_who_asked, whole_list
from commands.erasure import NUMBER
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.erasures import ErasureView
from retention.erasing.agreeing import agree
from retention.erasing.registering import find_erasure


@command(
    "erasure approve",
    args=[
        NUMBER,
        Text(name="code", label="Code", required=False, longest=20, is_asked=False),
    ],
    allow=COMPLIANCE, group="Erasing", aliases=["approve erasure"],
    help="Agree to a person's erasure as the second officer, by the code on its card.",
    example=["erasure approve ER-2026-000017", "erasure approve ER-2026-000017 482173"],
)  # fmt: skip
def approve(context: Context, number: str, code: str | None) -> Reply:
    one = find_erasure(context.house, number)
    agreed = agree(context.house, context.actor, one, code=(code or "").replace(" ", ""))
    zone = context.caller.time_zone
    if isinstance(agreed, ErasureView):
        return Reply(
            card=erasure_card(agreed, zone=zone, can_agree=True), files=whole_list(context, one)
        )
    return Reply(
        afterwards=partial(tell_who_asked, context, agreed),
        card=done_card(
            "You agreed.",
            ("Request", agreed.number), ("Begins", f"not before {moment(agreed.begins_at, zone)}"),
            note="Until then, and while it lasts, anybody of compliance can call it off.",
            undo=press("Call it off", "erasure cancel", typed=f"erasure cancel {agreed.number}",
                       number=agreed.number),
        ),
    )  # fmt: skip
