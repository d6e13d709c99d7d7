"""A command's arguments, from typed words or from a form, to their values.

Decides what is still missing; what a word means is the argument's own business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.matching import divide, is_quoted
from cards.words import quoted, typed_name
from commands.spec import Argument, Command, Context, Word
from domain.errors import Refusal
from domain.fields import FieldKind
from domain.people import Person
from domain.spaces import Space

LONGEST_WORD = 60
"""An id of Webex is longer (webex-facts 1.0), and a word is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a form asks, required or not, and what was said already."""

    names: tuple[str, ...]
    given: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    """The same for the eye: a space by its title, a person by their name."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """The same as it would be typed."""


def fill(
    command: Command, context: Context, *, typed: Sequence[Word] = (),
    filled: Mapping[str, str] | None = None,
) -> dict[str, Any] | Missing:  # fmt: skip
    """The values of all arguments, or what is missing of them.

    Args:
        typed: the words behind the command.
        filled: instead, argument to text, from a form or a button.

    Raises:
        Refusal: something that was said is not understood, or can't be.
    """
    if filled is None:
        given = _divide([a for a in command.arguments if a.is_typed], typed, context)
    else:
        given = {name: (Word(text),) for name, text in filled.items() if text}
        _refuse_what_is_too_long(command, filled)
    if left := given.pop("", None):
        raise Refusal(
            f"I don't know what “{' '.join(left)[:60]}” means there.",
            f"Try it like this: `{command.examples[0]}`",
        )
    missing = [a for a in command.arguments if not _is_said(a, given) and not _is_here(a, context)]
    if any(a.field.required for a in missing):
        return _missing(command, context, given, [a for a in missing if a.is_asked])
    return {
        argument.field.name: _value(argument, given.get(argument.field.name), context)
        for argument in command.arguments
    }


def _refuse_what_is_too_long(command: Command, filled: Mapping[str, str]) -> None:
    """What a form's fields take is told on it; a card that was altered may send more."""
    for argument in command.arguments:
        longest = argument.field.longest
        if len(filled.get(argument.field.name, "")) > longest:
            raise Refusal(
                f"{argument.field.label}: that is longer than {longest:,} characters.",
                "Attach it as a text file to a message with the command."
                if argument.reads_files else "Shorten it.",
            )  # fmt: skip


def _missing(
    command: Command, context: Context, given: Mapping[str, tuple[Word, ...]],
    asked: Sequence[Argument],
) -> Missing:  # fmt: skip
    """What was said is understood now: nobody fills in a form for a space that is not there."""
    known = [a for a in command.arguments if _is_said(a, given)]
    words = {a.field.name: given[a.field.name] for a in known}
    said = {
        name: " ".join(w.raw if len(some) > 1 else w for w in some) or "yes"
        for name, some in words.items()
    }
    values = {a.field.name: a.parse(words[a.field.name], context) for a in known}
    return Missing(
        names=tuple(a.field.name for a in asked), given=said,
        shown={name: _shown(value, said[name]) for name, value in values.items()},
        typed={name: _typed(value, said[name]) for name, value in values.items()},
    )  # fmt: skip


def how_to_type(command: Command, missing: Missing) -> str:
    """The whole command in words, with what is typed already, and `<a name>` for what it still
    needs; what it merely may have is left to its help."""
    typed = missing.typed
    parts = [command.path]
    for argument in command.arguments:
        name, mark = argument.field.name, " ".join(argument.marker[:1])
        is_flag = argument.field.kind is FieldKind.YES_NO
        if name in typed and argument.is_typed:
            parts.append(mark if is_flag else f"{mark} {typed[name]}".strip())
        elif argument.field.required and name in missing.names:
            parts.append(f"{mark} <{name}>".strip())
    return " ".join(parts)


def _is_said(argument: Argument, given: Mapping[str, tuple[Word, ...]]) -> bool:
    """A flag is said by its marker alone."""
    name = argument.field.name
    is_flag = argument.field.kind is FieldKind.YES_NO
    return bool(given.get(name)) or (is_flag and name in given)


def _divide(
    arguments: Sequence[Argument], typed: Sequence[Word], context: Context
) -> dict[str, tuple[Word, ...]]:
    """In a space, ``tag finance`` is about that space, and “finance” is not its name; what
    stands in quotes, or is an id, is one."""
    given = divide(arguments, typed)
    names_one = any(is_quoted(word) or len(word) > LONGEST_WORD for word in typed)
    if names_one or all(given.get(a.field.name) for a in arguments if a.field.required):
        return given
    others = [a for a in arguments if a.marker or not _is_here(a, context)]
    again = divide(others, typed)
    fits = "" not in again and all(again.get(a.field.name) for a in others if a.field.required)
    return again if fits and typed else given


def _shown(value: object, said: str) -> str:
    match value:
        case Space():
            return value.shown_title
        case Person():
            return value.name
        case _:
            return said


def _typed(value: object, said: str) -> str:
    match value:
        case Space():
            return typed_name(value)
        case Person():
            return value.email
        case str() if '"' not in said:
            return quoted(said)
        case _:  # several words are several, and what is quoted is so already
            return said


def _value(argument: Argument, words: Sequence[Word] | None, context: Context) -> Any:
    if words is None:
        return argument.parse((), context) if _is_here(argument, context) else None
    return argument.parse(words, context)


def _is_here(argument: Argument, context: Context) -> bool:
    """A space that is not named is the one we are in, where we are in one; and who is not named
    may stand in a list that came with the message."""
    from commands.arguments import SpaceArg

    if argument.reads_files and context.files:
        return True
    return isinstance(argument, SpaceArg) and argument.field.required and not context.is_private
