"""A policy names how its owners are warned, instead of writing days."""

from __future__ import annotations

from retention.filing import FiledPolicy
from tests.chats import Chat


def test_a_policy_names_a_profile_of_warnings_and_its_grace(chat: Chat) -> None:
    cleo = chat.as_("cleo")

    def says(text: str, *answers: str) -> None:
        cleo.tells(text)  # alerts about new policies come between
        said = cleo.waits_for(answers[0]).text
        assert all(answer in said for answer in answers)

    says(
        "policy new fast tag:x then delete after 90d cap 5 warn short",
        "Warnings: short: 14 days, 7 days, 2 days before", "Blocked before deletion: 1 week",
    )  # fmt: skip
    says(
        "policy new mixed tag:x then delete after 90d cap 5 warn long grace 9d",
        "Warnings: 60 days, 30 days, 14 days, 7 days, 1 day before",
        "Blocked before deletion: 9 days",
    )  # fmt: skip
    says(
        "policy change fast warn standard", "standard: 30 days, 14 days, 7 days, 1 day before",
        "Blocked before deletion: 2 weeks",
    )  # fmt: skip
    says("policy change fast warn never", "or a profile: standard, short, long")
    says("policy change fast warn 7", "at least 2 times, the first time at least 7 days before")


def test_a_file_names_one_too_and_what_it_says_of_the_grace_counts() -> None:
    said = {"name": "x", "condition": "tag:x", "action": "delete", "after": "90d", "cap": 1}
    short = FiledPolicy.model_validate({**said, "warn": "short"}).draft()
    assert (short.notices, short.grace.days) == ((14, 7, 2), 7)
    longer = FiledPolicy.model_validate({**said, "warn": "short", "grace": "20d"}).draft()
    assert longer.grace.days == 20
    plain = FiledPolicy.model_validate(said).draft()
    assert (plain.notices, plain.grace.days) == ((30, 14, 7, 1), 14)
