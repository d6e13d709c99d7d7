"""The report: numbers with the searches behind them, as a card, a picture and a workbook."""

from __future__ import annotations

import io
import struct
from typing import Any

import openpyxl

from cards.charts import Bars, bar_charts
from tests.chats import Answer, Chat, Person, eventually
from tests.commands.companies import learn, make_space
from webex.gateway import Lane


def file_of(chat: Chat, person: Person) -> Any:
    found = eventually(lambda: [m for m in person.messages() if m.get("files")], "no file came")
    return chat.process.house.webex.bot(Lane.CHAT).content(found[0]["files"][0], most=10**7)


def reports(person: Person, said: str = "report") -> Answer:
    """The card, once its picture has come as well."""
    before = len(files(person))
    told = person.asks(said)
    eventually(lambda: len(files(person)) > before, "no picture came")
    return told


def files(person: Person) -> list[Answer]:
    return [m for m in person.messages() if m.get("files")]


def some(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "Old plans", idle=500, tags="finance"),
        make_space(chat, "New plans", members=("eve@partner.example", "ben"), idle=1),
        make_space(chat, "Plans of Ben", by="ben", idle=40),
    )  # fmt: skip


def test_compliance_sees_the_company_in_figures(chat: Chat) -> None:
    some(chat)
    cleo = chat.as_("cleo")
    told = reports(cleo, "report plans")
    for words in (
        "3 spaces in figures", "Scope · Internal 2 (67 %); External 1 (33 %)",
        "Inactive for · Under 30 days 1 (33 %)", "Owner · With an owner 3 (100 %)",
        "Outside domain · partner.example 1", "People from outside · partner.example 1",
        "Growth · ", "State · Nothing runs 3", "Size", "Classification · Not classified 3",
    ):  # fmt: skip
        assert words in told.text or words.replace("Size", "Number of people") in told.text, words
    closer = cleo.presses(told, "Unused for a year: 1")
    assert "Old plans" in closer.text
    assert "1–1 of 1" in closer.text
    parts = cleo.presses(told, "Inactive for")
    assert "New plans" in cleo.presses(parts, "Under 30 days (1)").text


def test_it_comes_with_a_picture_that_says_its_numbers(chat: Chat) -> None:
    some(chat)
    cleo = chat.as_("cleo")
    cleo.says("report plans")
    picture = file_of(chat, cleo)
    assert picture.content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture.content[16:24])
    assert (width, height >= width) == (960, True)
    [message] = [m for m in cleo.messages() if m.get("files")]
    assert "Scope: Internal 2 (67 %)" in message.text


def test_a_workbook_has_a_sheet_for_each_figure(chat: Chat) -> None:
    some(chat)
    cleo = chat.as_("cleo")
    cleo.presses(reports(cleo, "report all"), "As XLSX")
    chat.eventually(lambda: file_of(chat, cleo).name.endswith(".xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(file_of(chat, cleo).content))
    assert {"About", "Scope", "Growth", "State", "Owner", "Counted then"} <= set(book.sheetnames)
    scope = {row[0]: row for row in book["Scope"].iter_rows(values_only=True)}
    assert scope["External"][1] == 1
    assert scope["External"][3] == "scope:external"
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert about["Seen through"] == "the whole company"


def test_a_member_sees_their_own_spaces_in_figures_and_no_number_of_others(chat: Chat) -> None:
    some(chat)
    ben = chat.as_("ben")
    told = reports(ben, "report plans").text
    assert "2 spaces in figures" in told
    assert "Of your own" in told
    assert "Counted then" not in told
    assert "Counted then" not in reports(ben).text
    assert "0 spaces in figures" in ben.says("report tag:finance")
    assert "Counted then" in reports(chat.as_("cleo")).text


def test_in_a_space_it_goes_1_to_1_with_its_picture(chat: Chat) -> None:
    room = make_space(chat, "Open", members=("eve@partner.example",), with_bot=True)
    learn(chat, room)
    assert chat.in_space(room, "ana").asks("report")["roomType"] == "direct"
    file_of(chat, chat.as_("ana"))
    assert not [m for m in chat.control.room(room["id"])["messages"] if m.get("files")]


def test_a_report_on_what_can_not_be_read_comes_back_on_the_form(chat: Chat) -> None:
    assert "There is no condition “tga”" in chat.as_("ana").says("report tga:x")


def test_any_name_can_be_drawn() -> None:
    names = ("$\\frac{1}{0}$", "财务 计划", "\u202egnp", "x" * 500, "", "a\nb", "{{x}}")
    drawn = bar_charts("x", "y" * 99, [Bars(title=n, bars=[(n, 3), (n, 0)]) for n in names])
    assert drawn.content.startswith(b"\x89PNG")
    empty = bar_charts(
        "x", "None", [Bars(title="None", bars=[], is_upright=up) for up in (False, True)]
    )
    assert empty.content.startswith(b"\x89PNG")
