"""A message that the bot carried: how it says whose it is, and the card that tells that it went.

Whatever somebody writes stands behind their name and address: on the same line, or quoted line
by line, so that nothing of it can pass for the bot's own words or somebody else's. Nothing in
it mentions anybody or is read as HTML (safety.md, Text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cards.kit import Card, Child, card, facts, plain, press
from cards.message import lines_of, message_facts, place_facts
from cards.words import DASH, count, harmless
from domain.messages import MessageView

_TAG = re.compile(r"<(?=[@a-zA-Z/!?])")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_GAPS = re.compile(r"\n{3,}")
_MARKS = re.compile(r"([\\`*_\[\]()<>#+|~!-])")


def carried_text(name: str, email: str, text: str, *, nth: tuple[int, int] = (1, 1)) -> str:
    """What a message says in plain words.

    Args:
        nth: which of how many messages it is, when there are several files.
    """
    return _framed(f"{harmless(name)} ({harmless(email)})", _safe(text), nth)


def carried_markdown(name: str, email: str, markdown: str) -> str:
    """The same with the writer's own formatting, in which no mention and no HTML is left."""
    plainly = _MARKS.sub(r"\\\1", harmless(name))
    who = f"**{plainly}** ({harmless(email)})"
    return _framed(who, _TAG.sub("< ", _safe(markdown)), (1, 1), is_marked=True)


def _framed(who: str, body: str, nth: tuple[int, int], *, is_marked: bool = False) -> str:
    number, of = nth
    what = f"sends file {number} of {of}" if number > 1 else "sends"
    if not body:
        return f"{who} {what if number > 1 else 'sends a file'}."
    if "\n" not in body and not is_marked:
        return f"{who} {what}: {body}"
    gap = "\n\n" if is_marked else "\n"
    return f"{who} {what}:{gap}" + "\n".join(f"> {line}".rstrip() for line in body.split("\n"))


def _safe(text: str) -> str:
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    text = _TURNS.sub(lambda found: f"‹U+{ord(found[0]):04X}›", text)
    return _GAPS.sub("\n\n", text)


def sent_card(
    where: str, sent: Sequence[MessageView], *, zone: str = "UTC", note: str = ""
) -> Card:
    """Args: where: the space's title, or the person's name."""
    ids = " ".join(one.id for one in sent)
    said = "Sent" if len(sent) == 1 else f"{count(len(sent), 'message')} sent"
    return card(
        f"{said} to {harmless(where)}.",
        *([plain(note)] if note else []),
        *(part for one in sent for part in _one(one, zone)),
        actions=[
            press("Take back", "take back", messages=ids, typed=f"take back {ids}", once=True)
        ],
    )


def _one(message: MessageView, zone: str) -> Iterator[Child]:
    yield from lines_of(message.text)
    yield facts(
        ("Markdown", message.markdown or DASH), *message_facts(message, zone),
        *place_facts(message),
    )  # fmt: skip
