"""Policies as files: read strictly, compared by name, written for a second person to agree to."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy_files import tell
from cards.policy import policy_card
from domain.cadences import PROFILES, read_profiles
from domain.clock import SystemClock
from domain.errors import Refusal
from domain.policies import PolicyState
from retention.filing import How, apply, compare, read_file, schema, write_file
from retention.policies import home_of, list_policies, show_policy
from retention.rehearsing import rehearse
from spaces.spec import House
from tests.retention.officers import agree, officer

PAGE = Path(__file__).parents[2] / "docs" / "policies.md"
CLEANUP = """
policies:
  - name: cleanup
    condition: tag:finance
    action: delete
    after: 90d
    cap: 50
"""


def example_of_the_page() -> str:
    return PAGE.read_text("utf-8").partition("```yaml\n")[2].partition("```")[0]


def read(text: str) -> object:
    return read_file(text.encode())


def test_the_pages_example_plays_as_it_says() -> None:
    played = rehearse(read_file(example_of_the_page().encode()), SystemClock())
    assert len(played) == 4
    assert [one for one in played if not one.is_good] == []


def test_an_example_that_comes_out_otherwise_is_told_with_the_reason() -> None:
    text = CLEANUP + "    examples: [{space: {tags: [finance], last activity: 10d}, expect: due}]"
    [one] = rehearse(read_file(text.encode()), SystemClock())
    assert not one.is_good
    assert one.came == "later"
    assert "cleanup" in one.why


def test_outsiders_teams_and_classifications_of_an_example_count() -> None:
    text = """
policies:
  - name: guests
    condition: scope:external classification:secret team:"Sales"
    action: notify
    after: 30d
    examples:
      - space: {members: [ana@our.example, eve@else.example], classification: Secret, team: Sales}
        expect: due
      - space: {members: [ana@our.example], classification: Secret, team: Sales}
        expect: none
      - space: {not known: [members], classification: Secret, team: Sales}
        expect: unknown
"""
    assert [one.came for one in rehearse(read_file(text.encode()), SystemClock())] == [
        "due", "none", "unknown",
    ]  # fmt: skip


def test_a_plan_names_whom_it_would_hit_and_changes_nothing(house: House) -> None:
    [one] = compare(house, read_file(CLEANUP.encode()))
    assert one.how is How.NEW
    assert one.hits == len(one.newly) == 3
    assert one.released == ()
    assert list_policies(house) == ()
    said = "\n".join(tell([one]))
    assert "+ cleanup: new" in said
    assert "would hit 3 spaces; 0 are hit now" in said
    assert one.newly[0] in said


def test_what_is_applied_simulates_until_a_second_officer_agrees(house: House) -> None:
    cleo = officer(house, "cleo")
    [made] = apply(house, cleo, read_file(CLEANUP.encode()))
    assert made.version.state is PolicyState.SIMULATION
    assert made.version.author_key == cleo.person
    with pytest.raises(Refusal, match="You wrote version 1"):
        agree(house, cleo, "cleanup")
    agree(house, officer(house, "dora"), "cleanup")
    assert show_policy(house, "cleanup").version.approved_by
    assert apply(house, cleo, read_file(CLEANUP.encode())) == ()
    [same] = compare(house, read_file(CLEANUP.encode()))
    assert same.how is How.SAME


def test_a_change_is_told_part_by_part(house: House) -> None:
    apply(house, officer(house, "cleo"), read_file(CLEANUP.encode()))
    [one] = compare(house, read_file(CLEANUP.replace("90d", "400d").encode()))
    assert one.how is How.CHANGED
    assert one.changes == (("after", "90d", "400d"),)


def test_what_the_file_does_not_name_is_left_alone(house: House) -> None:
    apply(house, officer(house, "cleo"), read_file(CLEANUP.encode()))
    other = CLEANUP.replace("name: cleanup", "name: fun").replace("tag:finance", "tag:fun")
    found = {one.name: one.how for one in compare(house, read_file(other.encode()))}
    assert found == {"fun": How.NEW, "cleanup": How.NOT_NAMED}
    apply(house, officer(house, "cleo"), read_file(other.encode()))
    assert {one.version.name for one in list_policies(house)} == {"cleanup", "fun"}


def test_what_is_exported_says_the_same_again(house: House) -> None:
    apply(house, officer(house, "cleo"), read_file(example_of_the_page().encode()))
    again = write_file([one.version for one in list_policies(house)])
    found = compare(house, read_file(again.encode()))
    assert {one.how for one in found} == {How.SAME}


def test_the_page_and_what_is_exported_fit_the_schema(house: House) -> None:
    apply(house, officer(house, "cleo"), read_file(CLEANUP.encode()))
    checker = jsonschema.Draft202012Validator(schema())
    jsonschema.Draft202012Validator.check_schema(schema())
    exported = write_file([one.version for one in list_policies(house)])
    for text in (example_of_the_page(), exported):
        assert list(checker.iter_errors(yaml.safe_load(text))) == []


WRONG = {
    "no YAML": "policies: [",
    "an empty file": "",
    "no policies": "policies: []",
    "a bare number for a span": CLEANUP.replace("90d", "90"),
    "a span of zero": CLEANUP.replace("90d", "0d"),
    "an action that there is not": CLEANUP.replace("action: delete", "action: purge everything"),
    "a key that there is not": CLEANUP + "    perod: 9d\n",
    "the same key twice": CLEANUP + "    cap: 60\n",
    "the same policy twice": CLEANUP + CLEANUP.partition("policies:\n")[2],
    "a cap in words": CLEANUP.replace("cap: 50", "cap: many"),
    "an alias": "a: &a [1]\nb: *a\n",
    "a Python object": "!!python/object/apply:os.system ['true']",
    "a date for a span": CLEANUP.replace("90d", "2026-01-01"),
    "depth without end": "[" * 5000,
    "bytes that are no text": "\ud800",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(Refusal) as no:
        read_file(WRONG[name].encode("utf-8", "surrogatepass"))
    assert no.value.reason.strip()
    assert "Traceback" not in str(no.value)


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ("condition: tag:finance", 'condition: ""', "condition"),
        ("condition: tag:finance", 'condition: "tga:finance"', "condition"),
        ("after: 90d", "from: creation", "Without a period"),
        ("cap: 50", "cap: 0", "cap goes from 1"),
        ("cap: 50", "cap: 50\n    warn: [1]", "warned at least"),
    ],
)
def test_what_a_policy_can_not_say_is_told_in_the_plan_and_not_written(
    house: House, was: str, now: str, why: str
) -> None:
    filed = read_file(CLEANUP.replace(was, now).encode())
    [one] = compare(house, filed)
    assert one.how is How.WRONG
    assert why in one.why
    with pytest.raises(Refusal):
        apply(house, officer(house, "cleo"), filed)
    assert list_policies(house) == ()


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_no_bytes_break_the_reader(content: bytes) -> None:
    with suppress(Refusal):
        read_file(content)


def test_the_command_line_plays_a_file_and_says_by_its_code_whether_all_was_well(
    tmp_path: Path,
) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(example_of_the_page(), "utf-8")
    bad.write_text(example_of_the_page().replace("expect: none", "expect: kept"), "utf-8")
    ran = {
        path.stem: subprocess.run(
            [sys.executable, "-m", "bot.cli", "policy", "test", str(path)],
            capture_output=True, text=True, env=dict(os.environ), check=False,
        )
        for path in (good, bad)
    }  # fmt: skip
    assert ran["good"].returncode == 0
    assert "4 of 4 as expected." in ran["good"].stdout
    assert ran["bad"].returncode == 1
    assert "WRONG cleanup [2] “In use”: none, expected kept." in ran["bad"].stdout


HOURS = (
    CLEANUP
    + """    hours: Mon-Fri 9:00-17:00 Europe/Berlin
    freeze: [2026-12-24..2027-01-02, 2027-05-01]
"""
)


def test_hours_and_freeze_days_of_a_file_are_compared_written_and_exported(house: House) -> None:
    jsonschema.validate(yaml.safe_load(HOURS.replace("2027-05-01]", "05-01]")), schema())
    [made] = apply(house, officer(house, "cleo"), read_file(HOURS.encode()))
    assert made.version.hours == "mon-fri 09:00-17:00 Europe/Berlin"
    assert made.version.freeze == "2026-12-24..2027-01-02, 2027-05-01"
    [same] = compare(house, read_file(HOURS.encode()))
    assert same.how is How.SAME
    again = write_file([made.version])
    assert [one.how for one in compare(house, read_file(again.encode()))] == [How.SAME]
    [loose] = compare(house, read_file(CLEANUP.encode()))
    assert ("hours", made.version.hours, "always") in loose.changes
    [wrong] = compare(house, read_file(HOURS.replace("Mon-Fri", "Moonday").encode()))
    assert (wrong.how, "can't read when" in wrong.why) == (How.WRONG, True)


def test_a_profile_is_copied_when_a_policy_is_written_and_its_change_is_a_new_version(
    house: House,
) -> None:
    text = CLEANUP + "    warn: gentle"
    with pytest.raises(Refusal, match="There is no profile “gentle”"):
        apply(house, officer(house, "cleo"), read_file(text.encode()))
    named = replace(house, profiles={**PROFILES, **read_profiles("gentle: 60 7 grace 30d")})
    [made] = apply(named, officer(house, "cleo"), read_file(text.encode()))
    assert (made.version.profile, made.version.notices) == ("gentle", (60, 7))
    faster = replace(house, profiles={**PROFILES, **read_profiles("gentle: 9 2 grace 2d")})
    assert show_policy(faster, "cleanup").version.notices == (60, 7)
    [found] = compare(faster, read_file(text.encode()))
    assert ("warn", "60 7", "9 2") in found.changes
    assert [one.how for one in compare(house, read_file(text.encode()))] == [How.WRONG]
    for home, said in (
        (named, "gentle: 60 days, 7 days before"),
        (faster, "gentle says otherwise by now; these days stay"),
        (house, "there is no profile gentle any more; these days stay"),
    ):
        card = policy_card(made.version, sentence="x", home=home_of(home))
        assert said in str(card)


def test_examples_play_without_the_operators_profiles() -> None:
    text = CLEANUP + "    warn: gentle\n    examples: [{space: {tags: [finance]}, expect: due}]"
    assert rehearse(read_file(text.encode()), SystemClock())[0].is_good
    assert read_file(text.encode()).policies[0].draft(None).notices == PROFILES["long"].notices
