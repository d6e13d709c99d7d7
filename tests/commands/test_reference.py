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


def test_the_page_has_a_row_for_each_command_and_each_condition() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| **")]
    paths = {one.path for one in load().values()}
    names = {one.name for one in all_conditions()}
    said = [row.removeprefix("| **").partition("**")[0] for row in rows]
    assert sorted(said) == sorted([*paths, *names])
