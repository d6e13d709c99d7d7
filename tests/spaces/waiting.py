"""The gateway while it has to wait for its turn, and what happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.handle import Handle
from webex.gateway import Lane
from webex.sdk import SdkWebex
from webex.tokens import FixedToken


def waits(sandbox: Handle, meanwhile: Callable[[], None]) -> SdkWebex:
    """The bot's budget is used up: its next request has to wait, and `meanwhile` happens."""
    tokens = sandbox.ready["tokens"]
    made = SdkWebex(
        FixedToken(tokens["bot"]), FixedToken(tokens["co"]), witness=FixedToken(tokens["co2"]),
        base_url=sandbox.ready["rest"], ca=sandbox.ready["ca"], per_minute=60,
        sleep=lambda seconds: meanwhile() if seconds > 0.01 else None,
    )  # fmt: skip
    made.bot(Lane.CHAT).me()
    for bucket in made._transports[0]._buckets.values():
        while bucket.take() <= 0.5:
            pass
    return made
