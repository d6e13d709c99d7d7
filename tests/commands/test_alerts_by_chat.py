"""Alerts in conversation: told, listed, acknowledged, handed on, closed; by words and buttons.

One bot for the module; each test raises an alert with a subject of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cards.alert import alert_card
from domain.alerts import AlertKey, AlertKind, AlertState, Item, Raised
from domain.audit import Word
from retention.alert_telling import tell_alerts
from retention.alerting import raise_now
from sandbox.handle import start
from tests.chats import Answer, Chat, Person, staged


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    database = tmp_path_factory.mktemp("alerts") / "space.db"
    shutil.copy(sqlite_template, database)
    with start() as handle, staged(handle, f"sqlite:///{database}", {}) as chat:
        house = chat.start().house
        for who in ("cleo", "dora"):
            assert "Your quiet hours: none" in chat.as_(who).says("alert settings quiet off")
        assert house.clock.now()
        yield chat


def told(chat: Chat, subject: str, kind: AlertKind = AlertKind.SILENT) -> tuple[AlertKey, Answer]:
    """An alert, as Cleo was told of it."""
    house = chat.process.house
    key = raise_now(house, Raised(kind=kind, subject=subject, what=f"{subject} is silent"))
    tell_alerts(house, alert_card)
    card = chat.as_("cleo").waits_for(f"{subject} is silent")
    assert chat.as_("dora").waits_for(f"{subject} is silent")
    return key, card


def all_say(who: Person, words: str, *, of: str) -> bool:
    """Whether every card of an alert, as somebody has it, says something."""
    cards = [one.text for one in who.messages() if of in one.text.casefold()]
    return all(words in text for text in cards if not text.startswith("1 "))


def state(chat: Chat, key: AlertKey) -> AlertState:
    with chat.process.house.store.read() as tx:
        found = tx.alerts.get(key)
    assert found is not None
    return found.state


def test_pressing_acknowledge_counts_once_and_the_other_officers_card_says_so(
    company: Chat,
) -> None:
    cleo, dora = company.as_("cleo"), company.as_("dora")
    key, card = told(company, "one")
    theirs = dora.waits_for("one is silent")
    answer = cleo.presses(card, "Acknowledge")
    assert "acknowledged by cleo@example.com" in answer.text
    assert "[Acknowledge]" not in answer.text
    company.eventually(
        lambda: any(
            one["id"] == theirs["id"] and "acknowledged by cleo" in one.text
            for one in dora.messages()
        ),
        "the other officer's card was not brought up to date",
    )
    assert "cleo@example.com acknowledged it already" in dora.says(f"alert acknowledge {key}")
    assert state(company, key) is AlertState.ACKNOWLEDGED


def test_it_is_taken_handed_on_and_closed_with_a_reason(company: Chat) -> None:
    cleo, dora = company.as_("cleo"), company.as_("dora")
    key, card = told(company, "two")
    mine = cleo.presses(card, "Take it")
    assert "assigned to Cleo" in mine.text
    assert f"{key}. two is silent" in cleo.says("alerts mine")
    assert "No alerts" in dora.says("alerts mine")
    handed = cleo.presses(mine, "Hand on", to="dora@example.com")
    assert "assigned to Dora" in handed.text
    assert "by cleo@example.com" in dora.waits_for("assigned to Dora").text
    assert "not of compliance" in cleo.says(f"alert assign {key} to ana@example.com")
    assert "fill in" in (no := cleo.says(f"alert close {key}")) or "Why" in no
    closed = dora.says(f'alert close {key} because "its job runs again"')
    assert "Closed: Two is silent" in closed
    assert "closed by dora@example.com" in closed
    assert "its job runs again" in closed
    for officer in (cleo, dora):  # the cards that each had say so, too
        company.eventually(lambda o=officer: all_say(o, "its job runs again", of="two is silent"))
    assert "dora@example.com closed it: its job runs again" in cleo.says(
        f"alert assign {key} to me"
    )
    whole = cleo.says(f"alert {key}")
    for line in ("raised", "told", "assigned by cleo@example.com: to Dora", "closed by dora"):
        assert line in whole, whole
    with company.process.house.store.read() as tx:
        words = [one.word for one in tx.audit.since() if one.detail.get("alert") == key]
    assert words == [
        Word.ALERT_RAISE, Word.ALERT_ASSIGN, Word.ALERT_ASSIGN, Word.ALERT_CLOSE
    ]  # fmt: skip


def test_a_card_that_is_closed_by_its_button_takes_a_reason(company: Chat) -> None:
    key, card = told(company, "three")
    cleo = company.as_("cleo")
    closed = cleo.presses(card, "Close", reason="seen and put right")
    assert "closed by cleo@example.com" in closed.text
    assert "seen and put right" in closed.text
    assert state(company, key) is AlertState.CLOSED


def test_they_are_listed_by_state_and_kind_a_page_at_a_time(company: Chat) -> None:
    house, cleo = company.process.house, company.as_("cleo")
    for number in range(12):
        raise_now(
            house,
            Raised(kind=AlertKind.FORBIDDEN, subject=f"rule {number}",
                   items=(Item(key="space/1", said="Plans"),)),
        )  # fmt: skip
    first = cleo.asks("alerts about forbidden")
    assert "1–10 of 12 open alerts about forbidden by a rule" in first.text
    second = cleo.presses(first, "Next")
    assert "11–12 of 12" in second.text
    assert "forbidden by a rule 12" in cleo.says("alerts")
    assert "closed" in cleo.says("alerts closed")
    assert "11–12 of 12" in cleo.says("alerts about forbidden page 99")
    assert "can be" in cleo.says("alerts about nonsense")
    assert "There is no alert 4711" in cleo.says("alert 4711")


def test_how_a_kind_is_told_is_set_where_it_may_be(company: Chat) -> None:
    cleo = company.as_("cleo")
    shown = cleo.says("alert settings")
    assert "the brake (brake) · at once · nothing else: it must reach somebody" in shown
    assert "digest, said cleo@example.com" in cleo.says("alert settings cap digest")
    assert "must reach somebody" in cleo.says("alert settings brake off")
    assert "no quiet hours" in cleo.says("alert settings quiet late")
    form = cleo.asks("alert settings")
    assert "Your quiet hours: 22:00–06:30" in cleo.presses(form, "Set", quiet="22:00-06:30").text
    cleo.says("alert settings quiet off")


@pytest.mark.parametrize(
    "said",
    ["alerts", "alert {key}", "alert acknowledge {key}", "alert assign {key} to me",
     "alert close {key} because I say so", "alert settings"],
)  # fmt: skip
def test_it_is_for_compliance_alone(company: Chat, said: str) -> None:
    key, _ = told(company, "a secret")
    ana = company.as_("ana")
    answer = ana.says(said.format(key=key))
    assert "for compliance" in answer
    assert "secret" not in answer
    assert answer == ana.says(said.format(key=4711)), "one that is there reads like one that is not"


def test_a_rule_is_made_listed_and_dropped_and_can_be_put_back(company: Chat) -> None:
    cleo = company.as_("cleo")
    made = cleo.says("alert rule finance when tag:finance scope:external")
    assert "The rule “finance” holds from now on" in made
    assert "finance (by cleo@example.com) · tag:finance scope:external · 0" in made
    assert "1 rule" in company.as_("dora").says("alert rules")
    assert "There is a rule “finance” already" in cleo.says("alert rule finance when tag:hr")
    assert "I can't read the condition" in cleo.says("alert rule odd when nonsense:1")
    gone = cleo.asks("alert rule drop finance")
    assert "It forbade: tag:finance scope:external" in gone.text
    assert "holds from now on" in cleo.presses(gone, "Undo").text
    assert "holds no more" in cleo.says("alert rule drop finance")
    assert "There is no rule “finance”" in cleo.says("alert rule drop finance")
    for said in ("alert rules", "alert rule finance when tag:hr", "alert rule drop finance"):
        assert "for compliance" in company.as_("ana").says(said)


def test_an_old_card_pressed_again_or_altered_does_nothing_more(company: Chat) -> None:
    key, card = told(company, "four")
    cleo = company.as_("cleo")
    cleo.presses(card, "Acknowledge")
    again = cleo.presses(card, "Take it")
    assert "already" in again.text or "did not work" in again.text
    assert state(company, key) is AlertState.ACKNOWLEDGED
