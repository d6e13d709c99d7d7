"""The tests' language: a real bot on a real sandbox, and people who talk to it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.settings import load_settings
from bot.wiring import Process, build
from sandbox.handle import Control, Handle

BOT = "spacekeeper@webex.bot"
PATIENCE = 15.0


@dataclass(slots=True)
class Person:
    """Somebody who chats 1:1 with the bot."""

    chat: Chat
    email: str

    def says(self, text: str) -> str:
        """Says it and gives the text of the bot's answer."""
        return str(self.asks(text)["text"])

    def asks(self, text: str) -> dict[str, Any]:
        """Says it and gives the bot's whole answer, with its card."""
        return self.chat.exchange(self.email, {"toPersonEmail": BOT, "text": text})


class Chat:
    def __init__(self, handle: Handle, process: Process) -> None:
        self.control = Control(handle.ready)
        self.process = process
        self._ready = handle.ready

    def as_(self, name: str) -> Person:
        return Person(self, name if "@" in name else f"{name}@example.com")

    def rest(self, email: str, method: str, path: str, **body: Any) -> Any:
        answer = requests.request(
            method, self._ready["rest"] + path, json=body or None, verify=self._ready["ca"],
            headers={"Authorization": f"Bearer {self._ready['tokens'][email]}"}, timeout=30,
        )  # fmt: skip
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def exchange(self, email: str, message: dict[str, str]) -> dict[str, Any]:
        since = self.control.log()[-1]["seq"]
        said = self.rest(email, "POST", "messages", **message)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for effect in self.control.effects("message.created", since):
                if effect["actor"] == BOT and effect["object"]["roomId"] == said["roomId"]:
                    return dict(effect["object"])
            time.sleep(0.02)
        raise AssertionError(f"no answer to {json.dumps(message)}")

    def close(self) -> None:
        self.control.close()


@pytest.fixture
def chat(sandbox: Handle, tmp_path: Path) -> Iterator[Chat]:
    ready = sandbox.ready
    settings = load_settings(
        {
            "SPACEKEEPER_BOT_TOKEN": ready["tokens"]["bot"],
            "SPACEKEEPER_WEBEX_URL": ready["rest"],
            "SPACEKEEPER_U2C_URL": ready["u2c"] + "/catalog",
            "SPACEKEEPER_CA_FILE": ready["ca"],
            "SPACEKEEPER_CO_ACCESS_TOKEN": ready["tokens"]["co"],
            "SPACEKEEPER_CO2_ACCESS_TOKEN": ready["tokens"]["co2"],
            "SPACEKEEPER_DATABASE_URL": f"sqlite:///{tmp_path / 'space.db'}",
            "SPACEKEEPER_COMPLIANCE": "cleo@example.com dora@example.com",
            "SPACEKEEPER_SANDBOX_CLOCK": ready["clock"],
            "SPACEKEEPER_WEBEX_PER_MINUTE": "60000",
        }
    )
    process = build(settings)
    thread = process.in_thread()
    made = Chat(sandbox, process)
    until = time.monotonic() + PATIENCE
    while not made.control.mercury()["connected"] and time.monotonic() < until:
        time.sleep(0.02)
    yield made
    process.stop()
    thread.join(PATIENCE)
    process.house.webex.close()  # type: ignore[attr-defined]
    made.close()
