"""No enforcement of a policy begins once a hold is there; each of them is asked, and a new one is
noticed by `tests/commands/test_holds_stop_everything.py`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.lifecycle import CaseState
from domain.policies import Ending
from retention.holds import place_hold
from tests.breaking import SHORT, Officers
from tests.nights import World

ENFORCEMENTS = {Ending.DELETE, Ending.PURGE, Ending.BLOCK, Ending.OUTSIDERS}
"""All but those that only tell."""
GONE = ("room.deleted", "message.deleted", "membership.deleted")


@pytest.mark.parametrize("ending", sorted(ENFORCEMENTS))
def test_no_enforcement_begins_once_a_hold_is_there(world: World, ending: Ending) -> None:
    outsider = "eve@partner.example"
    world.control.person(outsider, org="Partner")
    room: dict[str, Any] = world.space("Merger", members=["ben@example.com", outsider])
    world.crawl()
    parts: dict[str, Any] = {"ending": ending, **SHORT}
    if ending is Ending.OUTSIDERS:
        parts["grace"] = timedelta(0)
    world.policy("title:merger", **parts)
    world.until(CaseState.WARNED, room, most=8)
    officers = Officers(world)
    place_hold(world.house, officers.cleo, "lawsuit", searches=["title:merger"])
    since = max((e["seq"] for e in world.control.effects("message.created")), default=0)
    world.nights(8)
    assert [e for kind in GONE for e in world.control.effects(kind, since)] == []
    assert len(world.control.room(room["id"])["members"]) >= 3
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.HELD
