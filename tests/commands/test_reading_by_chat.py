"""How people want to read what they are told: their own language and time zone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.lifecycle import CaseState
from tests.chats import Chat
from tests.commands.keeping import ANA, BEN, plans, warned
from tests.nights import World

SETTINGS = {
    "CAP_PER_RUN": "20", "CAP_PER_DAY": "20", "CAP_SHARE": "1", "PACE_SECONDS": "0",
    "COOLING_HOURS": "0", "INVENTORY_HOURS": "100000",
}  # fmt: skip


@pytest.fixture
def bot_settings() -> dict[str, str]:
    return SETTINGS


def test_a_time_zone_that_is_said_is_used_at_once_and_can_be_given_up(chat: Chat) -> None:
    ana = chat.as_(ANA)
    assert "your profile in Webex" in ana.says("timezone")
    set_ = ana.asks("timezone kiritimati")
    assert "Your time zone: Pacific/Kiritimati" in set_.text
    assert "+14" in set_.text
    assert "Known from: what you said to me" in ana.says("time zone")
    space = plans(chat)
    chat.control.advance(timedelta(0))
    kept = ana.says(f'keep until "{space.title}" 2031-06-30')
    assert "until Mon 30 Jun 2031" in kept
    with chat.process.house.store.read() as tx:
        keep = tx.protections.keep_of(space.key)
    assert keep is not None
    assert keep.until is not None
    assert f"{keep.until:%Y-%m-%d %H}" == "2031-06-30 09", "the day ends where she is"
    back = ana.presses(set_, "Undo")
    assert "your profile in Webex" in back.text
    assert "Pacific/Kiritimati" not in ana.says("timezone")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("timezone Berlim", "Do you mean"),
        ("timezone Indianapolis", "several time zones"),
        ("timezone ../../etc/passwd", "no time zone that I know"),
        ("timezone " + "x" * 90, "no time zone that I know"),
        ("language klingon", "I don't speak “klingon” yet"),
        ("language {0.__class__}", "I don't speak"),
    ],
)
def test_what_is_no_zone_or_language_is_refused_with_what_there_is(
    chat: Chat, said: str, answer: str
) -> None:
    assert answer in chat.as_(ANA).says(said)


def test_whoever_reads_german_is_warned_in_german_and_answers_in_it(chat: Chat) -> None:
    world = World(chat.process.house, chat.control)
    for number in range(3):
        world.space(f"In use {number}", idle=1)
    room: dict[str, Any] = world.space("Zyx", moderators=[ANA, BEN])
    world.crawl()
    world.policy(name="aufraeumen")
    ana, ben = chat.as_(ANA), chat.as_(BEN)
    asked = ana.asks("language Deutsch")
    assert "Deine Sprache: Deutsch" in asked.text
    world.night()
    mine = ana.waits_for("Zyx")
    assert "„aufraeumen“" in mine.text
    assert "wird am" in mine.text
    assert "Nummer 1 von 4" in mine.text
    assert "will be deleted" in ben.waits_for("Zyx").text
    kept = ana.presses(mine, "Für immer behalten")
    assert "wird für immer behalten" in kept.text
    assert chat.eventually(lambda: "It is kept for ever." in ben.card().text)
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.CLEAR
    assert "Your language: English" in ana.presses(asked, "English").text


def test_the_answers_of_others_come_in_the_reader_s_language(chat: Chat) -> None:
    from tests.commands.keeping import sent

    ana, ben = chat.as_(ANA), chat.as_(BEN)
    space = plans(chat)
    case = warned(chat, space, CaseState.WARNED)
    assert "Deutsch" in ben.says("language de-AT")
    why = ben.says(f'explain "{space.title}"')
    assert why.startswith(f"Was aus “{space.title}” wird")
    assert "„old“ (Rang 100) gilt für Bereiche, auf die all zutrifft: löschen, so lange" in why
    assert "Wer es ändern kann: Seine Eigentümer" in why
    assert "← das entscheidet" in why
    no = ben.says(f'keep until "{space.title}" 2020-01-01')
    assert no.startswith("Das ging nicht")
    assert "Mi. 1. Januar 2020 ist vorbei." in no
    for email in (ANA, BEN):
        sent(chat, email, space, case)
    ana.presses(ana.card(), "Keep for ever")
    assert chat.eventually(lambda: "Er wird für immer behalten." in ben.card().text)
