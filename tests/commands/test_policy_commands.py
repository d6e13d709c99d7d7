"""Policies by chat: the real bot on the real sandbox, two officers, and people who may not."""

from __future__ import annotations

import re

import pytest

from domain.audit import Word
from domain.policies import PolicyState
from retention.policies import put_in_force
from spaces.sync.crawl import crawl
from tests.chats import Chat, Person

CLEANUP = "policy new cleanup tag:finance then delete after 90d cap 50"


@pytest.fixture
def cleo(chat: Chat) -> Person:
    return chat.as_("cleo")


@pytest.fixture
def dora(chat: Chat) -> Person:
    return chat.as_("dora")


@pytest.fixture
def old_spaces(chat: Chat) -> list[str]:
    """Three spaces that Ana made, two of them of finance; the inventory knows them."""
    ana = chat.as_("ana")
    for title, tag in (("Budget", "finance"), ("Audit", "finance"), ("Party", "fun")):
        ana.says(f'create space "{title}"')
        assert "Tagged" in ana.says(f'tag "{title}" {tag}')
    assert crawl(chat.process.house).is_complete
    return ["Budget", "Audit", "Party"]


def code_in(said: str) -> str:
    found = re.search(r"code (\d{6})", said)
    assert found, said
    return found[1]


def test_from_an_idea_to_a_policy_in_force(
    chat: Chat, cleo: Person, dora: Person, old_spaces: list[str]
) -> None:
    written = cleo.says(CLEANUP)
    assert "Spaces tagged “finance”: delete them 3 months after their last activity" in written
    assert "in simulation" in written

    seen = cleo.says("policy simulate cleanup")
    assert "cleanup deletes 2 spaces" in seen
    assert "Budget" in seen
    assert "Audit" in seen
    assert "Party" not in seen
    assert "You wrote version 1" in seen

    code = code_in(dora.says("policy approve cleanup"))
    agreed = dora.says(f"policy approve cleanup code {code}")
    assert "You agreed to version 1" in agreed
    assert "Approved by: dora@example.com" in agreed

    house = chat.process.house
    assert put_in_force(house) == ()  # it cools
    chat.clock.advance(hours=25)
    [now] = put_in_force(house)
    assert (now.name, now.number, now.state) == ("cleanup", 1, PolicyState.ACTIVE)
    assert put_in_force(house) == ()
    assert "State: active" in cleo.says("policy show Cleanup")
    with house.store.read() as tx:
        words = [row.word for row in tx.audit.since() if row.word.startswith("policy:")]
        assert words == [
            Word.POLICY_WRITE, Word.POLICY_SIMULATE, Word.POLICY_SIMULATE, Word.POLICY_APPROVE,
            Word.POLICY_IN_FORCE,
        ]  # fmt: skip
        assert tx.audit.verify()
