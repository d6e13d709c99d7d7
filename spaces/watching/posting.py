"""One POST to one address: judged, connected to as judged, bounded in time and size.

Decides how; whether at all, how often and what then is `telling`'s. By hand over a socket of our
own, since a library that resolves the name itself would connect to what nobody judged, and
would follow redirects and the environment's proxies. The certificate is verified for the name.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from domain.errors import Fault
from spaces.spec import Outside
from spaces.watching.addresses import Place, addresses_of

CONNECT_SECONDS, TOTAL_SECONDS = 5.0, 15.0
MOST_ANSWER = 64 * 1024
"""Bytes of an answer that are read; nobody reads what stands in it."""
AGENT = "Spacekeeper"


class NotPosted(Fault):
    """No answer; whether it got there is not known. The text is short, and from us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """An answer. `retry_after`: seconds that the receiver wants us to wait, as far as said."""

    status: int
    retry_after: float | None = None


def post(
    place: Place, body: bytes, headers: Mapping[str, str], outside: Outside, *,
    total: float = TOTAL_SECONDS,
) -> Posted:  # fmt: skip
    """Posts `body`, once.

    Raises:
        Closed, NoAddress: nothing was sent.
        NotPosted: it was not answered in time, or not as it should be.
    """
    until = time.monotonic() + total
    trusted = _trust(outside)
    problem = "no connection"
    for address in addresses_of(place, outside)[:4]:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            raw = socket.create_connection((address, place.port), min(CONNECT_SECONDS, left))
        except TimeoutError:
            problem = "no connection in time"
            continue
        except OSError:
            continue
        return _over(raw, place, body, headers, trusted, until)
    raise NotPosted(problem)


def _over(
    raw: socket.socket, place: Place, body: bytes, headers: Mapping[str, str],
    trusted: ssl.SSLContext, until: float,
) -> Posted:  # fmt: skip
    """A socket's timeout is per read, so an answer that drips would never end: the whole is cut
    off from outside when its time is over."""
    is_over = threading.Event()
    left = max(0.05, until - time.monotonic())
    raw.settimeout(left)
    safe = trusted.wrap_socket(raw, server_hostname=place.host, do_handshake_on_connect=False)

    def cut() -> None:
        is_over.set()
        with suppress(OSError):  # it ended by itself just now
            socket.socket.shutdown(safe, socket.SHUT_RDWR)  # not TLS's own, which would wait

    limit = threading.Timer(left, cut)
    limit.daemon = True
    limit.start()
    try:
        safe.do_handshake()
        answer = _exchange(safe, place, body, headers)
        if not is_over.is_set():
            return answer
        problem = ""
    except ssl.SSLCertVerificationError:
        problem = "its certificate is not valid"
    except ssl.SSLError:
        problem = "TLS failed"
    except TimeoutError:
        problem = "no answer in time"
    except (http.client.HTTPException, ValueError):
        problem = "its answer is not HTTP"
    except OSError:
        problem = "the connection was lost"
    finally:
        limit.cancel()
        safe.close()
    raise NotPosted("no answer in time" if is_over.is_set() else problem)


def _exchange(safe: ssl.SSLSocket, place: Place, body: bytes, headers: Mapping[str, str]) -> Posted:
    connection = http.client.HTTPConnection(place.host, place.port)
    connection.sock = safe
    connection.putrequest("POST", place.target, skip_host=True, skip_accept_encoding=True)
    given = {
        "Host": place.header, "User-Agent": AGENT, "Content-Type": "application/json",
        "Content-Length": str(len(body)), "Connection": "close", **headers,
    }  # fmt: skip
    for name, value in given.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    if len(answer.read(MOST_ANSWER + 1)) > MOST_ANSWER:
        raise NotPosted("its answer is too large")
    return Posted(
        status=answer.status, retry_after=_seconds(answer.getheader("Retry-After")),
    )  # fmt: skip


def _seconds(text: str | None) -> float | None:
    if not text:
        return None
    try:
        wait = float(text)
    except ValueError:
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        wait = (at - datetime.now(UTC)).total_seconds()
    return max(0.0, wait) if wait == wait and wait != float("inf") else None  # no NaN


def _trust(outside: Outside) -> ssl.SSLContext:
    made = ssl.create_default_context()
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if outside.ca:
        made.load_verify_locations(outside.ca)
    return made
