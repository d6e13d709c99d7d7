"""What every use case is given: the house, as wiring built it, and nothing global.

Use cases are functions ``verb(house, actor, …)``. They open units of work by themselves, never
hold one open while Webex is called, and change Webex only through `spaces.effects`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from directory.spec import Directory
from domain.cadences import PROFILES, Profiles
from domain.clock import Clock
from domain.hours import Hours
from domain.people import Person, Reader
from storage.store import Store, UnitOfWork
from webex.gateway import Webex


class KeepReason(StrEnum):
    """When whoever keeps a space has to say why."""

    NEVER = "never"
    FOREVER = "forever"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much may be destroyed, how fast, and by how fresh evidence. Zero allows nothing.

    Args:
        cap_per_run, cap_per_day: destructive intents allowed; less than one allows none.
        cap_share: and never more than this share of the last complete inventory, 0..1.
        cap_messages: messages that policies may purge a day, in all spaces; 0: none.
        pace: between two deletions of a run.
        evidence: how old a live reading may be when its effect begins.
        inventory: how old the last complete crawl may be for anything destructive.
        immunity: how long a space is left alone after a keep or a restore.
        keep_longest: how far ahead a moderator may keep a space; None: as far as they like.
        keep_renewals: how often others than compliance may renew a keep; None: as they like.
        keep_reason: when a keep has to say why.
        attested_for: how long a word on Control Hub's holds counts.
        needs_attestation: policies destroy nothing without such a word.
        cooling: between an approval and the first thing that it does.
        approval_life: an approval that was not used by then is void.
        undo: between a deletion that somebody asked for and its effect; twice that where
            compliance asked for it.
        restorable: for how long it is known what a space was that is gone.
        needs_export: without an export of it nobody deletes a space by hand.
        hours: when something may be destroyed; always, unless the operator says otherwise.
        erase_per_day: messages and memberships of people that erasures may take away in a day;
            less than one allows none.
        erase_pace: between two of them.
    """

    cap_per_run: int = 0
    cap_per_day: int = 0
    cap_share: float = 0.05
    cap_messages: int = 0
    pace: timedelta = timedelta(seconds=30)
    evidence: timedelta = timedelta(seconds=60)
    inventory: timedelta = timedelta(hours=36)
    immunity: timedelta = timedelta(days=90)
    keep_longest: timedelta | None = None
    keep_renewals: int | None = None
    keep_reason: KeepReason = KeepReason.NEVER
    attested_for: timedelta = timedelta(days=90)
    needs_attestation: bool = False
    cooling: timedelta = timedelta(hours=24)
    approval_life: timedelta = timedelta(days=30)
    clock_skew: timedelta = timedelta(minutes=5)
    undo: timedelta = timedelta(hours=24)
    restorable: timedelta = timedelta(days=30)
    needs_export: bool = False
    hours: Hours = field(default_factory=Hours)
    erase_per_day: int = 0
    erase_pace: timedelta = timedelta(seconds=0.5)


class Seal(Protocol):
    """Secrets at rest: encrypted with a key that the database never sees."""

    def seal(self, text: str) -> str: ...
    def open(self, sealed: str) -> str:
        """Raises ValueError: it was sealed with another key."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Where on the internet watches may tell things.

    Args:
        ports: the only ones.
        hosts: names whose addresses may also be private ones.
        networks: private networks that may be reached all the same, such as 10.1.0.0/16.
        ca: a file of certificates to trust besides the usual ones.
        resolve: host and port to its addresses; a test passes its own.
    """

    ports: frozenset[int] = frozenset({443, 8443})
    hosts: frozenset[str] = frozenset()
    networks: tuple[str, ...] = ()
    ca: str = ""
    resolve: Callable[[str, int], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exports:
    """Where exports of spaces go, and how much of their files goes along.

    Args:
        folder: the operator's; each export is a folder in it.
        file_bytes, total_bytes: a larger file, and what is more in all, is only listed.
    """

    folder: Path
    file_bytes: int = 100_000_000
    total_bytes: int = 10_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The parts that use cases work with.

    `compliance` are e-mail addresses in lower case; `alert_room` is a Webex room id, or empty
    for 1:1 to each of compliance. `exports` None: nothing can be exported.
    """

    store: Store
    webex: Webex
    clock: Clock
    limits: Limits
    directory: Directory
    compliance: frozenset[str] = frozenset()
    own_domains: frozenset[str] = frozenset()
    alert_room: str = ""
    sleep: Callable[[float], None] = field(default=lambda seconds: None)
    """How pace is kept; wiring passes one that a pause and a stop interrupt."""
    hand_over: Callable[[int], None] = field(default=lambda work: None)
    """Hands a long work that was written down to the durable tasks; else they find it soon."""
    timetable: Callable[[str], datetime | None] = field(default=lambda job: None)
    """When a job is due next, by the product's clock; None where nothing fires it."""
    officer_group: Callable[[UnitOfWork, Person], bool] = field(default=lambda tx, person: False)
    """Whether somebody is in the AD group of compliance."""
    group_officers: Callable[[UnitOfWork], frozenset[str]] = field(default=lambda tx: frozenset())
    """The addresses of those who are in it, as it was last read well."""
    outside: Outside = field(default_factory=Outside)
    seal: Seal | None = None
    anchors: Path | None = None
    """Where the record's seals are given away to; None: nowhere."""
    exports: Exports | None = None
    """None: there is no key, so no secret of anybody's can be kept."""
    profiles: Profiles = field(default_factory=lambda: PROFILES)
    """How owners are warned, by the names that a policy can say."""
    language: str = "en"
    """Of whoever said nothing of theirs."""

    def reader(self, person: Person, *, code: str = "") -> Reader:
        """How cards are written for somebody. `code` is the card's own."""
        return Reader(zone=person.time_zone, language=person.language or self.language, code=code)

    def is_officer(self, tx: UnitOfWork, person: Person) -> bool:
        """Whether somebody is of compliance; an outsider never is."""
        is_named = person.email in self.compliance or self.officer_group(tx, person)
        return is_named and person.is_ours is not False
