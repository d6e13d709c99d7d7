"""The judge of a walk: what of the invariants was broken, by the server's own log."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from tests.nights import BOT, DAY
from tests.walks import PER_DAY, PERIOD, Walk

WARNS = ("reached the end of", "will be deleted on")
VOIDS = ("message", "hold", "keep", "owner", "tag", "release")


def judge(walk: Walk) -> list[str]:
    """What of the invariants was broken, in words; empty when nothing was."""
    effects = walk.world.control.log(what="effect")
    mine = [one for one in effects if one["actor"] == BOT]
    rooms = [one for one in mine if not _is_word(one)]
    found: list[str] = []
    deleted = [one for one in mine if one["kind"] == "room.deleted"]
    for one in deleted:
        found += _judge_deletion(walk, one, effects)
    for one in rooms:
        if _begins(one) and one["room"] and (why := _protected(walk, str(one["room"]), one)):
            found.append(f"I1: {one['kind']} though {why}")
        if one["room"] == walk.foreign["id"]:
            found.append("I1: touched another organisation's space")
    days: dict[str, int] = defaultdict(int)
    for one in deleted:
        days[str(one["at"])[:10]] += 1
    found += [f"I6: {n} deletions on {day}" for day, n in days.items() if n > PER_DAY]
    for begin, end in walk.paused:
        began = [one for one in rooms if begin < one["seq"] <= end and _begins(one)]
        found += [f"I15: {one['kind']} in a pause" for one in began]
    for begin, end in walk.dry:
        found += [f"I21: {one['kind']} in a dry run" for one in mine if begin < one["seq"] <= end]
    found += _judge_words(walk, mine, {str(one["object"]["title"]) for one in deleted})
    found += _judge_record(walk, {str(one["object"]["title"]) for one in deleted})
    return found


def _is_word(one: dict[str, Any]) -> bool:
    return str(one["kind"]).startswith("message.") or one["object"].get("roomType") == "direct"


def _begins(one: dict[str, Any]) -> bool:
    """What takes something away; putting back what was blocked is no harm."""
    return one["kind"] == "room.deleted" or (
        one["kind"] == "room.updated"
        and bool(one["object"].get("isAnnouncementOnly"))
        and "announcement" in one["details"].get("changed", ())
    )


def _protected(walk: Walk, room: str, effect: dict[str, Any]) -> str:
    """Why nothing may be done to a room at an effect."""
    at = datetime.fromisoformat(effect["at"])
    before = [
        one for one in walk.happened if one.room == room and one.seq < effect["seq"]
    ]  # fmt: skip
    last = {one.what: one for one in before}
    hold, release = last.get("hold"), last.get("release")
    if hold and (release is None or release.seq < hold.seq or at < release.at + 7 * DAY):
        return "it is held"
    keep, clear = last.get("keep"), last.get("clear")
    if keep and (clear is None or clear.seq < keep.seq or at < clear.at + 7 * DAY):
        return "it is kept"
    if "tag" in last:
        return "a policy keeps it"
    if "message" in last and at - last["message"].at < PERIOD:
        return "somebody wrote in it"
    return ""


def _judge_deletion(walk: Walk, one: dict[str, Any], effects: list[dict[str, Any]]) -> list[str]:
    room, title, at = str(one["target"]), one["object"]["title"], datetime.fromisoformat(one["at"])
    found = []
    if why := _protected(walk, room, one):
        found.append(f"I1: {title} was deleted though {why}")
    voided = [
        h.seq for h in walk.happened
        if h.room == room and h.seq < one["seq"] and h.what in VOIDS
    ]  # fmt: skip
    since = max(voided, default=0)
    told = [
        datetime.fromisoformat(e["at"])
        for e in effects
        if e["kind"] == "message.created" and e["actor"] == BOT
        and since < e["seq"] < one["seq"] and title in str(e["object"].get("text", ""))
        and any(words in str(e["object"].get("text", "")) for words in WARNS)
    ]  # fmt: skip
    if len({t.date() for t in told}) < 2:
        found.append(f"I2, I10: {title} was deleted on {at} after warnings on {told}")
    elif at - min(told) < 5 * DAY - timedelta(minutes=5):
        found.append(f"I2: {title} was deleted {at - min(told)} after the first warning")
    return found


def _judge_words(walk: Walk, mine: list[dict[str, Any]], deleted: set[str]) -> list[str]:
    found, seen = [], set()
    for one in mine:
        if one["kind"] != "message.created":
            continue
        text = str(one["object"].get("text", ""))
        to = one["room"]
        if "Walk " in text and "is warned" not in text and (to, text) in seen:
            found.append(f"I5: told twice: {text[:200]}")
        seen.add((to, text))
        if "was deleted" in text:
            for title in {str(room["title"]) for room in walk.rooms} - deleted:
                if f"{title}” was deleted" in text:
                    found.append(f"I14: {title} is not deleted")
        if "Walk foreign" in text and "eve" not in text:
            found.append(f"I13: spoke of another organisation's space: {text[:200]}")
    return found


def _judge_record(walk: Walk, deleted: set[str]) -> list[str]:
    found = []
    with walk.world.house.store.read() as tx:
        if not tx.audit.verify():
            found.append("I4: the record is broken")
        bodies = tx.connection.exec_driver_sql("SELECT body FROM certificate").scalars().all()
        certified = {
            room["title"] for room in walk.rooms if any(room["title"] in b for b in bodies)
        }
    for title in certified - deleted:
        found.append(f"I14: a certificate for {title}, which is there")
    for title in deleted - certified:
        found.append(f"I4: no certificate for {title}")
    return found
