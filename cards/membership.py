"""A membership of a space or a team, with every field that Webex gives."""

from __future__ import annotations

from cards.kit import Button, Card, card, facts
from cards.words import moment, yes_no
from domain.views import Membership


def membership_card(
    said: str, membership: Membership, *, zone: str = "UTC", of: str = "Space",
    undo: Button | None = None,
) -> Card:  # fmt: skip
    """Args: said: what was done, past tense. of: “Space” or “Team”."""
    return card(
        said,
        facts(
            ("Person", membership.name or membership.email),
            ("E-mail", membership.email),
            ("Moderator", yes_no(membership.is_moderator)),
            None if membership.is_monitor is None else ("Monitor", yes_no(membership.is_monitor)),
            ("Since", moment(membership.created, zone)),
            ("Membership id", membership.id),
            (f"{of} id", membership.container_id),
            ("Person id", membership.person_id),
            ("Organisation id", membership.org_id),
        ),
        actions=[undo] if undo else [],
    )
