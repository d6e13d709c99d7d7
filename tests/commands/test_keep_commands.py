"""Keeping, said and pressed: who may, until when, and what a card that moved on answers."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.audit import Word
from tests.chats import BOT, Chat
from tests.commands.keeping import ANA, BEN, CARL, audited, plans, until_of

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


def test_in_a_space_the_day_alone_is_enough(chat: Chat) -> None:
    space = plans(chat, members=[BEN, BOT])
    assert "“Plans” is kept until" in chat.in_space(str(space.id), ANA).says("keep until 90d")
    assert until_of(chat, space) != ""
    assert "follows the policies" in chat.in_space(str(space.id), ANA).says("keep clear")
    assert "is kept for ever" in chat.in_space(str(space.id), ANA).says("keep forever")
