"""Holds grown, changed, ended, exported and imported by chat; “delete after”; Control Hub."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.handle import start
from spaces.sync.crawl import crawl
from tests.chats import Chat, staged
from tests.commands.beforehand import in_force


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    """One bot for all; “Q3 plans” is Ana's, with Ben in it and the tag finance."""
    database = tmp_path_factory.mktemp("holds") / "space.db"
    shutil.copy(sqlite_template, database)
    usual = {"KEEP_REASON": "forever", "KEEP_RENEWALS": "0", "COOLING_HOURS": "0"}
    with start() as handle, staged(handle, f"sqlite:///{database}", usual) as chat:
        chat.control.person("carl@example.com")
        chat.start()
        chat.as_("ana").says('create space "Q3 plans"')
        chat.as_("ana").says('add member ben@example.com to "Q3 plans"')
        chat.as_("ana").says('tag "Q3 plans" finance')
        assert crawl(chat.process.house).is_complete
        yield chat


def test_a_hold_on_a_search_grows_changes_and_is_told_whole(company: Chat) -> None:
    cleo, dora, ana = (company.as_(name) for name in ("cleo", "dora", "ana"))
    said = cleo.says("hold place merger search title:plans matter 2026-881 because of the court")
    assert "It is held." in said
    assert "Reaches now: 1 space" in said
    assert "2026-881" in said
    assert "It holds more." in dora.says("hold add merger person ana@example.com")
    assert "It holds that already." in dora.says("hold add merger person ana@example.com")
    assert "written down" in dora.says("hold change merger matter 2026-902")
    assert "Its end is set." in dora.says("hold end merger on 2028-06-30")
    assert "7 days" in dora.says("hold end merger on 2d")
    assert "until somebody releases it" in dora.says("hold end merger on never")
    shown = cleo.says("hold merger")
    for words in ("2026-902", "title:plans", "ana@example.com", "Extended to", "only that nothing"):
        assert words in shown
    assert "Here is what it reaches." in cleo.says("hold export merger")
    told = ana.says('explain "Q3 plans"')
    assert "court" not in told
    assert "merger" not in told
    assert "for compliance" in ana.says("hold merger")


def test_custodians_come_by_a_list_that_is_shown_first(company: Chat) -> None:
    cleo = company.as_("cleo")
    cleo.says("hold place custody tag finance")
    people = "ben@example.com, ana@example.com, ben@example.com, nobody@example.com"
    card = cleo.asks(f"hold import custody people {people}")
    assert "Hold 2 people?" in card.text
    assert "names nobody: 1" in card.text
    assert "I did nothing yet." in card.text
    code = next(word for word in card.text.split() if word.isdigit() and len(word) == 6)
    cleo.tells(f"confirm {code}")
    cleo.waits_for("The hold custody reaches")
    cleo.waits_for("It is over; what came of it is below.")
    assert "ben@example.com" in cleo.says("hold show custody")
    assert "Nobody of that list" in cleo.says("hold import custody people ben@example.com")
    cleo.says("hold release custody")


def test_an_officer_says_that_they_looked_in_control_hub(company: Chat) -> None:
    cleo = company.as_("cleo")
    assert "Nobody has attested" in cleo.says("holds")
    assert "Your word is on record." in cleo.says("attest today matters 2026-881")
    for words in ("holds", "status"):
        assert "2026-881" in cleo.says(words)
    assert "still to come" in cleo.says("attest 2031-01-01")
    assert "for compliance" in company.as_("ana").says("attest today")


def test_a_space_goes_sooner_by_two_people_and_is_taken_back(company: Chat) -> None:
    """Carl's, since Ana is a custodian above: what is hers is held."""
    carl, cleo, dora = (company.as_(name) for name in ("carl", "cleo", "dora"))
    carl.says('create space "Done"')
    carl.says('tag "Done" old')
    cleo.says("policy new old-ones tag:old then delete after 900d from creation cap 5")
    in_force(company, {"policy": "old-ones"})
    asked = carl.says('delete after "Done" 60d because the project is over')
    assert "Another officer has to agree" in asked
    assert "for compliance" in carl.says('delete after approve "Done"')
    card = dora.asks('delete after approve "Done"')
    code = next(word for word in card.text.split() if word.isdigit() and len(word) == 6)
    assert "may go sooner" in dora.presses(card, "Agree", code=code).text
    assert "sooner than its policy says" in carl.says('explain "Done"')
    assert "It does not go sooner." in carl.says('delete after clear "Done"')
    assert "sooner than its policy says" not in carl.says('explain "Done"')


def test_a_keep_says_why_and_is_not_renewed_beyond_its_bound(company: Chat) -> None:
    ana, cleo = company.as_("ana"), company.as_("cleo")
    ana.says('create space "Kept"')
    form = ana.asks('keep forever "Kept"')
    assert "needs a reason" in form.text
    assert "is kept for ever" in ana.presses(form, "Send", reason="the audit").text
    assert "follows the policies again" in ana.says('keep clear "Kept"')
    company.clock.advance(days=2)
    assert "Compliance may keep it longer" in ana.says('keep for "Kept" 90d')
    assert "is kept until" in cleo.says('keep for "Kept" 90d because of the audit')
