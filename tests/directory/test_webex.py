"""Groups from Webex, over the real gateway, and what is made of an answer that lacks some."""

from __future__ import annotations

import pytest

from bot.directories import build_directory
from bot.settings import load_settings
from directory.spec import Directory, DirectoryFault
from sandbox.handle import Control
from webex.sdk import SdkWebex


@pytest.fixture
def directory(webex: SdkWebex) -> Directory:
    settings = load_settings({"SPACEKEEPER_BOT_TOKEN": "x", "SPACEKEEPER_DIRECTORY": "webex"})
    return build_directory(settings, webex)


def test_every_group_with_every_member(directory: Directory, control: Control) -> None:
    control.group("Finance", ["ana@example.com", "ben@example.com"])
    control.group("Nobody", [])
    found = {group.name: group for group in directory.groups()}
    assert found["Finance"].emails == {"ana@example.com", "ben@example.com"}
    assert (found["Nobody"].emails, found["Nobody"].is_whole) == (frozenset(), True)


def test_a_group_of_many_pages(directory: Directory, control: Control) -> None:
    emails = [f"p{number}@example.com" for number in range(620)]
    for email in emails:
        control.person(email)
    control.group("All", emails)
    (found,) = (group for group in directory.groups() if group.name == "All")
    assert found.emails == set(emails)
    asked = control.log(what="request", path="/v1/people")
    assert len([one for one in asked if "id=" in str(one)]) <= 8


@pytest.mark.parametrize(
    ("kind", "path"),
    [("5xx", "/groups"), ("no-items", "/groups/*/members"), ("broken-json", "/groups/*/members")],
)
def test_what_is_cut_short_is_a_fault(
    directory: Directory, control: Control, kind: str, path: str
) -> None:
    control.group("Finance", ["ana@example.com", "ben@example.com"])
    fault = control.fault(kind, path=path, count=-1)
    with pytest.raises(DirectoryFault):
        list(directory.groups())
    assert control.fired(fault) > 0


def test_a_member_without_an_address_makes_the_group_unknown(
    directory: Directory, control: Control
) -> None:
    control.group("Finance", ["ana@example.com", "ben@example.com"])
    fault = control.fault("no-items", path="/people", count=1)
    (found,) = (group for group in directory.groups() if group.name == "Finance")
    assert control.fired(fault) == 1
    assert not found.is_whole
