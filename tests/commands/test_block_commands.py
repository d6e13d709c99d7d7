"""Blocking and unblocking by hand: who may, what it does to a space by the server's word."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from domain.ids import RoomId
from domain.lifecycle import CaseState
from domain.people import SYSTEM
from domain.spaces import Space
from retention.pausing import house_pause
from spaces.blocking import Because
from spaces.blocking import block as block_by_case
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space, members_of


@pytest.fixture
def bot_settings() -> dict[str, str]:
    return {"CAP_PER_DAY": "20", "CAP_PER_RUN": "20", "CAP_SHARE": "1"}


def moderated(chat: Chat, title: str = "Q3 plans", **more: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"members": ("ben", "fay"), "moderators": ("ana", "ben")}
    for name in ("emil", "fay"):
        chat.control.person(f"{name}@example.com")
    room = make_space(chat, title, **(known | more))
    for number in range(5):  # caps are a share of what the last complete crawl saw
        make_space(chat, f"Other {number}", by="emil")
    learn(chat, room)
    return room


def settings(chat: Chat, room: dict[str, Any]) -> tuple[bool, bool]:
    now = chat.control.room(room["id"])["room"]
    return now["isLocked"], now["isAnnouncementOnly"]


def may_write(chat: Chat, name: str, room: dict[str, Any]) -> bool:
    try:
        chat.rest(f"{name}@example.com", "POST", "messages", roomId=room["id"], text="hello")
    except requests.HTTPError:
        return False
    return True


def space_of(chat: Chat, room: dict[str, Any]) -> Space:
    with chat.process.house.store.read() as tx:
        found = tx.spaces.by_id(RoomId(room["id"]))
    assert found is not None
    return found


def test_what_is_blocked_by_hand_counts_where_one_asks_how_all_stands(chat: Chat) -> None:
    moderated(chat)
    ana = chat.as_("ana")
    assert "It is blocked." in ana.says('block "Q3 plans" now')
    assert "Spaces blocked: 1" in ana.says("status")
    ana.says('unblock "Q3 plans"')
    assert "Spaces blocked: 0" in ana.says("status")


def test_a_moderator_sees_what_it_means_blocks_and_puts_back_exactly(chat: Chat) -> None:
    room = moderated(chat)
    before = settings(chat, room), members_of(chat, room)
    ana = chat.as_("ana")
    preview = ana.asks('block "Q3 plans"')
    for said in ("Nothing has been done", "2 moderators", "3 people", "stays readable"):
        assert said in preview.text
    assert (settings(chat, room), members_of(chat, room)) == before
    done = ana.presses(preview, "Block it")
    assert "It is blocked" in done.text
    assert settings(chat, room) == (True, True)
    assert members_of(chat, room)[BOT]
    assert not may_write(chat, "ben", room)
    assert "was blocked" in chat.as_("ben").waits_for("was blocked").text
    assert "as it was before" in ana.presses(done, "Unblock").text
    assert (settings(chat, room), members_of(chat, room)) == before
    assert may_write(chat, "ben", room)
    assert "was unblocked" in chat.as_("ben").waits_for("was unblocked").text


def test_another_moderator_that_the_block_demoted_puts_it_back(chat: Chat) -> None:
    room = moderated(chat)
    chat.as_("ana").says('block "Q3 plans" now')
    card = chat.as_("ben").waits_for("was blocked")
    assert "as it was before" in chat.as_("ben").presses(card, "Unblock").text
    assert settings(chat, room) == (True, False)


def test_who_only_is_a_member_may_not_and_strangers_learn_nothing(chat: Chat) -> None:
    room = moderated(chat)
    for said in ('block "Q3 plans"', 'block "Q3 plans" now', 'unblock "Q3 plans"'):
        assert "only its moderators may do that" in chat.as_("fay").says(said)
        assert "I know no space" in chat.as_("emil").says(said)
    assert settings(chat, room) == (True, False)


def test_what_compliance_blocked_only_compliance_unblocks(chat: Chat) -> None:
    room = moderated(chat)
    assert "It is blocked" in chat.as_("cleo").says('block "Q3 plans" now')
    told = chat.as_("ana").waits_for("was blocked").text
    assert "Only compliance" in told
    assert "Compliance blocked it" in chat.as_("ana").says('unblock "Q3 plans"')
    assert settings(chat, room) == (True, True)
    assert "as it was before" in chat.as_("cleo").says('unblock "Q3 plans"')
    assert settings(chat, room) == (True, False)


def test_blocked_twice_it_is_told_and_nothing_changes(chat: Chat) -> None:
    room = moderated(chat)
    ana = chat.as_("ana")
    assert "I have not blocked" in ana.says('unblock "Q3 plans"')
    ana.says('block "Q3 plans" now')
    since = chat.seq()
    assert "blocked already" in chat.as_("cleo").says('block "Q3 plans" now')
    for kind in ("room.updated", "membership.updated", "membership.created"):
        changed = chat.control.effects(kind, since)
        assert [e for e in changed if e["target"] == room["id"]] == []


def test_a_policys_block_is_not_taken_back_but_by_a_keep(chat: Chat) -> None:
    room = moderated(chat, idle=200, tags="finance")
    chat.as_("cleo").says("policy new cleanup tag:finance then block after 90d cap 5")
    house, space = chat.process.house, space_of(chat, room)
    with house.store.begin() as tx:
        case = tx.cases.begin(
            space.key, version=tx.policies.all()[0].key, due=tx.now, basis_at=space.last_human,
            state=CaseState.DUE, why="it is due",
        )  # fmt: skip
        for state in (CaseState.WARNED, CaseState.BLOCKED):
            assert tx.cases.move(tx.cases.get(case.key), state, why="its notices are over")
        tx.commit()
    because = Because(case=case.key, evidence_at=house.clock.now())
    block_by_case(house, SYSTEM, space, step="case", because=because)
    for name in ("ana", "cleo"):
        told = chat.as_(name).says('unblock "Q3 plans"')
        assert "by its policy" in told
        assert "keep until" in told
    assert settings(chat, room) == (True, True)
    chat.as_("ana").says('keep forever "Q3 plans"')
    chat.eventually(lambda: settings(chat, room) == (True, False), "it was not put back")


def test_a_held_space_may_be_blocked_since_nothing_is_destroyed(chat: Chat) -> None:
    room = moderated(chat)
    chat.as_("cleo").says('hold place case space "Q3 plans"')
    assert "It is blocked" in chat.as_("ana").says('block "Q3 plans" now')
    assert settings(chat, room) == (True, True)


def test_a_direct_conversation_is_compliances_alone(chat: Chat) -> None:
    made = chat.rest("ana@example.com", "POST", "messages", toPersonEmail="ben@example.com",
                     text="hello")  # fmt: skip
    learn(chat)
    room = {"id": made["roomId"]}
    assert "only be blocked by compliance" in chat.as_("ana").says(f"block {room['id']} now")
    assert may_write(chat, "ben", room)
    preview = chat.as_("cleo").says(f"block {room['id']}")
    assert "Both can still read" in preview
    assert "It is blocked" in chat.as_("cleo").says(f"block {room['id']} now")
    assert not may_write(chat, "ben", room)
    chat.as_("cleo").says(f"unblock {room['id']}")
    assert may_write(chat, "ben", room)


@pytest.mark.parametrize("kind", ["no-items", "5xx", "broken-json"])
def test_what_can_not_be_seen_whole_is_not_blocked(chat: Chat, kind: str) -> None:
    room = moderated(chat)
    fault = chat.control.fault(kind, method="GET", path="/memberships", count=-1)
    told = chat.as_("cleo").says('block "Q3 plans" now')
    assert chat.control.fired(fault)
    assert "could not" in told
    chat.control.clear_faults()
    assert settings(chat, room) == (True, False)


def test_a_general_space_is_not_blocked(chat: Chat) -> None:
    team = chat.rest("ana@example.com", "POST", "teams", name="Finance")
    learn(chat)
    with chat.process.house.store.read() as tx:
        (general,) = (
            one for key in tx.spaces.live_keys() if (one := tx.spaces.by_key(key)).is_general
        )
    assert team["name"] == general.title
    assert "General space" in chat.as_("cleo").says(f"block {general.id} now")


def test_in_a_pause_and_over_the_cap_nothing_is_blocked(chat: Chat) -> None:
    room = moderated(chat)
    house_pause(chat.process.house, SYSTEM, "audit")
    assert "stands still" in chat.as_("ana").says('block "Q3 plans" now')
    assert settings(chat, room) == (True, False)
    with chat.process.house.store.read() as tx:
        assert tx.blocks.of(space_of(chat, room).key) is None


class TestWithoutACap:
    @pytest.fixture
    def bot_settings(self) -> dict[str, str]:
        return {}

    def test_nothing_is_blocked_and_it_is_said_why(self, chat: Chat) -> None:
        room = moderated(chat)
        told = chat.as_("ana").says('block "Q3 plans" now')
        assert "No more spaces may be blocked or deleted" in told
        assert settings(chat, room) == (True, False)
        with chat.process.house.store.read() as tx:
            assert tx.blocks.of(space_of(chat, room).key) is None


@pytest.mark.parametrize("after", range(3))
def test_a_block_that_stops_half_way_is_put_back(chat: Chat, after: int) -> None:
    room = moderated(chat)
    before = settings(chat, room), members_of(chat, room)
    paths = ("/memberships", "/rooms/*", "/memberships/*")
    fault = chat.control.fault("status", method="P*", path=paths[after], status=403)
    told = chat.as_("ana").says('block "Q3 plans" now')
    assert chat.control.fired(fault) == 1
    assert "put it back" in told
    assert (settings(chat, room), members_of(chat, room)) == before
    assert "It is blocked" in chat.as_("ana").says('block "Q3 plans" now')
    assert settings(chat, room) == (True, True)
