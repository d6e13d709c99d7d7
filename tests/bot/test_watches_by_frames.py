"""Watches in member mode with nothing but Mercury: what can be known is told, and no more said."""

from __future__ import annotations

from typing import Any

import pytest

from bot.frames import Unreadable
from bot.signs import SIGN, sign_of
from domain.watches import Resource, Trigger
from tests.bot.test_frames import ID, ROOM, ROOM_ID, frame
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space
from tests.commands.test_watch_by_chat import HAPPENS
from tests.commands.watching import ANA, BEN, add, deliveries, settle, told

OF = "aaaaaaaa-2222-3333-4444-555555555555"


@pytest.fixture
def bot_settings() -> dict[str, str]:
    return {"CO_ACCESS_TOKEN": "", "CO2_ACCESS_TOKEN": "", "OWN_DOMAINS": "example.com"}


@pytest.mark.parametrize(
    "trigger",
    [one for one in Trigger if one.resource is Resource.MEMBERSHIP] + [Trigger.SPACE_UPDATED],
    ids=lambda one: one.words,
)
def test_what_changes_where_the_bot_is_is_told_once(chat: Chat, trigger: Trigger) -> None:
    moderators = ("ana",) if trigger is Trigger.MEMBERSHIP_UPDATED else ()
    room = make_space(chat, "Q3 plans", members=("ben",), moderators=moderators, with_bot=True)
    learn(chat, room)
    ana = chat.as_("ana")
    ana.says(f'watch {trigger.words} in "Q3 plans"')
    happens, words = HAPPENS[trigger]
    shape = happens(chat, room)
    ana.waits_for(words, within=40)
    settle(chat)
    [one] = deliveries(chat)
    data = dict(one.happening.data)
    unknown = {"id", "isMonitor"} if trigger is Trigger.MEMBERSHIP_DELETED else set()
    assert {name for name, value in data.items() if value is None} - {"teamId"} == unknown
    assert all(shape.get(name) == data[name] for name in data if name not in unknown)


def test_messages_that_mention_the_bot_are_told(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",), with_bot=True)
    learn(chat, room)
    ana = chat.as_("ana")
    ana.says('watch messages in "Q3 plans"')
    mention = f"<@personEmail:{BOT}|Spacekeeper> "
    made = chat.rest(BEN, "POST", "messages", roomId=room["id"], markdown=mention + "status")
    chat.rest(BEN, "POST", "messages", roomId=room["id"], text="nobody tells the bot of this")
    told(chat)
    chat.rest(BEN, "PUT", f"messages/{made['id']}", roomId=room["id"], markdown=mention + "help")
    told(chat, most=2)
    chat.rest(BEN, "DELETE", f"messages/{made['id']}")
    told(chat, most=3)
    settle(chat)
    each = deliveries(chat)
    assert [one.happening.trigger.event for one in each] == ["deleted", "updated", "created"]
    for one in each:
        assert one.happening.data["personEmail"] == BEN
        assert one.happening.data["id"] == made["id"]


def test_it_is_said_what_can_be_heard_at_all(chat: Chat) -> None:
    said = chat.as_("ana").says("watches")
    assert "I only hear of spaces that I am in, and of messages that mention me" in said


def test_a_new_space_is_told_when_the_bot_is_in_it_from_the_beginning(chat: Chat) -> None:
    ana = chat.as_("ana")
    ana.says("watch space created in all my spaces")
    ana.asks('create space "Brand new"')
    ana.waits_for("created “Brand new”", within=40)
    settle(chat)
    assert len(deliveries(chat)) == 1


def test_who_joins_and_leaves_and_joins_again_is_told_each_time(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", members=(), with_bot=True)
    learn(chat, room)
    ana = chat.as_("ana")
    ana.says('watch membership created and deleted in "Q3 plans"')
    for n in range(2):
        made = add(chat, ANA, room, BEN)
        told(chat, most=2 * n + 1)
        settle(chat)
        chat.rest(ANA, "DELETE", f"memberships/{made['id']}")
        told(chat, most=2 * n + 2)
        settle(chat)
    events = [one.happening.trigger.event for one in reversed(deliveries(chat))]
    assert events == ["created", "deleted", "created", "deleted"]


# -- the frames themselves -------------------------------------------------------------------

SIGNS: list[tuple[dict[str, Any], str]] = [
    ({"verb": "post", "parent": {"type": "edit", "id": OF}}, "edit"),
    ({"verb": "delete", "object": {"objectType": "activity", "id": OF}}, "delete"),
    ({"verb": "post", "actor": {"type": "BOT", "entryUUID": OF}}, "post"),
]


@pytest.mark.parametrize(("changes", "verb"), SIGNS)
def test_a_sign_holds_ids_only(changes: dict[str, Any], verb: str) -> None:
    made = sign_of(frame(**changes))
    assert made is not None
    assert (made.kind, made.body["verb"], made.id) == (SIGN, verb, ID)
    assert set(made.body) == {"id", "verb", "of", "room", "room_id", "person"}
    assert made.body["room_id"] == ROOM_ID
    assert made.body["room"] == ROOM


@pytest.mark.parametrize(
    "changes",
    [
        {"verb": "post"}, {"verb": "add"}, {"verb": "acknowledge"}, {"verb": ["delete"]},
        {"verb": "delete", "object": {"objectType": "conversation", "id": OF}},
        {"verb": "post", "parent": "edit"}, {"verb": None},
    ],
)  # fmt: skip
def test_other_frames_are_none(changes: dict[str, Any]) -> None:
    assert sign_of(frame(**changes)) is None


@pytest.mark.parametrize("odd", [None, [], "x", {}, {"data": []}, {"data": {"activity": 7}}])
def test_what_is_no_frame_is_no_sign(odd: object) -> None:
    assert sign_of(odd) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"verb": "delete", "object": {"objectType": "activity", "id": "../../etc"}},
        {"verb": "delete", "object": {"objectType": "activity"}},
        {"verb": "post", "parent": {"type": "edit", "id": 7}},
        {"verb": "delete", "object": {"objectType": "activity", "id": OF}, "actor": None},
        {"verb": "delete", "object": {"objectType": "activity", "id": OF}, "id": "x"},
    ],
)
def test_a_sign_without_its_ids_gets_no_further(changes: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        sign_of(frame(**changes))
