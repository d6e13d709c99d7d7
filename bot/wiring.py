"""The only place that constructs things: from settings to a process that answers."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.arrivals import Arrivals
from bot.callers import Callers
from bot.changes import Changes
from bot.clock import SandboxClock
from bot.clockwork import Clockwork, Pacer
from bot.directories import build_directory
from bot.dispatch import Dispatch
from bot.flood import Flood
from bot.frontdoor import FrontDoor
from bot.intake import Intake
from bot.logs import SECRETS
from bot.presses import Redeemer
from bot.reconcile import Reconciler
from bot.resolving import Resolver
from bot.scheduler import read_times, timetable
from bot.sending import Sender
from bot.settings import Settings, WrongSettings
from bot.slots import Slots
from bot.tasks import Tasks
from bot.vault import Sealer, Vault
from bot.watchman import Watchman
from bot.working import Carrier
from bot.writer import Writer
from cards.speech import learn
from commands.registry import load
from domain.clock import Clock, SystemClock
from domain.ids import OrgId
from domain.people import Person
from jobs.registry import load as load_jobs
from spaces.effects import settle_open
from spaces.effects.kernel import WHO
from spaces.spec import Exports, House, Limits, Outside
from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import Store, UnitOfWork
from webex.gateway import Lane
from webex.sdk import SdkWebex, integration
from webex.tokens import FixedToken, TokenSource

if TYPE_CHECKING:
    from bot.web import WebDoor

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A bot, ready to run. `stop` may be called from any thread."""

    house: House
    door: FrontDoor
    intake: Intake
    writer: Writer
    tasks: Tasks
    clockwork: Clockwork
    reconciler: Reconciler
    slots: Slots
    resolver: Resolver
    watchman: Watchman

    def run(self) -> None:
        """Answers until it is stopped. Raises ConnectionError when Webex stays away."""
        self.writer.start()
        settle_open(self.house)
        self.reconciler.start()
        self.intake.start()
        self.clockwork.start()
        self.watchman.start()
        try:
            self.door.run()
        finally:
            self.clockwork.stop()
            self.reconciler.stop()
            self.intake.stop()
            self.watchman.stop()
            self.slots.stop()
            self.writer.stop()
            self.resolver.close()
            self.house.store.close()

    def in_thread(self) -> threading.Thread:
        thread = threading.Thread(target=self.run, name="bot", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        self.tasks.stopping.set()
        self.door.stop()


def build_house(
    settings: Settings, *, stopping: threading.Event | None = None, migrates: bool = True
) -> House:
    """What use cases work with. On SQLite the schema is brought up to date first.

    Args:
        stopping: ends every wait for the pace, by `Stopped`.
        migrates: False for who only looks.
    """
    if settings.texts_folder is not None:
        learn(settings.texts_folder)
    clock: Clock = SandboxClock(settings.sandbox_clock) if settings.sandbox_clock else SystemClock()
    engine = open_engine(settings.database_url)
    if migrates and engine.dialect.name == "sqlite":
        upgrade(engine)
    store = Store(engine, clock)
    ca = str(settings.ca_file) if settings.ca_file else None
    witness = settings.co2_access_token.get_secret_value()
    webex = SdkWebex(
        FixedToken(settings.bot_token.get_secret_value()), _compliance(settings, store, ca),
        witness=FixedToken(witness) if witness else None, base_url=settings.webex_url, ca=ca,
        per_minute=settings.webex_per_minute,
    )  # fmt: skip
    return House(
        store=store, webex=webex, clock=clock, directory=build_directory(settings, webex),
        compliance=settings.compliance,
        own_domains=settings.own_domains, language=settings.language, profiles=settings.profiles,
        alert_room=settings.alert_room, sleep=Pacer(store, stopping or threading.Event()),
        limits=Limits(
            cap_per_run=settings.cap_per_run, cap_per_day=settings.cap_per_day,
            cap_share=settings.cap_share, cap_messages=settings.cap_messages,
            pace=timedelta(seconds=settings.pace_seconds), hours=settings.hours,
            inventory=timedelta(hours=settings.inventory_hours),
            immunity=timedelta(days=settings.immunity_days), cooling=settings.cooling,
            keep_renewals=settings.keep_renewals, keep_reason=settings.keep_reason,
            attested_for=timedelta(days=settings.attestation_days),
            needs_attestation=settings.needs_attestation,
            keep_longest=settings.keep_longest, undo=timedelta(hours=settings.undo_hours),
            needs_export=not settings.delete_without_export,
            erase_per_day=settings.erase_per_day,
            erase_pace=timedelta(seconds=settings.erase_pace_seconds),
        ),
        officer_group=_in_group(settings), group_officers=_of_group(settings),
        exports=_exports(settings),
        anchors=settings.anchor_folder,
        seal=Sealer(settings.encryption_key.get_secret_value()) if settings.has_key else None,
        outside=Outside(
            ports=settings.watch_ports, ca=str(settings.watch_ca_file or ""),
            hosts=settings.watch_hosts, networks=settings.watch_networks,
        ),
    )  # fmt: skip


def _exports(settings: Settings) -> Exports | None:
    if settings.export_folder is None:
        return None
    return Exports(
        folder=settings.export_folder, file_bytes=round(settings.export_file_mb * 1_000_000),
        total_bytes=round(settings.export_total_mb * 1_000_000),
    )  # fmt: skip


def build(settings: Settings) -> Process:
    """The whole process, not yet running."""
    stopping = threading.Event()
    jobs = load_jobs()
    times = read_times(settings.job_times, jobs)
    house = build_house(settings, stopping=stopping)
    handing: list[Callable[[int], None]] = []
    house = replace(
        house, timetable=timetable(jobs, times, house.clock), hand_over=lambda w: handing[0](w)
    )
    writer = Writer(house.store)
    org = _own_org(house, settings)
    callers = Callers(house, writer, org=org, in_group=_in_group(settings))
    tasks = Tasks(
        house, jobs, database_url=settings.database_url, stopping=stopping,
        worker=Carrier(house, callers),
    )  # fmt: skip
    handing.append(tasks.take_on)
    token = settings.bot_token.get_secret_value()
    ca = str(settings.ca_file) if settings.ca_file else ""
    resolver = Resolver(token=token, rest=settings.webex_url, u2c=settings.u2c_url, ca=ca)
    changes = Changes(house)
    who = f"{WHO}/{secrets.token_hex(3)}"
    watchman = Watchman(house, who=who)
    arrivals = Arrivals(
        house,
        Dispatch(
            house, load(), callers=callers,
            redeemer=Redeemer(house.store, writer), sender=Sender(house, writer), flood=Flood(),
        ),
        changes, me=house.webex.bot(Lane.CHAT).me().id, resolve=resolver,
        heard=watchman.soon,
    )  # fmt: skip
    intake = Intake(house.store, writer, arrivals.handle, who=who, workers=settings.workers)
    reconciler = Reconciler(house, changes, offer=intake.offer)
    slots = Slots(house.store, who=who)
    door = FrontDoor(
        token=token, rest=settings.webex_url, u2c=settings.u2c_url, ca=ca, offer=intake.offer,
        slots=slots, missed=reconciler.soon, lost=reconciler.lost,
        dead_seconds=settings.dead_minutes * 60, watches=watchman.wants,
    )  # fmt: skip
    return Process(
        house=house, door=door, intake=intake, writer=writer, tasks=tasks,
        clockwork=Clockwork(tasks, times, is_open=lambda: door.is_connected),
        reconciler=reconciler, slots=slots, resolver=resolver, watchman=watchman,
    )  # fmt: skip


def build_web(settings: Settings) -> WebDoor:
    """What takes webhooks. Raises WrongSettings: there is no address for them."""
    from bot.web import WebDoor

    if not settings.webhook_address:
        raise WrongSettings(
            "Webhooks need SPACEKEEPER_WEBHOOK_ADDRESS and SPACEKEEPER_WEBHOOK_SECRET."
        )
    return WebDoor(
        build_house(settings), address=settings.webhook_address,
        secret=settings.webhook_secret.get_secret_value(), host=settings.web_host,
        port=settings.web_port,
    )  # fmt: skip


def _compliance(settings: Settings, store: Store, ca: str | None) -> TokenSource | None:
    """The integration's token: as it was renewed last, where that was kept."""
    access = settings.co_access_token.get_secret_value()
    if not settings.is_refreshing:
        return FixedToken(access) if access else None
    refresh = settings.co_refresh_token.get_secret_value()
    vault = Vault(
        store, name="compliance", root=refresh, key=settings.encryption_key.get_secret_value()
    )

    def renewed(access: str, refresh: str) -> None:
        SECRETS.add(access, refresh)
        vault.keep(access, refresh)

    kept = vault.kept_or_none()
    if kept is not None:
        access, refresh = kept.access, kept.refresh
        SECRETS.add(access, refresh)
    return integration(
        base_url=settings.webex_url, ca=ca, client_id=settings.co_client_id,
        client_secret=settings.co_client_secret.get_secret_value(),
        refresh=refresh, access=access, on_renewed=renewed, kept=vault.kept_or_none,
    )  # fmt: skip


def _own_org(house: House, settings: Settings) -> OrgId | None:
    """Whose people are ours: as the operator says, else the compliance identity's."""
    org = OrgId(settings.org_id) if settings.org_id else None
    if org is None and house.webex.has_compliance:
        org = house.webex.compliance(Lane.CHAT).organisation().id
    if org is not None:
        with house.store.begin() as tx:
            tx.people.set_own_org(org)
            tx.commit()
    return org


def _in_group(settings: Settings) -> Callable[[UnitOfWork, Person], bool]:
    """Whether somebody is in the group of compliance; a group that is not known holds nobody."""
    name = settings.compliance_group
    return lambda tx, who: bool(name) and tx.groups.is_in(who.key, name) is True


def _of_group(settings: Settings) -> Callable[[UnitOfWork], frozenset[str]]:
    """Who is in the group of compliance."""
    name = settings.compliance_group
    return lambda tx: tx.groups.people_in(name) if name else frozenset()
