"""What the next run would do is what it then does, and asking changes nothing (I21)."""

from __future__ import annotations

from datetime import timedelta

from domain.lifecycle import CaseState
from domain.people import SYSTEM, Actor
from domain.policies import Ending
from retention.pausing import house_pause
from retention.tonight import Tonight, listed, tonight
from storage.schema import audit, decision, notice, retention_case, setting
from tests.nights import World

DAY = timedelta(days=1)
SHORT = {"notices": (7, 2), "grace": 2 * DAY}
TABLES = (audit, decision, notice, retention_case, setting)


def rows(world: World) -> list[list[tuple[object, ...]]]:
    with world.house.store.read() as tx:
        return [
            sorted((tuple(row) for row in tx.connection.execute(one.select())), key=repr)
            for one in TABLES
        ]


def asked(world: World) -> Tonight:
    """Asked twice: the same both times, and nothing is another afterwards."""
    before = rows(world)
    found = tonight(world.house)
    again = tonight(world.house)
    assert rows(world) == before
    assert (found.counts, found.opened) == (again.counts, again.opened)
    return found


def test_each_night_does_what_was_foretold(world: World) -> None:
    room = world.space("Old plans")
    world.space("Quiet", idle=170)
    world.space("Told", idle=500)
    world.crawl()
    world.policy("title:plans", **SHORT)
    world.policy("title:told", ending=Ending.NOTIFY, notices=(2,), name="telling")
    seen: set[str] = set()
    for _ in range(16):
        world.crawl()
        found = asked(world)
        said = world.night()["counts"]
        for what, number in found.counts:
            assert said[what] == number, (what, said)
            seen.add(what)
        assert {w for w in ("warned", "blocked", "deleted", "told of") if said.get(w)} == {
            what for what, _ in found.counts
        }
        world.pass_(DAY)
    assert seen == {"warned", "blocked", "deleted", "told of"}
    assert world.deleted() == ["Old plans"]
    ended = world.case(room)
    assert ended is not None
    assert ended.state is CaseState.GONE


def test_what_is_in_the_way_is_told(world: World) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.until(CaseState.BLOCKED, room)
    found = asked(world)
    assert (found.stopped, found.brake, found.hours) == ("", "", "")
    assert [space.shown_title for space, _ in listed(world.house, found.planned)] == []
    house_pause(world.house, Actor(name=SYSTEM.name), "an audit")
    assert "paused" in asked(world).stopped


def test_too_much_at_once_is_foretold_as_the_brake(world: World) -> None:
    for number in range(12):
        world.space(f"Old {number}")
    world.crawl()
    world.policy(**SHORT, cap=100)
    found = asked(world)
    assert "became due at once" in found.brake
    assert "brake" in world.night()["stopped"]
