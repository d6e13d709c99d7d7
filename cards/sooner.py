"""“Delete after”: what was asked for, what it changes and what it does not, who agrees how."""

from __future__ import annotations

from datetime import datetime

from cards.kit import Card, card, facts, fields, plain, press
from cards.words import date, moment, named, typed_name
from domain.fields import Field
from domain.spaces import Space


def sooner_card(
    space: Space, *, after: datetime, without: datetime, policy: str, asked_by: str, reason: str,
    code: str = "", effective_at: datetime | None = None, is_mine: bool = False,
    zone: str = "UTC",
) -> Card:  # fmt: skip
    """Args:
    without: the day on which its policy would delete it. is_mine: the reader asked for it.
    code: to be typed by whoever agrees; effective_at: since when it holds, once agreed to.
    """
    name, room = typed_name(space), str(space.id)
    is_open = effective_at is None
    asks = is_open and bool(code) and not is_mine
    return card(
        f"May {named(space, 60)} go sooner?" if is_open else f"{named(space, 60)} may go sooner",
        facts(
            ("Delete after", date(after, zone)),
            ("Its policy says", f"{date(without, zone)}: {policy}"),
            ("Asked by", asked_by), ("Why", reason),
            *([("From", moment(effective_at, zone))] if effective_at else []),
        ),
        plain(
            "Its owners get all warnings of the policy before; holds, keeps and locked policies"
            " go before it, and whoever uses the space after that day undoes it."
        ),
        *(
            [
                plain(f"To agree, type this code: {code}", bold=True),
                fields(Field(name="code", label="Code", hint=code, required=True)),
            ]
            if asks
            else [plain(f"Another officer has to agree: delete after approve {name}", bold=True)]
            if is_open
            else []
        ),
        actions=[
            press(
                "Agree", "delete after approve", space=room, inputs=("code",),
                typed=f"delete after approve {name} code {code}", style="destructive",
            )
            if asks
            else press(
                "Take it back", "delete after clear", typed=f"delete after clear {name}",
                space=room,
            )
        ],
    )  # fmt: skip
