"""Whatever people write in a title or in their own name is shown as what it is, by every command.

Each command is said about a space, by and of people, who are called such: with markdown, HTML, a
mention of all, a template, a link; with letters that hide, turn the line round or pass for others;
and with a thousand characters. What comes back is looked at as Webex has it: the text, each
element of the card, and whom the message mentions.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cards.words import harmless
from commands.spec import Command
from tests.cards.checks import parts
from tests.chats import Answer, Chat
from tests.commands.matrix import ROWS
from tests.commands.worlds import EVERY, PATHS, is_refusal, opened, prepare, template

MARKUP = (
    "evil **bold** _it_ `c` [click](https://evil.example) <@all> <@personEmail:ana@example.com|A> "
    "<b>b</b> <script>alert(1)</script>\n# head\n- item ${secret} {{DATE(2026-01-01, SHORT)}} =1+1"
)
LETTERS = ("evil p\u0430ypal \u202egnp.exe z\u200bw \u2066x\u2069 \x07 " + "long " * 200)[:1000]
HOSTILE = {"markup": MARKUP, "letters": LETTERS}
CHANGED = 250
"""Characters of a title with which a space can still be changed, on the sandbox."""
HIDING = ("\u202e", "\u200b", "\u2066", "\u2069", "\x07")
NAME = "evil <@all> **Eve** [x](https://evil.example) \u202e${n}"


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    database = tmp_path_factory.mktemp("hostile") / "space.db"
    shutil.copy(sqlite_template, database)
    with opened(f"sqlite:///{database}", name=NAME) as chat:
        yield chat


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("one", [one for one in EVERY if one.path in ROWS], ids=lambda o: o.path)
def test_a_title_is_shown_as_what_it_is(one: Command, kind: str, company: Chat) -> None:
    row = ROWS[one.path]
    title = HOSTILE[kind][: CHANGED if row.before else None]
    number = PATHS.index(one.path) + len(PATHS) * list(HOSTILE).index(kind)
    world = prepare(company, number, title=title)
    world.get_ready(row)
    said = row.say or template(one.examples[0])
    since = company.seq()
    answer = world.actor("compliance").asks(said.format(**world.names("compliance")))
    world.tidy_up(row)
    assert "broke on my side" not in answer.text
    names_it = "{space}" in said and not is_refusal(answer.text)
    assert not names_it or harmless(title)[:30] in answer.text, f"the title is not shown: {answer}"
    for entry in company.said_by_the_bot(since):  # to whoever else was told, too
        check(Answer(entry["object"]))


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_title_that_is_only_said_is_shown_as_what_it_is(kind: str, company: Chat) -> None:
    """Of a space that is not there; of a command that is none; in a search."""
    title = HOSTILE[kind].replace("\n", " ")[:900]
    for said in (f'explain "{title}"', f"{title}", f'search "{title[:150]}"', f"help {title}"):
        answer = company.as_("ana").asks(said)
        assert "broke on my side" not in answer.text
        check(answer)


def check(told: Answer) -> None:
    """Nobody is mentioned, nothing is hidden, nothing is read as markdown or as a template."""
    assert not told.get("mentionedGroups"), told.text
    assert not told.get("mentionedPeople"), told.text
    assert "markdown" not in told or "evil" not in told["markdown"], "read as markdown"
    for sign in (*HIDING, "${", "{{"):
        assert sign not in told.text, f"{sign!r} in {told.text}"
    if not told.get("attachments"):
        return
    for part in parts(told.card):
        _check_part(part)


def _check_part(part: dict[str, Any]) -> None:
    words = [part[key] for key in ("text", "title", "label", "placeholder", "value") if key in part]
    for said in map(str, words):
        for sign in (*HIDING, "${", "{{"):
            assert sign not in said, f"{sign!r} in {part}"
        assert "\n#" not in said, f"{part}"
        if part.get("type") == "TextBlock":  # the one element that reads markdown
            assert "evil" not in said, f"a person's words where markdown is read: {part}"
