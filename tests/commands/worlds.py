"""A company prepared for one command: spaces and names of its own, and one of a few crews.

What one command does to its world is then in no other's way, and one bot serves them all. A crew
is shared by some commands, since meeting somebody for the first time costs more than answering
them; one crew for all would ask for too much at once.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import delete, update

from cards.words import typed_name
from commands.registry import load
from commands.spec import Command
from domain.ids import RoomId
from domain.people import SYSTEM
from domain.spaces import Space, SpaceState
from sandbox.handle import start
from spaces.sync.crawl import crawl
from spaces.sync.live import touch
from spaces.tagging import tag_space
from storage.schema import hold, hold_change, hold_found, hold_target, policy
from tests.chats import BOT, Answer, Chat, Person, staged
from tests.commands.matrix import KINDS, Row

EVERY: tuple[Command, ...] = tuple(
    sorted({one.path: one for one in load().values()}.values(), key=lambda one: one.path)
)
PATHS = tuple(one.path for one in EVERY)
DOCUMENTED = '"Q3 plans"'
OUTSIDE = "elsewhere.example"
CREWS = 8
OWNER, SAME = "owner: ", "same: "
GROUND = 100
"""Spaces besides: at most as many are blocked or deleted a day as there are."""
PEOPLE = (*KINDS, "second", "ben", "carl")

NAMED = {
    '"Q3 plans"': "{space}", "here": "{space}", "ben@example.com": "{ben}",
    "cleo@example.com": "{carl}", "cleanup": "{policy}", "lawsuit-12": "{hold}",
    '"Field sales"': "{team}",
}  # fmt: skip
"""The names of the documents' world, and what stands for them."""
_NAME = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in NAMED))


def template(words: str) -> str:
    """An example with places for the names in it."""
    return _NAME.sub(lambda found: NAMED[found[0]], words)


@contextmanager
def opened(database: str, *, name: str = "") -> Iterator[Chat]:
    """A sandbox and one bot for many commands; two of each crew are compliance.

    Args:
        name: what everybody is called.
    """
    officers = (address(who, n) for n in range(CREWS) for who in ("compliance", "second"))
    settings = {
        "COMPLIANCE": " ".join(officers),
        "CAP_PER_DAY": "1000",
        "CAP_PER_RUN": "1000",
        "CAP_SHARE": "1",
        "PACE_SECONDS": "0",
        "EXPORT_FOLDER": str(Path(database.removeprefix("sqlite:///")).parent / "exports"),
    }
    with start() as handle, staged(handle, database, settings) as chat:
        for kind, crew in itertools.product(PEOPLE, range(CREWS)):
            where: dict[str, Any] = {"org": "Elsewhere"} if kind == "outsider" else {}
            what: dict[str, Any] = {"kind": "bot"} if kind == "machine" else {}
            chat.control.person(address(kind, crew), name=name, **where, **what)
        for n in range(GROUND):
            chat.control.space(
                f"Ground {n}", creator="ana@example.com", members=["ben@example.com"]
            )
        _team(chat, "Finance", [address("compliance", crew) for crew in range(CREWS)])
        house = chat.start().house
        assert crawl(house).is_complete, "else nothing may be agreed to"
        yield chat


@dataclass(slots=True)
class World:
    """One command's world."""

    chat: Chat
    number: int
    spaces: dict[str, Space]
    """By the kind of actor that uses it."""
    said: dict[str, str] = field(default_factory=dict)
    """The id of what was said in each space, by the space's."""

    def actor(self, kind: str) -> Person:
        return self.chat.as_(address(kind, self.number % CREWS))

    @property
    def second(self) -> Person:
        return self.actor("second")

    def owner(self, kind: str) -> Person:
        """Who manages the space that a kind uses."""
        return self.actor("creator" if kind in ("creator", "fellow") else "moderator")

    def names(self, kind: str) -> Mapping[str, str]:
        """What the places of a template are filled with, for one actor."""
        n, space = self.number, self.spaces[kind]
        return {
            "space": typed_name(space), "id": space.id, "title": space.title or "",
            "ben": self.actor("ben").email, "carl": self.actor("carl").email,
            "tag": f"quartz-{n}", "policy": f"policy-{n}", "hold": f"hold-{n}",
            "new": f"New {n} of {kind}", "team": f"team-{n}",
            "message": self.said.get(space.id, ""), "owner": self.owner(kind).email,
            "leader": self.actor("moderator").email, "mate": self.actor("member").email,
        }  # fmt: skip

    def have_said(self, kind: str, words: str) -> str:
        """By another officer, or by whom the words begin with. Gives the answer."""
        if words.startswith(OWNER):
            return self.owner(kind).says(words.removeprefix(OWNER))
        if words.startswith(SAME):
            return self.actor("compliance").says(words.removeprefix(SAME))
        return self.second.says(words)

    def tidy_up(self, row: Row, kind: str = "compliance") -> None:
        """What is in others' way goes: what the row names, and the spaces from every list."""
        for words in row.after:
            self.have_said(kind, words.format(**self.names(kind)))
        with self.chat.process.house.store.begin() as tx:
            for space in {one.key: one for one in self.spaces.values()}:
                tx.spaces.set_state(space, SpaceState.GONE)
            tx.commit()

    def get_ready(self, row: Row) -> None:
        """Does and says what the row wants before, for each space, and nothing twice."""
        done: set[object] = set()
        for kind in {space.id: kind for kind, space in self.spaces.items()}.values():
            names = self.names(kind)
            for one in row.before:
                what = one.format(**names) if isinstance(one, str) else (one, names["id"])
                if what in done:
                    continue
                done.add(what)
                if callable(one):
                    one(self.chat, names)
                    continue
                answer = self.have_said(kind, str(what))
                assert not is_refusal(answer), f"before: {what!r}: {answer}"


def _team(chat: Chat, name: str, members: Iterable[str]) -> None:
    made = chat.rest("ana@example.com", "POST", "teams", name=name)
    for email in (BOT, *members):
        chat.rest(
            "ana@example.com", "POST", "team/memberships", teamId=made["id"], personEmail=email
        )


def address(kind: str, crew: int) -> str:
    return f"{kind}{crew}@{OUTSIDE if kind == 'outsider' else 'example.com'}"


def prepare(chat: Chat, number: int, *, title: str = "") -> World:
    """Two spaces with moderators (one for compliance alone, whose doings then are in nobody's
    way), one without, and the people of the nine kinds.

    Args:
        title: of each space; unless given, each has one of its own.
    """

    def a(kind: str) -> str:
        return address(kind, number % CREWS)

    def space(which: str, creator: str, *members: str, moderators: tuple[str, ...] = ()) -> Space:
        made = chat.control.space(
            title or codename(f"{number} {which}"),
            creator=a(creator),
            members=[a(m) for m in members],
            moderators=[a(m) for m in moderators],
            messages=[{"by": a(creator), "text": "hello", "at": chat.clock.now().isoformat()}],
        )
        found = touch(chat.process.house, RoomId(made["id"]))
        tag_space(chat.process.house, SYSTEM, found, [f"quartz-{number}"])
        return found

    led = space(
        "led",
        "moderator",
        "member",
        "leaver",
        "outsider",
        "machine",
        "ben",
        moderators=("moderator",),
    )
    loose = space("loose", "creator", "fellow", "ben")
    seen = space("seen", "moderator", "ben", moderators=("moderator",))
    leave(chat, a("leaver"), led)
    uses = dict.fromkeys(KINDS, led) | {"creator": loose, "fellow": loose, "compliance": seen}
    said = {
        one.id: chat.rest(a(who), "GET", f"messages?roomId={one.id}")["items"][0]["id"]
        for one, who in ((led, "moderator"), (loose, "creator"), (seen, "moderator"))
    }
    return World(chat=chat, number=number, spaces=uses, said=said)


def codename(of: str) -> str:
    """Nothing like any other's: a title that is not there is then near to none that is."""
    return hashlib.sha256(of.encode()).hexdigest()[:16]


def leave(chat: Chat, email: str, space: Space) -> None:
    """Somebody leaves, and nobody tells the bot, which is not in there."""
    members = chat.control.room(space.id)["members"]
    [mine] = [m for m in members if m["personEmail"] == email]
    chat.rest(email, "DELETE", f"memberships/{mine['id']}")


def is_refusal(text: str) -> bool:
    return text.startswith("That did not work\n")


@dataclass(slots=True)
class Documented(World):
    """The world that the documents speak of."""

    room: str = ""

    def names(self, kind: str) -> Mapping[str, str]:
        return {
            **World.names(self, kind), "space": DOCUMENTED, "ben": "ben@example.com",
            "carl": "cleo@example.com", "tag": "finance", "policy": "cleanup",
            "hold": "lawsuit-12", "new": "audit", "team": "Field sales",
            "leader": "ana@example.com", "mate": self.actor("compliance").email,
        }  # fmt: skip

    def owner(self, kind: str) -> Person:
        return self.chat.as_("ana")

    def says(self, example: str) -> Answer:
        """1:1, or in the space where it speaks of “here”."""
        speaker = self.actor("compliance")
        if _is_here(example):
            return self.chat.in_space(self.room, speaker).asks(example)
        return speaker.asks(example)


@contextmanager
def documented(chat: Chat, number: int, row: Row, example: str) -> Iterator[Documented]:
    """“Q3 plans” with its people, tags, policy and hold, as one example needs them; afterwards
    the names are free again."""
    speaker = address("compliance", number % CREWS)
    room = chat.control.space(
        DOCUMENTED.strip('"'), creator="ana@example.com",
        members=["ben@example.com", speaker, *([BOT] if _is_here(example) else [])],
        moderators=["ana@example.com", speaker],
        messages=[{"by": "ana@example.com", "text": "hello", "at": chat.clock.now().isoformat()}],
    )  # fmt: skip
    house = chat.process.house
    space = touch(house, RoomId(room["id"]))
    tag_space(house, SYSTEM, space, ["finance", "pii", "q3"])
    world = Documented(chat=chat, number=number, spaces={"compliance": space}, room=space.id)
    world.get_ready(row)
    yield world
    world.tidy_up(row)
    with house.store.begin() as tx:
        for one in tx.spaces.by_title(DOCUMENTED.strip('"'), visible_to=None):
            tx.spaces.set_state(one.key, SpaceState.GONE)
        fresh = policy.c.name + f" {space.key}"
        tx.connection.execute(
            update(policy).values(name=fresh).where(policy.c.name.not_like("% %"))
        )
        for table in (hold_change, hold_found, hold_target, hold):
            tx.connection.execute(delete(table))
        tx.commit()


def _is_here(example: str) -> bool:
    return "here" in example.split()
