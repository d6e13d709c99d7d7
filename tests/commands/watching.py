"""What the tests of watches share."""

from __future__ import annotations

from typing import Any

from domain.watches import Delivery, DeliveryState
from tests.chats import Chat

ANA, BEN, CLEO, EVE = (
    "ana@example.com", "ben@example.com", "cleo@example.com", "eve@partner.example"
)  # fmt: skip


def deliveries(chat: Chat, watch: int = 1) -> tuple[Delivery, ...]:
    """What became of a watch's deliveries, the latest first."""
    with chat.process.house.store.read() as tx:
        return tx.deliveries.of(watch, limit=1000)


def told(chat: Chat, watch: int = 1, *, most: int = 1) -> list[Delivery]:
    """Waits until so much of a watch was told, and gives it, the oldest first."""

    def enough() -> list[Delivery]:
        done = [one for one in deliveries(chat, watch) if one.state is DeliveryState.DONE]
        return done[::-1] if len(done) >= most else []

    return chat.eventually(enough, f"watch {watch} was not told {most}", within=40)


def add(chat: Chat, by: str, room: dict[str, Any], email: str, **more: Any) -> dict[str, Any]:
    return dict(chat.rest(by, "POST", "memberships", roomId=room["id"], personEmail=email, **more))


def write(chat: Chat, by: str, room: dict[str, Any], text: str = "hello", **more: Any) -> Any:
    return chat.rest(by, "POST", "messages", roomId=room["id"], text=text, **more)


def settle(chat: Chat) -> None:
    """Waits until everything that was heard was looked at and told."""
    house = chat.process.house
    chat.process.watchman.read()  # whatever Webex's record has by now

    def is_over() -> bool:
        with house.store.read() as tx:
            waits = any(
                one.state is DeliveryState.WAITING and one.attempts == 0
                for watch in tx.watches.listed(maker=None)
                for one in tx.deliveries.of(watch.key, limit=1000)
            )
            return not tx.sightings.count() and not waits

    chat.eventually(is_over, "the watches never came to rest", within=40)
