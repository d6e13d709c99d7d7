"""A space that is gone is made anew: what can come back does, and the rest is said."""

from __future__ import annotations

from typing import Any

from domain.ids import RoomId
from tests.chats import BOT, Chat
from tests.commands.companies import members_of
from tests.commands.ending import (  # noqa: F401
    asks,
    bot_settings,
    company,
    deleted,
    run,
    until_due,
)


def gone(chat: Chat) -> dict[str, Any]:
    """A tagged space that Ana deleted."""
    room = company(chat, tags="finance q3")
    asks(chat.as_("ana"))
    until_due(chat, room)
    run(chat)
    assert deleted(chat) == ["Q3 plans"]
    return room


def made_anew(chat: Chat) -> list[dict[str, Any]]:
    return [
        e["object"]
        for e in chat.control.effects("room.created")
        if e["actor"] == BOT and e["object"]["title"] == "Q3 plans"
    ]


def test_its_people_settings_and_tags_come_back_and_the_rest_is_said(chat: Chat) -> None:
    gone(chat)
    ana = chat.as_("ana")
    assert "can be restored until" in ana.waits_for("was deleted").text
    assert "anew" in ana.says('restore "Q3 plans"')
    told = ana.waits_for("Messages and files can't come back").text
    assert "No export of it was kept" in told
    (room,) = made_anew(chat)
    members = members_of(chat, room)
    assert {name: members[f"{name}@example.com"] for name in ("ana", "ben", "fay")} == {
        "ana": True, "ben": True, "fay": False,
    }  # fmt: skip
    assert chat.control.room(room["id"])["room"]["isLocked"]
    assert not chat.control.room(room["id"])["room"]["isAnnouncementOnly"]
    with chat.process.house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(room["id"]))
        assert space is not None
        assert set(space.tags) == {"finance", "q3"}
        assert tx.audit.verify()
    assert "no space" in ana.says('restore "Q3 plans"')
    assert len(made_anew(chat)) == 1


def test_who_did_not_manage_it_learns_nothing_of_it(chat: Chat) -> None:
    room = gone(chat)
    for name in ("fay", "emil"):
        told = chat.as_(name).says('restore "Q3 plans"')
        assert told == chat.as_(name).says('restore "Q3 plans"')
        assert "I know no space" in told
        assert "I know no space" in chat.as_(name).says(f"restore {room['id']}")
    assert made_anew(chat) == []
    assert "anew" in chat.as_("cleo").says(f"restore {room['id']}")
    chat.as_("cleo").waits_for("Messages and files can't come back")
    assert len(made_anew(chat)) == 1


def test_after_a_month_it_is_over(chat: Chat) -> None:
    gone(chat)
    chat.clock.advance(days=31)
    assert "I know no space" in chat.as_("ana").says('restore "Q3 plans"')
    assert made_anew(chat) == []


def test_what_is_still_there_is_not_made_anew(chat: Chat) -> None:
    company(chat)
    assert "I know no space" in chat.as_("ana").says('restore "Q3 plans"')
    asks(chat.as_("ana"))
    chat.as_("ben").waits_for("will be deleted")
    assert "delete undo" in chat.as_("ana").says('restore "Q3 plans"')
    assert "I know no space" in chat.as_("emil").says('restore "Q3 plans"')
    assert made_anew(chat) == []


def test_a_person_who_is_no_more_is_told_of_and_the_others_come_back(chat: Chat) -> None:
    gone(chat)
    fault = chat.control.fault(
        "status", method="POST", path="/memberships", status=404, skip=1, count=1
    )
    chat.as_("ana").says('restore "Q3 plans"')
    chat.as_("ana").waits_for("Messages and files can't come back")
    assert chat.control.fired(fault) == 1
    (room,) = made_anew(chat)
    assert len(members_of(chat, room)) >= 3
