"""The sandbox without a wire: the product's real gateway, answered in the same thread.

The very pipeline that a request over TLS goes through (faults, scopes, paging, the log), handed
a request made from what `requests` was about to send. For models that need ten thousand
programs; what only a wire can do (TLS, sockets, time-outs) is tested over one.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import requests
from aiohttp import web

from sandbox.handle import Control, Handle
from sandbox.server import Sandbox
from sandbox.world import World
from webex.sdk import SdkWebex
from webex.tokens import TokenSource

T = TypeVar("T")


class Wireless(Handle):
    """A sandbox that is reached by calls alone. `do` is what the server's own thread would be."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sandbox-")
        self.sandbox = Sandbox(Path(self._folder.name))
        self.sandbox.port = 1
        self._lock = threading.RLock()
        self.ready = self.sandbox.ready()

    @property
    def world(self) -> World:
        return self.sandbox.world

    def do(self, act: Callable[[], T]) -> T:
        with self._lock:
            return act()

    def reset(self) -> None:
        with self._lock:
            self.sandbox.reset()
            self.sandbox.log._seq = 0
            self.ready = self.sandbox.ready()

    def stop(self) -> None:
        self.world.db.close()
        self._folder.cleanup()

    def connect(self, bot: TokenSource, compliance: TokenSource, witness: TokenSource) -> SdkWebex:
        """The product's own gateway; only what carries its requests is another."""
        made = SdkWebex(
            bot, compliance, witness=witness, base_url=self.ready["rest"],
            per_minute=600_000, sleep=lambda seconds: None,
        )  # fmt: skip
        for one in made._transports:
            one._http.mount("https://", _Adapter(self))
        return made

    def answer(self, request: _Request) -> web.Response:
        with self._lock:
            return _at_once(self.sandbox._api(request))  # type: ignore[arg-type]


class CalledControl(Control):
    """The control interface by calls. It gives what the real one gives, before it is JSON."""

    def __init__(self, wireless: Wireless) -> None:
        self._wireless = wireless

    @property
    def ready(self) -> dict[str, Any]:  # type: ignore[override]
        return self._wireless.ready

    def close(self) -> None:
        pass

    def call(self, method: str, path: str, /, **body: Any) -> Any:
        names = {"people": "_person", "spaces": "_space", "groups": "_group"}
        name = names.get(path, f"_{path}")
        if path == "faults":
            name = {"POST": "_fault", "GET": "_faults", "DELETE": "_clear_faults"}[method]
        control = self._wireless.sandbox.control
        with self._wireless._lock:
            return _at_once(getattr(control, name)(body))

    def now(self) -> datetime:
        return self._wireless.sandbox.clock.now()

    def advance(self, by: timedelta) -> datetime:
        clock = self._wireless.sandbox.clock
        clock.offset += by  # nobody reads the file
        return clock.now()


class _Request:
    """As much of an aiohttp request as the pipeline asks for."""

    def __init__(self, sent: requests.PreparedRequest) -> None:
        parts = urlsplit(str(sent.url))
        self.method = str(sent.method)
        self.path, self.query_string, self.host = parts.path, parts.query, parts.netloc
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.headers = sent.headers
        self.content_type = str(sent.headers.get("Content-Type", "")).partition(";")[0].strip()
        self.match_info: Mapping[str, str] = {"path": parts.path.removeprefix("/v1/")}
        self.transport = None
        body = sent.body or b""
        self._body = body.encode() if isinstance(body, str) else bytes(body)  # type: ignore[arg-type]

    async def read(self) -> bytes:
        return self._body

    async def post(self) -> dict[str, Any]:
        """A form with files, read as the real server reads it."""
        from email import message_from_bytes

        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form: dict[str, Any] = {}
        for part in message_from_bytes(head + self._body).get_payload():
            name = str(part.get_param("name", header="content-disposition"))  # type: ignore[union-attr]
            content = part.get_payload(decode=True)  # type: ignore[union-attr]
            if part.get_filename() is None:  # type: ignore[union-attr]
                form[name] = content.decode()  # type: ignore[union-attr]
            else:
                file = SimpleNamespace(read=lambda content=content: content)
                form[name] = web.FileField(
                    name, str(part.get_filename()), file,  # type: ignore[arg-type,union-attr]
                    part.get_content_type(), part,  # type: ignore[arg-type,union-attr]
                )  # fmt: skip
        return form


class _Adapter(requests.adapters.BaseAdapter):
    def __init__(self, wireless: Wireless) -> None:
        super().__init__()
        self._wireless = wireless

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # type: ignore[override]
        try:
            made = self._wireless.answer(_Request(request))
        except ConnectionResetError as no:
            raise requests.ConnectionError(str(no), request=request) from None
        answer = requests.Response()
        answer.status_code = made.status
        answer.headers.update(made.headers)
        body = made.body
        answer._content = b"" if body is None else bytes(body)  # type: ignore[arg-type]
        answer.encoding = "utf-8"
        answer.url, answer.request = str(request.url), request
        return answer

    def close(self) -> None:
        pass


def _at_once(made: Any) -> Any:
    """What a coroutine gives that waits for nothing."""
    try:
        made.send(None)
    except StopIteration as done:
        return done.value
    made.close()
    raise RuntimeError("it waits for something, which needs the real server")
