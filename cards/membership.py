"""A membership of a space or a team, with every field that Webex gives."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Button, Card, card, facts, plain
from cards.words import moment, yes_no
from domain.views import Membership


def membership_card(
    said: str, membership: Membership, *, zone: str = "UTC", of: str = "Space",
    where: str = "", notes: Sequence[str] = (), undo: Button | None = None,
) -> Card:  # fmt: skip
    """A membership after it was changed.

    Args:
        said: what was done, past tense.
        of: “Space” or “Team”; `where` is its title.
        notes: what Webex did besides.
    """
    return card(
        said,
        facts(
            (of, where) if where else None,
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
        *(plain(note) for note in notes),
        actions=[undo] if undo else [],
    )
