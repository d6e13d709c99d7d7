"""What can be said: the topics, one topic, one command, and what was perhaps meant.

Decides nothing about who may what: it is given only the commands that the caller may use. Short
also where there are many: a topic is a line, a command is a line in its topic, and a press leads
on; what a press of an example does is decided by whoever gives the button.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cards.kit import Action, Button, Card, card, facts, head, more, plain, press, row, text
from cards.parts import MOST_BUTTONS
from domain.fields import Field

PER_PAGE = 10
_WIDTHS = (2, 3)
_TOPIC = (1, 3)
_ALL = "All topics"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEntry:
    """A command as the help tells it.

    Args:
        tries: a button for each example.
        argument_fields: its arguments.
        details: what can be written, and what that means.
        who: who may say it, where not everybody may.
        topic: what brings its group, behind “help”.
    """

    path: str
    help: str
    examples: tuple[str, ...]
    group: str
    tries: tuple[Button, ...] = ()
    aliases: tuple[str, ...] = ()
    argument_fields: tuple[Field, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    who: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpTopic:
    """A group of commands. `about` is one short line; `said` brings it, behind “help”."""

    name: str
    about: str
    said: str


def help_card(topics: Sequence[HelpTopic]) -> Card:
    """The overview: a line and a press for each topic."""
    return card(
        "What I can do",
        text("Press a topic, or say what you want in words. In a space, mention me first."),
        *(row(topic.name, topic.about, widths=_TOPIC, lead=True) for topic in topics),
        text("“help” and a word tells more, such as “help search”.", subtle=True),
        actions=_gathered([_topic(topic.name, topic.said) for topic in topics]),
    )


def topic_card(
    title: str, entries: Sequence[HelpEntry], *, page: int = 1, about: str = "", doc: str = ""
) -> Card:
    """Some of the commands, each with a press that tells more.

    Args:
        title: may hold the person's words.
        doc: the topic in a line.
        page: from 1; at most `PER_PAGE` stand on one.
        about: what brings another page, behind “help”.
    """
    pages = max(1, -(-len(entries) // PER_PAGE))
    page = min(max(page, 1), pages)
    some = entries[(page - 1) * PER_PAGE :][:PER_PAGE]
    turns = [
        press(name, "help", about=about, page=str(to), typed=f"help {about} page {to}")
        for name, to in (("Previous", page - 1), ("Next", page + 1))
        if 1 <= to <= pages
    ]
    return card(
        title if pages == 1 else f"{title} ({page} of {pages})",
        *([plain(doc)] if doc else []),
        *(row(entry.path, entry.help, widths=_WIDTHS, lead=True) for entry in some),
        text("“help” and a command tells how to say it, with examples to press.", subtle=True),
        actions=[
            *_gathered([about_command(entry.path) for entry in some], spare=len(turns) + 1),
            *turns,
            press(_ALL, "help"),
        ],
    )


def command_help_card(entry: HelpEntry) -> Card:
    return card(
        entry.path.capitalize(),
        plain(entry.help),
        *([plain(f"For {entry.who}.", subtle=True)] if entry.who else []),
        *([facts(*map(_argument, entry.argument_fields))] if entry.argument_fields else []),
        text("For example, to say or to press:", subtle=True),
        *(plain(example) for example in entry.examples),
        *([head("You can write", "It means", widths=_WIDTHS)] if entry.details else []),
        *(row(words, means, widths=_WIDTHS) for words, means in entry.details),
        *([plain(f"Also: {', '.join(entry.aliases)}", subtle=True)] if entry.aliases else []),
        actions=[
            *entry.tries[: MOST_BUTTONS - 2],
            *([press("Form", entry.path)] if entry.argument_fields else []),
            _topic(entry.group, entry.topic or entry.group.casefold()),
        ],
    )


def unknown_card(said: str, near: Sequence[Button]) -> Card:
    """Args: near: up to three that were perhaps meant."""
    return card(
        "I did not understand that",
        plain(f"You said “{said}”.", longest=200),
        text("Did you mean one of these?") if near else text("“help” says what I can do."),
        actions=[*near[:3], press("Help", "help")],
    )


def reserved_card(what: str, instead: Sequence[HelpEntry]) -> Card:
    """Somebody asks about what is for compliance. `what` is a name of ours."""
    return card(
        f"{what.capitalize()}: that is for compliance",
        text("The people of compliance decide that for all spaces; ask them where you need it."),
        *([text("What you can do yourself:")] if instead else []),
        *(row(entry.path, entry.help, widths=_WIDTHS, lead=True) for entry in instead),
        actions=[*(about_command(entry.path) for entry in instead[:3]), press("Help", "help")],
    )


def _gathered(buttons: Sequence[Button], *, spare: int = 0) -> Iterator[Action]:
    """All buttons on a card that shows five, `spare` of which are others': the first as they are,
    the rest behind as many more buttons as it takes, named by the first and the last behind."""
    room = MOST_BUTTONS - spare
    behind = 0
    while len(buttons) - (room - behind) > behind * MOST_BUTTONS:
        behind += 1
    shown, rest = buttons[: room - behind], buttons[room - behind :]
    yield from shown
    for start in range(0, len(rest), MOST_BUTTONS):
        some = rest[start : start + MOST_BUTTONS]
        first, last = some[0].press.title, some[-1].press.title
        yield more(first if first == last else f"{first} – {last}", actions=some)


def _topic(name: str, said: str) -> Button:
    return press(name, "help", about=said, typed=f"help {said}")


def about_command(path: str) -> Button:
    return press(path.capitalize(), "help", about=path, typed=f"help {path}")


def _argument(field: Field) -> tuple[str, str]:
    choices = ", ".join(value for value, _ in field.choices)
    words = field.hint or choices or field.kind.value
    return field.label, words if field.required else f"{words} (optional)"
