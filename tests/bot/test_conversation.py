"""From a person's message to the server's own log: the real webex_bot, over TLS."""

from __future__ import annotations

from tests.chats import Chat


def test_help_tells_what_can_be_done(chat: Chat) -> None:
    told = chat.as_("ana").asks("help")
    assert "Spaces" in told.buttons
    assert "create space" in chat.as_("ana").presses(told, "Spaces").text


def test_nonsense_is_answered(chat: Chat) -> None:
    assert "did not understand" in chat.as_("ana").says("qwertz")


def test_an_outsider_is_refused(chat: Chat) -> None:
    assert "only talk" in chat.as_("eve@partner.example").says("help")


def test_a_space_is_made_once_and_a_colleague_added(chat: Chat) -> None:
    ana = chat.as_("ana")
    assert "The space is there" in ana.says('create space "Q3 plans"')
    made = [e for e in chat.control.effects("room.created") if e["object"]["type"] == "group"]
    assert [e["object"]["title"] for e in made] == ["Q3 plans"]
    assert "Added" in ana.says('add member ben@example.com to "Q3 plans"')
    assert "Tagged" in ana.says('tag "Q3 plans" finance')
    people = {m["personEmail"] for m in chat.control.room(made[0]["target"])["members"]}
    assert {"ana@example.com", "ben@example.com"} <= people
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        assert tx.intents.open() == ()


def test_who_does_not_moderate_a_space_may_not_tag_it(chat: Chat) -> None:
    chat.as_("ana").says('create space "Q3 plans"')
    chat.as_("ana").says('add member ben@example.com to "Q3 plans"')
    assert "only its creator" in chat.as_("ben").says('tag "Q3 plans" finance')


def test_nobody_finds_a_space_that_they_are_not_in(chat: Chat) -> None:
    chat.as_("ana").says('create space "Q3 plans"')
    assert "no space" in chat.as_("ben").says('tag "Q3 plans" finance')


def test_a_frame_that_comes_twice_is_answered_once(chat: Chat) -> None:
    doubled = chat.control.fault("frame-double", path="post", count=1)
    chat.as_("ana").says('create space "Q3 plans"')
    chat.as_("ana").says("help")
    assert chat.control.fired(doubled) == 1
    groups = [e for e in chat.control.effects("room.created") if e["object"]["type"] == "group"]
    assert len(groups) == 1
