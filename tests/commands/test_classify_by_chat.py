"""Classifying a space: what is shown before, who may, what Webex refuses, and what follows."""

from __future__ import annotations

from typing import Any

import pytest

from domain.audit import Word
from domain.ids import RoomId
from domain.lifecycle import CaseState
from query.protecting import holds_on
from tests.chats import Chat
from tests.commands.companies import learn, make_space
from tests.commands.keeping import ANA, BEN, CARL, audited
from tests.commands.test_answers_by_chat import SETTINGS
from tests.nights import World


@pytest.fixture
def bot_settings() -> dict[str, str]:
    return SETTINGS


@pytest.fixture
def plans(chat: Chat) -> dict[str, Any]:
    room = make_space(chat, "Q3 plans", members=("ben",), moderators=("ana",))
    learn(chat, room)
    return room


def level(chat: Chat, room: dict[str, Any]) -> str:
    """A space's level by the server's word."""
    kinds = {one["id"]: one["title"] for one in chat.rest(ANA, "GET", "classifications")["items"]}
    return kinds.get(chat.rest(ANA, "GET", f"rooms/{room['id']}").get("classificationId"), "none")


def known(chat: Chat, room: dict[str, Any]) -> str | None:
    with chat.process.house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(room["id"]))
    return space.classification if space else None


def test_it_is_shown_first_then_raised_and_known_at_once(chat: Chat, plans: dict[str, Any]) -> None:
    ana = chat.as_("ana")
    shown = ana.asks('classify "Q3 plans" as Internal')
    for part in ("I did nothing yet.", "Until now: none", "Classification: Internal",
                 "For the policies nothing changes by it.", "can't be taken back"):  # fmt: skip
        assert part in shown.text
    assert level(chat, plans) == "none"
    done = ana.presses(shown, "Classify")
    assert "It is classified as Internal." in done.text
    assert done.buttons == [], "a moderator can't take it back"
    assert (level(chat, plans), known(chat, plans)) == ("Internal", "Internal")
    assert "classified so already" in ana.says('classify "Q3 plans" as internal')
    assert "pressed “Classify” already" in ana.presses(shown, "Classify").text
    assert set(audited(chat, Word.SPACE_CLASSIFY)) == {ANA}


def test_nothing_slips_out_of_a_hold_by_its_level(chat: Chat, plans: dict[str, Any]) -> None:
    ana = chat.as_("ana")
    chat.as_("cleo").says("hold place lawsuit search classification:internal")
    ana.presses(ana.asks('classify "Q3 plans" as Internal'), "Classify")
    ana.presses(ana.asks('classify "Q3 plans" as Restricted'), "Classify")
    assert level(chat, plans) == "Restricted"
    with chat.process.house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(plans["id"]))
        assert space is not None
        assert len(holds_on(tx, space.key)) == 1


def test_without_a_level_they_are_there_to_choose_from(chat: Chat, plans: dict[str, Any]) -> None:
    chat.control.levels("Public", "Restricted")
    ana = chat.as_("ana")
    form = ana.asks('classify "Q3 plans"')
    assert "Public, Restricted" in form.text
    assert "Internal" not in form.text, "it is not switched on"
    shown = ana.presses(form, "Send", level="Restricted")
    ana.presses(shown, "Classify")
    assert level(chat, plans) == "Restricted"
    assert "There are: Public, Restricted." in ana.says('classify "Q3 plans" as Internal')


@pytest.mark.parametrize(
    "said", ["classify Q3 plans as Internal", "reclassify Q3 plans to internal"]
)
def test_it_can_be_said_in_other_words(chat: Chat, plans: dict[str, Any], said: str) -> None:
    assert "Classification: Internal" in chat.as_("ana").says(said)


def test_lowering_is_refused_to_moderators_and_compliance_hears_webex_s_own_word(
    chat: Chat, plans: dict[str, Any]
) -> None:
    ana, cleo = chat.as_("ana"), chat.as_("cleo")
    done = cleo.presses(cleo.asks('classify "Q3 plans" as Restricted'), "Classify")
    assert "Webex lets a classification only be raised" in ana.says('classify "Q3 plans" as Public')
    done = cleo.presses(cleo.asks('classify "Q3 plans" as Strictly confidential'), "Classify")
    shown = cleo.presses(done, "Set back to Restricted …")
    assert "not documented" in shown.text
    assert "The classification can only be raised" in cleo.presses(shown, "Classify").text
    assert level(chat, plans) == "Strictly confidential"
    chat.control.switch(classification_only_rises=False)
    shown = cleo.asks('classify "Q3 plans" as Public')
    assert "It is classified as Public." in cleo.presses(shown, "Classify").text
    assert (level(chat, plans), known(chat, plans)) == ("Public", "Public")


def test_whoever_may_not_any_more_and_what_was_changed_meanwhile_is_seen_at_the_yes(
    chat: Chat, plans: dict[str, Any]
) -> None:
    ana, cleo = chat.as_("ana"), chat.as_("cleo")
    assert "only its moderators" in chat.as_("ben").says('classify "Q3 plans" as Internal')
    stale = ana.asks('classify "Q3 plans" as Internal')
    cleo.presses(cleo.asks('classify "Q3 plans" as Public'), "Classify")
    assert "classified as Public meanwhile" in ana.presses(stale, "Classify").text
    lost = ana.asks('classify "Q3 plans" as Internal')
    for who, moderates in ((BEN, True), (ANA, False)):
        found = chat.rest(ANA, "GET", f"memberships?roomId={plans['id']}&personEmail={who}")
        id = found["items"][0]["id"]
        chat.rest(ANA, "PUT", f"memberships/{id}", isModerator=moderates)
    assert "Not allowed" in ana.presses(lost, "Classify").text
    assert level(chat, plans) == "Public"


def test_without_classifications_it_says_who_switches_them_on(
    chat: Chat, plans: dict[str, Any]
) -> None:
    chat.control.levels()
    assert "Control Hub" in chat.as_("ana").says('classify "Q3 plans" as Internal')
    chat.control.fault("status", method="GET", path="/classifications", status=403, count=9)
    assert "Webex names no classifications to me" in chat.as_("ana").says('classify "Q3 plans"')


def test_where_it_is_the_cause_a_warning_offers_it_and_the_space_is_spared(chat: Chat) -> None:
    world = World(chat.process.house, chat.control)
    chat.control.person(CARL)
    for number in range(5):
        world.space(f"In use {number}", idle=1)
    room = world.space("Old plans", moderators=[ANA, BEN], members=[BEN, CARL])
    world.crawl()
    world.policy("inactive:>90d -classification:Restricted")
    world.night()
    ana = chat.as_(ANA)
    asked = ana.presses(ana.waits_for("Old plans"), "Other answers …")
    form = ana.presses(asked, "Classify …")
    shown = ana.presses(form, "Send", level="Internal")
    assert "For the policies nothing changes by it." in shown.text
    done = ana.presses(shown, "Classify")
    assert "still ends it" in done.text, "that we changed it is no activity (I20)"
    shown = ana.asks('classify "Old plans" as Restricted')
    assert "Policies now: “policy" in shown.text
    assert "Policies then: Nothing is planned." in shown.text
    done = ana.presses(shown, "Classify")
    assert "No policy matches it any more; it is left alone." in done.text
    case = world.case(room)
    assert case is None or case.state is CaseState.CLEAR
    shown = ana.asks('classify "Old plans" as Strictly confidential')
    assert "Policies then: “policy inactive:>90d" in shown.text
    assert "its owners are warned, as always" in shown.text
    assert known(chat, room) == "Restricted", "a preview changes nothing"
