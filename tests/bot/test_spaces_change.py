"""Spaces that the bot comes into, leaves, or that change: greeted once, and known as they are."""

from __future__ import annotations

from domain.ids import RoomId
from domain.spaces import Space, SpaceState
from tests.chats import BOT, Chat

ANA = "ana@example.com"
HELLO = "I look after the spaces of your company"


def hellos(chat: Chat, room: str) -> int:
    truth = chat.control.room(room)["messages"]
    return sum(HELLO in str(m.get("text", "")) for m in truth if m["personEmail"] == BOT)


def known(chat: Chat, room: str) -> Space | None:
    with chat.processes[-1].house.store.read() as tx:
        return tx.spaces.by_id(RoomId(room))


def added(chat: Chat, title: str = "Plans") -> str:
    room = str(chat.control.space(title, creator=ANA)["id"])
    chat.rest(ANA, "POST", "memberships", roomId=room, personEmail=BOT)
    return room


def test_when_the_bot_is_added_it_says_hello_once(chat: Chat) -> None:
    room = added(chat)
    chat.eventually(lambda: hellos(chat, room) == 1)
    chat.rest(ANA, "POST", "memberships", roomId=room, personEmail="ben@example.com")
    chat.in_space(room, "ana").says("help")
    assert hellos(chat, room) == 1
    space = known(chat, room)
    assert space is not None
    assert space.title == "Plans"


def test_after_a_restart_it_does_not_say_hello_again(stage: Chat) -> None:
    first = stage.start()
    room = added(stage)
    stage.eventually(lambda: hellos(stage, room) == 1)
    first.stop()
    stage.eventually(lambda: stage.connections() == 0)
    stage.start()
    stage.in_space(room, "ana").says("help")
    assert hellos(stage, room) == 1


def test_a_doubled_frame_is_no_second_hello(chat: Chat) -> None:
    doubled = chat.control.fault("frame-double", path="add", count=1)
    room = added(chat)
    chat.eventually(lambda: hellos(chat, room) == 1)
    chat.in_space(room, "ana").says("help")
    assert chat.control.fired(doubled) == 1
    assert hellos(chat, room) == 1


def test_a_hello_that_was_missed_is_said_afterwards(chat: Chat) -> None:
    chat.as_("ana").says("help")
    chat.control.disconnect(refuse=[503])
    chat.eventually(lambda: chat.connections() == 0)
    room = added(chat)
    chat.eventually(lambda: hellos(chat, room) == 1)
    chat.in_space(room, "ana").says("help")
    assert hellos(chat, room) == 1


def test_the_hello_has_buttons_that_work(chat: Chat) -> None:
    room = added(chat)
    chat.eventually(lambda: hellos(chat, room) == 1)
    card = next(e["object"] for e in chat.said_by_the_bot() if e["object"]["roomId"] == room)
    assert "What I can do" in chat.as_("ana").presses(card, "What I can do").text


def test_there_is_no_hello_in_a_space_that_the_bot_makes(chat: Chat) -> None:
    chat.as_("ana").says("create space Budget")
    made = [e for e in chat.control.effects("room.created") if e["object"]["type"] == "group"]
    chat.as_("ana").says("help")
    assert hellos(chat, made[0]["target"]) == 0


def test_there_is_no_hello_where_compliance_puts_the_bot(chat: Chat) -> None:
    room = str(chat.control.space("Plans", creator=ANA)["id"])
    officer = chat.settings["SPACEKEEPER_CO_ACCESS_TOKEN"]
    email = next(e for e, t in chat.control.ready["tokens"].items() if t == officer and "@" in e)
    chat.rest(email, "POST", "memberships", roomId=room, personEmail=BOT)
    chat.eventually(lambda: known(chat, room) is not None)
    chat.in_space(room, "ana").says("help")
    assert hellos(chat, room) == 0


def test_whoever_begins_with_a_greeting_is_greeted_once(chat: Chat) -> None:
    ana = chat.as_("ana")
    assert "Hello Ana" in ana.says("hi")
    assert "What can I do for you?" in ana.says("hello")
    assert HELLO not in ana.says("Hi!")
    assert "What I can do" in ana.presses(ana.messages()[-2], "What I can do").text


def test_whoever_begins_with_a_command_gets_its_answer(chat: Chat) -> None:
    assert "The space is there" in chat.as_("ben").says("create space Budget")


def test_a_bot_that_is_put_out_knows_it(chat: Chat) -> None:
    room = added(chat)
    chat.eventually(lambda: hellos(chat, room) == 1)
    mine = next(
        m for m in chat.control.room(room)["members"] if m["personEmail"] == BOT
    )["id"]  # fmt: skip
    chat.rest(ANA, "DELETE", f"memberships/{mine}")
    store = chat.process.house.store
    me = chat.process.house.webex.bot(_chat_lane()).me().id

    def is_out() -> bool:
        with store.read() as tx:
            person, space = tx.people.by_id(me), tx.spaces.by_id(RoomId(room))
            return not (person and space and tx.spaces.is_member(space.key, person.key))

    chat.eventually(is_out)


def test_in_member_mode_a_space_that_put_the_bot_out_is_lost(stage: Chat) -> None:
    stage.settings.pop("SPACEKEEPER_CO_ACCESS_TOKEN")
    stage.settings.pop("SPACEKEEPER_CO2_ACCESS_TOKEN")
    stage.start(OWN_DOMAINS="example.com")
    room = added(stage)
    stage.eventually(lambda: hellos(stage, room) == 1)
    mine = next(m for m in stage.control.room(room)["members"] if m["personEmail"] == BOT)
    stage.rest(ANA, "DELETE", f"memberships/{mine['id']}")

    def state() -> SpaceState | None:
        space = known(stage, room)
        return space.state if space else None

    stage.eventually(lambda: state() is SpaceState.LOST)


def test_a_new_title_a_new_member_and_a_lock_are_known_at_once(chat: Chat) -> None:
    room = added(chat)
    chat.rest(ANA, "PUT", f"rooms/{room}", title="Plans of 2031")
    chat.eventually(lambda: (s := known(chat, room)) is not None and s.title == "Plans of 2031")
    chat.rest(ANA, "POST", "memberships", roomId=room, personEmail="eve@partner.example")
    chat.eventually(lambda: (s := known(chat, room)) is not None and s.size == 2)
    chat.rest(ANA, "PUT", f"rooms/{room}", title="Plans of 2031", isLocked=True)
    chat.eventually(lambda: (s := known(chat, room)) is not None and bool(s.is_locked))


def _chat_lane() -> object:
    from webex.gateway import Lane

    return Lane.CHAT
