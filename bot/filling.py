"""A command's arguments, from typed words or from a form, to their values.

Decides what is still missing; what a word means is the argument's own business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.matching import divide
from commands.spec import Argument, Command, Context, Word
from domain.errors import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a form asks, required or not, and what was said already."""

    names: tuple[str, ...]
    given: Mapping[str, str] = field(default_factory=dict)


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
        given: dict[str, tuple[Word, ...]] = divide(
            [argument for argument in command.arguments if argument.is_typed], typed
        )
    else:
        given = {name: (Word(text),) for name, text in filled.items() if text}
    if left := given.pop("", None):
        raise Refusal(
            f"I don't know what “{' '.join(left)[:60]}” means there.",
            f"Try it like this: `{command.examples[0]}`",
        )
    missing = [
        a for a in command.arguments if not given.get(a.field.name) and not _is_here(a, context)
    ]
    if any(a.field.required for a in missing):
        said = {n: " ".join(w.raw if len(ws) > 1 else w for w in ws) for n, ws in given.items()}
        return Missing(names=tuple(a.field.name for a in missing if a.is_asked), given=said)
    return {
        argument.field.name: _value(argument, given.get(argument.field.name), context)
        for argument in command.arguments
    }


def _value(argument: Argument, words: Sequence[Word] | None, context: Context) -> Any:
    if words is None:
        return argument.parse((), context) if _is_here(argument, context) else None
    return argument.parse(words, context)


def _is_here(argument: Argument, context: Context) -> bool:
    """A space that is not named is the one we are in, where we are in one."""
    from commands.arguments import SpaceArg

    return isinstance(argument, SpaceArg) and argument.field.required and not context.is_private
