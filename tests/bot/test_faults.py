"""What goes wrong between Webex and us, and how it is made good."""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from sandbox.handle import Handle
from tests.chats import BOT, Chat


def heard(chat: Chat, email: str) -> list[str]:
    return [m.text for m in chat.as_(email).messages() if m["personEmail"] == BOT]


def titles(chat: Chat) -> list[str]:
    found = chat.control.effects("room.created")
    return [e["object"]["title"] for e in found if e["object"]["type"] == "group"]


# -- frames ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["frame-lost", "frame-double", "frame-delay"])
def test_frames_that_are_lost_doubled_or_late_are_answered_once(chat: Chat, kind: str) -> None:
    ana, ben = chat.as_("ana"), chat.as_("ben")
    odd = chat.control.fault(kind, path="post", count=2, seconds=0.5)
    ana.tells("create space One")
    ben.tells("create space Two")
    chat.as_("cleo").says("help")  # a frame in order, that shows a gap
    ana.waits_for("The space is there")
    ben.waits_for("The space is there")
    chat.as_("cleo").says("help")
    assert chat.control.fired(odd) == 2
    assert sorted(titles(chat)) == ["One", "Two"]
    assert len(heard(chat, ana.email)) == len(heard(chat, ben.email)) == 1


def test_a_press_that_comes_twice_counts_once(chat: Chat) -> None:
    ana = chat.as_("ana")
    form = ana.asks("create space")
    chat.control.fault("frame-double", path="cardAction", count=1)
    assert "The space is there" in ana.presses(form, "Send", title="One").text
    ana.says("help")
    assert titles(chat) == ["One"]
    assert not [text for text in heard(chat, ana.email) if "already" in text]


# -- what a person says, in order -----------------------------------------------------------


def test_what_is_said_in_one_breath_is_done_in_its_order(chat: Chat) -> None:
    """The first command waits for Webex; the second one needs what comes of it."""
    slow = chat.control.fault("timeout-after", method="POST", path="/rooms", seconds=1, count=1)
    ana = chat.as_("ana")
    ana.tells('create space "Q3 plans"')
    ana.tells('add member ben@example.com to "Q3 plans"')
    ana.waits_for("Added")
    assert chat.control.fired(slow) == 1


def test_somebody_who_waits_for_webex_keeps_nobody_else_waiting(chat: Chat) -> None:
    stuck = chat.control.fault("timeout-after", method="POST", path="/rooms", seconds=4, count=1)
    for number in range(10):
        chat.as_("ana").tells(f"create space S{number}" if number == 0 else "help")
    chat.eventually(lambda: chat.control.fired(stuck))
    assert "What I can do" in chat.as_("ben").says("help")
    assert heard(chat, "ana@example.com") == []


# -- Webex does not take the answer ---------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("429", {"retry_after": "1"}),
        ("5xx", {"status": 502}),
        ("5xx-after", {"status": 502}),
        ("reset", {}),
        ("reset-after", {}),
        ("broken-json", {}),
        ("html", {}),
    ],
    ids=str,
)
def test_an_answer_that_webex_did_not_take_comes_once_all_the_same(
    chat: Chat, kind: str, more: dict[str, object]
) -> None:
    ana = chat.as_("ana")
    ana.says("help")
    fault = chat.control.fault(kind, method="POST", path="/messages", who=BOT, count=1, **more)
    ana.tells("create space Budget")
    ana.waits_for("The space is there", within=40)
    ana.says("help")
    assert chat.control.fired(fault) == 1
    assert len(heard(chat, ana.email)) == 3
    assert titles(chat) == ["Budget"]


def test_webex_may_be_away_for_longer_than_anybody_sleeps(chat: Chat) -> None:
    """A day of Retry-After is slept by nobody: the letter waits, and others are served."""
    ana = chat.as_("ana")
    ana.says("help")
    away = chat.control.fault(
        "429", method="POST", path="/messages", who=BOT, count=1, retry_after="86400"
    )
    ana.tells("help")
    chat.eventually(lambda: chat.control.fired(away))
    store = chat.process.house.store

    def waits() -> bool:
        with store.read() as tx:
            return tx.inbox.counts().get("waiting", 0) == 1

    chat.eventually(waits)
    assert "What I can do" in chat.as_("ben").says("help")


def test_while_the_conversation_service_is_down_people_are_answered(
    chat: Chat, sandbox: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.activities._HOST", "127.0.0.1:1")  # where nobody listens
    assert "The space is there" in chat.as_("ana").says("create space Budget")
    form = chat.as_("ana").asks("create space")
    assert "The space is there" in chat.as_("ana").presses(form, "Send", title="Two").text


def test_when_nothing_can_be_read_it_is_read_later(chat: Chat) -> None:
    ana = chat.as_("ana")
    ana.says("help")
    down = chat.control.fault("5xx", method="GET", path="/messages/*", who=BOT, count=4)
    ana.tells("create space Budget")
    ana.waits_for("The space is there")
    assert chat.control.fired(down) == 4
    assert titles(chat) == ["Budget"]


def test_a_message_that_is_not_there_yet_is_waited_for(chat: Chat) -> None:
    stale = chat.control.fault("stale", method="GET", path="/messages/*", who=BOT, count=2)
    assert "What I can do" in chat.as_("ana").says("help")
    assert chat.control.fired(stale) == 2


# -- our own fault --------------------------------------------------------------------------


def test_when_a_handler_breaks_the_person_gets_an_id_and_the_log_has_the_rest(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    """The database loses a table; nothing that the product does is stood in for."""
    ana = chat.as_("ana")
    ana.says("help")
    engine = chat.process.house.store.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE space_tag RENAME TO space_tag_lost")
        connection.exec_driver_sql("ALTER TABLE intent RENAME TO intent_lost")
    with caplog.at_level(logging.ERROR):
        answer = ana.says("create space Budget")
    assert "Something broke on my side" in answer
    found = re.search(r"this id: (\w+)", answer)
    assert found is not None
    told = [r for r in caplog.records if found[1] in r.getMessage()]
    assert len(told) == 1
    assert told[0].exc_info is not None
    assert "Budget" not in told[0].getMessage()
    assert "intent" not in answer
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE intent_lost RENAME TO intent")
        connection.exec_driver_sql("ALTER TABLE space_tag_lost RENAME TO space_tag")
    assert "The space is there" in ana.says("create space Budget")


# -- people ---------------------------------------------------------------------------------


def test_a_message_that_is_edited_at_once_is_answered_once(chat: Chat) -> None:
    ana = chat.as_("ana")
    late = chat.control.fault("frame-delay", path="post", seconds=0.3, count=1)
    said = ana.tells("create spacee One")
    chat.rest(
        ana.email, "PUT", f"messages/{said['id']}", roomId=said["roomId"], text="create space One"
    )
    ana.waits_for("The space is there")
    ana.says("help")
    assert chat.control.fired(late) == 1
    assert titles(chat) == ["One"]
    assert len(heard(chat, ana.email)) == 2


def test_a_message_that_is_deleted_at_once_is_let_go(chat: Chat) -> None:
    ana = chat.as_("ana")
    ana.says("help")
    chat.control.fault("frame-delay", path="post", seconds=0.3, count=1)
    said = ana.tells("create space One")
    chat.rest(ana.email, "DELETE", f"messages/{said['id']}")
    store = chat.process.house.store

    def let_go() -> bool:
        with store.read() as tx:
            return tx.inbox.counts().get("failed", 0) == 1

    chat.eventually(let_go)
    assert "What I can do" in ana.says("help")
    assert titles(chat) == []


def test_other_bots_are_not_talked_to(chat: Chat) -> None:
    other = "other@webex.bot"
    chat.control.person(other, kind="bot")
    room = chat.control.space("Plans", creator="ana@example.com", members=[BOT, other])["id"]
    before = chat.seq()
    said = {"roomId": room, "markdown": f"<@personEmail:{BOT}|Spacekeeper> help"}
    chat.rest(other, "POST", "messages", **said)
    chat.in_space(room, "ana").says("help")
    assert len(chat.said_by_the_bot(before)) == 1


# -- much at once ---------------------------------------------------------------------------


def test_a_burst_of_three_hundred_is_answered_without_loss(chat: Chat) -> None:
    people = [f"p{number}@example.com" for number in range(30)]
    for email in people:
        chat.control.person(email)
        chat.control.token(email)
    before = chat.seq()
    with ThreadPoolExecutor(8) as pool:
        rooms = list(pool.map(lambda email: chat.as_(email).tells("help")["roomId"], people * 10))

    def answers() -> Counter[str]:
        return Counter(str(e["object"]["roomId"]) for e in chat.said_by_the_bot(before))

    chat.eventually(lambda: sum(answers().values()) >= 300, within=60)
    assert answers() == Counter(rooms)
    acks = set(chat.control.mercury()["acks"])
    assert len(acks) >= 300


def test_whoever_floods_is_told_once_and_the_others_are_answered(chat: Chat) -> None:
    ana = chat.as_("ana")
    for _ in range(45):
        ana.tells("help")
    assert "What I can do" in chat.as_("ben").says("help")
    ana.waits_for("a lot at once")
    told = [text for text in heard(chat, ana.email) if "a lot at once" in text]
    assert 1 <= len(told) <= 3
    assert len(heard(chat, ana.email)) < 45


@pytest.mark.parametrize("bot_settings", [{"WEBEX_PER_MINUTE": "300"}])
def test_chat_is_answered_while_the_background_is_exhausted(
    chat: Chat, bot_settings: dict[str, str]
) -> None:
    """A great many changes of spaces use up what background work may ask; chat does not notice."""
    rooms = [
        chat.control.space(f"S{n}", creator="ana@example.com", members=[BOT]) for n in range(60)
    ]
    ana = chat.as_("ana")
    ana.says("help")
    for room in rooms:
        chat.rest("ana@example.com", "PUT", f"rooms/{room['id']}", title=f"{room['title']} now")
    store = chat.process.house.store

    def is_exhausted() -> bool:
        with store.read() as tx:
            counts = tx.inbox.counts()
        return counts.get("taken", 0) > 20

    chat.eventually(is_exhausted)
    before = chat.clock.now()
    assert "What I can do" in chat.as_("ben").says("help")
    assert chat.clock.now() - before < timedelta(seconds=3)
    assert is_exhausted()


def test_many_changes_of_one_space_are_few_looks(chat: Chat) -> None:
    room = chat.control.space("S", creator="ana@example.com", members=[BOT])
    before = chat.seq()
    threads = [
        threading.Thread(
            target=chat.rest, args=("ana@example.com", "PUT", f"rooms/{room['id']}"),
            kwargs={"title": f"S{n}"},
        )
        for n in range(40)
    ]  # fmt: skip
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    truth = chat.control.room(room["id"])["room"]["title"]
    store = chat.process.house.store

    def is_known() -> bool:
        with store.read() as tx:
            done = tx.inbox.counts()
            return done.get("answered", 0) >= 40 and bool(
                tx.spaces.by_title(truth, visible_to=None)
            )

    chat.eventually(is_known)
    looks = [
        e for e in chat.control.log(before, what="request")
        if e["method"] == "GET" and e["path"] == f"/rooms/{room['id']}"
    ]  # fmt: skip
    assert 1 <= len(looks) <= 30
