"""A space of a few people, a policy, cases on their way: the ground of tests about keeping."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from directory.spec import NoDirectory
from domain.cases import Case
from domain.ids import PersonKey, SpaceKey
from domain.lifecycle import CaseState
from domain.people import Actor
from domain.policies import Ending, PolicyDraft, PolicyState, PolicyVersion, Ruling
from domain.spaces import Space
from query.spec import Moments
from retention.decision import explain
from retention.keeping import Cleared, Kept, clear_keep, keep_space
from spaces.spec import House, Limits
from storage.engine import open_engine
from storage.store import Store
from tests.clocks import StandingClock
from tests.tenants import NOW, Tenant, ago
from webex.sdk import SdkWebex

DAY = timedelta(days=1)
PERIOD = 365


class Stage:
    """One space of ana and ben, quiet for `quiet` days, under one active policy of a year."""

    def __init__(self, house: House, clock: StandingClock) -> None:
        self.house = house
        self.clock = clock
        with house.store.begin() as tx:
            tenant = Tenant(tx)
            self.ana = Actor(name="ana", person=PersonKey(tenant.person("ana@example.com")))
            self.ben = Actor(name="ben", person=PersonKey(tenant.person("ben@example.com")))
            self.cleo = Actor(name="cleo", person=PersonKey(tenant.person("cleo@example.com")))
            tx.commit()
        self._tenant = tenant

    def space(self, **facts: Any) -> Space:
        with self.house.store.begin() as tx:
            self._tenant._tx = tx
            known: dict[str, Any] = {
                "last_human": ago(PERIOD - 10), "created": ago(900),
                "members": ("ana@example.com", "ben@example.com"),
                "moderators": ("ana@example.com", "ben@example.com"),
            }  # fmt: skip
            key = SpaceKey(self._tenant.space(**(known | facts)))
            tx.commit()
        with self.house.store.read() as tx:
            return tx.spaces.by_key(key)

    def policy(
        self, *, name: str = "old spaces", active: bool = True, **draft: Any
    ) -> PolicyVersion:
        said: dict[str, Any] = {
            "query": "all", "ending": Ending.DELETE, "period": timedelta(days=PERIOD)
        }  # fmt: skip
        with self.house.store.begin() as tx:
            made = tx.policies.new(name, PolicyDraft(**(said | draft)), author=None)
            if active:
                tx.policies.set_state(made.policy, PolicyState.ACTIVE, was=PolicyState.SIMULATION)
            tx.commit()
        return made

    def case(self, space: Space, *states: CaseState) -> Case:
        """A case that has come to the last of `states`."""
        with self.house.store.begin() as tx:
            version = tx.policies.all()[0]
            case = tx.cases.begin(
                space.key, version=version.key, due=NOW + 10 * DAY, basis_at=space.last_human,
                state=CaseState.DUE, why="it is due",
            )  # fmt: skip
            for state in states:
                assert tx.cases.move(case, state, why="on its way")
                case = tx.cases.get(case.key)
            tx.commit()
        return case

    def keep(self, space: Space, until: datetime | None, who: Actor, **more: Any) -> Kept:
        more = {"by_compliance": False} | more
        return keep_space(self.house, who, space, until=until, **more)

    def clear(self, space: Space, who: Actor, *, by_compliance: bool = False) -> Cleared:
        return clear_keep(self.house, who, space, by_compliance=by_compliance)

    def due(self, space: Space) -> tuple[Ruling, datetime | None]:
        with self.house.store.read() as tx:
            found = explain(tx, space.key, tx.policies.holding(), Moments(now=self.clock.now()))
        return found.ruling, found.due

    def words(self, space: Space) -> list[str]:
        with self.house.store.read() as tx:
            assert tx.audit.verify()
            return [one.word for one in reversed(tx.audit.of_space(space.key))]


@pytest.fixture
def stage(database_url: str, webex: SdkWebex) -> Iterator[Stage]:
    clock = StandingClock()
    store = Store(open_engine(database_url), clock)
    yield Stage(
        House(store=store, webex=webex, clock=clock, limits=Limits(), directory=NoDirectory()),
        clock,
    )
    store.close()
