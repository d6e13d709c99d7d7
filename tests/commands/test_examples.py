"""Every example of docs/commands.md is said, letter by letter, to a real bot, and works.

The world that the examples name (“Q3 plans”, Ben, the tag finance, the policy cleanup, the hold
lawsuit-12 …) is made anew for each. What has to be there besides is in the command's line in
`matrix.py`, its `before`; and an example that rightly ends in a form or a refusal is named there.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.reference import page
from tests.chats import Chat
from tests.commands.matrix import ROWS
from tests.commands.worlds import EVERY, PATHS, documented, is_refusal, opened

EXAMPLES = [(one.path, example) for one in EVERY for example in one.examples]


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    database = tmp_path_factory.mktemp("examples") / "space.db"
    shutil.copy(sqlite_template, database)
    with opened(f"sqlite:///{database}") as chat:
        yield chat


def test_the_page_has_these_examples_and_no_others() -> None:
    blocks = re.findall(r"```text\n(.*?)\n```", page(), re.DOTALL)
    said = [line for block in blocks for line in block.splitlines()]
    assert sorted(said) == sorted(example for _, example in EXAMPLES)


@pytest.mark.parametrize(("path", "example"), EXAMPLES, ids=[said for _, said in EXAMPLES])
def test_an_example_does_what_it_says(path: str, example: str, company: Chat) -> None:
    row = ROWS.get(path)
    assert row is not None, f"“{path}” has no row in tests/commands/matrix.py"
    with documented(company, PATHS.index(path), row, example) as world:
        answer = world.says(example)
    text = answer.text
    assert "broke on my side" not in text
    is_form = text.startswith(path.capitalize()) and "[Send] or type:" in text
    assert is_form == (example in row.forms), f"it ends in a form:\n{text}"
    assert is_refusal(text) == (example in row.refused), f"it ends in a refusal:\n{text}"
