"""The hardest ways to delete by hand: what is compliance's own matter, what was half done, and
what was asked for by somebody who is an officer no more."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from domain.clock import Clock
from domain.endings import RequestState
from domain.errors import Refusal
from domain.people import Actor
from domain.works import Ended
from retention.byhand.asking import ask_deletion, show_deletion
from retention.byhand.exporting import export_requests
from retention.byhand.restoring import restorable_for
from storage.schema import deletion_request
from tests.chats import Chat
from tests.commands.companies import learn, members_of
from tests.commands.ending import (  # noqa: F401
    asks,
    bot_settings,
    button,
    code_on,
    company,
    deleted,
    hours,
    is_blocked,
    key_of,
    request_of,
    run,
    told,
    until_due,
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


# -- what was taken back --------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 502])
def test_a_space_that_could_not_be_put_back_at_once_is_put_back_by_a_later_run(
    chat: Chat, status: int
) -> None:
    room = company(chat)
    before = members_of(chat, room)
    asks(chat.as_("ana"))
    told(chat, room)
    assert is_blocked(chat, room)
    fault = chat.control.fault(
        "status", method="PUT", path="/memberships/*", status=status, count=1
    )
    chat.as_("ana").says('delete undo "Q3 plans"')
    chat.eventually(lambda: chat.control.fired(fault), "nothing was put back")
    chat.as_("ben").waits_for("is not deleted")
    hours(chat, 1)
    assert not is_blocked(chat, room)
    assert members_of(chat, room) == before


# -- what is made anew ------------------------------------------------------------------------


def gone(chat: Chat) -> dict[str, Any]:
    room = company(chat)
    asks(chat.as_("ana"))
    until_due(chat, room)
    run(chat)
    assert deleted(chat) == ["Q3 plans"]
    return room


def test_who_has_too_much_going_on_makes_nothing_anew_and_can_do_it_later(chat: Chat) -> None:
    """Else the space would be there, and nobody would ever come back into it."""
    gone(chat)
    ana = chat.as_("ana")
    with chat.process.house.store.begin() as tx:
        me = tx.people.by_email("ana@example.com")
        assert me is not None
        going = [
            tx.works.add(f"t/{n}", "export", "t", caller=me.key, payload={}, items=[{"n": "1"}])
            for n in range(3)
        ]
        tx.commit()
    before = len(chat.control.effects("room.created"))
    assert "going on already" in ana.says('restore "Q3 plans"')
    assert len(chat.control.effects("room.created")) == before
    with chat.process.house.store.begin() as tx:
        for one in going:
            tx.works.finish(one.id, Ended.STOPPED)
        tx.commit()
    assert "anew" in ana.says('restore "Q3 plans"')
    ana.waits_for("Messages and files can't come back")
    room = chat.control.effects("room.created")[-1]["object"]
    assert set(members_of(chat, room)) >= {f"{one}@example.com" for one in ("ana", "ben", "fay")}


def test_who_is_of_compliance_no_more_makes_nothing_anew_that_they_asked_for_as_such(
    chat: Chat,
) -> None:
    room = company(chat)
    run(chat)
    asks(chat.as_("cleo"))
    chat.as_("dora").waits_for("asks to delete")
    asks(chat.as_("dora"))
    told(chat, room)
    hours(chat, 50)
    assert deleted(chat) == ["Q3 plans"]
    house = chat.process.house
    with house.store.read() as tx:
        cleo = tx.people.by_email("cleo@example.com")
        ana = tx.people.by_email("ana@example.com")
    assert cleo is not None
    assert len(restorable_for(house, None)) == 1
    assert restorable_for(house, cleo) == ()
    assert len(restorable_for(house, ana)) == 1  # she moderated it


# -- what is exported before ------------------------------------------------------------------


class TestWithAFolderForExports:
    @pytest.fixture
    def bot_settings(self, bot_settings: dict[str, str], tmp_path: Path) -> dict[str, str]:  # noqa: F811
        return {**bot_settings, "EXPORT_FOLDER": str(tmp_path / "exports")}

    def test_an_export_from_before_an_older_database_does_not_pass_for_a_new_one(
        self, chat: Chat, tmp_path: Path
    ) -> None:
        """An older database gives the same keys away again."""
        room = company(chat)
        house, ana = chat.process.house, chat.as_("ana")

        def exported() -> list[str]:
            export_requests(house, stop=lambda: False)
            request = request_of(chat, room)
            assert request is not None
            assert request.export
            said = json.loads((Path(request.export) / "messages.json").read_text())
            return [one["text"] for one in said]

        asks(ana)
        told(chat, room)
        assert exported() == ["hello"]
        ana.says('delete undo "Q3 plans"')
        chat.eventually(lambda: not is_blocked(chat, room), "it was not put back")
        chat.rest("ana@example.com", "POST", "messages", roomId=room["id"], text="new figures")
        chat.clock.advance(hours=1)
        with house.store.begin() as tx:  # the same key, asked for another time
            tx.connection.execute(
                update(deletion_request)
                .where(deletion_request.c.asked_at.is_not(None))
                .values(state=str(RequestState.COOLING), ended_at=None, export="", asked_at=tx.now)
            )
            tx.commit()
        assert exported() == ["hello", "new figures"]


# -- who went to another organisation ---------------------------------------------------------


def test_who_asked_and_is_of_another_organisation_by_now_does_not_get_it(chat: Chat) -> None:
    """They are in it and moderate it still, as an outsider."""
    room = company(chat)
    asks(chat.as_("ana"))
    told(chat, room)
    hours(chat, 20)
    chat.control.person("ana@example.com", org="Partner")
    hours(chat, 10)
    request = request_of(chat, room)
    assert request is not None
    assert request.state is RequestState.ENDED
    assert "not with us any more" in request.why
    assert deleted(chat) == []


# -- clocks -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Off:
    """A clock that somebody set wrong."""

    right: Clock
    by: timedelta

    def now(self) -> datetime:
        return self.right.now() + self.by


@pytest.mark.parametrize("days", [-2, 2])
def test_by_a_clock_that_is_wrong_nothing_is_asked_for(chat: Chat, days: int) -> None:
    """Set back when it was asked, and right again when the job comes, it would be due at once."""
    room = company(chat)
    house = chat.process.house
    chat.as_("ana").says("status")
    with house.store.read() as tx:
        ana = tx.people.by_email("ana@example.com")
        space = tx.spaces.by_key(key_of(chat, room))
    assert ana is not None
    me = Actor(name=ana.email, person=ana.key)
    assert show_deletion(house, me, space, by_compliance=False).code
    wrong = replace(house, clock=Off(house.clock, timedelta(days=days)))
    with pytest.raises(Refusal, match="My clock and Webex's differ"):
        show_deletion(wrong, me, space, by_compliance=False)
    with pytest.raises(Refusal, match="My clock and Webex's differ"):
        ask_deletion(wrong, me, space, "123456", by_compliance=False)
    assert request_of(chat, room) is None
