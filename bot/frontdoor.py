"""The door of webex_bot 1.3.1: transport only. It brings frames; all else is ours.

Every message, press and change of a space becomes an arrival (ids only, `bot/frames.py`) and is
offered to the intake; nothing is decided and nothing is answered here. Its known faults stay
inside: its matching and its approval lists are never reached, it acknowledges by the envelope's
id on the loop's own thread and only once the row is written, it waits for nobody for ever, its
device has a name of our own, and its logging is taken back.

Webex tells each thing at most once (webex-facts 5.7). So whenever something may have been missed
(a new connection, a gap in the numbers of the frames) `missed` is called, and whoever it is
reads what can be read.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import requests

from bot.frames import Unreadable, arrival_of, envelope_of, sequence_of
from bot.signs import sign_of
from bot.slots import Slots
from storage.inbox import Arrival

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
STEADY = 10.0
"""Seconds after which a connection counts as one, if nothing was heard on it before."""
REPLACED = 4000
ANSWER_SECONDS = (5, 15)

Offer = Callable[..., None]
"""`Intake.offer`: an arrival, and what to call once its row is written."""


class FrontDoor:
    """One connection, held up for as long as the process lives.

    Args:
        slots: which device is ours.
        missed: called when something may have happened that no frame told, and can be read
            now; from the connection's own thread, so it has to return at once.
        lost: called when a connection ended.
        dead_seconds: a connection that stays dead this long ends `run` with ConnectionError.
        watches: whether somebody wants to know of what the bot itself does not go by.
    """

    def __init__(
        self, *, token: str, rest: str, u2c: str = "", ca: str = "", offer: Offer, slots: Slots,
        missed: Callable[[], None] = lambda: None, lost: Callable[[], None] = lambda: None,
        dead_seconds: float = 600, watches: Callable[[Arrival], bool] = lambda sign: False,
    ) -> None:  # fmt: skip
        self._token, self._rest, self._u2c, self._ca = token, rest, u2c, ca
        self._offer, self._missed, self._lost, self._slots = offer, missed, lost, slots
        self._dead_seconds, self._watches = dead_seconds, watches
        self._stopped = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._socket: Any = None
        self._is_stale = False
        self._connected_at: float | None = None
        self._has_heard = False
        self._last = 0

    def run(self) -> None:
        """Connects and stays connected until `stop`.

        Raises:
            ConnectionError: the connection stayed dead; the process should end non-zero.
        """
        wait, dead_since = FIRST_WAIT, time.monotonic()
        while not self._stopped.is_set():
            self._connected_at, self._has_heard = None, False
            try:
                self._connect()
            except (Exception, SystemExit, asyncio.CancelledError) as no:
                if not self._stopped.is_set():
                    log.warning("the connection to Webex ended: %s", type(no).__name__)
            now = time.monotonic()
            if self._has_heard or (self._connected_at and now - self._connected_at > STEADY):
                wait, dead_since = FIRST_WAIT, now
            left = self._dead_seconds - (now - dead_since)
            if left <= 0 and not self._stopped.is_set():
                raise ConnectionError("Webex could not be reached")
            self._stopped.wait(min(wait, left + 0.01))
            wait = min(wait * 2, LONGEST_WAIT)

    @property
    def is_connected(self) -> bool:
        return self._connected_at is not None

    def stop(self) -> None:
        self._stopped.set()
        loop = self._loop
        if loop is not None and not loop.is_closed():
            try:
                loop.call_soon_threadsafe(_stop_all, loop)
            except RuntimeError:
                log.debug("the connection had just ended")

    # -- one connection ---------------------------------------------------------------------

    def _connect(self) -> None:
        loop = self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        made: Any = None
        try:
            if self._stopped.is_set():
                return
            made = _client(self)
            made._get_device_info(check_existing=not self._is_stale)
            self._is_stale = False
            loop.run_until_complete(self._listen(made))
        finally:
            if made is not None:
                made.session.close()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    async def _listen(self, made: Any) -> None:
        import websockets

        try:
            async with websockets.connect(
                made.device_info["webSocketUrl"], ssl=made.tls(),
                additional_headers=made._get_headers(),
            ) as socket:  # fmt: skip
                self._socket = made.websocket = socket
                try:
                    await self._hear(made, socket)
                finally:
                    self._socket = None
                    self._lost()
                    if socket.close_code == REPLACED:
                        self._slots.lost()
        except websockets.InvalidStatus as no:
            self._is_stale = no.response.status_code == 404  # a new device is needed (facts 5.11)
            raise

    async def _hear(self, made: Any, socket: Any) -> None:
        hello = {"id": "hello", "type": "authorization", "data": {"token": f"Bearer {self._token}"}}
        await socket.send(json.dumps(hello))
        self._connected_at, self._last = time.monotonic(), 0
        self._missed()
        async for frame in socket:
            self._has_heard = True
            try:
                made._process_incoming_websocket_message(json.loads(frame))
            except Unreadable as no:
                log.warning("a frame is not as it should be: %s", no)
            except Exception as no:  # somebody else's data; nothing in it may end the connection
                log.warning("a frame could not be read: %s", type(no).__name__)

    def take(self, frame: object) -> None:
        """One frame: ids only, to the intake; acknowledged once it is written down.

        Raises:
            Unreadable: it is not as Webex forms it.
        """
        self._count(sequence_of(frame))
        arrival = arrival_of(frame)
        if arrival is None and (sign := sign_of(frame)) is not None and self._watches(sign):
            arrival = sign
        if arrival is not None:
            envelope = envelope_of(frame)
            self._offer(arrival, written=lambda: self._acknowledge(envelope))

    def _count(self, number: int) -> None:
        """A number that was left out is a frame that was lost (facts 5.4)."""
        if number > self._last:
            if number > self._last + 1:
                self._missed()
            self._last = number

    def _acknowledge(self, envelope: str | None) -> None:
        loop, socket = self._loop, self._socket
        if envelope is None or loop is None or loop.is_closed() or socket is None:
            return
        text = json.dumps({"type": "ack", "messageId": envelope})
        sending = _quietly(socket, text)
        try:
            asyncio.run_coroutine_threadsafe(sending, loop)
        except RuntimeError:  # it was closed between the two lines
            sending.close()


async def _quietly(socket: Any, text: str) -> None:
    """An acknowledgement that is lost does no harm: the inbox knows a repeated delivery."""
    try:
        await socket.send(text)
    except Exception as no:
        log.debug("not acknowledged: %s", type(no).__name__)


def _stop_all(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()


class _Patient(requests.adapters.HTTPAdapter):
    """The library waits for ever for an answer; nobody should."""

    def send(self, request: Any, *args: Any, **more: Any) -> Any:
        return super().send(request, *args, **{**more, "timeout": ANSWER_SECONDS})


def _client(door: FrontDoor) -> Any:
    """webex_bot itself, with what is ours in the places where it lets us in."""
    before = logging.getLogger().handlers[:], logging.getLogger().level
    from webex_bot.models.command import Command
    from webex_bot.webex_bot import WebexBot
    from webex_bot.websockets import webex_websocket_client as library

    class Nothing(Command):  # type: ignore[misc]
        """The one command it has; it is never reached."""

        def execute(self, message: Any, attachment_actions: Any, activity: Any) -> None:
            return None

    class Client(WebexBot):  # type: ignore[misc]
        def _get_device_url(self) -> Any:
            """Runs before anything else is asked; the place to say where Webex is."""
            self.teams._session._base_url = door._rest
            for session in (self.session, self.teams._session._req_session):
                session.trust_env = False  # else the environment's bundle goes before ours
                session.verify = door._ca or True
                session.mount("https://", _Patient())
            return super()._get_device_url()

        def get_me_info(self) -> None:
            """Nobody needs it here; and while there is no connection it would ask for ever."""

        def approval_parameters_check(self) -> None:
            """Who may is decided in dispatch, for presses too."""

        def _process_incoming_websocket_message(self, msg: Any) -> None:
            door.take(msg)

        def _get_device_info(self, check_existing: bool = True) -> Any:
            """The device of this process: the one it had before, or a new one."""
            name = door._slots.name()
            known = self._devices()
            mine = [one for one in known if one.get("name") == name]
            if check_existing and mine:
                self.device_info = mine.pop()
            for old in mine:  # of a connection that Webex has forgotten
                self.session.delete(old["url"])
            if self.device_info is None:
                self.device_info = self._registered(name, known)
            return self.device_info

        def _devices(self) -> list[dict[str, Any]]:
            answer = self.session.get(f"{self.device_url}/devices")
            if answer.status_code == 404:  # so Webex says that there is none
                return []
            answer.raise_for_status()
            return [one for one in answer.json()["devices"] if isinstance(one, dict)]

        def _registered(self, name: str, known: list[dict[str, Any]]) -> dict[str, Any]:
            asked = {**library.DEVICE_DATA, "name": name}
            answer = self.session.post(f"{self.device_url}/devices", json=asked)
            if answer.status_code == 403:  # too many (facts 5.2): those of dead processes go
                log.warning("Webex has too many devices of this bot")
                for old in known:
                    if door._slots.is_free(str(old.get("name"))):
                        self.session.delete(old["url"])
                answer = self.session.post(f"{self.device_url}/devices", json=asked)
            answer.raise_for_status()
            return dict(answer.json())

        def tls(self) -> Any:
            if door._ca:
                library.ssl_context.load_verify_locations(door._ca)
            return library.ssl_context

    if door._u2c:
        library.DEFAULT_U2C_URL = door._u2c
    made = Client(door._token, help_command=Nothing(), log_level="WARNING")
    root = logging.getLogger()
    root.handlers[:], root.level = before[0], before[1]
    logging.getLogger("webex_bot").setLevel(logging.WARNING)
    return made
