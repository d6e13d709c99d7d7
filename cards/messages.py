"""Messages of a space, newest first, a few at a time: as many as a message's text holds with
all of their fields. Going on is asked for by the last one, so that nothing new shifts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cards.kit import Action, Card, Child, card, facts, more, plain, press
from cards.message import message_facts, place_facts
from cards.words import DASH, harmless, moment, named, together
from domain.messages import MessagePage, MessageView
from domain.spaces import Space

PER_CARD = 5
_TEXT, _MARKDOWN = 350, 200


def messages_card(
    space: Space, page: MessagePage, *, asked: Mapping[str, str], sentence: str = "",
    zone: str = "UTC",
) -> Card:  # fmt: skip
    """A page of messages.

    Args:
        asked: the arguments that ask for what follows the page; empty when nothing does.
        sentence: which messages were asked for, fitting after “messages”.
    """
    found = page.messages
    where = named(space)
    return card(
        f"{len(found)} {'message' if len(found) == 1 else 'messages'} in {where}"
        if found
        else f"No messages in {where}",
        *([plain(f"Those {sentence}, newest first." if sentence else "Newest first.")]
          if found or sentence else []),
        *(plain(note, subtle=True) for note in page.notes),
        *(part for n, one in enumerate(found, 1) for part in _entry(n, one, zone)),
        *([plain(_looked(page, zone), subtle=True)] if page.looked_back_to else []),
        actions=[
            *_details(found),
            *([_all_of(found, zone)] if found else []),
            *([_go_on(asked)] if asked else []),
        ],
    )  # fmt: skip


def _entry(number: int, message: MessageView, zone: str) -> Iterator[Child]:
    gone = " (deleted)" if message.is_deleted else ""
    when = moment(message.created, zone)
    yield plain(f"{number}. {harmless(message.author)}, {when}{gone}", bold=True)
    yield plain(message.text or DASH, longest=_TEXT)


def _all_of(found: tuple[MessageView, ...], zone: str) -> Action:
    """Every field of each, which few read, behind a button."""
    return more(
        "All that Webex tells",
        facts(*place_facts(found[0])),
        *(plain(f"{n}. {_told(one, zone)}") for n, one in enumerate(found, 1)),
    )


def _told(message: MessageView, zone: str) -> str:
    marked = harmless(message.markdown, _MARKDOWN) or DASH
    return together([("Markdown", marked), *message_facts(message, zone)])


def _looked(page: MessagePage, zone: str) -> str:
    return f"I looked back to {moment(page.looked_back_to, zone)}; there may be more before."


def _details(found: tuple[MessageView, ...]) -> Iterator[Action]:
    if found:
        yield more(
            "Details",
            actions=[
                press(f"{n}. {harmless(one.author, 40)}", "message", message=one.id)
                for n, one in enumerate(found, 1)
            ],
        )


def _go_on(asked: Mapping[str, str]) -> Action:
    names = {"mentioned": "mentioning", "before_message": "before message", "max": "max"}
    words = " ".join(f"{names[name]} {asked[name]}" for name in names if asked.get(name))
    return press("More", "messages", given=asked, typed=f"messages in {asked['space']} {words}")
