"""The hardest ways to delete by hand: what is compliance's own matter, what was half done, and
what was asked for by somebody who is an officer no more."""

from __future__ import annotations

from typing import Any

import pytest

from domain.endings import RequestState
from tests.chats import Chat
from tests.commands.companies import learn
from tests.commands.ending import (  # noqa: F401
    asks,
    bot_settings,
    button,
    code_on,
    company,
    deleted,
    hours,
    is_blocked,
    request_of,
    run,
    told,
)


def team_space(chat: Chat) -> dict[str, Any]:
    """A team's space of Ana's, in which she wrote three times."""
    company(chat)
    team = chat.rest("ana@example.com", "POST", "teams", name="Finance")
    made = chat.rest("ana@example.com", "POST", "rooms", title="Old budget", teamId=team["id"])
    for text in ("one", "two", "three"):
        chat.rest("ana@example.com", "POST", "messages", roomId=made["id"], text=text)
    learn(chat)
    run(chat)
    return {"id": made["id"]}


def left_in(chat: Chat, room: dict[str, Any]) -> list[str]:
    return [one["text"] for one in chat.control.room(room["id"])["messages"] if not one["deleted"]]


# -- what waits for a second officer ----------------------------------------------------------


def test_a_moderator_neither_learns_of_what_waits_for_a_second_officer_nor_ends_it(
    chat: Chat,
) -> None:
    room = company(chat)
    ana = chat.as_("ana")
    before = ana.says('delete undo "Q3 plans"')
    asks(chat.as_("cleo"))
    assert ana.says('delete undo "Q3 plans"') == before
    assert "asked for already" not in ana.says('delete "Q3 plans"')
    request = request_of(chat, room)
    assert request is not None
    assert request.state is RequestState.WAITING


def test_a_moderators_own_wish_takes_the_place_of_what_waits_for_a_second_officer(
    chat: Chat,
) -> None:
    room = company(chat)
    run(chat)
    cleo = chat.as_("cleo")
    asks(cleo)
    assert "will be deleted" in asks(chat.as_("ana")).text
    assert "is not deleted" not in "".join(m.text for m in cleo.messages())
    told(chat, room)
    hours(chat, 26)
    assert deleted(chat) == ["Q3 plans"]
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()


# -- what is half done ------------------------------------------------------------------------


class TestWithoutRoomForTheSecondHalf:
    @pytest.fixture
    def bot_settings(self, bot_settings: dict[str, str]) -> dict[str, str]:  # noqa: F811
        return {**bot_settings, "CAP_PER_RUN": "1"}

    def emptied(self, chat: Chat) -> dict[str, Any]:
        room = team_space(chat)
        ana = chat.as_("ana")
        asks(ana, "Old budget")
        told(chat, room)
        hours(chat, 23)
        for _ in range(4):
            chat.clock.advance(minutes=30)
            run(chat)
            if not left_in(chat, room):
                return room
        raise AssertionError("it was not emptied")

    def test_what_was_emptied_is_archived_by_the_next_run(self, chat: Chat) -> None:
        room = self.emptied(chat)
        assert not chat.control.room(room["id"])["archived"]
        hours(chat, 1)
        assert chat.control.room(room["id"])["archived"]

    def test_what_was_emptied_is_never_said_to_be_not_deleted(self, chat: Chat) -> None:
        room = self.emptied(chat)
        said = chat.as_("ana").says('delete undo "Old budget"')
        assert "It is not deleted" not in said
        request = request_of(chat, room)
        assert request is not None
        assert request.state is not RequestState.ENDED

    def test_a_hold_on_what_was_emptied_stops_the_rest_and_compliance_is_told(
        self, chat: Chat
    ) -> None:
        room = self.emptied(chat)
        cleo = chat.as_("cleo")
        cleo.says(f"hold place lawsuit-12 space {room['id']}")
        hours(chat, 1)
        request = request_of(chat, room)
        assert request is not None
        assert request.state is RequestState.ATTENTION
        assert not chat.control.room(room["id"])["archived"]
        assert "emptied" in cleo.waits_for("is stuck").text
        assert "is not deleted" not in "".join(m.text for m in chat.as_("ana").messages())
        told_now = cleo.says(f"delete undo {room['id']}")
        assert "It is not deleted" not in told_now
        assert "messages" in told_now


def test_a_purge_that_was_called_off_before_it_began_is_begun_again(chat: Chat) -> None:
    """By a clock that was wrong for a while: nothing happened, and the next run does it."""
    room = team_space(chat)
    asks(chat.as_("ana"), "Old budget")
    told(chat, room)
    hours(chat, 23)
    fault = chat.control.fault(
        "status", method="GET", path=f"/rooms/{room['id']}", status=404,
        who="compliance-witness@example.com",
    )  # fmt: skip
    hours(chat, 2)
    assert chat.control.fired(fault)
    hours(chat, 2)
    assert chat.control.room(room["id"])["archived"]
    assert left_in(chat, room) == []
