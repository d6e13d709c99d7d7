"""A member says that they still need a space that is due: the owners are told, and decide."""

from __future__ import annotations

from tests.chats import Chat
from tests.commands.beforehand import on_its_way
from tests.commands.companies import learn, make_space


def test_a_member_says_so_and_the_owner_keeps_it(chat: Chat) -> None:
    chat.control.person("eva@example.com")
    room = make_space(chat, "Q3 plans", members=("ben", "eva"), moderators=("ana",), idle=200)
    learn(chat, room)
    ana, ben, eva = chat.as_("ana"), chat.as_("ben"), chat.as_("eva")
    assert "Nothing is on its way" in ben.says('need "Q3 plans"')
    on_its_way(chat, {"id": str(room["id"])})
    explained = eva.asks('explain "Q3 plans"')
    assert "I have told its owners" in ben.says('I still need "Q3 plans" because of the audit')
    told = ana.waits_for("1 member still needs “Q3 plans”")
    assert "of the audit" in told.text
    assert "It is counted" in eva.presses(explained, "I still need this").text
    assert "You have said so already" in ben.says('need "Q3 plans"')
    assert "2 members say so" in ana.says('explain "Q3 plans"')
    assert "You own it" in ana.says('need "Q3 plans"')
    kept = ana.presses(told, "Keep for ever").text
    assert "kept" in kept.lower()
    assert "Nothing is on its way" in ben.says('need "Q3 plans"')
    unknown = chat.as_("cleo").says('need "Q3 plans"')
    assert "only its members" in unknown
