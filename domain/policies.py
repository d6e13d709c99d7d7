"""Policies as values: a condition, a period, a clock, an end, and how people are warned.

A policy is a name with versions; a version never changes. Nothing here has a destructive
default: without a period a version means keep, without a cap it may do nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from domain.calendars import Own
from domain.ids import PersonKey, PolicyKey, PolicyVersionKey


class PolicyState(StrEnum):
    SIMULATION = "simulation"
    """Born here: it plans and shows, and touches nothing."""
    ACTIVE = "active"
    PAUSED = "paused"
    RETIRED = "retired"


class PolicyStage(StrEnum):
    """How far a version has come, as people are told it; `PolicyState` is what it may do."""

    DRAFT = "draft"
    """Written; nobody has looked yet whom it would hit."""
    SIMULATING = "simulating"
    APPROVED = "approved"
    """A second person agreed to it; it cools off, and touches nothing until then."""
    ACTIVE = "active"
    PAUSED = "paused"
    RETIRED = "retired"


class Basis(StrEnum):
    """The moment that a period counts from."""

    ACTIVITY = "last activity"
    CREATED = "creation"
    TAGGED = "tag"
    """When a tag was put on the space, last: one that was taken off and given again counts anew."""
    END_DATE = "end date"
    """The day that the space's own people planned for its end."""
    DAY = "day"
    """A day that the policy itself names, the same for all spaces."""
    MESSAGES = "each message"
    """Its own age: of a purge, and of a floor that lets old messages go."""


class Ending(StrEnum):
    """What happens at the end, from least to most destructive (`order`)."""

    KEEP = "keep"
    NOTIFY = "notify"
    OUTSIDERS = "remove outsiders"
    BLOCK = "block"
    PURGE = "purge messages"
    """Messages older than the period go, night after night; the space goes on."""
    DELETE = "delete"

    @property
    def order(self) -> int:
        return list(Ending).index(self)


@dataclass(frozen=True, slots=True)
class Counting:
    """What a period counts from. `of` is the tag's name or the day (ISO), and else empty; a tag
    without a name is the one that the condition names.
    """

    basis: Basis = Basis.ACTIVITY
    of: str = ""

    @property
    def written(self) -> str:
        """As it is typed behind `from`, and as a file says it."""
        match self.basis:
            case Basis.TAGGED:
                return f"tag:{self.of}" if self.of else "tag"
            case Basis.DAY:
                return self.of
            case basis:
                return FROM_WORDS[basis]

    @property
    def said(self) -> str:
        """Words that fit after "90 days after"."""
        match self.basis:
            case Basis.TAGGED:
                return f"the tag “{self.of}” was put on"
            case Basis.DAY:
                return self.of
            case basis:
                return f"the {_SAID_OF[basis]}"

    @property
    def day(self) -> datetime | None:
        """The moment at which a named day is over everywhere on earth, so that nothing is due
        early anywhere. None: it names no day."""
        try:
            named = date.fromisoformat(self.of) if self.basis is Basis.DAY else None
        except ValueError:
            return None
        if named is None:
            return None
        return datetime.combine(named, time(), UTC) + timedelta(days=1, hours=12)


FROM_WORDS = {
    Basis.ACTIVITY: "activity", Basis.CREATED: "creation", Basis.END_DATE: "end date",
    Basis.MESSAGES: "messages",
}  # fmt: skip
_SAID_OF = {
    Basis.ACTIVITY: "last activity", Basis.CREATED: "creation", Basis.END_DATE: "space's end date",
    Basis.MESSAGES: "message was written",
}  # fmt: skip
_BARE = {word: basis for basis, word in FROM_WORDS.items()} | {"tag": Basis.TAGGED}


def read_counting(text: str) -> Counting:
    """What was typed behind `from`. Raises ValueError: it is none of it."""
    said = " ".join(text.casefold().split()).removeprefix("their ").removeprefix("last ")
    if said in _BARE:
        return Counting(_BARE[said])
    if said.startswith("tag:") and said.removeprefix("tag:").strip():
        return Counting(Basis.TAGGED, said.removeprefix("tag:").strip())
    try:
        named = date.fromisoformat(said)
    except ValueError:
        raise ValueError(
            "A period counts from: activity, creation, tag:finance, end date, or a day such as"
            " 2027-03-31; a purge, and a floor that lets old messages go, from: messages."
        ) from None
    return Counting(Basis.DAY, named.isoformat())


ENDS_SPACES = frozenset({Ending.BLOCK, Ending.DELETE})
"""What stops people from working in a space; the others leave it as it is."""
TAKES_AWAY = ENDS_SPACES | {Ending.OUTSIDERS, Ending.PURGE}
"""What needs notices and a cap."""
NOTICES = (30, 14, 7, 1)
"""Days before the due date on which the owners are told, unless the policy says otherwise."""
GRACE = timedelta(days=14)
"""How long a space stays blocked before it is deleted."""
PRIORITY = 100
"""Of a policy that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """What a policy says, as of one version.

    Args:
        query: the condition in the search's own language; ``all`` is spelled out.
        basis_of: the tag or the day that the period counts from, where it is one (`Counting`).
        period: counted from `basis`; None means keep.
        is_floor: nothing may go before the period is over, whatever else is said.
        includes_direct: direct conversations are left alone unless this is set.
        needs_export: of a deletion: nothing goes before all of it was written out.
        cap: how many spaces a run may end; None or less than one allows none.
        hours, freeze: when it may take anything away, as written (`calendars.Own`); they narrow
            the company's. Empty: nothing of its own.
        profile: the name under which its warnings were written; the days stand by themselves, so
            that whatever becomes of the name changes nothing of what is under way.
    """

    key: PolicyVersionKey
    policy: PolicyKey
    name: str
    number: int
    state: PolicyState
    priority: int
    query: str
    ending: Ending
    period: timedelta | None
    basis: Basis = Basis.ACTIVITY
    is_floor: bool = False
    includes_direct: bool = False
    notices: tuple[int, ...] = NOTICES
    grace: timedelta = GRACE
    cap: int | None = None
    author: str = ""
    author_key: PersonKey | None = None
    made_at: datetime | None = None
    approved_by: str = ""
    """Empty until a second person approved this very version, and again once that expired."""
    effective_at: datetime | None = None
    basis_of: str = ""
    needs_export: bool = False
    hours: str = ""
    freeze: str = ""
    profile: str = ""
    is_simulated: bool = False
    """Somebody has looked whom this very version would hit."""

    @property
    def own(self) -> Own:
        return Own(hours=self.hours, freeze=self.freeze)

    @property
    def counting(self) -> Counting:
        return Counting(self.basis, self.basis_of)

    @property
    def stage(self) -> PolicyStage:
        if self.state is not PolicyState.SIMULATION:
            return PolicyStage(self.state.value)
        if self.approved_by:
            return PolicyStage.APPROVED
        return PolicyStage.SIMULATING if self.is_simulated else PolicyStage.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDraft:
    """What a new version is to say, before it has a name and a number. See `PolicyVersion`.

    `priority` belongs to the policy and is read only when the policy is new.
    """

    query: str
    ending: Ending
    period: timedelta | None
    basis: Basis = Basis.ACTIVITY
    is_floor: bool = False
    includes_direct: bool = False
    notices: tuple[int, ...] = NOTICES
    grace: timedelta = GRACE
    cap: int | None = None
    priority: int = PRIORITY
    basis_of: str = ""
    needs_export: bool = False
    hours: str = ""
    freeze: str = ""
    profile: str = field(default="", compare=False)
    """What the days are called is no part of what it says."""

    @property
    def counting(self) -> Counting:
        return Counting(self.basis, self.basis_of)


def draft_of(version: PolicyVersion) -> PolicyDraft:
    """What a version says, as a draft for the next one."""
    return PolicyDraft(
        query=version.query, ending=version.ending, period=version.period, basis=version.basis,
        basis_of=version.basis_of, is_floor=version.is_floor,
        includes_direct=version.includes_direct, needs_export=version.needs_export,
        notices=version.notices, grace=version.grace,
        cap=version.cap, priority=version.priority, hours=version.hours, freeze=version.freeze,
        profile=version.profile,
    )  # fmt: skip


def parts_of(draft: PolicyDraft) -> dict[str, str]:
    """What a draft says, part by part, as it is written in words and files."""
    return {
        "condition": draft.query,
        "action": str(draft.ending),
        "after": f"{draft.period.days}d" if draft.period else "–",
        "from": draft.counting.written,
        "cap": "none" if draft.cap is None else f"{draft.cap:,}",
        "warn": " ".join(map(str, draft.notices)),
        "grace": f"{draft.grace.days}d",
        "hours": draft.hours or "always",
        "freeze": draft.freeze or "none",
        "priority": str(draft.priority),
        "floor": "yes" if draft.is_floor else "no",
        "direct": "yes" if draft.includes_direct else "no",
        "export": "yes" if draft.needs_export else "no",
    }


def changes_between(old: PolicyDraft, new: PolicyDraft) -> tuple[tuple[str, str, str], ...]:
    """(part, what it said, what it says) of each part that differs."""
    was, now = parts_of(old), parts_of(new)
    return tuple((part, was[part], now[part]) for part in was if was[part] != now[part])


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyStanding:
    """Where a policy stands as a whole, whatever its versions say.

    Args:
        state_by: who brought it into its state; None where that is not a known person.
        asked_for: a loosening that one person asked for and a second one has to confirm.
    """

    key: PolicyKey
    name: str
    state: PolicyState
    state_by: PersonKey | None = None
    asked_for: str = ""
    asked_by: PersonKey | None = None
    asked_at: datetime | None = None


class Ruling(StrEnum):
    """What the decision says about one space."""

    UNTOUCHABLE = "untouchable"
    UNKNOWN = "unknown"
    HELD = "held"
    KEEP = "keep"
    NO_POLICY = "no policy"
    DATED = "dated"
    """There is a due date; it may lie ahead or be past."""
