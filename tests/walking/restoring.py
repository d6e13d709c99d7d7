"""A backup, and an older database put back in place of the one that was."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from domain.errors import Refusal
from retention.holds import place_hold
from tests.nights import BOT, DAY
from tests.walks import Walk, step

OFFICERS = ("cleo@example.com", "dora@example.com")


@step(0.8)
def backup(walk: Walk) -> None:
    database = walk.world.house.store.engine.url.database
    if walk.world.house.store.engine.dialect.name != "sqlite" or database is None:
        return
    copy = Path(f"{database}.backup")
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as here, closing(sqlite3.connect(copy)) as there:
        here.backup(there)
    walk.resources["backup"] = (copy, walk.seq)


@step(0.5)
def restore(walk: Walk) -> None:
    """Where compliance was told anything since, the bot notices, and stands still; then people
    hold what was protected meanwhile, and two of them let it go on."""
    if "backup" not in walk.resources or walk.world.control.faults():
        return
    copy, then = walk.resources.pop("backup")
    engine = walk.world.house.store.engine
    engine.dispose()
    with (
        closing(sqlite3.connect(copy)) as here,
        closing(sqlite3.connect(str(engine.url.database))) as there,
    ):
        here.backup(there)
    walk.forgotten.append((then, walk.seq))
    for span in walk.paused:
        span[1] = min(span[1], walk.seq)
    if _told_compliance(walk, then):
        before = walk.seq
        walk.world.pass_(DAY)
        walk.night(polled=False)
        walk.distrusted.append((before, walk.seq, "I17: by an older database"))
        walk.met["I17 older databases noticed"] += 1
    protected = {one.room for one in walk.happened if one.seq >= then}
    for room in [one for one in walk.rooms if one["id"] in protected]:
        with suppress(Refusal, LookupError):
            place_hold(
                walk.world.house, walk.officers.cleo, f"restored {walk.seq} {room['title']}",
                reason="a restore", spaces=[walk.officers.space(room)],
            )  # fmt: skip
        walk.note("held for good", room)
    walk.resume()
    walk.met["I17 restores"] += 1


def _told_compliance(walk: Walk, since: int) -> bool:
    for one in walk.world.control.effects("message.created", since):
        if one["actor"] == BOT and "Action.Submit" in str(one["object"].get("attachments")):
            members = walk.world.control.room(one["object"]["roomId"])["members"]
            if any(member["personEmail"] in OFFICERS for member in members):
                return True
    return False
