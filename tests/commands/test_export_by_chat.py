"""Exports: a file with all that is known of what the reader may see, and nothing that runs."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest

from commands import export
from tests.chats import Answer, Chat, Person, eventually
from tests.commands.companies import learn, make_space
from webex.gateway import Lane

HOSTILE = (
    '=HYPERLINK("https://evil.example","x")', "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3",
    "tab\tand \x07bell", "x" * 990, "Пlans \u202egnp.exe", "<b>bold</b> & \"quoted\", comma",
)  # fmt: skip


def file_of(chat: Chat, person: Person, answers: int = 1) -> Any:
    """The latest file that the bot sent to somebody 1:1."""

    def sent() -> list[Answer]:
        found = [m for m in person.messages() if m.get("files")]
        return found if len(found) >= answers else []

    found = eventually(sent, "no file came")
    return chat.process.house.webex.bot(Lane.CHAT).content(found[0]["files"][0], most=10**7)


def workbook(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def rows_of(content: bytes) -> list[dict[str, Any]]:
    head, *rows = workbook(content)["Spaces"]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_search_is_put_into_a_workbook_with_a_page_about_it(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "Q3 plans", tags="finance pii", idle=40, members=("ben",)),
        make_space(chat, "Q4 plans", tags="finance", members=("eve@partner.example",)),
        make_space(chat, "Lunch"),
    )  # fmt: skip
    ana = chat.as_("ana")
    told = ana.says("export tag:finance sort by title desc")
    assert "Spaces: 2" in told
    assert "In words: Spaces tagged “finance”" in told
    assert "Seen through: only spaces that ana@example.com is in" in told
    file = file_of(chat, ana)
    assert file.name.endswith(".xlsx")
    about = {row[0]: row[1] for row in workbook(file.content)["About"]}
    assert about["Search"] == "tag:finance"
    assert about["Made by"] == "ana@example.com"
    assert about["Made at (UTC)"].endswith("Z")
    assert about["Latest look complete"] == "yes"
    later, first = rows_of(file.content)
    assert (later["Title"], first["Title"]) == ("Q4 plans", "Q3 plans")
    assert (first["Tags"], first["Owners"], first["People"]) == ("finance, pii", "Ana Horvat", 2)
    assert (first["Days unused"], later["Scope"]) == (40, "external")
    assert later["Outside domains"] == "partner.example"
    assert first["Last used (UTC)"].endswith("Z")
    assert first["State"] == "clear"


def test_a_plain_table_says_the_same(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", tags="finance"))
    ana = chat.as_("ana")
    told = ana.says("export plans csv")
    assert "Latest look complete: yes" in told
    file = file_of(chat, ana)
    assert file.name.endswith(".csv")
    assert [m for m in ana.messages() if m.text.startswith("1 space, as ana@example.com")]
    [row] = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert (row["Title"], row["Tags"], row["Type"]) == ("Q3 plans", "finance", "group")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_no_title_runs_when_the_file_is_opened(chat: Chat, kind: str) -> None:
    learn(chat, *(make_space(chat, title) for title in HOSTILE))
    ana = chat.as_("ana")
    ana.says(f"export type:group as {kind}")
    content = file_of(chat, ana).content
    if kind == "csv":
        titles = [r["Title"] for r in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]
        assert len(titles) == len(HOSTILE)
        assert not [one for one in titles if one.startswith(("=", "+", "-", "@", "\t"))]
        return
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for row in book["Spaces"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}, "no formula among them"
    assert HOSTILE[0] in {cell.value for cell in cells}, "and nothing is lost"


def test_a_conversation_of_two_is_called_by_who_is_in_it(chat: Chat) -> None:
    chat.as_("ana").says("hello")
    learn(chat, make_space(chat, "Q3 plans"))
    cleo = chat.as_("cleo")
    cleo.says("export type:direct")
    titles = {row["Title"] for row in rows_of(file_of(chat, cleo).content)}
    assert "Empty Title" not in titles
    assert any("Ana Horvat" in title for title in titles), titles


def test_nobody_takes_out_what_they_may_not_see(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "Plans of Ana", tags="merger", members=("dora",)),
        make_space(chat, "Plans of Ben", by="ben"),
    )  # fmt: skip
    ben, cleo = chat.as_("ben"), chat.as_("cleo")
    ben.says("export plans")
    assert [row["Title"] for row in rows_of(file_of(chat, ben).content)] == ["Plans of Ben"]
    assert "None that you can see for: tag:merger" in ben.says("export tag:merger")
    assert "None that you can see for: tag:nosuch" in ben.says("export tag:nosuch")
    cleo.says("export plans sort by title")
    rows = rows_of(file_of(chat, cleo).content)
    assert [row["Title"] for row in rows] == ["Plans of Ana", "Plans of Ben"]


def test_it_goes_1_to_1_and_into_the_record(chat: Chat) -> None:
    room = make_space(chat, "Open", members=("eve@partner.example",), with_bot=True)
    learn(chat, room, make_space(chat, "Secret plans"))
    chat.in_space(room, "ana").asks("export plans")
    file_of(chat, chat.as_("ana"))
    said = chat.control.room(room["id"])["messages"]
    assert not [one for one in said if one.get("files")]
    with chat.process.house.store.read() as tx:
        [record] = [one for one in tx.audit.since(0) if one.word == "search:export"]
    assert record.actor == "ana@example.com"
    assert record.detail == {"query": "plans", "kind": "xlsx", "rows": 1}


def test_many_are_written_by_work_that_goes_on_by_itself(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 2)
    learn(chat, *(make_space(chat, f"Plan {n}") for n in range(5)))
    ana = chat.as_("ana")
    told = ana.says("export plan sort by title as csv")
    assert "Writing 5 spaces to a file" in told
    content = file_of(chat, ana).content
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert [row["Title"] for row in rows] == [f"Plan {n}" for n in range(5)]
    assert "Search: plan" in ana.waits_for("Spaces: 5").text


def test_a_query_that_can_not_be_read_comes_back_on_the_form(chat: Chat) -> None:
    ana = chat.as_("ana")
    assert "There is no condition “tga”" in ana.says("export tga:x")
    assert "can be xlsx, csv" in ana.says("export all as pdf")
