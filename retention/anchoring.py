"""The record's head, given away: so that who owns the database can't rewrite what happened.

The chain shows a row that was changed; it can't show a chain that was made anew from some row
on, nor rows that were cut off its end. So each day a file with the seals of all new rows goes
to a folder of the operator's, best one that only takes (an append-only share, a WORM bucket
that is mounted). A file is written once and never again, and each is sealed to the one before.
Against them the record is checked row by row: the first that differs is named.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, pairwise
from pathlib import Path

from domain.audit import Word
from domain.errors import Fault
from domain.people import SYSTEM
from spaces.spec import House
from storage.store import UnitOfWork

SUFFIX = ".anchor"
LETTERS = 32
"""Of each row's seal; 128 bits of it are enough that nobody makes another row with the same."""
START = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One file: the seals of the rows after `after`, to `rows`.

    `before` is the SHA-256 of the file before it, `sha256` its own.
    """

    path: Path
    at: datetime
    after: int
    rows: int
    head: str
    before: str
    sha256: str

    def seals(self) -> Iterator[str]:
        """The beginnings of the seals of its rows, in order. Raises OSError."""
        with self.path.open(encoding="ascii") as file:
            yield from (line.rstrip("\n") for line in islice(file, 1, 1 + self.rows - self.after))


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The record, held against what was given away.

    Args:
        anchors, rows: how many files there are, and how many rows they reach.
        differs_at: the first row that is another one, or is not there any more.
        wrong: what is the matter with the files themselves, each a sentence.
    """

    anchors: int
    rows: int
    differs_at: int | None = None
    wrong: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.differs_at is None and not self.wrong


def give_away(house: House, folder: Path) -> Anchor | None:
    """Writes what is new of the record into `folder`. None: nothing is.

    Raises:
        Fault: the record is not whole, or is not what was given away before; the folder can't
            be written. Then nothing is given away, and somebody has to look.
    """
    try:
        known, wrong = read_anchors(folder)
    except OSError as no:
        raise Fault(f"the folder for anchors can't be read: {no.strerror or no}") from no
    last = known[-1] if known else None
    after = last.rows if last else 0
    with house.store.read() as tx:
        held = hold_against(tx, known, wrong)
        if not held:
            raise Fault(_amiss(held))
        chain = tx.audit.verify(after=after)
        if not chain:
            raise Fault(f"the record was changed at its row {chain.broken_at}")
        if chain.length == after:
            return None
        head = {
            "spacekeeper": "anchor", "at": tx.now.isoformat(timespec="seconds"), "after": after,
            "rows": chain.length, "head": chain.head, "before": last.sha256 if last else START,
        }  # fmt: skip
        path = folder / f"{chain.length:012d}{SUFFIX}"
        rows = islice(tx.audit.seals(after=after), chain.length - after)
        _write(path, head, (one[:LETTERS] for one in rows))
    made = _read(path)
    with house.store.begin() as tx:
        tx.audit.add(
            Word.AUDIT_ANCHOR, SYSTEM, rows=made.rows, head=made.head, file=made.path.name,
            sha256=made.sha256,
        )  # fmt: skip
        tx.commit()
    return made


def read_anchors(folder: Path) -> tuple[tuple[Anchor, ...], tuple[str, ...]]:
    """The files in their order, and what is the matter with those that can't be used.

    Raises:
        OSError: the folder can't be read.
    """
    found: list[Anchor] = []
    wrong: list[str] = []
    for path in sorted(one for one in folder.iterdir() if one.suffix == SUFFIX):
        try:
            found.append(_read(path))
        except (OSError, ValueError, KeyError, TypeError):
            wrong.append(f"{path.name} can't be read")
    return tuple(found), (*wrong, *_gaps(found))


def hold_against(tx: UnitOfWork, known: Sequence[Anchor], wrong: Sequence[str] = ()) -> Held:
    """The record beside what was given away, row by row."""
    rows, seq = tx.audit.seals(), 0
    missing = object()
    for one in known:
        for _ in islice(rows, max(0, one.after - seq)):
            seq += 1
        if seq != one.after:
            continue  # cut off, which the file before it shows; or its place is wrong
        for seal in one.seals():
            there = next(rows, missing)
            seq += 1
            if there is missing or str(there)[:LETTERS] != seal:
                return Held(
                    anchors=len(known), rows=known[-1].rows, differs_at=seq, wrong=tuple(wrong)
                )
    return Held(anchors=len(known), rows=known[-1].rows if known else 0, wrong=tuple(wrong))


def _amiss(held: Held) -> str:
    if held.differs_at is not None:
        return f"the record is not what was given away: it differs from row {held.differs_at} on"
    return f"the anchors are not as they were written: {'; '.join(held.wrong[:5])}"


def _gaps(found: Sequence[Anchor]) -> Iterator[str]:
    """A file that is missing or was replaced shows in the one after it."""
    if found and (found[0].after, found[0].before) != (0, START):
        yield f"{found[0].path.name} is not the first one; those before it are missing"
    for one, after in pairwise(found):
        if (after.after, after.before) != (one.rows, one.sha256):
            yield f"{after.path.name} does not follow {one.path.name}"


def _write(path: Path, head: Mapping[str, object], seals: Iterable[str]) -> None:
    try:
        # A file that is there already is another process's, or of another database; "x" refuses.
        with path.open("x", encoding="ascii") as file:
            file.write(json.dumps(head, sort_keys=True) + "\n")
            file.writelines(f"{one}\n" for one in seals)
            file.write("end\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as no:
        raise Fault(f"the anchor {path.name} can't be written: {no.strerror or no}") from no


def _read(path: Path) -> Anchor:
    """Raises OSError, ValueError, KeyError, TypeError: it is not one, or not whole."""
    digest, count, last, line = hashlib.sha256(), -1, "", ""
    with path.open("rb") as file:
        said = json.loads(first := file.readline(10_000))
        digest.update(first)
        for raw in file:
            digest.update(raw)
            count, last, line = count + 1, line, raw.decode("ascii")
    made = Anchor(
        path=path, at=datetime.fromisoformat(said["at"]), after=int(said["after"]),
        rows=int(said["rows"]), head=str(said["head"]), before=str(said["before"]),
        sha256=digest.hexdigest(),
    )  # fmt: skip
    if line != "end\n" or made.rows - made.after != count or last != f"{made.head[:LETTERS]}\n":
        raise ValueError("it does not hold what it says, or was not written to its end")
    return made
