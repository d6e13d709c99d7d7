"""An example, or what was perhaps meant, as a button: what a press of it does.

What only reads is done at once. Everything else opens its form, filled in with what was said, and
nothing happens until that is sent; so no press of an example changes anything, let alone destroys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cards.form import form_card
from cards.kit import Button, Card, press
from commands.arguments import PersonArg, SpaceArg
from commands.people import PeopleArg
from commands.spec import Argument, Command, Word
from commands.wording import divide
from domain.fields import FieldKind

OPENS = "help"
"""The command whose press opens another's form: it changes nothing, and anybody may."""
LONGEST = 400
"""Characters of what was said that a button keeps."""
_NAMES = (SpaceArg, PersonArg, PeopleArg)
"""Arguments that name something of the company: in an example, nothing that there is."""


def try_button(command: Command, words: Sequence[Word], typed: str, *, is_real: bool) -> Button:
    """A button for `command` with the `words` typed behind it.

    Args:
        typed: the whole as it is typed, which the button shows.
        is_real: the words were somebody's own, or name what there is; else what they name is
            left to whoever presses.
    """
    title = typed[:1].upper() + typed[1:]
    given = _given(command, words)
    if given is None or sum(map(len, given.values())) > LONGEST:
        return press(title, OPENS, typed=typed, fill_in=command.path)
    named = {a.field.name for a in command.arguments if isinstance(a, _NAMES)} & set(given)
    needs = [a for a in command.arguments if a.field.required and a.field.name not in given]
    if command.only_reads and not needs and (is_real or not named):
        return press(title, command.path, typed=typed, given=given)
    if not is_real:
        given = {name: text for name, text in given.items() if name not in named}
    return press(title, OPENS, typed=typed, fill_in=command.path, values=_joined(given))


def filled_form(command: Command, values: str) -> Card:
    """The form of a command with `values` in its fields, as `try_button` joined them."""
    given = dict(line.partition("=")[::2] for line in values.splitlines())
    asked = [
        replace(a.field, value=_as_field(a, given[a.field.name]))
        if a.field.name in given
        else a.field
        for a in command.arguments
        if a.is_asked
    ]
    return form_card(
        command.path.capitalize(), command.path, asked, doc=command.help,
        example=command.examples[0],
    )  # fmt: skip


def _given(command: Command, words: Sequence[Word]) -> dict[str, str] | None:
    """Each argument's words, as a form would send them; None: some belong to none."""
    divided = divide([a for a in command.arguments if a.is_typed], words)
    if "" in divided:
        return None
    return {
        name: " ".join(word.raw if len(some) > 1 else word for word in some) or "yes"
        for name, some in divided.items()
    }


def _joined(given: Mapping[str, str]) -> str:
    return "\n".join(f"{name}={' '.join(text.split())}" for name, text in given.items())


def _as_field(argument: Argument, said: str) -> str:
    """A choice stands in its field by its own name."""
    if argument.field.kind is not FieldKind.CHOICE:
        return said
    known = [value for value, _ in argument.field.choices]
    return next((v for v in known if v.casefold().startswith(said.casefold())), "")
