"""The engine's whole way, night by night, judged by the sandbox server's own log."""

from __future__ import annotations

from domain.intents import Outcome
from domain.lifecycle import CaseState
from tests.nights import World


def test_a_space_is_warned_blocked_and_deleted_and_the_certificate_proves_it(world: World) -> None:
    old = world.space()
    world.crawl()
    world.policy()
    first = world.night()
    assert first["counts"]["warned"] == 1, first
    assert "Old plans" in world.told("ana@example.com")[0]
    case = world.until(CaseState.BLOCKED, old)
    assert case.notices == 4
    room = world.control.room(old["id"])["room"]
    assert (room["isAnnouncementOnly"], room["isLocked"]) == (True, True)
    assert world.deleted() == []
    world.until(CaseState.GONE, old)
    assert world.deleted() == ["Old plans"]
    with world.house.store.read() as tx:
        made = tx.certificates.of_space(world.key(old))
        assert made is not None
        assert made.is_whole
        intents = [one for one in tx.intents.of_case(case.key) if one.plan.kind == "delete room"]
        assert [one.outcome for one in intents] == [Outcome.DONE]
        assert tx.audit.verify()
    assert any(made.number in text for text in world.told("cleo@example.com"))
