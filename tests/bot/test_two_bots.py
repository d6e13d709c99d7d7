"""Two processes of the bot on one database: both hear everything, and each thing is done once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.chats import BOT, Chat
from tests.children import run_out

PEOPLE = [f"p{number}@example.com" for number in range(20)]


@pytest.fixture
def bot_database(database_url: str) -> str:
    """Each test here on SQLite and on PostgreSQL."""
    return database_url


def test_a_burst_of_a_hundred_is_answered_once_each(stage: Chat) -> None:
    for email in PEOPLE:
        stage.control.person(email)
        stage.control.token(email)
    stage.child()
    stage.child()
    assert stage.connections() == 2
    words = ["help", "create space {}", "qwertz", "help tag", "help create space"]
    said = [
        (email, text.format(f"S-{email.partition('@')[0]}")) for text in words for email in PEOPLE
    ]
    before = stage.seq()
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda one: stage.as_(one[0]).tells(one[1])["roomId"], said))
    assert len(sent) == 100

    def answers() -> Counter[str]:
        return Counter(str(e["object"]["roomId"]) for e in stage.said_by_the_bot(before))

    stage.eventually(lambda: sum(answers().values()) >= 100, within=100)
    stage.as_("ana").says("help")  # what would come a second time has come by now
    assert {room: answers()[room] for room in set(sent)} == Counter(sent)
    made = [e["object"] for e in stage.control.effects("room.created", before)]
    titles = sorted(room["title"] for room in made if room["type"] == "group")
    assert titles == sorted(text[13:] for _, text in said if text.startswith("create"))
    frames = Counter(
        e["activity"] for e in stage.control.log(before, what="frame")
        if e["to"] == BOT and e["verb"] == "post"
    )  # fmt: skip
    assert set(frames.values()) == {2}  # both heard each


def test_when_one_dies_the_other_takes_over_what_it_had_begun(stage: Chat) -> None:
    first = stage.child()
    stuck = stage.control.fault("hang-after", method="POST", path="/rooms", count=1)
    ana = stage.as_("ana")
    ana.tells("create space Budget")
    stage.eventually(lambda: stage.control.fired(stuck))
    stage.child()
    first.kill()
    run_out(stage.settings["SPACEKEEPER_DATABASE_URL"])
    ana.waits_for("The space is there")
    rooms = [e for e in stage.control.effects("room.created") if e["object"]["type"] == "group"]
    assert len(rooms) == 1
