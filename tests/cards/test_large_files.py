"""Files of many rows: a bound that is said in the file itself, and Webex's own."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator, Sequence

import openpyxl

from cards.sheets import Cell, Sheet, csv_file, xlsx
from domain.outgoing import MOST_BYTES, Attached


def rows(number: int) -> Iterator[Sequence[Cell]]:
    return ((f"Space {n}", n, "x" * 60) for n in range(number))


def test_what_is_left_out_stands_in_the_last_row() -> None:
    def sheet(left_out: int) -> Sheet:
        return Sheet(name="S", columns=("A", "B", "C"), rows=rows(3), left_out=left_out)

    page = openpyxl.load_workbook(io.BytesIO(xlsx("a", sheet(950_000)).content)).active
    assert page is not None
    said = [line[0] for line in page.iter_rows(values_only=True)]
    assert said[-2:] == ["Space 2", "And 950,000 more, which are not in this list."]
    assert "And 950,000 more" in csv_file("a", sheet(950_000)).content.decode("utf-8-sig")
    for none in (0, -5):
        assert "more, which" not in csv_file("a", sheet(none)).content.decode("utf-8-sig")


def test_a_large_workbook_is_written_in_bounded_memory() -> None:
    def peak(number: int) -> int:
        tracemalloc.start()
        xlsx("a", Sheet(name="S", columns=("A", "B", "C"), rows=rows(number)))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # what is imported for the first time
    assert peak(8_000) < peak(1_000) + 1_000_000


def test_a_file_that_webex_would_not_take_is_said_and_not_sent() -> None:
    fits = Attached(name="a.csv", content=bytes(MOST_BYTES), media="text/csv", says="All of it.")
    assert (fits.text, fits.parts is not None) == ("All of it.", True)
    large = Attached(name="a.csv", content=bytes(MOST_BYTES + 1), media="text/csv", says="All.")
    assert large.parts is None
    assert "a.csv would have 100 MB, and Webex takes at most 100 MB. It was not sent." in large.text
