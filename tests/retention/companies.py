"""Companies for the decision: a population of spaces, and what policies and holds say of them.

A population is drawn from a seed and written once; policies and holds come from Hypothesis, so
that a difference shrinks to the few words that make it. One *example* is one set of policies and
holds over a whole population: `compare` decides it by the product and by `oracle`, space by
space, and counts what it compared.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from domain.ids import PolicyKey, PolicyVersionKey, SpaceKey
from domain.policies import Basis, Ending, PolicyState, PolicyVersion, Ruling
from query.spec import Moments
from retention.decision import decide, explain, would_end, would_hit
from retention.tracing import Step
from storage.schema import (
    ad_group,
    decision,
    former_membership,
    hold,
    hold_found,
    hold_target,
    manual_keep,
    not_before,
    policy,
    policy_version,
    purged,
    sooner,
    space_group,
)
from storage.store import Store, UnitOfWork
from tests.retention import oracle
from tests.retention.oracle import DAY, NOW, Answer, Facts, Holds, Policy
from tests.tenants import Tenant

SPACES = 100
VERSIONS = 9
ANA, BEN, CY = "a@x.example", "b@x.example", "c@x.example"
_AGES = (0, 1, 29, 30, 31, 60, 89, 90, 91, 180, 364, 365, 366, 400, 899, 900, 901, 1400)
_SLIPS = (timedelta(), timedelta(), timedelta(milliseconds=1), -timedelta(milliseconds=1),
          timedelta(seconds=59), timedelta(minutes=5))  # fmt: skip


# -- drawing ------------------------------------------------------------------------------------


def population(seed: int, count: int = SPACES) -> list[Facts]:
    chance = random.Random(f"population {seed}")  # noqa: S311 - to be repeated
    return [_facts(chance) for _ in range(count)]


def _facts(chance: random.Random) -> Facts:
    def moment() -> datetime | None:
        return NOW - chance.choice(_AGES) * DAY + chance.choice(_SLIPS)

    def maybe(often: float) -> datetime | None:
        return moment() if chance.random() < often else None

    def rarely(value: Any, usually: Any) -> Any:
        return value if chance.random() < 0.03 else usually

    def some(of: Sequence[str], most: int) -> tuple[str, ...]:
        return tuple(chance.sample(of, chance.randint(0, most)))

    human, other = maybe(0.75), maybe(0.8)
    if human and other and chance.random() < 0.3:  # as Webex has it: a bot wrote afterwards
        other = human + chance.choice((timedelta(seconds=30), timedelta(seconds=61), 3 * DAY))
    in_it = some((ANA, BEN, CY), 2)
    return Facts(
        type=chance.choice((1, 1, 1, 2, None)), scope=chance.choice((0, 1, None)),
        last_human=human, last_activity=other, created=maybe(0.85),
        known_until=other if chance.random() < 0.3 else maybe(0.5),
        size=chance.choice((None, 0, 1, 2, 3, 4)), locked=chance.choice((True, False, None)),
        is_ours=rarely(False, rarely(None, True)), is_general=rarely(True, False),
        is_untouchable=rarely(True, False), state=rarely(chance.choice((1, 2, 3)), 0),
        members_known=chance.random() < 0.7, groups_known=chance.random() < 0.6,
        domains_known=chance.random() < 0.6,
        classified=chance.choice((None, "none", "secret", "public")),
        team=chance.choice((None, "none", "sales")), tags=some("xyz", 2),
        groups=some(("alpha", "failed", "stale", "twin one", "twin two"), 3),
        domains=some(("acme.example", "other.example"), 1), members=in_it,
        moderators=some((ANA, BEN), 1), former=some((ANA, BEN, CY), 1),
        manual=chance.choice((*(None,) * 6, "for ever", *[moment()] * 2,
                              NOW + 5 * DAY, NOW + 800 * DAY)),
        not_before=chance.choice((None, None, moment(), NOW + 7 * DAY, NOW + 90 * DAY)),
        sooner=chance.choice((None, None, moment(), NOW + 5 * DAY)),
        sooner_by=chance.choice((1, 1, 2, 3)),
        purged=maybe(0.3), tagged=maybe(0.8),
        end_date=chance.choice((None, moment(), NOW + 200 * DAY)),
        is_held=rarely(True, False),
    )  # fmt: skip


_leaves = st.sampled_from((*oracle.LEAVES, "all"))
_negated = st.builds(lambda part: ("not", part), _leaves)
_small = st.one_of(_leaves, _leaves, _negated)
_joined = st.builds(
    lambda word, parts: (word, *parts), st.sampled_from(("and", "or")),
    st.lists(_small, min_size=2, max_size=3),
)  # fmt: skip
conditions = st.one_of(
    _small, _joined,
    st.builds(lambda part: ("not", part), _joined),
    st.builds(lambda word, one, other: (word, one, other), st.sampled_from(("and", "or")),
              _joined, _small),
    st.sampled_from(("all", "", "unreadable")),
)  # fmt: skip
_clocks = [
    ("last activity", ""), ("last activity", ""), ("creation", ""), ("creation", ""),
    ("tag", "x"), ("tag", "never given"), ("tag", ""), ("end date", ""), ("day", "2026-02-28"),
    ("day", "2027-01-01"), ("day", ""), ("each message", ""),
]  # fmt: skip
assert {word for word, _ in _clocks} == {str(one) for one in Basis}
_policies = st.builds(
    lambda clock, **said: {**said, "basis": clock[0], "basis_of": clock[1]},
    clock=st.sampled_from(_clocks),
    when=conditions, priority=st.integers(1, 3),
    ending=st.sampled_from([*map(str, Ending), *["block", "delete"] * 2]),
    state=st.sampled_from(["active"] * 6 + [str(one) for one in PolicyState]),
    is_floor=st.sampled_from((False, False, True)), includes_direct=st.booleans(),
    days=st.sampled_from((None, 0, -1, *(1, 30, 30, 90, 365, 365, 900) * 2)),
)  # fmt: skip
policies = st.lists(_policies, max_size=6).map(
    lambda drawn: [Policy(number=number, **parts) for number, parts in enumerate(drawn, 1)]
)
holds = st.builds(
    Holds,
    persons=st.sampled_from(((),) * 6 + ((ANA,), (BEN, CY))),
    tags=st.sampled_from(((),) * 6 + (("z",), ("x", "y"))),
    searches=st.one_of(*[st.just(())] * 5, st.tuples(_small), st.tuples(_joined, _small)),
    ends_at=st.sampled_from((None, None, None, NOW, NOW - DAY, NOW + timedelta(milliseconds=1))),
)  # fmt: skip


# -- writing ------------------------------------------------------------------------------------


def words(when: Any, *, inside: bool = False) -> str:
    """A condition's tree as the query that the product reads."""
    if when == "unreadable":
        return "colour:red"
    if isinstance(when, str):
        return when
    word, *parts = when
    if word == "not":
        return f"-{words(parts[0], inside=True)}"
    text = (" " if word == "and" else " or ").join(words(one, inside=True) for one in parts)
    return f"({text})" if inside else text


def version_of(one: Policy) -> PolicyVersion:
    return PolicyVersion(
        key=PolicyVersionKey(one.number), policy=PolicyKey(one.number), name=f"p{one.number}",
        number=1, state=PolicyState(one.state), priority=one.priority, query=words(one.when),
        ending=Ending(one.ending), basis=Basis(one.basis), basis_of=one.basis_of,
        is_floor=one.is_floor, period=None if one.days is None else one.days * DAY,
        includes_direct=one.includes_direct,
    )  # fmt: skip


def add(tx: UnitOfWork, table: Any, **values: Any) -> int:
    made = tx.connection.execute(insert(table).values(**values))
    return int(made.inserted_primary_key[0]) if made.inserted_primary_key else 0


@dataclass
class Company:
    """A population in an open unit of work, which is never committed."""

    tx: UnitOfWork
    spaces: Sequence[Facts]
    keys: list[SpaceKey] = field(default_factory=list)
    last: dict[SpaceKey, Answer] = field(default_factory=dict)
    """What the last decision was of each space, so as to know what has to change."""
    counts: Counter[str] = field(default_factory=Counter)
    turn: int = 0

    def __post_init__(self) -> None:
        tenant = self.tenant = Tenant(self.tx)
        groups = self._groups(tenant)
        for number in range(1, VERSIONS + 1):
            add(self.tx, policy, id=number, name=f"p{number}", state="active", made_at=NOW)
            add(
                self.tx, policy_version, id=number, policy_id=number, number=1, query="all",
                ending="keep", basis="creation", notices="", grace_days=0, made_at=NOW,
            )  # fmt: skip
        for facts in self.spaces:
            key = tenant.space(
                tags=facts.tags, domains=facts.domains, team=facts.team,
                members=facts.members, moderators=facts.moderators,
                classified=facts.classified, type=facts.type, scope=facts.scope,
                last_human=facts.last_human, last_activity=facts.last_activity,
                human_known_until=facts.known_until, created=facts.created, size=facts.size,
                is_locked=facts.locked, is_ours=facts.is_ours, is_general=facts.is_general,
                is_untouchable=facts.is_untouchable, state=facts.state,
                members_known=facts.members_known, groups_known=facts.groups_known,
                domains_known=facts.domains_known,
            )  # fmt: skip
            for name in facts.groups:
                add(self.tx, space_group, space_id=key, group_id=groups[name])
            for email in facts.former:
                add(
                    self.tx, former_membership, space_id=key, person_id=tenant.person(email),
                    left_at=NOW,
                )  # fmt: skip
            if facts.manual is not None:
                until = None if facts.manual == "for ever" else facts.manual
                add(self.tx, manual_keep, space_id=key, until=until, at=NOW)
            if facts.purged is not None:
                add(
                    self.tx, purged, space_id=key, until=facts.purged, at=NOW, messages=0, files=0
                )  # fmt: skip
            tenant.counted(key, tagged=facts.tagged, end_date=facts.end_date)
            if facts.sooner is not None:
                asked, agreed = tenant.person("d@x.example"), tenant.person("e@x.example")
                add(
                    self.tx, sooner, space_id=key, after=facts.sooner, asked_by_id=asked,
                    version_id=facts.sooner_by, asked_at=NOW, agreed_by_id=agreed, agreed_at=NOW,
                    effective_at=NOW,
                )  # fmt: skip
            if facts.not_before is not None:
                add(
                    self.tx, not_before, space_id=key, until=facts.not_before, reason="", at=NOW
                )  # fmt: skip
            self.keys.append(SpaceKey(key))

    def _groups(self, tenant: Tenant) -> dict[str, int]:
        """`alpha` and both of `twin` are known and read just now; the others are not."""
        old = {"read_at": NOW - 3 * DAY}
        made = {
            "alpha": tenant.group("alpha"), "failed": tenant.group("failed", is_known=False),
            "stale": tenant.group("stale", **old),  # type: ignore[arg-type]
        }  # fmt: skip
        for one in ("twin one", "twin two"):
            made[one] = add(
                self.tx, ad_group, name="twin", source_id=one, is_known=True, read_at=NOW
            )  # fmt: skip
        return made

    def hold(self, holds: Holds) -> None:
        self.tx.connection.execute(delete(hold_found))
        self.tx.connection.execute(delete(hold_target))
        self.tx.connection.execute(delete(hold))
        targets: list[dict[str, Any]] = [
            *({"space_id": key} for key, facts in zip(self.keys, self.spaces, strict=True)
              if facts.is_held),
            *({"person_id": self.tenant.person(email)} for email in holds.persons),
            *({"tag_id": self.tenant.tag(name)} for name in holds.tags),
            *({"query": words(when)} for when in holds.searches),
        ]  # fmt: skip
        none = {"space_id": None, "person_id": None, "tag_id": None, "query": None}
        if targets:
            rows = range(1, len(targets) + 1)
            self.tx.connection.execute(
                insert(hold),
                [{"id": n, "name": f"hold {n}", "at": NOW, "ends_at": holds.ends_at}
                 for n in rows],
            )  # fmt: skip
            self.tx.connection.execute(
                insert(hold_target),
                [{"id": n, "hold_id": n, **none, **one}
                 for n, one in zip(rows, targets, strict=True)],
            )  # fmt: skip

    # -- comparing ------------------------------------------------------------------------------

    def compare(self, drawn: Sequence[Policy], holds: Holds) -> list[Answer]:
        """One example: every space by sets; by words, ahead and by worlds, one after another."""
        self.turn += 1
        self.hold(holds)
        versions = [version_of(one) for one in drawn]
        summary = decide(self.tx, versions, Moments(now=NOW), generation=self.turn)
        found = {
            SpaceKey(row.space_id): (str(list(Ruling)[row.ruling]), row.due, row.version_id)
            for row in self.tx.connection.execute(select(decision))
        }
        expected = {
            key: oracle.rule(facts, drawn, holds)
            for key, facts in zip(self.keys, self.spaces, strict=True)
        }
        wrong = [
            (self.spaces[place], found.get(key), expected[key])
            for place, key in enumerate(self.keys)
            if found.get(key) != expected[key]
        ]
        assert not wrong, self._said(wrong[0], drawn)
        assert summary.total == len(self.spaces)
        assert summary.counts == {
            one: sum(answer[0] == one for answer in expected.values()) for one in Ruling
        }
        assert sum(summary.dated.values()) == summary.counts[Ruling.DATED]
        assert summary.due_now == sum(
            due is not None and due <= NOW for _, due, _ in expected.values()
        )
        assert summary.changed == sum(self.last.get(key) != expected[key] for key in self.keys)
        self.last = expected
        self.counts["examples"] += 1
        self.counts["decisions"] += len(expected)
        for ruling, _, _ in expected.values():
            self.counts[ruling] += 1
        self._one_by_one(drawn, versions, holds)
        return list(expected.values())

    def _one_by_one(
        self, drawn: Sequence[Policy], versions: Sequence[PolicyVersion], holds: Holds
    ) -> None:
        """What asks anew takes turns, since building its statements costs the most."""
        match self.turn % 6:
            case 0 | 2:
                self.say(self.turn % len(self.keys), drawn, versions, holds)
            case 1:
                self.hit(drawn, versions, holds)
            case 3:
                self.end(drawn, versions, holds)
        dated = [n for n, key in enumerate(self.keys) if self.last[key][0] in ("dated", "keep")]
        for n in dated[self.turn % 7 :: 7][:2]:
            self.in_all_worlds(self.spaces[n], drawn, holds)

    def say(
        self, place: int, drawn: Sequence[Policy], versions: Sequence[PolicyVersion], holds: Holds
    ) -> None:
        """The words of one space: the same result, and what each line says by itself."""
        facts = self.spaces[place]
        trace = explain(self.tx, self.keys[place], versions, Moments(now=NOW))
        expected = oracle.rule(facts, drawn, holds)
        said = (str(trace.ruling), trace.due, trace.version_key)
        assert said == expected, self._said((facts, said, expected), drawn)
        assert [line.step for line in trace.lines] == list(Step)
        assert all(line.sentence and line.verdict for line in trace.lines)
        verdicts = {line.step: line.verdict for line in trace.lines}
        assert verdicts[Step.GUARD] == oracle.guard(facts)
        assert verdicts[Step.HOLD] == oracle.hold(facts, holds, NOW)
        assert verdicts[Step.MANUAL] == _date(facts.manual)
        assert verdicts[Step.NOT_BEFORE] == _date(oracle.left_alone(facts, holds, NOW))
        holding = [one for one in drawn if one.state in ("active", "paused")]
        holding.sort(key=lambda one: (one.priority, one.number))
        seen = oracle.Seen(facts)
        of_messages = oracle.purges(seen, holding)
        certain, possible = oracle.floors(seen, holding, of_messages=of_messages)
        latest = max((date for date, _ in certain), default=None)
        assert verdicts[Step.FLOOR] == (
            _date(latest) if latest else "not known" if possible else "none"
        )
        assert [line.step for line in trace.lines if line.decides][-1] is Step.RESULT
        self.counts["explained"] += 1

    def hit(self, drawn: Sequence[Policy], versions: Sequence[PolicyVersion], holds: Holds) -> None:
        """Whom one of them would decide, were it active, whatever its state is."""
        if not drawn:
            return
        place = self.turn % len(drawn)
        alone = replace(drawn[place], state="active")
        beside = [alone if n == place else one for n, one in enumerate(drawn)]
        expected, unsure = {}, 0
        for key, facts in zip(self.keys, self.spaces, strict=True):
            ruling, due, number = oracle.rule(facts, beside, holds)
            if number == alone.number:
                expected[key] = due
            told = oracle.applies(oracle.Seen(facts), alone)
            unsure += ruling == "unknown" and told is not False
        found = would_hit(self.tx, versions[place], versions, Moments(now=NOW))
        assert {one.space: one.due for one in found.targets} == expected
        assert found.unknown == unsure
        self.counts["simulated"] += len(self.keys)

    def end(self, drawn: Sequence[Policy], versions: Sequence[PolicyVersion], holds: Holds) -> None:
        """What goes by a day to come."""
        then = NOW + (1, 30, 365)[self.turn % 3] * DAY
        expected, unsure = {}, 0
        for key, facts in zip(self.keys, self.spaces, strict=True):
            ruling, due, number = oracle.rule(facts, drawn, holds, now=then)
            if due is not None and due <= then:
                expected[key] = (due, number)
            unsure += ruling == "unknown"
        found = would_end(self.tx, versions, Moments(now=then, read=NOW))
        assert {one.space: (one.due, one.version) for one in found.dated} == expected
        assert found.unknown == unsure
        self.counts["foreseen"] += len(self.keys)

    def in_all_worlds(self, facts: Facts, drawn: Sequence[Policy], holds: Holds) -> None:
        """What is decided stays so, however what is not known turns out to be."""
        ruling, due, number = oracle.rule(facts, drawn, holds)
        mine = [one for one in drawn if one.state in ("active", "paused")]
        for seen in oracle.worlds(facts, mine):
            there = oracle.rule(
                seen.facts, drawn, holds, seen=seen, alone=oracle.left_alone(facts, holds, NOW)
            )
            same = there == (ruling, due, number) if ruling == "dated" else there[0] == "keep"
            assert same, self._said((seen.facts, there, (ruling, due, number)), drawn)
            self.counts["worlds"] += 1

    def _said(self, wrong: tuple[Facts, object, object], drawn: Sequence[Policy]) -> str:
        facts, found, expected = wrong
        lines = [f"{one}  [{words(one.when)}]" for one in drawn]
        return "\n".join([str(facts), *lines, f"product: {found}", f"oracle:  {expected}"])


def _date(moment: datetime | str | None) -> str:
    if moment is None:
        return "none"
    return "for ever" if moment in ("for ever", oracle.FOREVER) else f"{moment:%Y-%m-%d}"


def hold_against(store: Store, number: int, examples: int, *, shrinks: bool = True) -> Counter[str]:
    """So many examples over the population of `number`, drawn by that seed; nothing is committed.

    Raises:
        AssertionError: product and oracle differ; it names the space, the policies and both.
    """
    with store.begin() as tx:
        company = Company(tx, population(number))

        @seed(number)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate, *([Phase.shrink] if shrinks else [])],
            suppress_health_check=list(HealthCheck),
        )
        @given(policies, holds)
        def go(drawn: list[Policy], on: Holds) -> None:
            company.compare(drawn, on)

        go()
    return company.counts
