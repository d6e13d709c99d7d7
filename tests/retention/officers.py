"""A small company with three officers of compliance, on both databases, and what they do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from directory.spec import NoDirectory
from domain.ids import PersonId
from domain.people import Actor
from domain.policies import Ending, PolicyDraft, PolicyVersion
from domain.seen import PersonSeen
from domain.views import SimulationView
from retention.agreeing import AskedAgain, approve_policy
from retention.policies import Shown, list_policies, put_in_force, show_policy, write_policy
from sandbox.ids import new_uuid, rest_id
from spaces.spec import House, Limits
from storage.engine import open_engine
from storage.schema import crawl, space
from storage.store import Store
from tests.tenants import NOW, Tenant, ago
from webex.sdk import SdkWebex
from webex.tokens import FixedToken

DAY = timedelta(days=1)
CLEANUP = PolicyDraft(query="tag:finance", ending=Ending.DELETE, period=90 * DAY, cap=50)


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


def officer(house: House, name: str) -> Actor:
    with house.store.read() as tx:
        found = tx.people.by_email(f"{name}@example.com")
    assert found is not None
    return Actor(name=found.email, person=found.key)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def house(database_url: str, watch: Watch) -> Iterator[House]:
    """With three old spaces of finance, one of fun, and an inventory from an hour ago."""
    nowhere = SdkWebex(FixedToken("none"), None, base_url="https://127.0.0.1:1/v1/")
    store = Store(open_engine(database_url), watch)
    with store.begin() as tx:
        tenant = Tenant(tx)
        tx.people.ensure(
            [
                PersonSeen(id=PersonId(rest_id("PEOPLE", new_uuid())), email=f"{name}@example.com")
                for name in ("cleo", "dora", "emil")
            ]
        )
        for place in range(3):
            tenant.space(title=f"Budget {place}", tags=("finance",), last_human=ago(200 - place))
        tenant.space(title="Party", tags=("fun",), last_human=ago(300))
        tx.connection.execute(
            crawl.insert().values(
                mode="company", started_at=NOW, finished_at=NOW, is_complete=True, faults=0,
                said="",
            )
        )  # fmt: skip
        tx.commit()
    yield House(
        store=store, webex=nowhere, clock=watch, directory=NoDirectory(),
        limits=Limits(inventory=timedelta(days=400)),
    )  # fmt: skip
    store.close()


@pytest.fixture
def cleo(house: House) -> Actor:
    return officer(house, "cleo")


@pytest.fixture
def dora(house: House) -> Actor:
    return officer(house, "dora")


@pytest.fixture
def emil(house: House) -> Actor:
    return officer(house, "emil")


def shown(house: House, actor: Actor, name: str = "cleanup") -> SimulationView:
    asked = approve_policy(house, actor, name)
    assert isinstance(asked, AskedAgain)
    return asked.view


def agree(house: House, actor: Actor, name: str = "cleanup") -> Shown:
    agreed = approve_policy(house, actor, name, code=shown(house, actor, name).code)
    assert isinstance(agreed, Shown)
    return agreed


def in_force(
    house: House, watch: Watch, author: Actor, second: Actor, draft: PolicyDraft = CLEANUP,
    name: str = "cleanup",
) -> PolicyVersion:  # fmt: skip
    old = next((one.version for one in list_policies(house) if one.version.name == name), None)
    write_policy(house, author, name, draft, after=old.key if old else None)
    agree(house, second, name)
    watch.at += 2 * DAY
    put_in_force(house)
    holding = show_policy(house, name).holding
    assert holding is not None
    return holding


def add_space(house: House, **facts: Any) -> None:
    with house.store.begin() as tx:
        tenant = Tenant(tx)
        tenant._next = 1000 + len(list(tx.connection.execute(select(space.c.id))))
        tenant._keys = {("tag", "finance"): tx.tags.key_of("finance")}  # type: ignore[dict-item]
        tenant.space(title="Late", tags=("finance",), last_human=ago(150), **facts)
        tx.commit()


def words(house: House) -> list[str]:
    with house.store.read() as tx:
        assert tx.audit.verify()
        return [row.word for row in tx.audit.since()]
