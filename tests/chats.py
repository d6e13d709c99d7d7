"""The tests' language: a real bot on a real sandbox, and people who talk to it.

    ana = chat.as_("ana")
    ana.says("help")                                  # 1:1, gives the text of the answer
    form = ana.asks("create space")                   # the whole answer, with its card
    ana.presses(form, "Send", title="Q3 plans")       # submits the card as its reader
    ana.presses(ana.card(), "Keep")                   # the latest card that she was sent
    chat.in_space(room, ana).says("explain")          # with a mention of the bot
    chat.clock.advance(days=31)
    chat.eventually(lambda: chat.control.effects("room.deleted"))

A module that wants other settings overrides the fixture `bot_settings`, one that wants another
database the fixture `bot_database`. `stage` is the same without a bot; `stage.start()` starts
one in this process, `stage.child()` one in a process of its own (`tests/children.py`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import requests
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import load_settings
from bot.wiring import Process, build
from jobs.registry import load as load_jobs
from sandbox.handle import Control, Handle
from sandbox.showing import Answer, Message, inputs_of
from tests.children import Child, start_child
from tests.sandboxes import in_the_morning

__all__ = ["BOT", "Answer", "Chat", "InSpace", "Person", "eventually", "mark_of"]

BOT = "spacekeeper@webex.bot"
PATIENCE = 60.0
SETTLES = 2.0
"""Seconds in which what follows an answer has usually come."""
UNMARKED = 10.0
"""Seconds in which an answer has come if it is one with a mark, once anything has come."""
ELSEWHERE = re.compile(r"answered (you )?1:1\.$")
"""What stands in a space when the answer itself went 1:1."""
T = TypeVar("T")


def eventually(
    condition: Callable[[], T], why: str = "it did not come about", *, within: float = PATIENCE
) -> T:
    """Waits until `condition` gives something true, and gives that."""
    until, pause = time.monotonic() + within, 0.01
    while not (found := condition()):
        if time.monotonic() > until:
            raise AssertionError(why)
        time.sleep(pause)
        pause = min(pause * 1.2, 0.1)
    return found


@dataclass(slots=True)
class Person:
    """Somebody who chats 1:1 with the bot."""

    chat: Chat
    email: str

    def says(self, text: str) -> str:
        """Says it and gives the text of the bot's answer."""
        return self.asks(text).text

    def asks(self, text: str) -> Answer:
        """Says it and gives the bot's whole answer, with its card."""
        return self.chat.exchange(self.email, {"toPersonEmail": BOT, "text": text})

    def tells(self, text: str) -> Message:
        """Says it and does not wait for an answer. Gives what was said."""
        return dict(self.chat.rest(self.email, "POST", "messages", toPersonEmail=BOT, text=text))

    def presses(self, card: Message, title: str, /, **inputs: str) -> Answer:
        """Presses the button `title` of a message's card and gives the bot's next answer: a new
        message or an edit of the card.

        What is not filled in by `inputs` goes as the card has it, as it does in a client.
        """
        since = self.chat.quiet_seq()
        made = self.submits(card, inputs_of(card, title, inputs))
        return self.chat.answer_to(
            self.email, str(card["roomId"]), since, mark=mark_of("press", made["id"])
        )

    def submits(self, card: Message, inputs: Mapping[str, object]) -> Message:
        """Submits a card with these very inputs, altered ones too; does not wait."""
        return dict(
            self.chat.rest(
                self.email, "POST", "attachment/actions", type="submit", messageId=card["id"],
                inputs=dict(inputs),
            )
        )  # fmt: skip

    def card(self) -> Answer:
        """The latest card that the bot sent to this person 1:1, as it stands now."""
        found = [m for m in self.messages() if m["personEmail"] == BOT and m.get("attachments")]
        if not found:
            raise AssertionError(f"{self.email} has no card")
        return found[0]

    def messages(self) -> list[Answer]:
        """The conversation with the bot, newest first."""
        try:
            found = self.chat.rest(
                self.email, "GET", f"messages/direct?personEmail={BOT}&max=1000"
            )["items"]  # fmt: skip
        except requests.HTTPError as no:
            if no.response.status_code == 404:
                return []
            raise
        return [Answer(one) for one in found]

    def waits_for(self, words: str, *, within: float = PATIENCE) -> Answer:
        """Waits until the bot has said `words` to this person, 1:1."""

        def heard() -> Answer | None:
            mine = (m for m in self.messages() if m["personEmail"] == BOT)
            return next((m for m in mine if words in m.text), None)

        found = eventually(heard, f"{self.email} never heard {words!r}", within=within)
        assert found is not None
        return found


@dataclass(slots=True)
class InSpace:
    """Somebody who talks to the bot in a space, by mentioning it."""

    chat: Chat
    room: str
    email: str

    def says(self, text: str) -> str:
        return self.asks(text).text

    def asks(self, text: str) -> Answer:
        """The answer may come in the space or 1:1."""
        return self.chat.exchange(self.email, self._said(text))

    def tells(self, text: str) -> Message:
        return dict(self.chat.rest(self.email, "POST", "messages", **self._said(text)))

    def _said(self, text: str) -> dict[str, str]:
        return {"roomId": self.room, "markdown": f"<@personEmail:{BOT}|Spacekeeper> {text}"}


class TestClock:
    """The sandbox's clock, which is also the bot's."""

    __test__ = False

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def now(self) -> datetime:
        return self._chat.control.now()

    def advance(self, by: timedelta = timedelta(), **spans: float) -> datetime:
        """By `days=…`, `hours=…` and so on; returns when the bots in this process know it."""
        moment = self._chat.control.advance(by + timedelta(**spans))
        for process in self._chat.processes:
            eventually(lambda p=process: p.house.clock.now() >= moment, "the bot's clock stands")
        return moment


class Chat:
    """The stage: the sandbox, its control, and the bots on it. `process` is the first bot."""

    def __init__(self, handle: Handle, settings: Mapping[str, str]) -> None:
        self.control = Control(handle.ready)
        self.clock = TestClock(self)
        self.settings = dict(settings)
        self.processes: list[Process] = []
        self._ready = handle.ready
        self._session = requests.Session()
        self._session.verify = handle.ready["ca"]
        self._session.trust_env = False
        self._running = ExitStack()
        self._seen = 0
        self._read = 0
        self._said: list[dict[str, Any]] = []
        self._people_of: dict[str, frozenset[str]] = {}

    # -- people -----------------------------------------------------------------------------

    def as_(self, name: str) -> Person:
        return Person(self, _email(name))

    def in_space(self, room: str | Mapping[str, Any], person: str | Person) -> InSpace:
        """`room` is a room as the API shows it, or its id."""
        id = room if isinstance(room, str) else str(room["id"])
        return InSpace(self, id, person.email if isinstance(person, Person) else _email(person))

    def rest(self, email: str, method: str, path: str, **body: Any) -> Any:
        """A call to Webex by a person's own token."""
        token = self._ready["tokens"].get(email) or self.control.token(email)
        answer = self._session.request(
            method, self._ready["rest"] + path, json=body or None,
            headers={"Authorization": f"Bearer {token}"}, timeout=30,
        )  # fmt: skip
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def exchange(self, email: str, message: Mapping[str, str]) -> Answer:
        since = self.quiet_seq()
        said = self.rest(email, "POST", "messages", **message)
        return self.answer_to(
            email, said["roomId"], since, about=json.dumps(dict(message)),
            mark=mark_of("message", said["id"]),
        )  # fmt: skip

    def answer_to(
        self, email: str, room: str, since: int, *, about: str = "a press", mark: str = ""
    ) -> Answer:
        """What the bot says (or edits) after `since` with the mark of this very answer; else,
        after a moment, the first thing that it says in `room` or 1:1 to that person. A file alone
        is none: it follows the answer that it belongs to, perhaps a little late."""
        unmarked_from = 0.0

        def answers() -> Answer | None:
            nonlocal unmarked_from
            found = [Answer(entry["object"]) for entry in self.said_by_the_bot(since)]
            marked = (one for one in found if mark in json.dumps(one.get("attachments", ())))
            if mark and (exact := next(marked, None)) is not None:
                return exact
            for answer in found:
                is_theirs = answer["roomId"] == room or (
                    answer["roomType"] == "direct" and email in self._members(answer["roomId"])
                )
                if is_theirs and not answer.is_file and not ELSEWHERE.search(answer.text):
                    unmarked_from = unmarked_from or time.monotonic() + (UNMARKED if mark else 0)
                    return answer if time.monotonic() >= unmarked_from else None
            return None

        found = eventually(answers, f"no answer to {about} of {email}")
        assert found is not None
        return found

    def said_by_the_bot(self, since: int = 0) -> list[dict[str, Any]]:
        """What the server saw the bot send and edit, in order."""
        new = self.control.log(self._read, what="effect")
        self._read = new[-1]["seq"] if new else self._read
        self._said += [
            entry
            for entry in new
            if entry["kind"] in ("message.created", "message.updated") and entry["actor"] == BOT
        ]
        return [entry for entry in self._said if entry["seq"] > since]

    def seq(self) -> int:
        """Where the server's log stands."""
        new = self.control.log(self._seen)
        self._seen = new[-1]["seq"] if new else self._seen
        return self._seen

    def quiet_seq(self) -> int:
        """The same, once the bots are done with what was said before: cards to others, files and
        alerts follow an answer, and must not be taken for the next one. What takes long is not
        waited for."""
        until = time.monotonic() + SETTLES
        while time.monotonic() < until and not all(map(_is_idle, self.processes)):
            time.sleep(0.005)
        return self.seq()

    def _members(self, room: str) -> frozenset[str]:
        if room not in self._people_of:
            members = self.control.room(room).get("members", ())
            self._people_of[room] = frozenset(m["personEmail"] for m in members)
        return self._people_of[room]

    def eventually(
        self, condition: Callable[[], T], why: str = "it did not come about", *,
        within: float = PATIENCE,
    ) -> T:  # fmt: skip
        return eventually(condition, why, within=within)

    # -- bots -------------------------------------------------------------------------------

    @property
    def process(self) -> Process:
        return self.processes[0]

    def connections(self) -> int:
        """How many connections of bots Webex has."""
        return int(self.control.mercury()["connected"].count(BOT))

    def start(self, **settings: str) -> Process:
        """One more bot in this process, connected. Settings by their names in capitals."""
        process = build(load_settings({**self.settings, **_named(settings)}))
        before = self.connections()
        thread = process.in_thread()
        self.processes.append(process)
        self._running.callback(self._stop, process, thread)
        self.eventually(lambda: self.connections() > before, "the bot did not connect")
        return process

    def child(self, *, connects: bool = True, **settings: str) -> Child:
        """One more bot, in a process of its own; it is killed when the test ends."""
        before = self.connections()
        child = start_child({**self.settings, **_named(settings)})
        self._running.callback(child.kill)
        if connects:
            self.eventually(
                lambda: self.connections() > before or not child.is_alive, "no connection"
            )
            assert child.is_alive, child.log()
        return child

    def _stop(self, process: Process, thread: threading.Thread) -> None:
        process.stop()
        thread.join(PATIENCE)
        process.house.webex.close()  # type: ignore[attr-defined]

    def close(self) -> None:
        self._running.close()
        self._session.close()
        self.control.close()


def mark_of(kind: str, id: str) -> str:
    """What the card of an answer carries, so that the bot itself knows it again after a crash:
    made from Webex's id of what it answers. So a card that comes unasked is not taken for it."""
    uuid = base64.b64decode(id + "==").decode().rsplit("/", 1)[1]
    return "sk-" + hashlib.sha256(f"answer/{kind}/{uuid}".encode()).hexdigest()[:20]


def _is_idle(process: Process) -> bool:
    try:
        with process.house.store.read() as tx:
            return not tx.inbox.counts().get("taken")
    except SQLAlchemyError:  # its database is away, as a test may want it
        return True


def _email(name: str) -> str:
    return name if "@" in name else f"{name}@example.com"


def _named(settings: Mapping[str, str]) -> dict[str, str]:
    return {
        name if name.startswith("SPACEKEEPER_") else f"SPACEKEEPER_{name}": value
        for name, value in settings.items()
    }


@pytest.fixture
def bot_settings() -> dict[str, str]:
    """Settings of the bot that differ from the usual; a module may override this fixture."""
    return {}


@pytest.fixture
def bot_database(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of the bot's database; a module may override this fixture."""
    shutil.copy(sqlite_template, tmp_path / "space.db")
    return f"sqlite:///{tmp_path / 'space.db'}"


@contextmanager
def staged(handle: Handle, database: str, settings: Mapping[str, str]) -> Iterator[Chat]:
    """A stage on a sandbox that is running, for fixtures that live longer than a test.

    Args:
        database: the address of the bot's database.
        settings: what differs from the usual, by names in capitals.
    """
    in_the_morning(handle)
    ready = handle.ready
    usual = {
        "BOT_TOKEN": ready["tokens"]["bot"], "WEBEX_URL": ready["rest"],
        "U2C_URL": ready["u2c"] + "/catalog", "CA_FILE": ready["ca"],
        "CO_ACCESS_TOKEN": ready["tokens"]["co"], "CO2_ACCESS_TOKEN": ready["tokens"]["co2"],
        "DATABASE_URL": database, "COMPLIANCE": "cleo@example.com dora@example.com",
        "SANDBOX_CLOCK": ready["clock"], "WEBEX_PER_MINUTE": "60000",
        "KEEP_REASON": "never",  # what the tests of keeping ask for themselves
        # What the clock would fire in the middle of a conversation, a test fires by itself.
        "JOB_TIMES": "; ".join(f"{name}=never" for name in load_jobs()),
    }  # fmt: skip
    made = Chat(handle, {**_named(usual), **_named(settings)})
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def stage(sandbox: Handle, bot_database: str, bot_settings: dict[str, str]) -> Iterator[Chat]:
    """A sandbox without a bot yet."""
    with staged(sandbox, bot_database, bot_settings) as made:
        yield made


@pytest.fixture
def chat(stage: Chat) -> Chat:
    """A sandbox with a bot on it."""
    stage.start()
    return stage
