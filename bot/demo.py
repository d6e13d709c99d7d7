"""``make demo``: a Webex on this machine, the real bot on it, and a story from end to end.

Two spaces were forgotten long ago. Compliance writes a policy, sees whom it hits, and a second
officer agrees. Time passes night by night; the owners are warned, one keeps their space, the
other does nothing. What then happens is shown as people see it, and as the server says.

Nothing here is played: the bot is the one that a company runs, over TLS, with its own database.
"""

from __future__ import annotations

import os
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import requests

from bot.settings import load_settings
from bot.tasks import run_job
from bot.wiring import Process, build
from sandbox.handle import Control, start
from sandbox.showing import Answer
from sandbox.talking import Talk, await_

BOT = "spacekeeper@webex.bot"
ANA, BEN, CLEO, DORA = (f"{name}@example.com" for name in ("ana", "ben", "cleo", "dora"))
EVE = "eve@partner.example"
DAY = timedelta(days=1)
HELP = """
You are Ana. Say anything to the bot, such as: help
   ben: help          says it as Ben (ana, ben, cleo and dora are there; Cleo and Dora are
                      compliance)
   press keep forever presses that button on the latest card
   +30                lets 30 days pass, each with its night
An empty line ends."""


class Stage:
    """The story's means: people, time, and what is printed of both."""

    def __init__(self, process: Process, control: Control) -> None:
        self.process = process
        self.control = control
        self.talk = Talk(control, BOT)
        self.last: dict[str, Answer] = {}
        """The latest card that each has."""

    def says(self, email: str, text: str) -> Answer:
        _show(f"{_name(email)}: {text}")
        return self._hears(email, self.talk.says(email, text))

    def presses(self, email: str, button: str, **filled: str) -> Answer:
        _show(f"{_name(email)} presses [{button}]{''.join(f' {v}' for v in filled.values())}")
        return self._hears(email, self.talk.presses(email, self.last[email], button, **filled))

    def days(self, count: int, *, until: str = "") -> None:
        """That many days pass, each with its night, or until the bot says `until` to somebody."""
        for day in range(1, count + 1):
            since = self.talk.here()
            now = self.control.advance(DAY + timedelta(minutes=1))
            await_(partial(self._is_past, now), "time stands")
            for job in ("sync", "nightly"):
                ran = run_job(self.process, job, due_at=self.process.house.clock.now())
                if not ran.is_done:
                    raise RuntimeError(f"{job}: {ran.summary}")
            said = self.talk.said_since(since)
            for email, message in said:
                self.last[email] = message
                _show(f"– {now:%a %d %b %Y}: to {_name(email)} –")
                _tell(message.text)
            if until and any(until in message.text for _, message in said):
                count = day
                break
        _note(f"({count} {'day has' if count == 1 else 'days have'} passed.)")

    def _is_past(self, moment: datetime) -> bool:
        """The bot looks at the clock now and then only."""
        return self.process.house.clock.now() >= moment

    def writes(self, email: str, room: dict[str, Any], text: str) -> None:
        """A person writes in a space; Webex may refuse."""
        try:
            self.talk.rest(email, "POST", "messages", roomId=room["id"], text=text)
            _note(f"{_name(email)} writes in “{room['title']}”: {text}")
        except requests.HTTPError as no:
            said = no.response.json()["message"]
            _note(f"{_name(email)} tries to write in “{room['title']}”; Webex says: {said}")

    def hears(self, email: str, words: str, since: int) -> None:
        """Waits until the bot has said `words` to somebody who did not ask."""

        def there() -> Answer | None:
            said = self.talk.said_since(since)
            return next((m for who, m in said if who == email and words in m.text), None)

        found = await_(there, f"{email} never heard {words!r}")
        _show(f"– to {_name(email)} –")
        self._hears(email, found)

    def _hears(self, email: str, answer: Answer) -> Answer:
        if answer.get("attachments"):
            self.last[email] = answer
        _tell(answer.text)
        for name in answer.get("files", ()):
            _tell(f"(a file: {name})")
        return answer


def play(stage: Stage, offsite: dict[str, Any], launch: dict[str, Any]) -> None:
    """The story of a space's whole life."""
    _title("Ana makes a space, and looks after it")
    stage.says(ANA, "help")
    stage.says(ANA, 'create space "Q3 plans"')
    stage.says(ANA, 'add member ben@example.com to "Q3 plans"')
    stage.says(ANA, 'tag "Q3 plans" finance')
    stage.says(ANA, 'keep until "Q3 plans" 2y')
    stage.says(BEN, 'tag "Q3 plans" mine')
    stage.says(EVE, "help")

    run_job(stage.process, "sync")
    everyday(stage)

    _title("Cleo, of compliance, looks for what nobody uses, and writes a policy")
    stage.says(CLEO, "search inactive:>180d")
    stage.says(CLEO, "policy new cleanup inactive:>180d then delete after 180d cap 10")
    stage.says(CLEO, "policy simulate cleanup")
    stage.says(CLEO, "policy approve cleanup")
    _title("Dora, a second officer, agrees to exactly that list")
    stage.says(DORA, "policy simulate cleanup")
    stage.presses(DORA, "Agree to exactly this")

    _title("A day later the policy holds, and the first night warns the owners")
    stage.days(3, until="will be deleted")
    _title("Ana keeps hers; Ben does nothing")
    stage.presses(ANA, "Keep for ever")
    stage.says(ANA, 'explain "Offsite 2024"')
    stage.days(40, until="is blocked")
    stage.writes(BEN, launch, "Is anybody still here?")
    _title("The grace passes, too")
    stage.days(20, until="Certificate")

    _title("What the server says, and what the record proves")
    for room in (offsite, launch):
        there = stage.control.room(room["id"])["exists"]
        _note(f"“{room['title']}” {'is there' if there else 'is gone, with all that was in it'}.")
    with stage.process.house.store.read() as tx:
        chain = tx.audit.verify()
    _note(
        f"The record has {chain.length} entries, and its chain is {'whole' if chain else 'broken'}."
    )
    stage.says(CLEO, "status")


def everyday(stage: Stage) -> None:
    """What people do with it on any day: look, watch, count, and change their minds."""
    _title("Cleo watches for outsiders; Ana invites one all the same")
    stage.says(CLEO, "watch membership created of outsiders in the whole company where tag:finance")
    since = stage.talk.here()
    stage.says(ANA, f'add member {EVE} to "Q3 plans"')
    stage.hears(CLEO, EVE, since)
    stage.says(CLEO, "facets all by scope")
    stage.says(CLEO, "report")
    _title("What is kept can't be deleted; what can be, can be taken back for a day")
    stage.says(ANA, 'delete "Q3 plans"')
    stage.says(ANA, 'create space "Scratch pad"')
    shown = stage.says(ANA, 'delete "Scratch pad"')
    code = shown.text.partition(" code ")[2][:6]
    stage.says(ANA, f'delete "Scratch pad" code {code}')
    stage.says(ANA, 'delete undo "Scratch pad"')


def main() -> int:
    """Plays the story, then takes lines; `script` as argument only plays."""
    only_play = "script" in sys.argv[1:]
    began = time.monotonic()
    with _stage() as stage:
        past = stage.control.now() - 400 * DAY
        offsite, launch = (
            _forgotten(stage.control, title, who, past)
            for title, who in (("Offsite 2024", ANA), ("Launch ideas", BEN))
        )
        play(stage, offsite, launch)
        _note(f"\nThat took {time.monotonic() - began:.0f} s.")
        if not only_play:
            ready = stage.control.ready
            _note(f"This Webex listens at {ready['rest']} (certificate: {ready['ca']}).")
            _note(HELP)
            _prompt(stage)
    return 0


def _prompt(stage: Stage) -> None:
    while line := _ask():
        who, _, text = line.partition(":")
        email = f"{who.strip().lower()}@example.com"
        if email not in (ANA, BEN, CLEO, DORA) or not text:
            email, text = ANA, line
        text = text.strip()
        try:
            if text.startswith("+"):
                stage.days(int(text[1:]))
            elif text.startswith("press "):
                stage.presses(email, text.removeprefix("press ").strip())
            else:
                stage.says(email, text)
        except (LookupError, ValueError, TimeoutError, requests.HTTPError) as no:
            _note(f"({no})")


@contextmanager
def _stage() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as folder, start() as handle:
        process = build(load_settings(_settings(handle.ready, Path(folder))))
        thread, control = process.in_thread(), Control(handle.ready)
        try:
            await_(lambda: control.mercury()["connected"], "the bot did not connect")
            yield Stage(process, control)
        finally:
            process.stop()
            thread.join(15)
            control.close()


def _settings(ready: dict[str, Any], folder: Path) -> dict[str, str]:
    known = {
        "BOT_TOKEN": ready["tokens"]["bot"], "WEBEX_URL": ready["rest"],
        "U2C_URL": ready["u2c"] + "/catalog", "CA_FILE": ready["ca"],
        "CO_ACCESS_TOKEN": ready["tokens"]["co"], "CO2_ACCESS_TOKEN": ready["tokens"]["co2"],
        "DATABASE_URL": f"sqlite:///{folder / 'space.db'}", "SANDBOX_CLOCK": ready["clock"],
        "COMPLIANCE": f"{CLEO} {DORA}", "WEBEX_PER_MINUTE": "60000", "LOG_LEVEL": "ERROR",
        "CAP_PER_RUN": "5", "CAP_PER_DAY": "5", "CAP_SHARE": "0.5", "PACE_SECONDS": "0",
    }  # fmt: skip
    return {f"SPACEKEEPER_{name}": value for name, value in known.items()}


def _forgotten(control: Control, title: str, owner: str, past: Any) -> dict[str, Any]:
    others = {ANA, BEN} - {owner}
    return control.space(
        title, creator=owner, members=sorted(others), moderators=[owner], created=past - 90 * DAY,
        messages=[{"by": owner, "text": "That was nice!", "at": past.isoformat()}],
    )  # fmt: skip


def _name(email: str) -> str:
    return email.partition("@")[0].capitalize()


def _title(text: str) -> None:
    _note(f"\n━━ {text} ━━")


def _show(text: str) -> None:
    _note(f"\n{text}")


def _tell(text: str) -> None:
    _note(textwrap.indent(text, "    │ "))


def _note(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _ask() -> str:
    try:
        return input("\n> ").strip()
    except (EOFError, KeyboardInterrupt):
        return ""


if __name__ == "__main__":
    os.environ.pop("REQUESTS_CA_BUNDLE", None)  # it would go before the sandbox's own
    sys.exit(main())
