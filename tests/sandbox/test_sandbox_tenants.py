"""Made-up companies: as big as asked for, of the shape of numbers.md, the same for a seed."""

from __future__ import annotations

import base64
from collections import Counter
from statistics import mean, median
from typing import Any

import pytest

from sandbox.clock import SandboxClock
from sandbox.handle import Control, Handle
from sandbox.tenants import PRESETS, Tenant, TenantSpec, build
from sandbox.world import World
from tests.sandbox.calling import As, Caller
from tests.sandbox.expect import given

DAY = 86_400_000


def company(**asked: Any) -> tuple[World, Tenant]:
    from sandbox import base as first

    world = World(SandboxClock())
    first.furnish(world)
    return world, build(world, TenantSpec.named(**asked))


@pytest.fixture(scope="module")
def medium() -> World:
    return company(tenant="medium", seed=3)[0]


def test_sizes_are_those_asked_for() -> None:
    world, tenant = company(tenant="small", people=30, spaces=50, seed=5)
    try:
        assert (tenant.spaces, tenant.spec.seed) == (50, 5)
        assert world.value("SELECT count(*) FROM room") == 50
        inside = "SELECT count(*) FROM person WHERE email LIKE '%.%@example.com'"
        assert world.value(inside) == 30
        assert world.value("SELECT count(*) FROM membership") == tenant.memberships
        assert PRESETS["large"][1] == 100_000
        with pytest.raises(ValueError, match="huge"):
            TenantSpec.named("huge")
    finally:
        world.db.close()


def test_building_leaves_the_tables_and_indexes_as_they_were(medium: World) -> None:
    def drawn(world: World) -> set[str]:
        found = world.all("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {f"{row['name']}: {row['sql']}" for row in found}

    fresh = World(SandboxClock())
    try:
        assert drawn(medium) == drawn(fresh)
    finally:
        fresh.db.close()


def test_a_seed_gives_the_same_company_and_another_another() -> None:
    def drawn(seed: int) -> tuple[list[Any], ...]:
        world, _ = company(tenant="small", seed=seed)
        try:
            return (
                [tuple(r) for r in world.all("SELECT uuid, email, name FROM person ORDER BY key")],
                [tuple(r) for r in world.all("SELECT uuid, title, direct, team FROM room")],
                [tuple(r) for r in world.all("SELECT room, person, moderator FROM membership")],
                [tuple(r) for r in world.all("SELECT grp, person FROM grp_member")],
                [tuple(r) for r in world.all("SELECT uuid, room FROM message")],
            )
        finally:
            world.db.close()

    assert drawn(1) == drawn(1)
    assert drawn(1)[1] != drawn(2)[1]


def test_most_spaces_are_small_and_a_few_are_huge(medium: World) -> None:
    counted = medium.all(
        "SELECT r.direct, count(*) AS n FROM membership m JOIN room r ON r.key = m.room"
        " GROUP BY room"
    )
    sizes = [row["n"] for row in counted]
    groups = sorted(row["n"] for row in counted if not row["direct"])
    assert {row["n"] for row in counted if row["direct"]} == {2}
    assert 6 <= mean(sizes) <= 14
    assert 2 <= median(groups) <= 8
    assert sum(2 <= n <= 8 for n in groups) / len(groups) > 0.6
    assert groups[-1] >= 600  # of a thousand people


def test_ages_kinds_and_outsiders_are_as_they_are_in_life(medium: World) -> None:
    now = medium.clock.now_ms()
    rooms = medium.all("SELECT * FROM room")
    assert 0.3 < sum(r["direct"] for r in rooms) / len(rooms) < 0.4
    ages = [(now - r["created"]) / DAY for r in rooms]
    assert min(ages) >= 0
    assert 900 < max(ages) <= 3 * 366
    assert all(r["created"] <= r["last"] <= now for r in rooms)
    idle = [(now - r["last"]) / DAY for r in rooms]
    assert sum(d > 365 for d in idle) > len(rooms) * 0.05
    assert sum(d < 30 for d in idle) > len(rooms) * 0.1
    people = medium.all("SELECT * FROM person WHERE kind = 'person'")
    outside = [p for p in people if p["org"] != medium.home]
    assert 0.06 < len(outside) / len(people) < 0.1
    assert len({p["email"].split("@")[1] for p in outside}) > 5
    ranks = Counter(r["classification"] for r in rooms if not r["direct"])
    assert len(ranks) == 6  # five levels, and none at all
    each = Counter(r["person"] for r in medium.all("SELECT person FROM grp_member"))
    assert {min(each.values()), max(each.values())} <= set(range(1, 6))


def test_what_webex_could_not_have_is_not_in_it(medium: World) -> None:
    """Invariants that the API keeps are kept by the past, too."""
    none = {
        "an empty room": "SELECT 1 FROM room r WHERE NOT EXISTS"
        " (SELECT 1 FROM membership m WHERE m.room = r.key)",
        "a lock without a moderator": "SELECT 1 FROM room r WHERE locked = 1 AND NOT EXISTS"
        " (SELECT 1 FROM membership m WHERE m.room = r.key AND m.moderator = 1)",
        "a moderator without a lock": "SELECT 1 FROM membership m JOIN room r ON r.key = m.room"
        " WHERE m.moderator = 1 AND r.locked = 0",
        "announcements without a lock": "SELECT 1 FROM room WHERE announcement = 1 AND locked = 0",
        "public without a description": "SELECT 1 FROM room WHERE public = 1 AND"
        " (description = '' OR made_public IS NULL)",
        "a direct room with settings": "SELECT 1 FROM room WHERE direct = 1 AND"
        " (locked OR announcement OR public OR team IS NOT NULL OR classification IS NOT NULL)",
        "a team without its General": "SELECT 1 FROM team t WHERE NOT EXISTS"
        " (SELECT 1 FROM room r WHERE r.uuid = t.uuid AND r.team = t.key)",
        "a General with other people than its team": "SELECT 1 FROM team t"
        " JOIN room r ON r.uuid = t.uuid JOIN membership m ON m.room = r.key WHERE NOT EXISTS"
        " (SELECT 1 FROM team_membership x WHERE x.team = t.key AND x.person = m.person)",
        "a message by somebody who is not there": "SELECT 1 FROM message g WHERE NOT EXISTS"
        " (SELECT 1 FROM membership m WHERE m.room = g.room AND m.person = g.person)",
        "two direct rooms of the same two": "SELECT 1 FROM room r JOIN membership a ON a.room ="
        " r.key JOIN membership b ON b.room = r.key AND a.person < b.person WHERE r.direct = 1"
        " GROUP BY a.person, b.person HAVING count(*) > 1",
    }
    found = {name: medium.value(sql) for name, sql in none.items()}
    assert {name for name, value in found.items() if value is not None} == set()


def test_the_past_is_seen_through_the_api(as_: As, control: Control, handle: Handle) -> None:
    report = control.call("POST", "tenant", tenant="small", seed=2)
    assert set(report) >= {"people", "spaces", "memberships", "groups", "seed"}
    co = as_("co")
    everyone = as_("adam").all("/people", max=7)
    assert len(everyone) >= 40
    seen: set[str] = set()
    for person in everyone:
        seen |= {m["roomId"] for m in co.all("/memberships", personId=person["id"])}
    ours = handle.do(
        lambda: handle.world.value("SELECT count(*) FROM room WHERE owner = ?", handle.world.home)
    )
    assert len(seen) == ours  # people by people, an officer finds every space of the company
    for id in list(seen)[:5]:
        room = given(co.get(f"/rooms/{id}"))
        assert room["ownerId"] == co.me()["orgId"]
        assert co.all("/memberships", roomId=id)
        assert co.all("/messages", roomId=id)
    token = control.token(everyone[-1]["emails"][0])
    someone = Caller(handle.ready["rest"], handle.ready["ca"], token)
    assert someone.me()["id"] == everyone[-1]["id"]
    someone.session.close()


def test_tags_to_be_given_are_few_of_them_common() -> None:
    world, tenant = company(tenant="medium", people=200, spaces=2000)
    world.db.close()
    given_ = list(tenant.tags())
    assert len(given_) == 2000
    assert {len(tags) for tags in given_} <= {0, 1, 2, 3, 4}
    often = Counter(tag for tags in given_ for tag in tags)
    assert len(often) <= 200
    assert often.most_common(1)[0][1] > 20 * median(often.values())
    assert list(tenant.tags()) == given_


def test_ids_of_the_past_have_webexs_form(as_: As, control: Control, handle: Handle) -> None:
    control.call("POST", "tenant", tenant="small")
    room = handle.do(lambda: dict(handle.world.one("SELECT * FROM room WHERE direct = 0") or {}))
    found = given(as_("co").get(f"/rooms/{room['uuid']}"))
    plain = base64.urlsafe_b64decode(found["id"] + "=" * (-len(found["id"]) % 4)).decode()
    assert plain.endswith(f"/ROOM/{room['uuid']}")
