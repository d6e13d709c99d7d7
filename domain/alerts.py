"""What compliance is alerted to: the kinds, with what each means and what is to be done.

An alert is one kind about one subject. It is written down with its cause, in the same
transaction where there is one, and told afterwards; so that a channel that is down loses none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

from domain.ids import PersonKey, SpaceKey

AlertKey = NewType("AlertKey", int)


class AlertKind(StrEnum):
    """Each by the one word that people type for it."""

    APPROVAL = "approval"
    BRAKE = "brake"
    CAP = "cap"
    UNKNOWN = "unknown"
    INVENTORY = "inventory"
    DIRECTORY = "directory"
    CLASSIFICATION = "classification"
    FORBIDDEN = "forbidden"
    OWNERLESS = "ownerless"
    HOLD = "hold"
    REMINDER = "reminder"
    ATTENTION = "attention"
    SILENT = "silent"
    NIGHT = "night"
    ERASURE = "erasure"
    DELIVERY = "delivery"
    RECORD = "record"
    CLOCK = "clock"
    CHANNEL = "channel"


class Way(StrEnum):
    """How a kind is told. What is off is still written down, and listed."""

    AT_ONCE = "at once"
    DIGEST = "digest"
    OFF = "off"


class AlertState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    CLOSED = "closed"


class AlertWord(StrEnum):
    """What happened to an alert, for its history."""

    RAISED = "raised"
    MORE = "more of it"
    AGAIN = "opened again"
    TOLD = "told"
    NOT_TOLD = "could not be told"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    CLOSED = "closed"
    GONE = "its cause is gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """The action that mends, as a command that a person could also type."""

    title: str
    command: str
    args: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    typed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """What holds for all alerts of a kind.

    Args:
        title: what it is called in lists.
        one, many: what is counted, where an alert is of several things.
        means: what it means for the spaces.
        to_do: what the reader does now.
        way: how it is told unless compliance says otherwise, and `least` the least that can
            be said: what must reach somebody can't be silenced.
        is_urgent: it is told at night, too.
    """

    title: str
    means: str
    to_do: str
    one: str = ""
    many: str = ""
    way: Way = Way.AT_ONCE
    least: Way = Way.OFF
    is_urgent: bool = False
    mends: tuple[Mend, ...] = ()

    def counted(self, number: int) -> str:
        return f"{number:,} {self.one if number == 1 else self.many}"

    @property
    def ways(self) -> tuple[Way, ...]:
        every = tuple(Way)
        return every[: every.index(self.least) + 1]


NATURES: Mapping[AlertKind, Nature] = MappingProxyType(
    {
        AlertKind.APPROVAL: Nature(
            title="approvals wanted", least=Way.DIGEST,
            means="Nothing comes of it until a second person of compliance has agreed.",
            to_do="Look at exactly what it would do, and agree or don't.",
        ),
        AlertKind.BRAKE: Nature(
            title="the brake", least=Way.AT_ONCE, is_urgent=True,
            means="Everything that destroys stands still, until two people let it go on.",
            to_do="Find out why, then let it go on by “resume”; it takes two of you.",
            mends=(
                Mend(title="Resume", command="resume"),
                Mend(title="What it would do", command="simulate"),
            ),
        ),
        AlertKind.CAP: Nature(
            title="a cap was reached", one="policy or run reached its cap",
            many="policies or runs reached their cap",
            means="What is over the cap waits for the next run; nothing is lost by that.",
            to_do="If it should go faster, write a policy with a higher cap, or ask your operator.",
            mends=(Mend(title="Policies", command="policy list"),),
        ),
        AlertKind.UNKNOWN: Nature(
            title="unknown outcomes", least=Way.AT_ONCE, is_urgent=True,
            one="effect of which nobody knows what came of it",
            many="effects of which nobody knows what came of them",
            means="I asked Webex for it and could not see since whether it happened.",
            to_do="Look at the spaces in Webex. I go on looking; three of them pull the brake.",
            mends=(Mend(title="Needs attention", command="attention"),),
        ),
        AlertKind.INVENTORY: Nature(
            title="stale inventory", least=Way.DIGEST,
            means="Nothing is done to any space on old knowledge, a warning included.",
            to_do="Ask your operator to run `spacekeeper check`, then `spacekeeper job sync`.",
            mends=(Mend(title="Status", command="status"),),
        ),
        AlertKind.DIRECTORY: Nature(
            title="groups of the directory", one="group not known any more",
            many="groups not known any more",
            means="No policy that names one of them does anything, until they are known again.",
            to_do="Look whether that is right; if it is, take it as it is now by “groups accept”.",
            mends=(Mend(title="All groups", command="groups"),),
        ),
        AlertKind.CLASSIFICATION: Nature(
            title="classifications", one="fault with classifications",
            many="faults with classifications",
            means="Where a classification is not known, no policy that asks for it acts.",
            to_do="Ask your operator whether the compliance identity may read classifications.",
        ),
        AlertKind.FORBIDDEN: Nature(
            title="forbidden by a rule", one="space is as a rule forbids",
            many="spaces are as a rule forbids",
            means="A rule of yours says that no space may be like that. Nothing is done to it.",
            to_do="Look at them, and put right what is wrong; each goes from the list by itself.",
        ),
        AlertKind.OWNERLESS: Nature(
            title="ownerless spaces", one="space that nobody owns", many="spaces that nobody owns",
            means="Without an owner nobody can be warned, so nothing more is done to them.",
            to_do="Find somebody for each: make them a moderator, then say that you have looked.",
            mends=(Mend(title="Needs attention", command="attention"),),
        ),
        AlertKind.HOLD: Nature(
            title="hold conflicts", least=Way.DIGEST, one="conflict with a hold",
            many="conflicts with holds", is_urgent=True,
            means="Something was on its way that a hold forbids. The hold wins.",
            to_do="See that it is as the hold wants it.",
            mends=(Mend(title="Holds", command="holds"),),
        ),
        AlertKind.REMINDER: Nature(
            title="reminders", one="hold that ends soon", many="holds that end soon",
            means="Nothing happens by itself because of it.", to_do="Look at it in time.",
            way=Way.DIGEST,
        ),
        AlertKind.ATTENTION: Nature(
            title="spaces that need attention", one="space that can't go on by itself",
            many="spaces that can't go on by themselves",
            means="Nothing more is done to it until somebody has looked.",
            to_do="Look at the space, put right what is wrong, then say that you have looked.",
            mends=(Mend(title="Needs attention", command="attention"),),
        ),
        AlertKind.SILENT: Nature(
            title="a job that is silent", least=Way.AT_ONCE, is_urgent=True,
            means="What it does was not done.",
            to_do="Ask your operator to run `spacekeeper check` and to look at the log.",
        ),
        AlertKind.NIGHT: Nature(
            title="a night that stopped", least=Way.DIGEST,
            means="What was not done tonight waits for the next run.",
            to_do="Look at `status`, and at what the reason says.",
            mends=(Mend(title="Status", command="status"),),
        ),
        AlertKind.ERASURE: Nature(
            title="erasure requests", least=Way.DIGEST, is_urgent=True,
            means="The law gives a date by which a person's data must be gone.",
            to_do="See what holds the request up.",
        ),
        AlertKind.DELIVERY: Nature(
            title="watches that gave up", one="watch that is not told any more",
            many="watches that are not told any more", way=Way.DIGEST,
            means="What was to be told by it stays untold until somebody lets it go on.",
            to_do="Ask who made it to look at its log.",
        ),
        AlertKind.RECORD: Nature(
            title="the record", least=Way.AT_ONCE, is_urgent=True,
            means="Somebody changed what was written down. Everything that destroys stands still.",
            to_do="Keep a copy of the database, and find out who could write to it.",
            mends=(Mend(title="Status", command="status"),),
        ),
        AlertKind.CLOCK: Nature(
            title="clocks", least=Way.AT_ONCE, is_urgent=True,
            means="Nothing is done to any space while the clocks differ.",
            to_do="Ask your operator to let the machine keep time by NTP.",
        ),
        AlertKind.CHANNEL: Nature(
            title="the way that alerts go", least=Way.AT_ONCE, is_urgent=True,
            means="Alerts went another way, or came late.",
            to_do="Ask your operator to run `spacekeeper check`.",
        ),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One of the several things that an alert is about; `key` names it for ever."""

    key: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What is raised.

    Args:
        subject: what it is about; kind and subject are one alert, however often they come.
        what: what happened, one sentence without its end; where there are items they are
            counted instead.
        occurrence: names this one happening, so that a run that is repeated after a crash does
            not count it twice.
        lasts: its cause is looked for again and again, so that it closes itself.
        is_known: those who have to act were told otherwise; it is listed, and in the digest.
        asked_by: who wants a second person for it, and need not be told that one is wanted.
        means, to_do, mends: instead of those of its kind.
    """

    kind: AlertKind
    subject: str = ""
    what: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    items: tuple[Item, ...] = ()
    means: str = ""
    to_do: str = ""
    mends: tuple[Mend, ...] = ()
    space: SpaceKey | None = None
    occurrence: str = ""
    lasts: bool = False
    is_known: bool = False
    asked_by: PersonKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert as it stands.

    Args:
        is_on: its cause is there, as far as we know; a closed one may still have it.
        round: how often it was opened.
        times: how often it happened.
        things: how many of the things that it counts there are now; 0 where it counts none.
        told_at: when everybody had been told of this round.
        asked_by: who wants a second person for it.
    """

    key: AlertKey
    kind: AlertKind
    subject: str
    what: str
    pairs: tuple[tuple[str, str], ...]
    means: str
    to_do: str
    mends: tuple[Mend, ...]
    state: AlertState
    is_on: bool
    lasts: bool
    first_at: datetime
    last_at: datetime
    opened_at: datetime
    times: int = 1
    round: int = 1
    things: int = 0
    tries: int = 0
    assigned: PersonKey | None = None
    by: str = ""
    state_at: datetime | None = None
    reason: str = ""
    told_at: datetime | None = None
    asked_by: PersonKey | None = None

    @property
    def nature(self) -> Nature:
        return NATURES[self.kind]

    @property
    def title(self) -> str:
        """One sentence without its end."""
        if self.things > 1 and self.nature.many:
            return self.nature.counted(self.things)
        if self.what or not (self.things and self.nature.one):
            return self.what or self.nature.title
        return self.nature.counted(1)

    @property
    def is_open(self) -> bool:
        return self.state is not AlertState.CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMoment:
    """One line of an alert's history."""

    at: datetime
    word: AlertWord
    by: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """An alert, to be shown.

    Args:
        items: the first of its things, the newest first.
        assigned: the name of whoever it is assigned to.
        late: why it comes late, or another way than usual.
        is_alone: there is no second person whom it could be for.
        officers: whom it can be assigned to: (e-mail, name).
    """

    alert: Alert
    items: tuple[str, ...] = ()
    assigned: str = ""
    late: str = ""
    is_alone: bool = False
    history: tuple[AlertMoment, ...] = ()
    officers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOf:
    """How a kind is told at the moment, and who said so; empty: as it comes."""

    kind: AlertKind
    way: Way
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDigest:
    """What is open, for one reader.

    Args:
        counts: how many of each kind.
        alerts: the first of them, what was opened last first.
        new: how many were opened since the last digest; mine: are assigned to the reader.
        changes: of how kinds are told, since the last digest.
    """

    total: int
    counts: Mapping[AlertKind, int]
    alerts: tuple[Alert, ...]
    new: int = 0
    mine: int = 0
    changes: tuple[WayOf, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What no space may be like, in the language of search."""

    key: int
    name: str
    query: str
    by: str
    made_at: datetime
