"""Each rail of the decision's order by itself; `test_decision_oracle` has all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.ids import PolicyKey, PolicyVersionKey, SpaceKey
from domain.policies import Basis, Ending, PolicyState, PolicyVersion, Ruling
from query.spec import Moments
from retention.decision import decide, explain, protection, would_hit
from retention.protecting import protections_of
from retention.tracing import Step
from storage.schema import decision, hold, sooner, space
from storage.store import Store, UnitOfWork
from tests.retention.companies import Company
from tests.retention.oracle import Facts, Holds, Policy
from tests.tenants import NOW, ago

MOMENTS = Moments(now=NOW)
DAY = timedelta(days=1)
Answer = tuple[Ruling, Any, int | None]
A, B = "a@x.example", "b@x.example"


def version(number: int = 1, query: str = "all", **parts: Any) -> PolicyVersion:
    said: dict[str, Any] = {
        "state": PolicyState.ACTIVE, "priority": 100, "ending": Ending.DELETE,
        "period": 365 * DAY, "number": 1,
    }  # fmt: skip
    return PolicyVersion(
        key=PolicyVersionKey(number), policy=PolicyKey(number), name=f"p{number}", query=query,
        **(said | parts),
    )  # fmt: skip


def in_plain_words(one: PolicyVersion) -> Policy:
    return Policy(
        number=int(one.key), when=one.query, ending=str(one.ending), priority=one.priority,
        days=None if one.period is None else one.period.days, basis=str(one.basis),
        basis_of=one.basis_of, is_floor=one.is_floor, includes_direct=one.includes_direct,
        state=str(one.state),
    )  # fmt: skip


def put(tx: UnitOfWork, spaces: Sequence[Facts], holds: Holds) -> list[SpaceKey]:
    company = Company(tx, spaces)
    company.hold(holds)
    return company.keys


def decided(tx: UnitOfWork, key: SpaceKey) -> Answer:
    row = tx.connection.execute(select(decision).where(decision.c.space_id == key)).one()
    return list(Ruling)[row.ruling], row.due, row.version_id


def check(tx: UnitOfWork, spaces: Sequence[Facts], policies: Sequence[PolicyVersion],
          holds: Holds | None = None) -> list[Answer]:  # fmt: skip
    """Puts the tenant there, decides, and holds sets, words and oracle against each other."""
    holds, plain = holds or Holds(), [in_plain_words(one) for one in policies]
    company = Company(tx, spaces)
    answers = company.compare(plain, holds)
    for place in range(len(spaces)):
        company.say(place, plain, policies, holds)
    assert decide(tx, policies, MOMENTS, generation=8).changed == 0
    return [(Ruling(ruling), due, number) for ruling, due, number in answers]


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


def test_what_two_people_agreed_to_goes_sooner_and_never_past_what_protects(store: Store) -> None:
    spaces = [
        Facts(last_human=ago(100), sooner=ago(-20)),
        Facts(last_human=ago(100), sooner=ago(-300)),
        Facts(last_human=ago(100), sooner=ago(50)),
        Facts(last_human=ago(10), sooner=ago(50)),
        Facts(last_human=ago(100), sooner=ago(50), manual=ago(60)),
        Facts(last_human=ago(100), sooner=ago(50), manual=ago(-40)),
        Facts(last_human=ago(100), sooner=ago(50), not_before=ago(-9)),
        Facts(last_human=ago(100), sooner=ago(50), manual="for ever"),
        Facts(last_human=ago(100), sooner=ago(50), is_held=True),
    ]
    with store.begin() as tx:
        answers = check(tx, spaces, [version()])
    assert [due for _, due, _ in answers] == [
        ago(-20), ago(-265), ago(50), ago(-355), ago(50), ago(-40), ago(-9), None, None,
    ]  # fmt: skip
    floor = version(2, is_floor=True, ending=Ending.KEEP, period=130 * DAY)
    with store.begin() as tx:
        answers = check(tx, spaces[:3], [version(), floor])
    assert [due for _, due, _ in answers] == [ago(-30), ago(-265), ago(-30)]


def test_it_goes_sooner_only_where_a_policy_deletes_and_its_use_is_known(store: Store) -> None:
    space = Facts(last_human=ago(100), created=ago(300), sooner=ago(50))
    for policies, expected in (
        ([], (Ruling.NO_POLICY, None, None)),
        ([version(ending=Ending.KEEP)], (Ruling.KEEP, None, 1)),
        ([version(ending=Ending.BLOCK)], (Ruling.DATED, ago(100 - 365), 1)),
        ([version(ending=Ending.NOTIFY)], (Ruling.DATED, ago(100 - 365), 1)),
        ([version(1, "classification:secret")], (Ruling.UNKNOWN, None, None)),
    ):
        with store.begin() as tx:
            assert check(tx, [space], policies) == [expected]
    unused = Facts(created=ago(300), sooner=ago(50))
    with store.begin() as tx:
        (answer,) = check(tx, [unused], [version(basis=Basis.CREATED)])
    assert answer == (Ruling.DATED, ago(300 - 365), 1)


def test_what_is_not_agreed_to_or_over_or_still_cools_off_changes_nothing(store: Store) -> None:
    space = Facts(last_human=ago(100), sooner=ago(50))
    with store.begin() as tx:
        (key,) = put(tx, [space], Holds())
        for values in (
            {"effective_at": None}, {"effective_at": NOW + DAY},
            {"effective_at": NOW, "ended_at": NOW},
        ):  # fmt: skip
            tx.connection.execute(sooner.update().values(**values))
            decide(tx, [version()], MOMENTS, generation=1)
            assert decided(tx, key)[1] == ago(100 - 365)
            assert explain(tx, key, [version()], MOMENTS).due == ago(100 - 365)


def test_a_hold_on_a_search_holds_what_it_finds_and_what_it_can_t_rule_out(store: Store) -> None:
    spaces = [
        Facts(last_human=ago(999), classified="secret"),
        Facts(last_human=ago(999), classified="none"),
        Facts(last_human=ago(999)),
    ]
    with store.begin() as tx:
        answers = check(tx, spaces, [version()], Holds(searches=("classification:secret",)))
        assert [one[0] for one in answers] == [Ruling.HELD, Ruling.DATED, Ruling.HELD]
    with store.begin() as tx:
        keys = put(tx, spaces, Holds(searches=("unreadable",)))
        assert decide(tx, [version()], MOMENTS, generation=9).counts[Ruling.HELD] == 3
        assert explain(tx, keys[1], [version()], MOMENTS).ruling is Ruling.HELD


def test_what_a_hold_s_search_has_found_stays_held(store: Store) -> None:
    with store.begin() as tx:
        spaces = [Facts(last_human=ago(999), size=5), Facts(last_human=ago(999), size=1)]
        keys = put(tx, spaces, Holds(searches=("size:>=3",)))
        decide(tx, [version()], MOMENTS, generation=1)
        tx.connection.execute(space.update().values(size=1))
        assert decide(tx, [version()], MOMENTS, generation=2).counts[Ruling.HELD] == 1
        assert explain(tx, keys[0], [version()], MOMENTS).ruling is Ruling.HELD
        assert explain(tx, keys[1], [version()], MOMENTS).ruling is Ruling.DATED
        tx.connection.execute(hold.update().values(ends_at=NOW))
        assert decided_by(tx, keys[0]) == (Ruling.DATED, NOW + 7 * DAY)


def test_what_a_hold_only_might_reach_is_left_alone_for_a_week_after_it_too(store: Store) -> None:
    spaces = [
        Facts(last_human=ago(999)), Facts(last_human=ago(999), size=1),
        Facts(last_human=ago(999), size=5),
    ]  # fmt: skip
    with store.begin() as tx:
        keys = put(tx, spaces, Holds(searches=("size:>=3",)))
        tx.connection.execute(hold.update().values(ends_at=NOW))  # before any night asked it
        week = (Ruling.DATED, NOW + 7 * DAY)
        assert [decided_by(tx, key) for key in keys] == [week, (Ruling.DATED, ago(634)), week]
        by_hand = [protection(tx, key, MOMENTS) for key in keys]
        assert [one is None for one in by_hand] == [False, True, False]
        many = protections_of(tx, keys, MOMENTS)
        assert [bool(many[key]) for key in keys] == [True, False, True]
        tx.connection.execute(hold.update().values(ends_at=NOW - 7 * DAY))
        assert decided_by(tx, keys[0]) == (Ruling.DATED, ago(634))
        assert protection(tx, keys[0], MOMENTS) is None
    with store.begin() as tx:  # a search that can't be read any more
        keys = put(tx, spaces[1:2], Holds(searches=("unreadable",)))
        tx.connection.execute(hold.update().values(ends_at=NOW))
        assert decided_by(tx, keys[0]) == week
        assert protection(tx, keys[0], MOMENTS) is not None
    unsure = [Facts(last_human=ago(999), members_known=False), Facts(last_human=ago(999))]
    with store.begin() as tx:
        keys = put(tx, unsure, Holds(persons=(A,)))
        tx.connection.execute(hold.update().values(ends_at=NOW))
        assert [decided_by(tx, key) for key in keys] == [week, (Ruling.DATED, ago(634))]
        assert protection(tx, keys[0], MOMENTS) is not None
        assert [bool(protections_of(tx, keys, MOMENTS)[key]) for key in keys] == [True, False]


def decided_by(tx: UnitOfWork, key: SpaceKey) -> tuple[Ruling, datetime | None]:
    """After a decision, with the words beside it."""
    decide(tx, [version()], MOMENTS, generation=3)
    ruling, due, _ = decided(tx, key)
    trace = explain(tx, key, [version()], MOMENTS)
    assert (trace.ruling, trace.due) == (ruling, due)
    return ruling, due


def test_a_hold_reaches_who_is_or_was_there_and_is_over_at_its_end(store: Store) -> None:
    spaces = [
        Facts(last_human=ago(999), members=(A,)),
        Facts(last_human=ago(999), former=(A,)),
        Facts(last_human=ago(999), members=(B,)),
        Facts(last_human=ago(999), members_known=False),
    ]
    with store.begin() as tx:
        answers = check(tx, spaces, [version()], Holds(persons=(A,)))
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
