"""A no in Webex's words: the body, header and content type of section 1.0."""

from __future__ import annotations

import uuid
from typing import Any

NO_TOKEN = "The request requires a valid access token set in the Authorization request header."  # noqa: S105
NO_ROOM = "Could not find a room with provided ID."
NO_ACTIVITY = "Failed to get activity."


class No(Exception):
    """Ends a request with a status and Webex's error body."""

    def __init__(self, status: int, message: str, *, extra: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.extra = extra or {}

    def body(self, tracking: str) -> dict[str, Any]:
        return {
            "message": self.message,
            "errors": [{"description": self.message}],
            "trackingId": tracking,
            **self.extra,
        }


def tracking_id() -> str:
    return f"ROUTERGW_{uuid.uuid4()}"
