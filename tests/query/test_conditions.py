"""Every condition: holds, does not, boundary, unknown; on both databases."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.errors import Refusal
from domain.groups import FRESH
from domain.ids import SpaceKey
from query import registry
from query.language import parse
from query.owning import owners
from query.spec import Moments
from retention.drafting import read_condition
from spaces.looking import owners_of
from storage.schema import former_membership, person, space, space_name
from storage.store import Store, UnitOfWork
from tests.tenants import NOW, Tenant, ago

MS = timedelta(milliseconds=1)
MOMENTS = Moments(now=NOW)


def answer(tx: UnitOfWork, key: int, query: str, moments: Moments = MOMENTS) -> bool | None:
    """What the query says of the space; `where` has to agree, under "not" too."""
    read = parse(query)
    around = select(read.predicate(moments)).select_from(space.join(space_name))
    said: bool | None = tx.connection.execute(around.where(space.c.id == key)).scalar_one()
    without = parse(f"-({query})" if query else "all")
    for asked, expected in ((read, said is True), (without, said is False)):
        found = select(space.c.id).where(asked.where(moments), space.c.id == key)
        assert (tx.connection.execute(found).scalar() == key) is expected, asked.text
    return said


CASES: list[tuple[str, dict[str, Any], bool | None]] = [
    ("plans", {"title": "Quarterly PLANS"}, True),
    ("lan", {"title": "Quarterly PLANS"}, True),
    ("pl", {"title": "Quarterly PLANS"}, True),
    ('"ly pl"', {"title": "Quarterly PLANS"}, True),
    ("plan", {"title": "Quarterly"}, False),
    ("title:plan,arte", {"title": "Quarterly"}, True),
    ("ÄRGER", {"title": "Viel ärger hier"}, True),
    ("50%", {"title": "50 of 100"}, False),
    ("5%", {"title": "at 5% more"}, True),
    ("a_b", {"title": "axb"}, False),
    ("foo*", {"title": "foobar"}, False),
    ("plan", {"title": None}, None),
    ("pl", {"title": None}, None),
    ("tag:finance", {"tags": ("finance",)}, True),
    ("tag:FINANCE", {"tags": ("finance",)}, True),
    ("tag:audit,finance", {"tags": ("finance",)}, True),
    ("tag:nosuch", {"tags": ("finance",)}, False),
    ("tag:none", {}, True),
    ("tag:none", {"tags": ("finance",)}, False),
    ("required:missing", {}, False),  # nothing is required here; tests/query/test_required.py
    ("required:complete", {}, True),
    ("group:emea", {"groups": ("EMEA",)}, True),
    ("group:emea", {"groups": ("EMEA",), "groups_known": False}, True),
    ("group:emea", {"groups": ("apac",), "groups_known": False}, None),
    ("group:nosuch", {"groups": ("emea",)}, None),
    ("scope:external", {"scope": 1}, True),
    ("scope:external", {"scope": 0}, False),
    ("scope:internal", {"scope": 0}, True),
    ("scope:internal", {"scope": None}, None),
    ("domain:acme.example", {"domains": ("acme.example",)}, True),
    ("domain:@ACME.example,x.example", {"domains": ("acme.example",)}, True),
    ("domain:acme.example", {"domains": ("other.example",)}, False),
    ("domain:acme.example", {"domains_known": False}, None),
    ("domain:acme.example", {"domains": ("acme.example",), "domains_known": False}, True),
    ("type:group", {"type": 1}, True),
    ("type:direct", {"type": 1}, False),
    ("type:direct", {"type": None}, None),
    ("inactive:>90d", {"last_human": ago(90) - MS}, True),
    ("inactive:>90d", {"last_human": ago(90)}, False),
    ("inactive:90d", {"last_human": ago(90)}, True),
    ("inactive:90d", {"last_human": ago(90) + MS}, False),
    ("inactive:<90d", {"last_human": ago(90) + MS}, True),
    ("inactive:<90d", {"last_human": ago(90)}, False),
    ("inactive:30d..90d", {"last_human": ago(90)}, True),
    ("inactive:30d..90d", {"last_human": ago(91)}, False),
    (
        "inactive:>90d",
        {"last_human": ago(100), "last_activity": ago(1), "human_known_until": ago(1)},
        True,
    ),
    ("inactive:>90d", {"last_human": ago(100), "last_activity": ago(1)}, False),
    ("inactive:>90d", {"last_activity": ago(100)}, True),
    ("inactive:>90d", {}, None),
    ("activity:2026-11-24", {"last_human": NOW}, True),
    ("activity:<2026-11-24", {"last_human": ago(0.5) - MS}, True),
    ("activity:<2026-11-24", {"last_human": ago(0.5)}, False),
    ("activity:2026-01..2026-11", {"last_activity": NOW}, True),
    ("activity:>2026-10", {"last_activity": ago(30)}, False),
    ("activity:>2026-10", {"last_activity": ago(10)}, True),
    ("activity:2026", {}, None),
    ("created:<2025", {"created": ago(1000)}, True),
    ("created:<2025", {"created": NOW}, False),
    ("created:2025", {}, None),
    ("age:>1y", {"created": ago(365) - MS}, True),
    ("age:>1y", {"created": ago(365)}, False),
    ("age:>1y", {}, None),
    ("ended:>30d", {}, False),
    ("size:>=10", {"size": 10}, True),
    ("size:>10", {"size": 10}, False),
    ("size:2..5", {"size": 5}, True),
    ("size:2..5", {"size": 6}, False),
    ("size:3", {"size": 3}, True),
    ("size:<3", {"size": None}, None),
    ("member:ana@ours.example", {"members": ("ana@ours.example",)}, True),
    ("member:ANA", {"members": ("ana@ours.example",)}, True),
    ("member:an", {"members": ("ana@ours.example",)}, False),
    ("member:ana", {"members": ("bo@ours.example",)}, False),
    ("member:ana", {"members": ("bo@ours.example",), "members_known": False}, None),
    ("member:ana", {"members": ("ana@ours.example",), "members_known": False}, True),
    ("moderator:ana", {"moderators": ("ana@ours.example",)}, True),
    ("moderator:ana", {"members": ("ana@ours.example",)}, False),
    ("moderator:ana", {"members_known": False}, None),
    ("moderator:none", {"members": ("ana@ours.example",)}, True),
    ("moderator:none", {"moderators": ("ana@ours.example",)}, False),
    ("moderator:none", {"moderators": ("a@ours.example",), "members_known": False}, False),
    ("moderator:none", {"members_known": False}, None),
    ("classification:public", {"classified": "Public"}, True),
    ("classification:public,secret", {"classified": "Public"}, True),
    ("classification:public", {"classified": "Secret"}, False),
    ("classification:public", {"classified": "none"}, False),
    ("classification:none", {"classified": "none"}, True),
    ("classification:none", {"classified": "Public"}, False),
    ("classification:nosuch", {"classified": "Public"}, False),
    ("classification:nosuch", {}, None),
    ("classification:public", {}, None),
    ("team:design", {"team": "Design"}, True),
    ("team:none", {"team": "none"}, True),
    ("team:design", {"team": "none"}, False),
    ("team:design", {}, None),
    ("creator:ana", {"creator": "ana@ours.example"}, True),
    ("creator:ana", {"creator": "bo@ours.example"}, False),
    ("creator:ana", {}, None),
    ("owner:ana", {"moderators": ("ana@ours.example",)}, True),
    ("owner:ana", {"members": ("ana@ours.example",), "creator": "ana@ours.example"}, True),
    ("owner:ana", {"members": ("ana@ours.example",)}, False),
    ("owner:ana", {"creator": "ana@ours.example"}, False),
    (
        "owner:ana",
        {
            "members": ("ana@ours.example",),
            "creator": "ana@ours.example",
            "moderators": ("bo@ours.example",),
        },
        False,
    ),
    ("owner:ana", {"members": ("ana@ours.example",), "type": 2}, True),
    (
        "owner:ana",
        {
            "members": ("ana@ours.example", "bo@ours.example"),
            "creator": "bo@ours.example",
            "blocked": ("ana@ours.example",),
        },
        True,
    ),
    ("owner:ana", {"members_known": False}, None),
    ("owner:ana", {"moderators": ("ana@ours.example",), "members_known": False}, True),
    (
        "owner:ana",
        {"members": ("ana@ours.example",), "creator": "ana@ours.example", "members_known": False},
        None,
    ),
    ("owner:none", {"members": ("ana@ours.example",)}, True),
    ("owner:none", {"members": ("ana@ours.example",), "creator": "bo@ours.example"}, True),
    ("owner:none", {"members": ("ana@ours.example",), "creator": "ana@ours.example"}, False),
    ("owner:none", {"members": ("ana@ours.example",), "blocked": ("ana@ours.example",)}, False),
    ("owner:none", {"members": ("ana@ours.example",), "type": 2}, False),
    ("owner:none", {"members_known": False}, None),
    ("owner:none", {"moderators": ("ana@ours.example",), "members_known": False}, False),
    ("state:clear", {}, True),
    ("state:warned", {"running": "warned"}, True),
    ("state:warned,due", {"running": "due"}, True),
    ("state:clear", {"running": "due"}, False),
    ("state:attention", {"running": "needs attention", "blocked": ()}, True),
    ("state:blocked", {"blocked": ()}, True),
    ("state:blocked", {"running": "warned", "blocked": ()}, True),
    ("state:held", {"held": True}, True),
    ("state:held", {"held": True, "kept": True}, True),
    ("state:warned", {"held": True, "running": "warned"}, True),
    ("state:kept", {"kept": True}, True),
    ("state:clear", {"kept": True}, False),
    ("held:yes", {"held": True}, True),
    ("held:yes", {}, False),
    ("held:no", {}, True),
    ("held:no", {"held": True}, False),
    ("held:no", {"members_known": False}, True),
    ("ours:no", {"is_ours": False}, True),
    ("ours:yes", {}, True),
    ("ours:no", {"is_ours": None}, None),
    ("locked:yes", {"is_locked": True}, True),
    ("locked:yes", {"is_locked": False}, False),
    ("locked:no", {"is_locked": False}, True),
    ("locked:no", {}, None),
    ("", {}, False),
    ("all", {}, True),
    ("-all", {}, False),
    # Three-valued: an unknown stays out under "not" too, unless the rest settles it.
    ("-inactive:>90d", {}, None),
    ("-classification:public scope:external", {"scope": 0}, False),
    ("-classification:public or scope:internal", {"scope": 0}, True),
    ("classification:public or scope:external", {"scope": 0}, None),
]


@pytest.mark.parametrize(("query", "facts", "expected"), CASES)
def test_a_condition_says_what_is_so(
    store: Store, query: str, facts: dict[str, Any], expected: bool | None
) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        tenant.space(title="Another", tags=("audit",), members=("zoe@ours.example",))
        key = tenant.space(**facts)
        assert answer(tx, key, query) is expected


def test_every_condition_is_tested() -> None:
    asked = {one.condition.name for query, _, _ in CASES for one in parse(query).criteria}
    assert asked == {one.name for one in registry.all_conditions()}


def test_a_group_that_is_not_known_answers_nothing(store: Store) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        tenant.group("shrunk", is_known=False)
        inside = tenant.space(groups=("shrunk",))
        outside = tenant.space(groups=("emea",))
        assert answer(tx, inside, "group:shrunk") is None
        assert answer(tx, outside, "group:shrunk") is None
        assert answer(tx, outside, "group:emea,shrunk") is True
        assert answer(tx, inside, "group:emea,shrunk") is None


def test_a_group_that_was_not_read_for_long_answers_nothing(store: Store) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        tenant.group("fresh", read_at=NOW - FRESH + timedelta(minutes=1))
        tenant.group("old", read_at=NOW - FRESH)
        tenant.group("never", read_at=None)
        inside = tenant.space(groups=("fresh", "old", "never"))
        outside = tenant.space()
        assert [answer(tx, at, "group:fresh") for at in (inside, outside)] == [True, False]
        for name in ("old", "never"):
            for query in (f"group:{name}", f"-group:{name}"):
                assert [answer(tx, at, query) for at in (inside, outside)] == [None, None]


def test_of_two_groups_of_one_name_only_what_both_say_holds(store: Store) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        tenant.group("one", called="Finance")
        tenant.group("two", called="finance")
        both = tenant.space(groups=("one", "two"))
        single = tenant.space(groups=("two",))
        none = tenant.space()
        asked = (both, single, none)
        assert [answer(tx, at, "group:finance") for at in asked] == [True, None, False]
        assert [answer(tx, at, "-group:finance") for at in asked] == [False, None, True]
        assert [answer(tx, at, 'group:"test:two"') for at in asked] == [True, True, False]
        assert [answer(tx, at, 'group:"TEST:one"') for at in asked] == [True, False, False]
        tenant.group("three", called="FINANCE", is_known=False)
        assert [answer(tx, at, "group:finance") for at in asked] == [None, None, None]


def test_a_group_that_has_another_name_now_is_not_found_by_the_old_one(store: Store) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        tenant.group("finance", called="finance-emea")
        inside, outside = tenant.space(groups=("finance",)), tenant.space()
        for query in ("group:finance", "-group:finance"):
            assert [answer(tx, at, query) for at in (inside, outside)] == [None, None]
        assert [answer(tx, at, "group:finance-emea") for at in (inside, outside)] == [True, False]


def test_the_space_that_was_made_for_somebody_is_theirs(store: Store) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        key = tenant.space(
            creator="bot@ours.example", requested_by=tenant.person("ana@ours.example")
        )
        assert answer(tx, key, "creator:ana") is True
        assert answer(tx, key, "creator:bo") is False


def test_a_day_is_the_callers_own(store: Store) -> None:
    with store.begin() as tx:
        key = Tenant(tx).space(last_human=NOW.replace(hour=20))
        there = Moments(now=NOW, zone="Asia/Tokyo")
        assert answer(tx, key, "activity:2026-11-24") is True
        assert answer(tx, key, "activity:2026-11-25", there) is True
        assert answer(tx, key, "activity:2026-11-24", Moments(now=NOW, zone="No/Where")) is True


def test_a_hold_reaches_by_people_who_left_and_by_tags_until_it_ends(store: Store) -> None:
    with store.begin() as tx:
        tenant = Tenant(tx)
        ana = tenant.person("ana@ours.example")
        inside = tenant.space(members=("ana@ours.example",))
        left, tagged = tenant.space(), tenant.space(tags=("merger",))
        over, other = tenant.space(), tenant.space()
        unsure = tenant.space(members_known=False)
        tx.connection.execute(
            former_membership.insert().values(space_id=left, person_id=ana, left_at=ago(5))
        )
        assert answer(tx, unsure, "held:no") is True
        tenant.hold(person_id=ana)
        tenant.hold(tag_id=tenant.tag("merger"))
        tenant.hold(space_id=over, ends_at=NOW)
        for key in (inside, left, tagged):
            assert answer(tx, key, "held:yes") is True
            assert answer(tx, key, "state:held") is True
        for key in (over, other):
            assert answer(tx, key, "held:yes") is False
        assert answer(tx, unsure, "held:yes") is None
        assert answer(tx, unsure, "held:no") is None


def test_who_owns_is_the_same_for_one_and_for_many(store: Store) -> None:
    """Bots, strangers and people who are gone own nothing, whatever their claim."""
    people = ("ana@ours.example", "bo@ours.example", "eve@partner.example", "bot@ours.example")
    rng = random.Random(5)  # noqa: S311

    def some() -> tuple[str, ...]:
        return tuple(one for one in people if rng.random() < 0.4)

    with store.begin() as tx:
        tenant = Tenant(tx)
        for email, facts in (
            ("eve@partner.example", {"is_ours": False}), ("bot@ours.example", {"is_bot": True}),
            ("bo@ours.example", {"is_active": rng.choice((None, True))}),
        ):  # fmt: skip
            tx.connection.execute(
                update(person).where(person.c.id == tenant.person(email)).values(**facts)
            )
        keys = [
            tenant.space(
                members=some(), moderators=some(), type=rng.choice((1, 1, 2)),
                creator=rng.choice(people),
                requested_by=rng.choice((None, tenant.person(rng.choice(people)))),
                blocked=rng.choice((None, None, some())),
            )
            for _ in range(120)
        ]  # fmt: skip
        together: dict[int, set[int]] = {key: set() for key in keys}
        for row in tx.connection.execute(owners()):
            together[row.space_id].add(row.person_id)
        for key in keys:
            alone = {int(one.key) for one in owners_of(tx, SpaceKey(key))}
            assert together[key] == alone, key
            assert answer(tx, key, "owner:none") is not bool(alone)
            for email in people:
                assert answer(tx, key, f"owner:{email}") is (tenant.person(email) in alone)


def test_what_policies_bring_about_can_not_be_their_reason() -> None:
    for text in ("state:warned", "tag:x -held:yes"):
        with pytest.raises(Refusal, match="can't stand in a policy"):
            read_condition(text)
    assert read_condition("owner:none inactive:>90d").text == "owner:none inactive:>90d"
