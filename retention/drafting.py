"""What a policy may say, checked before anybody can simulate it. Touches no database.

The principle (UniSuper, Cloud Custodian issue 6106): nothing is filled in that destroys. A
period, a condition or a cap that was left blank is asked for, or means "nothing is done";
it never means now, all or without a limit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from domain.cadences import MOST_DAYS, too_little
from domain.calendars import Own, write_freezes, write_hours
from domain.errors import Refusal
from domain.hours import read_freezes
from domain.policies import (
    TAKES_AWAY,
    Basis,
    Counting,
    Ending,
    PolicyDraft,
    PolicyState,
    PolicyVersion,
)
from domain.spans import LONGEST
from domain.tags import UNTAGGED, fold_tag
from query import tree
from query.faults import QueryFault
from query.language import Query, parse
from query.spec import Criterion

MOST_NAME = 60
DAY = timedelta(days=1)
PRIORITIES = (1, 1000)
MOST_CAP = 1_000_000
MOST_NAMED_TAGS = 3

LIKE_LATIN = frozenset({"CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN", "COPTIC"})

_A_YEAR = tuple(date(2028, 1, 1) + timedelta(days=n) for n in range(366))
"""Every day that there is in a year."""

_NAME = re.compile(r"\w[\w .+&-]*")


def policy_name(text: str) -> str:
    """A name as it is kept: one that can't pass for another, or for something else.

    Raises:
        Refusal: it can't be a name.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not name:
        raise Refusal("A policy needs a name.", "Such as: cleanup.")
    if len(name) > MOST_NAME or not _NAME.fullmatch(name):
        raise Refusal(
            "That can't be the name of a policy.",
            f"Use letters, digits, spaces and - _ . + &, at most {MOST_NAME} of them.",
        )
    alphabets = {unicodedata.name(c, "?").split(" ", 1)[0] for c in name if c.isalpha()}
    looks_alike = "LATIN" in alphabets and alphabets & LIKE_LATIN
    if looks_alike or unicodedata.normalize("NFKC", name) != name:
        raise Refusal(
            "That name has letters that look like others.", "Use letters of one alphabet."
        )
    return name


def read_condition(text: str) -> Query:
    """The condition, which says something. Raises Refusal."""
    try:
        query = parse(text)
    except QueryFault as no:
        raise Refusal(f"I can't read the condition: {no}", "`help search` tells all words.") from no
    if query.is_empty:
        raise Refusal(
            "A policy needs a condition; an empty one matches nothing.",
            "Say which spaces, such as tag:finance; if you mean every space, write: all.",
        )
    if own := [one.condition.name for one in query.criteria if not one.condition.is_for_policies]:
        raise Refusal(
            f"“{own[0]}” can't stand in a policy: what policies bring about can't be their reason.",
            "It is for search alone. A hold, or a keep by hand, beats every policy anyway.",
        )
    return query


def check_draft(draft: PolicyDraft) -> PolicyDraft:
    """The draft with its condition in canonical words. Raises Refusal."""
    query = read_condition(draft.query)
    draft = _of_messages(draft)
    _check_period(draft)
    if draft.ending in TAKES_AWAY:
        _check_notices(draft)
    if draft.ending is Ending.NOTIFY and not any(1 <= day <= MOST_DAYS for day in draft.notices):
        raise Refusal(
            "Who is to be told needs a day on which they are.", "Say it like: warn 30 or warn 14 1."
        )
    # The last warning is a day before at the latest, and the grace is a day at the least: so
    # between the last warning and a deletion there are two days (I2).
    if draft.ending is Ending.DELETE and not DAY <= draft.grace <= MOST_DAYS * DAY:
        raise Refusal(
            f"A space stays blocked for 1 to {MOST_DAYS} days before it is deleted.",
            "Say it like: grace 14d.",
        )
    if draft.needs_export and draft.ending is not Ending.DELETE:
        raise Refusal(
            f"Only what is deleted is exported before, and it says: {draft.ending}.",
            "Leave `export` out.",
        )
    if draft.cap is not None and not 1 <= draft.cap <= MOST_CAP:
        raise Refusal(
            f"A cap goes from 1 to {MOST_CAP:,}.",
            "Without one the policy may do nothing; that is how to say none.",
        )
    least, most = PRIORITIES
    if not least <= draft.priority <= most:
        raise Refusal(f"A priority goes from {least} to {most:,}.", "The lowest number decides.")
    counting, own = _counting(draft, query), own_hours(draft)
    return replace(
        draft, query=query.text, basis=counting.basis, basis_of=counting.of, hours=own.hours,
        freeze=own.freeze, notices=tuple(sorted(set(draft.notices), reverse=True)),
    )  # fmt: skip


def own_hours(draft: PolicyDraft) -> Own:
    """Its hours and freeze days as they are kept. They narrow the company's, so they may be any,
    but for those that never come. Raises Refusal."""
    try:
        own = Own(hours=write_hours(draft.hours), freeze=write_freezes(draft.freeze))
    except ValueError as no:
        raise Refusal(
            f"I can't read when the policy may act: {no}.",
            "Say it like: hours mon-fri 09:00-17:00 Europe/Berlin freeze 2026-12-24..2027-01-02,"
            " 05-01. `hours always` and `freeze none` take them away.",
        ) from no
    if own and draft.ending not in TAKES_AWAY:
        raise Refusal(
            f"Only what takes something away has hours of its own, and it says: {draft.ending}.",
            "Leave `hours` and `freeze` out.",
        )
    if any(all(one.has(day) for day in _A_YEAR) for one in read_freezes(own.freeze)):
        raise Refusal("It would be frozen the whole year round.", "Pause it: `policy pause`.")
    return own


def _counting(draft: PolicyDraft, query: Query) -> Counting:
    """What its period counts from, with the tag's name. A tag has to be one that every space
    has which the condition means: of any other space it would never be known when it is due."""
    if draft.basis is not Basis.TAGGED:
        if draft.basis is Basis.DAY and draft.counting.day is None:
            raise Refusal("Which day does it count from?", "Say it like: from 2027-03-31.")
        return Counting(draft.basis, draft.basis_of if draft.basis is Basis.DAY else "")
    named = certain_tags(query.tree)
    wanted = fold_tag(draft.basis_of)
    if not wanted and len(named) == 1:
        return Counting(Basis.TAGGED, next(iter(named)))
    if wanted not in named:
        some = ", ".join(f"tag:{name}" for name in sorted(named)[:MOST_NAMED_TAGS])
        raise Refusal(
            f"It can't count from the tag “{wanted}”, since not all of its spaces have to have it."
            if wanted
            else "Which tag does it count from? Its spaces don't all have the same one."
            if not named
            else "Its spaces have several tags; which one does it count from?",
            f"Say one of them: from {some}." if some
            else f"Ask for the tag in the condition, too: tag:{wanted or 'finance'}.",
        )  # fmt: skip
    return Counting(Basis.TAGGED, wanted)


def certain_tags(node: tree.Node) -> frozenset[str]:
    """Tags that every space has which the condition matches for certain."""
    match node:
        case tree.And(parts):
            return frozenset().union(*map(certain_tags, parts))
        case tree.Or(parts):
            return frozenset.intersection(*map(certain_tags, parts))
        case Criterion(value=tuple(names)) if node.condition.name == "tag" and len(names) == 1:
            return frozenset(map(str, names)) - {UNTAGGED}
        case _:
            return frozenset()


def _of_messages(draft: PolicyDraft) -> PolicyDraft:
    """A purge counts from each message, and so may a floor. Raises Refusal."""
    if draft.ending is Ending.PURGE:
        if draft.basis not in (Basis.ACTIVITY, Basis.MESSAGES):
            raise Refusal(
                f"A purge counts from each message, not from {draft.counting.written}.",
                "Leave `from` out.",
            )
        return replace(draft, basis=Basis.MESSAGES)
    if draft.basis is Basis.MESSAGES and not draft.is_floor:
        raise Refusal(
            "Only a purge, and a floor, can count from each message.",
            "Count from activity or creation, or write: then purge messages.",
        )
    return draft


def _check_period(draft: PolicyDraft) -> None:
    if draft.ending is Ending.KEEP:
        if draft.period is not None and not draft.is_floor:
            raise Refusal(
                "A keep has no end, so it has no period.",
                "Add `floor` if nothing may go before the period is over, or leave it out.",
            )
    elif draft.period is None:
        raise Refusal(
            f"When does it {draft.ending}? Without a period nothing would ever happen.",
            f"Say it like: then {draft.ending} after 90d.",
        )
    if draft.period is not None and not DAY <= draft.period <= LONGEST:
        raise Refusal("A period goes from a day to 100 years.", "Write it like 90d, 6m or 2y.")


def _check_notices(draft: PolicyDraft) -> None:
    if why := too_little(draft.notices):
        raise Refusal(why, "Say it like: warn 30 14 7 1.")


def check_change(new: PolicyDraft, holding: PolicyVersion | None) -> None:
    """What holds as a floor is made longer, never shorter (design.md, The decision, 4)."""
    if holding is None or not holding.is_floor:
        return
    is_shorter = new.period is not None and (holding.period is None or new.period < holding.period)
    is_for_others = new.query != holding.query or new.counting != holding.counting
    if not new.is_floor or is_shorter or is_for_others:
        raise Refusal(
            f"“{holding.name}” is a floor in force: it can be made longer, never shorter,"
            " nor for other spaces.",
            "For other spaces, write another policy.",
        )


def check_priority(draft: PolicyDraft, others: Iterable[PolicyVersion]) -> None:
    """Keeps decide first: a policy that ends something never comes before one that keeps (I8).

    Otherwise a later policy with a lower number would undo what somebody was promised. At the
    same number a keep wins. A floor that only keeps takes part at no number.

    Args:
        others: the newest and the holding versions of all other policies.
    """
    lived = [one for one in others if one.state is not PolicyState.RETIRED]
    if draft.ending is Ending.KEEP and draft.is_floor:
        return
    for other in lived:
        if other.ending is Ending.KEEP and other.is_floor:
            continue
        keeps, its = draft.ending is Ending.KEEP, other.ending is Ending.KEEP
        if its and not keeps and draft.priority < other.priority:
            raise Refusal(
                f"“{other.name}” keeps with priority {other.priority}, and nothing that ends"
                " spaces may decide before it.",
                f"Use priority {other.priority} or a higher number.",
            )
        if keeps and not its and draft.priority > other.priority:
            raise Refusal(
                f"“{other.name}” (priority {other.priority}) would decide before it, so it"
                " would not keep what it says.",
                f"Use priority {other.priority} or a lower number.",
            )
