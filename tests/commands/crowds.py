"""Many people for tests: made in the sandbox, said in a list, sent in a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tests.chats import BOT, Answer, Chat, Person, mark_of


def many(chat: Chat, count: int, *, prefix: str = "p") -> list[str]:
    """People of ours who are in nothing yet."""
    emails = [f"{prefix}{n:04}@example.com" for n in range(count)]
    for email in emails:
        chat.control.person(email)
    return emails


def code_of(answer: Answer) -> str:
    """The code that a preview asks for."""
    [code] = re.findall(r"type this code: (\d+)", answer.text)
    return str(code)


def confirms(person: Person, shown: Answer, button: str) -> Answer:
    """Types the code into the card and presses its button."""
    return person.presses(shown, button, code=code_of(shown))


def send(
    chat: Chat, email: str, text: str, content: bytes, name: str = "people.csv", **to: str
) -> Answer:  # fmt: skip
    """Says something with a file, 1:1 unless `roomId` says where; gives the bot's answer."""
    since = chat.quiet_seq()
    token = chat._ready["tokens"].get(email) or chat.control.token(email)
    where = to or {"toPersonEmail": BOT}
    sent = chat._session.post(
        chat._ready["rest"] + "messages", data={**where, "text": text},
        files={"files": (name, content, "text/csv")},
        headers={"Authorization": f"Bearer {token}"}, timeout=30,
    )  # fmt: skip
    sent.raise_for_status()
    said = sent.json()
    mark = mark_of("message", said["id"])
    return chat.answer_to(email, said["roomId"], since, about=text, mark=mark)


def file_of(chat: Chat, email: str, answer: dict[str, Any]) -> bytes:
    """The file of a message, as whoever reads it gets it."""
    token = chat._ready["tokens"].get(email) or chat.control.token(email)
    got = chat._session.get(
        answer["files"][0], headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    got.raise_for_status()
    return bytes(got.content)


def files_to(chat: Chat, person: Person, count: int) -> Sequence[Answer]:
    """The files that the bot has sent 1:1, oldest first, once there are so many."""

    def sent() -> list[Answer]:
        return [
            m for m in reversed(person.messages()) if m.get("files") and m["personEmail"] == BOT
        ]

    chat.eventually(lambda: len(sent()) >= count, "the files did not come")
    return sent()
