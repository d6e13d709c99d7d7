"""The record's seals, given away; and what they show that the chain alone can't."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.audit import Word
from domain.errors import Fault
from domain.people import SYSTEM
from retention import brake
from retention.anchoring import Anchor, Held, give_away, hold_against, read_anchors
from spaces.spec import House
from storage.audit import CHAIN_START, _seal
from storage.schema import audit
from storage.store import UnitOfWork


def write(house: House, count: int) -> None:
    with house.store.begin() as tx:
        for number in range(count):
            tx.audit.add(Word.PAUSE, SYSTEM, reason=f"reason {number}")
        tx.commit()


def given(house: House, folder: Path) -> Anchor:
    made = give_away(house, folder)
    assert made is not None
    return made


def held(house: House, folder: Path) -> Held:
    with house.store.read() as tx:
        return hold_against(tx, *read_anchors(folder))


def change(house: House, do: Callable[[UnitOfWork], None]) -> None:
    with house.store.begin() as tx:
        do(tx)
        tx.commit()


def forge(tx: UnitOfWork, seq: int, **values: object) -> None:
    """Changes a row and makes the whole chain behind it anew, as who owns the database can."""
    tx.connection.execute(audit.update().where(audit.c.seq == seq).values(**values))
    previous = CHAIN_START
    for row in tx.connection.execute(select(audit).order_by(audit.c.seq)).all():
        said = {name: value for name, value in row._mapping.items() if name != "hash"}
        said["previous"] = previous
        seal = _seal(said)
        mine = audit.c.seq == row.seq
        tx.connection.execute(audit.update().where(mine).values(previous=previous, hash=seal))
        previous = seal


def test_each_day_what_is_new_goes_out_and_fits(house: House, tmp_path: Path) -> None:
    write(house, 5)
    first = given(house, tmp_path)
    assert (first.after, first.rows) == (0, 5)
    write(house, 3)
    second = given(house, tmp_path)
    assert (second.after, second.rows) == (5, 9)  # the first anchor is a row, too
    assert second.before == first.sha256
    assert held(house, tmp_path) == Held(anchors=2, rows=9)
    with house.store.read() as tx:
        assert tx.audit.verify()
        assert [row.word for row in tx.audit.since()].count(Word.AUDIT_ANCHOR) == 2


def test_a_chain_that_was_made_anew_is_seen_at_its_first_other_row(
    house: House, tmp_path: Path
) -> None:
    write(house, 6)
    given(house, tmp_path)
    write(house, 6)
    given(house, tmp_path)
    change(house, lambda tx: forge(tx, 9, detail='{"reason":"none"}'))
    with house.store.read() as tx:
        assert tx.audit.verify()  # the chain alone shows nothing
        assert brake.broken_record(tx) is None
        assert brake.broken_record(tx, tmp_path) == 9
    assert held(house, tmp_path).differs_at == 9
    with pytest.raises(Fault, match="differs from row 9 on"):
        give_away(house, tmp_path)


def test_rows_that_were_cut_off_the_end_are_missed(house: House, tmp_path: Path) -> None:
    write(house, 6)
    given(house, tmp_path)
    change(house, lambda tx: tx.connection.execute(audit.delete().where(audit.c.seq > 4)) and None)
    with house.store.read() as tx:
        assert tx.audit.verify()
    assert held(house, tmp_path).differs_at == 5


def test_what_two_people_have_looked_at_pulls_the_brake_no_more(
    house: House, tmp_path: Path
) -> None:
    write(house, 6)
    given(house, tmp_path)
    change(house, lambda tx: forge(tx, 3, actor="somebody"))
    with house.store.begin() as tx:
        broken = brake.broken_record(tx, tmp_path)
        assert broken == 3
        brake.pull(tx, "the record was changed", broken_at=broken)
        tx.commit()
    with house.store.read() as tx:
        assert brake.broken_record(tx, tmp_path) is None


def test_a_broken_chain_is_not_given_away(house: House, tmp_path: Path) -> None:
    write(house, 4)
    change(
        house,
        lambda tx: (
            tx.connection.execute(audit.update().where(audit.c.seq == 2).values(actor="somebody"))
            and None
        ),
    )
    with pytest.raises(Fault, match="at its row 2"):
        give_away(house, tmp_path)
    assert list(tmp_path.glob("*.anchor")) == []


def test_the_files_themselves_are_sealed_to_each_other(house: House, tmp_path: Path) -> None:
    for _ in range(3):
        write(house, 2)
        given(house, tmp_path)
    files = sorted(tmp_path.glob("*.anchor"))
    kept = files[1].read_bytes()
    for wrong in (
        kept.replace(b'"at": "2026', b'"at": "2025'), kept[:-5], b"", b"nonsense\n", b"{}\nend\n",
        kept.replace(b"\nend\n", b"\n"),
    ):  # fmt: skip
        files[1].write_bytes(wrong)
        assert not held(house, tmp_path)
        with pytest.raises(Fault, match="anchors are not as they were written"):
            give_away(house, tmp_path)
    files[1].unlink()
    assert not held(house, tmp_path)
    files[1].write_bytes(kept)
    assert held(house, tmp_path)
    files[0].unlink()
    assert "missing" in " ".join(held(house, tmp_path).wrong)


def test_a_file_that_is_there_is_never_written_again(house: House, tmp_path: Path) -> None:
    write(house, 2)
    other = tmp_path / "000000000002.anchor"
    other.write_text("another database's")
    with pytest.raises(Fault, match="can't be read"):
        give_away(house, tmp_path)
    assert other.read_text() == "another database's"


def test_a_folder_that_is_not_there_is_a_fault_and_nothing_is_said_to_be_given(
    house: House, tmp_path: Path
) -> None:
    write(house, 2)
    with pytest.raises(Fault, match="can't be read"):
        give_away(replace(house, anchors=tmp_path / "gone"), tmp_path / "gone")
    with house.store.read() as tx:
        assert Word.AUDIT_ANCHOR not in [row.word for row in tx.audit.since()]


def test_of_an_empty_record_nothing_is_given(house: House, tmp_path: Path) -> None:
    assert give_away(house, tmp_path) is None
    assert held(house, tmp_path) == Held(anchors=0, rows=0)
