"""Many spaces at once: which of them, why others not, and tags in batches; on both databases."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from directory.spec import NoDirectory
from domain.audit import Word
from domain.clock import SystemClock
from domain.errors import Refusal
from domain.ids import SpaceKey
from domain.people import Actor, Person
from spaces.many import (
    NOT_YOURS,
    blocked_already,
    choose,
    kept_already,
    not_kept,
    not_seated,
    seated_already,
    stays_tagged,
    tagged_already,
)
from spaces.spec import House, Limits
from spaces.tagging_many import tag_many, untag_many
from storage.store import Store
from tests.tenants import NOW, Tenant
from webex.sdk import SdkWebex
from webex.tokens import FixedToken

BATCH = 200
ANA, BEN, CARL = "ana@example.com", "ben@example.com", "carl@example.com"


@pytest.fixture
def house(store: Store) -> House:
    nowhere = SdkWebex(FixedToken("none"), None, base_url="https://127.0.0.1:1/v1/")
    return House(
        store=store, webex=nowhere, clock=SystemClock(), directory=NoDirectory(), limits=Limits()
    )


def person(house: House, email: str) -> Person:
    with house.store.read() as tx:
        found = tx.people.by_email(email)
    assert found is not None
    return found


def company(house: House) -> dict[str, SpaceKey]:
    """Spaces by what ana is in them."""
    with house.store.begin() as tx:
        tenant = Tenant(tx)
        made = {
            "leads": tenant.space(title="a", members=(BEN,), moderators=(ANA,), tags=("x",)),
            "follows": tenant.space(title="b", members=(ANA,), moderators=(BEN,), tags=("x",)),
            "created": tenant.space(title="c", members=(ANA, BEN), creator=ANA, tags=("x", "y")),
            "joined": tenant.space(title="d", members=(ANA, BEN), creator=BEN, tags=("x",)),
            "direct": tenant.space(title=None, type=2, members=(ANA, BEN), tags=("x",)),
            "other": tenant.space(title="e", members=(BEN,), creator=BEN, tags=("x",)),
            "left": tenant.space(title="f", members=(BEN,), creator=ANA, tags=("x",)),
        }
        tenant.person(CARL)
        tx.commit()
    return {name: SpaceKey(key) for name, key in made.items()}


def nothing(tx: object, spaces: object) -> dict[SpaceKey, str]:
    return {}


def test_what_somebody_manages_is_what_they_would_be_let_do_live(house: House) -> None:
    its = company(house)
    chosen = choose(house, person(house, ANA), "tag:x", sees_all=False, why_not=nothing)
    assert set(chosen.todo) == {its["leads"], its["created"], its["direct"]}
    assert chosen.skipped == ((NOT_YOURS, 2),), "of others that there are, nothing is told"
    named = dict(chosen.first)
    assert set(named[its["direct"]].split(" and ")) == {ANA, BEN}


def test_who_was_demoted_by_a_block_still_manages(house: House) -> None:
    its = company(house)
    ana = person(house, ANA)
    with house.store.begin() as tx:
        tx.blocks.add(its["follows"], {"moderators": [str(ana.id)]})
        tx.commit()
    chosen = choose(house, ana, "tag:x", sees_all=False, why_not=nothing)
    assert its["follows"] in chosen.todo


def test_compliance_does_it_to_all(house: House) -> None:
    its = company(house)
    chosen = choose(house, person(house, CARL), "tag:x", sees_all=True, why_not=nothing)
    assert set(chosen.todo) == set(its.values())


@pytest.mark.parametrize(
    ("text", "said"),
    [("tag:nosuch", "No space that you can see"), ("b", "None of them is yours")],
)
def test_nothing_to_do_is_said_with_its_reason(house: House, text: str, said: str) -> None:
    company(house)
    with pytest.raises(Refusal, match=said):
        choose(house, person(house, ANA), text, sees_all=False, why_not=nothing)


def test_each_kind_leaves_out_what_is_so_already(house: House) -> None:
    its = company(house)
    ana, ben, carl = (person(house, one).key for one in (ANA, BEN, CARL))
    every = list(its.values())
    until = NOW + timedelta(days=9_000)
    with house.store.begin() as tx:
        tx.protections.keep(its["leads"], until=None, by=ana)
        tx.protections.keep(its["follows"], until=until, by=ben, by_compliance=True)
        tx.blocks.add(its["other"], {})
        tx.vocabulary.require(tx.tags.ensure(["x", "y"]).values(), None)
        tx.commit()
    with house.store.read() as tx:

        def left(why: object) -> set[str]:
            no = why(tx, every)  # type: ignore[operator]
            return {name for name, key in its.items() if key in no}

        assert left(tagged_already(["y"], by_compliance=True)) == {"created"}
        assert left(stays_tagged(["x"], by_compliance=True)) == set(its) - {"created", "direct"}
        assert left(kept_already(until, by_compliance=True)) == {"leads", "follows"}
        assert left(kept_already(None, by_compliance=True)) == {"leads"}
        assert left(kept_already(None, by_compliance=False)) == {"leads", "follows"}
        assert left(not_kept(by_compliance=True)) == set(its) - {"leads", "follows"}
        assert left(not_kept(by_compliance=False)) == set(its) - {"leads"}
        assert left(blocked_already) == {"other"}
        assert left(seated_already([ben], moderating=False, all_known=True)) == set(its)
        assert left(seated_already([ben], moderating=True, all_known=True)) == {
            "follows", "direct"
        }  # fmt: skip
        assert left(seated_already([carl], moderating=False, all_known=True)) == {"direct"}
        assert left(not_seated([ana])) == {"other", "left", "direct"}


def test_ten_thousand_spaces_are_tagged_within_seconds(house: House) -> None:
    with house.store.begin() as tx:
        tenant = Tenant(tx)
        keys = [SpaceKey(key) for key in tenant.spaces(10_000)]
        tenant.person(ANA)
        tx.commit()
    actor = Actor(name=ANA, person=person(house, ANA).key)
    began = time.monotonic()
    for start in range(0, len(keys), BATCH):
        came = tag_many(
            house, actor, keys[start : start + BATCH], ["new", "q3"], by_compliance=True
        )
        assert set(came.values()) == {("new", "q3")}
    spent = time.monotonic() - began
    with house.store.read() as tx:
        assert len(tx.tags.with_any(["new"])) == 10_000
        assert tx.audit.verify().length == 10_000
    assert spent < 20, f"{spent:.1f} s"


def test_a_rule_that_stands_against_one_costs_no_other(house: House) -> None:
    its = company(house)
    actor = Actor(name=ANA, person=person(house, ANA).key)
    every = list(its.values())
    with house.store.begin() as tx:
        tx.vocabulary.require(tx.tags.ensure(["x", "y"]).values(), None)
        tx.commit()
    came = untag_many(house, actor, every, ["x"], by_compliance=False)
    assert came[its["created"]] == ("x",)
    assert came[its["direct"]] == ("x",)
    others = [one for name, one in its.items() if name not in ("created", "direct")]
    assert all(isinstance(came[key], Refusal) for key in others)
    with house.store.read() as tx:
        assert set(tx.tags.with_any(["x"])) == set(others)
        removed = [r.space for r in tx.audit.since(word=Word.SPACE_TAG_REMOVE)]
    assert set(removed) == {its["created"], its["direct"]}


def test_a_reserved_tag_is_not_given_in_bulk_either(house: House) -> None:
    its = company(house)
    actor = Actor(name=ANA, person=person(house, ANA).key)
    with house.store.begin() as tx:
        tx.vocabulary.reserve(tx.tags.ensure(["x", "pii"]).values(), on=True)
        tx.commit()
    with pytest.raises(Refusal, match="compliance alone"):
        tag_many(house, actor, list(its.values()), ["pii"], by_compliance=False)
    came = untag_many(house, actor, [its["leads"]], ["x"], by_compliance=False)
    assert isinstance(came[its["leads"]], Refusal)
    assert tag_many(house, actor, [its["leads"]], ["pii"], by_compliance=True) == {
        its["leads"]: ("pii",)
    }
