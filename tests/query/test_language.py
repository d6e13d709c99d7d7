"""The language without a database: shape, faults, canonical text, sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query import registry, tree
from query.faults import QueryFault
from query.language import build, parse


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("tag:finance scope:external", "tag:finance scope:external"),
        ("tag:finance and scope:external", "tag:finance scope:external"),
        ("tag:b,a,b", "tag:a,b"),
        ("TAG:Finance OR Scope:EXTERNAL", "tag:finance or scope:external"),
        ("not tag:x", "-tag:x"),
        ("-(tag:x or tag:y)", "-(tag:x or tag:y)"),
        ("a (b or c)", "a (b or c)"),
        ("(a b) c", "a b c"),
        ("(a or b) or c", "a or b or c"),
        ("--tag:x", "tag:x"),
        ("“Q3 Plans”", '"q3 plans"'),
        ("title:plans", "plans"),
        ('title:a,"b c"', 'title:a,"b c"'),
        ('"and"', '"and"'),
        ("all", "all"),
        ("all -tag:x", "all -tag:x"),
        ("idle:>3m", "inactive:>90d"),
        ("inactive:90d", "inactive:90d"),
        ("inactive:>=90d", "inactive:90d"),
        ("size:≥10", "size:>=10"),
        ("size:=10", "size:10"),
        ("size:2..5", "size:2..5"),
        ("created:<2025-01-01", "created:<2025-01-01"),
        ("activity:2025-01..2025-06", "activity:2025-01..2025-06"),
        ('team:"The A Team"', 'team:"the a team"'),
        ("domain:@Acme.example", "domain:acme.example"),
        ("plans-2025", '"plans-2025"'),
        ("oracle android notes", "oracle android notes"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_query_has_one_canonical_text(typed: str, canonical: str) -> None:
    assert parse(typed).text == canonical
    assert parse(canonical).tree == parse(typed).tree


@pytest.mark.parametrize(
    ("typed", "column", "word", "suggestion"),
    [
        ("tag:x inactiv:>90d", 6, "no condition “inactiv”", "inactive:>90d"),
        ("inactive>90d", 0, "needs a colon", "inactive:>90d"),
        ("tag:", 0, "needs a value", "tag:finance"),
        ("inactive:90", 0, "not a span", ""),
        ("created:01/02/2027", 0, "not a date", ""),
        ("created:2025-13", 0, "not a date", ""),
        ("created:2026..2025", 0, "ends before it begins", ""),
        ("scope:sideways", 0, "“internal” or “external”", ""),
        ("tag:x or", 8, "missing at the end", ""),
        ("or tag:x", 0, "can't stand here", ""),
        ("(tag:x", 6, "bracket is not closed", ""),
        ("tag:x)", 5, "closes nothing", ""),
        ('a "b c', 2, "never closed", ""),
        ("q3 - plans", 3, "minus must touch", ""),
        ("10:30", 2, "quotes", ""),
        ("http://x", 0, "in quotes", ""),
        ('""', 0, "missing", ""),
    ],
)
def test_a_fault_says_what_where_and_what_may_be_meant(
    typed: str, column: int, word: str, suggestion: str
) -> None:
    with pytest.raises(QueryFault) as raised:
        parse(typed)
    fault = raised.value
    assert word in fault.reason
    assert fault.column == column
    assert fault.caret.splitlines()[1].index("^") == column
    assert suggestion in str(fault)


def test_a_query_is_bounded() -> None:
    with pytest.raises(QueryFault, match="at most 200 characters"):
        parse("x" * 201)
    with pytest.raises(QueryFault, match="at most 20 terms"):
        parse(" ".join("a" for _ in range(21)))
    assert len(parse(" ".join("a" for _ in range(20))).criteria) == 1


def test_an_empty_query_is_nothing_and_all_is_spelled_out() -> None:
    assert parse("").is_empty
    assert not parse("").says_all
    assert parse("all").says_all
    assert not parse('"all"').says_all
    assert parse("tag:x or -(all)").says_all


def test_distinct_criteria_are_asked_once() -> None:
    query = parse("tag:x or (tag:X scope:internal)")
    assert [one.key for one in query.criteria] == ["tag:x", "scope:internal"]


def test_a_query_is_said_as_people_say_it() -> None:
    assert parse("tag:finance scope:external inactive:>90d -classification:public").sentence == (
        "tagged “finance” and with members from outside and inactive for more than 90 days"
        " and not classified “public”"
    ).replace("90 days", "3 months")


@pytest.mark.parametrize("condition", registry.all_conditions(), ids=lambda one: one.name)
def test_every_condition_has_an_example_that_reads_back(condition: object) -> None:
    made = next(one for one in registry.all_conditions() if one is condition)
    query = parse(made.example)
    (criterion,) = query.criteria
    assert criterion.condition is made
    assert made.parse(made.write(criterion.value)) == criterion.value
    assert parse(criterion.key).tree == query.tree
    assert criterion.sentence
    for value, _label in made.choices:
        assert build(made, value).sentence


def test_the_thirteen_conditions_of_the_first_issue_are_there() -> None:
    names = {one.name for one in registry.all_conditions()}
    assert names >= {
        "title", "tag", "group", "scope", "domain", "type", "activity", "inactive",
        "classification", "created", "size", "member", "moderator", "team",
    }  # fmt: skip


LEAVES = [one.example for one in registry.all_conditions()] + ["all", "plans", '"two words"']


def trees(depth: int = 3) -> st.SearchStrategy[tree.Node]:
    leaf = st.sampled_from(LEAVES).map(lambda text: parse(text).tree)
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            inner.map(tree.negate),
            st.lists(inner, min_size=2, max_size=3).map(tree.both),
            st.lists(inner, min_size=2, max_size=3).map(tree.either),
        ),
        max_leaves=6,
    )


@given(trees())
def test_canonical_text_reads_back_to_the_same_tree(node: tree.Node) -> None:
    text = tree.write(node)
    if len(text) <= 200:
        assert parse(text).tree == node
        assert parse(text).text == text


def reads_or_faults(text: str) -> None:
    query, fault = None, None
    try:
        query = parse(text)
    except QueryFault as raised:
        fault = raised
    if query is None:
        assert fault is not None
        assert fault.reason
        assert 0 <= fault.column <= len(fault.text)
    else:
        assert parse(query.text).tree == query.tree


@given(st.text(max_size=220))
def test_any_text_is_a_query_or_a_fault(text: str) -> None:
    reads_or_faults(text)


@given(st.text(alphabet="ab:,\"()- <>=.or\u00df\u0130'“", max_size=30))
def test_any_text_of_the_languages_own_marks_is_a_query_or_a_fault(text: str) -> None:
    reads_or_faults(text)
