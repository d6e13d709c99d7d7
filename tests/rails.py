"""``python -m tests.rails``: writes docs/rails.md, the list of rails with what misses each.

The list is made from the very tables that the tests run: a rail stands there if and only if a
mutant without it turns a scenario red.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.jobs import test_jobs as jobs
from tests.mutants import Mutant
from tests.retention import test_breaking_between as between
from tests.retention import test_breaking_incidents as incidents

PAGE = Path(__file__).parent.parent / "docs" / "rails.md"
TABLES = {
    "Effects: nothing is done twice, unseen or unproven": "tests.spaces.test_effects_mutants",
    "A night: nothing is begun on doubtful ground": "tests.retention.test_nights_mutants",
    "Policies and holds: two people, exactly this list, and time to think": (
        "tests.retention.test_policies_mutants"
    ),
    "Purging messages": "tests.retention.test_purging_mutants",
    "Deleting by hand": "tests.commands.test_delete_mutants",
    "Erasing a person": "tests.retention.test_erasing_mutants",
    "Alerts: each is told, once, and to compliance alone": "tests.retention.test_alerts_mutants",
    "Presses: a card says nothing that is believed": "tests.bot.test_presses_mutants",
}
"""Each file of mutants, under what it is about."""
INCIDENTS: tuple[tuple[str, str, tuple[Callable[..., None], ...]], ...] = (
    (
        "KPMG 2020: one person was taken out of a policy, and 145,000 people's chats were gone",
        "two people, the difference by name, the exact list",
        (
            incidents.test_kpmg_2020_one_person_widens_a_policy_and_nobody_else_is_hit,
            incidents.test_kpmg_2020_a_list_that_grew_since_it_was_shown_is_not_what_was_approved,
        ),
    ),
    (
        "Atlassian 2022: ids of the wrong kind, and 775 customers' sites were deleted",
        "typed ids; blocking and deleting are separate ways",
        (incidents.test_atlassian_2022_an_id_of_the_wrong_kind_names_no_space,),
    ),
    (
        "UniSuper 2024, Cloud Custodian 6106: a blank period meant now",
        "no period means keep; an empty condition matches nothing",
        (
            incidents.test_unisuper_2024_a_blank_period_means_keep_and_never_now,
            incidents.test_an_empty_selector_matches_nothing,
        ),
    ),
    (
        "JPMorgan 2019: a vendor's word on retention, and 47 million messages were gone",
        "each object is read back by a second identity; a yes proves nothing",
        (between.test_a_deletion_that_webex_says_yes_to_and_does_not_do_is_not_called_one,),
    ),
    (
        "Slack, Mattermost: a deleted channel escaped its hold",
        "deleting a space destroys what is held in it",
        (incidents.test_slack_a_hold_reaches_the_deletion_of_the_space_that_holds_what_is_held,),
    ),
    (
        "destalinator 71: people were told twice",
        "a card's marker is looked for before it is sent again",
        (incidents.test_destalinator_71_nobody_is_told_twice_when_the_answer_is_lost,),
    ),
    (
        "destalinator 213: answers in threads were not seen as activity",
        "the latest human message is read live, in threads, too",
        (incidents.test_destalinator_213_an_answer_in_a_thread_is_activity,),
    ),
    (
        "slack-gardener 8: what was restored was archived again",
        "what was given back is left alone for a while",
        (
            incidents.test_slack_gardener_8_what_was_given_back_is_not_taken_again,
            incidents.test_a_space_is_not_warned_about_again_for_a_week_once_its_keep_is_taken_off,
        ),
    ),
    (
        "Rocket.Chat 12862: retention was silently idle for months",
        "a run that did not happen, was missed or failed is told",
        (
            jobs.test_a_night_that_did_not_happen_is_told_once,
            jobs.test_a_run_that_was_missed_is_told,
            jobs.test_a_run_that_failed_is_told,
        ),
    ),
)
"""What happened elsewhere (safety.md), the rail that stops it here, and its replays."""
HEAD = """\
# What must never happen, and what sees to it

<!-- Written by `python -m tests.rails`; don't edit it by hand. -->

Each line is a *rail*. Its *mutant* is the product with that one rail taken out; the test beside
it then fails, and a test that did not would fail the suite. What is stopped by two rails at once
has a mutant without both. `make test` runs all of them.
"""


def mutants_of(module: str) -> tuple[Mutant, ...]:
    return tuple(import_module(module).MUTANTS)


def page() -> str:
    return "\n".join(_lines()).rstrip("\n") + "\n"


def _lines() -> Iterator[str]:
    yield HEAD
    for title, module in TABLES.items():
        yield from (f"## {title}", "", "| rail | what fails without it |", "|---|---|")
        yield from (
            f"| {_cell(one.rail)} | {_named(one.scenario, one.given)} |"
            for one in mutants_of(module)
        )
        yield ""
    yield "## What went wrong elsewhere"
    yield from ("", "Each is replayed by a test.", "")
    yield from ("| what happened | the rail that stops it here | replayed by |", "|---|---|---|")
    for what, rail, replays in INCIDENTS:
        yield f"| {what} | {rail} | {', '.join(_named(one) for one in replays)} |"


def _named(test: Callable[..., None], given: Any = None) -> str:
    words = test.__name__.removeprefix("test_").replace("_", " ")
    values = [str(one) for one in (given or {}).values() if isinstance(one, str) and one]
    return words + (f" ({', '.join(values)})" if values else "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page())
