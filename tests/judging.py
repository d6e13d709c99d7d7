"""The judge of a walk: what of the invariants was broken, by the server's own log.

`met` counts how often each situation came about that an invariant is about; a check whose
situation never comes proves nothing. Of the product's tables only three things are asked: that
the record verifies, and that there is an intent and a certificate for exactly what was done.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from retention.ground import OUTAGE, USUAL
from storage.schema import metadata
from tests.nights import BOT, DAY
from tests.walks import PER_DAY, PERIOD, Happened, Walk

WARNS = ("reached the end of", "will be deleted on")
VOIDS = ("message", "hold", "person held", "keep", "kept by a press", "owner", "tag", "capless",
         "release", "held for good")  # fmt: skip
VOIDS_PURGES = tuple(one for one in VOIDS if one not in ("message", "owner"))
"""Who uses a space whose messages are purged does not stop it; whoever joins as its owner sees
it in the space's own card, and by the next notice."""
SERVICE = ("compliance-service@example.com", "compliance-witness@example.com")
UNDOES_SOONER = ("no sooner", "keep", "kept by a press", "held for good")
OFFICERS = ("cleo@example.com", "dora@example.com")
SPOILT = ("no-items", "broken-json", "html", "stale", "undecrypted")
"""Answers of 200 that are no evidence."""
ENDS = ("room.deleted", "room.archived")
DIGEST = re.compile(r"^\d+ alerts? (?:is|are) open")
WALK = re.compile(r"Walk (?:\d\d|foreign)")
Entry = dict[str, Any]


@dataclass(slots=True)
class Judgement:
    broken: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)


def judge(walk: Walk) -> Judgement:
    """What of the invariants was broken, in words, and what was met."""
    made = _Judge(walk)
    made.whole()
    return Judgement(broken=[*walk.wrong, *made.broken], met=walk.met + made.met)


class _Judge:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.log: list[Entry] = walk.world.control.log()
        self.effects = [one for one in self.log if one["what"] == "effect"]
        self.mine = [one for one in self.effects if one["actor"] in (BOT, *SERVICE)]
        self.on_rooms = [one for one in self.mine if not _is_word(one)]
        self.deleted = [one for one in self.mine if one["kind"] == "room.deleted"]
        self.ended = [one for one in self.mine if one["kind"] in ENDS]
        """Webex archives the spaces of a team instead of deleting them."""
        self.purged = [
            one for one in self.mine
            if one["kind"] == "message.deleted" and one["actor"] in SERVICE
        ]  # fmt: skip
        self.broken: list[str] = []
        self.met: Counter[str] = Counter()
        self._empty: set[str] = set()
        self._members: dict[str, set[str]] = {}

    def whole(self) -> None:
        for one in self.ended:
            self.met["I2 deletions"] += 1
            self.warnings_of(one, str(one["target"]), _title(one))
        for one in self.on_rooms:
            self.protection_at(one)
            if _begins(one) and one["room"]:
                self.evidence_of(one)
        for one in self.purged:
            self.purge(one)
        self.caps()
        self.spans()
        self.words()
        self.record()
        self.intents()
        self.secrets()
        self.truth()

    # -- I1, I7, I10, I11, I18 --------------------------------------------------------------

    def protection_at(self, one: Entry) -> None:
        walk, room = self.walk, str(one["room"])
        if room == walk.foreign["id"]:
            self.broken.append("I1: touched another organisation's space")
        if not (_begins(one) and one["room"]):
            return
        self.met["I1 effects that take away"] += 1
        if why := protected(walk, room, one, self._heard(room, one)):
            self.broken.append(f"I1: {one['kind']} of {_title(one)} though {why}")
        if room == walk.outside:
            self.broken.append("I18: a space that no approved policy is about was touched")

    def _heard(self, room: str, one: Entry) -> int:
        """Up to where the product could know who wrote: its last good look at the messages, at
        most a minute ago (design.md, The lifecycle). What is written after it is too late."""
        at = datetime.fromisoformat(one["at"])
        for r in reversed(self.log):
            if (
                r["what"] == "request" and r["seq"] < one["seq"] and r["path"] == "/messages"
                and r["query"].get("roomId") == room and r["status"] == 200
                and r["fault"] not in SPOILT
            ):  # fmt: skip
                fresh = at - datetime.fromisoformat(r["at"]) <= timedelta(seconds=60)
                return int(r["seq"]) if fresh else int(one["seq"])
        return int(one["seq"])

    def evidence_of(self, one: Entry) -> None:
        """Right before an effect that takes away, all that it stands on was read, and well."""
        at, room = datetime.fromisoformat(one["at"]), str(one["room"])
        needed = {
            "room": lambda r: r["path"] == f"/rooms/{room}",
            "members": lambda r: r["path"] == "/memberships" and r["query"].get("roomId") == room,
            "messages": lambda r: r["path"] == "/messages" and r["query"].get("roomId") == room,
        }  # fmt: skip
        for what, fits in needed.items():
            reads = [
                r for r in self.log
                if r["what"] == "request" and r["method"] == "GET" and r["seq"] < one["seq"]
                and fits(r)
            ]  # fmt: skip
            good = [r for r in reads if r["status"] == 200 and r["fault"] not in SPOILT]
            last = good[-1] if good else None
            if last is None or at - datetime.fromisoformat(last["at"]) > timedelta(seconds=60):
                self.broken.append(f"I7: {one['kind']} without a good, fresh look at its {what}")
            else:
                self.met["I7 live reads before an effect"] += 1

    # -- I2, I10, I16 ------------------------------------------------------------------------

    def warnings_of(self, one: Entry, room: str, title: str) -> None:
        walk, at = self.walk, datetime.fromisoformat(one["at"])
        voided = [
            h.seq for h in walk.happened
            if h.room == room and h.what in VOIDS
            and h.seq < (self._heard(room, one) if h.what == "message" else one["seq"])
        ]  # fmt: skip
        since = max(voided, default=0)
        self.met["I10 deletions after a cycle that was void"] += bool(voided)
        if any(h.what == "robot" and h.room == room and h.seq < one["seq"] for h in walk.happened):
            self.met["I20 deletions though a bot wrote"] += 1
        told = [
            datetime.fromisoformat(e["at"])
            for e in self.effects
            if e["kind"] == "message.created" and e["actor"] == BOT
            and since < e["seq"] < one["seq"] and title in str(e["object"].get("text", ""))
            and any(words in str(e["object"].get("text", "")) for words in WARNS)
            and self._owned(e, room)
        ]  # fmt: skip
        first, last = min(told, default=at), max(told, default=at)
        self.met["I2 warnings before deletions"] += len(told)
        if len({t.date() for t in told}) < 2:
            self.broken.append(f"I2, I10: {title} was deleted on {at} after warnings on {told}")
        elif self._service(first, at) < 5 * DAY - timedelta(minutes=10):
            self.broken.append(f"I2: {title} was deleted {at - first} after the first warning,"
                               f" of which {self._service(first, at)} were service")  # fmt: skip
        elif at - last < 2 * DAY - timedelta(minutes=10):
            self.broken.append(f"I2: {title} was deleted {at - last} after the last warning")

    def purge(self, one: Entry) -> None:
        """A single message that went: old enough, of nothing protected, and its space warned of
        twice; that people write in the space does not matter."""
        walk, room = self.walk, str(one["room"])
        if not self._talks(room):
            self._emptied(one, room)
            return
        at, wrote = (datetime.fromisoformat(str(t)) for t in (one["at"], one["object"]["created"]))
        self.met["I1 messages purged"] += 1
        if at - wrote < PERIOD:
            self.broken.append(f"I1: a message of {at - wrote} was purged")
        if why := protected(walk, room, one, 0):
            self.broken.append(f"I1: a message of {room} was purged though {why}")
        self.evidence_of(one)
        voided = [h.seq for h in walk.happened if h.room == room and h.what in VOIDS_PURGES
                  and h.seq < one["seq"]]  # fmt: skip
        told = {
            str(e["at"])[:10] for e in self.effects
            if e["kind"] == "message.created" and e["actor"] == BOT
            and max(voided, default=0) < e["seq"] < one["seq"]
            and "loses its older messages" in (text := str(e["object"].get("text", "")))
            and self._talks(room) in text
        }  # fmt: skip
        self.met["I2 warnings before purges"] += len(told)
        if len(told) < 2:
            self.broken.append(f"I2: {room} lost a message on {at} after warnings on {told}")

    def _emptied(self, one: Entry, room: str) -> None:
        """What Webex would only archive, a team's space, is emptied before it is deleted: that is
        its end, and all that is asked of an end is asked of the first message that goes."""
        walk, title = self.walk, self.walk.names.get(room, "")[:7]
        if not title or room in (walk.foreign["id"], walk.outside):
            self.broken.append(f"I18: a message of {title or room} was purged")
            return
        self.met["I1 messages of spaces that end"] += 1
        if why := protected(walk, room, one, self._heard(room, one)):
            self.broken.append(f"I1: a message of {title} was deleted though {why}")
        self.evidence_of(one)
        if room not in self._empty:
            self._empty.add(room)
            self.warnings_of(one, room, title)

    def _talks(self, room: str) -> str:
        """The name of one of the spaces of which messages are purged; else nothing."""
        title = self.walk.names.get(room, "")[:7]
        return title if title in ("Walk 08", "Walk 09") else ""

    def _owned(self, told: Entry, room: str) -> bool:
        """Told to somebody who was in the room then, and is a person of ours."""
        to = self._readers(str(told["room"])) - {BOT}
        there = {"ana@example.com", "ben@example.com"}
        for one in self.effects:
            left = one["kind"] == "membership.deleted" and one["room"] == room
            if left and one["seq"] < told["seq"]:
                there.discard(str(one["person"]))
        return bool(to & there)

    def _service(self, first: datetime, until: datetime) -> timedelta:
        """Of the time between, how much people could have answered in."""
        moments = [first, *(m for m in self.walk.served if first < m < until), until]
        gaps = (b - a for a, b in pairwise(moments))
        return sum((USUAL if gap > OUTAGE else gap for gap in gaps), timedelta())

    # -- I6, I15, I16, I17, I21 ---------------------------------------------------------------

    def caps(self) -> None:
        days: dict[str, int] = defaultdict(int)
        for one in self.ended:
            days[str(one["at"])[:10]] += 1
        self.met["I6 days on which the cap was used up"] += sum(n == PER_DAY for n in days.values())
        self.broken += [f"I6: {n} deletions on {day}" for day, n in days.items() if n > PER_DAY]

    @property
    def _begun(self) -> list[Entry]:
        return [*(one for one in self.on_rooms if _begins(one)), *self.purged]

    def spans(self) -> None:
        for begin, end in self.walk.paused:
            began = [one for one in self._begun if begin < one["seq"] <= end]
            self.broken += [f"I15: {one['kind']} in a pause" for one in began]
        for begin, end, why in self.walk.distrusted:
            began = [one for one in self._begun if begin < one["seq"] <= end]
            self.broken += [f"{why}: {one['kind']} of {_title(one)}" for one in began]
        for begin, end in self.walk.dry:
            done = [one for one in self.mine if begin < one["seq"] <= end]
            self.broken += [f"I21: {one['kind']} in a dry run" for one in done]

    # -- I5, I13, I14 --------------------------------------------------------------------------

    def words(self) -> None:
        deleted, seen = {_title(one) for one in self.deleted}, set()
        epoch = 0
        for one in self.mine:
            if one["kind"] != "message.created":
                continue
            text, to = str(one["object"].get("text", "")), str(one["room"])
            titles = set(WALK.findall(text))
            if DIGEST.search(text):
                day = (to, str(one["at"])[:10], "digest")
                if day in seen and not self.walk.forgotten:
                    self.broken.append(f"I5: two digests of alerts on a day: {text[:100]}")
                seen.add(day)
            epoch = sum(end < one["seq"] for _, end in self.walk.forgotten)
            if titles and any(words in text for words in WARNS):
                self.met["I5 warnings"] += 1
                if (to, text, epoch) in seen:
                    self.broken.append(f"I5: told twice: {text[:200]}")
                seen.add((to, text, epoch))
            if "was deleted" in text:
                for title in titles - deleted:
                    if re.search(rf"{title}\b[^”]*” was deleted", text):
                        self.broken.append(f"I14: {title} is not deleted")
                self.met["I14 said to be deleted"] += bool(titles)
            if titles:
                self._who_reads(one, text, titles)

    def _who_reads(self, one: Entry, text: str, titles: set[str]) -> None:
        """Only compliance, and people who are or were in a space, read its name."""
        for reader in self._readers(str(one["room"])) - {BOT, *OFFICERS}:
            self.met["I13 messages about a space"] += 1
            if reader == "eve@partner.example" and titles != {"Walk foreign"}:
                self.broken.append(f"I13: an outsider was told: {text[:200]}")
            elif reader not in ("ana@example.com", "ben@example.com", "eve@partner.example"):
                self.broken.append(f"I13: {reader} was told: {text[:200]}")
        if "Walk foreign" in titles:
            self.broken.append(f"I13: spoke of another organisation's space: {text[:200]}")

    def _readers(self, room: str) -> set[str]:
        if room not in self._members:
            there = self.walk.world.control.room(room)
            self._members[room] = {m["personEmail"] for m in there.get("members", ())}
        return self._members[room]

    # -- I3, I4, I14, I19, I22 -----------------------------------------------------------------

    def record(self) -> None:
        lost = self.walk.forgotten
        deleted = {_title(one) for one in self.deleted}
        ended = {_title(one) for one in self.ended}
        known = {
            _title(one) for one in self.ended
            if not any(begin < one["seq"] <= end for begin, end in lost)
        }  # fmt: skip
        with self.walk.world.house.store.read() as tx:
            if not tx.audit.verify():
                self.broken.append("I4: the record is broken")
            bodies = tx.connection.exec_driver_sql("SELECT body FROM certificate").scalars().all()
        told = [(said["deletion"]["outcome"], WALK.findall(body)) for body in bodies
                if "deletion" in (said := json.loads(body))]  # fmt: skip
        certified = {title for _, titles in told for title in titles}
        said_gone = {title for outcome, titles in told if outcome == "done" for title in titles}
        self.met["I4 certificates"] += len(certified)
        self.broken += [f"I14: a certificate for {t}, which is there" for t in said_gone - deleted]
        self.broken += [f"I14: a certificate for {t}, of which nothing ended"
                        for t in certified - ended]  # fmt: skip
        self.broken += [f"I4: no certificate for {t}" for t in known - certified]

    def intents(self) -> None:
        """Each deletion has exactly one intent that was done, made before it."""
        with self.walk.world.house.store.read() as tx:
            rows = tx.connection.exec_driver_sql(
                "SELECT payload, made_at, outcome, step FROM intent WHERE kind = 'delete room'"
            ).all()
        done: dict[str, list[Any]] = defaultdict(list)
        for payload, made_at, outcome, _ in rows:
            done[str(json.loads(payload)["room"])].append((made_at, outcome))
        for one in self.deleted:
            if any(begin < one["seq"] <= end for begin, end in self.walk.forgotten):
                continue
            at = datetime.fromisoformat(one["at"]).timestamp() * 1000
            mine = done[str(one["target"])]
            self.met["I3 deletions with their intent"] += 1
            if not any(made_at <= at + 1 for made_at, _ in mine):
                self.broken.append(f"I3: {_title(one)} was deleted without an earlier intent")
            if sum(outcome == "done" for _, outcome in mine) > 1:
                self.broken.append(f"I3: {_title(one)} has several intents that were done")
        gone = {str(one["target"]) for one in self.deleted}
        for room, its in done.items():
            if any(outcome == "done" for _, outcome in its) and room not in gone:
                self.broken.append(f"I14: an intent says done of a space that is there: {room}")

    def secrets(self) -> None:
        tokens = [self.walk.world.control.ready["tokens"][n] for n in ("bot", "co", "co2")]
        said = json.dumps([one for one in self.mine if one["kind"].startswith("message.")])
        with self.walk.world.house.store.read() as tx:
            for table in metadata.sorted_tables:
                said += "".join(str(tuple(one)) for one in tx.connection.execute(select(table)))
        self.met["I19 searched for tokens"] += 1
        self.broken += ["I19: a token stands in what was said or kept" for t in tokens if t in said]

    def truth(self) -> None:
        """After the last night, what is known of who is in a space is what the server says."""
        walk = self.walk
        for room in walk.rooms:
            there = walk.world.control.room(room["id"])
            if not there["exists"] or there["archived"]:  # nobody is in what was archived
                continue
            with walk.world.house.store.read() as tx:
                space = tx.spaces.by_id(room["id"])
                if space is None:
                    continue
                known = {who.email for who, _ in tx.spaces.members(space.key)}
            if not walk.resources.get("reconciled"):
                continue
            self.met["I22 spaces compared with the server"] += 1
            if known != {m["personEmail"] for m in there["members"]}:
                self.broken.append(f"I22: {room['title']} is thought to have {known}")
            if space.title != there["room"]["title"]:
                self.broken.append(f"I22: {there['room']['title']} is thought to be {space.title}")


def protected(walk: Walk, room: str, effect: Entry, heard: int) -> str:
    """Why nothing may be done to a room at an effect; who wrote after `heard` was too late."""
    at = datetime.fromisoformat(effect["at"])
    last = {h.what: h for h in walk.happened if h.room == room and h.seq < effect["seq"]}
    hold, release = last.get("hold"), last.get("release")
    if hold and (release is None or release.seq < hold.seq or at < release.at + 7 * DAY):
        return "it is held"
    if "person held" in last or "held for good" in last:
        return "somebody in it is held, or it was held after a restore"
    keep, clear = last.get("keep"), last.get("clear")
    if keep and (clear is None or clear.seq < keep.seq or at < clear.at + 7 * DAY):
        return "it is kept"
    pressed = last.get("kept by a press")
    if pressed and at < pressed.at + 30 * DAY:
        return "an owner kept it"
    if "tag" in last:
        return "a policy keeps it"
    if "capless" in last:
        return "a policy that may do nothing decides"
    wrote = [h for h in walk.happened if h.room == room and h.what == "message" and h.seq < heard]
    if wrote and at - wrote[-1].at < PERIOD and not _is_sooner(walk, last, wrote[-1].at):
        return "somebody wrote in it"
    return ""


def _is_sooner(walk: Walk, last: dict[str, Happened], used: datetime) -> bool:
    """Two people agreed that it goes sooner, nobody undid that, and it was not used after its
    day."""
    agreed = last.get("sooner")
    if agreed is None:
        return False
    undone = [last[what].seq for what in UNDOES_SOONER if what in last]
    undone.append(int(walk.resources.get("version", 0)))
    return max(undone) < agreed.seq and used <= walk.resources["after"][agreed.seq]


def _is_word(one: Entry) -> bool:
    return str(one["kind"]).startswith("message.") or one["object"].get("roomType") == "direct"


def _begins(one: Entry) -> bool:
    """What takes something away; putting back what was blocked is no harm."""
    return one["kind"] in ENDS or (
        one["kind"] == "room.updated"
        and bool(one["object"].get("isAnnouncementOnly"))
        and "announcement" in one["details"].get("changed", ())
    )


def _title(one: Entry) -> str:
    """Without what people add to it when they rename it."""
    found = WALK.search(str(one["object"].get("title", "")))
    return found.group(0) if found else str(one["object"].get("title", ""))
