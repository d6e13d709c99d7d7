"""From the uuid in a frame to the id that the API knows it by.

Webex's ids hold the cluster that a thing lives in, which a frame need not say, so they are
asked for and never put together (webex-facts 1.0, 5.10).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import requests

from bot.frames import Unreadable, address_of, is_trusted
from webex.errors import Missing, Throttled, Unclear

log = logging.getLogger(__name__)

CATALOG = "https://u2c.wbx2.com/u2c/api/v1/catalog"
"""Where Webex says which services there are; the conversation service is a sister of it."""
SECONDS = (5, 10)


class Resolver:
    """Asks with the bot's own token; it may be asked from any thread."""

    def __init__(self, *, token: str, rest: str, u2c: str = "", ca: str = "") -> None:
        self._rest, self._u2c = rest.rstrip("/"), u2c or CATALOG
        self._http = requests.Session()
        self._http.trust_env = False  # neither .netrc nor a proxy beside the settings
        self._http.verify = ca or True
        self._http.headers["Authorization"] = f"Bearer {token}"
        self._http.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=50))

    def close(self) -> None:
        self._http.close()

    def __call__(self, body: Mapping[str, object]) -> str:
        """The REST id behind an arrival's frame, by the conversation service (facts 5.10). When
        that is down, the API itself is asked, which takes a bare uuid as well (facts 1.0).

        Raises:
            Missing: it is not there, or not yet.
            Throttled, Unclear: it could not be asked.
        """
        try:
            address = address_of(body)
        except Unreadable:
            raise Missing("what arrived names no conversation") from None
        what = "attachment/actions" if body.get("verb") == "cardAction" else "messages"
        if is_trusted(address, u2c=self._u2c):
            try:
                return self._ask_id(address)
            except Unclear as no:
                log.warning("the conversation service: %s", no)
        return self._ask_id(f"{self._rest}/{what}/{body['id']}")

    def _ask_id(self, address: str) -> str:
        try:
            answer = self._http.get(address, timeout=SECONDS, allow_redirects=False)
            found = answer.json().get("id") if answer.ok else None
        except (requests.RequestException, ValueError, AttributeError) as no:
            raise Unclear(f"no answer ({type(no).__name__})") from None
        if isinstance(found, str):
            return found
        if answer.status_code in (404, 410):
            raise Missing("what arrived can't be found", status=answer.status_code)
        if answer.status_code == 429:
            soon = datetime.now(UTC) + timedelta(seconds=2)
            raise Throttled("too many requests", retry_at=soon)
        raise Unclear("no id in the answer", status=answer.status_code)
