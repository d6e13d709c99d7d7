"""``spacekeeper web``: takes Webex's webhooks, where the operator has an address for them.

Decides what is taken: what is signed with our secret over the very bytes that came, of no more
than a few kilobytes. It is written down and answered at once; what it was about is looked at
afterwards, by the bot's process, so a request that comes twice, or once more a year later, does
nothing new. It also sees to it that the webhooks are there (`spaces/watching/hooks.py`).

TLS ends at the proxy that the address belongs to; this listens on this machine only, unless the
operator says otherwise.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from aiohttp import web

from spaces.spec import House
from spaces.watching.hearing import hear_webhook
from spaces.watching.hooks import repair_webhooks
from storage.sightings import MOST_HEARD
from webex.errors import WebexFault
from webex.gateway import Lane

log = logging.getLogger(__name__)

MOST_BYTES = 64 * 1024
MOST_AT_ONCE = 100
WRITERS = 4
REPAIR_EVERY, REPAIR_AGAIN = 300.0, 20.0
"""Seconds: Webex turns a webhook off after five bad minutes."""
HEALTH = "/health"
SIGNATURE = "X-Spark-Signature"


class WebDoor:
    """Args:
    address: where Webex sends things; its path is where we take them.
    secret: what they are signed with.
    """

    def __init__(
        self, house: House, *, address: str, secret: str, host: str, port: int,
        repair_every: float = REPAIR_EVERY,
    ) -> None:  # fmt: skip
        self._house = house
        self._address, self._secret = address, secret.encode()
        self._host, self._port = host, port
        self._repair_every = repair_every
        self._me = house.webex.bot(Lane.BACKGROUND).me().id
        self._pool = ThreadPoolExecutor(WRITERS, thread_name_prefix="hook")
        self._at_once = 0
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.port = port
        self.is_registered = False
        self.problem = "not asked yet"

    # -- running ----------------------------------------------------------------------------

    def run(self) -> None:
        """Serves until `stop`. Raises OSError: the port is taken."""
        keeper = threading.Thread(target=self._keep_registered, name="hooks", daemon=True)
        try:
            asyncio.run(self._serve(keeper.start))
        finally:
            self._stopping.set()
            if keeper.is_alive():
                keeper.join(20)
            self._pool.shutdown(wait=True)

    def in_thread(self) -> threading.Thread:
        thread = threading.Thread(target=self.run, name="web", daemon=True)
        thread.start()
        self._ready.wait(20)
        return thread

    def stop(self) -> None:
        self._stopping.set()
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._over.set)

    async def _serve(self, started: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_post(urlsplit(self._address).path or "/", self._take)
        app.router.add_get(HEALTH, self._health)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, self._host, self._port)
        await site.start()
        self.port = runner.addresses[0][1]
        started()
        self._ready.set()
        if not self._stopping.is_set():
            await self._over.wait()
        await runner.cleanup()

    # -- taking -----------------------------------------------------------------------------

    async def _take(self, request: web.Request) -> web.Response:
        """Verified over the raw bytes in constant time, written down, answered."""
        try:
            raw = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        mine = hmac.new(self._secret, raw, hashlib.sha1).hexdigest()
        given = request.headers.get(SIGNATURE, "").strip().lower()
        if not hmac.compare_digest(mine.encode(), given.encode("utf-8", "replace")):
            log.warning("a webhook came that is not signed with our secret")
            return web.Response(status=401)
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            return web.Response(status=400)
        if self._at_once >= MOST_AT_ONCE:
            return web.Response(status=503)
        self._at_once += 1
        try:
            loop = asyncio.get_running_loop()
            is_taken = await loop.run_in_executor(self._pool, self._write, body)
        except Exception:
            log.exception("a webhook could not be written down")
            return web.Response(status=503)
        finally:
            self._at_once -= 1
        return web.Response(status=204 if is_taken else 503)

    def _write(self, body: Mapping[str, object]) -> bool:
        with self._house.store.begin() as tx:
            if tx.sightings.count() >= MOST_HEARD:
                log.error("too much waits to be looked at; is the bot running?")
                return False
            hear_webhook(tx, body, id=uuid.uuid4().hex, at=tx.now, me=self._me)
            tx.commit()
        return True

    async def _health(self, request: web.Request) -> web.Response:
        """For whoever looks after the process: no names, no secrets."""
        loop = asyncio.get_running_loop()
        try:
            waiting = await loop.run_in_executor(self._pool, self._waiting)
        except Exception as no:
            log.warning("the database can't be read: %s", type(no).__name__)
            waiting = None
        is_well = waiting is not None and self.is_registered
        said = {
            "ok": is_well, "database": waiting is not None, "webhooks": self.is_registered,
            "problem": "" if self.is_registered else self.problem, "waiting": waiting,
        }  # fmt: skip
        return web.json_response(said, status=200 if is_well else 503)

    def _waiting(self) -> int:
        with self._house.store.read() as tx:
            return tx.sightings.count()

    # -- being registered -------------------------------------------------------------------

    def _keep_registered(self) -> None:
        """At start everything is set anew, since Webex may not show the secret; later only what
        is not right."""
        anyway = True
        while not self._stopping.is_set():
            try:
                done = repair_webhooks(
                    self._house, address=self._address, secret=self._secret.decode(),
                    anyway=anyway,
                )  # fmt: skip
                self.is_registered, anyway, wait = True, False, self._repair_every
                if done.made or done.renewed or done.removed:
                    log.info("webhooks: %s made, %s renewed, %s removed",
                             done.made, done.renewed, done.removed)  # fmt: skip
            except WebexFault as no:
                self.is_registered, self.problem, wait = False, no.said, REPAIR_AGAIN
                log.warning("the webhooks could not be put right: %s", no)
            except Exception as no:
                self.is_registered, self.problem, wait = False, type(no).__name__, REPAIR_AGAIN
                log.exception("the webhooks could not be put right")
            self._stopping.wait(min(wait, self._repair_every))
