"""Long runs: the same checks as in `make test`, for as long as one likes.

    python -m tests.long oracle --examples 200000
    python -m tests.long walks --programs 10000

Each piece of a run is a line in a file of its own, so that a run that was stopped goes on where
it was, and `report` sums what is there. A piece that broke is noted, and tried again the next
time; it is drawn from its number alone, so that one can look at it again by `--first`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.clock import SystemClock
from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import Store

FOLDER = Path("var/long")
A_PIECE = {"oracle": 500, "walks": 10}
STEPS = 50
TOO_MANY = 10
"""Broken pieces after which a run stops: something is wrong with the whole."""


def main() -> int:
    asked = _arguments()
    if asked.what == "report":
        files = sorted(asked.out.glob("*.jsonl"))
        if asked.into is not None:
            from tests.longfigures import put_into

            put_into(asked.into, {file.stem: _latest(file) for file in files})
        for file in files:
            print(_summed(file))  # noqa: T201 - its answer
        return 0
    asked.out.mkdir(parents=True, exist_ok=True)
    file = asked.out / f"{asked.what}.jsonl"
    wanted = asked.examples if asked.what == "oracle" else asked.programs
    size = A_PIECE[asked.what]
    run = {"oracle": _oracle, "walks": _walks}[asked.what]
    pieces = range(asked.first // size, -(-(asked.first + wanted) // size))
    with tempfile.TemporaryDirectory() as folder:
        return _pieces(file, pieces, size, asked, lambda number: run(number, size, Path(folder)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.long", description=__doc__)
    parser.add_argument("what", choices=("oracle", "walks", "report"))
    parser.add_argument("--examples", type=int, default=200_000)
    parser.add_argument("--programs", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the number to begin with")
    parser.add_argument("--until", type=datetime.fromisoformat, help="stop then (UTC)")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--into", type=Path, help="a page that has marks for the figures")
    parser.add_argument("--commit", default="", help="of the code, where git can't say it")
    return parser.parse_args()


def _pieces(
    file: Path, pieces: range, size: int, asked: argparse.Namespace,
    run: Callable[[int], Counter[str]],
) -> int:  # fmt: skip
    done = {one["piece"] for one in _lines(file) if not one.get("broken")}
    commit, broke = asked.commit or _commit(), 0
    for number in pieces:
        if number in done:
            continue
        if asked.until is not None and datetime.now(UTC) >= asked.until.replace(tzinfo=UTC):
            break
        began, at = time.process_time(), datetime.now(UTC)
        line: dict[str, object] = {"piece": number, "size": size, "commit": commit}
        try:
            line["counts"] = dict(run(number))
        except Exception as no:  # a difference, or a fault of the product; the others go on
            line["broken"] = str(no) or type(no).__name__
            if not isinstance(no, AssertionError):
                line["trace"] = traceback.format_exc()
        line |= {"at": at.isoformat(timespec="seconds"),
                 "cpu_seconds": round(time.process_time() - began, 1)}  # fmt: skip
        with file.open("a") as out:
            out.write(json.dumps(line) + "\n")
        if "broken" in line:
            print(f"piece {number}: {line['broken']}", file=sys.stderr)  # noqa: T201
            broke += 1
            if broke >= TOO_MANY:
                break
    print(_summed(file))  # noqa: T201 - its answer
    return int(broke > 0)


def _oracle(number: int, size: int, folder: Path) -> Counter[str]:
    from tests.beginnings import seldom_collected
    from tests.retention.companies import hold_against

    path = folder / "oracle.db"
    is_new = not path.exists()
    store = Store(open_engine(f"sqlite:///{path}"), SystemClock())
    if is_new:
        upgrade(store.engine)
    try:
        with seldom_collected():
            return hold_against(store, number, size)
    finally:
        store.close()


def _walks(number: int, size: int, folder: Path) -> Counter[str]:
    from tests.beginnings import Beginnings
    from tests.judging import judge

    counts: Counter[str] = Counter()
    if not _kept:
        _kept.append(Beginnings())
    for seed in range(number * size, (number + 1) * size):
        with _kept[0].walk(seed) as walk:
            walk.go(STEPS)
            found = judge(walk)
        assert found.broken == [], "\n".join([f"walk {seed}", *found.broken, *walk.story])
        counts += found.met
        counts += Counter({f"step {name}": n for name, n in walk.taken.items()})
        counts["programs"] += 1
        counts["steps"] += walk.taken.total()
    return counts


_kept: list[Any] = []


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(one) for one in file.read_text().splitlines()] if file.exists() else []


def _latest(file: Path) -> list[dict[str, Any]]:
    """A piece that broke is there again once it was mended."""
    return list({one["piece"]: one for one in _lines(file)}.values())


def _summed(file: Path) -> str:
    lines = _latest(file)
    counts: Counter[str] = Counter()
    for one in lines:
        counts.update(one.get("counts", {}))
    broken = [one["piece"] for one in lines if one.get("broken")]
    pieces = sorted(one["piece"] for one in lines)
    return json.dumps(
        {"run": file.stem, "pieces": len(lines),
         "from": pieces[0] if pieces else None, "to": pieces[-1] if pieces else None,
         "commits": sorted({str(one["commit"]) for one in lines}),
         "begun": min((str(one["at"]) for one in lines), default=""),
         "cpu_seconds": round(sum(float(str(one["cpu_seconds"])) for one in lines)),
         "broken": broken, "counts": dict(sorted(counts.items()))}, indent=1,
    )  # fmt: skip


def _commit() -> str:
    os.environ.setdefault("GIT_OPTIONAL_LOCKS", "0")
    made = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return made.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
