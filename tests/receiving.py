"""A receiver of watches on this machine, over real TLS: it does what it is told to do, and checks
the signature with plain hmac, as its documentation says, with none of our own code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme


@dataclass(frozen=True, kw_only=True)
class Came:
    """One request, as it came."""

    path: str
    raw: bytes
    headers: dict[str, str]

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.raw))

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        """Standard Webhooks, by hand."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.raw
        mine = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        given = self.headers["webhook-signature"].split()
        return any(hmac.compare_digest(f"v1,{mine}", one) for one in given)


@dataclass(frozen=True, kw_only=True)
class Does:
    """What the receiver does with a request."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    waits: float = 0.0
    drips: float = 0.0
    """Seconds for which it sends a byte now and then, and never all."""
    resets: bool = False


class Receiver:
    def __init__(self, port: int, ca: Path) -> None:
        self.port, self.ca = port, ca
        self.usual = Does()
        self.next: deque[Does] = deque()
        self.came: list[Came] = []

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/hook?of=mine"

    def took(self, came: Came) -> Does:
        self.came.append(came)
        return self.next.popleft() if self.next else self.usual


@contextmanager
def receiving(folder: Path, *, names: tuple[str, ...] = ("127.0.0.1",)) -> Iterator[Receiver]:
    """Runs one. Its certificate is for `names`, by an authority whose file is `ca`."""
    authority = trustme.CA()
    ca = folder / "receiver-ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    made: list[Receiver] = []
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            came = Came(
                path=self.path, raw=raw, headers={k.lower(): v for k, v in self.headers.items()}
            )
            does = made[0].took(came)
            over.wait(does.waits)
            if does.resets:
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                socket.socket.close(self.connection)
                return
            self.send_response(does.status)
            for name, value in does.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(10**9 if does.drips else len(does.body)))
            self.end_headers()
            until = time.monotonic() + does.drips
            with suppress(OSError):
                while time.monotonic() < until and not over.is_set():
                    self.wfile.write(b".")
                    self.wfile.flush()
                    over.wait(0.2)
                self.wfile.write(does.body)
            self.close_connection = True

        def log_message(self, *_: Any) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None: ...  # whoever hung up on us was meant to

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    with Server(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        made.append(Receiver(server.server_port, ca))
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield made[0]
        over.set()
        server.shutdown()
        thread.join()
