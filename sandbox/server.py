"""The server: TLS, the pipeline every request goes through, and what is mounted where.

One port carries everything: ``/v1`` the API, ``/u2c``, ``/wdm``, ``/conversation`` and
``/mercury`` the bot's websocket way, ``/sandbox`` control. Only loopback is listened on.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import trustme
from aiohttp import web

from sandbox import api, base, injecting, mercury, scopes, wdm
from sandbox.activities import serve_on
from sandbox.api import events
from sandbox.call import Call, Route, Upload, routes
from sandbox.clock import SandboxClock, http_date
from sandbox.control import Control
from sandbox.errors import NO_TOKEN, No, tracking_id
from sandbox.faults import Faults, Limiter
from sandbox.injecting import as_json, too_many
from sandbox.log import Log
from sandbox.oauth import OAuth
from sandbox.webhooks import Deliverer
from sandbox.world import Row, World

__all__ = ["Sandbox", "api"]

Sent = tuple[bytes, Mapping[str, Any]]
Interlude = Callable[[web.Request, str], None]
"""What happens at the very moment at which a request arrives, before anything of it is done;
the text is who asks. So that a test can put an event exactly between two requests."""
MOST_BODY = 101 * 1024 * 1024


class Sandbox:
    """A Webex on this machine. `folder` gets the certificate and the clock's file."""

    def __init__(self, folder: Path) -> None:
        self.clock = SandboxClock(folder / "clock.json")
        self.world = World(self.clock)
        self.log = Log(self.clock)
        self.faults = Faults()
        self.limiter = Limiter()
        self.interludes: list[Interlude] = []
        self.oauth = OAuth(self.world)
        self.mercury = mercury.Mercury(self.world, self.faults, self.log)
        self.wdm = wdm.Devices(self.world, self.mercury)
        self.deliverer = Deliverer(self.world, self.log)
        self.control = Control(self)
        self.ca = folder / "ca.pem"
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self._routes = [(r, _pattern(r.path)) for r in routes]
        events.record(self.world)
        self.log.watch(self.world)
        base.furnish(self.world)
        self.oauth.furnish()

    # -- life -------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=MOST_BODY, middlewares=[self._elsewhere])
        app.router.add_route("*", "/v1/{path:.*}", self._api)
        self.wdm.mount(app)
        self.mercury.mount(app)
        self.control.mount(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        handler = self._runner.server
        assert handler is not None  # noqa: S101 - there is one after setup
        # Clients that vanish never say goodbye; half a minute of waiting for it is too long.
        self._server = server = await asyncio.get_running_loop().create_server(
            handler, "127.0.0.1", port, ssl=self._tls(), ssl_shutdown_timeout=0.2
        )
        self.port = server.sockets[0].getsockname()[1]
        serve_on(f"127.0.0.1:{self.port}")
        self.deliverer.start()

    async def stop(self) -> None:
        await self.mercury.stop()
        await self.deliverer.stop()
        if self._server is not None:
            self._server.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def root(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def rest(self) -> str:
        return f"{self.root}/v1/"

    def ready(self) -> dict[str, Any]:
        """Everything that a client needs, as it stands in the ready file."""
        named = {"bot": base.BOT, "co": base.OFFICER, "co2": base.WITNESS, "admin": base.ADMIN}
        people = self.world.all("SELECT * FROM person ORDER BY key")
        tokens = {row["email"]: self.world.token_for(row) for row in people}
        return {
            "rest": self.rest,
            "u2c": f"{self.root}/u2c/api/v1",
            "control": f"{self.root}/sandbox/",
            "ca": str(self.ca),
            "control_token": self.control.token,
            "clock": str(self.clock.path),
            "oauth": self.oauth.ready(),
            "tokens": tokens | {name: tokens[email] for name, email in named.items()},
        }

    def reset(self) -> None:
        """Back to the company that it began with; the clock goes back to real time."""
        self.world.clear()
        self.clock.advance(-self.clock.offset)
        self.faults.clear()
        self.interludes.clear()
        self.limiter.set(0)
        self.log.clear()
        base.furnish(self.world)
        self.oauth.furnish()
        self.wdm.clear()
        self.mercury.clear()
        self.deliverer.clear()

    def _tls(self) -> ssl.SSLContext:
        authority = trustme.CA(organization_name="Spacekeeper sandbox")
        authority.cert_pem.write_to_path(str(self.ca))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        return context

    # -- a request --------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        raw, form = await _read(request)
        path = "/" + request.match_info["path"].rstrip("/")
        tracking = tracking_id()
        who = self._who(request)
        email = who["email"] if who is not None else ""
        for act in tuple(self.interludes):
            act(request, email)
        text = "" if path == "/access_token" else raw[:20_000].decode("utf-8", "replace")
        fault = self.faults.take(request.method, path, who=email, body=text)
        note = {
            "who": email, "method": request.method, "path": path, "query": dict(request.query),
            "body": text[:4000], "fault": fault.kind if fault else None,
        }  # fmt: skip
        answer: web.Response
        try:
            if fault is not None and (early := await injecting.before(fault, request)) is not None:
                answer = early
            else:
                answer = await self._answer(request, path, who, (raw, form), tracking)
            if fault is not None:
                answer = await injecting.after(fault, request, answer)
        except (ConnectionResetError, asyncio.CancelledError):
            self.log.add("request", **note, status=0)  # nobody got an answer
            raise
        offset = timedelta(seconds=fault.seconds if fault and fault.kind == "date-offset" else 0)
        answer.headers["Date"] = http_date(self.clock.now() + offset)
        answer.headers["TrackingID"] = tracking
        self.log.add("request", **note, status=answer.status)
        return answer

    @web.middleware
    async def _elsewhere(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Faults for what is not the API: discovery, devices, conversations. Only those that
        name such a path, so that a fault for everything is one for the whole API."""
        path = request.path
        if not path.startswith(("/u2c/", "/wdm/", "/conversation/")):
            return cast("web.StreamResponse", await handler(request))
        who = self._who(request)
        fault = self.faults.take(
            request.method, path, who=who["email"] if who is not None else "", body="",
            is_api=False,
        )  # fmt: skip
        if fault is None:
            return cast("web.StreamResponse", await handler(request))
        early = await injecting.before(fault, request)
        return await injecting.after(fault, request, early or await handler(request))

    def _who(self, request: web.Request) -> Row | None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return self.world.who(token.strip()) if kind == "Bearer" and token else None

    async def _answer(
        self, request: web.Request, path: str, who: Row | None, sent: Sent, tracking: str
    ) -> web.Response:
        try:
            if path == "/access_token" and request.method == "POST":
                return as_json(self.oauth.refresh(dict(await request.post())))
            if who is None:
                raise No(401, NO_TOKEN)
            if wait := self.limiter.wait_for(who["key"], self.clock.now().timestamp()):
                return too_many(str(max(1, round(wait + 0.5))))
            found, parts = self._find(request.method, path)
            call = Call(
                world=self.world, who=scopes.within(self.world, who, request.method, path),
                method=request.method, path=path, rest=self.rest,
                query=dict(request.query.items()), parts=parts,
            )  # fmt: skip
            _read_body(request, sent, call)
            made = await found.handler(call)
        except No as no:
            return as_json(no.body(tracking), no.status)
        if isinstance(made, Upload):
            name = {"Content-Disposition": f'attachment; filename="{made.name}"'}
            return web.Response(body=made.body, content_type=made.type, headers=name)
        if found.status == 204:
            return web.Response(status=204)
        response = as_json(made, found.status)
        if call.link:
            response.headers["Link"] = f'<{call.link}>; rel="next"'
        return response

    def _find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        known = False
        for route, pattern in self._routes:
            if found := pattern.fullmatch(path):
                if route.method == method:
                    return route, found.groupdict()
                known = True
        raise No(405, "Method not allowed.") if known else No(404, "Not found.")


async def _read(request: web.Request) -> Sent:
    """The body, and its parts where it comes in parts (which can be read once only)."""
    if request.content_type != "multipart/form-data":
        return await request.read(), {}
    try:
        form = dict(await request.post())
    except ValueError:
        return b"broken", {}
    plain = {name: value for name, value in form.items() if isinstance(value, str)}
    return json.dumps(plain).encode(), form


def _read_body(request: web.Request, sent: Sent, call: Call) -> None:
    """Raises No: a wrong media type (415) or something that is no JSON object (400)."""
    raw, form = sent
    if request.method not in ("POST", "PUT", "PATCH") or not raw:
        return
    if request.content_type == "multipart/form-data":
        for name, value in form.items():
            if isinstance(value, web.FileField):
                call.upload = Upload(
                    name=value.filename, type=value.content_type, body=value.file.read()
                )
            else:
                call.body[name] = value
        return
    if request.content_type != "application/json":
        raise No(415, f"Content type '{request.content_type}' not supported")
    try:
        body = json.loads(raw)
    except ValueError:
        raise No(400, "The request body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise No(400, "The request body must be an object.")
    call.body = body


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
