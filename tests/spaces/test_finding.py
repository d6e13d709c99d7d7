"""Finding: pages and totals on both databases; from fields to a query; what was perhaps meant."""

from __future__ import annotations

import pytest

from directory.spec import NoDirectory
from domain.ids import PersonKey
from query.faults import QueryFault
from query.language import parse
from query.registry import all_conditions
from query.spec import Condition
from spaces import finding
from spaces.finding import corrections, find_spaces, tidy, write_query
from spaces.spec import House, Limits
from storage.store import Store
from tests.tenants import Tenant, ago
from webex.sdk import SdkWebex


@pytest.fixture
def house(store: Store, webex: SdkWebex) -> House:
    return House(
        store=store, webex=webex, clock=store._clock, directory=NoDirectory(), limits=Limits()
    )


def fill(house: House, count: int, **facts: object) -> None:
    with house.store.begin() as tx:
        tenant = Tenant(tx)
        for n in range(count):
            tenant.space(title=f"Plan {n:02}", last_activity=ago(n), **facts)
        tx.commit()


def test_pages_follow_each_other_and_behind_the_last_one_is_the_last(house: House) -> None:
    fill(house, 23)
    pages = [find_spaces(house, "plan", visible_to=None, page=n) for n in (1, 2, 3, 4, 10**9)]
    assert [p.number for p in pages] == [1, 2, 3, 3, 3]
    assert [len(p.rows) for p in pages] == [10, 10, 3, 3, 3]
    titles = [row.title for page in pages[:3] for row in page.rows]
    assert titles == [f"Plan {n:02}" for n in range(23)]
    assert {p.total for p in pages} == {23}


def test_where_there_are_more_than_the_bound_no_page_lies_behind_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "BOUND", 20)
    monkeypatch.setattr("query.search.BOUND", 20)
    fill(house, 23)
    page = find_spaces(house, "plan", visible_to=None, page=7)
    assert (page.number, page.total, page.total_is_bound) == (2, 20, True)


def test_nothing_of_what_one_may_not_see_is_counted(house: House) -> None:
    with house.store.begin() as tx:
        tenant = Tenant(tx)
        tenant.space(title="Plan", members=("ana@ours.example",))
        tenant.space(title="Plan")
        ana = PersonKey(tenant.person("ana@ours.example"))
        tx.commit()
    assert find_spaces(house, "plan", visible_to=ana).total == 1
    assert find_spaces(house, "plan", visible_to=None).total == 2


def test_fields_and_words_must_all_hold() -> None:
    said = write_query("plans or lunch", {"tag": "finance, pii", "scope": "any", "size": ""})
    assert parse(said) == parse("(plans or lunch) tag:finance,pii")
    assert write_query("", {}) == ""
    assert write_query("", {"scope": "external"}) == "scope:external"


@pytest.mark.parametrize("condition", all_conditions(), ids=lambda one: one.name)
def test_each_condition_can_be_asked_by_its_field(condition: Condition) -> None:
    value = condition.example.partition(":")[2]
    said = write_query("", {condition.name: value})
    assert parse(said) == parse(condition.example)
    assert condition.field.name == condition.name
    assert condition.field.label


def test_a_field_that_can_not_be_read_is_told_by_its_name() -> None:
    with pytest.raises(QueryFault, match="Scope: A scope is"):
        write_query("", {"scope": "elsewhere"})


def test_fields_can_not_say_more_than_a_query_may() -> None:
    with pytest.raises(QueryFault, match="at most 200 characters"):
        write_query("", {"tag": ",".join(f"tag{n}" for n in range(60))})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tag: finance", "tag:finance"),
        ("(TAG:  a or scope: external)", "(TAG:a or scope:external)"),
        ('"tag: finance"', '"tag: finance"'),
        ("note: finance", "note: finance"),
        ("tag:", "tag:"),
        ('title: "q3 plans" x', 'title:"q3 plans" x'),
    ],
)
def test_a_space_behind_the_colon_is_forgiven(typed: str, meant: str) -> None:
    assert tidy(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("plans tga:finance x", ("plans tag:finance x",)),
        ("size>10", ("size:>10",)),
        ("tag:", ("tag:finance",)),
        ('scop:"external"', ('scope:"external"',)),
        ("zzzz:x", ()),
        ("a or", ()),
    ],
)
def test_what_was_perhaps_meant_is_a_whole_query_that_can_be_read(
    typed: str, meant: tuple[str, ...]
) -> None:
    with pytest.raises(QueryFault) as no:
        parse(typed)
    found = corrections(no.value)
    assert found[:1] == meant[:1]
    for query in found:
        parse(query)


def test_a_correction_is_never_offered_that_could_not_be_read_either() -> None:
    with pytest.raises(QueryFault) as no:
        parse("tga:finance size:many")
    fault = no.value
    assert fault.suggestions
    assert corrections(fault) == ()
    assert corrections(replace_text(fault)) == ()


def replace_text(fault: QueryFault) -> QueryFault:
    return QueryFault(fault.reason, text="", column=0, suggestions=fault.suggestions)
