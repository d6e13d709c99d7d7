"""``make demo``: a Webex on this machine, the real bot on it, and people who talk to it."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import requests

from bot.settings import load_settings
from bot.wiring import build
from sandbox.handle import Control, start

BOT = "spacekeeper@webex.bot"
STORY = (
    ("ana@example.com", "help"),
    ("ana@example.com", 'create space "Q3 plans"'),
    ("ana@example.com", 'add member ben@example.com to "Q3 plans"'),
    ("ana@example.com", 'tag "Q3 plans" finance'),
    ("ben@example.com", 'tag "Q3 plans" mine'),
    ("eve@partner.example", "help"),
)


def main() -> int:
    """Plays the story, then takes lines to say as Ana; `script` as argument only plays."""
    only_play = "script" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, start() as handle:
        ready = handle.ready
        process = build(load_settings(_settings(ready, Path(folder))))
        thread, control = process.in_thread(), Control(ready)
        _wait(lambda: bool(control.mercury()["connected"]), "the bot did not connect")
        for email, text in STORY:
            _say(control, email, text)
        while not only_play and (line := _ask()):
            _say(control, "ana@example.com", line)
        process.stop()
        thread.join(10)
        control.close()
    return 0


def _settings(ready: dict[str, Any], folder: Path) -> dict[str, str]:
    known = {
        "BOT_TOKEN": ready["tokens"]["bot"], "WEBEX_URL": ready["rest"],
        "U2C_URL": ready["u2c"] + "/catalog", "CA_FILE": ready["ca"],
        "CO_ACCESS_TOKEN": ready["tokens"]["co"], "CO2_ACCESS_TOKEN": ready["tokens"]["co2"],
        "DATABASE_URL": f"sqlite:///{folder / 'space.db'}", "SANDBOX_CLOCK": ready["clock"],
        "COMPLIANCE": "cleo@example.com dora@example.com", "WEBEX_PER_MINUTE": "6000",
    }  # fmt: skip
    return {f"SPACEKEEPER_{name}": value for name, value in known.items()}


def _say(control: Control, email: str, text: str) -> None:
    ready, since = control.ready, control.log()[-1]["seq"]
    print(f"\n{email.partition('@')[0]}: {text}", flush=True)  # noqa: T201
    sent = requests.post(
        ready["rest"] + "messages", json={"toPersonEmail": BOT, "text": text},
        headers={"Authorization": f"Bearer {ready['tokens'][email]}"}, verify=ready["ca"],
        timeout=30,
    ).json()  # fmt: skip

    def answers() -> list[str]:
        return [
            str(e["object"]["text"])
            for e in control.effects("message.created", since)
            if e["actor"] == BOT and e["object"]["roomId"] == sent["roomId"]
        ]

    _wait(lambda: bool(answers()), "the bot did not answer")
    print("spacekeeper: " + answers()[0].replace("\n", "\n    "), flush=True)  # noqa: T201


def _ask() -> str:
    try:
        return input("\nSay something as Ana (an empty line ends): ").strip()
    except EOFError:
        return ""


def _wait(for_: Any, why: str) -> None:
    until = time.monotonic() + 20
    while not for_():
        if time.monotonic() > until:
            raise TimeoutError(why)
        time.sleep(0.05)


if __name__ == "__main__":
    os.environ.pop("REQUESTS_CA_BUNDLE", None)  # it would go before the sandbox's own
    sys.exit(main())
