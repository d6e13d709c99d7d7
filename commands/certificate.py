from __future__ import annotations

from cards.certificates import certificate_row_card
from cards.paper import certificate_paper
from commands.arguments import Text
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.outgoing import Attached
from retention.proofs import find_certificate

JSON = "application/json"


@command(
    "certificate", args=[Text(name="number", label="Number", longest=30, hint="SK-2026-000001")],
    allow=COMPLIANCE, group="Ending", only_reads=True, aliases=["show certificate"],
    help="Show a certificate, and send it as a PDF and as the sealed record.",
    example="certificate SK-2026-000001",
)  # fmt: skip
def certificate(context: Context, number: str) -> Reply:
    row, body, text = find_certificate(context.house, number)
    return Reply(
        card=certificate_row_card(row, zone=context.caller.time_zone),
        files=(
            certificate_paper(
                row.number, made_at=row.made_at, body=body, sha256=row.sha256,
                is_whole=row.is_whole, says=f"Certificate {row.number} on paper",
            ),
            Attached(
                name=f"{row.number}.json", content=text.encode(), media=JSON,
                says=f"Certificate {row.number} as it was sealed",
            ),
        ),
    )  # fmt: skip
