from __future__ import annotations

from datetime import UTC, date, datetime, time

from commands.arguments import Flag, Text
from commands.erasing import LOOK, whom
from commands.moments import zone_of
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from commands.working import begin, refuse_if_busy
from domain.errors import Refusal
from retention.erasing.looking import begin_looking
from retention.erasing.registering import register


@command(
    "erase person",
    args=[
        Text(name="person", label="Person", longest=200, hint="ben@example.com"),
        Text(name="received", label="The day on which the wish came", marker=("received",),
             required=False, longest=30, hint="such as 2026-11-20; today unless you say so"),
        Flag(name="both", label="What the others wrote in their conversations of two, too",
             marker=("both sides", "with both sides")),
        Text(name="reason", label="Note for the register", marker=("because",), required=False,
             longest=300, hint="forgotten at the end"),
    ],
    allow=COMPLIANCE, group="Erasing", always_form=True, aliases=["erase"],
    help="Take in a request to erase a person, and count what there is of them.",
    example=[
        "erase person ben@example.com",
        "erase person ben@example.com because of their letter",
    ],
    details=[
        ("received 2026-11-20", "the day on which the wish came; its month counts from there"),
        ("both sides", "in their conversations of two what the others wrote goes, too"),
        ("first", "their spaces are read and their messages counted; nothing is erased"),
        ("then", "another officer agrees to exactly that list, and it cools off for a day"),
        ("then", "they leave their spaces, and what they wrote is deleted, one by one"),
        ("never", "what a hold reaches, a locked policy, or another organisation's spaces"),
        ("in the end", "a certificate that names them by a pseudonym only"),
    ],
)  # fmt: skip
def erase_person(
    context: Context, person: str, received: str | None, both: bool | None, reason: str | None
) -> Reply:
    who = whom(context, person)
    at = _day(context, received) if received else None
    refuse_if_busy(context)
    one = register(
        context.house, context.actor, who, received=at, reason=reason or "",
        both_sides=bool(both),
    )  # fmt: skip
    keys = begin_looking(context.house, one)
    with context.house.store.read() as tx:
        spaces = tx.spaces.by_keys(keys)
    items = [{"name": "Elsewhere: by events, and by what I carried"}]
    items += [
        {"space": str(key), "name": spaces[key].shown_title[:200]} for key in keys if key in spaces
    ]
    return begin(
        context, LOOK, f"Counting what there is for {one.number}", items,
        {"erasure": str(int(one.key))},
    )  # fmt: skip


def _day(context: Context, said: str) -> datetime:
    """The end of that day where the caller is; today it is now."""
    now = context.house.clock.now()
    here = zone_of(context.caller.time_zone)
    try:
        day = date.fromisoformat(said.strip())
    except ValueError:
        raise Refusal(f"“{said[:30]}” is no day.", "Write it like 2026-11-20.") from None
    if day == now.astimezone(here).date():
        return now
    return datetime.combine(day, time(), here).astimezone(UTC)
