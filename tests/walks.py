"""A walk: what can happen, happens, in an order that a seed decides, and then is judged.

The walk writes down by itself when people wrote, held, kept and owned; the judge compares that
with the sandbox server's log alone. Each kind of step is a function in `tests/walking/` that
says with `step` how likely it is; there is no list of them.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.errors import Fault, Refusal
from domain.policies import Basis, Ending, PolicyVersion
from retention.leading import NotLeader
from retention.pausing import house_resume
from sandbox import base
from sandbox.handle import Handle
from spaces.sync.crawl import crawl
from tests.breaking import SHORT, Officers, People, Room
from tests.nights import DAY, World
from webex.sdk import SdkWebex
from webex.tokens import TokenSource

PERIOD = 180 * DAY
PER_DAY = 2
IDLE = (400, 300, 300, 200, 200, 178, 176, 170)
WIDE = 1_000_000
"""From this seed on programs are of the wider kind: messages are purged, spaces go sooner by two
people's word, alerts are told. A seed below it stays the program that it was."""
OLD_TALK = (400, 300, 179, 178.5, 1)
"""How many days ago people wrote in the spaces whose older messages are purged."""
OUTSIDE = 7
"""The number of the room that no policy is about; only a wider one would be."""
Connect = Callable[[TokenSource, TokenSource, TokenSource], SdkWebex]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    seq: int
    at: datetime
    what: str
    room: str


@dataclass(slots=True, kw_only=True)
class Ground:
    """What a walk begins on: a company with policies, some of its spaces on their way."""

    rooms: list[Room]
    foreign: Room
    policy: PolicyVersion
    served: list[datetime] = field(default_factory=list)


def furnish(world: World, sandbox: Handle, days: int, *, is_wide: bool = False) -> Ground:
    """Makes the company, and lets `days` nights pass over it."""
    world = world.with_limits(cap_per_day=PER_DAY)
    rooms = [world.space(f"Walk {n:02}.", idle=idle) for n, idle in enumerate(IDLE)]
    foreign = world.space(
        "Walk foreign.", creator="eve@partner.example", members=["ana@example.com"],
        moderators=["eve@partner.example"],
        messages=[{"by": "eve@partner.example", "text": "hi", "at": world.ago(400)}],
    )  # fmt: skip
    talks = [_talk(world, f"Walk {8 + n:02}.") for n in range(2)] if is_wide else []
    people = People(world, sandbox)
    sandbox.do(lambda: base.add_person(sandbox.world, email="robot@webex.bot", kind="bot"))
    for room in rooms[:2]:
        people.now(lambda room=room: people.join(room, "robot@webex.bot"))  # type: ignore[misc]
    world.crawl()
    officers = Officers(world)
    with world.house.store.begin() as tx:
        for number, room in enumerate(rooms):
            if number != OUTSIDE:
                tx.tags.add(officers.space(room).key, ["old"], None)
        for room in talks:
            tx.tags.add(officers.space(room).key, ["talk"], None)
        tx.commit()
    # The space of another organisation meets the condition, too, as far as it is known at all.
    policy = world.policy("tag:old or ours:no", name="walk", cap=5, **SHORT)
    world.policy("tag:legal", name="legal", ending=Ending.KEEP, period=None, priority=1)
    world.policy("", name="of nothing", **SHORT)
    world.policy("tag:capless", name="capless", priority=2, cap=None, **SHORT)
    if is_wide:
        world.policy("tag:talk", name="tidy", ending=Ending.PURGE, basis=Basis.MESSAGES, cap=5,
                     notices=(3, 1))  # fmt: skip
    ground = Ground(rooms=[*rooms, *talks], foreign=foreign, policy=policy)
    for _ in range(days):
        world.pass_(DAY)
        world.night()
        ground.served.append(world.control.now())
    return ground


def _talk(world: World, title: str) -> Room:
    said = [{"by": "ana@example.com", "text": f"{age}", "at": world.ago(age)} for age in OLD_TALK]
    return world.space(title, messages=said)


def over_tls(sandbox: Handle) -> Connect:
    """For a walk that has a server."""

    def connect(bot: TokenSource, officer: TokenSource, witness: TokenSource) -> SdkWebex:
        ready = sandbox.ready
        return SdkWebex(
            bot, officer, witness=witness, base_url=ready["rest"], ca=ready["ca"],
            per_minute=60_000, sleep=lambda seconds: None,
        )  # fmt: skip

    return connect


Act = Callable[["Walk"], object]
_steps: dict[str, tuple[float, Act]] = {}
_wide: set[str] = set()


def step(weight: float, *, wide: bool = False) -> Callable[[Act], Act]:
    """Declares a kind of step and how often it comes, beside the others; `wide`, only in walks
    of the wider kind."""

    def declare(act: Act) -> Act:
        _steps[act.__name__] = (weight, act)
        if wide:
            _wide.add(act.__name__)
        return act

    return declare


def steps(*, wide: bool = True) -> dict[str, tuple[float, Act]]:
    here = Path(__file__).with_name("walking")  # and not what another copy has beside it
    for module in pkgutil.iter_modules([str(here)]):
        importlib.import_module(f"tests.walking.{module.name}")
    return {name: its for name, its in sorted(_steps.items()) if wide or name not in _wide}


class Walk:
    def __init__(
        self, world: World, sandbox: Handle, seed: int, ground: Ground, connect: Connect
    ) -> None:
        self.world = world.with_limits(cap_per_day=PER_DAY)
        self.world._runs = 10_000
        self.sandbox, self.chance = sandbox, random.Random(seed)  # noqa: S311 - to be repeated
        self.connect, self.seed = connect, seed
        self.people, self.officers = People(self.world, sandbox), Officers(self.world)
        self.rooms, self.foreign, self.policy = [*ground.rooms], ground.foreign, ground.policy
        self.outside = ground.rooms[OUTSIDE]["id"]
        self.names = {str(room["id"]): str(room["title"]) for room in ground.rooms}
        """What rooms were called at the beginning, by each id that they ever had."""
        self.served = [*ground.served]
        self.happened: list[Happened] = []
        self.paused: list[list[int]] = []
        self.dry: list[tuple[int, int]] = []
        self.distrusted: list[tuple[int, int, str]] = []
        """Spans in which nothing may begin, and why: a wrong clock, an older database."""
        self.wrong: list[str] = []
        """What a step itself saw that must not be."""
        self.met: Counter[str] = Counter()
        """How often a situation came about that an invariant is about."""
        self.taken: Counter[str] = Counter()
        self.forgotten: list[tuple[int, int]] = []
        """What an older database knows nothing of."""
        self.story: list[str] = []
        self.resources: dict[str, Any] = {}
        self.closers: list[Callable[[], None]] = []

    def go(self, number: int) -> None:
        known = steps(wide=self.seed >= WIDE)
        names, weights = list(known), [weight for weight, _ in known.values()]
        try:
            for _ in range(number):
                (name,) = self.chance.choices(names, weights)
                self.story.append(name)
                self.taken[name] += 1
                known[name][1](self)
            self.finish()
        finally:
            for close in self.closers:
                close()

    def finish(self) -> None:
        """The faults end, people look, and what was begun is brought to its end."""
        self.story.append("finish")
        self.world.control.clear_faults()
        self.resume()
        self.world.pass_(DAY)
        self.night()
        if self.seed % 4 == 0:  # it costs the most, and there is nothing of chance in it
            with suppress(Fault):
                self.resources["reconciled"] = crawl(self.world.house).is_complete

    # -- what steps are made of -----------------------------------------------------------------

    def night(self, world: World | None = None, **how: Any) -> dict[str, Any]:
        world = world or self.world
        world._runs += self.chance.randrange(1, 10_000)
        self.served.append(self.world.control.now())
        with suppress(Fault, Refusal, NotLeader):
            return dict(world.night(**how))
        return {}

    def resume(self) -> None:
        """Whatever stopped it, two people look and let it go on."""
        for actor in (self.officers.cleo, self.officers.dora, self.officers.cleo):
            with suppress(Refusal):
                house_resume(self.world.house, actor)
        with self.world.house.store.read() as tx:
            goes_on = tx.settings.pause() is None
        for span in self.paused if goes_on else []:
            span[1] = min(span[1], self.seq)

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

    def moved(self, room: Room, to: str) -> None:
        self.happened += [replace(one, room=to) for one in self.happened if one.room == room["id"]]
        if room["id"] == self.outside:
            self.outside = to
        self.names[to] = self.names[str(room["id"])]
        self.rooms.append({**room, "id": to})
        self.rooms.remove(room)
