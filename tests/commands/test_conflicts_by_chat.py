"""The conflict inbox in a conversation: listed, opened, looked at, resolved."""

from __future__ import annotations

from tests.chats import Chat
from tests.commands.beforehand import in_conflict
from tests.commands.companies import learn, make_space


def test_a_conflict_is_listed_opened_and_resolved(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",), tags="finance", idle=200)
    learn(chat, room)
    cleo, ana = chat.as_("cleo"), chat.as_("ana")
    assert "Nothing disagrees" in cleo.says("conflicts")
    in_conflict(chat, {"id": str(room["id"]), "tag": "finance"})
    listed = cleo.asks("conflicts")
    assert "1 conflict" in listed.text
    one = cleo.presses(listed, "1. Q3 plans")
    assert "is kept by hand" in one.text
    assert "off the list" in cleo.presses(one, "Looked at").text
    assert "1 conflict that you looked at did not change" in cleo.says("conflicts")
    again = cleo.asks('conflicts "Q3 plans"')
    assert "nothing of it changed since" in again.text
    cleo.presses(again, "Clear the keep")
    assert "Nothing disagrees about" in cleo.says('conflicts "Q3 plans"')
    for said in ("conflicts", 'conflicts "Q3 plans"', 'conflicts seen "Q3 plans"'):
        told = ana.says(said)
        assert "for compliance" in told
        assert "kept by hand" not in told
