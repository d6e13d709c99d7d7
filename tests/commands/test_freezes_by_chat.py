"""Freeze days by chat: set by one officer, taken away by two; and a policy's own hours."""

from __future__ import annotations

from tests.chats import Chat, Person


def test_freeze_days_are_set_listed_and_taken_away_by_two(chat: Chat) -> None:
    cleo, dora = chat.as_("cleo"), chat.as_("dora")

    def says(who: Person, text: str, *answers: str) -> str:
        who.tells(text)  # alerts come between
        said = who.waits_for(answers[0]).text
        assert all(answer in said for answer in answers), said
        return said

    says(cleo, "freeze list", "No freeze days", "At this moment it is open")
    says(
        cleo, "freeze add 2099-12-24 to 2100-01-02 because of the turn of the year",
        "Nothing is destroyed on these days.", "2099-12-24 to 2100-01-02",
        "of the turn of the year", "counted in UTC",
    )  # fmt: skip
    says(cleo, "freeze add christmas because x", "I can't read the days")
    says(cleo, "freeze add 2020-01-01 because x", "Those days are past.")
    says(cleo, "freeze remove 2099-12-24", "There is no freeze of 2099-12-24", "2099-12-24..2100")
    says(
        cleo, "freeze remove 2099-12-24..2100-01-02", "A second person is needed",
        "freeze remove 2099-12-24..2100-01-02",
    )  # fmt: skip
    says(dora, "freeze list", "1 freeze of the company", "cleo@example.com wants it away")
    says(dora, "freeze remove 2099-12-24 to 2100-01-02", "Two people have taken these days away.")
    says(dora, "freezes", "taken away by two people; it counts until")
    says(cleo, "freeze add 2099-12-24..2100-01-02 because it stays", "Nothing is destroyed on")
    assert "wants it away" not in says(cleo, "freeze list", "1 freeze of the company")
    assert "compliance" in chat.as_("ana").says("freeze list")
    assert "compliance" in chat.as_("ana").says("freeze add 2099-12-24 because x")


def test_a_policy_says_its_own_hours_beside_the_companys(chat: Chat) -> None:
    cleo = chat.as_("cleo")
    cleo.tells(
        "policy new desk tag:desk then delete after 90d cap 5 hours Mon-Fri 9:00-17:00"
        " Europe/Berlin freeze 2099-12-24 to 2100-01-02, 12-25"
    )
    said = cleo.waits_for("Policy desk").text
    assert "Mon, Tue, Wed, Thu, Fri, 09:00 to 17:00 (Europe/Berlin), and only when" in said
    assert "2099-12-24 to 2100-01-02, 12-25 each year (Europe/Berlin)" in said
    cleo.tells("policy change desk hours always freeze none")
    assert "whenever the company lets anything be destroyed" in cleo.waits_for("Acts: when").text
    cleo.tells("policy history desk")
    assert "hours: mon-fri 09:00-17:00 Europe/Berlin → always" in cleo.waits_for("2 versions").text
    cleo.tells("policy change desk hours 9-17")
    assert "hours mon-fri 09:00-17:00" in cleo.waits_for("can't read when it may act").text
