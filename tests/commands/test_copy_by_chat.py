"""A copy of a space for its moderators: what is in it, for whom, and what does not stop it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.audit import Word
from domain.ids import RoomId
from spaces import copying
from spaces.copying import copy_space
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space
from tests.commands.keeping import ANA, BEN, CARL, audited
from tests.commands.test_export_by_chat import HOSTILE, file_of, workbook


@pytest.fixture
def plans(chat: Chat) -> dict[str, Any]:
    room = make_space(chat, "Q3 plans", tags="finance", members=("ben",), moderators=("ana",))
    learn(chat, room)
    return room


def test_a_moderator_gets_what_was_said_and_who_is_in_it_and_nobody_else_does(
    chat: Chat, plans: dict[str, Any]
) -> None:
    for text in HOSTILE:
        chat.rest(BEN, "POST", "messages", roomId=plans["id"], text=text)
    gone = chat.rest(BEN, "POST", "messages", roomId=plans["id"], text="a slip")
    chat.rest(BEN, "DELETE", f"messages/{gone['id']}")
    chat.as_("cleo").says('hold place lawsuit on "Q3 plans"')
    ana = chat.as_("ana")
    assert "Copying “Q3 plans”" in ana.says('copy "Q3 plans"')
    told = ana.waits_for("Copied:").text
    assert f"{len(HOSTILE) + 1} messages, 2 people" in told
    assert "Files stay where they are" in told
    file = file_of(chat, ana)
    assert file.name.startswith("copy of Q3 plans")
    book = workbook(file.content)
    head, *rows = book["Messages"]
    said = [dict(zip(head, row, strict=True)) for row in rows]
    assert [one["Said"].replace("\ufffd", "?") for one in said] == [
        "hello", *(text.replace("\x07", "?") for text in HOSTILE)
    ]  # fmt: skip
    assert (said[0]["Who"], said[-1]["E-mail"]) == ("Ana Horvat", BEN)
    assert said[0]["Link"].startswith("webexteams://im?space=")
    assert {(row[1], row[2]) for row in book["People"][1:]} == {(ANA, "yes"), (BEN, "no")}
    about = {row[0]: row[1] for row in book["About"]}
    assert (about["Tags"], about["Copied for"]) == ("finance", ANA)
    assert set(audited(chat, Word.SPACE_COPY)) == {ANA}
    assert "only its moderators" in chat.as_("ben").says('copy "Q3 plans"')
    chat.control.person(CARL)
    assert "I know no space" in chat.as_(CARL).says('copy "Q3 plans"')
    assert "`copy`" not in told
    assert "“copy” gives you a copy" in ana.says('export space "Q3 plans"')
    assert [
        m for m in chat.as_("ben").messages() if m["personEmail"] == BOT and m.get("files")
    ] == []


def test_compliance_s_reading_is_on_record(chat: Chat, plans: dict[str, Any]) -> None:
    cleo = chat.as_("cleo")
    cleo.says('take a copy of "Q3 plans"')
    assert "1 message, 2 people" in cleo.waits_for("Copied:").text
    assert set(audited(chat, Word.MESSAGE_READ)) == {"cleo@example.com"}


def test_it_is_read_in_pieces_and_a_long_space_is_cut_with_a_word(
    chat: Chat, plans: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        chat.rest(BEN, "POST", "messages", roomId=plans["id"], text=f"{number}")
    house = chat.process.house
    with house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(plans["id"]))
    assert space is not None
    monkeypatch.setattr(copying, "A_LOOK", 5)
    slow = chat.control.fault("429", method="GET", path="/messages", retry_after="1", count=1)
    whole = copy_space(house, space)
    assert chat.control.fired(slow) == 1
    assert [one.text for one in whole.messages] == ["hello", *map(str, range(12))]
    assert not whole.is_cut
    cut = copy_space(house, space, most=7)
    assert ([one.text for one in cut.messages], cut.is_cut) == ([*map(str, range(5, 12))], True)
