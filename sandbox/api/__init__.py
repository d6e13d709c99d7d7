"""The REST resources, one file each; importing this declares their routes."""

from sandbox.api import (
    actions,
    admin,
    events,
    groups,
    memberships,
    messages,
    people,
    rooms,
    teams,
    webhooks,
)

__all__ = [
    "actions", "admin", "events", "groups", "memberships", "messages", "people", "rooms", "teams",
    "webhooks",
]  # fmt: skip
