from __future__ import annotations

from datetime import timedelta

from cards.policy import policy_card
from commands.permissions import COMPLIANCE
from commands.policy_words import policy_parts
from commands.spec import Context, Reply, command
from domain.cadences import PROFILES, Cadence
from domain.policies import GRACE, PRIORITY, Counting, Ending, PolicyDraft
from retention.policies import home_of, write_policy


@command(
    "policy new", args=policy_parts(is_new=True), allow=COMPLIANCE, group="Policies",
    help="Write a policy. It only simulates until a second person agrees.",
    example=[
        "policy new cleanup tag:finance inactive:>90d then delete after 90d cap 50",
        "policy new books tag:books then keep for 10y from creation floor",
        "policy new done tag:done then delete after 30d from tag:done cap 50",
        "policy new desk tag:desk then delete after 1y cap 20 hours mon-fri 09:00-17:00",
    ],
    aliases=["new policy", "create policy"], always_form=True,
)  # fmt: skip
def new(
    context: Context, policy: str, query: str, ending: Ending, period: timedelta | None,
    counting: Counting | None, cap: int | None, notices: Cadence | None,
    grace: timedelta | None, priority: int | None, hours: str | None, freeze: str | None,
    floor: bool | None, direct: bool | None, export: bool | None,
) -> Reply:  # fmt: skip
    warn = notices or PROFILES["standard"]
    shown = write_policy(
        context.house, context.actor, policy,
        PolicyDraft(
            query=query, ending=ending, period=period, cap=cap,
            basis=(counting or Counting()).basis, basis_of=(counting or Counting()).of,
            notices=warn.notices, grace=grace or warn.grace or GRACE,
            priority=priority or PRIORITY, is_floor=bool(floor), includes_direct=bool(direct),
            needs_export=bool(export), hours=hours or "", freeze=freeze or "",
            profile=notices.named(grace) if notices else "",
        ),
    )  # fmt: skip
    return Reply(
        card=policy_card(
            shown.version, sentence=shown.sentence, zone=context.caller.time_zone,
            home=home_of(context.house),
            note="I understood it like this. It touches nothing: look whom it would hit, then"
            " somebody else of compliance has to agree.",
        )
    )  # fmt: skip
