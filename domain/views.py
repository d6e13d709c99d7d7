"""What people are shown, as values: put together by use cases, drawn by cards.

Decides nothing; says which facts travel together. Times are aware UTC; the zone of the reader
is a card's own parameter. None stands for "not known".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.attention import Kind
from domain.cadences import PROFILES, Profiles
from domain.ids import CaseKey, PolicyVersionKey
from domain.intents import Outcome
from domain.lifecycle import CaseState
from domain.policies import Basis, Ending, PolicyVersion, Ruling
from domain.spaces import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceView:
    """A space with what is decided about it.

    Args:
        owners: names of those who would be warned.
        due: the day on which it is blocked, or its owners told; `ending` is what comes of it.
        gone_at: the day on which it is deleted, where it is.
        stands_still: why nothing of that happens for now, as a sentence.
        keep_until: set by hand; `keeps_forever` the same without an end.
        end_date: when it has served its purpose, as its people planned; nothing follows of itself.
        why: the decision in one sentence.
    """

    space: Space
    owners: tuple[str, ...] = ()
    state: CaseState = CaseState.CLEAR
    ruling: Ruling | None = None
    due: datetime | None = None
    gone_at: datetime | None = None
    ending: Ending | None = None
    policy: str = ""
    why: str = ""
    stands_still: str = ""
    keep_until: datetime | None = None
    keeps_forever: bool = False
    end_date: datetime | None = None
    lacking: tuple[str, ...] = ()
    """The required tags that it lacks, said: “one of finance, hr”."""
    is_asked_for: bool = False
    """Somebody asked to delete it, and that is on its way."""
    asked_due: datetime | None = None
    """The day of that, as soon as there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One space in an owner's warning.

    Args:
        due: when the notice period is over: the space is blocked, or told about.
        gone_at: when it is deleted, for a policy that deletes.
        why: the policy's reason in one sentence, in English.
        number, of: which notice this is, from 1, and how many there are; 0: not known.
        policy, condition, period, basis: the same reason for other languages: the policy's
            name, its condition as it is typed, and what its date is counted by.
        needed: how many of its members said that they still need it.
        older_than: for a policy that purges messages, how old they have to be.
        changed_by: commands besides the usual ones that change what the condition asks.
    """

    space: Space
    ending: Ending
    due: datetime
    gone_at: datetime | None
    why: str
    case: CaseKey
    cycle: int
    version: PolicyVersionKey | None = None
    number: int = 1
    of: int = 0
    policy: str = ""
    condition: str = ""
    period: timedelta | None = None
    basis: Basis = Basis.ACTIVITY
    basis_of: str = ""
    needed: int = 0
    older_than: timedelta | None = None
    changed_by: tuple[str, ...] = ()

    @property
    def is_last(self) -> bool:
        return self.of > 0 and self.number >= self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A space that waits for compliance to look. `is_blocked`: nothing can be written in it;
    `on_it`: the name of who of them said that they see to it."""

    space: Space
    why: str
    since: datetime
    is_blocked: bool = False
    kind: Kind = Kind.STUCK
    on_it: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One line of a decision's trace. `decides` marks the lines that made the result."""

    step: str
    said: str
    decides: bool = False
    typed: tuple[tuple[str, str], ...] = ()
    """Conditions that are said in it: in English words, and as they are typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A space that a policy would decide, or whose end changes by it.

    Args:
        due: of what would be decided; None where it has no end.
        is_new: beside what holds now.
        how: what changes for it, in a word or two; empty where nothing does.
        was_due, was, now: its date before, and what is done to it before and then.
        by: the policy that decides it then.
    """

    space: Space
    due: datetime | None
    is_new: bool = False
    how: str = ""
    was_due: datetime | None = None
    was: Ending | None = None
    now: Ending | None = None
    by: str = ""
    has_outsiders: bool = False
    is_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHome:
    """What a policy's own words are read beside.

    Args:
        zone: the company's time zone, of hours that name none.
        profiles: how owners are warned, by name.
    """

    zone: str = "UTC"
    profiles: Profiles = field(default_factory=lambda: PROFILES)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationView:
    """Whom a policy's version hits. `sample` is a part of the targets: first those that what
    holds now does not hit, then the soonest.

    Args:
        sentence: the condition in words.
        added, dropped: beside what holds now of the same policy; None where nothing does.
        parts: what the version says otherwise than what holds: the part, before, then.
        changes: how the ends of spaces change, by whichever policy, and of how many.
        outsiders, held: of all these, how many have outsiders; how many are under a hold.
        takes_over, outweighed: other policies whose spaces this one would decide, and that go
            on deciding spaces that this one matches, each with how many.
        code: what the reader types to agree to exactly this list; empty for who may not.
        retypes_code: a button does not spare them that: the list is long, or it is all.
        agreed_by, effective_at: who agreed to the version already, and from when it holds.
    """

    policy: str
    version: PolicyVersionKey
    number: int
    query: str
    sentence: str
    ending: Ending
    made_at: datetime
    targets: int
    unknown: int
    inventory: int
    targets_hash: str
    sample: tuple[Hit, ...] = ()
    added: int | None = None
    dropped: int | None = None
    parts: tuple[tuple[str, str, str], ...] = ()
    changes: tuple[tuple[str, int], ...] = ()
    outsiders: int = 0
    held: int = 0
    takes_over: tuple[tuple[str, int], ...] = ()
    outweighed: tuple[tuple[str, int], ...] = ()
    author: str = ""
    code: str = ""
    retypes_code: bool = False
    why_not: str = ""
    """Why the reader can't agree, a sentence."""
    agreed_by: str = ""
    effective_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiringView:
    """What taking a policy away would change, and who has asked for it.

    Args:
        losing: how many spaces lose protection by it.
        changes: how the ends of spaces change, and of how many; `sample` are the first by name.
        code: what the reader types to agree to exactly this; empty for whoever asked.
        retypes_code: a button does not spare them that.
        until: then it has to be asked for anew.
    """

    policy: str
    version: PolicyVersionKey
    number: int
    losing: int
    changes: tuple[tuple[str, int], ...]
    sample: tuple[Hit, ...]
    list_hash: str
    code: str
    retypes_code: bool
    asked_by: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What came of ending a space, as it was read back."""

    space: Space
    outcome: Outcome
    at: datetime
    policy: str = ""
    asked_by: str = ""
    why: str = ""
    """Whoever asked for it said so, in their own words."""
    certificate: str = ""
    restorable_until: datetime | None = None
    is_purged: bool = False
    """Its messages were deleted one by one, before or instead of the space itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person in a space or a team, with the fields that Webex gives."""

    id: str
    container_id: str
    """The id of the space or the team."""
    person_id: str
    email: str
    name: str
    org_id: str
    is_moderator: bool
    created: datetime | None = None
    is_monitor: bool | None = None
    """None for a team's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """That a space is gone, with what proves it."""

    number: str
    made_at: datetime
    space: Space
    outcome: Outcome
    policy: str
    policy_version: int | None
    approved_by: str
    deleted_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: str
    evidence: tuple[str, ...]
    sha256: str
    is_emptied: bool = False
    """Its messages were deleted one by one, before or instead of the space itself."""
    did: str = ""
    """What was done, where the space itself goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One night. `counts` are what was done, in words and numbers."""

    run: str
    started_at: datetime
    ended_at: datetime | None
    is_dry: bool
    counts: tuple[tuple[str, int], ...]
    attention: tuple[str, ...] = ()
    stopped: str = ""
    """Why it did not go through to its end, as a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """How the whole stands. None where the caller may not know, or nobody knows.

    Args:
        is_whole: of the whole company; else of the caller's own spaces.
        inventory_said: what is the matter with a later look than the last complete one.
        hindered_by: sentences, why nothing would be blocked or deleted besides a pause.
    """

    mode: str
    is_paused: bool
    is_whole: bool = True
    paused_why: str = ""
    spaces: int | None = None
    inventory_at: datetime | None = None
    inventory_is_complete: bool | None = None
    inventory_said: str = ""
    policies_active: int | None = None
    policies_paused: int | None = None
    policies_simulated: int | None = None
    due: int | None = None
    warned: int | None = None
    blocked: int | None = None
    enforcing: int | None = None
    held: int | None = None
    needs_attention: int | None = None
    open_intents: int | None = None
    last_run: RunView | None = None
    next_run_at: datetime | None = None
    hindered_by: tuple[str, ...] = ()
    control_hub: str = ""
    """What is known of the holds there, which can't be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """A version of a policy, and what it changed: (part, what it said, what it says). Of the
    first version each part is new. `holds`: it is the one in force."""

    version: PolicyVersion
    holds: bool
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRow:
    """A certificate as it is listed. `is_whole`: it still has the seal that it was given."""

    number: str
    made_at: datetime
    title: str
    space_id: str
    why: str
    sha256: str
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What a policy purged of a space that goes on, in one night.

    Args:
        messages, files: so many went with it; `already`: had been deleted before.
        oldest, newest: when the first and the last of them were written.
        until: nothing from before is left.
        not_known: of so many it is not known whether they went.
        is_first: the first night of it; from now on it goes on by itself.
        left: why not all went that are old enough; empty when all did.
    """

    space: Space
    policy: str
    messages: int
    files: int
    already: int
    oldest: datetime | None
    newest: datetime | None
    until: datetime
    certificate: str = ""
    not_known: int = 0
    is_first: bool = False
    left: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsiders:
    """Who was removed from a space that goes on: e-mail addresses."""

    space: Space
    policy: str
    removed: tuple[str, ...]
