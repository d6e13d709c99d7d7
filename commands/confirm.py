from __future__ import annotations

from commands.arguments import Number, Text
from commands.confirming import follow
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command


@command(
    "confirm",
    args=[
        Text(name="code", label="Code", required=False, longest=20),
        Number(name="which", required=False, is_typed=False, is_asked=False, most=2**62),
    ],
    allow=ANYONE, group="Help", help="Say yes to what I showed you, by its code.",
    example="confirm 482173",
)  # fmt: skip
def confirm(context: Context, code: str | None, which: int | None) -> Reply:
    return follow(context, (code or "").replace(" ", ""), which)
