"""Deleting somebody else's space: compliance, and a second of them; teams' spaces and direct
conversations, called what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from domain.endings import RequestState
from jobs.deletions import hands_of
from jobs.spec import Firing
from retention.byhand.ending import run_requests
from sandbox.handle import Handle
from tests.breaking import Ambush, People
from tests.chats import Answer, Chat
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
from tests.nights import World


def both_ask(chat: Chat, room: dict[str, Any]) -> Answer:
    """Cleo asks, Dora is told, and agrees."""
    for name in ("cleo", "dora"):
        officer = chat.as_(name)
        if name == "dora":
            officer.waits_for("asks to delete")
        shown = officer.asks(f"delete {room['id']}")
        answer = officer.presses(shown, button(shown), code=code_on(shown))
    return answer


def test_it_takes_two_of_compliance_and_its_owners_are_told(chat: Chat) -> None:
    room = company(chat)
    run(chat)
    cleo, dora = chat.as_("cleo"), chat.as_("dora")
    waiting = asks(cleo)
    assert "A second person of compliance has to agree" in waiting.text
    assert not is_blocked(chat, room)
    assert "asks to delete" in dora.waits_for("Cleo Laurent asks to delete").text
    assert "You asked for that already" in cleo.says('delete "Q3 plans"')
    assert "Q3 plans" not in chat.as_("ana").says("deletions")
    shown = dora.asks('delete "Q3 plans"')
    assert "you would be the second" in shown.text
    assert "will be deleted" in dora.presses(shown, button(shown), code=code_on(shown)).text
    assert is_blocked(chat, room)
    card = chat.as_("ana").waits_for("will be deleted").text
    assert "Cleo Laurent" in card
    assert "Dora Lindqvist" in card
    told(chat, room)
    hours(chat, 47)
    assert deleted(chat) == []
    hours(chat, 2)
    assert deleted(chat) == ["Q3 plans"]
    certificate = cleo.waits_for("Certificate SK-").text
    assert "dora@example.com" in certificate


def test_without_a_second_nothing_ever_happens(chat: Chat) -> None:
    room = company(chat)
    asks(chat.as_("cleo"))
    chat.clock.advance(days=8)
    run(chat)
    request = request_of(chat, room)
    assert request is not None
    assert request.state is RequestState.ENDED
    assert "agreed in time" in request.why
    assert not is_blocked(chat, room)


def test_who_is_not_of_compliance_any_more_does_not_get_it(chat: Chat) -> None:
    room = company(chat)
    both_ask(chat, room)
    told(chat, room)
    hours(chat, 47)
    chat.clock.advance(minutes=50)
    run(chat)
    chat.clock.advance(minutes=50)
    house = replace(chat.process.house, compliance=frozenset({"cleo@example.com"}))
    run_requests(hands_of(Firing(house=house, run="late", due_at=house.clock.now())))
    request = request_of(chat, room)
    assert request is not None
    assert "not of compliance any more" in request.why
    assert deleted(chat) == []


def test_an_officer_who_moderates_a_space_needs_a_second_too(chat: Chat) -> None:
    """Else an officer would make themselves moderator of whatever they like."""
    room = company(chat, members=("ben", "cleo"), moderators=("ana", "cleo"))
    assert "A second person of compliance has to agree" in asks(chat.as_("cleo")).text
    assert not is_blocked(chat, room)


def test_a_teams_space_is_emptied_and_then_archived(chat: Chat) -> None:
    company(chat)
    team = chat.rest("ana@example.com", "POST", "teams", name="Finance")
    made = chat.rest("ana@example.com", "POST", "rooms", title="Old budget", teamId=team["id"])
    room = {"id": made["id"]}
    for text in ("one", "two", "three"):
        chat.rest("ana@example.com", "POST", "messages", roomId=room["id"], text=text)
    learn(chat)
    run(chat)
    ana = chat.as_("ana")
    shown = ana.asks('delete "Old budget"')
    assert "Webex archives it" in shown.text
    ana.presses(shown, button(shown), code=code_on(shown))
    told(chat, room)
    said = hours(chat, 26)
    assert "archived" in said, said
    truth = chat.control.room(room["id"])
    assert truth["archived"]
    assert [one["text"] for one in truth["messages"] if not one["deleted"]] == []
    assert deleted(chat) == []
    assert "was emptied and archived" in ana.waits_for("was emptied and archived").text


def test_who_opens_a_teams_space_while_it_is_emptied_keeps_it_from_being_archived(
    chat: Chat, sandbox: Handle
) -> None:
    company(chat)
    team = chat.rest("ana@example.com", "POST", "teams", name="Finance")
    made = chat.rest("ana@example.com", "POST", "rooms", title="Old budget", teamId=team["id"])
    room = {"id": made["id"]}
    chat.rest("ana@example.com", "POST", "messages", roomId=room["id"], text="one")
    learn(chat)
    run(chat)
    ana = chat.as_("ana")
    shown = ana.asks('delete "Old budget"')
    ana.presses(shown, button(shown), code=code_on(shown))
    told(chat, room)
    people = People(cast("World", None), sandbox)
    opened = Ambush(
        sandbox, lambda: people.moderate(room, "ana@example.com"), method="DELETE",
        about="/messages/",
    )  # fmt: skip
    hours(chat, 26)
    assert opened.fired_at
    hours(chat, 2)
    assert not chat.control.room(room["id"])["archived"]
    request = request_of(chat, room)
    assert request is not None
    assert (request.state, "changed the block" in request.why) == (RequestState.ATTENTION, True)


def test_a_direct_conversation_is_emptied_by_compliance_alone(chat: Chat) -> None:
    company(chat)
    said = [
        chat.rest("ana@example.com", "POST", "messages", toPersonEmail="ben@example.com", text=t)
        for t in ("one", "two")
    ]
    room = {"id": said[0]["roomId"]}
    learn(chat)
    run(chat)
    assert "only compliance can empty it" in chat.as_("ana").says(f"delete {room['id']}")
    assert "will be emptied" in both_ask(chat, room).text
    for name in ("ana", "ben"):
        chat.as_(name).waits_for("will be emptied")
    told(chat, room)
    assert "done" in hours(chat, 49)
    truth = chat.control.room(room["id"])
    assert all(one["deleted"] for one in truth["messages"])
    assert not truth["room"]["isReadOnly"]
    assert "was emptied" in chat.as_("ben").waits_for("was emptied").text
