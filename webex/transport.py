"""Requests to Webex over the SDK's session, with everything that must not get past the door.

Pages are followed by hand and only on the host that we trust; waits are capped; reads are
tried again, changes never are, since only who holds the intent can find out whether they
took effect; and an error carries neither token nor address nor text (design.md, "Known
faults": webexteamssdk).
"""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from webexteamssdk import WebexTeamsAPI

from webex.budget import BURST_RESERVE, RATE_RESERVE, Bucket
from webex.errors import (
    Conflict,
    Deleted,
    Denied,
    Invalid,
    Missing,
    NotAuthorised,
    Throttled,
    Unclear,
    UntrustedHost,
    WebexFault,
)
from webex.gateway import Lane, Look
from webex.tokens import TokenSource
from webex.values import File

CONNECT_SECONDS, READ_SECONDS = 10, 60
LONGEST_WAIT = {Lane.CHAT: 3.0, Lane.BACKGROUND: 120.0}
"""No worker sleeps longer, whatever `Retry-After` says (a day has been seen)."""
ATTEMPTS = {Lane.CHAT: 3, Lane.BACKGROUND: 6}
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_=-]*(?:/[A-Za-z0-9_=-]+)*")
DEFAULT_WAIT = 15.0
"""For a 429 without a readable `Retry-After`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer: its JSON, and the address of the next page."""

    body: Any
    next: str | None
    response: requests.Response


class Transport:
    """One identity. `ca` is a file of certificates to trust instead of the usual ones."""

    def __init__(
        self, source: TokenSource, *, base_url: str, ca: str | None = None,
        per_minute: float = 300, pool: int = 100, sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self._source = source
        self._base = base_url if base_url.endswith("/") else base_url + "/"
        parts = urlsplit(self._base)
        if parts.scheme != "https" or not parts.hostname:
            raise ValueError("Webex is spoken to over https only")
        self._host = (parts.hostname, parts.port or 443)
        sdk = WebexTeamsAPI(
            access_token="set-for-each-request",  # noqa: S106
            base_url=self._base,
            wait_on_rate_limit=False,
        )
        self._http: requests.Session = sdk._session._req_session
        self._http.trust_env = False  # no .netrc and no proxy sneaks in beside the settings
        self._http.verify = ca or True
        adapter = requests.adapters.HTTPAdapter(pool_connections=4, pool_maxsize=pool)
        self._http.mount("https://", adapter)
        self._buckets = {
            Lane.CHAT: Bucket(per_minute),
            Lane.BACKGROUND: Bucket(per_minute * (1 - RATE_RESERVE), share=1 - BURST_RESERVE),
        }
        self._sleep = sleep
        self._now = now
        self.date: datetime | None = None
        """Webex's own clock, by its last answer."""

    def __repr__(self) -> str:
        return f"<Transport to {self._host[0]}>"

    def get(self, address: str, *, lane: Lane, params: Mapping[str, Any] | None = None) -> Answer:
        """A read: tried again on a 429, a 5xx and a lost connection, within the lane's waits."""
        tries = Retrying(
            retry=retry_if_exception_type((Throttled, Unclear)),
            stop=stop_after_attempt(ATTEMPTS[lane]),
            wait=lambda state: self._wait(state, lane),
            sleep=self._sleep,
            reraise=True,
        )
        answer: Answer = tries(self._once, "GET", address, lane=lane, params=params)
        return answer

    def file(self, address: str, *, lane: Lane, most: int) -> File:
        """A file's content, read up to `most` bytes. Raises Invalid: it is larger."""
        url, token = self._trusted(address), self._source.token()
        self._pace(lane)
        try:
            with self._http.get(
                url, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False,
                timeout=(CONNECT_SECONDS, READ_SECONDS), stream=True,
            ) as response:  # fmt: skip
                if response.status_code != 200:
                    self._read(response, "GET")
                    raise Unclear("Webex gave no file", status=response.status_code)
                content = b""
                for piece in response.iter_content(64 * 1024):
                    content += piece
                    if len(content) > most:
                        raise Invalid(f"the file is larger than {most:,} bytes", status=413)
                return File(
                    name=_file_name(response.headers.get("Content-Disposition", "")),
                    media=response.headers.get("Content-Type", "").split(";")[0].strip(),
                    content=content,
                )  # fmt: skip
        except requests.RequestException as fault:
            lost = Unclear(f"the file could not be read ({type(fault).__name__})")
        raise lost

    def change(
        self, method: str, address: str, *, lane: Lane, body: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None, look: Look | None = None,
    ) -> Answer:  # fmt: skip
        """One request, never repeated: Unclear says that it may have taken effect. `look` is
        called when all waiting is over, right before it leaves; what it raises stops it."""
        return self._once(method, address, lane=lane, body=body, files=files, look=look)

    def exchange(self, address: str, form: Mapping[str, str]) -> Mapping[str, Any] | None:
        """Posts an OAuth form, without a token. None when Webex refused it.

        Raises:
            Unclear: no answer; the old refresh token may still be good.
        """
        try:
            response = self._http.post(
                self._trusted(address), data=form, allow_redirects=False,
                headers={"Authorization": None, "Content-Type": None},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
            )  # fmt: skip
        except requests.RequestException:
            response = None
        if response is None or response.status_code >= 500:
            raise Unclear("the token could not be refreshed")
        try:
            body = response.json()
        except ValueError:
            return None
        return body if response.ok and isinstance(body.get("access_token"), str) else None

    def close(self) -> None:
        self._http.close()

    # -- one request ------------------------------------------------------------------------

    def _once(
        self, method: str, address: str, *, lane: Lane, params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None, files: Mapping[str, Any] | None = None,
        look: Look | None = None,
    ) -> Answer:  # fmt: skip
        url = self._trusted(address)
        self._pace(lane)
        token = self._source.token()
        if look is not None:
            look()
        response = self._send(method, url, token, params, body, files)
        if response.status_code == 401 and self._source.renew(token):
            if look is not None:  # renewing may have taken a while
                look()
            response = self._send(method, url, self._source.token(), params, body, files)
        return self._read(response, method)

    def _send(
        self, method: str, url: str, token: str, params: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None, files: Mapping[str, Any] | None,
    ) -> requests.Response:  # fmt: skip
        headers = {"Authorization": f"Bearer {token}"}
        form: dict[str, Any] = {}
        if files:
            headers["Content-Type"] = None  # type: ignore[assignment] # requests writes its own
            form = {"data": body, "files": files}
        elif body is not None:
            form = {"data": json.dumps(body).encode()}
            headers["Content-Type"] = "application/json"
        try:
            return self._http.request(
                method, url, params=params, headers=headers, allow_redirects=False,
                timeout=(CONNECT_SECONDS, READ_SECONDS), **form,
            )  # fmt: skip
        except requests.ConnectTimeout:
            lost: WebexFault = Unclear("no connection to Webex")
        except requests.RequestException as fault:
            lost = Unclear(f"the connection to Webex was lost ({type(fault).__name__})")
        raise lost  # outside of `except`: the request's own text must not come along

    def _read(self, response: requests.Response, method: str) -> Answer:
        self._note_date(response)
        status, tracking = response.status_code, response.headers.get("TrackingID", "")
        if status == 429:
            raise Throttled(
                "too many requests",
                retry_at=self._retry_at(response),
                tracking_id=tracking,
                is_of_change=method != "GET",
            )
        if status >= 300:
            raise _fault(status, _said(response), tracking, self._retry_at(response))
        if status == 204 or not response.content:
            return Answer(None, None, response)
        if "json" not in response.headers.get("Content-Type", ""):
            if "html" in response.headers.get("Content-Type", ""):
                raise Unclear("Webex answered with a web page", status=status, tracking_id=tracking)
            return Answer(None, None, response)
        try:
            body = response.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Unclear("Webex's answer can't be read", status=status, tracking_id=tracking)
        link = response.links.get("next", {}).get("url")
        return Answer(body, urljoin(response.url, link) if link else None, response)

    # -- rails ------------------------------------------------------------------------------

    def _trusted(self, address: str) -> str:
        """The full address. Raises UntrustedHost before anything is sent elsewhere."""
        if _PLAIN.fullmatch(address):  # a path below our own base, and nothing else
            return self._base + address
        url = urljoin(self._base, address)
        parts = urlsplit(url)
        try:
            where = (parts.hostname or "", parts.port or 443)
        except ValueError:
            where = ("", 0)
        if parts.scheme != "https" or where != self._host or parts.username is not None:
            raise UntrustedHost("Webex named an address on a host that we don't trust")
        return url

    def _pace(self, lane: Lane) -> None:
        wait = self._buckets[lane].take()
        if wait > LONGEST_WAIT[lane]:
            raise Throttled(
                "our own budget is used up", retry_at=self._now() + timedelta(seconds=wait)
            )
        if wait > 0:
            self._sleep(wait)

    def _wait(self, state: RetryCallState, lane: Lane) -> float:
        fault = state.outcome.exception() if state.outcome else None
        if isinstance(fault, Throttled):
            wait = max(0.0, (fault.retry_at - self._now()).total_seconds())
        else:
            wait = min(8.0, 0.25 * 2**state.attempt_number)
        wait += random.uniform(0, 0.1)  # noqa: S311 - no secret, only to spread retries
        if wait > LONGEST_WAIT[lane]:  # too long to sleep here: whoever asked comes back later
            raise fault if fault is not None else Unclear("no answer")
        return wait

    def _retry_at(self, response: requests.Response) -> datetime:
        text = response.headers.get("Retry-After", "")
        try:
            seconds = float(text)
        except ValueError:
            seconds = DEFAULT_WAIT  # malformed in the wild (webex-facts 2)
        if not 0 <= seconds < 10 * 86_400:
            seconds = DEFAULT_WAIT
        return self._now() + timedelta(seconds=max(seconds, 0.5))

    def _note_date(self, response: requests.Response) -> None:
        try:
            self.date = parsedate_to_datetime(response.headers["Date"])
        except (KeyError, ValueError, TypeError):
            return


def _fault(status: int, said: str, tracking: str, retry_at: datetime) -> WebexFault:
    if status == 401:
        return NotAuthorised("the token is not valid any more", status=status, tracking_id=tracking)
    if status == 423:
        return Throttled(said or "locked", retry_at=retry_at, status=status, tracking_id=tracking)
    if status >= 500 or status < 400:
        return Unclear(said or "Webex failed", status=status, tracking_id=tracking)
    kind: type[WebexFault] = {403: Denied, 404: Missing, 409: Conflict, 410: Deleted}.get(
        status, Invalid
    )
    return kind(said or "refused", status=status, tracking_id=tracking)


def _file_name(disposition: str) -> str:
    """What a Content-Disposition calls the file, without any folder (RFC 6266)."""
    told = EmailMessage()
    told["Content-Disposition"] = disposition or "attachment"
    name = (told.get_filename() or "file").replace("\\", "/").rpartition("/")[2]
    return name[:200] or "file"


def _said(response: requests.Response) -> str:
    """Webex's own sentence, shortened; only from a JSON error body."""
    try:
        body = response.json()
    except ValueError:
        return ""
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(message, str):
        return ""
    details = body.get("errors")
    if isinstance(details, list) and details and isinstance(details[0], dict):
        more = details[0].get("description")
        if isinstance(more, str) and more != message:
            message = f"{message} {more}"
    return message[:200]
