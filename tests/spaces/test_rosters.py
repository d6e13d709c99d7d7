"""Lists of people as spreadsheets and mail programs write them: each line understood, or told."""

from __future__ import annotations

import pytest

from domain.errors import Refusal
from spaces.rosters import MOST_BYTES, MOST_PEOPLE, Line, read_file, read_text

ANA, BEN, EVE = "ana@example.com", "ben@example.com", "eve@partner.example"


def people(lines: tuple[Line, ...]) -> list[tuple[int, str, bool | None]]:
    return [(one.number, one.email, one.moderator) for one in lines if not one.why]


def wrongs(lines: tuple[Line, ...]) -> list[tuple[int, str]]:
    return [(one.number, one.why) for one in lines if one.why]


@pytest.mark.parametrize("divider", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "Søren"), ("utf-8-sig", "Søren"), ("utf-16", "Søren"), ("utf-16-le", "Søren"),
        ("utf-16-be", "Søren"), ("latin-1", "Søren"), ("cp1252", "“Søren” €"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_a_file_is_read_however_it_was_written(
    divider: str, encoding: str, name: str, end: str
) -> None:
    rows = [
        ["Name", "E-mail", "Moderator"], [name, ANA, "yes"], [name, BEN.upper(), "no"],
        [name, EVE, ""],
    ]  # fmt: skip
    text = end.join(divider.join(row) for row in rows) + end
    assert people(read_file(text.encode(encoding))) == [
        (2, ANA, True), (3, BEN, False), (4, EVE, None),
    ]  # fmt: skip


def test_without_a_head_each_cell_that_is_an_address_is_one() -> None:
    lines = read_file(f"{ANA}\n{BEN};moderator\nEve Moreau;x\n".encode())
    assert people(lines) == [(1, ANA, None), (2, BEN, True)]
    assert wrongs(lines) == [(3, "“Eve Moreau x” is no e-mail address.")]
    assert people(read_file(f"Ana Horvat,{ANA}\nEve,{EVE},{BEN}\n".encode())) == [
        (1, ANA, None), (2, EVE, None), (2, BEN, None),
    ]  # fmt: skip


def test_a_text_file_may_have_several_on_a_line() -> None:
    text = f"Ana Horvat <{ANA}>; Ben <{BEN}>\n\n  <mailto:{EVE}>  \n"
    assert people(read_file(text.encode(), "list.txt")) == [
        (1, ANA, None), (1, BEN, None), (3, EVE, None),
    ]  # fmt: skip


def test_cells_in_quotes_may_hold_dividers_and_line_breaks() -> None:
    text = f'Name,E-mail\n"Horvat, Ana","{ANA}"\n"Ben\nOkafor",{BEN}\n"say ""hi""",{EVE}\n'
    assert people(read_file(text.encode())) == [(2, ANA, None), (3, BEN, None), (5, EVE, None)]


def test_bad_lines_are_told_by_their_numbers_and_cost_no_other() -> None:
    text = "\n".join(
        ["email,moderator", f"{ANA},yes", "", "nobody,no", f"{BEN},maybe", ",yes", f"{EVE},1",
         "=cmd|' /c calc'!A0,no", "a@b", "x" * 300 + "@example.com"]
    )  # fmt: skip
    lines = read_file(text.encode())
    assert people(lines) == [(2, ANA, True), (7, EVE, True)]
    assert [number for number, _ in wrongs(lines)] == [4, 5, 6, 8, 9, 10]
    told = dict(wrongs(lines))
    assert told[4] == "“nobody” is no e-mail address."
    assert told[5] == "“maybe” is neither yes nor no for moderator."
    assert told[6] == "“yes” is no e-mail address."


def test_doubled_lines_count_once_and_one_that_says_otherwise_is_told() -> None:
    text = f"email,moderator\n{ANA},yes\n{ANA.upper()},yes\n{BEN},no\n{BEN},yes\n"
    lines = read_file(text.encode())
    assert people(lines) == [(2, ANA, True), (4, BEN, False)]
    assert wrongs(lines) == [(5, f"{BEN} stands in line 4 already, and otherwise there.")]


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "", "empty"), (b"\n \n", "", "empty"), (b"email\n", "", "names nobody"),
        (b"PK\x03\x04rest", "", "workbook"), (b"abc", "list.xlsx", "workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "", "no text"),
        (b"a" * (MOST_BYTES + 1), "", "at most 2 MB"),
        ("\n".join(f"p{n}@example.com" for n in range(MOST_PEOPLE + 1)).encode(), "", "5,001"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_what_to_do(content: bytes, name: str, why: str) -> None:
    with pytest.raises(Refusal) as no:
        read_file(content, name)
    assert why in no.value.reason
    assert no.value.next_step


def test_what_nobody_sees_is_no_part_of_an_address() -> None:
    text = f"\ufeff{ANA}\u200b, \u00a0{BEN}\u00ad"
    assert [email for _, email, _ in people(read_text(text))] == [ANA, BEN]


def test_a_pasted_list_is_of_one_line_or_of_many() -> None:
    assert people(read_text(f"{ANA}, {BEN} {EVE}")) == [
        (1, ANA, None), (1, BEN, None), (1, EVE, None),
    ]  # fmt: skip
    lines = read_text(f"{ANA}\nBen Okafor <{BEN}>\nnobody\n{EVE};")
    assert people(lines) == [(1, ANA, None), (2, BEN, None), (4, EVE, None)]
    assert wrongs(lines) == [(3, "“nobody” is no e-mail address.")]


def test_a_broken_file_is_never_a_fault_of_ours() -> None:
    for content in (
        b'"',
        b'a,"b\n' * 50,
        b"\xff\xfe",
        b"\xfe\xff\xd8",
        b'"@"@"\n;;;;"',
        b"@" * 999,
    ):
        try:
            lines = read_file(content)
        except Refusal:
            continue
        assert all(one.why for one in lines), content
