"""The unit of work: everything that a use case reads and writes, all or nothing.

``with store.begin() as tx: …; tx.commit()`` — leaving without commit rolls back. A transaction
is never open while Webex is called; `begin` and `read` are for the moments before and after.
The repositories hang on the unit by the name of what they answer questions about.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection, Engine

from domain.clock import Clock
from storage.activity import Activity
from storage.alert_rules import AlertRules
from storage.alert_telling import AlertTelling
from storage.alerts import Alerts
from storage.attention import Attention
from storage.audit import AuditTrail
from storage.blocks import Blocks
from storage.case_exports import CaseExports
from storage.cases import Cases
from storage.certificates import Certificates
from storage.confirmations import Confirmations
from storage.conflicts import Conflicts
from storage.crawls import Crawls
from storage.deliveries import Deliveries
from storage.disowning import Disowned
from storage.endings import Deletions
from storage.ends import Ends
from storage.erasures import Erasures
from storage.freezes import Freezes
from storage.groups import Groups
from storage.inbox import Inbox
from storage.intents import Intents
from storage.keeping import Keeping
from storage.leases import Leases
from storage.listing import Listing
from storage.many import Many
from storage.messages import Messages
from storage.needs import Needs
from storage.notices import Notices
from storage.owning import OwnerSearches
from storage.people import People
from storage.policies import Policies
from storage.presses import Presses
from storage.protections import Protections
from storage.purges import Purges
from storage.runs import Runs
from storage.searches import Searches
from storage.settings import Settings
from storage.sightings import Sightings
from storage.simulations import Simulations
from storage.spaces import Spaces
from storage.tag_changes import TagChanges
from storage.tags import Tags
from storage.tombstones import Tombstones
from storage.vocabulary import Vocabulary
from storage.watches import Watches
from storage.works import Works


class UnitOfWork:
    """One open transaction. `now` is the moment it began, by the product's clock."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.connection = connection
        self.now = clock.now()
        self._done = False

    @property
    def is_postgres(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def commit(self) -> None:
        self.connection.commit()
        self._done = True

    # Repositories: one line each, made when first asked for.

    @cached_property
    def activity(self) -> Activity:
        return Activity(self.connection)

    @cached_property
    def alerts(self) -> Alerts:
        return Alerts(self.connection, self.now)

    @cached_property
    def alert_telling(self) -> AlertTelling:
        return AlertTelling(self.connection, self.now)

    @cached_property
    def alert_rules(self) -> AlertRules:
        return AlertRules(self.connection, self.now)

    @cached_property
    def people(self) -> People:
        return People(self.connection, self.now)

    @cached_property
    def spaces(self) -> Spaces:
        return Spaces(self.connection, self.now, self.people)

    @cached_property
    def tags(self) -> Tags:
        return Tags(self.connection, self.now)

    @cached_property
    def many(self) -> Many:
        return Many(self.connection, self.now)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.connection, self.now)

    @cached_property
    def tag_changes(self) -> TagChanges:
        return TagChanges(self.connection, self.now)

    @cached_property
    def groups(self) -> Groups:
        return Groups(self.connection, self.now)

    @cached_property
    def crawls(self) -> Crawls:
        return Crawls(self.connection, self.now)

    @cached_property
    def audit(self) -> AuditTrail:
        return AuditTrail(self.connection, self.now)

    @cached_property
    def intents(self) -> Intents:
        return Intents(self.connection, self.now)

    @cached_property
    def freezes(self) -> Freezes:
        return Freezes(self.connection, self.now)

    @cached_property
    def case_exports(self) -> CaseExports:
        return CaseExports(self.connection, self.now)

    @cached_property
    def purges(self) -> Purges:
        return Purges(self.connection, self.now)

    @cached_property
    def disowned(self) -> Disowned:
        return Disowned(self.connection, self.now)

    @cached_property
    def ends(self) -> Ends:
        return Ends(self.connection, self.now)

    @cached_property
    def listing(self) -> Listing:
        return Listing(self.connection, self.spaces)

    @cached_property
    def messages(self) -> Messages:
        return Messages(self.connection, self.now)

    @cached_property
    def presses(self) -> Presses:
        return Presses(self.connection, self.now)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.connection, self.now)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self.connection)

    @cached_property
    def runs(self) -> Runs:
        return Runs(self.connection, self.now)

    @cached_property
    def searches(self) -> Searches:
        return Searches(self.connection, self.now)

    @cached_property
    def settings(self) -> Settings:
        return Settings(self.connection, self.now)

    @cached_property
    def policies(self) -> Policies:
        return Policies(self.connection, self.now)

    @cached_property
    def simulations(self) -> Simulations:
        return Simulations(self.connection, self.now)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.connection, self.now)

    @cached_property
    def notices(self) -> Notices:
        return Notices(self.connection, self.now)

    @cached_property
    def blocks(self) -> Blocks:
        return Blocks(self.connection, self.now)

    @cached_property
    def protections(self) -> Protections:
        return Protections(self.connection, self.now)

    @cached_property
    def keeping(self) -> Keeping:
        return Keeping(self.connection, self.now)

    @cached_property
    def watches(self) -> Watches:
        return Watches(self.connection, self.now)

    @cached_property
    def sightings(self) -> Sightings:
        return Sightings(self.connection, self.now)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.connection, self.now)

    @cached_property
    def deletions(self) -> Deletions:
        return Deletions(self.connection, self.now)

    @cached_property
    def erasures(self) -> Erasures:
        return Erasures(self.connection, self.now)

    @cached_property
    def tombstones(self) -> Tombstones:
        return Tombstones(self.connection, self.now)

    @cached_property
    def certificates(self) -> Certificates:
        return Certificates(self.connection, self.now)

    @cached_property
    def attention(self) -> Attention:
        return Attention(self.connection, self.now)

    @cached_property
    def conflicts(self) -> Conflicts:
        return Conflicts(self.connection, self.now)

    @cached_property
    def needs(self) -> Needs:
        return Needs(self.connection, self.now)

    @cached_property
    def owner_searches(self) -> OwnerSearches:
        return OwnerSearches(self.connection, self.now)

    @cached_property
    def works(self) -> Works:
        return Works(self.connection, self.now)

    @cached_property
    def confirmations(self) -> Confirmations:
        return Confirmations(self.connection, self.now)


class Store:
    """The database, as a maker of units of work."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self._clock = clock
        self._reading = engine.execution_options(reads_only=True)

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """A unit that may write. Without `commit` nothing of it stays."""
        with self.engine.connect() as connection, connection.begin():
            unit = UnitOfWork(connection, self._clock)
            yield unit
            if not unit._done:
                connection.rollback()

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A unit that reads one state of the database and never blocks a writer."""
        with self._reading.connect() as connection, connection.begin():
            yield UnitOfWork(connection, self._clock)
            connection.rollback()

    def close(self) -> None:
        self.engine.dispose()
