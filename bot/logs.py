"""How the process logs: one line an event, and nothing secret in any.

Whatever a library writes, or an exception's text holds, passes through `redact` as the very
last thing: known secrets by their value, others by their shape.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from typing import IO, Any

HIDDEN = "[hidden]"
_SHAPES = (
    re.compile(r"(?i)(bearer\s+)[\w.~+/=-]{8,}"),
    re.compile(
        r"(?i)((?:access_token|refresh_token|client_secret|password|token)[\"']?\s*[=:]\s*[\"']?)"
        r"[\w.~+/=-]{8,}"
    ),
    re.compile(r"(\w+://[^/\s:@]*:)[^@\s]+(?=@)"),
    re.compile(r"(whsec_)[\w+/=-]+"),
)
_QUIET = ("apscheduler", "urllib3", "websockets", "webexpythonsdk", "webexteamssdk", "webex_bot",
          "alembic", "dbos", "asyncio", "tzlocal")  # fmt: skip


class Secrets:
    """Values that never stand in a log; more come while it runs, as tokens are renewed."""

    SHORTEST = 6

    def __init__(self) -> None:
        self._known: set[str] = set()

    def add(self, *values: str) -> None:
        self._known |= {value for value in values if len(value) >= self.SHORTEST}

    def redact(self, text: str) -> str:
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        for shape in _SHAPES:
            text = shape.sub(rf"\1{HIDDEN}", text)
        return text


SECRETS = Secrets()
"""Of this process; a log has no owner to ask."""


class Redacting(logging.Formatter):
    def __init__(self, inner: logging.Formatter, secrets: Secrets) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return self._secrets.redact(self._inner.format(record))


def set_up(
    *, level: str, as_json: bool, hide: Iterable[str] = (), stream: IO[str] | None = None
) -> None:
    """Takes the root logger: one handler, to standard error."""
    import structlog

    SECRETS.add(*hide)
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    drawn: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if as_json:
        drawn += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        drawn.append(
            structlog.dev.ConsoleRenderer(
                colors=False, pad_event_to=0,
                exception_formatter=structlog.dev.plain_traceback,  # the other shows variables
            )
        )  # fmt: skip
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        Redacting(
            structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=drawn), SECRETS
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
