"""A walk: what can happen, happens, in an order that a seed decides, and then is judged.

The walk writes down by itself when people wrote, held, kept and owned; the judge compares that
with the sandbox server's log alone. What the product's tables say is asked for two things only:
that the record verifies, and that there is a certificate for exactly what the server deleted.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.errors import Fault, Refusal
from domain.policies import Ending, PolicyState, draft_of
from retention.leading import NotLeader
from retention.pausing import house_pause, house_resume
from sandbox import base, saying
from sandbox.handle import Handle
from sandbox.markup import mark
from tests.breaking import SHORT, Officers, People, Room
from tests.nights import DAY, World
from webex.sdk import SdkWebex
from webex.tokens import FixedToken

PERIOD = 180 * DAY
PER_DAY = 2
KINDS = ("429", "5xx", "5xx-after", "reset", "reset-after", "stale", "no-items", "html",
         "broken-json", "missing-page", "loop-page", "undecrypted")  # fmt: skip
PLACES = (("GET", "/messages"), ("GET", "/memberships"), ("GET", "/rooms*"), ("GET", "/people*"),
          ("GET", "/events"), ("POST", "/messages"), ("POST", "/memberships"),
          ("PUT", "/memberships/*"), ("PUT", "/rooms/*"), ("DELETE", "/rooms/*"),
          ("DELETE", "/memberships/*"), ("*", "*"))  # fmt: skip
STATUSES = (401, 403, 404, 409, 503)


class Died(BaseException):
    """The process is no more; nothing of the product catches this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    seq: int
    at: datetime
    what: str
    room: str


class _Mortal(FixedToken):
    def __init__(self, token: str, lives: list[int]) -> None:
        super().__init__(token)
        self._lives = lives

    def token(self) -> str:
        self._lives[0] -= 1
        if self._lives[0] <= 0:
            raise Died
        return super().token()


class Walk:
    def __init__(self, world: World, sandbox: Handle, seed: int) -> None:
        self.world = world.with_limits(cap_per_day=PER_DAY)
        self.sandbox, self.chance = sandbox, random.Random(seed)  # noqa: S311 - to be repeated
        self.people, self.officers = People(world, sandbox), Officers(world)
        self.happened: list[Happened] = []
        self.paused: list[list[int]] = []
        self.dry: list[tuple[int, int]] = []
        self.story: list[str] = []
        self.rooms = [
            world.space(f"Walk {n:02}.", idle=self.chance.choice((200, 300, 400, 170)))
            for n in range(6)
        ]
        self.foreign = world.space(
            "Walk foreign.", creator="eve@partner.example", members=["ana@example.com"],
            moderators=["eve@partner.example"],
            messages=[{"by": "eve@partner.example", "text": "hi", "at": world.ago(400)}],
        )  # fmt: skip
        sandbox.do(lambda: base.add_person(sandbox.world, email="robot@webex.bot", kind="bot"))
        for room in self.rooms[:2]:
            self.people.now(lambda room=room: self.people.join(room, "robot@webex.bot"))  # type: ignore[misc]
        world.crawl()
        self.policy = world.policy(name="walk", cap=5, **SHORT)
        world.policy("tag:legal", name="legal", ending=Ending.KEEP, period=None, priority=1)
        self._steps: tuple[tuple[int, Callable[[], object]], ...] = (
            (34, self.day), (6, self.dry_night), (5, self.two_nights), (6, self.dying_night),
            (9, self.faulty_night), (3, self.outage), (5, self.human), (4, self.robot),
            (4, self.hold), (3, self.release), (3, self.keep), (2, self.clear), (3, self.tag),
            (3, self.owner), (3, self.owner_leaves), (2, self.policy_anew), (2, self.policy_rest),
            (3, self.pause), (6, self.resume), (1, self.team), (1, self.migrate), (3, self.lost),
        )  # fmt: skip

    def go(self, steps: int) -> None:
        for _ in range(steps):
            act = self.chance.choices([a for _, a in self._steps], [w for w, _ in self._steps])[0]
            self.story.append(act.__name__)
            act()
        self.finish()

    def finish(self) -> None:
        """The faults end, people look, and what was begun is brought to its end."""
        self.story.append("finish")
        self.world.control.clear_faults()
        self.resume()
        for _ in range(2):
            self.day()

    # -- nights -----------------------------------------------------------------------------

    def night(self, world: World | None = None, **how: Any) -> None:
        world = world or self.world
        world._runs += self.chance.randrange(1, 10_000)
        with suppress(Fault, Refusal, NotLeader):
            world.night(**how)

    def day(self) -> None:
        self.world.pass_(DAY)
        self.night()

    def dry_night(self) -> None:
        before = self.seq
        self.night(dry=True, polled=False)
        self.dry.append((before, self.seq))

    def two_nights(self) -> None:
        self.world.pass_(DAY)
        other = World(self.world.house, self.world.control)
        other._runs = self.chance.randrange(10**6, 10**7)
        both = [
            threading.Thread(target=self.night, args=(one,), kwargs={"polled": False})
            for one in (self.world, other)
        ]
        for one in both:
            one.start()
        for one in both:
            one.join()

    def dying_night(self) -> None:
        """The process ends in the middle; the next night finds what it left."""
        self.world.pass_(DAY)
        ready, lives = self.world.control.ready, [self.chance.randrange(3, 60)]
        bot, officer, witness = (
            _Mortal(ready["tokens"][name], lives) for name in ("bot", "co", "co2")
        )
        webex = SdkWebex(
            bot, officer, witness=witness, base_url=ready["rest"], ca=ready["ca"],
            per_minute=60_000, sleep=lambda seconds: None,
        )  # fmt: skip
        mortal = World(replace(self.world.house, webex=webex), self.world.control)
        with suppress(Died):
            self.night(mortal, polled=False)
        webex.close()

    def faulty_night(self) -> None:
        kind = self.chance.choice((*KINDS, *(["status"] * 4)))
        method, path = self.chance.choice(PLACES)
        more: dict[str, Any] = {"status": self.chance.choice(STATUSES)} if kind == "status" else {}
        self.story[-1] += f"({kind} {more} {method} {path})"
        self.world.control.fault(
            kind, method=method, path=path, count=self.chance.choice((1, 2, 5, -1)),
            skip=self.chance.choice((0, 0, 1, 4)), **more,
        )  # fmt: skip
        self.day()
        if self.chance.random() < 0.8:
            self.world.control.clear_faults()

    def outage(self) -> None:
        self.world.pass_(self.chance.choice((2, 5, 20)) * DAY)
        self.night()

    def lost(self) -> None:
        """Events that nobody reads before the night."""
        self.world.pass_(DAY)
        self.night(polled=False)

    # -- people -----------------------------------------------------------------------------

    def human(self) -> None:
        if room := self.some():
            self.note("message", room)
            self.people.now(lambda: self.people.write(room, "ana@example.com"))

    def robot(self) -> None:
        webex = self.sandbox.world

        def speak() -> None:
            row, room = webex.person_by_email("robot@webex.bot"), self.rooms[0]
            if row is not None and self.people.is_there(room):
                saying.post_message(webex, row, self.people._room(room), mark(webex, "beep", None))

        self.people.now(speak)

    def hold(self) -> None:
        if room := self.some():
            with suppress(Refusal, LookupError):
                self.officers.hold(room)
                self.note("hold", room)

    def release(self) -> None:
        if held := [one for one in self.rooms if self.since("hold", one)]:
            room = self.chance.choice(held)
            with suppress(Refusal, LookupError):
                self.officers.release(room)
                self.note("release", room)

    def keep(self) -> None:
        if room := self.some():
            with suppress(Refusal, LookupError):
                self.officers.keep(room)
                self.note("keep", room)

    def clear(self) -> None:
        if kept := [one for one in self.rooms if self.since("keep", one)]:
            room = self.chance.choice(kept)
            with suppress(Refusal, LookupError):
                self.officers.clear(room)
                self.note("clear", room)

    def tag(self) -> None:
        if room := self.some():
            with suppress(LookupError), self.world.house.store.begin() as tx:
                tx.tags.add(self.officers.space(room).key, ["legal"], None)
                tx.commit()
                self.note("tag", room)

    def owner(self) -> None:
        room = self.some()
        if room and self.is_in(room, "ben@example.com", as_moderator=False):
            self.note("owner", room)
            self.people.now(lambda: self.people.moderate(room, "ben@example.com"))

    def owner_leaves(self) -> None:
        room = self.some()
        if room and self.is_in(room, "ana@example.com") and self.is_in(room, "ben@example.com"):
            self.note("ana left", room)
            self.people.now(lambda: self.people.leave(room, "ana@example.com"))

    def team(self) -> None:
        if room := self.some():
            self.note("team", room)
            self.people.now(lambda: self.people.into_team(room, f"Team {room['title']}"))

    def migrate(self) -> None:
        if room := self.some():
            self.note("migrated", room)
            moved = self.world.control.call("POST", "migrate", id=room["id"])["id"]
            self.happened += [
                replace(one, room=moved) for one in self.happened if one.room == room["id"]
            ]
            self.rooms.append({**room, "id": moved})
            self.rooms.remove(room)

    # -- officers ---------------------------------------------------------------------------

    def policy_anew(self) -> None:
        with self.world.house.store.begin() as tx:
            draft = replace(draft_of(self.policy), cap=self.chance.choice((4, 5, 6)))
            made = tx.policies.add_version(
                self.policy.policy, draft, author=self.officers.cleo.person
            )
            seen = tx.simulations.add(made.key, [], by=None, generation=0, unknown=0)
            tx.simulations.approve(
                seen, by=self.world.person("dora@example.com"), effective_at=tx.now,
                expires_at=tx.now + 30 * DAY,
            )  # fmt: skip
            tx.policies.put_in_force(made)
            tx.commit()

    def policy_rest(self) -> None:
        """A policy rests; whether a night sees it depends on what else is wrong."""
        self._state(PolicyState.PAUSED, PolicyState.ACTIVE)
        self.night(polled=False)
        self._state(PolicyState.ACTIVE, PolicyState.PAUSED)

    def _state(self, to: PolicyState, was: PolicyState) -> None:
        with self.world.house.store.begin() as tx:
            tx.policies.set_state(self.policy.policy, to, was=was)
            tx.commit()

    def pause(self) -> None:
        house_pause(self.world.house, self.officers.cleo, "a walk")
        self.paused.append([self.seq, 2**60])

    def resume(self) -> None:
        """Whatever stopped it, two people look and let it go on."""
        for actor in (self.officers.cleo, self.officers.dora, self.officers.cleo):
            with suppress(Refusal):
                house_resume(self.world.house, actor)
        with self.world.house.store.read() as tx:
            goes_on = tx.settings.pause() is None
        for span in self.paused if goes_on else []:
            span[1] = min(span[1], self.seq)

    # -- words ------------------------------------------------------------------------------

    @property
    def seq(self) -> int:
        return self.sandbox.sandbox.log.seq

    def some(self) -> Room | None:
        there = [room for room in self.rooms if self.world.control.room(room["id"])["exists"]]
        open_ = [one for one in there if self.world.control.room(one["id"])["members"]]
        return self.chance.choice(open_) if open_ else None

    def is_in(self, room: Room, email: str, *, as_moderator: bool | None = None) -> bool:
        members = self.world.control.room(room["id"])["members"]
        return any(
            one["personEmail"] == email and as_moderator in (None, one["isModerator"])
            for one in members
        )

    def since(self, what: str, room: Room) -> bool:
        return any(one.what == what and one.room == room["id"] for one in self.happened)

    def note(self, what: str, room: Room) -> None:
        self.story[-1] += f" {what} {room['title']}"
        self.happened.append(
            Happened(seq=self.seq, at=self.world.control.now(), what=what, room=str(room["id"]))
        )
