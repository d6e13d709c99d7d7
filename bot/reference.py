"""``python -m bot.reference``: writes `docs/commands.md` from what the commands and conditions
say of themselves. A test holds the page to them; nobody edits it by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from commands.registry import load
from commands.spec import Argument, Command
from domain.people import Role
from query.registry import all_conditions
from query.spec import Condition

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
WHO = {
    Role.MEMBER: "anyone of the company",
    Role.MODERATOR: "who manages the space; compliance",
    Role.COMPLIANCE: "compliance",
}
HEAD = """\
# What can be said

<!-- Written by `python -m bot.reference` (`make docs`); don't edit it by hand. -->

Each command can be typed, and each shows a form for what is missing when it is said without.
In a space, mention the bot first; "here" means that space. `help` tells the same in Webex, and
only what whoever asks may do.
"""
LANGUAGE = """\
## The language of search and policies

`search` and the condition of a policy are written in one language. Words alone are looked for
in titles; conditions side by side must all hold; `or`, `not` (or a minus) and brackets do what
they say: `tag:finance (scope:external or -inactive:<30d)`. `all` is every space and is always
spelled out; nothing at all matches nothing. What is not known of a space never matches, also
not under `not`.
"""


def page() -> str:
    """The whole page."""
    every = dict.fromkeys(load().values())
    lines = [HEAD]
    for group in dict.fromkeys(one.group for one in sorted(every, key=lambda one: one.group)):
        some = sorted((one for one in every if one.group == group), key=lambda one: one.path)
        lines += [f"## {group}", "", *_commands(some), ""]
    lines += [LANGUAGE, *_conditions(all_conditions()), ""]
    return "\n".join(lines)


def _commands(some: Iterable[Command]) -> Iterator[str]:
    yield "| say | what it does | what it takes | who may | for example |"
    yield "|---|---|---|---|---|"
    for one in some:
        words = "<br>".join([f"**{one.path}**", *one.aliases])
        takes = "<br>".join(_argument(a) for a in one.arguments if a.is_typed) or "–"
        examples = "<br>".join(_code(example) for example in one.examples)
        who = WHO.get(one.permission.role, str(one.permission.role))
        yield f"| {words} | {_cell(one.help)} | {takes} | {who} | {examples} |"


def _argument(argument: Argument) -> str:
    field = argument.field
    choices = ", ".join(value for value, _ in field.choices)
    hint = f": {_cell(field.hint or choices)}" if field.hint or choices else ""
    marker = [f"“{argument.marker[0]} …”"] if argument.marker else []
    about = ", ".join([*marker, *([] if field.required else ["optional"])])
    return f"{_cell(field.label)}{f' ({about})' if about else ''}{hint}"


def _conditions(some: Iterable[Condition]) -> Iterator[str]:
    yield "| condition | what it tests | for example | also |"
    yield "|---|---|---|---|"
    for one in some:
        also = ", ".join(one.aliases) or "–"
        name = f"**{one.name}**" + (" (words alone)" if one.is_default else "")
        yield f"| {name} | {_cell(one.doc)} | {_code(one.example)} | {also} |"


def _code(words: str) -> str:
    """As it is typed; only a bar would end the cell."""
    return f"`{words}`".replace("|", "\\|")


def _cell(words: str) -> str:
    """Fit for a cell of a table."""
    return words.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def main() -> None:
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
