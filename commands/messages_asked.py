"""The arguments that speak of messages: one by its id or link, moments, and a person mentioned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from commands.arguments import Base
from commands.moments import zone_of
from commands.spec import Context
from domain.errors import Refusal
from domain.ids import MessageId, WrongId

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_LINK = re.compile(rf"(?:\S*[?&]message=)?({_UUID})(?:&\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageArg(Base):
    """A message by its id, or by the link that Webex's clients copy."""

    hint: str = "a message's id, or its link"

    def parse(self, words: Sequence[str], context: Context) -> MessageId | UUID:
        said = " ".join(words).strip().strip("<>")
        link = _LINK.fullmatch(said)
        return UUID(link[1]) if link else message_id(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageIdArg(Base):
    hint: str = "a message's id"

    def parse(self, words: Sequence[str], context: Context) -> MessageId:
        return message_id(" ".join(words).strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentArg(Base):
    """A date or a date-time in ISO 8601; without a zone it is the reader's own."""

    hint: str = "such as 2026-11-24 or 2026-11-24T10:30"
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> datetime:
        said = " ".join(words).strip()
        try:
            found = datetime.fromisoformat(said.upper().replace(" UTC", "Z"))
            if found.tzinfo is None:
                found = found.replace(tzinfo=zone_of(context.caller.time_zone))
            return found.astimezone(UTC)
        except (ValueError, OverflowError):
            raise Refusal(
                f"“{said[:40]}” is no moment that I understand.",
                "Write it like 2026-11-24, 2026-11-24T10:30 or 2026-11-24T09:30:00Z.",
            ) from None


def message_id(said: str) -> MessageId:
    try:
        return MessageId(said)
    except WrongId:
        raise Refusal(
            f"“{said[:60]}” is no id of a message.", "`messages in` and a space shows them."
        ) from None
