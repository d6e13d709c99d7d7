"""Time that passes while a deletion can be taken back, and the job that looks after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from domain.endings import Request
from domain.ids import RoomId, SpaceKey
from jobs.deletions import hands_of
from jobs.spec import Firing
from retention.byhand.ending import run_requests
from tests.chats import Answer, Chat, Person
from tests.commands.companies import learn, make_space

SETTINGS = {
    "CAP_PER_DAY": "20", "CAP_PER_RUN": "20", "CAP_SHARE": "1", "PACE_SECONDS": "0",
    "INVENTORY_HOURS": "2400",
}  # fmt: skip


@pytest.fixture
def bot_settings() -> dict[str, str]:
    return SETTINGS


def company(chat: Chat, title: str = "Q3 plans", **more: Any) -> dict[str, Any]:
    """A space of Ana, who moderates it with Ben, and Fay; and some others beside it."""
    for name in ("emil", "fay"):
        chat.control.person(f"{name}@example.com")
    known: dict[str, Any] = {"members": ("ben", "fay"), "moderators": ("ana", "ben"), "idle": 5}
    room = make_space(chat, title, **(known | more))
    for number in range(5):  # caps are a share of what the last complete crawl saw
        make_space(chat, f"Other {number}", by="emil")
    learn(chat, room)
    return room


def run(chat: Chat, name: str = "") -> Mapping[str, Any]:
    """The job, once."""
    house = chat.process.house
    now = house.clock.now()
    id = name or f"deletions@{now.isoformat()}"
    return run_requests(hands_of(Firing(house=house, run=id, due_at=now)))


def hours(chat: Chat, number: int) -> list[str]:
    """So many hours pass, and the job runs in each half; gives what the runs did, in order."""
    done: list[str] = []
    for _ in range(2 * number):
        chat.clock.advance(minutes=30)
        done += run(chat)["counts"]
    return done


def told(chat: Chat, room: Mapping[str, Any]) -> None:
    """Waits until the other owners were told, so that the time runs."""

    def is_told() -> bool:
        request = request_of(chat, room)
        return request is not None and request.due is not None

    chat.eventually(is_told, "its owners were not told")


def until_due(chat: Chat, room: Mapping[str, Any]) -> None:
    """Just past the moment when what was asked for now is due; no run has seen that yet."""
    told(chat, room)
    hours(chat, 23)
    chat.clock.advance(minutes=40)
    run(chat)
    chat.clock.advance(minutes=30)


def asks(person: Person, title: str = "Q3 plans") -> Answer:
    """Sees what would go, types the code back, and gives the answer."""
    shown = person.asks(f'delete "{title}"')
    return person.presses(shown, button(shown), code=code_on(shown))


def code_on(shown: Answer) -> str:
    _, _, rest = shown.text.partition(" code ")
    return rest[:6]


def button(shown: Answer) -> str:
    (action,) = shown.card["actions"]
    return str(action["title"])


def key_of(chat: Chat, room: Mapping[str, Any]) -> SpaceKey:
    with chat.process.house.store.read() as tx:
        found = tx.spaces.key_of(RoomId(room["id"]))
    assert found is not None
    return found


def request_of(chat: Chat, room: Mapping[str, Any]) -> Request | None:
    with chat.process.house.store.read() as tx:
        return tx.deletions.last_of(key_of(chat, room))


def deleted(chat: Chat) -> list[str]:
    """By the server's log."""
    return [str(e["object"]["title"]) for e in chat.control.effects("room.deleted")]


def is_blocked(chat: Chat, room: Mapping[str, Any]) -> bool:
    return bool(chat.control.room(str(room["id"]))["room"]["isAnnouncementOnly"])
