"""Somebody who talks 1:1 to a bot on the sandbox, by their own token, as their client would.

For whoever shows or tries out a bot by hand; knows of the bot only its address.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import requests

from sandbox.handle import Control
from sandbox.showing import Answer, inputs_of

T = TypeVar("T")
PATIENCE = 30.0


class Talk:
    """Conversations of anybody with one bot.

    Args:
        bot: its e-mail address.
    """

    def __init__(self, control: Control, bot: str) -> None:
        self.control = control
        self.bot = bot
        self._session = requests.Session()
        self._session.verify = control.ready["ca"]
        self._session.trust_env = False

    def close(self) -> None:
        self._session.close()

    def rest(self, email: str, method: str, path: str, **body: Any) -> Any:
        """A call by a person's own token. Raises requests.HTTPError when Webex refuses."""
        answer = self._session.request(
            method, self.control.ready["rest"] + path, json=body or None, timeout=30,
            headers={"Authorization": f"Bearer {self.control.token(email)}"},
        )  # fmt: skip
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def says(self, email: str, text: str) -> Answer:
        """Says it 1:1 and gives the bot's answer."""
        since = self.here()
        said = self.rest(email, "POST", "messages", toPersonEmail=self.bot, text=text)
        return self._answer(said["roomId"], since)

    def presses(self, email: str, card: Answer, button: str, **filled: str) -> Answer:
        """Presses a button of a card and gives the bot's answer, a new message or an edit."""
        since = self.here()
        self.rest(
            email, "POST", "attachment/actions", type="submit", messageId=card["id"],
            inputs=inputs_of(card, button, filled),
        )  # fmt: skip
        return self._answer(card["roomId"], since)

    def here(self) -> int:
        """Where the server's log stands."""
        return int(self.control.log()[-1]["seq"])

    def said_since(self, since: int) -> list[tuple[str, Answer]]:
        """What the bot sent to people 1:1, as (e-mail, message), in order."""
        found = []
        for entry in self.control.effects("message.created", since):
            message = entry["object"]
            if entry["actor"] == self.bot and message["roomType"] == "direct":
                found.append((self._other(message["roomId"]), Answer(message)))
        return found

    def _other(self, room: str) -> str:
        emails = (m["personEmail"] for m in self.control.room(room)["members"])
        return next(str(email) for email in emails if email != self.bot)

    def _answer(self, room: str, since: int) -> Answer:
        def there() -> Answer | None:
            for entry in self.control.log(since, what="effect"):
                is_said = entry["kind"] in ("message.created", "message.updated")
                answer = Answer(entry["object"]) if is_said else None
                if answer is None or entry["actor"] != self.bot or answer["roomId"] != room:
                    continue
                if not answer.is_file:
                    return answer
            return None

        return await_(there, "the bot did not answer")


def await_(there: Callable[[], T | None], why: str, *, patience: float = PATIENCE) -> T:
    """Waits until `there` gives something true, and gives that. Raises TimeoutError."""
    until = time.monotonic() + patience
    while not (found := there()):
        if time.monotonic() > until:
            raise TimeoutError(why)
        time.sleep(0.02)
    return found
