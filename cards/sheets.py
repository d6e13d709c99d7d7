"""Tables as files: XLSX and CSV, whose cells are words and numbers and never formulas.

A cell that a spreadsheet would take for a formula is a way to run code on a reader's machine
(safety.md, Text); in XLSX strings are written as strings, in CSV such a cell gets an apostrophe.
xlsxwriter is imported when the first sheet is written.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.outgoing import Attached

Cell = str | int | float | datetime | bool | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
MOST_ROWS = 1_048_575
"""Of one XLSX sheet, beside its head (Excel's limit)."""
MOST_CHARACTERS = 32_767
"""Of one XLSX cell (Excel's limit)."""
_UNSAFE = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML 1.0 can't hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table. `rows` are read once, so they may be made as they are read."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    left_out: int = 0
    """How many more rows there are than are in it; its last row says so."""

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        yield from self.rows
        if self.left_out > 0:
            yield (f"And {self.left_out:,} more, which are not in this list.",)


def xlsx(name: str, *sheets: Sheet, zone: str = "UTC", says: str = "") -> Attached:
    """A workbook, written row by row in bounded memory. Moments are shown in `zone`.

    Rows beyond what a sheet holds go on in a further one.
    """
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "remove_timezone": True,
        },
    )  # fmt: skip
    head = book.add_format({"bold": True, "bottom": 1})
    when = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    place, taken = ZoneInfo(zone), set[str]()
    for sheet in sheets:
        page, line = None, 0
        for row in sheet:
            if page is None or line > MOST_ROWS:
                page, line = _page(book, sheet, head, taken), 1
            for column, cell in enumerate(row):
                _write(page, line, column, cell, when, place)
            line += 1
        if page is None:
            _page(book, sheet, head, taken)
    book.close()
    return Attached(name=_named(name, "xlsx"), content=out.getvalue(), media=XLSX, says=says)


def csv_file(name: str, sheet: Sheet, *, zone: str = "UTC", says: str = "") -> Attached:
    """UTF-8 with a byte order mark, which spreadsheets need to see that it is."""
    out = io.StringIO(newline="")
    writer, place = csv.writer(out), ZoneInfo(zone)
    writer.writerow(map(_safe, sheet.columns))
    for row in sheet:
        writer.writerow([_safe(_text(cell, place)) for cell in row])
    content = out.getvalue().encode("utf-8-sig", errors="replace")
    return Attached(name=_named(name, "csv"), content=content, media=CSV, says=says)


def _page(book: Any, sheet: Sheet, head: Any, taken: set[str]) -> Any:
    base = re.sub(r"[\[\]:*?/\\']", " ", sheet.name).strip()[:28] or "Sheet"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base[:26]} {number}"
    taken.add(name.casefold())
    page = book.add_worksheet(name)
    page.freeze_panes(1, 0)
    for column, title in enumerate(sheet.columns):
        page.set_column(column, column, 28 if column == 0 else 18)
        page.write_string(0, column, title, head)
    return page


def _write(sheet: Any, line: int, column: int, cell: Cell, when: Any, place: ZoneInfo) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_string(line, column, "yes" if cell else "no")
    elif isinstance(cell, int | float):
        sheet.write_number(line, column, cell)
    elif isinstance(cell, datetime):
        local = cell.astimezone(place).replace(tzinfo=None)
        sheet.write_datetime(line, column, local, when)
    else:
        text = _CONTROL.sub("�", cell)[:MOST_CHARACTERS]
        sheet.write_string(line, column, text)


def _text(cell: Cell, place: ZoneInfo) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.astimezone(place).isoformat(timespec="seconds")
    return str(cell)


def _safe(text: str) -> str:
    text = _CONTROL.sub("�", text)
    return f"'{text}" if text.startswith(_UNSAFE) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def _named(name: str, kind: str) -> str:
    """A file name that every system takes."""
    plain = re.sub(r"[^\w.()-]+", " ", name).strip(" .")[:80] or "table"
    return plain if plain.endswith(f".{kind}") else f"{plain}.{kind}"


def stamp(moment: datetime) -> str:
    """For file names: 2026-11-24 1030."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H%M")
