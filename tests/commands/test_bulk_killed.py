"""kill -9 in the midst of a bulk: after the restart each space has had its turn once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.clock import SystemClock
from domain.ids import SpaceKey
from storage.engine import open_engine
from storage.store import Store
from tests.chats import BOT, Chat
from tests.children import run_out
from tests.commands.test_retagging_by_chat import code_on
from tests.tenants import Tenant

MANY = 6_000


@pytest.fixture
def books(stage: Chat) -> Iterator[Store]:
    """The bot's database, looked at from outside."""
    made = Store(open_engine(stage.settings["SPACEKEEPER_DATABASE_URL"]), SystemClock())
    yield made
    made.close()


def given(books: Store) -> int:
    with books.read() as tx:
        return len(tx.tags.with_any(["new"]))


def test_spaces_are_tagged_once_each_through_a_kill(stage: Chat, books: Store) -> None:
    with books.begin() as tx:
        keys = [SpaceKey(key) for key in Tenant(tx).spaces(MANY, first=100_000)]
        tx.tags.add_to_many(keys, ["old"], None)
        tx.commit()
    child = stage.child()
    cleo = stage.as_("cleo")
    cleo.tells(f"confirm {code_on(cleo.asks('bulk tag new where tag:old'))}")
    stage.eventually(lambda: given(books) > 0)
    child.kill()
    assert 0 < given(books) < MANY, "it was killed in the midst of it"
    run_out(stage.settings["SPACEKEEPER_DATABASE_URL"])
    stage.child()
    told = cleo.waits_for("What came of it")
    assert f"Done: {MANY:,} of {MANY:,}" in told.text or "Was so already: 200" in told.text
    assert given(books) == MANY
    with books.read() as tx:
        assert tx.audit.verify()
        each = [one.space for one in tx.audit.since() if one.word == "space:tag:add"]
    assert len(each) == len(set(each)) == MANY


def test_somebody_is_added_once_to_each_through_a_kill(stage: Chat, books: Store) -> None:
    child = stage.child()
    rooms = [_space(stage, f"S{n}") for n in range(3)]
    ana = stage.as_("ana")
    for room in rooms:
        assert room["title"] in ana.says(f"space {room['id']}")
    stuck = stage.control.fault("hang-after", method="POST", path="/memberships", who=BOT, count=1)
    asked = ana.asks("bulk add member dora@example.com where title:S0,S1,S2")
    assert "3 spaces?" in asked.text, asked.text
    ana.submits(asked, _nonce(asked, "Add"))
    stage.eventually(lambda: stage.control.fired(stuck) == 1)
    child.kill()
    run_out(stage.settings["SPACEKEEPER_DATABASE_URL"])
    stage.control.clear_faults()
    stage.child()
    ana.waits_for("Done: 3 of 3")
    added = [
        one for one in stage.control.effects("membership.created")
        if one["person"] == "dora@example.com" and one["room"] in {r["id"] for r in rooms}
    ]  # fmt: skip
    assert sorted(one["room"] for one in added) == sorted(room["id"] for room in rooms)


def _space(stage: Chat, title: str) -> dict[str, Any]:
    return dict(
        stage.control.space(
            title, creator="ana@example.com", members=[BOT],
            moderators=["ana@example.com", BOT],
        )
    )  # fmt: skip


def _nonce(asked: Any, title: str) -> dict[str, object]:
    from sandbox.showing import inputs_of

    return dict(inputs_of(asked, title, {}))
