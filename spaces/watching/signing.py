"""How what we send to an address is signed, so that its receiver knows that it is from us.

As Standard Webhooks say it (standardwebhooks.com): HMAC-SHA256 over id, timestamp and the raw
body, with a secret that only the two know. The id stays over all attempts, so that a receiver
can leave out what it had; the timestamp is of the attempt, so that what is old can be refused.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
BYTES = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def headers(
    name: str, at: datetime, body: bytes, keys: Sequence[str]
) -> dict[str, str]:  # fmt: skip
    """The three headers.

    Args:
        name: the delivery's, the same over all attempts.
        at: the attempt's moment.
        keys: the secret, and the one before it while it still counts; one signature each.
    """
    stamp = str(int(at.timestamp()))
    signed = f"{name}.{stamp}.".encode() + body
    return {
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{_sign(key, signed)}" for key in keys),
    }


def _sign(key: str, signed: bytes) -> str:
    raw = base64.b64decode(key.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()
