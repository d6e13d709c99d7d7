"""Everything that destroys stops at a hold: each command, enforcement and effect of the product is
either asked here, or stands in the list of those that destroy nothing. A new one is in neither."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.registry import load
from domain.erasures import Obstacle
from domain.policies import Ending
from retention.enforcements.spec import load as load_enforcements
from retention.erasing.standing import standing
from sandbox.handle import start
from spaces.effects import spec as effects
from spaces.sync.crawl import crawl
from tests.chats import Chat, staged
from tests.retention.test_holds_stop_nights import ENFORCEMENTS

DESTROYS = {
    "delete", "delete after", "delete after approve", "take back", "erase person",
    "erasure approve", "confirm",
}  # fmt: skip
"""Of these `confirm` and `erasure approve` only carry out what was asked for and looked at again;
what an erasure may touch is asked of `standing`, in the transaction of each of its effects."""
TAKES_OFF = {
    "classify", "untag", "bulk untag", "tag drop", "tag merge", "tag rename", "tag undo",
}  # fmt: skip
"""What could let a space slip out of a hold; `test_nothing_slips_out_of_a_hold_by_its_tags`,
`tests/retention/test_retagging.py` and `test_classify_by_chat.py`."""
LEAVES_ALL = {
    "alert rule", "alert rule drop", "alert rules", "answers", "attention retry",
    "attention take", "conflicts", "conflicts seen", "find owners", "keep all", "mine",
    "not mine", "ownerless", "answer", "genuine", "hand over", "simulate", "add member",
    "add team member", "alert", "alert acknowledge",
    "alert assign", "alert close",
    "alert settings", "alerts", "attention", "attention done", "attest", "block", "bulk",
    "bulk add member", "bulk add moderator", "bulk block", "bulk keep clear", "bulk keep forever",
    "bulk keep until", "bulk remove member", "bulk tag", "certificate", "certificates", "copy",
    "create space", "delete after clear", "delete search", "delete undo", "deletions", "end date",
    "end date clear", "erasure", "erasure cancel", "erasure extend", "erasures", "explain",
    "export", "export space", "facets", "forecast", "get people", "groups", "groups accept",
    "freeze add", "freeze list", "freeze remove", "how many",
    "help", "hold add", "hold change", "hold end", "hold export", "hold import", "hold place",
    "hold release", "hold show", "holds", "keep clear", "keep forever", "keep until", "language",
    "list spaces", "make moderator", "members", "message", "messages", "my details", "need",
    "nobody needs", "not me", "owner assign", "owner leave", "pause", "policy approve",
    "policy change", "policy history", "policy list", "policy new", "policy pause",
    "policy resume", "policy retire", "policy rollback", "policy show", "policy simulate",
    "redeliver", "remove member", "remove team member", "rename search", "report", "restore",
    "resume", "run search", "save search", "search", "searches", "send", "share search", "space",
    "spaces list", "status", "tag", "tag require", "tag reserve", "tag rules", "tag unrequire",
    "tag unreserve", "tags", "take over", "timezone", "unblock", "undo", "unmake moderator",
    "unshare search", "unwatch", "watch", "watch log", "watch resume", "watch secret", "watches",
    "work stop", "works",
}  # fmt: skip
"""They destroy nothing that is in a space. Who is taken out of one is still reached by a hold on
them, since it reaches where they were."""
DESTROYING_EFFECTS = {"delete room", "erase messages", "purge room", "take back message"}
OTHER_EFFECTS = {
    "add member", "add team member", "change room", "create room", "remove member",
    "remove team member", "send card", "send message", "set moderator", "set team moderator",
}  # fmt: skip
GONE = ("room.deleted", "message.deleted", "membership.deleted")


def test_each_command_and_each_enforcement_is_one_that_we_thought_of() -> None:
    every = {one.path for one in load().values()}
    assert not DESTROYS & (LEAVES_ALL | TAKES_OFF)
    assert every - LEAVES_ALL - TAKES_OFF - DESTROYS == set(), "does it destroy? say so above"
    assert (LEAVES_ALL | TAKES_OFF | DESTROYS) - every == set()
    assert set(load_enforcements()) == ENFORCEMENTS | {Ending.NOTIFY}
    assert set(effects._declared) == DESTROYING_EFFECTS | OTHER_EFFECTS


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    """“Q3 plans” is under a hold by a search, with a message that the bot carried for Ana."""
    database = tmp_path_factory.mktemp("holds") / "space.db"
    shutil.copy(sqlite_template, database)
    more = {"CAP_PER_RUN": "9", "CAP_PER_DAY": "9", "CAP_SHARE": "1", "UNDO_HOURS": "1"}
    with start() as handle, staged(handle, f"sqlite:///{database}", more) as chat:
        chat.start()
        chat.as_("ana").says('create space "Q3 plans"')
        assert crawl(chat.process.house).is_complete
        yield chat


def test_no_command_destroys_anything_that_is_held(company: Chat) -> None:
    ana, cleo = company.as_("ana"), company.as_("cleo")
    sent = ana.says('send "Q3 plans" Hello.')
    assert "It is held." in cleo.says("hold place lawsuit search title:plans")
    since = company.seq()
    for who in (ana, cleo):
        said = who.says('delete "Q3 plans"')
        assert "forbids to destroy anything" in said, said
        said = who.says('delete after "Q3 plans" 60d because it is over')
        assert "can't go sooner for now" in said, said
    assert "Nobody has asked" in cleo.says('delete after approve "Q3 plans"')
    found = re.search(r"take back (\S+)", sent)
    message = found[1] if found else _message(company, ana.email)
    said = ana.says(f"take back {message}")
    assert "forbids to destroy anything" in said, said
    assert "lawsuit" not in said
    house = company.process.house
    with house.store.read() as tx:
        [space] = tx.spaces.by_title("Q3 plans", visible_to=None)
        assert standing(tx, space).obstacle is Obstacle.HOLD
    assert [e for kind in GONE for e in company.control.effects(kind, since)] == []


def _message(company: Chat, email: str) -> str:
    with company.process.house.store.read() as tx:
        [space] = tx.spaces.by_title("Q3 plans", visible_to=None)
    items = company.rest(email, "GET", f"messages?roomId={space.id}")["items"]
    return str(items[0]["id"])
