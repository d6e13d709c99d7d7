"""What policies mean by tags, and that nobody changes it behind their backs.

The principle (I18): whom a policy hits was agreed to by two people who saw the list. A word
that is renamed, merged, dropped or newly required must not move a single space into or out of
what a policy's condition says, neither one that ends spaces nor one that keeps them. So the
change is made, each criterion of every policy that holds (or is agreed to) is asked before and
after, and where one answers differently all of it is taken back: the policy is changed first,
under four eyes. Criteria are compared, not whole conditions: a space that is in use today may
be hit in ninety days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.errors import Refusal
from domain.policies import PolicyState, PolicyVersion
from query.answering import Answer, answers, differing
from query.faults import QueryFault
from query.language import parse
from query.spec import Criterion, Moments
from spaces.spec import House
from storage.store import UnitOfWork

MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What each criterion about tags says, and which policies ask it."""

    said: Mapping[str, Answer]
    asked_by: Mapping[str, tuple[PolicyVersion, ...]]


_LAYOUT = re.compile(r"\s+(?:sort by|columns|page)\s", re.IGNORECASE)
"""What begins the layout behind a saved search's query (`domain.finding`)."""


def read_meaning(tx: UnitOfWork) -> Meaning:
    """As things are in this transaction."""
    asked: dict[str, Criterion] = {}
    by: dict[str, tuple[PolicyVersion, ...]] = {}
    for version in _deciding(tx):
        for one in _about_tags(version.query):
            asked[one.key] = one
            by[one.key] = (*by.get(one.key, ()), version)
    said = answers(tx.connection, asked.values(), Moments(now=tx.now))
    return Meaning(said=said, asked_by=by)


def refuse_changed(tx: UnitOfWork, before: Meaning, *, instead: str) -> None:
    """Raises Refusal when a policy's condition says something else now than it did `before`.

    Args:
        instead: what to do first, one sentence.
    """
    now = answers(tx.connection, _criteria(before), Moments(now=tx.now))
    moved = {key: count for key, was in before.said.items() if (count := differing(was, now[key]))}
    if not moved:
        return
    policies = dict.fromkeys(
        f"“{version.name}”" for key in moved for version in before.asked_by[key]
    )
    names = list(policies)[:MOST_NAMED]
    more = f" and {len(policies) - MOST_NAMED} more" if len(policies) > MOST_NAMED else ""
    count = max(moved.values())
    spaces = "1 space" if count == 1 else f"{count:,} spaces"
    raise Refusal(
        f"The policy {', '.join(names)}{more} asks for {' and '.join(sorted(moved))}, and that"
        f" would say something else of {spaces}.",
        instead,
    )


def policies_naming(tx: UnitOfWork, names: Iterable[str]) -> tuple[PolicyVersion, ...]:
    """The newest versions of living policies whose condition names one of the words."""
    return tuple(
        one
        for one in tx.policies.all()
        if one.state is not PolicyState.RETIRED and names_tag(one.query, names)
    )


def say_policies(house: House, names: Iterable[str]) -> tuple[str, ...]:
    """Sentences on the policies that hold and whose condition names one of the words as a tag:
    what is tagged or untagged, they decide about anew."""
    with house.store.read() as tx:
        found = [one for one in tx.policies.holding() if names_tag(one.query, names)]
    return tuple(
        f"The policy “{one.name}” ({one.ending}) asks for it, and decides about them anew."
        for one in found[:MOST_NAMED]
    )


def others_naming(tx: UnitOfWork, names: Iterable[str]) -> tuple[str, ...]:
    """Watches and saved searches whose query names one of the words as a tag, each said."""
    wanted = tuple(names)
    found = tx.tag_changes.queries_with(wanted)
    return tuple(said for said, query in found if names_tag(_LAYOUT.split(query)[0], wanted))


def names_tag(query: str, names: Iterable[str]) -> bool:
    """Whether a query names one of the words as a tag."""
    other = dict.fromkeys(names, "")
    return any(
        one.condition.renamed is not None and one.condition.renamed(one.value, other) != one.value
        for one in _about_tags(query)
    )


def _criteria(meaning: Meaning) -> Sequence[Criterion]:
    found = {
        one.key: one
        for versions in meaning.asked_by.values()
        for version in versions
        for one in _about_tags(version.query)
    }
    return tuple(found[key] for key in meaning.said)


def _deciding(tx: UnitOfWork) -> tuple[PolicyVersion, ...]:
    """Versions that hold, paused ones too, and those that somebody has agreed to."""
    agreed = (one for one in tx.policies.simulated() if one.approved_by)
    return (*tx.policies.holding(), *agreed)


def _about_tags(query: str) -> tuple[Criterion, ...]:
    try:
        read = parse(query)
    except QueryFault:
        return ()  # it matches nothing as it is
    return tuple(one for one in read.criteria if one.condition.renamed is not None)
