"""Who speaks to us, and what they may be: a person of ours, compliance, or an outsider.

Decides the role; what a role may do is each command's own. What is known of a person is kept
for a minute for typed words, and read from Webex again for every press (safety.md, Presses).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.writer import Writer
from domain.ids import OrgId, PersonId
from domain.people import Person, Role
from domain.seen import PersonSeen
from spaces.spec import House
from storage.store import UnitOfWork
from webex.gateway import Lane
from webex.values import PersonType, WebexPerson

FRESH = 60.0
"""Seconds that a person's record is believed without asking Webex."""
MOST = 10_000

InGroup = Callable[[UnitOfWork, Person], bool]
"""Whether a person is in the AD group of compliance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    person: Person
    role: Role
    read_at: float


class Callers:
    def __init__(
        self, house: House, writer: Writer, *, org: OrgId | None, in_group: InGroup | None = None
    ) -> None:
        self._house = house
        self._writer = writer
        self._org = org
        self._in_group = in_group
        self._known: dict[PersonId, Caller] = {}
        self._lock = threading.Lock()

    def who(self, id: PersonId, *, live: bool = False) -> Caller:
        """The caller behind a Webex id.

        Args:
            live: read from Webex at this moment, for whoever presses a button.

        Raises:
            WebexFault: nothing is known of them, and Webex does not answer.
        """
        known = self._known.get(id)
        if known is not None and not live and time.monotonic() - known.read_at < FRESH:
            return known
        read = self._house.webex.bot(Lane.CHAT).person(id)
        caller = self._remember(read)
        with self._lock:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[id] = caller
        return caller

    def forget(self, id: PersonId) -> None:
        """What is kept of them is not true any more."""
        with self._lock:
            self._known.pop(id, None)

    def _remember(self, read: WebexPerson) -> Caller:
        seen = PersonSeen(
            id=read.id, email=read.email, name=read.display_name, org=read.org_id,
            is_bot=read.type is not PersonType.PERSON, is_active=read.login_enabled,
            time_zone=read.time_zone or "UTC",
        )  # fmt: skip
        ours = self._is_ours(read)

        def remember(tx: UnitOfWork) -> tuple[Person, bool]:
            tx.people.ensure([seen])
            person = tx.people.by_id(read.id)
            if person is None:
                raise LookupError("a person that was just written is not there")
            return person, bool(ours) and (
                person.email in self._house.compliance
                or (self._in_group is not None and self._in_group(tx, person))
            )

        person, is_compliance = self._writer.now(remember)
        role = Role.COMPLIANCE if is_compliance else Role.MEMBER if ours else Role.OUTSIDER
        return Caller(person=person, role=role, read_at=time.monotonic())

    def _is_ours(self, read: WebexPerson) -> bool:
        """By organisation where we know ours, else by mail domain; a bot never is."""
        if read.type is not PersonType.PERSON:
            return False
        if self._org is not None:
            return read.org_id == self._org
        return read.email.rpartition("@")[2] in self._house.own_domains
