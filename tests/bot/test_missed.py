"""What is said while nobody listens is read afterwards, and answered once."""

from __future__ import annotations

from datetime import timedelta

from tests.chats import BOT, Chat


def answers(chat: Chat, since: int = 0) -> list[str]:
    return [str(e["object"].get("text", "")) for e in chat.said_by_the_bot(since)]


def cut_off(chat: Chat, handshakes_refused: int = 1) -> None:
    """The connection is lost, and for a while there is none to be had."""
    chat.control.disconnect(code=1011, refuse=[503] * handshakes_refused)
    chat.eventually(lambda: chat.connections() == 0)


def test_what_was_said_while_the_connection_was_away_is_answered_once(chat: Chat) -> None:
    ana = chat.as_("ana")
    ana.says("help")
    cut_off(chat)
    before = chat.seq()
    ana.tells('create space "Q3 plans"')
    ana.waits_for("The space is there")
    ana.says("help")
    made = [e for e in chat.control.effects("room.created") if e["object"]["type"] == "group"]
    assert len(made) == 1
    assert sum("The space is there" in text for text in answers(chat, before)) == 1


def test_what_mentioned_the_bot_in_a_space_meanwhile_is_answered_there(chat: Chat) -> None:
    old = chat.clock.now() - timedelta(days=9)  # long enough ago for no hello
    room = chat.control.space("Q3", creator="ana@example.com", members=[BOT], created=old)
    cut_off(chat)
    said = chat.in_space(room, "ana").tells("help")
    answer = chat.answer_to("ana@example.com", room["id"], 0)
    assert answer["parentId"] == said["id"]


def test_a_lost_frame_shows_in_the_numbers_and_is_made_good(chat: Chat) -> None:
    lost = chat.control.fault("frame-lost", path="post", count=1)
    ana, ben = chat.as_("ana"), chat.as_("ben")
    ben.tells("help")
    assert chat.control.fired(lost) == 1
    ana.says("help")  # its frame has the number after the next
    ben.waits_for("What I can do")
    assert len([m for m in ben.messages() if m["personEmail"] == BOT]) == 1


def test_a_bot_that_was_down_answers_what_came_meanwhile(stage: Chat) -> None:
    ana = stage.as_("ana")
    first = stage.start()
    ana.says("help")
    first.stop()
    stage.eventually(lambda: stage.connections() == 0)
    stage.clock.advance(hours=3)
    ana.tells("create space Budget")
    stage.start()
    ana.waits_for("The space is there")


def test_what_is_older_than_a_day_is_not_answered_any_more(stage: Chat) -> None:
    ana, ben = stage.as_("ana"), stage.as_("ben")
    first = stage.start()
    ana.says("help")
    ben.says("help")
    first.stop()
    stage.eventually(lambda: stage.connections() == 0)
    ana.tells("create space Yesterday")
    stage.clock.advance(hours=25)
    ben.tells("create space Today")
    stage.start()
    ben.waits_for("The space is there")
    stage.as_("cleo").says("help")
    titles = [e["object"]["title"] for e in stage.control.effects("room.created")]
    assert "Today" in titles
    assert "Yesterday" not in titles


def test_on_an_empty_database_only_the_last_minutes_are_read_and_nothing_twice(
    stage: Chat,
) -> None:
    """Its database may be a new one, and all of this may have been answered long ago."""
    ana, ben, dora = stage.as_("ana"), stage.as_("ben"), stage.as_("dora")
    ana.tells("create space Long-ago")
    stage.clock.advance(minutes=30)
    dora.tells("create space Answered")
    stage.rest(BOT, "POST", "messages", toPersonEmail=dora.email, text="Done.")
    ben.tells("create space Just-now")
    stage.start()
    ben.waits_for("The space is there")
    stage.as_("cleo").says("help")
    titles = {e["object"]["title"] for e in stage.control.effects("room.created")}
    assert titles & {"Long-ago", "Answered", "Just-now"} == {"Just-now"}


def test_when_webex_fails_while_that_is_read_it_is_read_again(chat: Chat) -> None:
    ana = chat.as_("ana")
    ana.says("help")
    cut_off(chat)
    broken = chat.control.fault("status", status=403, method="GET", path="/rooms", who=BOT)
    ana.tells("create space Budget")
    chat.eventually(lambda: chat.control.fired(broken) == 1)
    chat.process.reconciler.soon()  # rather than half a minute later
    ana.waits_for("The space is there")


def test_intents_that_are_open_are_settled_when_the_connection_is_back(chat: Chat) -> None:
    ana = chat.as_("ana")
    ana.says("help")
    broken = chat.control.fault("5xx-after", method="POST", path="/rooms", count=1)
    blind = chat.control.fault("5xx", method="GET", path="/rooms", who=BOT, count=30)
    ana.tells("create space Budget")
    chat.eventually(lambda: chat.control.fired(broken) and chat.control.fired(blind))
    store = chat.process.house.store

    def is_open() -> bool:
        with store.read() as tx:
            return bool(tx.intents.open())

    chat.eventually(is_open)
    ana.waits_for("can't see yet")
    chat.control.clear_faults()
    cut_off(chat)
    chat.eventually(lambda: not is_open())
    with store.read() as tx:
        assert tx.audit.verify()
    made = [e for e in chat.control.effects("room.created") if e["object"]["type"] == "group"]
    assert len(made) == 1


def test_nothing_is_looked_at_that_did_not_change(chat: Chat) -> None:
    old = chat.clock.now() - timedelta(days=9)
    room = chat.control.space("Old", creator="ana@example.com", members=[BOT], created=old)
    chat.as_("ana").says("help")
    before = chat.seq()
    cut_off(chat)
    chat.as_("ana").tells("help")
    chat.eventually(lambda: len(answers(chat, before)) == 1)
    asked = [e for e in chat.control.log(before, what="request") if e["who"] == BOT]
    assert not [e for e in asked if room["id"] in str(e["query"])]
