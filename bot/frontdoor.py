"""The door of webex_bot 1.3.1: transport only. It brings frames; all else is ours.

Every message, press and change of membership becomes an arrival (ids only) and is offered to
the intake; nothing is decided and nothing is answered here. Its known faults stay inside:
its matching and its approval lists are never reached, it acknowledges by the envelope's id on
the loop's own thread and only once the row is written, and its logging is taken back.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.arrivals import MEMBERSHIP, MESSAGE, PRESS
from storage.inbox import Arrival

log = logging.getLogger(__name__)

KINDS = {
    "post": MESSAGE, "update": MESSAGE, "cardAction": PRESS, "add": MEMBERSHIP,
    "leave": MEMBERSHIP, "create": MEMBERSHIP, "lock": MEMBERSHIP, "unlock": MEMBERSHIP,
    "assignModerator": MEMBERSHIP, "unassignModerator": MEMBERSHIP,
}  # fmt: skip
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0

Offer = Callable[..., None]
"""`Intake.offer`: an arrival, and what to call once its row is written."""


class FrontDoor:
    """One connection, held up for as long as the process lives.

    Args:
        dead_seconds: a connection that stays dead this long ends `run` with ConnectionError.
    """

    def __init__(
        self, *, token: str, rest: str, u2c: str = "", ca: str = "", offer: Offer,
        dead_seconds: float = 600,
    ) -> None:  # fmt: skip
        self._token = token
        self._rest = rest
        self._u2c = u2c
        self._ca = ca
        self._offer = offer
        self._dead_seconds = dead_seconds
        self._stopped = threading.Event()
        self._bot: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._alive_at = time.monotonic()

    def run(self) -> None:
        """Connects and stays connected until `stop`.

        Raises:
            ConnectionError: the connection stayed dead; the process should end non-zero.
        """
        wait = FIRST_WAIT
        while not self._stopped.is_set():
            started = time.monotonic()
            try:
                self._connect()
            except (Exception, SystemExit, asyncio.CancelledError) as no:
                if self._stopped.is_set():
                    return
                log.warning("the connection to Webex ended: %s", type(no).__name__)
            if time.monotonic() - self._alive_at > self._dead_seconds:
                raise ConnectionError("Webex could not be reached")
            wait = FIRST_WAIT if time.monotonic() - started > 30 else min(wait * 2, LONGEST_WAIT)
            self._stopped.wait(wait)

    def stop(self) -> None:
        self._stopped.set()
        loop = self._loop
        if loop is not None and loop.is_running():
            loop.call_soon_threadsafe(_stop_all, loop)

    def rest_id(self, body: Mapping[str, object]) -> str:
        """The REST id behind an arrival's frame, by the conversation service (facts 5.10)."""
        found = self._bot._get_base64_message_id(dict(body))
        if not found:
            from webex.errors import Missing

            raise Missing("what arrived can't be found")
        return str(found)

    def _connect(self) -> None:
        loop = self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            self._bot = _client(self)
            self._bot._get_device_info()
            loop.run_until_complete(self._listen())
        finally:
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    async def _listen(self) -> None:
        import websockets
        from webex_bot.websockets import webex_websocket_client as library

        if self._ca:
            library.ssl_context.load_verify_locations(self._ca)
        async with websockets.connect(
            self._bot.device_info["webSocketUrl"], ssl=library.ssl_context,
            additional_headers=self._bot._get_headers(),
        ) as socket:  # fmt: skip
            self._bot.websocket = socket
            hello = {
                "id": "hello", "type": "authorization", "data": {"token": f"Bearer {self._token}"}
            }  # fmt: skip
            await socket.send(json.dumps(hello))
            async for frame in socket:
                self._alive_at = time.monotonic()
                try:
                    self._bot._process_incoming_websocket_message(json.loads(frame))
                except (ValueError, KeyError, TypeError):
                    log.warning("a frame could not be read")

    def take(self, frame: Mapping[str, Any]) -> None:
        """One frame: ids only, to the intake; acknowledged once it is written down."""
        if frame.get("data", {}).get("eventType") != "conversation.activity":
            return
        activity = frame["data"]["activity"]
        kind = KINDS.get(activity["verb"])
        if kind is None or activity.get("parent", {}).get("type") == "edit":
            return
        if kind == MESSAGE and activity["actor"].get("type") != "PERSON":
            return
        if (
            activity["verb"] == "update"
            and kind == MESSAGE
            and "files" not in str(activity["object"].get("contentCategory", ""))
            and activity["object"].get("contentCategory") != "documents"
        ):
            return
        target = activity["target"]
        body = {
            "id": activity["id"], "verb": activity["verb"], "room": target["id"],
            "room_id": target.get("globalId"), "is_private": "ONE_ON_ONE" in target["tags"],
            "target": {"id": target["id"], "url": target["url"]},
        }  # fmt: skip
        self._offer(
            Arrival(id=activity["id"], kind=kind, body=body),
            written=lambda: self._acknowledge(frame.get("id")),
        )

    def _acknowledge(self, envelope: object) -> None:
        loop, socket = self._loop, self._bot.websocket
        if loop is None or loop.is_closed() or socket is None:
            return
        text = json.dumps({"type": "ack", "messageId": envelope})
        asyncio.run_coroutine_threadsafe(_quietly(socket.send(text)), loop)


async def _quietly(sending: Any) -> None:
    """An acknowledgement that is lost does no harm: the inbox knows a repeated delivery."""
    try:
        await sending
    except Exception as no:
        log.debug("not acknowledged: %s", type(no).__name__)


def _stop_all(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()


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
            if door._ca:
                for session in (self.session, self.teams._session._req_session):
                    session.trust_env = False  # else the environment's bundle goes before ours
                    session.verify = door._ca
            return super()._get_device_url()

        def approval_parameters_check(self) -> None:
            """Who may is decided in dispatch, for presses too."""

        def _process_incoming_websocket_message(self, msg: Any) -> None:
            door.take(msg)

    if door._u2c:
        library.DEFAULT_U2C_URL = door._u2c
    made = Client(door._token, help_command=Nothing(), log_level="WARNING")
    root = logging.getLogger()
    root.handlers[:], root.level = before[0], before[1]
    logging.getLogger("webex_bot").setLevel(logging.WARNING)
    return made
