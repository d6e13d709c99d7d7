"""Nine kinds of actor by every command, on one real bot: `matrix.py` is the table.

pytest tests/commands/test_matrix.py -k "keep"      # the rows of some commands
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.spec import Command
from tests.chats import BOT, Answer, Chat
from tests.commands.matrix import KINDS, ROWS, UNSEEING, Row
from tests.commands.worlds import (
    EVERY,
    PATHS,
    World,
    is_refusal,
    opened,
    prepare,
    template,
)


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    """One bot for all rows, on a sandbox of its own."""
    database = tmp_path_factory.mktemp("matrix") / "space.db"
    shutil.copy(sqlite_template, database)
    with opened(f"sqlite:///{database}") as chat:
        yield chat


def test_no_row_is_of_nothing() -> None:
    assert set(ROWS) <= set(PATHS), "a command went; take its row out of matrix.py"
    for path, row in ROWS.items():
        assert len(row.who.split()) == len(KINDS), f"“{path}”: nine marks"
        assert set(row.who.split()) <= set("yson-")


@pytest.mark.parametrize("one", [one for one in EVERY if one.path in ROWS], ids=lambda o: o.path)
def test_it_is_done_for_who_may_and_for_nobody_else(one: Command, company: Chat) -> None:
    row = ROWS[one.path]
    world = prepare(company, PATHS.index(one.path))
    said = row.say or template(one.examples[0])
    world.get_ready(row)
    wrong: list[str] = []
    hall = company.control.space(
        "Hall", creator=world.actor("member").email, members=[BOT, world.actor("machine").email]
    )
    since = company.seq()
    company.in_space(hall, world.actor("machine").email).tells(
        said.format(**world.names("machine"))
    )
    for kind in sorted(KINDS, key=lambda kind: row.marks[kind] != "n"):  # what changes it, last
        if kind == "machine":
            continue
        mark = row.marks[kind]
        answer = world.actor(kind).asks(said.format(**world.names(kind)))
        wrong += [f"{kind}: {no}" for no in _wrong(world, row, kind, mark, said, answer)]
    heard = [e for e in company.said_by_the_bot(since) if e["object"]["roomId"] == hall["id"]]
    assert not heard, f"the machine was answered: {heard[0]['object']['text']}"
    assert not wrong, "\n".join(wrong)
    world.tidy_up(row)


def _wrong(
    world: World, row: Row, kind: str, mark: str, said: str, answer: Answer
) -> Iterator[str]:
    """What is not as the table says."""
    names, text = world.names(kind), answer.text
    if "broke on my side" in text:
        yield f"a fault of ours: {text}"
    if is_refusal(text) != (mark == "n"):
        yield f"{'refused' if is_refusal(text) else 'done'}, and the table says {mark}: {text}"
    shows = row.shows.format(**names) in text
    if mark in "so" and shows != (mark == "s"):
        yield f"{'shown' if shows else 'not shown'}, and the table says {mark}: {text}"
    if mark == "n" and kind in UNSEEING and "{space}" in said:
        nowhere = {**names, "space": '"Nowhere at all"', "title": "Nowhere at all"}
        none = (
            world.actor(kind).says(said.format(**nowhere)).replace("Nowhere at all", names["title"])
        )
        if none != text:
            yield f"“no” and “none” differ:\n{text}\n{none}"
