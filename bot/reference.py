"""``python -m bot.reference``: writes the pages of `docs/` that say what the code says of itself:
what can be said, what can be set, the lifecycle. A test holds them to it; nobody edits them by
hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from bot.settings import PREFIX, Settings
from commands.help import TOPICS, place
from commands.registry import load
from commands.spec import Argument, Command
from domain.lifecycle import ARROWS, CaseState
from domain.people import Role
from query.registry import all_conditions
from query.spec import Condition
from retention.filing import schema

DOCS = Path(__file__).parent.parent / "docs"
BY_HAND = "<!-- Written by `python -m bot.reference` (`make docs`); don't edit it by hand. -->"
WHO = {
    Role.MEMBER: "For anyone of the company.",
    Role.MODERATOR: "For who manages the space, and compliance.",
    Role.COMPLIANCE: "For compliance.",
}
HEAD = f"""\
# What can be said

{BY_HAND}

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
    """The whole page: what there is by topic, then each topic with its commands."""
    every = sorted(dict.fromkeys(load().values()), key=lambda one: (place(one.group), one.path))
    by_topic = {
        topic: [one for one in every if one.group == topic]
        for topic in dict.fromkeys(one.group for one in every)
    }
    lines = [HEAD, "| topic | commands |", "|---|---|"]
    for topic, some in by_topic.items():
        links = ", ".join(f"[{one.path}](#{_anchor(one.path)})" for one in some)
        lines.append(f"| **{topic}** | {links} |")
    lines += ["| **Conditions** | [the language](#the-language-of-search-and-policies) |", ""]
    for topic, some in by_topic.items():
        lines += [f"## {topic}", "", *([TOPICS[topic], ""] if topic in TOPICS else [])]
        lines += [line for one in some for line in _command(one)]
    lines += [LANGUAGE, *_conditions(all_conditions()), ""]
    return "\n".join(lines)


def _command(one: Command) -> Iterator[str]:
    """One command with all that its help tells in Webex."""
    yield from (f"### {one.path}", "")
    yield from (f"{_cell(one.help)} *{WHO[one.permission.role]}*", "")
    yield from ("```text", *one.examples, "```", "")
    yield from (f"- {_argument(a)}" for a in one.arguments if a.is_typed)
    yield from (f"- `{words}`: {_cell(means)}" for words, means in one.details)
    if one.aliases:
        yield "- also: " + ", ".join(f"`{words}`" for words in one.aliases)
    yield ""


def _anchor(title: str) -> str:
    return title.casefold().replace(" ", "-")


def _argument(argument: Argument) -> str:
    field = argument.field
    choices = ", ".join(value for value, _ in field.choices)
    hint = f": {_cell(field.hint or choices)}" if field.hint or choices else ""
    marker = [f"“{argument.marker[0]} …”"] if argument.marker else []
    about = ", ".join([*marker, *([] if field.required else ["optional"])])
    return f"**{_cell(field.label)}**{f' ({about})' if about else ''}{hint}"


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


SETTINGS = f"""\
# What can be set

{BY_HAND}

In the environment, or as NAME=value lines in the file that `{PREFIX}SETTINGS_FILE` names. What is
wrong is told all at once, at start; `spacekeeper check` then looks whether it works.
"""
LIFECYCLE = f"""\
# The lifecycle of a case

{BY_HAND}

A case is one space's way under the decision. What is not in this table can't happen
(`domain/lifecycle.py`); every arrow back to *clear* voids the notices and buttons before it.
"""


def settings_page() -> str:
    lines = [SETTINGS, "| name | what it says | unless said |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        usual = "it must be said" if field.is_required() else _usual(field.default)
        lines.append(f"| `{PREFIX}{name.upper()}` | {_cell(field.description or '')} | {usual} |")
    return "\n".join([*lines, ""])


def _usual(default: object) -> str:
    said = getattr(default, "get_secret_value", lambda: default)()
    if isinstance(said, frozenset):
        said = " ".join(sorted(map(str, said)))
    return "–" if said in ("", None) else f"`{said}`"


def lifecycle_page() -> str:
    """The table as a drawing and as rows."""
    lines = [LIFECYCLE, "```mermaid", "stateDiagram-v2", f"    [*] --> {_state(CaseState.CLEAR)}"]
    drawn: dict[tuple[str, str], list[str]] = {}
    for (state, cause), to in ARROWS.items():
        drawn.setdefault((_state(state), _state(to)), []).append(str(cause))
    lines += [f"    {a} --> {b}: {', '.join(causes)}" for (a, b), causes in drawn.items()]
    lines += [
        f"    {_state(CaseState.GONE)} --> [*]",
        "```",
        "",
        "| in | when | to |",
        "|---|---|---|",
    ]
    lines += [f"| {state} | {cause} | {to} |" for (state, cause), to in ARROWS.items()]
    return "\n".join([*lines, ""])


def _state(state: CaseState) -> str:
    return str(state).replace(" ", "_")


def schema_page() -> str:
    """What can stand in a file of policies, for editors."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": page, "settings.md": settings_page, "lifecycle.md": lifecycle_page,
    "policies.schema.json": schema_page,
}  # fmt: skip


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    for name, written in PAGES.items():
        (DOCS / name).write_text(written(), "utf-8")


if __name__ == "__main__":
    main()
