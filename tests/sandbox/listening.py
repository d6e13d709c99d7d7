"""A listener on Mercury, as the reference client does it: discover, register, connect, listen."""

from __future__ import annotations

import json
import ssl
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.sandbox.calling import Caller

NEW = {
    "deviceName": "listener", "deviceType": "DESKTOP", "localizedModel": "python",
    "model": "python", "name": "listener", "systemName": "listener", "systemVersion": "0.1",
}  # fmt: skip
Frame = dict[str, Any]


class Listener:
    def __init__(self, socket: ClientConnection, device: dict[str, Any], token: str) -> None:
        self.socket = socket
        self.device = device
        self.token = token
        self.raw: list[str | bytes] = []

    def authorize(self, token: str | None = None) -> None:
        said = {"id": str(uuid.uuid4()), "type": "authorization"}
        self.say({**said, "data": {"token": f"Bearer {token or self.token}"}})

    def say(self, frame: Frame) -> None:
        self.socket.send(json.dumps(frame))

    def next(self, timeout: float = 5) -> Frame:
        """The next frame of any kind. Raises TimeoutError, ConnectionClosed."""
        raw = self.socket.recv(timeout)
        self.raw.append(raw)
        return dict(json.loads(raw))

    def activity(self, verb: str, more: Callable[[Frame], bool] = lambda _: True) -> Frame:
        """The next activity with this verb; what comes before it is passed over."""
        while True:
            frame = self.next()
            found = frame.get("data", {}).get("activity")
            if found and found["verb"] == verb and more(found):
                return frame

    def until_pong(self) -> list[Frame]:
        """Everything that has been sent to us by now."""
        self.say({"id": "mark", "type": "ping"})
        found = []
        while (frame := self.next()).get("type") != "pong":
            found.append(frame)
        return found

    def verbs(self) -> list[str]:
        return [
            f["data"]["activity"]["verb"]
            for f in self.until_pong()
            if "activity" in f.get("data", {})
        ]


def wdm(who: Caller, u2c: str) -> str:
    catalog = who.session.get(f"{u2c}/catalog", params={"format": "hostmap"}, timeout=5).json()
    return str(catalog["serviceLinks"]["wdm"])


def register(who: Caller, u2c: str, name: str = "listener") -> dict[str, Any]:
    answer = who.session.post(f"{wdm(who, u2c)}/devices", json={**NEW, "name": name}, timeout=5)
    assert answer.ok, answer.text
    return dict(answer.json())


@contextmanager
def listening(
    who: Caller, u2c: str, *, device: dict[str, Any] | None = None, query: str = "",
    authorize: bool = True,
) -> Iterator[Listener]:  # fmt: skip
    device = device or register(who, u2c)
    url = device["webSocketUrl"] + query
    trust = ssl.create_default_context(cafile=who.ca)
    # This client writes in one thread while another reads, which OpenSSL does not allow: by 1.3 a
    # session ticket that comes meanwhile now and then spoils the connection (Python before 3.13).
    trust.maximum_version = ssl.TLSVersion.TLSv1_2
    with connect(url, ssl=trust, open_timeout=30, proxy=None) as socket:
        listener = Listener(socket, device, who.token)
        if authorize:
            listener.authorize()
            listener.until_pong()
        yield listener
