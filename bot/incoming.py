"""One message or press on its way through the dispatch: values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.ids import MessageId, PersonId, RoomId
from webex.values import CardPress


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What a person said or pressed, and where.

    Args:
        step: names it for ever; everything that is done about it derives its step from this.
        text: what was said, without our mention; empty for a press.
        thread: the message under which an answer belongs; None 1:1.
        is_again: it was begun before: its process died, or Webex could not be reached.
        said_at: when, by Webex's clock.
    """

    step: str
    person: PersonId
    room: RoomId
    is_private: bool
    text: str = ""
    press: CardPress | None = None
    thread: MessageId | None = None
    files: tuple[str, ...] = ()
    is_again: bool = False
    said_at: datetime | None = None
