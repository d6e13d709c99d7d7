"""What a long run came to, as the tables of docs/proof.md, from the lines that it left.

    python -m tests.long report --out FOLDER --into docs/proof.md

Each table stands between two marks and is put in the place of the one before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.walks import WIDE

Line = Mapping[str, Any]
RULINGS = ("no policy", "held", "keep", "untouchable", "unknown", "dated")
STRANGERS = "I12 a stranger's presses refused"
NIGHTS = {
    "I7 nights with a fault that fired": "with a fault that fired", "I2 outages": "outages",
    "I16 wrong clocks": "by a wrong clock", "I15 nights in a pause": "in a pause",
    "I6 two at once": "with a second process", "I3 deaths": "deaths", "I17 restores": "restores",
    "I17 older databases noticed": "older databases noticed",
}  # fmt: skip


def put_into(page: Path, lines: Mapping[str, Sequence[Line]]) -> None:
    """Args: lines: of each run, by its name."""
    text = page.read_text()
    for name, drawn in tables(lines).items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        inside = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if not inside.search(text):
            raise LookupError(f"{page} has no place for {name}")
        text = inside.sub(lambda found: f"{begin}\n{drawn}\n{end}", text)  # noqa: B023
    page.write_text(text)


def tables(lines: Mapping[str, Sequence[Line]]) -> dict[str, str]:
    walks = lines.get("walks", ())
    return {
        "oracle": _oracle(lines.get("oracle", ())),
        "walks": _walks([one for one in walks if one["piece"] * one["size"] < WIDE], 10_000),
        "wider walks": _walks([one for one in walks if one["piece"] * one["size"] >= WIDE], None),
    }


def _oracle(lines: Sequence[Line]) -> str:
    n, broken = _counts(lines)
    return _table(
        _when(lines, "examples"),
        ("examples", f"{n['examples']:,} of the 200,000 that are asked for"),
        ("decisions compared", f"{n['decisions']:,} by sets; {n['explained']:,} by words;"
         f" {n['simulated']:,} as a simulation; {n['foreseen']:,} for a day to come"),
        ("worlds tried", f"{n['worlds']:,}"),
        ("rulings met", " · ".join(f"{one} {n[one]:,}" for one in RULINGS)),
        ("differences", broken),
    )  # fmt: skip


def _walks(lines: Sequence[Line], wanted: int | None) -> str:
    n, broken = _counts(lines)
    of = f" of the {wanted:,} that are asked for" if wanted else ""
    wide = [
        ("messages purged", f"{n['I1 messages purged']:,} after"
         f" {n['I2 warnings before purges']:,} warnings that counted for them"),
        ("to go sooner", f"asked {n['I18 asked to go sooner']:,} times; by one alone, refused"
         f" {n['I18 alone to go sooner was refused']:,} times"),
        ("digests of alerts", f"{n['I5 digests of alerts']:,}"),
    ]  # fmt: skip
    return _table(
        _when(lines),
        ("programs", f"{n['programs']:,}{of}; {n['steps']:,} steps"),
        ("took away, deleted", f"{n['I1 effects that take away']:,} effects,"
         f" {n['I2 deletions']:,} deletions after {n['I2 warnings before deletions']:,} warnings"),
        *(wide if wanted is None else ()),
        ("read before an effect", f"{n['I7 live reads before an effect']:,} live readings"),
        ("after a cycle that was void", f"{n['I10 deletions after a cycle that was void']:,}"
         " deletions, with warnings anew"),
        ("protected", f"{n['I1 holds on spaces']:,} holds on spaces,"
         f" {n['I1 holds on people']:,} on people, {n['I1 keeps by hand']:,} keeps by hand"),
        ("presses", f"{n['I12 presses']:,}: {n['I12 presses that kept']:,} kept;"
         f" {n[STRANGERS]:,} of strangers and"
         f" {n['I12 second presses refused']:,} second ones refused"),
        ("nights that were not usual", "; ".join(f"{n[key]:,} {word}"
                                                 for key, word in NIGHTS.items())),
        ("plans shown and then done", f"{n['I21 compared']:,} of {n['I21 dry runs']:,} dry runs"),
        ("agreed to by two; by one, refused", f"{n['I18 versions agreed to by two']:,};"
         f" {n['I18 one alone was refused']:,}"),
        ("broken", broken),
    )  # fmt: skip


def _counts(lines: Iterable[Line]) -> tuple[Counter[str], str]:
    counts: Counter[str] = Counter()
    broken = []
    for one in lines:
        counts.update(one.get("counts", {}))
        if one.get("broken"):
            first = one["piece"] * one["size"]
            broken.append(f"in {first:,} to {first + one['size'] - 1:,}")
    return counts, "; ".join(broken) or "none"


def _when(lines: Sequence[Line], what: str = "seeds") -> tuple[str, str]:
    if not lines:
        return "when", "not yet"
    pieces, size = sorted(one["piece"] for one in lines), lines[0]["size"]
    seconds = sum(float(one["cpu_seconds"]) for one in lines)
    at = sorted(str(one["at"])[:16].replace("T", " ") for one in lines)
    return "when", (
        f"{at[0]} to {at[-1][-5:]} UTC, commits {', '.join(_commits(lines))};"
        f" {what} {pieces[0] * size:,} to {(pieces[-1] + 1) * size - 1:,},"
        f" {len(pieces)} pieces of {size}; {seconds:,.0f} s of processor time"
    )


def _commits(lines: Iterable[Line]) -> list[str]:
    return list(dict.fromkeys(str(one["commit"]) for one in lines))


def _table(*rows: tuple[str, str]) -> str:
    head = "| long run | |\n|---|---|\n"
    return head + "\n".join(f"| {name} | {value} |" for name, value in rows)
