"""`explain`, `space` and `status`: for those who see a space, and as if there were none else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.ids import RoomId
from domain.policies import Ending, PolicyDraft, PolicyState
from domain.spaces import Space
from jobs.registry import load as load_jobs
from spaces.sync.crawl import crawl
from spaces.sync.live import touch
from tests.chats import BOT, Chat

ANA, BEN, CARL = "ana@example.com", "ben@example.com", "carl@example.com"
COMMANDS = ["explain", "space"]


def plans(chat: Chat, title: str = "Plans", **more: Any) -> Space:
    """A space of ana, who moderates it, and ben."""
    said: dict[str, Any] = {"creator": ANA, "members": [BEN], "moderators": [ANA]}
    room = chat.control.space(title, **(said | more))
    return touch(chat.process.house, RoomId(room["id"]))


def policy(chat: Chat) -> None:
    with chat.process.house.store.begin() as tx:
        year = timedelta(days=365)
        draft = PolicyDraft(query="all", ending=Ending.DELETE, period=year, cap=5)
        made = tx.policies.new("old", draft, author=None)
        tx.policies.set_state(made.policy, PolicyState.ACTIVE, was=PolicyState.SIMULATION)
        tx.commit()


def test_a_member_is_told_why_and_when(chat: Chat) -> None:
    policy(chat)
    plans(chat)
    answer = chat.as_("ben").asks('explain "Plans"')
    assert "What becomes of “Plans”" in answer.text
    assert "by the policy “old”, unless it is used again" in answer.text
    assert (
        "Policies: “old” (priority 100) is for spaces of every kind (all): delete 1 year after"
        in answer.text
    )
    assert "← this decides" in answer.text
    assert answer.buttons == ["Details"]


def test_who_moderates_it_can_keep_it_from_there(chat: Chat) -> None:
    policy(chat)
    plans(chat)
    ana = chat.as_("ana")
    answer = ana.asks('explain "Plans"')
    assert answer.buttons == ["Keep until …", "Keep for ever", "Details"]
    assert "is kept for ever" in ana.presses(answer, "Keep for ever").text
    assert "It is kept for ever" in ana.says('why "Plans"')


def test_a_space_is_shown_with_all_that_is_known_of_it(chat: Chat) -> None:
    policy(chat)
    space = plans(chat, members=[BEN, "eve@partner.example"])
    chat.as_("ana").says('tag "Plans" finance')
    answer = chat.as_("ana").asks('space "Plans"')
    for said in (
        "Type: group", "Owners: Ana", "Size: 3 people", "Scope: external", "Tags: finance",
        "Locked: yes", "Created by: Ana", f"Id: {space.id}", "What becomes of it",
    ):  # fmt: skip
        assert said in answer.text
    assert f"Creator id: {chat.rest(ANA, 'GET', 'people/me')['id']}" in answer.text
    assert "Tag …" in answer.buttons
    assert "Tag …" not in chat.as_("ben").asks('space "Plans"').buttons


def test_the_details_button_leads_there(chat: Chat) -> None:
    plans(chat)
    ben = chat.as_("ben")
    assert "Size: 2 people" in ben.presses(ben.asks('explain "Plans"'), "Details").text


def test_in_a_space_here_is_meant(chat: Chat) -> None:
    room = chat.control.space("Plans", creator=ANA, members=[BEN, BOT])
    for words in ("explain", "space", "explain here"):
        assert "Plans" in chat.in_space(room, "ben").says(words)


@pytest.mark.parametrize("command", COMMANDS)
def test_compliance_sees_what_it_is_not_in(chat: Chat, command: str) -> None:
    plans(chat)
    assert "Plans" in chat.as_("cleo").says(f'{command} "Plans"').splitlines()[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_space_of_others_reads_as_if_there_were_none(chat: Chat, command: str) -> None:
    chat.control.person(CARL)
    space = plans(chat)
    carl = chat.as_("carl")
    hidden, nothing = carl.says(f'{command} "Plans"'), carl.says(f'{command} "Plaice"')
    assert hidden.replace("Plans", "Plaice") == nothing
    other = str(space.id)[:-4] + "AAAA"
    assert "I know no space" in carl.says(f"{command} {space.id}")
    assert "Plans" not in carl.says(f"{command} {space.id}")
    assert "I know no space" in carl.says(f"{command} {other}")


@pytest.mark.parametrize("command", COMMANDS)
def test_who_has_just_left_sees_it_no_more(chat: Chat, command: str) -> None:
    """The bot is not in the space, so no event tells it; the look before the answer finds out."""
    space = plans(chat)
    ben = chat.as_("ben")
    assert "Plans" in ben.says(f"{command} {space.id}")
    members = chat.rest(ANA, "GET", f"memberships?roomId={space.id}")["items"]
    his = next(m for m in members if m["personEmail"] == BEN)
    chat.rest(ANA, "DELETE", f"memberships/{his['id']}")
    answer = ben.says(f"{command} {space.id}")
    assert "I know no space" in answer
    assert "Plans" not in answer


def test_who_has_just_left_a_large_space_sees_it_no_more(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its members are not all read for an answer; whether this one is in it, is."""
    monkeypatch.setattr("commands.seeing.LARGE", 2)
    space = plans(chat)
    ben = chat.as_("ben")
    assert "Size: 2 people" in ben.says(f"space {space.id}")
    members = chat.rest(ANA, "GET", f"memberships?roomId={space.id}")["items"]
    his = next(m for m in members if m["personEmail"] == BEN)
    chat.rest(ANA, "DELETE", f"memberships/{his['id']}")
    assert "I know no space" in ben.says(f"space {space.id}")
    assert "Plans" in chat.as_("ana").says(f"space {space.id}")


@pytest.mark.parametrize("command", [*COMMANDS, "status"])
def test_an_outsider_is_told_nothing(chat: Chat, command: str) -> None:
    plans(chat, members=[BEN, "eve@partner.example"])
    words = command if command == "status" else f'{command} "Plans"'
    answer = chat.as_("eve@partner.example").says(words)
    assert "only talk" in answer
    assert "Plans" not in answer


def test_the_latest_facts_are_read_before_they_are_told(chat: Chat) -> None:
    space = plans(chat)
    chat.rest(ANA, "PUT", f"rooms/{space.id}", title="Better plans")
    assert "Better plans" in chat.as_("ben").says(f"explain {space.id}")


def test_when_webex_does_not_answer_it_is_told_as_it_was_known(chat: Chat) -> None:
    space = plans(chat)
    fault = chat.control.fault("5xx", method="GET", path=f"/rooms/{space.id}", count=-1)
    assert "Size: 2 people" in chat.as_("ben").says('space "Plans"')
    assert chat.control.fired(fault) > 0


class TestWithATimetable:
    """The nightly run has a time of its own, far off; in other tests nothing is due by itself."""

    @pytest.fixture
    def bot_settings(self) -> dict[str, str]:
        times = dict.fromkeys(load_jobs(), "never") | {"nightly": "0 4 1 1 *"}
        return {"JOB_TIMES": "; ".join(f"{name}={cron}" for name, cron in times.items())}

    def test_status_is_whole_for_compliance_and_short_for_others(self, chat: Chat) -> None:
        plans(chat)
        plans(
            chat, "Others", members=["cleo@example.com"], moderators=[], creator="cleo@example.com"
        )
        assert crawl(chat.process.house).is_complete
        whole = chat.as_("cleo").says("status")
        for said in (
            "Running, but nothing is blocked or deleted", "No cap is set", "Mode: company",
            "The list of spaces is: complete", "Policies active: 0", "Steps not yet settled: 0",
            "Next run: ",
        ):  # fmt: skip
            assert said in whole
        short = chat.as_("ben").says("status")
        assert "All is running" in short
        for said in ("Spaces known", "Policies", "Steps", "Next run", "Last complete look"):
            assert said not in short
