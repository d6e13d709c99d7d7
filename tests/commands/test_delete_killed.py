"""A deletion that somebody asked for, and a process that dies on the way: it happens once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.endings import Request, RequestState
from domain.ids import RoomId
from domain.people import Actor
from retention.byhand.asking import ask_deletion
from spaces.effects import settle_open
from tests.chats import Chat, eventually
from tests.children import Child, start_child
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
    key_of,
    request_of,
    run,
    told,
    until_due,
)


@pytest.fixture
def children() -> Iterator[list[Child]]:
    started: list[Child] = []
    yield started
    for one in started:
        one.kill()


def kill_in_the_job(
    chat: Chat, children: list[Child], *, path: str, kind: str, after: int = 0
) -> None:
    """The job in a process of its own, killed while a request of it hangs."""
    fault = chat.control.fault(kind, method="DELETE", path=path, seconds=60.0, count=1, skip=after)
    child = start_child(chat.settings, "job", "deletions")
    children.append(child)
    eventually(lambda: chat.control.fired(fault) or not child.is_alive, "it was never asked")
    assert child.is_alive, child.log()
    child.kill()
    chat.control.clear_faults()
    with chat.process.house.store.begin() as tx:  # as when the leases of the dead have run out
        tx.connection.exec_driver_sql("DELETE FROM lease")
        tx.commit()


def state_of(chat: Chat, room: dict[str, Any]) -> Request:
    found = request_of(chat, room)
    assert found is not None
    return found


@pytest.mark.parametrize(("kind", "was_deleted"), [("timeout", False), ("hang-after", True)])
def test_killed_before_or_after_webex_did_it(
    chat: Chat, children: list[Child], kind: str, was_deleted: bool
) -> None:
    room = company(chat)
    asks(chat.as_("ana"))
    until_due(chat, room)
    kill_in_the_job(chat, children, path="/rooms/*", kind=kind)
    assert len(deleted(chat)) == int(was_deleted)
    assert state_of(chat, room).state is RequestState.DELETING
    assert "too late" in chat.as_("ana").says('delete undo "Q3 plans"') or was_deleted
    settle_open(chat.process.house)
    run(chat)
    hours(chat, 1)
    assert deleted(chat) == ["Q3 plans"]
    assert state_of(chat, room).state is RequestState.DONE
    with chat.process.house.store.read() as tx:
        assert tx.certificates.of_space(key_of(chat, room)) is not None
        assert tx.intents.open() == ()
        assert tx.audit.verify()


@pytest.mark.parametrize("kind", ["timeout", "hang-after"])
def test_killed_in_the_middle_of_emptying_a_teams_space(
    chat: Chat, children: list[Child], kind: str
) -> None:
    company(chat)
    team = chat.rest("ana@example.com", "POST", "teams", name="Finance")
    made = chat.rest("ana@example.com", "POST", "rooms", title="Old budget", teamId=team["id"])
    room = {"id": made["id"]}
    for number in range(6):
        chat.rest("ana@example.com", "POST", "messages", roomId=room["id"], text=f"no {number}")
    learn(chat)
    run(chat)
    ana = chat.as_("ana")
    shown = ana.asks('delete "Old budget"')
    ana.presses(shown, button(shown), code=code_on(shown))
    until_due(chat, room)
    kill_in_the_job(chat, children, path="/messages/*", kind=kind, after=3)
    assert state_of(chat, room).state is RequestState.DELETING
    settle_open(chat.process.house)
    hours(chat, 2)  # what hung may be seen not to have happened first, and be done a run later
    assert state_of(chat, room).state is RequestState.DONE
    gone = [e["target"] for e in chat.control.effects("message.deleted")]
    ours = [one["id"] for one in chat.control.room(room["id"])["messages"]]
    assert len([one for one in gone if one in ours]) == len(set(gone) & set(ours)) == 6
    assert chat.control.room(room["id"])["archived"]


def test_a_hold_placed_while_a_space_is_half_emptied_stops_the_rest(
    chat: Chat, children: list[Child]
) -> None:
    company(chat)
    team = chat.rest("ana@example.com", "POST", "teams", name="Finance")
    made = chat.rest("ana@example.com", "POST", "rooms", title="Old budget", teamId=team["id"])
    room = {"id": made["id"]}
    for number in range(6):
        chat.rest("ana@example.com", "POST", "messages", roomId=room["id"], text=f"no {number}")
    learn(chat)
    ana = chat.as_("ana")
    shown = ana.asks('delete "Old budget"')
    ana.presses(shown, button(shown), code=code_on(shown))
    until_due(chat, room)
    kill_in_the_job(chat, children, path="/messages/*", kind="timeout", after=3)
    assert "Begun before" in chat.as_("cleo").says('hold place case space "Old budget"')
    hours(chat, 1)
    left = [m for m in chat.control.room(room["id"])["messages"] if not m["deleted"]]
    assert len(left) == 3
    assert state_of(chat, room).state is RequestState.ATTENTION
    assert not chat.control.room(room["id"])["archived"]
    assert "stuck" in chat.as_("cleo").waits_for("is stuck").text


def test_killed_between_the_wish_and_the_block_the_job_goes_on(chat: Chat) -> None:
    room = company(chat)
    run(chat)
    house, ana = chat.process.house, chat.as_("ana")
    code = code_on(ana.asks('delete "Q3 plans"'))
    with house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(room["id"]))
        person = tx.people.by_email("ana@example.com")
    assert space is not None
    assert person is not None
    actor = Actor(name=person.email, person=person.key)
    made = ask_deletion(house, actor, space, code, by_compliance=False)
    assert isinstance(made, Request)
    assert made.state is RequestState.BEGUN
    assert ask_deletion(house, actor, space, code, by_compliance=False) == made
    chat.clock.advance(minutes=6)
    run(chat)
    assert is_blocked(chat, room)
    assert "will be deleted" in chat.as_("ben").waits_for("will be deleted").text
    assert state_of(chat, room).due is not None
