"""The decision: sets, words and a plain oracle agree; each rail of the order by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from domain.ids import PolicyKey, PolicyVersionKey, SpaceKey
from domain.policies import Basis, Ending, PolicyState, PolicyVersion, Ruling
from query.spec import Moments
from retention.decision import decide, explain, would_hit
from retention.tracing import Step
from storage.schema import (
    decision,
    former_membership,
    hold,
    hold_target,
    manual_keep,
    not_before,
    policy,
    policy_version,
)
from storage.store import Store, UnitOfWork
from tests.retention import oracle
from tests.retention.oracle import Facts, Holds
from tests.tenants import NOW, Tenant, ago

MOMENTS = Moments(now=NOW)
DAY = timedelta(days=1)


def version(number: int = 1, query: str = "all", **parts: Any) -> PolicyVersion:
    said: dict[str, Any] = {
        "state": PolicyState.ACTIVE, "priority": 100, "ending": Ending.DELETE,
        "period": 365 * DAY, "number": 1,
    }  # fmt: skip
    return PolicyVersion(
        key=PolicyVersionKey(number), policy=PolicyKey(number), name=f"p{number}", query=query,
        **(said | parts),
    )  # fmt: skip


def put(tx: UnitOfWork, spaces: Sequence[Facts], holds: Holds, versions: int = 9) -> list[SpaceKey]:
    tenant = Tenant(tx)
    for name in ("alpha", "beta"):
        tenant.group(name)
    keys = []
    for facts in spaces:
        key = tenant.space(
            tags=facts.tags, groups=facts.groups, members=facts.members,
            classified=facts.classified, type=facts.type, scope=facts.scope,
            last_human=facts.last_human, last_activity=facts.last_activity,
            human_known_until=facts.known_until,
            created=facts.created, size=facts.size, is_ours=facts.is_ours,
            is_general=facts.is_general, is_untouchable=facts.is_untouchable, state=facts.state,
            members_known=facts.members_known, groups_known=facts.groups_known,
        )  # fmt: skip
        for email in facts.former:
            add(tx, former_membership, space_id=key, person_id=tenant.person(email), left_at=NOW)
        if facts.manual is not None:
            until = None if facts.manual == "for ever" else facts.manual
            add(tx, manual_keep, space_id=key, until=until, at=NOW)
        tenant.counted(key, tagged=facts.tagged, end_date=facts.end_date)
        if facts.not_before is not None:
            add(tx, not_before, space_id=key, until=facts.not_before, reason="", at=NOW)
        keys.append(SpaceKey(key))
    targets: list[dict[str, Any]] = [
        *({"space_id": key} for key, facts in zip(keys, spaces, strict=True) if facts.is_held),
        *({"person_id": tenant.person(email)} for email in holds.persons),
        *({"tag_id": tenant.tag(name)} for name in holds.tags),
    ]
    for place, target in enumerate(targets, 1):
        add(tx, hold, id=place, name=f"hold {place}", at=NOW)
        add(tx, hold_target, id=place, hold_id=place, **target)
    for number in range(1, versions + 1):
        add(tx, policy, id=number, name=f"p{number}", state="active", made_at=NOW)
        add(
            tx, policy_version, id=number, policy_id=number, number=1, query="all",
            ending="keep", basis="creation", notices="", grace_days=0, made_at=NOW,
        )  # fmt: skip
    return keys


def add(tx: UnitOfWork, table: Any, **values: Any) -> None:
    tx.connection.execute(insert(table).values(**values))


def decided(tx: UnitOfWork, key: SpaceKey) -> oracle.Answer:
    row = tx.connection.execute(select(decision).where(decision.c.space_id == key)).one()
    return list(Ruling)[row.ruling], row.due, row.version_id


def check(tx: UnitOfWork, spaces: Sequence[Facts], policies: Sequence[PolicyVersion],
          holds: Holds | None = None) -> list[oracle.Answer]:  # fmt: skip
    """Puts the tenant there, decides, and holds sets, words and oracle against each other."""
    holds = holds or Holds()
    keys = put(tx, spaces, holds)
    summary = decide(tx, policies, MOMENTS, generation=7)
    answers = []
    for key, facts in zip(keys, spaces, strict=True):
        expected = oracle.rule(facts, policies, holds)
        assert decided(tx, key) == expected
        trace = explain(tx, key, policies, MOMENTS)
        assert (trace.ruling, trace.due, trace.version_key) == expected, trace
        assert [line.step for line in trace.lines] == list(Step)
        assert all(line.sentence and line.verdict for line in trace.lines)
        answers.append(expected)
    assert summary.total == len(spaces) == summary.changed
    assert sum(summary.dated.values()) == summary.counts[Ruling.DATED]
    assert decide(tx, policies, MOMENTS, generation=8).changed == 0
    return answers


LEAVES = (
    "tag:x", "tag:y", "scope:external", "type:direct", "classification:secret",
    "classification:none", "group:alpha", "inactive:>90d", "size:>=3", "all", "",
)  # fmt: skip


@st.composite
def queries(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.sampled_from(LEAVES[:-1]), min_size=1, max_size=3))
    signed = [draw(st.sampled_from(("", "-"))) + part for part in parts]
    return draw(st.sampled_from((" ", " or "))).join(signed)


moments = st.none() | st.integers(0, 900).map(ago)
many = {"max_size": 2, "unique": True}
facts_of_spaces = st.builds(
    Facts,
    type=st.sampled_from((1, 1, 2, None)), scope=st.sampled_from((0, 1, None)),
    last_human=moments, last_activity=moments, known_until=moments, created=moments,
    size=st.none() | st.integers(0, 5), is_ours=st.sampled_from((True,) * 8 + (False, None)),
    is_general=st.sampled_from((False,) * 9 + (True,)),
    is_untouchable=st.sampled_from((False,) * 9 + (True,)),
    state=st.sampled_from((0,) * 9 + (1,)), members_known=st.sampled_from((True, True, False)),
    groups_known=st.booleans(), classified=st.sampled_from((None, "none", "secret")),
    tags=st.lists(st.sampled_from("xyz"), **many).map(tuple),  # type: ignore[arg-type]
    groups=st.lists(st.sampled_from(("alpha", "beta")), **many).map(tuple),  # type: ignore[arg-type]
    members=st.lists(st.sampled_from("abc"), **many).map(tuple),  # type: ignore[arg-type]
    former=st.lists(st.sampled_from("abc"), max_size=1).map(tuple),
    manual=st.sampled_from((None, None, None, "for ever", ago(-5), ago(200))),
    not_before=st.none() | st.integers(-400, 30).map(ago),
    tagged=moments, end_date=st.none() | st.integers(-400, 900).map(ago),
    is_held=st.sampled_from((False,) * 9 + (True,)),
)  # fmt: skip
clocks = [
    (Basis.ACTIVITY, ""), (Basis.ACTIVITY, ""), (Basis.CREATED, ""), (Basis.CREATED, ""),
    (Basis.TAGGED, "x"), (Basis.TAGGED, "y"), (Basis.TAGGED, "never given"), (Basis.TAGGED, ""),
    (Basis.END_DATE, ""), (Basis.DAY, "2026-02-28"), (Basis.DAY, "2027-01-01"), (Basis.DAY, ""),
]  # fmt: skip
some_versions = st.builds(
    lambda clock, **said: said | {"basis": clock[0], "basis_of": clock[1]},
    clock=st.sampled_from(clocks),
    query=queries(), priority=st.integers(1, 3), ending=st.sampled_from(Ending),
    state=st.sampled_from((PolicyState.ACTIVE,) * 6 + tuple(PolicyState)),
    is_floor=st.sampled_from((False, False, True)),
    includes_direct=st.booleans(),
    period=st.sampled_from((None, timedelta(0), -DAY, 30 * DAY, 30 * DAY, 365 * DAY, 900 * DAY)),
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_sets_words_and_oracle_agree(store: Store, data: st.DataObject) -> None:
    spaces = data.draw(st.lists(facts_of_spaces, min_size=1, max_size=6))
    drawn = data.draw(st.lists(some_versions, max_size=5))
    policies = [version(number, **parts) for number, parts in enumerate(drawn, 1)]
    holds = data.draw(
        st.builds(
            Holds, persons=st.sampled_from(((), (), ("a",))), tags=st.sampled_from(((), ("z",)))
        )
    )
    with store.begin() as tx:
        check(tx, spaces, policies, holds)


def test_the_lowest_number_decides_and_within_it_the_latest_date(store: Store) -> None:
    policies = [
        version(1, priority=20, period=30 * DAY),
        version(2, priority=10, period=100 * DAY),
        version(3, priority=10, period=200 * DAY, ending=Ending.BLOCK),
        version(4, priority=10, period=200 * DAY),
        version(5, priority=10, period=200 * DAY, ending=Ending.BLOCK),
    ]
    with store.begin() as tx:
        (answer,) = check(tx, [Facts(last_human=ago(10))], policies)
    assert answer == (Ruling.DATED, ago(-190), 3)


def test_activity_that_nothing_explains_counts_and_what_is_explained_does_not(store: Store) -> None:
    spaces = [
        Facts(last_human=ago(400), last_activity=ago(10)),
        Facts(last_human=ago(400), last_activity=ago(10), known_until=ago(10)),
        Facts(last_human=ago(400), last_activity=ago(10), known_until=ago(11)),
        Facts(last_human=ago(10), last_activity=ago(400)),
        Facts(last_activity=ago(10), known_until=ago(1)),
    ]
    with store.begin() as tx:
        dates = [due for _, due, _ in check(tx, spaces, [version()])]
    assert dates == [ago(-355), ago(35), ago(-355), ago(-355), ago(-355)]


@pytest.mark.parametrize("period", [None, timedelta(0), -DAY])
def test_without_a_period_a_policy_keeps(store: Store, period: timedelta | None) -> None:
    with store.begin() as tx:
        (answer,) = check(tx, [Facts(last_human=ago(999))], [version(period=period)])
    assert answer == (Ruling.KEEP, None, 1)


def test_an_empty_condition_matches_nothing(store: Store) -> None:
    with store.begin() as tx:
        (answer,) = check(tx, [Facts(last_human=ago(999))], [version(query="")])
    assert answer[0] is Ruling.NO_POLICY


def test_a_condition_that_cannot_be_read_any_more_is_unknown(store: Store) -> None:
    with store.begin() as tx:
        (key,) = put(tx, [Facts(last_human=ago(999))], Holds())
        policies = [version(1, query="colour:red"), version(2, priority=200)]
        decide(tx, policies, MOMENTS, generation=1)
        assert decided(tx, key)[0] is Ruling.UNKNOWN
        assert explain(tx, key, policies, MOMENTS).ruling is Ruling.UNKNOWN


def test_an_unknown_match_above_is_unknown_unless_it_could_only_keep(store: Store) -> None:
    space = Facts(last_human=ago(999))
    doubted = "classification:secret"
    ending = version(1, doubted, priority=1)
    keeping = version(1, doubted, priority=1, ending=Ending.KEEP)
    below = version(2, priority=2)
    kept = version(2, priority=2, ending=Ending.KEEP)
    for policies, expected in (
        ([ending, below], Ruling.UNKNOWN),
        ([keeping, below], Ruling.UNKNOWN),
        ([ending, kept], Ruling.UNKNOWN),
        ([keeping, kept], Ruling.KEEP),
        ([version(1, doubted, priority=2), kept], Ruling.KEEP),
        ([version(1, doubted, priority=3), below], Ruling.DATED),
    ):
        with store.begin() as tx:
            assert check(tx, [space], policies)[0][0] is expected


def test_a_floor_is_never_shortened_and_reaches_direct_conversations(store: Store) -> None:
    floor = version(1, is_floor=True, ending=Ending.KEEP, period=500 * DAY, basis=Basis.CREATED)
    ends = version(2, period=30 * DAY, includes_direct=True)
    spaces = [
        Facts(type=2, last_human=ago(100), created=ago(400)),
        Facts(last_human=ago(100), created=ago(400), manual=ago(50)),
        Facts(last_human=ago(100)),
    ]
    with store.begin() as tx:
        direct, by_hand, no_birthday = check(tx, spaces, [floor, ends])
    assert direct == by_hand == (Ruling.DATED, ago(-100), 2)
    assert no_birthday[0] is Ruling.UNKNOWN


def test_a_keep_by_hand_moves_the_date_later_and_never_nearer(store: Store) -> None:
    spaces = [
        Facts(last_human=ago(10), manual=ago(-3)),
        Facts(last_human=ago(10), manual=ago(3)),
        Facts(last_human=ago(999), manual=ago(-3)),
        Facts(last_human=ago(999), manual="for ever"),
        Facts(last_human=ago(999), manual=ago(3), not_before=ago(-9)),
    ]
    with store.begin() as tx:
        earlier, past, longer, for_ever, left_alone = check(tx, spaces, [version()])
    assert earlier == past == (Ruling.DATED, ago(10 - 365), 1)
    assert longer == (Ruling.DATED, ago(-3), 1)
    assert for_ever[0] is Ruling.KEEP
    assert left_alone == (Ruling.DATED, ago(-9), 1)


def test_a_hold_reaches_who_is_or_was_there_and_is_over_at_its_end(store: Store) -> None:
    spaces = [
        Facts(last_human=ago(999), members=("a",)),
        Facts(last_human=ago(999), former=("a",)),
        Facts(last_human=ago(999), members=("b",)),
        Facts(last_human=ago(999), members_known=False),
    ]
    with store.begin() as tx:
        answers = check(tx, spaces, [version()], Holds(persons=("a",)))
        assert [one[0] for one in answers] == [
            Ruling.HELD, Ruling.HELD, Ruling.DATED, Ruling.UNKNOWN,
        ]  # fmt: skip
        tx.connection.execute(hold.update().values(ends_at=NOW))
        assert decide(tx, [version()], MOMENTS, generation=9).counts[Ruling.DATED] == 4
        tx.connection.execute(hold.update().values(ends_at=NOW + DAY))
        assert decide(tx, [version()], MOMENTS, generation=9).counts[Ruling.HELD] == 2


def test_a_direct_conversation_only_where_the_policy_says_so(store: Store) -> None:
    spaces = [Facts(type=2, last_human=ago(999)), Facts(type=None, last_human=ago(999))]
    with store.begin() as tx:
        assert [one[0] for one in check(tx, spaces, [version()])] == [
            Ruling.NO_POLICY, Ruling.UNKNOWN,
        ]  # fmt: skip
    with store.begin() as tx:
        answers = check(tx, spaces, [version(includes_direct=True)])
        assert {one[0] for one in answers} == {Ruling.DATED}


def test_adding_a_deleting_policy_never_shortens_a_keep(store: Store) -> None:
    keep = version(1, "tag:x", ending=Ending.KEEP, priority=50)
    with store.begin() as tx:
        space = Facts(last_human=ago(999), tags=("x",))
        (answer,) = check(tx, [space], [keep, version(2, priority=50), version(3, priority=60)])
    assert answer == (Ruling.KEEP, None, 1)


def test_a_paused_policy_still_ranks_and_a_simulated_one_does_not(store: Store) -> None:
    paused = version(1, priority=1, period=500 * DAY, state=PolicyState.PAUSED)
    simulated = version(2, priority=0, period=DAY, state=PolicyState.SIMULATION)
    with store.begin() as tx:
        (answer,) = check(
            tx, [Facts(last_human=ago(400))], [paused, simulated, version(3, period=DAY)]
        )
    assert answer == (Ruling.DATED, ago(-100), 1)


def test_a_ruling_keeps_the_moment_when_it_was_first_found(store: Store) -> None:
    with store.begin() as tx:
        (key,) = put(tx, [Facts(last_human=ago(10))], Holds())
        decide(tx, [version()], MOMENTS, generation=1)
        later = Moments(now=NOW + DAY)
        assert decide(tx, [version(period=30 * DAY)], later, generation=2).changed == 1
        row = tx.connection.execute(select(decision)).one()
        assert (row.at, row.generation, row.due) == (NOW, 2, ago(-20))
        decide(tx, [], later, generation=3)
        row = tx.connection.execute(select(decision)).one()
        assert (row.at, row.version_id, row.due) == (later.now, None, None)
        assert row.space_id == key


def test_a_simulation_says_whom_a_version_would_hit(store: Store) -> None:
    spaces = [
        Facts(last_human=ago(10), tags=("x",)),
        Facts(last_human=ago(10)),
        Facts(last_human=ago(10), tags=("x", "y")),
        Facts(tags=("x",)),
        Facts(last_human=ago(10), tags=("x",), is_held=True),
    ]
    asked = version(1, "tag:x", state=PolicyState.SIMULATION, priority=50)
    others = [version(2, "tag:y", priority=10, ending=Ending.KEEP), version(3, priority=90)]
    with store.begin() as tx:
        keys = put(tx, spaces, Holds())
        hit = would_hit(tx, asked, [*others, asked], MOMENTS)
        assert [(one.space, one.due) for one in hit.targets] == [(keys[0], ago(-355))]
        assert hit.unknown == 1
        assert tx.connection.execute(select(decision)).first() is None


def test_what_is_not_there_cannot_be_explained(store: Store) -> None:
    with store.read() as tx, pytest.raises(LookupError):
        explain(tx, SpaceKey(404), [], MOMENTS)


def test_a_trace_reads_like_a_reason(store: Store) -> None:
    with store.begin() as tx:
        (key,) = put(tx, [Facts(last_human=ago(400), tags=("x",), not_before=ago(-5))], Holds())
        trace = explain(tx, key, [version(query="tag:x inactive:>90d")], MOMENTS)
    said = {line.step: line.sentence for line in trace.lines}
    assert said[Step.AUTOMATIC] == (
        "“p1” (priority 100) is for spaces tagged “x” and inactive for more than 3 months:"
        " delete 1 year after the last activity: on 2026-10-20."
    )
    assert said[Step.NOT_BEFORE] == "It is left alone until 2026-11-29."
    assert trace.sentence == "“p1” says delete on 2026-11-29."
    assert [line.step for line in trace.lines if line.decides] == [
        Step.AUTOMATIC, Step.NOT_BEFORE, Step.RESULT,
    ]  # fmt: skip
