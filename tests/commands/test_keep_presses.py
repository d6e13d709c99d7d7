"""The owners' answers on the cards of a running case: which counts, and what the others see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from commands.keep_forever import keep_forever
from commands.keep_until import keep_until
from commands.moments import Until
from commands.spec import Context
from domain.audit import Word
from domain.errors import Refusal
from domain.lifecycle import CaseState
from domain.people import SYSTEM, Person, Role
from domain.spaces import Space
from spaces.blocking import Because, block
from spaces.sync.crawl import crawl
from spaces.sync.live import touch
from tests.chats import Chat
from tests.commands.keeping import ANA, BEN, audited, plans, sent, until_of, warned


def test_the_first_owner_s_press_keeps_it_and_the_second_is_told_who_was_first(
    chat: Chat,
) -> None:
    space = plans(chat)
    case = warned(chat, space, CaseState.WARNED)
    cards = {email: sent(chat, email, space, case) for email in (ANA, BEN)}
    kept = chat.as_(ANA).presses(cards[ANA], "Keep until that day", until="2031-06-30")
    assert "“Plans” is kept until Mon 30 Jun 2031" in kept.text
    told = chat.eventually(lambda: "“Plans”: answered" in chat.as_(BEN).card().text)
    assert told
    late = chat.as_(BEN).presses(cards[BEN], "Keep for ever")
    assert "answered: it is kept until 2031-06-30" in late.text
    assert until_of(chat, space) == "2031-06-30"
    assert audited(chat, Word.PRESS_REFUSED) == [BEN]
    with chat.process.house.store.read() as tx:
        assert tx.cases.get(case.key).state is CaseState.CLEAR


def test_a_press_after_the_case_moved_on_does_nothing_and_is_recorded(chat: Chat) -> None:
    space = plans(chat)
    case = warned(chat, space, CaseState.WARNED)
    card = sent(chat, ANA, space, case)
    with chat.process.house.store.begin() as tx:
        assert tx.cases.move(case, CaseState.CLEAR, why="somebody wrote in it")
        tx.commit()
    assert "moved on" in chat.as_(ANA).presses(card, "Keep for ever").text
    assert until_of(chat, space) == ""
    assert audited(chat, Word.PRESS_REFUSED) == [ANA]


def test_who_is_no_moderator_any_more_can_t_press(chat: Chat) -> None:
    space = plans(chat)
    case = warned(chat, space, CaseState.WARNED)
    card = sent(chat, ANA, space, case)
    members = chat.rest(ANA, "GET", f"memberships?roomId={space.id}")["items"]
    mine = next(m for m in members if m["personEmail"] == ANA)
    chat.rest(BEN, "PUT", f"memberships/{mine['id']}", isModerator=False)
    assert "only its moderators may" in chat.as_(ANA).presses(card, "Keep for ever").text
    assert until_of(chat, space) == ""


def test_who_has_left_the_space_learns_nothing_of_its_answer(chat: Chat) -> None:
    space = plans(chat)
    case = warned(chat, space, CaseState.WARNED)
    cards = {email: sent(chat, email, space, case) for email in (ANA, BEN)}
    members = chat.rest(ANA, "GET", f"memberships?roomId={space.id}")["items"]
    bens = next(m for m in members if m["personEmail"] == BEN)
    chat.rest(ANA, "DELETE", f"memberships/{bens['id']}")
    chat.rest(ANA, "PUT", f"rooms/{space.id}", title="Takeover of Acme")
    touch(chat.process.house, space.id)
    ana = chat.as_(ANA)
    assert "“Takeover of Acme” is kept for ever" in ana.presses(cards[ANA], "Keep for ever").text
    ana.says("help")  # her turn comes when all that follows from the press is done
    told = [m.text for m in chat.as_(BEN).messages()]
    assert all("Takeover" not in text and "answered" not in text for text in told)


def test_who_was_demoted_by_the_block_keeps_the_space_and_gets_it_back_as_it_was(
    stage: Chat,
) -> None:
    house = stage.start(CAP_PER_RUN="5", CAP_PER_DAY="5", CAP_SHARE="1").house
    space = plans(stage)
    before = stage.control.room(str(space.id))
    assert crawl(house).is_complete
    case = warned(stage, space, CaseState.WARNED, CaseState.BLOCKED)
    because = Because(case=case.key, evidence_at=house.clock.now())
    block(house, SYSTEM, space, step="block", because=because)
    assert stage.control.room(str(space.id))["room"]["isLocked"]
    kept = stage.as_(BEN).presses(sent(stage, BEN, space, case), "Keep for ever")
    assert "“Plans” is kept for ever" in kept.text

    def is_as_before() -> bool:
        now = stage.control.room(str(space.id))
        return shape(now) == shape(before)

    stage.eventually(is_as_before, "it was not put back")
    stage.eventually(lambda: not is_blocked_on_record(stage, space), "its block stays on record")


def shape(room: dict[str, Any]) -> tuple[Any, ...]:
    """What a block changes."""
    members = {m["personEmail"]: m["isModerator"] for m in room["members"]}
    return room["room"]["isLocked"], room["room"]["isAnnouncementOnly"], members


def is_blocked_on_record(chat: Chat, space: Space) -> bool:
    with chat.process.house.store.read() as tx:
        return tx.blocks.of(space.key) is not None


def test_the_other_owners_cards_say_who_answered_and_can_still_change_it(chat: Chat) -> None:
    space = plans(chat)
    case = warned(chat, space, CaseState.WARNED)
    for email in (ANA, BEN):
        sent(chat, email, space, case)
    chat.as_(ANA).presses(chat.as_(ANA).card(), "Keep for ever")
    ben = chat.as_(BEN)
    chat.eventually(lambda: "“Plans”: answered" in ben.card().text)
    card = ben.card()
    assert "It is kept for ever." in card.text
    assert "By: Ana" in card.text
    assert card.buttons == ["Keep until …", "Clear keep"]
    assert "“Plans”: answered" not in chat.as_(ANA).card().text
    assert "Nothing happens to it before" in ben.presses(card, "Clear keep").text


def test_who_answers_in_words_has_their_own_card_replaced_too(chat: Chat) -> None:
    space = plans(chat)
    case = warned(chat, space, CaseState.WARNED)
    old = sent(chat, ANA, space, case)
    assert "is kept for ever" in chat.as_(ANA).says('keep forever "Plans"')
    messages = chat.as_(ANA).messages
    chat.eventually(
        lambda: any(m["id"] == old["id"] and ": answered" in m.text for m in messages())
    )


def test_a_press_that_got_through_before_the_other_s_answer_did_is_refused_all_the_same(
    chat: Chat,
) -> None:
    """The look at the press and its effect are two moments; the effect looks again."""
    house = chat.process.house
    space = plans(chat)
    case = warned(chat, space, CaseState.WARNED)
    with house.store.read() as tx:
        ana, ben = tx.people.by_email(ANA), tx.people.by_email(BEN)
    assert ana is not None
    assert ben is not None

    def pressed(who: Person) -> Context:
        return Context(
            house=house, caller=who, role=Role.MEMBER, room=None, is_private=True,
            step=f"press/{who.key}", is_press=True, press_case=case.key, press_cycle=case.cycle,
        )  # fmt: skip

    keep_forever(pressed(ana), space=space, reason=None)
    with pytest.raises(Refusal, match="answered already"):
        keep_until(
                pressed(ben), space=space, until=Until(chat.clock.now() + timedelta(days=900)),
                reason=None,
            )  # fmt: skip
    assert until_of(chat, space) == "for ever"
