from __future__ import annotations

from datetime import timedelta

import pytest

from domain.cadences import FIRST_NOTICE, PROFILES, longest, profile_of, read_profiles
from domain.policies import GRACE, NOTICES, Ending, PolicyDraft
from retention.cadence import LEAST_AFTER_LAST, LEAST_NOTICES
from retention.drafting import check_draft


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_each_profile_keeps_the_least_that_anybody_is_owed(name: str) -> None:
    one = PROFILES[name]
    assert one.grace is not None
    assert len(one.notices) >= LEAST_NOTICES
    assert max(one.notices) >= FIRST_NOTICE
    assert timedelta(days=min(one.notices)) + one.grace >= LEAST_AFTER_LAST
    draft = PolicyDraft(
        query="tag:x", ending=Ending.DELETE, period=timedelta(days=90), notices=one.notices,
        grace=one.grace, cap=1,
    )  # fmt: skip
    assert check_draft(draft).notices == one.notices
    assert profile_of(one.notices, one.grace) == name


def test_what_no_profile_says_has_no_name() -> None:
    assert profile_of(NOTICES, GRACE) == "standard"
    assert profile_of(NOTICES, timedelta(days=3)) == ""
    assert profile_of((9, 8), GRACE) == ""


def test_an_operator_names_profiles_and_their_days_are_kept_in_order() -> None:
    found = read_profiles("Gentle: 1 30,60 7 grace 30d; brisk: 14 7 3 grace 1w;")
    assert (found["gentle"].notices, found["brisk"].grace) == ((60, 30, 7, 1), timedelta(days=7))
    assert read_profiles("plain: 20 3")["plain"].grace == GRACE
    assert read_profiles("") == {}
    assert longest({**PROFILES, **read_profiles("ages: 90 60 1")}).name == "ages"
    assert longest().name == "long"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("x: 30", "at least 2 times"), ("x: 6 1", "at least 7 days before"),
        ("x: 60 30", "final notice"), ("x: 0 30", "1 to 365"), ("x: 400 3", "1 to 365"),
        ("x: 30 7 grace 400d", "stays blocked"), ("x: 30 7 grace 0d", "zero"),
        ("x: 30 7 grace soon", "not a span"), ("x: thirty 7", "whole numbers"),
        ("long: 30 7", "built in"), ("x: 30 7; x: 14 7", "twice"), ("30 14 7", "name"),
        ("a b: 30 7", "name"), ("x: " + " ".join(map(str, range(1, 20))), "at most 10"),
        (";".join(f"p{n}: 30 7" for n in range(30)), "more than 20"),
    ],
)  # fmt: skip
def test_a_profile_that_warns_too_little_or_can_t_be_read_is_told(said: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_profiles(said)


def test_all_that_is_wrong_with_profiles_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"“a”.*“b”"):
        read_profiles("a: 30; fine: 30 7; b: 60 30")
