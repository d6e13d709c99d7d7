"""What holds for each card, asked of all of them; a card without a sample turns this red."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import cards
from cards.digest import MOST
from cards.fate import fate
from cards.found import PER_PAGE, found_card
from cards.gone import gone_card
from cards.kit import Card
from cards.policy import policy_card
from cards.simulation import simulation_card
from cards.space import space_card
from cards.warning import warning_card
from domain.intents import Outcome
from domain.lifecycle import CaseState
from domain.policies import Ending, Ruling
from tests.cards.checks import Drawn, parts, shown
from tests.cards.samples import (
    NOW,
    OWNER,
    ROOM,
    samples,
    simulated,
    space,
    version,
    view,
    warned,
)
from tests.cards.test_card_kit import HOSTILE

NAMES = sorted(samples("Q3 plans"))
GROUND = {
    "__init__", "kit", "parts", "paging", "inputs", "words", "sheets", "charts", "paper", "speech",
    "because", "retelling", "fate",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_card_looks_as_agreed(name: str, snapshot: Callable[[str, Card], None]) -> None:
    snapshot(name, samples("Q3 plans")[name])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_a_card_holds_whatever_people_write(name: str, title: str, drawn: Drawn) -> None:
    made = drawn(samples(title)[name])
    for part in parts(made):
        if part.get("type") == "TextBlock":
            assert "evil" not in part["text"]
            assert "\u202e" not in part["text"]
    assert "\u202e" not in shown(made)
    assert "${" not in json.dumps(made)


@pytest.mark.parametrize("name", NAMES)
def test_the_fallback_says_each_thing(name: str, drawn: Drawn) -> None:
    made = samples("Q3 plans")[name]
    if "cut short" in made.text:
        pytest.fail("an ordinary card's fallback is cut short")
    for part in parts(drawn(made)):
        for words in (part.get("text", ""), part.get("title", ""), part.get("label", "")):
            assert words.strip().replace("**", "") in made.text


@pytest.mark.parametrize("name", NAMES)
def test_no_card_says_the_bare_word(name: str) -> None:
    assert "retention" not in samples("Q3 plans")[name].text.casefold()


def test_every_card_has_a_sample() -> None:
    files = {path.stem for path in Path(str(cards.__file__)).parent.glob("*.py")} - GROUND
    sampled = {name.split("-")[0] for name in NAMES} | {"search_form"}
    assert files <= sampled


def test_a_space_shows_all_that_webex_says_of_it() -> None:
    said = space_card(view("Q3 plans"), now=NOW, manages=True).text
    for part in (
        "Q3 plans", ROOM, "group", "Locked: yes", "Last activity: Sun 16 Aug 2026",
        "Created by: Ana Silva", "Created: ", "12 people", "external", "Internal", "finance, q3",
    ):  # fmt: skip
        assert part in said


def test_what_is_not_known_of_a_space_is_said_so_and_is_not_no() -> None:
    said = samples("x")["space-unknown"].text
    assert "Locked: not known" in said
    assert "Scope: not known" in said


def test_only_those_who_manage_a_space_are_offered_to_change_it() -> None:
    commands = {p.command for p in space_card(view("x"), now=NOW, manages=False).presses}
    assert commands == {"explain"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"keeps_forever": True}, "kept for ever"),
        ({"state": CaseState.HELD}, "on hold"),
        ({"ruling": Ruling.UNKNOWN}, "nothing is done"),
        ({"due": None}, "No policy ends it"),
        ({"ruling": Ruling.UNTOUCHABLE}, "leave it alone"),
        ({}, "On Tue 8 Dec 2026 it is blocked, then deleted"),
    ],
)
def test_what_becomes_of_a_space_is_one_sentence(change: dict[str, object], said: str) -> None:
    assert said in fate(replace(view("x"), **change))  # type: ignore[arg-type]


def test_pages_say_where_one_is_and_lead_on() -> None:
    rows = [space("x", n) for n in range(PER_PAGE)]
    first = found_card("q", rows, total=23, page=1, now=NOW)
    last = found_card("q", rows[:3], total=23, page=3, now=NOW)
    assert first.title == "1–10 of 23 spaces"
    assert last.title == "21–23 of 23 spaces"
    titles = [p.title for p in first.presses]
    assert "Next" in titles
    assert "Previous" not in titles
    [previous] = [p for p in last.presses if p.title == "Previous"]
    assert previous.args == {"query": "q", "page": "2"}
    with pytest.raises(ValueError, match="at most"):
        found_card("q", [*rows, *rows], total=40, page=1, now=NOW)


@pytest.mark.parametrize("title", ["Q3 plans", *HOSTILE], ids=range(len(HOSTILE) + 1))
def test_a_warning_names_every_space_with_its_date_also_in_its_fallback(
    title: str, drawn: Drawn
) -> None:
    card = warning_card([warned(title, n) for n in range(1, MOST + 1)], owner=OWNER)
    for seen in (shown(drawn(card)), card.text):
        for n in range(1, MOST + 1):
            gone = NOW + timedelta(days=27 + n)
            assert f"{n}. {gone:%a} {gone.day} {gone:%b %Y}: " in seen
    assert "cut short" not in card.text


def test_a_warning_is_for_its_owner_case_and_cycle_alone() -> None:
    for press in warning_card([warned("a")], owner=OWNER).presses:
        assert press.only_for == OWNER
        if press.command != "space":
            assert (press.case, press.cycle, press.policy_version) == (1, 2, 3)


def test_a_digest_s_one_press_is_for_its_owner_and_names_each_case_in_our_record_alone() -> None:
    [press] = warning_card([warned("a"), warned("b", 2)], owner=OWNER).presses
    assert press.only_for == OWNER
    assert press.args == {"cases": "1 2"}, "a case is one cycle of one space"
    assert press.inputs == ("a1", "a2", "rest", "until")


def test_a_warning_of_nothing_or_of_too_many_is_refused() -> None:
    for number in (0, MOST + 1):
        with pytest.raises(ValueError, match="spaces"):
            warning_card([warned("a", n) for n in range(number)], owner=OWNER)


def test_a_warning_says_that_a_deletion_is_for_good() -> None:
    assert "can't be brought back" in warning_card([warned("a")], owner=OWNER).text
    blocks = warning_card([warned("a", ending=Ending.BLOCK)], owner=OWNER).text
    assert "can't be brought back" not in blocks
    assert "will be blocked on Tue 8 Dec 2026" in blocks


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.DONE])
def test_deleted_is_said_only_of_what_was_seen_gone(outcome: Outcome) -> None:
    ended = samples("x")["gone"]
    assert "was deleted" in ended.text
    from domain.views import Ended

    other = gone_card(Ended(space=space("x"), outcome=outcome, at=NOW))
    assert "was deleted" not in other.text


def test_the_author_is_not_offered_to_agree() -> None:
    author = simulation_card(simulated("x"))
    assert "policy approve" not in {p.command for p in author.presses}
    assert "You wrote version 2." in author.text
    second = simulation_card(simulated("x", code="482193"))
    [agree] = [p for p in second.presses if p.command == "policy approve"]
    assert agree.policy_version == 3
    assert agree.args == {"policy": "x", "code": "482193"}


def test_many_are_agreed_to_only_with_a_code() -> None:
    card = simulation_card(simulated("x", code="482193", retypes=True))
    [agree] = [p for p in card.presses if p.command == "policy approve"]
    assert agree.inputs == ("code",)
    assert "code" not in agree.args
    assert "482193" in card.text
    assert "143 spaces" in card.text


def test_a_policy_without_a_cap_says_that_it_may_do_nothing() -> None:
    for cap in (None, 0, -1):
        said = policy_card(replace(version("x"), cap=cap), sentence="tagged “x”").text
        assert "it may do nothing" in said


def test_a_policy_without_a_period_keeps() -> None:
    said = policy_card(replace(version("x"), period=None), sentence="tagged “x”").text
    assert "Keep: for ever" in said
    assert "Delete after" not in said
