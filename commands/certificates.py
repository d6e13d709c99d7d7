from __future__ import annotations

from cards.certificates import PER_PAGE, certificates_card
from commands.arguments import Number
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.proofs import list_certificates


@command(
    "certificates",
    args=[Number(name="page", label="Page", required=False, least=1, most=1_000_000)],
    allow=COMPLIANCE, group="Ending", only_reads=True, aliases=["list certificates"],
    help="List the certificates of what was deleted, the latest first.",
    example=["certificates", "certificates 2"],
)  # fmt: skip
def certificates(context: Context, page: int | None) -> Reply:
    number = page or 1
    rows, total = list_certificates(context.house, page=number, per_page=PER_PAGE)
    return Reply(
        card=certificates_card(rows, total=total, page=number, zone=context.caller.time_zone)
    )
