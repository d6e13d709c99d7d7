"""A made-up company in the world: names, ids and rows for what `tenant_shape` drew.

Written straight into the tables and told to nobody: it is the past, not something that
happens. A hundred thousand spaces take seconds. The same spec gives the same company.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sandbox.tenant_shape import Shape, shape, suggested_tags
from sandbox.world import World

PRESETS = {"small": (40, 60), "medium": (1_000, 5_000), "large": (10_000, 100_000)}
FIRST = (
    "Ada Bruno Carla Dario Elif Farid Greta Hugo Ines Jonas Kaya Luca Mira Nils Olga Pavel Quinn "
    "Rosa Sven Tara Umar Vera Wim Xenia Yann Zora"
).split()
LAST = (
    "Adler Bauer Conti Dietz Eklund Ferrari Gruber Hansen Ito Jansen Kovac Lang Meyer Novak Olsen "
    "Petit Quast Rossi Silva Toth Ueda Vogel Weber Yilmaz Zeman"
).split()
TOPIC = (
    "Budget Launch Audit Hiring Roadmap Incident Migration Pricing Contract Support Design Legal "
    "Payroll Research Safety Quality Logistics Training Brand Merger"
).split()
KIND = "team project weekly planning sync review handover board working-group archive".split()
INDEXES = {
    "membership_person": "CREATE INDEX membership_person ON membership(person, room)",
    "message_room": "CREATE INDEX message_room ON message(room, created, key)",
}
NAMESPACE = uuid.UUID("a6b1d3d4-3a0e-4cf1-9d1b-5f1f3d2f7a10")


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantSpec:
    """How big, and from which seed."""

    people: int
    spaces: int
    seed: int = 1
    direct_share: float = 0.35

    @staticmethod
    def named(tenant: str = "small", **asked: Any) -> TenantSpec:
        """A preset, with numbers of one's own over it. Raises ValueError."""
        if tenant not in PRESETS:
            raise ValueError(f"no tenant {tenant!r}; there are {', '.join(PRESETS)}")
        people, spaces = PRESETS[tenant]
        return TenantSpec(
            people=int(asked.get("people") or people), spaces=int(asked.get("spaces") or spaces),
            seed=int(asked.get("seed") or 1),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """What was built. `tags` are for others to give: Webex itself has none."""

    spec: TenantSpec
    people: int
    spaces: int
    memberships: int
    groups: int

    def report(self) -> dict[str, int]:
        return {
            "people": self.people, "spaces": self.spaces, "memberships": self.memberships,
            "groups": self.groups, "seed": self.spec.seed,
        }  # fmt: skip

    def tags(self) -> Iterator[tuple[str, ...]]:
        """For each space, in the order of their creation here, the tags to give it."""
        for drawn in suggested_tags(self.spaces, self.spec.seed):
            yield tuple(f"{TOPIC[n % len(TOPIC)].lower()}-{n // len(TOPIC)}" for n in drawn)


def build(world: World, spec: TenantSpec) -> Tenant:
    outsiders = max(1, spec.people * 8 // 92)
    drawn = shape(
        people=spec.people, spaces=spec.spaces, groups=max(1, spec.people // 20),
        outsiders=outsiders, domains=min(300, max(1, outsiders // 3)),
        direct_share=spec.direct_share, seed=spec.seed,
    )  # fmt: skip
    rng = np.random.default_rng([spec.seed, 2])
    now = world.clock.now_ms()
    db = world.db
    db.execute("BEGIN")
    for name in INDEXES:  # made again at the end, which is faster than keeping them up
        db.execute(f"DROP INDEX {name}")
    orgs = _orgs(world, drawn)
    people = _people(world, drawn, orgs, now)
    rooms = _rooms(world, drawn, people, orgs, now, rng)
    starts, members = drawn.starts.tolist(), drawn.members.tolist()
    moderators, created = (
        drawn.moderators.tolist(),
        (now - drawn.created * 1000).astype(int).tolist(),
    )
    db.executemany(
        "INSERT INTO membership(room, person, moderator, created) VALUES (?, ?, ?, ?)",
        (
            (rooms[s], people[members[i]], int(i - starts[s] < moderators[s]), created[s])
            for s in range(drawn.spaces)
            for i in range(starts[s], starts[s + 1])
        ),
    )
    _messages(world, drawn, people, rooms, now)
    first = world.value("SELECT coalesce(max(key), 0) FROM grp") + 1
    names = (f"{LAST[n % len(LAST)]} {TOPIC[n % len(TOPIC)]} {n}" for n in itertools.count())
    db.executemany(
        "INSERT INTO grp(key, uuid, name, created) VALUES (?, ?, ?, ?)",
        ((first + g, _uuid(spec, "g", g), next(names), now) for g in range(drawn.groups)),
    )
    db.executemany(
        "INSERT INTO grp_member VALUES (?, ?)",
        (
            (first + g, people[p])
            for g, inside in enumerate(drawn.group_members)
            for p in inside.tolist()
        ),
    )
    for sql in INDEXES.values():
        db.execute(sql)
    db.execute("COMMIT")
    return Tenant(
        spec=spec, people=len(people), spaces=drawn.spaces, memberships=len(members),
        groups=drawn.groups,
    )  # fmt: skip


def _orgs(world: World, drawn: Shape) -> list[int]:
    first = world.value("SELECT max(key) FROM org") + 1
    world.db.executemany(
        "INSERT INTO org(key, uuid, name, created) VALUES (?, ?, ?, ?)",
        (
            (first + d, str(uuid.uuid5(NAMESPACE, f"org{d}")), f"Guest {d}", 0)
            for d in range(drawn.domains)
        ),
    )
    return list(range(first, first + drawn.domains))


def _people(world: World, drawn: Shape, orgs: list[int], now: int) -> list[int]:
    first = world.value("SELECT max(key) FROM person") + 1
    domain = drawn.outsider_domain.tolist()

    def rows() -> Iterator[tuple[Any, ...]]:
        for n in range(drawn.insiders + drawn.outsiders):
            given, family = FIRST[n % len(FIRST)], LAST[n // len(FIRST) % len(LAST)]
            inside = n < drawn.insiders
            at = "example.com" if inside else f"guest{domain[n - drawn.insiders]}.example"
            email = f"{given}.{family}.{n}@{at}".lower()
            org = world.home if inside else orgs[domain[n - drawn.insiders]]
            key = str(uuid.uuid5(NAMESPACE, email))
            yield first + n, key, email, f"{given} {family}", given, family, org, now

    world.db.executemany(
        "INSERT INTO person(key, uuid, email, name, first, last, org, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows(),
    )
    return list(range(first, first + drawn.insiders + drawn.outsiders))


def _rooms(
    world: World, drawn: Shape, people: list[int], orgs: list[int], now: int,
    rng: np.random.Generator,
) -> list[int]:  # fmt: skip
    first = (world.value("SELECT max(key) FROM room") or 0) + 1
    first_team = (world.value("SELECT max(key) FROM team") or 0) + 1
    ids = list(_uuids(rng, drawn.spaces))
    starts, members = drawn.starts.tolist(), drawn.members.tolist()
    kinds = {row["rank"]: row["key"] for row in world.all("SELECT * FROM classification")}
    created, active = drawn.created.tolist(), drawn.active.tolist()
    rank, team, moderators = drawn.rank.tolist(), drawn.team.tolist(), drawn.moderators.tolist()
    public, announcement, foreign = (
        drawn.public.tolist(), drawn.announcement.tolist(), drawn.foreign.tolist(),
    )  # fmt: skip
    domain = drawn.outsider_domain.tolist()

    home: int = world.home

    def owner(s: int) -> int:
        inside = members[starts[s] : starts[s + 1]]
        if foreign[s]:
            guest = next((p for p in inside if p >= drawn.insiders), None)
            if guest is not None:
                return int(orgs[domain[guest - drawn.insiders]])
        return home

    def rows() -> Iterator[tuple[Any, ...]]:
        for s in range(drawn.spaces):
            direct = s < drawn.directs
            title = "" if direct else f"{TOPIC[s % 20]} {KIND[s // 20 % 10]} {s}"
            yield (
                first + s, ids[s], title, int(direct), people[members[starts[s]]],
                now - int(created[s] * 1000), now - int(active[s] * 1000),
                first_team + team[s] if team[s] >= 0 else None, owner(s),
                kinds.get(rank[s] - 1), int(moderators[s] > 0), int(announcement[s]),
                int(public[s]), "About this space" if public[s] else "",
                now - int(created[s] * 1000) if public[s] else None,
            )  # fmt: skip

    world.db.executemany(
        "INSERT INTO room(key, uuid, title, direct, creator, created, last, team, owner,"
        " classification, locked, announcement, public, description, made_public)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        rows(),
    )
    generals = drawn.team_general.tolist()
    world.db.executemany(
        "INSERT INTO team(key, uuid, name, description, creator, created) VALUES (?,?,?,'',?,?)",
        (
            (first_team + t, ids[s], f"Team {t}", people[members[starts[s]]],
             now - int(created[s] * 1000))
            for t, s in enumerate(generals)
        ),
    )  # fmt: skip
    world.db.executemany(
        "INSERT INTO team_membership(team, person, moderator, created) VALUES (?, ?, ?, ?)",
        (
            (first_team + t, people[members[i]], int(i == starts[s]), now)
            for t, s in enumerate(generals)
            for i in range(starts[s], starts[s + 1])
        ),
    )
    return list(range(first, first + drawn.spaces))


def _messages(world: World, drawn: Shape, people: list[int], rooms: list[int], now: int) -> None:
    """The latest human message of each space, and a few more where people talk much."""
    starts, members = drawn.starts.tolist(), drawn.members.tolist()
    active, created = drawn.active.tolist(), drawn.created.tolist()
    count, rng = drawn.messages.tolist(), np.random.default_rng([drawn.spaces, 3])

    ids = _uuids(rng, sum(count))

    def rows() -> Iterator[tuple[Any, ...]]:
        for s in range(drawn.spaces):
            size, span = starts[s + 1] - starts[s], created[s] - active[s]
            for n in range(count[s]):
                by = people[members[starts[s] + n % size]]
                at = now - int((active[s] + span * n / max(1, count[s])) * 1000)
                yield next(ids), rooms[s], by, at, "Noted."

    world.db.executemany(
        "INSERT INTO message(uuid, room, person, created, text) VALUES (?, ?, ?, ?, ?)", rows()
    )


def _uuids(rng: np.random.Generator, many: int) -> Iterator[str]:
    """Random ones (version 4), drawn at once."""
    digits = rng.bytes(16 * many).hex()
    for at in range(0, 32 * many, 32):
        d = digits[at : at + 32]
        yield f"{d[:8]}-{d[8:12]}-4{d[13:16]}-a{d[17:20]}-{d[20:]}"


def _uuid(spec: TenantSpec, kind: str, number: int) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{spec.seed}/{kind}/{number}"))
