from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cards.form import form_card
from cards.policy import policy_card
from commands.permissions import COMPLIANCE
from commands.policy_words import policy_parts
from commands.spec import Context, Reply, command
from domain.cadences import Cadence
from domain.policies import TAKES_AWAY, Counting, Ending, PolicyVersion, draft_of
from retention.policies import home_of, show_policy, write_policy

PARTS = policy_parts(is_new=False)


@command(
    "policy change", args=PARTS, allow=COMPLIANCE, group="Policies",
    help="Write a policy's next version; what is left out stays. The old one holds meanwhile.",
    example=[
        "policy change cleanup cap 80", "policy change cleanup tag:finance,hr",
        "policy change cleanup hours mon-fri 09:00-17:00 Europe/Berlin freeze 12-24..12-31",
    ],
)  # fmt: skip
def change(
    context: Context, policy: str, query: str | None, ending: Ending | None,
    period: timedelta | None, counting: Counting | None, cap: int | None,
    notices: Cadence | None, grace: timedelta | None, priority: int | None,
    hours: str | None, freeze: str | None, floor: bool | None, direct: bool | None,
    export: bool | None,
) -> Reply:  # fmt: skip
    old = show_policy(context.house, policy).version
    said: dict[str, Any] = {
        "query": query, "ending": ending, "period": period, "cap": cap,
        "notices": notices.notices if notices else None,
        "grace": grace or (notices.grace if notices else None), "priority": priority,
        "hours": hours, "freeze": freeze,
        "is_floor": floor, "includes_direct": direct, "needs_export": export,
    }  # fmt: skip
    given = {name: value for name, value in said.items() if value is not None}
    if counting is not None:
        given |= {"basis": counting.basis, "basis_of": counting.of}
    if not given:
        return Reply(card=_form(old))
    if notices or grace:
        given["profile"] = notices.named(grace) if notices else ""
    if ending is not None and ending not in TAKES_AWAY:
        given = {"hours": "", "freeze": ""} | given  # what takes nothing away has no hours
    is_floor = old.is_floor if floor is None else floor
    if ending is Ending.KEEP and not is_floor and period in (None, old.period):
        given["period"] = None  # a keep has no end, so what was its period means nothing
    draft = replace(draft_of(old), **given)
    shown = write_policy(context.house, context.actor, old.name, draft, after=old.key)
    return Reply(
        card=policy_card(
            shown.version, sentence=shown.sentence, zone=context.caller.time_zone,
            holding=shown.holding, home=home_of(context.house),
            note="I understood it like this. Nothing changes until somebody else of compliance"
            " has agreed to whom it hits.",
        )
    )  # fmt: skip


def _form(old: PolicyVersion) -> Any:
    """What it says now, to be changed; the name stays."""
    now = _written(old)
    asked = [
        replace(part.field, value=now[part.field.name], required=False)
        for part in PARTS
        if part.field.name != "policy"
    ]
    return form_card(
        f"Change {old.name}", "policy change", asked, given={"policy": old.name},
        doc="What you send is its next version. The present one holds until it is agreed to.",
        example=f"policy change {old.name} cap 80",
    )  # fmt: skip


def _written(old: PolicyVersion) -> Mapping[str, str]:
    """What it says now, as it would be typed."""
    return {
        "query": old.query, "ending": old.ending,
        "period": "" if old.period is None else f"{old.period.days}d",
        "counting": old.counting.written,
        "cap": "" if old.cap is None else str(old.cap),
        "notices": " ".join(str(days) for days in old.notices), "grace": f"{old.grace.days}d",
        "hours": old.hours, "freeze": old.freeze, "priority": str(old.priority),
        "floor": "yes" if old.is_floor else "no",
        "direct": "yes" if old.includes_direct else "no",
        "export": "yes" if old.needs_export else "no",
    }  # fmt: skip
