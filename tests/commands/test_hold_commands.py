"""Holds by chat."""

from __future__ import annotations

from tests.chats import Chat


def test_a_hold_is_placed_shown_released_and_placed_on(chat: Chat) -> None:
    ana, cleo, dora = (chat.as_(name) for name in ("ana", "cleo", "dora"))
    ana.says('create space "Q3 plans"')
    ana.says('tag "Q3 plans" finance')

    said = cleo.says("hold place lawsuit-12 tag finance because of the case")
    assert "It is held." in said
    assert "Reaches now: 1 space" in said
    assert "Nothing was on its way" in said
    assert "hold" in ana.says('explain "Q3 plans"').casefold()
    assert "can't be taken off" in ana.says('untag "Q3 plans" finance')

    said = dora.says("holds")
    assert "lawsuit-12 · " in said
    assert "by cleo" in said.casefold()
    assert "of the case" in said

    released = cleo.asks("hold release lawsuit-12")
    assert "It will be released." in released.text
    assert "released, ends" in dora.says("holds")
    assert "It is held." in cleo.presses(released, "Hold on").text
    assert "released" not in dora.says("holds")


def test_a_hold_names_what_it_holds(chat: Chat) -> None:
    cleo = chat.as_("cleo")
    assert "What is to be held?" in cleo.says("hold place lawsuit")
    assert "No space has the tag" in cleo.says("hold place lawsuit tag nosuch")
    assert "no space" in cleo.says('hold place lawsuit space "Nowhere"')
    assert "It is held." not in cleo.says("hold place lawsuit person nobody@nowhere.example")
    assert "It is held." in cleo.says("hold place lawsuit person ana@example.com")
    form = cleo.asks("hold place")
    assert "It is held." in cleo.presses(form, "Send", hold="second", people="ben@example.com").text


def test_who_is_not_of_compliance_can_not_tell_what_is_held(chat: Chat) -> None:
    ana, cleo = chat.as_("ana"), chat.as_("cleo")
    cleo.says("hold place lawsuit person ana@example.com")
    assert "for compliance" in ana.says("holds")
    assert ana.says("hold release lawsuit") == ana.says("hold release nothing")
    assert "for compliance" in ana.says("hold place")
    assert "hold place" not in ana.says("help")
