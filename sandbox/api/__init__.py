"""The REST resources, one file each; importing this declares their routes."""

from sandbox.api import (
    actions,
    admin,
    events,
    memberships,
    messages,
    people,
    rooms,
    teams,
    webhooks,
)

__all__ = [
    "actions", "admin", "events", "memberships", "messages", "people", "rooms", "teams",
    "webhooks",
]  # fmt: skip
