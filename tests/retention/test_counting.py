"""What a period counts from: a tag, an end date, a day; and what is not known leads to nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.errors import Refusal
from domain.ids import SpaceKey
from domain.people import Actor
from domain.policies import Basis, Counting, Ending, PolicyDraft, Ruling, draft_of, read_counting
from query.spec import Moments
from retention.decision import decide, explain
from retention.drafting import check_change, check_draft
from spaces.spec import House
from spaces.tagging import tag_space, untag_space
from storage.schema import space_tag
from tests.retention.officers import DAY, Watch, in_force
from tests.tenants import NOW, Tenant, ago


def draft(query: str, written: str, **parts: Any) -> PolicyDraft:
    counting = read_counting(written)
    said: dict[str, Any] = {"ending": Ending.DELETE, "period": 30 * DAY, "cap": 50}
    return PolicyDraft(query=query, basis=counting.basis, basis_of=counting.of, **(said | parts))


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("activity", "activity"), ("their last activity", "activity"), ("creation", "creation"),
        ("tag", "tag"), ("tag:Finance", "tag:finance"), ("end date", "end date"),
        ("End  Date", "end date"), ("2027-03-31", "2027-03-31"),
    ],
)  # fmt: skip
def test_what_is_typed_is_read_and_written_back(typed: str, understood: str) -> None:
    assert read_counting(typed).written == understood
    assert read_counting(read_counting(typed).written) == read_counting(typed)


@pytest.mark.parametrize("typed", ["", "tag:", "now", "31.03.2027", "2027-02-30", "x" * 500, "0"])
def test_what_says_no_moment_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="counts from: activity"):
        read_counting(typed)


def test_a_bare_tag_is_the_one_that_the_condition_names() -> None:
    made = check_draft(draft("tag:Finance inactive:>90d", "tag"))
    assert made.counting == Counting(Basis.TAGGED, "finance")
    same = check_draft(draft("(tag:x tag:a) or (tag:x size:>3)", "tag"))
    assert same.counting.of == "x"


@pytest.mark.parametrize(
    ("query", "written", "match"),
    [
        ("tag:a tag:b", "tag", "several tags; which one"),
        ("tag:a,b", "tag", "don't all have the same"),
        ("tag:a or tag:b", "tag", "don't all have the same"),
        ("-tag:a", "tag", "don't all have the same"), ("all", "tag", "don't all have the same"),
        ("tag:none", "tag", "don't all have the same"),
        ("tag:a", "tag:b", "can't count from the tag “b”"),
        ("tag:a or size:>3", "tag:a", "not all of its spaces"),
    ],
)  # fmt: skip
def test_a_tag_that_not_every_space_has_is_refused(query: str, written: str, match: str) -> None:
    with pytest.raises(Refusal, match=match):
        check_draft(draft(query, written))


def test_of_several_tags_one_is_said_by_name() -> None:
    assert check_draft(draft("tag:a tag:b", "tag:b")).counting.written == "tag:b"


def test_a_policy_without_its_day_is_refused() -> None:
    with pytest.raises(Refusal, match="Which day"):
        check_draft(PolicyDraft(query="all", ending=Ending.NOTIFY, period=DAY, basis=Basis.DAY))


def test_a_day_is_over_when_it_is_over_everywhere() -> None:
    assert Counting(Basis.DAY, "2027-03-31").day == datetime(2027, 4, 1, 12, tzinfo=UTC)
    assert Counting(Basis.DAY, "nonsense").day is None


def ruled(house: House, key: int) -> tuple[Ruling, datetime | None]:
    with house.store.begin() as tx:
        holding = tx.policies.holding()
        decide(tx, holding, Moments(now=tx.now), generation=1)
        found = explain(tx, SpaceKey(key), holding, Moments(now=tx.now))
        candidates = {
            one.space: one
            for version in holding
            for one in tx.cases.candidates(version.key, version.counting, until=ago(-5000))
        }
    if found.ruling is Ruling.DATED:
        assert candidates[SpaceKey(key)].due == found.due
        assert found.due is not None
        assert candidates[SpaceKey(key)].basis_at == found.due - 30 * DAY
    else:
        assert SpaceKey(key) not in candidates
    return found.ruling, found.due


def test_it_counts_from_when_the_tag_was_put_on_and_anew_when_it_is_given_again(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora, draft("tag:finance", "tag:finance"))
    with house.store.begin() as tx:
        tx.connection.execute(space_tag.update().values(at=ago(20)))
        tx.commit()
    assert ruled(house, 1) == (Ruling.DATED, ago(-10))
    with house.store.read() as tx:
        space = tx.spaces.by_key(SpaceKey(1))
    untag_space(house, cleo, space, ["finance"])
    assert ruled(house, 1) == (Ruling.NO_POLICY, None)
    watch.at += 3 * DAY
    tag_space(house, cleo, space, ["finance"])
    assert ruled(house, 1) == (Ruling.DATED, watch.at + 30 * DAY)


def test_without_an_end_date_it_is_not_known_and_with_one_it_counts_from_there(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora, draft("tag:finance", "end date"))
    assert ruled(house, 1) == (Ruling.UNKNOWN, None)
    with house.store.begin() as tx:
        tx.ends.put(SpaceKey(1), NOW + 10 * DAY, None)
        tx.commit()
    assert ruled(house, 1) == (Ruling.DATED, NOW + 40 * DAY)
    assert ruled(house, 2) == (Ruling.UNKNOWN, None)


def test_a_day_is_the_same_for_all(house: House, watch: Watch, cleo: Actor, dora: Actor) -> None:
    made = in_force(house, watch, cleo, dora, draft("tag:finance", "2027-03-31"))
    day = datetime(2027, 4, 1, 12, tzinfo=UTC)
    assert {ruled(house, key) for key in (1, 2, 3)} == {(Ruling.DATED, day + 30 * DAY)}
    with house.store.read() as tx:
        said = explain(tx, SpaceKey(1), [made], Moments(now=tx.now)).lines[4].sentence
    assert "delete 1 month after 2027-03-31: on 2027-05-01" in said


def test_a_floor_that_counts_from_what_is_not_known_stops_everything(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora, draft("all", "creation", period=DAY))
    with house.store.begin() as tx:
        Tenant(tx)
        tx.connection.exec_driver_sql("UPDATE space SET created = 0")
        tx.commit()
    floor = draft("tag:finance", "end date", ending=Ending.KEEP, is_floor=True, cap=None)
    in_force(house, watch, cleo, dora, floor, name="books")
    with house.store.begin() as tx:
        holding = tx.policies.holding()
        decide(tx, holding, Moments(now=tx.now), generation=1)
        assert explain(tx, SpaceKey(1), holding, Moments(now=tx.now)).ruling is Ruling.UNKNOWN
        assert explain(tx, SpaceKey(4), holding, Moments(now=tx.now)).ruling is Ruling.DATED


def test_a_floor_in_force_counts_from_the_same_moment_for_ever(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    floor = draft("tag:finance", "creation", ending=Ending.KEEP, is_floor=True, cap=None)
    made = in_force(house, watch, cleo, dora, floor)
    for written in ("tag:finance", "end date", "activity", "2027-03-31"):
        counting = read_counting(written)
        new = replace(draft_of(made), basis=counting.basis, basis_of=counting.of)
        with pytest.raises(Refusal, match="never shorter"):
            check_change(new, made)
