"""A message with every field that Webex gives: who and when first, what, then the ids."""

from __future__ import annotations

from collections.abc import Iterator

from cards.kit import Card, Child, card, facts, plain, press
from cards.words import DASH, LONG, harmless, instant, moment
from domain.messages import MessageView

MOST_LINES = 60
"""Of a text, each on a line of its own; the rest of it follows on one."""


def message_card(message: MessageView, *, zone: str = "UTC") -> Card:
    return card(
        f"{message.author}, {moment(message.created, zone)}",
        *([plain("It was deleted; only compliance still reads it.", warns=True)]
          if message.is_deleted else []),
        plain("Text", subtle=True),
        *lines_of(message.text),
        plain("Markdown", subtle=True),
        *lines_of(message.markdown),
        facts(*message_facts(message, zone), *place_facts(message)),
        actions=[press("What was said before", "messages", space=message.room_id,
                       before_message=message.id, typed=_before(message))],
    )  # fmt: skip


def message_facts(message: MessageView, zone: str) -> tuple[tuple[str, str], ...]:
    """Label and value of what is the message's own besides its text; a dash for what is not."""
    people = ", ".join(f"{harmless(name) or DASH} ({id})" for id, name in message.mentioned)
    return (
        ("From", message.by or DASH),
        ("E-mail", message.person_email or DASH),
        ("Created", instant(message.created, zone)),
        *([("In the thread of", message.parent_id)] if message.parent_id else []),
        ("Files", ", ".join(message.files) or DASH),
        ("Mentioned people", people or DASH),
        ("Mentioned groups", ", ".join(message.mentioned_groups) or DASH),
        ("To", message.to_person_email or DASH),
        ("To person id", message.to_person_id or DASH),
        ("Id", message.id),
        ("Person id", message.person_id),
    )


def place_facts(message: MessageView) -> tuple[tuple[str, str], ...]:
    return (
        ("Space", message.where or DASH),
        ("Space type", message.room_type or DASH),
        ("Space id", message.room_id),
    )


def lines_of(text: str) -> Iterator[Child]:
    """A person's text as it stands, line by line, whole."""
    lines = [line for line in text.splitlines() if line.strip()]
    for line in [*lines[:MOST_LINES], " ".join(lines[MOST_LINES:])]:
        safe = harmless(line, 10 * len(line) + 40) if line else ""
        for start in range(0, len(safe), LONG - 10):
            yield plain(safe[start : start + LONG - 10])
    if not lines:
        yield plain(DASH)


def _before(message: MessageView) -> str:
    return f"messages in {message.room_id} before message {message.id}"
