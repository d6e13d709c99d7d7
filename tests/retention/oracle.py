"""The decision for one space in plain Python, written from the words of design.md alone.

Slow and obvious on purpose, and apart: its conditions are functions beside the text that the
product reads (`LEAVES`), its policies are its own values, it knows no SQL, no sets and no
parser. `decide`, `would_hit`, `would_end` (sets) and `explain` (words) are held against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FOREVER = datetime.max.replace(tzinfo=UTC)
Told = bool | None
"""True, false, or not known."""


@dataclass(kw_only=True)
class Facts:
    """One space, as it is put into the tables."""

    type: int | None = 1
    scope: int | None = 0
    last_human: datetime | None = None
    last_activity: datetime | None = None
    known_until: datetime | None = None
    created: datetime | None = None
    size: int | None = None
    locked: bool | None = None
    is_ours: bool | None = True
    is_general: bool = False
    is_untouchable: bool = False
    state: int = 0
    members_known: bool = True
    groups_known: bool = True
    domains_known: bool = True
    classified: str | None = None
    team: str | None = None
    tags: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    moderators: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    manual: datetime | str | None = None  # "for ever"
    sooner: datetime | None = None  # two people agreed to it,
    sooner_by: int = 1  # beside this policy
    not_before: datetime | None = None
    tagged: datetime | None = None  # when it got its tags
    end_date: datetime | None = None
    purged: datetime | None = None  # nothing in it is from before
    is_held: bool = field(default=False)


@dataclass(frozen=True, kw_only=True)
class Holds:
    """What holds are on besides single spaces. `ends_at` is the end of all of them; `searches`
    are trees as in `Policy.when`."""

    persons: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    searches: tuple[Any, ...] = ()
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Policy:
    """`when` is a tree: a leaf's text, or ("not", t), ("and", t, …), ("or", t, …), or one of
    "all", "" (nothing), "unreadable". Older policies have lower numbers."""

    number: int
    when: Any
    ending: str
    days: int | None
    priority: int = 100
    basis: str = "last activity"
    basis_of: str = ""  # the tag, or the day
    is_floor: bool = False
    includes_direct: bool = False
    state: str = "active"


# -- what is known of a space -----------------------------------------------------------------


def used(facts: Facts) -> datetime | None:
    """The latest human message; where later activity is unexplained, that."""
    human, other = facts.last_human, facts.last_activity
    if human is None or other is None:
        return human or other
    explained = max(human, facts.known_until or human) + timedelta(minutes=1)
    return other if other > explained else human


def _older(moment: datetime | None, test: Callable[[timedelta], bool], now: datetime) -> Told:
    return None if moment is None else test(now - moment)


def _among(wanted: str, there: Sequence[str], is_complete: bool) -> Told:
    return True if wanted in there else False if is_complete else None


def _group(name: str, facts: Facts) -> Told:
    """`alpha` is known and fresh, at whichever moment is asked about; `stale` was read too long
    ago; `failed` could not be read; `twin` is two groups of one name; `unseen` nobody ever saw."""
    if name == "alpha":
        return _among("alpha", facts.groups, facts.groups_known)
    if name == "twin":
        inside = [one in facts.groups for one in ("twin one", "twin two")]
        if all(inside):
            return True
        return False if not any(inside) and facts.groups_known else None
    return None


def _equal(seen: object, wanted: object) -> Told:
    return None if seen is None else seen == wanted


def _day(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def _within(moment: datetime | None, since: datetime, before: datetime) -> Told:
    return None if moment is None else since <= moment < before


Leaf = Callable[[Facts, datetime], Told]
LEAVES: dict[str, Leaf] = {
    "tag:x": lambda f, now: "x" in f.tags,
    "tag:y": lambda f, now: "y" in f.tags,
    "tag:x,z": lambda f, now: "x" in f.tags or "z" in f.tags,
    "tag:none": lambda f, now: not f.tags,
    "scope:external": lambda f, now: _equal(f.scope, 1),
    "scope:internal": lambda f, now: _equal(f.scope, 0),
    "type:direct": lambda f, now: _equal(f.type, 2),
    "type:group": lambda f, now: _equal(f.type, 1),
    "locked:yes": lambda f, now: _equal(f.locked, True),
    "locked:no": lambda f, now: _equal(f.locked, False),
    "ours:yes": lambda f, now: _equal(f.is_ours, True),
    "classification:secret": lambda f, now: _equal(f.classified, "secret"),
    "classification:none": lambda f, now: _equal(f.classified, "none"),
    "classification:public,none": lambda f, now: (
        None if f.classified is None else f.classified in ("public", "none")
    ),
    "team:sales": lambda f, now: _equal(f.team, "sales"),
    "team:none": lambda f, now: _equal(f.team, "none"),
    "group:alpha": lambda f, now: _group("alpha", f),
    "group:stale": lambda f, now: _group("stale", f),
    "group:failed": lambda f, now: _group("failed", f),
    "group:unseen": lambda f, now: _group("unseen", f),
    "group:twin": lambda f, now: _group("twin", f),
    "group:alpha,failed": lambda f, now: (
        True if _group("alpha", f) else None
    ),
    "domain:acme.example": lambda f, now: _among("acme.example", f.domains, f.domains_known),
    "member:a@x.example": lambda f, now: _among(
        "a@x.example", (*f.members, *f.moderators), f.members_known
    ),
    "member:b": lambda f, now: _among("b@x.example", (*f.members, *f.moderators), f.members_known),
    "moderator:a@x.example": lambda f, now: _among("a@x.example", f.moderators, f.members_known),
    "moderator:none": lambda f, now: (
        False if f.moderators else True if f.members_known else None
    ),
    "size:>=3": lambda f, now: None if f.size is None else f.size >= 3,
    "size:2": lambda f, now: _equal(f.size, 2),
    "size:1..3": lambda f, now: None if f.size is None else 1 <= f.size <= 3,
    "inactive:>90d": lambda f, now: _older(used(f), lambda age: age > 90 * DAY, now),
    "inactive:90d": lambda f, now: _older(used(f), lambda age: age >= 90 * DAY, now),
    "inactive:<365d": lambda f, now: _older(used(f), lambda age: age < 365 * DAY, now),
    "inactive:30d..365d": lambda f, now: _older(
        used(f), lambda age: 30 * DAY <= age <= 365 * DAY, now
    ),
    "age:>365d": lambda f, now: _older(f.created, lambda age: age > 365 * DAY, now),
    "age:<=30d": lambda f, now: _older(f.created, lambda age: age <= 30 * DAY, now),
    "created:<2026-01-01": lambda f, now: (
        None if f.created is None else f.created < _day(2026, 1, 1)
    ),
    "created:2025": lambda f, now: _within(f.created, _day(2025, 1, 1), _day(2026, 1, 1)),
    "activity:2026-05..2026-08": lambda f, now: _within(
        used(f), _day(2026, 5, 1), _day(2026, 9, 1)
    ),
    "activity:>2026-10-25": lambda f, now: (
        None if (at := used(f)) is None else at >= _day(2026, 10, 26)
    ),
}  # fmt: skip
"""A condition as the product reads it, and what it means. `tests.retention.companies` says of
which groups it speaks."""


class Seen:
    """A space at a moment. What is not known may be settled by `settled`, leaf by leaf."""

    def __init__(
        self, facts: Facts, now: datetime = NOW, settled: Mapping[str, bool] | None = None
    ) -> None:
        self.facts, self.now, self.settled = facts, now, settled or {}
        self._said: dict[str, Told] = {}

    def leaf(self, text: str) -> Told:
        if text not in self._said:
            said = LEAVES[text](self.facts, self.now)
            self._said[text] = self.settled.get(text) if said is None else said
        return self._said[text]

    def holds(self, when: Any) -> Told:
        """Kleene's logic, from its tables."""
        if when == "all":
            return True
        if when == "":
            return False
        if when == "unreadable":
            return None
        if isinstance(when, str):
            return self.leaf(when)
        word, *parts = when
        told = [self.holds(part) for part in parts]
        if word == "not":
            return None if told[0] is None else not told[0]
        if word == "and":
            return False if False in told else None if None in told else True
        return True if True in told else None if None in told else False

    def basis(self, policy: Policy) -> datetime | None:
        """The moment that the period counts from; where there is none, it is not known."""
        if policy.ending == PURGE:
            return self.oldest()
        return self.moment(policy)

    def oldest(self) -> datetime | None:
        """The earliest moment that a message in it can be of."""
        born, purged = self.facts.created, self.facts.purged
        return born if born is None or purged is None else max(born, purged)

    def floor(self, policy: Policy, *, of_messages: bool) -> datetime | None:
        """A floor holds the space; where its messages are purged, it holds each of them, too."""
        if not of_messages:
            return self.moment(policy)
        if policy.basis == "each message":
            return self.oldest()
        own, oldest = self.moment(policy), self.oldest()
        return None if own is None or oldest is None else max(own, oldest)

    def moment(self, policy: Policy) -> datetime | None:
        """Of the space. Its youngest message is as old as its last use."""
        facts, of = self.facts, policy.basis_of
        match policy.basis:
            case "last activity" | "each message":
                return used(facts)
            case "creation":
                return facts.created
            case "end date":
                return facts.end_date
            case "tag":
                return (facts.tagged or NOW) if of in facts.tags else None
            case "day":  # over in the last time zone, too
                return datetime.fromisoformat(f"{of}T00:00:00+00:00") + 1.5 * DAY if of else None
        raise AssertionError(policy.basis)


def leaves(when: Any) -> Iterator[str]:
    if isinstance(when, str):
        if when in LEAVES:
            yield when
        return
    for part in when[1:]:
        yield from leaves(part)


# -- the decision ------------------------------------------------------------------------------

PURGE = "purge messages"
MILDEST_FIRST = ("keep", "notify", "remove outsiders", "block", PURGE, "delete")
Answer = tuple[str, datetime | None, int | None]
"""(ruling, due, number of the policy)."""


def has_no_end(policy: Policy) -> bool:
    return policy.days is None or policy.days <= 0


def keeps(policy: Policy) -> bool:
    return policy.ending == "keep" or has_no_end(policy)


def applies(seen: Seen, policy: Policy) -> Told:
    """Whether the automatic step falls under it: direct conversations by its own word only,
    unless all that it does is to keep."""
    told = seen.holds(policy.when)
    if policy.includes_direct or keeps(policy):
        return told
    is_group = _equal(seen.facts.type, 1)
    if told is False or is_group is False:
        return False
    return None if told is None or is_group is None else True


def guard(facts: Facts) -> str:
    if facts.state != 0 or facts.is_ours is False or facts.is_general or facts.is_untouchable:
        return "untouchable"
    return "not known" if facts.is_ours is None else "passed"


def hold(facts: Facts, holds: Holds, now: datetime, seen: Seen | None = None) -> str:
    """A search that may find the space holds it; one that has found it goes on to."""
    if holds.ends_at is not None and holds.ends_at <= now:
        return "none"
    seen = seen or Seen(facts, now)
    if is_reached(facts, holds) or any(seen.holds(one) is not False for one in holds.searches):
        return "held"
    return "not known" if holds.persons and not facts.members_known else "none"


def is_reached(facts: Facts, holds: Holds) -> bool:
    """By name, by people, by tags, or by what a search found when it was last asked."""
    were = {*facts.members, *facts.moderators, *facts.former}
    was_on = holds.ends_at is None or holds.ends_at > NOW
    found = facts.state == 0 and any(Seen(facts).holds(one) is True for one in holds.searches)
    by_name = facts.is_held or were & set(holds.persons) or set(facts.tags) & set(holds.tags)
    return bool(by_name) or (was_on and found)


def left_alone(facts: Facts, holds: Holds, now: datetime) -> datetime | None:
    """Until when, the longer of what was written down and a week after the holds' end; whatever
    they may have been on, too."""
    dates = [] if facts.not_before is None else [facts.not_before]
    if holds.ends_at is not None and holds.ends_at <= now < holds.ends_at + 7 * DAY:
        seen = Seen(facts, now)
        may_be = any(seen.holds(one) is not False for one in holds.searches)
        unsure = bool(holds.persons) and not facts.members_known
        if is_reached(facts, holds) or may_be or unsure:
            dates.append(holds.ends_at + 7 * DAY)
    return max(dates, default=None)


def brought_nearer(facts: Facts, winner: Policy, date: datetime) -> datetime:
    """Two people agreed that it is deleted sooner; whoever used the space after that day has
    undone it, and so may have whoever we don't know of."""
    last = used(facts)
    if facts.sooner is None or winner.ending != "delete" or last is None or last > facts.sooner:
        return date
    if winner.number != facts.sooner_by:
        return date
    return min(date, facts.sooner)


def floors(
    seen: Seen, policies: Sequence[Policy], *, of_messages: bool = False
) -> tuple[list[tuple[datetime, Policy]], list[datetime]]:
    """(those that are certain, the dates of those that may be), of the space or its messages."""
    certain, possible = [], []
    for one in policies:
        told = seen.holds(one.when) if one.is_floor else False
        if told is False:
            continue
        since = seen.floor(one, of_messages=of_messages)
        if one.days is None or one.days <= 0:
            date = FOREVER
        elif since is None:
            told, date = None, FOREVER
        else:
            date = since + one.days * DAY
        if told:
            certain.append((date, one))
        else:
            possible.append(date)
    return certain, possible


def rule(facts: Facts, policies: Sequence[Policy], holds: Holds, *, now: datetime = NOW,
         seen: Seen | None = None, alone: datetime | None = None) -> Answer:  # fmt: skip
    """`seen` and `alone`: the space as it may be, with the date until which it is left alone."""
    seen = seen or Seen(facts, now)
    # 1. The guard, 3. holds; 2. what is not known of either.
    if guard(facts) == "untouchable":
        return "untouchable", None, None
    if hold(facts, holds, now, seen) == "held":
        return "held", None, None
    if "not known" in (guard(facts), hold(facts, holds, now, seen)):
        return "unknown", None, None
    holding = [one for one in policies if one.state in ("active", "paused")]
    holding.sort(key=lambda one: (one.priority, one.number))

    # 4. Floors; 5. the keep by hand. Both are for ever, or a date that goes into the maximum.
    certain, possible = floors(seen, holding, of_messages=purges(seen, holding))
    for date, one in certain:
        if date == FOREVER:
            return "keep", None, one.number
    if facts.manual == "for ever":
        return "keep", None, None

    # 6. The automatic result.
    ruling, latest, winner = automatic(seen, holding)
    if winner is None or latest is None:
        return ruling, None, None
    if ruling == "keep":
        return "keep", None, winner.number
    # 7. Not before; and the latest of all dates.
    dates = [brought_nearer(facts, winner, latest), *(date for date, _ in certain)]
    alone = alone or left_alone(facts, holds, now)
    dates += [one for one in (facts.manual, alone) if isinstance(one, datetime)]
    due = max(dates)
    if any(date > due for date in possible):
        return "unknown", None, None
    return "dated", due, winner.number


def automatic(seen: Seen, holding: Sequence[Policy]) -> tuple[str, datetime | None, Policy | None]:
    """What the policies say by themselves: the ruling, and by which of them, at which date."""
    doubted: list[Policy] = []
    for priority in sorted({one.priority for one in holding}):
        mine = [
            one for one in holding
            if one.priority == priority and not (one.is_floor and one.ending == "keep")
        ]  # fmt: skip
        ends_above = [one for one in doubted if not keeps(one)]
        matching: list[tuple[datetime, Policy]] = []
        for one in mine:
            told, since = applies(seen, one), seen.basis(one)
            if told and keeps(one):
                matching.append((FOREVER, one))
            elif told and since is not None and one.days is not None:
                matching.append((since + one.days * DAY, one))
            elif told is not False:
                doubted.append(one)
        if not matching:
            continue
        latest = max(date for date, _ in matching)
        winner = min(
            (one for date, one in matching if date == latest),
            key=lambda one: (MILDEST_FIRST.index(one.ending), one.number),
        )
        if latest == FOREVER:
            # A keep is certain whatever else may keep; what might end it goes before.
            return ("unknown", None, None) if ends_above else ("keep", latest, winner)
        return ("unknown", None, None) if doubted else ("dated", latest, winner)
    return ("unknown" if doubted else "no policy"), None, None


def purges(seen: Seen, holding: Sequence[Policy]) -> bool:
    """Whether it is about the messages in the space."""
    winner = automatic(seen, holding)[2]
    return winner is not None and winner.ending == PURGE


# -- what must hold however the unknown turns out ------------------------------------------------


def worlds(facts: Facts, policies: Sequence[Policy], *, most: int = 64) -> Iterator[Seen]:
    """The space as it may really be: each unknown answer both ways, each unknown date old and
    new, each unknown kind either. Nothing where there are too many ways."""
    plain = Seen(facts)
    asked = dict.fromkeys(text for one in policies for text in leaves(one.when))
    open_ = [text for text in asked if plain.leaf(text) is None]
    kinds = (1, 2) if facts.type is None else (facts.type,)
    births = (NOW - 2000 * DAY, NOW) if facts.created is None else (facts.created,)
    ways = (NOW - 1500 * DAY, NOW)
    talks = ways if used(facts) is None else (None,)
    if 2 ** len(open_) * len(kinds) * len(births) * len(talks) > most:
        return
    for kind, born, talked in product(kinds, births, talks):
        known = replace(facts, type=kind, created=born)
        if talked is not None:  # that a use is not known of undoes a “sooner”
            known = replace(known, last_human=talked, sooner=None)
        for answers in product((True, False), repeat=len(open_)):
            yield Seen(known, settled=dict(zip(open_, answers, strict=True)))
