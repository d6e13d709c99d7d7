"""What an owner can answer besides keeping a space: its cause, its owner, its end. And whether a
card is genuine."""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain.audit import Word
from domain.lifecycle import CaseState
from tests.chats import Chat
from tests.commands.keeping import ANA, BEN, CARL, audited
from tests.nights import World

SETTINGS = {
    "CAP_PER_RUN": "20", "CAP_PER_DAY": "20", "CAP_SHARE": "1", "PACE_SECONDS": "0",
    "COOLING_HOURS": "0", "INVENTORY_HOURS": "100000",
}  # fmt: skip
CODE = re.compile(r"genuine ([2-9A-Z]{5})")


@pytest.fixture
def bot_settings() -> dict[str, str]:
    return SETTINGS


@pytest.fixture
def old(chat: Chat) -> tuple[World, dict[str, Any]]:
    """A space without a required tag that nobody used for 400 days; its owners were warned."""
    world = World(chat.process.house, chat.control)
    chat.control.person(CARL)
    for number in range(5):
        world.space(f"In use {number}", idle=1)
    room = world.space("Old plans", moderators=[ANA, BEN], members=[BEN, CARL])
    world.crawl()
    world.policy("tag:none inactive:>90d")
    world.night()
    return world, room


def state(world: World, room: dict[str, Any]) -> CaseState | None:
    case = world.case(room)
    return None if case is None else case.state


def test_an_answer_that_fixes_the_cause_is_judged_at_once_and_its_undo_brings_all_back(
    chat: Chat, old: tuple[World, dict[str, Any]]
) -> None:
    world, room = old
    ana, ben = chat.as_(ANA), chat.as_(BEN)
    card = ana.waits_for("Old plans")
    asked = ana.presses(card, "Other answers …")
    assert "What is to become of “Old plans”?" in asked.text
    assert "Change its cause …" in asked.text
    form = ana.presses(asked, "Tag …")
    done = ana.presses(form, "Send", tags="finance")
    assert "No policy matches it any more; it is left alone." in done.text
    assert state(world, room) is CaseState.CLEAR
    assert chat.eventually(lambda: "nothing happens to it now" in ben.card().text)
    old_one = lambda: next(m for m in ana.messages() if m["id"] == card["id"])  # noqa: E731
    assert chat.eventually(lambda: "nothing happens to it now" in old_one().text)
    assert "changed what was the reason for it." in ana.presses(card, "Keep for ever").text
    world.nights(2)
    assert state(world, room) is CaseState.CLEAR
    assert "Untagged" in ana.presses(done, "Undo").text
    world.nights(1)
    case = world.case(room)
    assert case is not None
    assert (case.cycle, case.notices) == (2, 1), "from the start, with every notice"
    assert "still ends it" in ana.says('end date "Old plans" 2033-03-31')


def test_a_space_is_handed_over_to_a_member_who_then_gets_every_notice(
    chat: Chat, old: tuple[World, dict[str, Any]]
) -> None:
    world, room = old
    ana, carl = chat.as_(ANA), chat.as_(CARL)
    assert "Name somebody else" in ana.says(f'hand over "Old plans" to {ANA}')
    assert "Not allowed" in carl.says(f'hand over "Old plans" to {CARL}')
    handed = ana.asks(f'hand over "Old plans" to {CARL}')
    assert "“Old plans” is handed over to Carl" in handed.text
    assert audited(chat, Word.SPACE_DISOWN) == [ANA]
    since = chat.seq()
    world.nights(1)
    assert any("Old plans" in text for text in world.told(CARL, since))
    assert not any("Old plans" in text for text in world.told(ANA, since))
    case = world.case(room)
    assert case is not None
    assert case.notices == 1, "whoever is new has the right to all of them"
    assert "is yours again" in ana.presses(handed, "It is mine after all").text
    with chat.process.house.store.read() as tx:
        assert len(tx.spaces.owners(world.key(room))) == 3


def test_not_mine_leaves_the_others_to_decide_and_where_nobody_is_left_nothing_happens(
    chat: Chat, old: tuple[World, dict[str, Any]]
) -> None:
    world, room = old
    ana, ben = chat.as_(ANA), chat.as_(BEN)
    assert "I ask its other owners: Ben" in ana.says('not mine "Old plans"')
    assert "Nothing waits for your answer" in ana.says("answers")
    assert "Not allowed" in chat.as_(CARL).says('not mine "Old plans"')
    since = chat.seq()
    world.nights(17)
    assert not any("Old plans" in text for text in world.told(ANA, since))
    assert any("Old plans" in text for text in world.told(BEN, since))
    assert "Nobody else owns it." in ben.says('not mine "Old plans"')
    world.nights(60)
    assert world.deleted() == []
    assert not chat.control.room(room["id"])["room"]["isAnnouncementOnly"]


def test_delete_now_goes_the_way_of_a_deletion_by_hand_and_can_be_taken_back(
    chat: Chat, old: tuple[World, dict[str, Any]]
) -> None:
    world, room = old
    ana = chat.as_(ANA)
    preview = ana.presses(ana.asks('answer "Old plans"'), "Delete now …")
    assert "code" in preview.text.casefold()
    assert state(world, room) is CaseState.WARNED
    assert "Not allowed" in chat.as_(CARL).says('answer "Old plans"')
    assert "Nothing about it waits" in ana.says('answer "In use 1"')


def test_a_card_is_genuine_by_its_code_and_another_s_or_a_made_up_one_is_not(
    chat: Chat, old: tuple[World, dict[str, Any]]
) -> None:
    ana, ben = chat.as_(ANA), chat.as_(BEN)
    codes = {}
    for who in (ana, ben):
        found = CODE.search(who.waits_for("Old plans").text)
        assert found
        codes[who.email] = found[1]
    assert codes[ANA] != codes[BEN]
    yes = ana.says(f"genuine {codes[ANA].lower()}")
    assert f"Yes, card {codes[ANA]} is one of mine" in yes
    assert "“Old plans” will be deleted" in yes
    for said in (codes[BEN], "22222", codes[ANA][::-1] + "2"):
        no = ana.says(f"genuine {said}")
        assert f"I never sent you a card with the code {said}" in no
        assert "Old plans" not in no
    listed = ana.says("genuine")
    assert codes[ANA] in listed
    assert codes[BEN] not in listed
    assert "never ask for a password" in listed
    assert "no card of my own accord" in chat.as_(CARL).says("genuine")
    assert "That is no code" in ana.says("genuine <script>")


def test_the_last_notice_says_that_it_is_the_last(
    chat: Chat, old: tuple[World, dict[str, Any]]
) -> None:
    world, _ = old
    since = chat.seq()
    world.nights(31)
    told = [text for text in world.told(ANA, since) if "Old plans" in text and "Notice:" in text]
    assert ["Last notice" in text for text in told] == [False, False, True]
    assert "number 4 of 4, the last one" in told[-1]
    assert "I will not ask again before that." in told[-1]


def test_an_owner_without_a_way_to_be_told_does_not_count_as_told(
    chat: Chat, old: tuple[World, dict[str, Any]]
) -> None:
    """Ben's account is shut: the notice reaches Ana alone, and with her the clock goes on."""
    world, room = old
    chat.control.person(BEN, login=False)
    world.crawl()
    world.nights(17)
    with chat.process.house.store.read() as tx:
        case = world.case(room)
        assert case is not None
        told = tx.notices.told(case.key)
    assert case.notices == 2
    assert told[world.person(ANA)] == 2
    assert told[world.person(BEN)] == 1
