"""Keeping, said and pressed: who may, until when, and what a card that moved on answers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards.blocked import blocked_card
from cards.warning import warning_card
from domain.audit import Word
from domain.cases import Case
from domain.ids import PersonKey, RoomId, StepKey
from domain.lifecycle import CaseState
from domain.outgoing import Showable
from domain.people import SYSTEM
from domain.policies import Ending, PolicyDraft, PolicyState
from domain.spaces import Space
from domain.views import Warned
from spaces.blocking import Because, block
from spaces.effects.cards import send_card
from spaces.sync.crawl import crawl
from spaces.sync.live import touch
from storage.store import UnitOfWork
from tests.chats import Answer, Chat

ANA, BEN, CARL = "ana@example.com", "ben@example.com", "carl@example.com"


def plans(chat: Chat, title: str = "Plans", **more: Any) -> Space:
    """A space of ana and ben, who moderate it, and of carl, who doesn't."""
    chat.control.person(CARL)
    said: dict[str, Any] = {
        "creator": ANA, "members": [BEN, CARL], "moderators": [ANA, BEN]
    }  # fmt: skip
    room = chat.control.space(title, **(said | more))
    return touch(chat.process.house, RoomId(room["id"]))


def audited(chat: Chat, word: Word) -> list[str]:
    """Who stands in the record under a word."""
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        return [one.actor for one in tx.audit.since(word=word)]


def until_of(chat: Chat, space: Space) -> str:
    """What is kept, as a date, “for ever”, or nothing."""
    with chat.process.house.store.read() as tx:
        keep = tx.protections.keep_of(space.key)
    return "" if keep is None else "for ever" if keep.until is None else f"{keep.until:%Y-%m-%d}"


# -- what is understood ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "days"),
    [("90d", 90), ("2w", 14), ("6 months", 180), ("in 100 days", 100), ("100y", 36500)],
)
def test_a_span_counts_from_today(chat: Chat, said: str, days: int) -> None:
    space = plans(chat)
    there = (chat.clock.now() + timedelta(days=days)).astimezone(ZoneInfo("Europe/Vienna"))
    answer = chat.as_("ana").says(f'keep until "Plans" {said}')
    assert "“Plans” is kept until" in answer
    assert until_of(chat, space) == f"{there:%Y-%m-%d}"


@pytest.mark.parametrize("said", ["2031-06-30", "30 June 2031", "June 30, 2031"])
def test_a_day_is_kept_to_its_end_and_said_back(chat: Chat, said: str) -> None:
    space = plans(chat)
    answer = chat.as_("ana").says(f'keep until "Plans" {said}')
    assert "Keep until: Mon 30 Jun 2031" in answer
    assert until_of(chat, space) == "2031-06-30"


def test_the_day_is_the_person_s_own(chat: Chat) -> None:
    chat.control.person("nia@example.com", timezone="Pacific/Auckland")
    plans(chat, moderators=["nia@example.com"], members=["nia@example.com"])
    answer = chat.as_("nia").says('keep until "Plans" 2031-06-30')
    assert "Keep until: Mon 30 Jun 2031" in answer
    with chat.process.house.store.read() as tx:
        (space,) = tx.spaces.by_title("Plans", visible_to=None)
        keep = tx.protections.keep_of(space.key)
    assert keep is not None
    assert keep.until is not None
    assert f"{keep.until:%Y-%m-%d %H:%M}" == "2031-06-30 11:59"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("90", "could be days or a year"),
        ("2031", "could be days or a year"),
        ("01/02/2031", "read in two ways"),
        ("2020-01-01", "is past"),
        ("2031-02-30", "no day 2031-02-30"),
        ("101y", "100 years"),
        ("9999-12-31", "100 years"),
        ("0d", "zero"),
        ("whenever", "no date that I understand"),
    ],
)
def test_what_can_t_be_a_day_is_refused(chat: Chat, said: str, why: str) -> None:
    space = plans(chat)
    assert why in chat.as_("ana").says(f'keep until "Plans" {said}')
    assert until_of(chat, space) == ""


# -- who may --------------------------------------------------------------------------------


def test_a_member_who_is_no_moderator_is_told_why_not(chat: Chat) -> None:
    space = plans(chat)
    for words in ('keep until "Plans" 90d', 'keep forever "Plans"', 'keep clear "Plans"'):
        assert "only its moderators may" in chat.as_("carl").says(words)
    assert until_of(chat, space) == ""
    assert audited(chat, Word.COMMAND_REFUSED) == [CARL] * 3


def test_a_space_of_others_is_no_space_at_all(chat: Chat) -> None:
    plans(chat, members=[BEN])
    hidden = chat.as_("carl").says('keep forever "Plans"')
    nothing = chat.as_("carl").says('keep forever "Plaice"')
    assert hidden.replace("Plans", "Plaice") == nothing


def test_an_outsider_hears_nothing_of_it(chat: Chat) -> None:
    plans(chat, members=[BEN, "eve@partner.example"])
    assert "only talk" in chat.as_("eve@partner.example").says('keep forever "Plans"')


def test_compliance_keeps_what_it_is_not_in_and_only_it_takes_that_back(chat: Chat) -> None:
    space = plans(chat)
    assert "kept for ever" in chat.as_("cleo").says('keep forever "Plans"')
    assert "Compliance keeps it for ever" in chat.as_("ana").says('keep clear "Plans"')
    assert "follows the policies again" in chat.as_("dora").says('keep clear "Plans"')
    assert until_of(chat, space) == ""
    assert audited(chat, Word.KEEP_CLEAR) == ["dora@example.com"]


def test_a_space_is_kept_and_let_go_by_the_buttons_of_its_card(chat: Chat) -> None:
    space = plans(chat)
    ana = chat.as_("ana")
    cleared = ana.presses(ana.asks('keep until "Plans" 2031-06-30'), "Clear")
    assert "Nothing happens to it before" in cleared.text
    assert until_of(chat, space) == ""
    assert "is kept for ever" in ana.presses(cleared, "Keep for ever").text
    assert until_of(chat, space) == "for ever"


def test_without_a_day_the_form_asks_for_it(chat: Chat) -> None:
    space = plans(chat)
    ana = chat.as_("ana")
    form = ana.asks('keep until "Plans"')
    assert "is kept until Mon 30 Jun 2031" in ana.presses(form, "Send", until="2031-06-30").text
    assert until_of(chat, space) == "2031-06-30"


# -- the cards of a running case ------------------------------------------------------------


def warned(chat: Chat, space: Space, *states: CaseState) -> Case:
    """A case of the space that has come to the last of `states`."""
    with chat.process.house.store.begin() as tx:
        version = tx.policies.new(
            "old", PolicyDraft(query="all", ending=Ending.DELETE, period=timedelta(days=365)),
            author=None,
        )  # fmt: skip
        tx.policies.set_state(version.policy, PolicyState.ACTIVE, was=PolicyState.SIMULATION)
        case = tx.cases.begin(
            space.key, version=version.key, due=tx.now + timedelta(days=7), basis_at=None,
            state=CaseState.DUE, why="it is due",
        )  # fmt: skip
        for state in states:
            assert tx.cases.move(case, state, why="on its way")
            case = tx.cases.get(case.key)
        tx.commit()
    return case


def person(tx: UnitOfWork, email: str) -> tuple[PersonKey, Any]:
    known = tx.people.by_email(email)
    assert known is not None
    return known.key, known.id


def sent(chat: Chat, email: str, space: Space, case: Case) -> Answer:
    """A warning card, or the card of a blocked space, as the night sends it."""
    with chat.process.house.store.read() as tx:
        to = person(tx, email)
    told = Warned(
        space=space, ending=Ending.DELETE, due=case.opened_at, gone_at=case.opened_at, why="old",
        case=case.key, cycle=case.cycle, version=case.version,
    )  # fmt: skip
    card: Showable = (
        blocked_card(told) if case.state is CaseState.BLOCKED else warning_card([told], owner=to[0])
    )
    send_card(
        chat.process.house, card, step=StepKey(f"notice/{case.key}/{email}"),
        word=Word.NOTICE_SEND, actor=SYSTEM, person=to, case=case.key,
    )  # fmt: skip
    return chat.as_(email).card()


def test_the_first_owner_s_press_keeps_it_and_the_second_is_told_who_was_first(
    chat: Chat,
) -> None:
    space = plans(chat)
    case = warned(chat, space, CaseState.WARNED)
    cards = {email: sent(chat, email, space, case) for email in (ANA, BEN)}
    kept = chat.as_(ANA).presses(cards[ANA], "Keep until that day", until="2031-06-30")
    assert "“Plans” is kept until Mon 30 Jun 2031" in kept.text
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


def test_the_latest_day_that_a_moderator_is_told_is_one_that_they_may_type(stage: Chat) -> None:
    stage.start(KEEP_LONGEST_DAYS="100")
    space = plans(stage)
    told = stage.as_("ana").says('keep forever "Plans"')
    latest = re.search(r"until (\d{4}-\d\d-\d\d) at the latest", told)
    assert latest is not None
    assert "is kept until" in stage.as_("ana").says(f'keep until "Plans" {latest[1]}')
    assert until_of(stage, space) == latest[1]
    assert "at the latest" in stage.as_("ana").says('keep until "Plans" 1y')
    assert "is kept for ever" in stage.as_("cleo").says('keep forever "Plans"')
