"""Groups from a CSV file."""

from __future__ import annotations

from pathlib import Path

import pytest

from directory.file import FileDirectory
from directory.spec import DirectoryFault


def read(tmp_path: Path, text: str) -> dict[str, set[str]]:
    path = tmp_path / "groups.csv"
    path.write_bytes(text.encode())
    return {group.name: set(group.emails) for group in FileDirectory(path).groups()}


def test_a_line_is_a_member(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "group,email\nFinance,Ana@Example.com\nfinance, ben@example.com\n\n"
        '"Legal, EMEA",cleo@example.com\n',
    )
    assert found == {
        "Finance": {"ana@example.com", "ben@example.com"},
        "Legal, EMEA": {"cleo@example.com"},
    }


def test_a_file_as_a_spreadsheet_writes_it(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeffGroup,Email\r\nFinance,ana@example.com\r\n") == {
        "Finance": {"ana@example.com"}
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "does not begin with"),
        ("Finance,ana@example.com\n", "does not begin with"),
        ("group,email\nFinance\n", "line 2"),
        ("group,email\nFinance,ana@example.com\nFinance,ben\n", "line 3"),
        ("group,email\nFinance,ana@example.com,x\n", "line 2"),
        ("group,email\n,ana@example.com\n", "line 2"),
        ('group,email\n"Finance,ana@example.com\n', "can't be read"),
    ],
)
def test_one_bad_line_makes_all_of_it_unknown(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(DirectoryFault, match=why):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_no_empty_directory(tmp_path: Path) -> None:
    with pytest.raises(DirectoryFault, match="can't be read"):
        list(FileDirectory(tmp_path / "none.csv").groups())
