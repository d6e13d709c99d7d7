"""What stops a deletion that somebody asked for: before it is asked for, and while it waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.endings import RequestState
from domain.people import SYSTEM
from jobs.deletions import hands_of
from jobs.spec import Firing
from retention.byhand.ending import run_requests
from retention.pausing import house_pause
from storage.settings import PAUSE
from tests.chats import BOT, Chat
from tests.commands.companies import learn, members_of
from tests.commands.ending import (  # noqa: F401
    asks,
    bot_settings,
    company,
    deleted,
    hours,
    is_blocked,
    request_of,
    run,
    told,
    until_due,
)

CO = "compliance-service@example.com"


def ended(chat: Chat, room: dict[str, Any], why: str) -> None:
    """The request is over for this reason, nothing was deleted, and the space is as it was."""
    request = request_of(chat, room)
    assert request is not None
    assert request.state is RequestState.ENDED
    assert why in request.why
    assert deleted(chat) == []
    assert not is_blocked(chat, room)
    assert why in chat.as_("ana").waits_for("is not deleted").text


def set_moderator(chat: Chat, room: dict[str, Any], email: str, moderator: bool) -> None:
    (one,) = (m for m in chat.control.room(room["id"])["members"] if m["personEmail"] == email)
    chat.rest(CO, "PUT", f"memberships/{one['id']}", isModerator=moderator, isRoomHidden=False)


def test_a_hold_placed_while_it_waits_stops_it_at_once(chat: Chat) -> None:
    room = company(chat)
    asks(chat.as_("ana"))
    chat.as_("cleo").says('hold place lawsuit-12 space "Q3 plans"')
    run(chat)
    ended(chat, room, "Something forbids")
    assert "lawsuit" not in chat.as_("ana").waits_for("is not deleted").text
    assert "lawsuit" not in chat.as_("ana").says('delete "Q3 plans"')
    assert "can't be deleted now" in chat.as_("cleo").says('delete "Q3 plans"')


def test_a_hold_placed_right_before_the_request_leaves_stops_it(chat: Chat) -> None:
    """After the run has looked at it live: only the intent's own look can see it."""
    room = company(chat)
    asks(chat.as_("ana"))
    until_due(chat, room)
    held: list[str] = []
    house = chat.process.house

    def guarded(look: Any) -> Any:
        def first() -> None:
            if not held:
                held.append("now")
                chat.as_("cleo").says('hold place lawsuit-12 space "Q3 plans"')
            look()

        return house.webex.guarded(first)

    webex = _Guarded(house.webex, guarded)
    now = house.clock.now()
    hands = hands_of(Firing(house=replace(house, webex=webex), run="late", due_at=now))
    run_requests(hands)
    assert held
    assert deleted(chat) == []
    run(chat)
    ended(chat, room, "Something forbids")


class _Guarded:
    """The identities as they are; what is guarded is guarded by another."""

    def __init__(self, webex: Any, guarded: Any) -> None:
        self._webex = webex
        self.guarded = guarded

    def __getattr__(self, name: str) -> Any:
        return getattr(self._webex, name)


def test_a_message_while_it_waits_stops_it(chat: Chat) -> None:
    room = company(chat)
    asks(chat.as_("ana"))
    set_moderator(chat, room, "ben@example.com", True)
    chat.rest("ben@example.com", "POST", "messages", roomId=room["id"], text="not yet!")
    set_moderator(chat, room, "ben@example.com", False)
    hours(chat, 25)
    ended(chat, room, "Somebody has written in it since")


def test_a_block_that_somebody_changed_stops_it(chat: Chat) -> None:
    room = company(chat)
    asks(chat.as_("ana"))
    set_moderator(chat, room, "ben@example.com", True)
    hours(chat, 25)
    request = request_of(chat, room)
    assert request is not None
    assert "changed the block" in request.why
    assert deleted(chat) == []


def test_who_asked_and_is_not_in_it_any_more_does_not_get_it(chat: Chat) -> None:
    room = company(chat)
    asks(chat.as_("ana"))
    (one,) = (
        m for m in chat.control.room(room["id"])["members"]
        if m["personEmail"] == "ana@example.com"
    )  # fmt: skip
    chat.rest(CO, "DELETE", f"memberships/{one['id']}")
    hours(chat, 25)
    ended(chat, room, "may not any more")


def test_who_asked_and_left_the_company_does_not_get_it(chat: Chat) -> None:
    room = company(chat)
    asks(chat.as_("ana"))
    chat.control.person("ana@example.com", login=False)
    learn(chat)
    hours(chat, 25)
    request = request_of(chat, room)
    assert request is not None
    assert request.state is RequestState.ENDED
    assert deleted(chat) == []


def test_in_a_pause_it_waits_and_goes_on_after_it(chat: Chat) -> None:
    room = company(chat)
    asks(chat.as_("ana"))
    house_pause(chat.process.house, SYSTEM, "audit")
    hours(chat, 26)
    assert deleted(chat) == []
    assert is_blocked(chat, room)
    with chat.process.house.store.begin() as tx:
        tx.settings.drop(PAUSE)
        tx.commit()
    run(chat)
    assert deleted(chat) == ["Q3 plans"]


class TestWithACapOfOne:
    @pytest.fixture
    def bot_settings(self, bot_settings: dict[str, str]) -> dict[str, str]:  # noqa: F811
        return {**bot_settings, "CAP_PER_DAY": "1"}

    def test_it_waits_for_its_turn(self, chat: Chat) -> None:
        room = company(chat)
        asks(chat.as_("ana"))
        until_due(chat, room)
        assert "It is blocked" in chat.as_("cleo").says('block "Other 1" now')
        assert "at most 1 a day" in run(chat)["stopped"]
        assert deleted(chat) == []
        hours(chat, 24)
        assert deleted(chat) == ["Q3 plans"]


def test_time_in_which_nobody_could_take_it_back_does_not_count(chat: Chat) -> None:
    room = company(chat)
    run(chat)
    asks(chat.as_("ana"))
    told(chat, room)
    chat.clock.advance(hours=26)
    assert run(chat)["counts"] == {"given more time": 1}
    hours(chat, 23)
    assert deleted(chat) == []
    hours(chat, 3)
    assert deleted(chat) == ["Q3 plans"]


def test_without_telling_another_owner_its_time_does_not_begin(chat: Chat) -> None:
    room = company(chat)
    fault = chat.control.fault(
        "status", method="POST", path="/messages", status=403, contains="will be deleted on",
        count=-1,
    )  # fmt: skip
    asks(chat.as_("ana"))
    hours(chat, 26)
    assert chat.control.fired(fault)
    request = request_of(chat, room)
    assert request is not None
    assert (request.state, request.due) == (RequestState.COOLING, None)
    assert deleted(chat) == []
    chat.control.clear_faults()
    hours(chat, 26)
    assert deleted(chat) == ["Q3 plans"]


def test_what_is_kept_by_a_policy_or_a_floor_nobody_deletes(chat: Chat) -> None:
    company(chat, tags="books")
    cleo, dora = chat.as_("cleo"), chat.as_("dora")
    cleo.says("policy new books tag:books then keep")
    shown = dora.asks("policy approve books")
    dora.presses(shown, str(shown.card["actions"][0]["title"]))
    for name in ("ana", "cleo"):
        told = chat.as_(name).says('delete "Q3 plans"')
        assert "can't be deleted now" in told
        assert "books" in told
        assert " code " not in told


def test_a_space_whose_members_can_not_be_read_is_not_asked_for(chat: Chat) -> None:
    company(chat)
    fault = chat.control.fault("no-items", method="GET", path="/memberships", count=-1)
    told = chat.as_("cleo").says('delete "Q3 plans"')
    assert chat.control.fired(fault)
    assert "could not see it whole" in told


def test_a_deletion_that_did_not_happen_pulls_the_brake_and_is_looked_at(chat: Chat) -> None:
    room = company(chat)
    asks(chat.as_("ana"))
    until_due(chat, room)
    fault = chat.control.fault("5xx", method="DELETE", path="/rooms/*", count=1)
    run(chat)
    assert chat.control.fired(fault)
    request = request_of(chat, room)
    assert request is not None
    assert request.state is RequestState.ATTENTION
    with chat.process.house.store.read() as tx:
        pause = tx.settings.pause()
    assert pause is not None
    assert pause.is_brake
    assert "did not end as it should" in chat.as_("cleo").waits_for("did not end as").text
    assert "compliance has to look" in chat.as_("ana").says("deletions")
    assert "Compliance has to look" in chat.as_("ana").says('delete undo "Q3 plans"')
    assert "It is not deleted" in chat.as_("cleo").says('delete undo "Q3 plans"')
    chat.eventually(lambda: not is_blocked(chat, room), "it was not put back")
    chat.eventually(lambda: members_of(chat, room)["ana@example.com"], "it was not put back")


class TestWithAnAlertSpace:
    def test_the_space_that_alerts_go_to_is_never_ended(self, stage: Chat) -> None:
        room = stage.control.space(
            "Alerts", creator="ana@example.com", members=["cleo@example.com", BOT],
            moderators=["ana@example.com"],
        )  # fmt: skip
        stage.start(ALERT_ROOM=room["id"])
        learn(stage)
        for name in ("ana", "cleo"):
            for said in ('delete "Alerts"', 'block "Alerts" now'):
                told_of = stage.as_(name).says(said)
                assert "never touched" in told_of, told_of
