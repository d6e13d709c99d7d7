"""What can go wrong with Webex, in few words of ours; no token, URL or message text in any.

Which error says what about the effect:

- `Denied`, `Invalid`, `Conflict`, `NotAuthorised`: nothing happened.
- `Missing`: gone, hidden or left; the three look alike (webex-facts 1.0), so a second
  identity settles it.
- `Throttled`: nothing happened; come back at `retry_at`.
- `Unclear`: a 5xx, a timeout, a reset, an unreadable answer. It may have happened: read back.
"""

from __future__ import annotations

from datetime import datetime

from domain.errors import Fault


class WebexFault(Fault):
    def __init__(self, said: str, *, status: int | None = None, tracking_id: str = "") -> None:
        super().__init__(f"{said} (status {status}, tracking {tracking_id or '-'})")
        self.said = said
        self.status = status
        self.tracking_id = tracking_id


class NotAuthorised(WebexFault):
    """401: the token is dead. The run stops; nothing is inferred from it."""


class Denied(WebexFault):
    """403: this identity may not."""


class Missing(WebexFault):
    """404: not there for this identity."""


class Deleted(WebexFault):
    """410: was there and is deleted."""


class Conflict(WebexFault):
    """409: it is so already."""


class Invalid(WebexFault):
    """400, 405, 413, 415, 423, 428: Webex would not take it as it is."""


class Throttled(WebexFault):
    """429 or a wait longer than the door allows.

    `is_of_change`: Webex said it of a request that was to change something, and did not do it.
    """

    def __init__(
        self, said: str, *, retry_at: datetime, status: int | None = 429, tracking_id: str = "",
        is_of_change: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(said, status=status, tracking_id=tracking_id)
        self.retry_at = retry_at
        self.is_of_change = is_of_change


class Unclear(WebexFault):
    """The answer was lost; whether it took effect is not known."""


class UntrustedHost(WebexFault):
    """An address outside the allow-list; nothing was sent there."""
