"""A thousand people pasted into one command: at Webex's pace, chat answered meanwhile, through a
kill -9 of the process, and each of them once by the server's own log."""

from __future__ import annotations

import itertools
import re
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.settings import load_settings
from bot.wiring import build
from domain.ids import RoomId
from spaces.sync.decoding import person_seen
from spaces.sync.live import touch
from spaces.sync.pages import follow
from storage.engine import open_engine
from tests.chats import BOT, Chat
from tests.commands.companies import make_space
from tests.commands.crowds import code_of, many
from webex.gateway import Lane

ANA = "ana@example.com"
OFFICER = "compliance-service@example.com"
PER_MINUTE = 2400
"""What the sandbox allows an account: the burst is soon used up, and 429 comes again and again."""


def let_go(database_url: str) -> None:
    """The claims of a process that was killed run out; they do so by real time."""
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE inbox SET taken_until = 0 WHERE state = 'taken'"))
        connection.execute(text("UPDATE lease SET until = 0"))
    engine.dispose()


def known(stage: Chat, room: str) -> None:
    """The people and the space are in the inventory, as after a night."""
    process = build(load_settings(stage.settings))
    house = process.house
    officer = house.webex.compliance(Lane.BACKGROUND)
    own = officer.organisation()
    people = follow(lambda address: officer.people(address=address))
    with house.store.begin() as tx:
        tx.people.set_own_org(own.id, own.name)
        tx.people.ensure([person_seen(one) for one in people.items])
        tx.commit()
    touch(house, RoomId(room))
    house.webex.close()  # type: ignore[attr-defined]


class Added:
    """Who was put into a space, by the server's log, which is read on and not anew."""

    def __init__(self, stage: Chat, room: str) -> None:
        self._stage, self._room = stage, room
        self._seen, self._who = stage.seq(), list[str]()

    def __call__(self) -> list[str]:
        time.sleep(0.2)  # it is long, and reading it costs what is measured here
        new = self._stage.control.log(self._seen, what="effect")
        self._seen = new[-1]["seq"] if new else self._seen
        self._who += [
            e["object"]["personEmail"] for e in new
            if e["kind"] == "membership.created" and e["object"]["roomId"] == self._room
        ]  # fmt: skip
        return self._who


@pytest.mark.timeout(600)  # 36 s of CPU, which a busy machine shares out
def test_a_thousand_are_added_once_each_at_webexs_pace_and_through_a_kill(stage: Chat) -> None:
    people = many(stage, 1000)
    room = make_space(stage, "Q3 plans", members=("ben",))
    known(stage, room["id"])
    database = stage.settings["SPACEKEEPER_DATABASE_URL"]
    first = stage.child()
    ana, ben = stage.as_("ana"), stage.as_("ben")

    form = ana.asks("add member")
    shown = ana.presses(form, "Send", people="\n".join(people), space="Q3 plans")
    assert "Add people: 1,000" in shown.text
    assert "To be looked up" not in shown.text
    asked = stage.control.log(what="request")
    assert len([e for e in asked if e["path"] == "/people" and "id" in e["query"]]) == 12
    stage.control.limit(PER_MINUTE)
    slow = stage.control.fault("429", method="POST", path="/memberships", count=5, retry_after="1")
    going = ana.presses(shown, "Add them", code=code_of(shown))
    assert "Adding 1,000 people to Q3 plans" in going.text

    added = Added(stage, room["id"])
    stage.eventually(lambda: len(added()) >= 300, "it does not get on", within=240)
    began = time.monotonic()
    assert "What I can do" in ben.says("help")
    assert time.monotonic() - began < 10, "chat waits for the long work"
    killed_at = stage.seq()
    first.kill()
    assert len(added()) < 1000
    let_go(database)
    stage.child()
    stage.eventually(lambda: len(added()) >= 1000, "it does not get on", within=300)
    told = ana.waits_for("Done: 1,000 of 1,000", within=60)
    assert "Could not be done" not in told.text
    assert sorted(added()) == sorted(people), "each once, and nobody else"
    members = stage.control.room(room["id"])["members"]
    assert {m["personEmail"] for m in members} == {ANA, "ben@example.com", *people}

    slowed = [  # what the work asks for; that ben is looked up when he speaks is no part of it
        e for e in stage.control.log(what="request")
        if e["who"] == OFFICER and (e["method"], e["path"]) == ("POST", "/memberships")
        and e["seq"] <= killed_at
    ]  # fmt: skip
    waits = [
        datetime.fromisoformat(after["at"]) - datetime.fromisoformat(e["at"])
        for e, after in itertools.pairwise(slowed)
        if e["status"] == 429
    ]
    assert stage.control.fired(slow) == 5
    assert len(waits) >= 5
    assert min(waits) >= timedelta(seconds=0.9), "Retry-After was not waited for"

    edits = [
        e for e in stage.control.effects("message.updated")
        if e["actor"] == BOT and e["object"]["id"] == going["id"]
    ]  # fmt: skip
    assert 2 <= len(edits) <= 10
    assert any(re.search(r"[1-9]\d{2} of 1,000 people", e["object"]["text"]) for e in edits)
    results = [m for m in ana.messages() if "Done: 1,000 of 1,000" in m.text]
    assert len(results) == 1
