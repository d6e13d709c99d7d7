from __future__ import annotations

from cards.erasure import PER_PAGE, erasures_card
from commands.arguments import Number
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command


@command(
    "erasures",
    args=[Number(name="page", label="Page", required=False, least=1, most=1_000_000)],
    allow=COMPLIANCE, group="Erasing", only_reads=True, aliases=["list erasures"],
    help="List requests to erase people, the soonest to be answered first.",
    example=["erasures", "erasures 2"],
)  # fmt: skip
def erasures(context: Context, page: int | None) -> Reply:
    number = page or 1
    with context.house.store.read() as tx:
        found = tx.erasures.listed(count=PER_PAGE, skip=(number - 1) * PER_PAGE)
        people = tx.people.by_keys(one.person for one in found if one.person is not None)
        total = tx.erasures.count()
    listed = [
        (one, people[one.person].name if one.person in people else one.pseudonym) for one in found
    ]
    return Reply(
        card=erasures_card(listed, total=total, page=number, zone=context.caller.time_zone)
    )
