"""How long a message takes from its frame to its answer, beside slack-bolt in the same run.

``python -m bench.dispatching [--messages 2000] [--burst 100] [--trip 0.1]``

First *dispatch alone*, as numbers.md has it: from the event, decoded, to the reply handed over to
whoever speaks to Webex (or Slack); and beside it with the request made too, and answered at
once by a local function in the place of the transport. On both sides one thread, a warm start,
the same word said by the same person, and an answer of one line; on ours it is a card with its
text. Goal, of numbers.md: ours without Webex at most 0.4 of slack-bolt's with its transport
stubbed; the ratios of like with like are printed too.

Then a *burst*: frames of many people at once through the whole of ours (the inbox on disk, the
workers, three reads and a post for each, of which each takes a round trip, and nobody known
before). Goal: p99 at most 10 round trips, and nothing lost.
"""

from __future__ import annotations

import argparse
import base64
import gc
import json
import logging
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bot.arrivals import Arrivals
from bot.callers import Callers
from bot.changes import Changes
from bot.dispatch import Dispatch
from bot.flood import Flood, Rate
from bot.frames import arrival_of
from bot.incoming import Incoming
from bot.intake import Intake
from bot.presses import Redeemer
from bot.sending import Sender
from bot.settings import Settings
from bot.writer import Writer
from cards.kit import card, plain
from commands.permissions import ANYONE
from commands.registry import load
from commands.spec import Command, Context, Reply
from directory.spec import NoDirectory
from domain.clock import SystemClock
from domain.ids import OrgId, PersonId, RoomId
from spaces.spec import House, Limits
from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import Store
from webex import decode
from webex.gateway import Lane
from webex.sdk import SdkGateway, SdkWebex
from webex.tokens import FixedToken
from webex.values import Message

NOWHERE = "https://127.0.0.1:9/v1/"
MUCH = Rate(burst=1e9, per_second=1e9)
FLOOR = json.dumps({"type": "post", "text": "ping", "person": "ana", "room": "plans"})
ME, ORG = str(uuid.uuid4()), str(uuid.uuid4())


def rest_id(kind: str, id: str) -> str:
    return base64.b64encode(f"ciscospark://us/{kind}/{id}".encode()).decode().rstrip("=")


class Local:
    """Webex as a function of this process, in the place of the session that sends requests.

    Each person has one conversation with one message in it, and all three have one uuid.
    """

    def __init__(self) -> None:
        self.trip = 0.0
        self.posted: list[tuple[str, float]] = []

    def request(self, method: str, url: str, **more: Any) -> Local.Answer:
        if self.trip:
            time.sleep(self.trip)
        what, _, id = url.removeprefix(NOWHERE).partition("/")
        if method == "POST":
            room = json.loads(more["data"])["roomId"]
            self.posted.append((room, time.perf_counter()))
            return Local.Answer(_message(str(uuid.uuid4()), room, ME))
        name = ME if id == "me" else PersonId.uuid.fget(id)  # type: ignore[attr-defined]
        if what == "people":
            return Local.Answer(
                {
                    "id": rest_id("PEOPLE", name), "emails": [f"{name}@example.com"],
                    "orgId": rest_id("ORGANIZATION", ORG), "displayName": "Ana",
                    "type": "bot" if name == ME else "person",
                }
            )  # fmt: skip
        return Local.Answer(_message(name, rest_id("ROOM", name), name))

    def close(self) -> None:
        """There is nothing to close."""

    class Answer:
        """As much of a response as is looked at."""

        def __init__(self, body: Mapping[str, Any]) -> None:
            self.status_code, self.content, self.ok = 200, b"{}", True
            self.headers = {"Content-Type": "application/json", "Date": ""}
            self.links: dict[str, Any] = {}
            self._body = body

        def json(self) -> Mapping[str, Any]:
            return self._body


def _message(id: str, room: str, person: str) -> dict[str, Any]:
    return {
        "id": rest_id("MESSAGE", id), "roomId": room, "roomType": "direct", "text": "ping",
        "personId": rest_id("PEOPLE", person), "personEmail": f"{person}@example.com",
        "created": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }  # fmt: skip


def pong(context: Context) -> Reply:
    return Reply(card=card("Pong", plain("It works.")), is_about_others=False)


PING = Command(
    path="ping", aliases=(), arguments=(), permission=ANYONE, help="Say something.",
    examples=("ping",), handler=pong, group="Help",
)  # fmt: skip


class Ours:
    """All of the bot between a frame and a request, on a database in a file."""

    def __init__(self, folder: Path) -> None:
        engine = open_engine(f"sqlite:///{folder / 'bench.db'}")
        upgrade(engine)
        self.local, clock = Local(), SystemClock()
        self.webex = webex = SdkWebex(FixedToken("x"), None, base_url=NOWHERE, per_minute=1e9)
        webex._transports[0]._http = self.local  # type: ignore[assignment] # the stubbed transport
        self.house = House(
            store=Store(engine, clock), webex=webex, clock=clock, limits=Limits(),
            directory=NoDirectory(), own_domains=frozenset({"example.com"}),
        )  # fmt: skip
        self.writer = Writer(self.house.store)
        org = OrgId(rest_id("ORGANIZATION", ORG))
        self.dispatch = Dispatch(
            self.house, {**load(), "ping": PING}, callers=Callers(self.house, self.writer, org=org),
            redeemer=Redeemer(self.house.store, self.writer),
            sender=Sender(self.house, self.writer),
            flood=Flood(person=MUCH, space=MUCH, whole=MUCH),
        )  # fmt: skip
        arrivals = Arrivals(
            self.house, self.dispatch, Changes(self.house), me=PersonId(rest_id("PEOPLE", ME)),
            resolve=self._resolve,
        )  # fmt: skip
        workers = Settings.model_fields["workers"].default
        self.intake = Intake(
            self.house.store, self.writer, arrivals.handle, who="bench", workers=workers
        )
        self.writer.start()
        self.intake.start()

    def _resolve(self, body: Mapping[str, object]) -> str:
        time.sleep(self.local.trip)
        return rest_id("MESSAGE", str(body["id"]))

    def close(self) -> None:
        self.intake.stop()
        self.writer.stop()
        self.house.store.close()


def frame(id: str) -> dict[str, Any]:
    room = f"https://conv.example.com/conversation/api/v1/conversations/{id}"
    return {
        "id": str(uuid.uuid4()),
        "data": {
            "eventType": "conversation.activity",
            "activity": {
                "id": id, "verb": "post", "actor": {"type": "PERSON", "entryUUID": id},
                "target": {
                    "id": id, "url": room, "tags": ["ONE_ON_ONE"], "globalId": rest_id("ROOM", id)
                },
            },
        },
    }  # fmt: skip


def ours_alone(ours: Ours) -> Callable[[], None]:
    who = str(uuid.uuid4())
    person, room = PersonId(rest_id("PEOPLE", who)), RoomId(rest_id("ROOM", who))

    def once() -> None:
        said = Incoming(
            step=f"message/{uuid.uuid4()}", person=person, room=room, is_private=True, text="ping"
        )
        ours.dispatch.answer(said, nullcontext())

    return once


class Handed(SdkGateway):
    """Takes the reply, and makes no request of it."""

    ANSWER = decode.message(_message(str(uuid.uuid4()), rest_id("ROOM", ME), ME))

    def send(self, **more: Any) -> Message:
        return self.ANSWER


@contextmanager
def handing_over(ours: Ours) -> Iterator[None]:
    """Both sides stop where the reply is handed over."""
    from slack_sdk import WebClient

    gateway, call = ours.webex._bot[Lane.CHAT], WebClient.api_call
    ours.webex._bot[Lane.CHAT] = Handed(ours.webex._transports[0], Lane.CHAT, gateway._me)
    WebClient.api_call = lambda self, api_method, **more: {"ok": True}  # type: ignore
    try:
        yield
    finally:
        ours.webex._bot[Lane.CHAT], WebClient.api_call = gateway, call  # type: ignore[method-assign]


def bolt_alone() -> Callable[[], None]:
    from slack_bolt import App, BoltRequest
    from slack_bolt.authorization import AuthorizeResult
    from slack_sdk import WebClient

    # Slack as a function of this process; Bolt makes clients of its own, so it is put in theirs.
    stubbed: Any = lambda self, *, url, args: {"status": 200, "headers": {}, "body": '{"ok":true}'}  # noqa: E731
    WebClient._perform_urllib_http_request = stubbed  # type: ignore[method-assign]
    app = App(
        client=WebClient("xoxb-x"), signing_secret="", request_verification_enabled=False,
        process_before_response=True, ssl_check_enabled=False, url_verification_enabled=False,
        authorize=lambda: AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_user_id="U0", bot_id="B0",
            bot_token="xoxb-x",  # noqa: S106 - it opens nothing
        ),
    )  # fmt: skip

    @app.message("ping")  # type: ignore[untyped-decorator]
    def answer(say: Any) -> None:
        say("Pong")

    event = {"type": "message", "channel": "C1", "user": "U1", "text": "ping", "ts": "1.0"}
    body = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event": event}

    def once() -> None:
        request: Any = BoltRequest(body=body, mode="socket_mode")
        assert app.dispatch(request).status == 200

    return once


@contextmanager
def quiet() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _rounds(works: Mapping[str, Callable[[], Any]], count: int) -> dict[str, float]:
    """Microseconds each, the median of several rounds in turn, so that all see one machine; by
    the thread's own time, so that others on the machine don't count."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        for _ in range(200):
            work()
    for _ in range(9):
        for name, work in works.items():
            with quiet():
                begins = time.thread_time()
                for _ in range(count):
                    work()
                taken[name].append((time.thread_time() - begins) / count * 1e6)
    return {name: float(np.median(all_of_it)) for name, all_of_it in taken.items()}


def _burst(ours: Ours, count: int, trip: float) -> tuple[float, float, int]:
    """p50 and p99 in seconds, and how many were answered."""
    ours.local.trip = trip
    ours.local.posted.clear()
    begun: dict[str, float] = {}
    for _ in range(count):
        id = str(uuid.uuid4())
        begun[rest_id("ROOM", id)] = time.perf_counter()
        arrival = arrival_of(frame(id))
        assert arrival is not None
        ours.intake.offer(arrival)
    until = time.monotonic() + 60
    while len(ours.local.posted) < count and time.monotonic() < until:
        time.sleep(0.01)
    took = [at - begun[room] for room, at in ours.local.posted]
    p50, p99 = np.percentile(took, (50, 99))
    return float(p50), float(p99), len(took)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--messages", type=int, default=500)
    asked.add_argument("--burst", type=int, default=100)
    asked.add_argument("--trip", type=float, default=0.1)
    options = asked.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(Path(folder))
        try:
            works = {
                "floor": lambda: dict(json.loads(FLOOR)),
                "ours": ours_alone(ours), "slack-bolt": bolt_alone(),
            }  # fmt: skip
            with_request = _rounds(works, options.messages)
            with handing_over(ours):
                handed = _rounds(works, options.messages)
            bursts = [(count, *_burst(ours, count, options.trip)) for count in (options.burst, 300)]
        finally:
            ours.close()
    for what, times in (("reply handed over", handed), ("request made", with_request)):
        said = ", ".join(f"{name} {taken:.1f}" for name, taken in times.items())
        ratio = times["ours"] / times["slack-bolt"]
        print(f"{what}, microseconds a message: {said}; ours / slack-bolt {ratio:.2f} x")
    ratio = handed["ours"] / with_request["slack-bolt"]
    print(f"ours without Webex / slack-bolt, its transport stubbed: {ratio:.2f} x (goal 0.4)")
    for count, p50, p99, answered in bursts:
        trips = p99 / options.trip
        print(
            f"burst of {count} at {options.trip * 1000:.0f} ms: {answered} answered, "
            f"p50 {p50:.2f} s, p99 {p99:.2f} s = {trips:.1f} round trips"
        )


if __name__ == "__main__":
    main()
