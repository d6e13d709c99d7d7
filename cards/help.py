"""What can be said: the overview by group, one command, and "did you mean".

Decides nothing about who may what: it is given only the commands that the caller may use.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cards.kit import Card, Child, card, facts, head, plain, press, row, text
from cards.parts import MOST_BUTTONS
from domain.fields import Field

_WIDTHS = (2, 3)
_FIRST = (("Find spaces", "search"), ("Create a space", "create space"), ("Status", "status"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEntry:
    """A command as the help tells it.

    Args:
        argument_fields: its arguments.
        details: what can be written, and what that means.
    """

    path: str
    help: str
    examples: tuple[str, ...]
    group: str
    aliases: tuple[str, ...] = ()
    argument_fields: tuple[Field, ...] = ()
    details: tuple[tuple[str, str], ...] = ()


def help_card(entries: Sequence[HelpEntry]) -> Card:
    """The overview. Entries of one group stay together, groups in the order they come."""
    groups = dict.fromkeys(entry.group for entry in entries)
    paths = {entry.path for entry in entries}
    return card(
        "What I can do",
        text("Say it in words, or press a button. In a space, mention me first."),
        *(part for group in groups for part in _group(group, entries)),
        text("“help” and a command tells more about it, such as “help search”.", subtle=True),
        actions=[press(title, path) for title, path in _FIRST if path in paths],
    )


def command_help_card(entry: HelpEntry) -> Card:
    return card(
        entry.path,
        plain(entry.help),
        facts(
            *((_argument(field)) for field in entry.argument_fields),
            ("For example", entry.examples[0]),
            *(("or", example) for example in entry.examples[1:]),
            ("Also", ", ".join(entry.aliases)) if entry.aliases else None,
        ),
        *([head("You can write", "It means", widths=_WIDTHS)] if entry.details else []),
        *(row(words, means, widths=_WIDTHS) for words, means in entry.details),
        actions=[press("Try it", entry.path)],
    )


def topic_card(title: str, entries: Sequence[HelpEntry]) -> Card:
    """Some of the commands, each with an example; `title` may hold the person's words."""
    return card(
        title,
        *(
            part
            for e in entries
            for part in (row(e.path, e.help, widths=_WIDTHS), plain(e.examples[0], subtle=True))
        ),
        text("“help” and a command tells more about it.", subtle=True),
        actions=[press(e.path.capitalize(), e.path) for e in entries[:MOST_BUTTONS]],
    )


def unknown_card(said: str, near: Sequence[str]) -> Card:
    """Args: near: up to three command paths that were perhaps meant."""
    return card(
        "I did not understand that",
        plain(f"You said “{said}”.", longest=200),
        text("Did you mean one of these?") if near else text("“help” says what I can do."),
        actions=[
            *(press(path.capitalize(), path) for path in near[:3] if path != "help"),
            press("Help", "help"),
        ],
    )


def _group(group: str, entries: Sequence[HelpEntry]) -> Iterator[Child]:
    yield plain(group, bold=True)
    yield from (row(e.path, e.help, widths=_WIDTHS) for e in entries if e.group == group)


def _argument(field: Field) -> tuple[str, str]:
    choices = ", ".join(value for value, _ in field.choices)
    words = field.hint or choices or field.kind.value
    return field.label, words if field.required else f"{words} (optional)"
