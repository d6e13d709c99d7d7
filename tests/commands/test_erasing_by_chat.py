"""Erasing a person by chat, with the real bot: asked for, agreed to, carried out, certified."""

from __future__ import annotations

import re

import pytest

from jobs.spec import Firing
from jobs.voice import night_of
from retention.erasing.running import run_erasures
from tests.chats import Chat
from tests.commands.companies import learn, make_space
from tests.commands.ending import SETTINGS


@pytest.fixture
def bot_settings() -> dict[str, str]:
    return SETTINGS | {"ERASE_PER_DAY": "1000", "ERASE_PACE_SECONDS": "0"}


def run(chat: Chat) -> None:
    house = chat.process.house
    now = house.clock.now()
    said = run_erasures(
        night_of(Firing(house=house, run=f"erasures@{now.isoformat()}", due_at=now))
    )
    assert not said["stopped"], said


def test_a_person_is_erased_under_four_eyes(chat: Chat) -> None:
    ana, ben, cleo, dora = (chat.as_(name) for name in ("ana", "ben", "cleo", "dora"))
    chat.control.person("fay@example.com")
    room = make_space(chat, "Q3 plans", members=("ben", "fay"), moderators=("ana",))
    learn(chat, room)
    chat.rest(ben.email, "POST", "messages", roomId=room["id"], text="Ben's words")
    chat.rest(ana.email, "POST", "messages", roomId=room["id"], text="Ana's words")

    begun = cleo.asks("erase person ben@example.com because of their letter")
    assert "Counting what there is for ER-" in begun.text, begun.text
    number = re.search(r"ER-\d{4}-\d{6}", begun.text)
    assert number is not None
    cleo.waits_for("another officer has to agree")
    cleo.waits_for("It is over; what came of it is below.")
    dora.waits_for("asks to erase a person")
    seen = cleo.says(f"erasure {number[0]}")
    assert "somebody else of compliance has to agree" in seen
    assert "Q3 plans" in seen
    assert number[0] in cleo.says("erasures")

    shown = dora.asks(f"erasure approve {number[0]}")
    assert "What is deleted can't be brought back." in shown.text
    code = re.search(r"type this code: (\d{6})", shown.text)
    assert code is not None, shown.text
    assert "not the code" in dora.says(f"erasure approve {number[0]} 000000")
    agreed = dora.presses(shown, "Agree", code=code[1])
    assert "You agreed." in agreed.text
    cleo.waits_for("agreed to an erasure.")
    run(chat)
    assert not chat.control.effects("message.deleted")

    chat.clock.advance(hours=25)
    run(chat)
    gone = [str(e["object"]["text"]) for e in chat.control.effects("message.deleted")]
    assert "Ben's words" in gone
    assert "Ana's words" not in gone
    told = dora.waits_for("an erasure is done").text
    certificate = re.search(r"SK-\d{4}-\d{6}", told)
    assert certificate is not None
    over = dora.says(f"erasure {number[0]}")
    assert "ben@" not in over
    assert "P-" in over
    paper = dora.says(f"certificate {certificate[0]}")
    assert "Seal: whole" in paper
    assert "ben@" not in paper


def test_it_is_extended_called_off_and_of_no_concern_to_others(chat: Chat) -> None:
    ana, cleo, dora = (chat.as_(name) for name in ("ana", "cleo", "dora"))
    room = make_space(chat, "Q3 plans", members=("ben",), moderators=("ana",))
    for number in range(16):
        make_space(chat, f"Further {number}", members=("ben",), moderators=("ana",))
    learn(chat, room)
    begun = cleo.says("erase person ben@example.com received 2026-11-01")
    number = re.search(r"ER-\d{4}-\d{6}", begun)
    assert number is not None, begun
    cleo.waits_for("another officer has to agree")
    cleo.waits_for("It is over; what came of it is below.")
    assert "And " in dora.says(f"erasure {number[0]}")
    chat.eventually(lambda: any(m.get("files") for m in dora.messages()), "the whole list came")
    more = dora.says(f"erasure extend {number[0]} because there are very many spaces")
    assert "two further months" in more
    assert "called off" in dora.says(f"erasure cancel {number[0]} because they took it back")
    assert "over already" in dora.says(f"erasure cancel {number[0]}")
    for said in (
        "erase person ben@example.com", "erase person nobody@example.com", "erasures",
        f"erasure {number[0]}", f"erasure approve {number[0]}", f"erasure cancel {number[0]}",
    ):  # fmt: skip
        assert "for compliance" in ana.says(said)
    assert ana.says(f"erasure {number[0]}") == ana.says("erasure ER-2026-999999")
    assert "is of compliance" in cleo.says("erase person dora@example.com")
    assert "machine" in cleo.says("erase person spacekeeper@webex.bot")
    assert "find nobody" in cleo.says("erase person nobody@example.com")
    assert "no day" in cleo.says("erase person ben@example.com received yesterday")
