"""Blocking and putting back, judged by what the server then says of the space."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import requests

from directory.spec import NoDirectory
from domain.ids import MembershipId, RoomId
from domain.people import SYSTEM
from domain.spaces import Space
from sandbox.handle import Control, Handle
from spaces.blocking import Because, NotBlocked, block, unblock
from spaces.effects import CapReached
from spaces.spec import House, Limits
from spaces.sync.crawl import crawl
from spaces.sync.live import touch
from storage.store import Store
from webex.gateway import Lane
from webex.sdk import SdkWebex

BOT = "spacekeeper@webex.bot"
LIMITS = Limits(cap_per_run=5, cap_per_day=5, cap_share=1.0)


@pytest.fixture
def house(sqlite_store: Store, webex: SdkWebex, control: Control) -> House:
    for number in range(5):  # caps are a share of what the last complete crawl saw
        control.space(f"Other {number}", creator="ana@example.com")
    made = House(
        store=sqlite_store, webex=webex, clock=sqlite_store._clock, limits=LIMITS,
        directory=NoDirectory(),
    )  # fmt: skip
    assert crawl(made).is_complete
    return made


def known(house: House, room: dict[str, Any]) -> Space:
    return touch(house, RoomId(room["id"]))


def because(house: House) -> Because:
    return Because(evidence_at=house.clock.now())


def members(control: Control, room: dict[str, Any]) -> dict[str, bool]:
    return {m["personEmail"]: m["isModerator"] for m in control.room(room["id"])["members"]}


def settings(control: Control, room: dict[str, Any]) -> tuple[bool, bool]:
    now = control.room(room["id"])["room"]
    return now["isLocked"], now["isAnnouncementOnly"]


def may_post(sandbox: Handle, email: str, room: dict[str, Any]) -> bool:
    ready = sandbox.ready
    return requests.post(
        ready["rest"] + "messages", json={"roomId": room["id"], "text": "hello"},
        headers={"Authorization": f"Bearer {ready['tokens'][email]}"}, verify=ready["ca"],
        timeout=10,
    ).ok  # fmt: skip


def moderated(control: Control) -> dict[str, Any]:
    return control.space(
        "Old plans", creator="ana@example.com", members=["ben@example.com"],
        moderators=["ana@example.com"],
    )  # fmt: skip


def test_nobody_writes_in_a_blocked_space_and_everybody_reads(
    house: House, control: Control, sandbox: Handle
) -> None:
    room = moderated(control)
    block(house, SYSTEM, known(house, room), step="b", because=because(house))
    assert settings(control, room) == (True, True)
    assert members(control, room) == {"ana@example.com": False, "ben@example.com": False, BOT: True}
    assert not may_post(sandbox, "ana@example.com", room)
    assert not may_post(sandbox, "ben@example.com", room)


def test_a_moderated_space_is_put_back_exactly(
    house: House, control: Control, sandbox: Handle
) -> None:
    room = moderated(control)
    before = settings(control, room), members(control, room)
    space = known(house, room)
    block(house, SYSTEM, space, step="b", because=because(house))
    unblock(house, SYSTEM, space, step="u")
    assert (settings(control, room), members(control, room)) == before
    assert may_post(sandbox, "ben@example.com", room)
    with house.store.read() as tx:
        assert tx.blocks.of(space.key) is None
        assert tx.audit.verify()


def test_a_space_without_moderators_is_put_back_without_any(house: House, control: Control) -> None:
    room = control.space("Open", creator="ana@example.com", members=["ben@example.com"])
    before = settings(control, room), members(control, room)
    space = known(house, room)
    block(house, SYSTEM, space, step="b", because=because(house))
    assert settings(control, room) == (True, True)
    unblock(house, SYSTEM, space, step="u")
    assert (settings(control, room), members(control, room)) == before


def test_a_space_that_the_bot_moderated_before_keeps_it_as_moderator(
    house: House, control: Control
) -> None:
    room = control.space(
        "Ours", creator="ana@example.com", members=[BOT, "ben@example.com"],
        moderators=[BOT, "ana@example.com"],
    )  # fmt: skip
    before = settings(control, room), members(control, room)
    space = known(house, room)
    block(house, SYSTEM, space, step="b", because=because(house))
    unblock(house, SYSTEM, space, step="u")
    assert (settings(control, room), members(control, room)) == before


def test_who_left_meanwhile_is_not_brought_back(house: House, control: Control) -> None:
    room = control.space(
        "Old plans", creator="ana@example.com", members=["ben@example.com"],
        moderators=["ana@example.com", "ben@example.com"],
    )  # fmt: skip
    space = known(house, room)
    block(house, SYSTEM, space, step="b", because=because(house))
    remove(house, control, room, "ana@example.com")
    unblock(house, SYSTEM, space, step="u")
    assert members(control, room) == {"ben@example.com": True}


def test_blocking_twice_changes_nothing_and_keeps_what_was(house: House, control: Control) -> None:
    room = moderated(control)
    before = settings(control, room), members(control, room)
    space = known(house, room)
    block(house, SYSTEM, space, step="b", because=because(house))
    since = control.log()[-1]["seq"]
    block(house, SYSTEM, space, step="again", because=because(house))
    assert control.log(since, what="effect") == []
    unblock(house, SYSTEM, space, step="u")
    assert (settings(control, room), members(control, room)) == before


@pytest.mark.parametrize("after", range(3))
def test_a_block_that_stopped_half_way_is_finished_or_taken_back(
    house: House, control: Control, after: int
) -> None:
    room = moderated(control)
    before = settings(control, room), members(control, room)
    space = known(house, room)
    paths = ("/memberships", "/rooms/*", "/memberships/*")
    fault = control.fault("status", method="P*", path=paths[after], status=403)
    with pytest.raises(NotBlocked):
        block(house, SYSTEM, space, step="b", because=because(house))
    assert control.fired(fault) == 1
    unblock(house, SYSTEM, space, step="u")
    assert (settings(control, room), members(control, room)) == before
    block(house, SYSTEM, space, step="b2", because=because(house))
    assert settings(control, room) == (True, True)


def test_a_direct_conversation_becomes_read_only_and_is_opened_again(
    house: House, control: Control, sandbox: Handle
) -> None:
    ready = sandbox.ready
    requests.post(
        ready["rest"] + "messages", json={"toPersonEmail": "ben@example.com", "text": "hello"},
        headers={"Authorization": f"Bearer {ready['tokens']['ana@example.com']}"},
        verify=ready["ca"], timeout=10,
    ).raise_for_status()  # fmt: skip
    (made,) = (e for e in control.effects("room.created") if e["object"]["type"] == "direct")
    room = made["object"]
    space = known(house, room)
    block(house, SYSTEM, space, step="b", because=because(house))
    assert not may_post(sandbox, "ben@example.com", room)
    unblock(house, SYSTEM, space, step="u")
    assert may_post(sandbox, "ben@example.com", room)


def test_without_a_cap_nothing_is_blocked(house: House, control: Control) -> None:
    room = moderated(control)
    tight = replace(house, limits=Limits())
    with pytest.raises(CapReached):
        block(tight, SYSTEM, known(tight, room), step="b", because=because(tight))
    assert settings(control, room) == (True, False)
    assert BOT not in members(control, room)


def remove(house: House, control: Control, room: dict[str, Any], email: str) -> None:
    (one,) = (m for m in control.room(room["id"])["members"] if m["personEmail"] == email)
    house.webex.compliance(Lane.CHAT).remove_membership(MembershipId(one["id"]))
