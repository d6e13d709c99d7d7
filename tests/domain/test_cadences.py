from __future__ import annotations

from datetime import timedelta

import pytest

from domain.cadences import PROFILES, profile_of
from domain.policies import GRACE, NOTICES, Ending, PolicyDraft
from retention.cadence import LEAST_AFTER_LAST, LEAST_NOTICES
from retention.drafting import FIRST_NOTICE, check_draft


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
