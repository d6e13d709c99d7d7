"""A policy that wants an export: nothing is deleted before all of it was written out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from domain.lifecycle import CaseState
from retention.exporting import export_cases, waiting_cases
from spaces.spec import Exports
from tests.nights import DAY, World

SHORT: dict[str, Any] = {"notices": (7, 1), "grace": 2 * DAY}


def exported(world: World) -> dict[str, object]:
    return dict(export_cases(world.house, stop=lambda: False))


def test_nothing_is_deleted_before_its_export_is_finished(world: World, tmp_path: Path) -> None:
    world.house = replace(world.house, exports=Exports(folder=tmp_path / "exports"))
    room = world.space()
    world.crawl()
    world.policy(needs_export=True, **SHORT)
    world.night()
    assert exported(world) == {"counts": {}}  # people still write in it
    world.until(CaseState.BLOCKED, room, most=12)
    said = world.nights(6)
    assert world.deleted() == []
    assert "its export is not finished" in str(said["attention"])
    assert exported(world) == {"counts": {"exported": 1}}
    assert exported(world) == {"counts": {}}
    world.nights(1)
    assert world.deleted() == ["Old plans"]
    (folder,) = (tmp_path / "exports").iterdir()
    assert "hello" in "".join(
        one.read_text() for one in folder.rglob("*") if one.suffix in (".html", ".jsonl", ".json")
    )
    with world.house.store.read() as tx:
        made = tx.certificates.of_space(world.key(room))
        assert made is not None
        assert made.body["export"] == str(folder)
        assert waiting_cases(tx) == ()


def test_without_a_folder_for_exports_it_waits_and_says_so(world: World) -> None:
    room = world.space()
    world.crawl()
    world.policy(needs_export=True, **SHORT)
    world.night()
    world.until(CaseState.BLOCKED, room, most=12)
    said = world.nights(6)
    assert world.deleted() == []
    assert "named no folder for exports" in str(said["attention"])


def test_a_policy_that_does_not_ask_waits_for_none(world: World) -> None:
    room = world.space()
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, room, most=12)
    with world.house.store.read() as tx:
        assert waiting_cases(tx) == ()
    world.nights(4)
    assert world.deleted() == ["Old plans"]
