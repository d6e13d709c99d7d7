"""What a policy may say: nothing that is blank ever means now, all or without a limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.errors import Refusal
from domain.people import Actor
from domain.policies import Ending, PolicyDraft
from retention.drafting import check_draft, policy_name
from retention.policies import list_policies, write_policy
from spaces.spec import House
from tests.retention.officers import CLEANUP, DAY, words


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"query": ""}, "needs a condition"),
        ({"query": "   "}, "needs a condition"),
        ({"query": '""'}, "between the quotes"),
        ({"query": "tag:"}, "I can't read"),
        ({"query": "colour:red"}, "no condition “colour”"),
        ({"period": None}, "Without a period"),
        ({"period": timedelta(0)}, "from a day"),
        ({"period": -DAY}, "from a day"),
        ({"period": timedelta(days=40_000)}, "from a day to 100 years"),
        ({"cap": 0}, "A cap goes from 1"),
        ({"cap": -5}, "A cap goes from 1"),
        ({"notices": ()}, "warned at least 2 times"),
        ({"notices": (7,)}, "warned at least 2 times"),
        ({"notices": (3, 1)}, "at least 7 days before"),
        ({"notices": (30, 0)}, "warned 1 to 365 days"),
        ({"notices": (30, -1)}, "warned 1 to 365 days"),
        ({"notices": tuple(range(1, 40))}, "at most 10 times"),
        ({"grace": timedelta(0)}, "stays blocked for 1"),
        ({"priority": 0}, "A priority goes from"),
        ({"ending": Ending.KEEP}, "A keep has no end"),
        ({"ending": Ending.BLOCK, "notices": ()}, "warned at least 2 times"),
        ({"ending": Ending.NOTIFY, "period": None}, "Without a period"),
    ],
)
def test_what_is_blank_or_out_of_bounds_is_asked_for(
    house: House, cleo: Actor, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        write_policy(house, cleo, "cleanup", replace(CLEANUP, **changed))
    assert list_policies(house) == ()
    assert words(house) == []


def test_between_the_last_warning_and_a_deletion_are_two_days(house: House, cleo: Actor) -> None:
    tight = replace(CLEANUP, notices=(7, 1), grace=DAY)
    made = write_policy(house, cleo, "cleanup", tight).version
    assert made.notices[-1] * DAY + made.grace >= 2 * DAY


def test_without_a_cap_it_may_do_nothing_and_stays_so(house: House, cleo: Actor) -> None:
    made = write_policy(house, cleo, "cleanup", replace(CLEANUP, cap=None)).version
    assert made.cap is None
    with house.store.read() as tx:
        assert tx.policies.cap_of(made.key) is None


def test_all_is_only_meant_where_it_is_spelled_out(house: House, cleo: Actor) -> None:
    assert write_policy(house, cleo, "x", replace(CLEANUP, query="all")).version.query == "all"


@pytest.mark.parametrize(
    "name",
    ["", "  ", "a\nb" * 40, "“cleanup”", "[x](http://evil)", "${date}", "a{{b}}", "<@all>",
     "clean\u202eup", "clean\u200bup", "cl\u0435anup", "\u0441leanup", "ｃleanup", "-x", "a" * 61,
     "a*b*", "`x`", "a;b", "a/b", "..", "\ud800x"],
)  # fmt: skip
def test_a_name_can_not_hide_or_pass_for_another(house: House, cleo: Actor, name: str) -> None:
    with pytest.raises(Refusal):
        write_policy(house, cleo, name, CLEANUP)


@pytest.mark.parametrize("name", ["Q3 plans", "Löschen", "R&D-2026", "Архив", "整理"])
def test_a_name_may_be_of_any_alphabet(name: str) -> None:
    assert policy_name(f"  {name} ") == name


@pytest.mark.parametrize("notices", [(), (0,), (-3,), (9999,)])
def test_a_policy_that_only_tells_has_to_tell(notices: tuple[int, ...]) -> None:
    with pytest.raises(Refusal, match="needs a day"):
        check_draft(
            PolicyDraft(query="all", ending=Ending.NOTIFY, period=90 * DAY, notices=notices)
        )
