"""How long the first ten rows and the total of a search take, beside DuckDB in the same run.

``python -m bench.searching [--spaces 1000000] [--rounds 15]``: milliseconds, p50 and p95, for the
eight kinds of query of numbers.md. Goal: our worst p95 at most DuckDB's worst.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bench import company
from domain.clock import SystemClock
from query.language import parse
from query.search import BOUND, search
from query.spec import Moments
from storage.engine import open_engine
from storage.store import Store

MOMENTS = Moments(now=company.NOW)
NOW_MS = int(company.NOW.timestamp() * 1000)


def _side(name: str, key: int) -> str:
    return f"id IN (SELECT space_id FROM space_{name} WHERE side_id = {key})"


def kinds(rng: random.Random) -> dict[str, tuple[str, str]]:
    """(our query, DuckDB's condition) by kind, with other values each time."""
    word = rng.choice(company.WORDS)
    rare = f"{rng.randint(4096, 60000):x}"
    tag, group = rng.randint(1, 40), rng.randint(1, company.GROUPS)
    outside, level = rng.randint(1, company.DOMAINS), rng.randint(1, company.LEVELS)
    month, year = NOW_MS - 90 * company.DAY, NOW_MS - 365 * company.DAY
    like = "title ILIKE '%{}%'".format
    return {
        "a common word": (word, like(word)),
        "a rare substring": (f'"{rare}"', like(rare)),
        "tag in a window": (
            f"tag:tag{tag} inactive:<90d", f"{_side('tag', tag)} AND last_activity > {month}",
        ),
        "directory group": (f"group:group{group}", _side("group", group)),
        "outside domain": (f"domain:domain{outside}", _side("domain", outside)),
        "level, idle a year": (
            f"classification:level{level} inactive:>365d",
            f"classification_id = {level} AND last_activity < {year}",
        ),
        "word, tag, internal, window": (
            f"{word} tag:tag{tag} scope:internal inactive:<365d",
            f"{like(word)} AND {_side('tag', tag)} AND scope = 0 AND last_activity > {year}",
        ),
        "everything": ("all", "true"),
    }  # fmt: skip


def _timed(what: Callable[[], Any]) -> tuple[float, Any]:
    begins = time.perf_counter()
    made = what()
    return (time.perf_counter() - begins) * 1000, made


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--spaces", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=15)
    options = asked.parse_args()
    times: dict[str, tuple[list[float], list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        store = Store(open_engine(company.prepare(Path(folder), options.spaces)), SystemClock())
        with duckdb.connect(str(Path(folder) / "company.duckdb")) as duck:
            duck.execute("SET threads = 2")
            rng = random.Random(3)
            for turn in range(options.rounds + 1):
                for kind, (query, condition) in kinds(rng).items():
                    mine, found = _timed(lambda query=query: _ours(store, query))
                    its, total = _timed(lambda condition=condition: _ducks(duck, condition))
                    assert found.total == min(total, BOUND), (query, found.total, total)
                    if turn:  # the first one only warms up
                        times.setdefault(kind, ([], []))[0].append(mine)
                        times[kind][1].append(its)
        store.close()
    print(f"{options.spaces:,} spaces, {options.rounds} rounds; milliseconds p50 / p95")
    worst = [0.0, 0.0]
    for kind, both in times.items():
        cells = [tuple(np.percentile(one, (50, 95))) for one in both]
        worst = [max(old, cell[1]) for old, cell in zip(worst, cells, strict=True)]
        ours, ducks = (f"{p50:7.1f} / {p95:7.1f}" for p50, p95 in cells)
        print(f"{kind:28} ours {ours}   DuckDB {ducks}")
    print(f"worst p95: ours {worst[0]:.1f}, DuckDB {worst[1]:.1f}: {worst[0] / worst[1]:.2f} x")


def _ours(store: Store, query: str) -> Any:
    with store.read() as tx:
        return search(tx, parse(query), visible_to=None, moments=MOMENTS)


def _ducks(duck: Any, condition: str) -> int:
    duck.execute(
        f"SELECT id, title FROM space WHERE {condition}"
        " ORDER BY last_activity DESC, id DESC LIMIT 10"
    ).fetchall()
    return int(duck.execute(f"SELECT count(*) FROM space WHERE {condition}").fetchone()[0])


if __name__ == "__main__":
    main()
