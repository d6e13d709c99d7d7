"""The page of all commands is what the commands say of themselves, today."""

from __future__ import annotations

import pytest

from bot.reference import DOCS, PAGES, page
from commands.registry import load
from query.registry import all_conditions


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_fresh(name: str) -> None:
    said = PAGES[name]()
    on_disk = (DOCS / name).read_text("utf-8")
    assert on_disk == said, "write it anew: python -m bot.reference (make docs)"


def test_the_page_tells_each_command_and_each_condition_once() -> None:
    written = page().splitlines()
    paths = {one.path for one in load().values()}
    names = {one.name for one in all_conditions()}
    commands = [line.removeprefix("### ") for line in written if line.startswith("### ")]
    rows = [line for line in written if line.startswith("| **")]
    said = [row.removeprefix("| **").partition("**")[0] for row in rows]
    topics = {one.group for one in load().values()}
    assert sorted(commands) == sorted(paths)
    assert sorted(said) == sorted([*topics, "Conditions", *names])
