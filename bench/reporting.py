"""How long the figures of a company take, and an overview of counts, and a file of all of it.

``python -m bench.reporting [--spaces 100000]``: seconds, the best of three. Goal: the report in
less than 2 s at 100,000 spaces.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import company
from cards.sheets import Sheet, csv_file, xlsx
from directory.spec import NoDirectory
from domain.clock import SystemClock
from domain.finding import Layout
from spaces.counting import count_spaces
from spaces.reporting import report
from spaces.spec import House, Limits
from spaces.tabling import COLUMNS, tabled
from storage.engine import open_engine
from storage.store import Store


def _file(house: House, write: Callable[..., Any]) -> None:
    with tabled(
        house, "all", layout=Layout(), visible_to=None, by="bench", zone="Europe/Berlin"
    ) as table:
        sheet = Sheet(name="Spaces", columns=COLUMNS, rows=table.rows)
        write(sheet)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--spaces", type=int, default=100_000)
    asked.add_argument("--files", action="store_true", help="write files, too")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clock = SystemClock()
        store = Store(open_engine(company.prepare(Path(folder), options.spaces)), clock)
        house = House(
            store=store,
            webex=None,
            clock=clock,
            directory=NoDirectory(),
            limits=Limits(),  # type: ignore[arg-type]
        )
        for name, what in (
            ("report of all", lambda: report(house, "all", visible_to=None)),
            ("report of a tag", lambda: report(house, "tag:tag3", visible_to=None)),
            ("overview of counts of all", lambda: count_spaces(house, "all", visible_to=None)),
        ):
            print(f"{name:28} {min(_timed(what) for _ in range(3)):6.2f} s")
        for kind, write in (
            (("CSV", lambda sheet: csv_file("a", sheet)), ("XLSX", lambda sheet: xlsx("a", sheet)))
            if options.files
            else ()
        ):
            print(f"{kind:28} {_timed(lambda write=write: _file(house, write)):6.2f} s")
        store.close()


def _timed(what: Callable[[], Any]) -> float:
    begins = time.perf_counter()
    what()
    return time.perf_counter() - begins


if __name__ == "__main__":
    main()
