"""A web server that webhooks are delivered to. It answers with what it is told to answer."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Delivery:
    raw: bytes
    headers: dict[str, str]

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.raw))


class Receiver:
    def __init__(self) -> None:
        self.status = 200
        self._came: queue.Queue[Delivery] = queue.Queue()
        self.url = ""

    def next(self) -> Delivery:
        return self._came.get(timeout=5)

    def none_left(self) -> bool:
        return self._came.empty()

    def took(self, delivery: Delivery) -> int:
        self._came.put(delivery)
        return self.status


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(receiver.took(Delivery(raw=raw, headers=dict(self.headers))))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()
