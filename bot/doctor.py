"""``spacekeeper check``: is everything there that the product needs, and what to do if not.

Decides the lines that need no Webex; those that do are in `bot/doctor_webex.py`. Each line is
found by asking the thing itself, changes nothing, and stands alone: one that breaks says so
and the next is asked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.settings import PREFIX, Settings
from bot.vault import Unreadable, Vault
from directory.spec import Directory, DirectoryFault, NoDirectory, sources_of
from domain.errors import Fault, Refusal
from domain.runs import RunOutcome
from jobs.registry import load
from retention.alert_telling import DARK
from retention.alerting import LIVING
from spaces.spec import House
from storage import health
from storage.migrate import is_current

NIGHT = timedelta(hours=26)
LATE = timedelta(minutes=15)
"""By then an alert has reached somebody (L1)."""
UNTIL = "Until it answers, no policy that names a group acts."


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    """It runs, with less than it could."""
    FAULT = "fault"
    """It does not do its work like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One finding. `to_do` is empty where there is nothing to do."""

    name: str
    level: Level
    said: str
    to_do: str = ""


Check = Callable[[House, Settings], Iterator[Line]]


def ok(name: str, said: str) -> Line:
    return Line(name=name, level=Level.OK, said=said)


def warn(name: str, said: str, to_do: str) -> Line:
    return Line(name=name, level=Level.WARN, said=said, to_do=to_do)


def fault(name: str, said: str, to_do: str) -> Line:
    return Line(name=name, level=Level.FAULT, said=said, to_do=to_do)


def examine(house: House, settings: Settings) -> Iterator[Line]:
    """Every line, as it is found."""
    from bot.doctor_webex import WEBEX

    database = list(_safely("database", _database, house, settings))
    yield from database
    for name, check in (*WEBEX, ("directory", _directory), ("encryption key", _key)):
        yield from _safely(name, check, house, settings)
    yield from _caps(house, settings)
    if all(line.level is not Level.FAULT for line in database):
        for name, check in (
            ("inventory", _inventory),
            ("runs", _runs),
            ("pause", _pause),
            ("alerts", _alerts),
        ):
            yield from _safely(name, check, house, settings)


def _safely(name: str, check: Check, house: House, settings: Settings) -> Iterator[Line]:
    try:
        yield from check(house, settings)
    except (Fault, Refusal) as no:
        yield fault(name, str(no), "Put that right and ask again.")
    except Exception as bug:
        yield fault(name, f"it could not be checked ({type(bug).__name__})", "Look at the log.")


# -- the database -------------------------------------------------------------------------------


def _database(house: House, settings: Settings) -> Iterator[Line]:
    store = house.store
    where = health.address(store.engine)
    if not health.is_reachable(store.engine):
        yield fault(
            "database", f"{where} can't be reached",
            f"Look at {PREFIX}DATABASE_URL, and whether the database runs.",
        )  # fmt: skip
        return
    if not is_current(store.engine):
        yield fault("database", f"{where} is not of today's schema", "Run `spacekeeper release`.")
        return
    if not health.is_writable(store):
        yield fault(
            "database", f"{where} can't be written to",
            "Look at the rights on it, and at the space on its disk.",
        )  # fmt: skip
        return
    yield ok("database", f"{where}, schema current, writable")
    if (theirs := health.clock(store)) is not None:
        yield clock_line("clock of the database", datetime.now(UTC) - theirs)


def clock_line(name: str, skew: timedelta) -> Line:
    """How far a clock may be from ours (safety.md: else nothing runs)."""
    seconds = abs(skew.total_seconds())
    if seconds > timedelta(minutes=5).total_seconds():
        return fault(
            name, f"{seconds:,.0f} s from this machine's", "Let both keep time by NTP; until then "
            "nothing is destroyed.",
        )  # fmt: skip
    if seconds > 60:
        return warn(name, f"{seconds:.0f} s from this machine's", "Let both keep time by NTP.")
    return ok(name, "agrees with this machine's")


# -- the directory, the key, the caps -----------------------------------------------------------


def _directory(house: House, settings: Settings) -> Iterator[Line]:
    if isinstance(house.directory, NoDirectory):
        to_do = f"Set {PREFIX}DIRECTORY if policies or searches shall use groups."
        if settings.compliance_group:
            yield fault("directory", f"none, so nobody is in “{settings.compliance_group}”", to_do)
        else:
            yield warn("directory", "none: no group is known", to_do)
        return
    names: list[str] = []
    for source in sources_of(house.directory):
        yield _source(source, names)
    wanted = settings.compliance_group
    if wanted and (called := sum(name.casefold() == wanted.casefold() for name in names)) != 1:
        said = (
            f"{called} groups are called “{wanted}”" if called else f"no group is called “{wanted}”"
        )
        yield fault(
            "compliance group", f"{said}, so nobody is in it", f"Look at {PREFIX}COMPLIANCE_GROUP."
        )


def _source(source: Directory, names: list[str]) -> Line:
    """Reads it whole, as the job `groups` does; its groups' names and ids go into `names`."""
    before = len(names)
    unclear = []
    try:
        for group in source.groups():
            names += [group.name, group.source_id]
            if not group.is_whole:
                unclear.append(f"“{group.name}”: {group.why or 'not all of it can be read'}")
    except DirectoryFault as no:
        return fault("directory", no.said, no.to_do or UNTIL)
    except Refusal as no:
        return fault("directory", str(no), UNTIL)
    found = (len(names) - before) // 2
    if not found:
        return warn(
            "directory", f"{source.name}: it shows no group",
            "Look at what the account may read, and at the filter for groups.",
        )  # fmt: skip
    if unclear:
        return warn(
            "directory",
            f"{source.name}: {found:,} groups, {len(unclear):,} of them not wholly readable, such "
            f"as {unclear[0]}",
            "What can't be read is not known, and no policy that names it acts.",
        )
    return ok("directory", f"{source.name}: {found:,} groups")


def _key(house: House, settings: Settings) -> Iterator[Line]:
    key = settings.encryption_key.get_secret_value()
    if not key:
        if settings.is_refreshing:
            yield warn(
                "encryption key", "none: renewed tokens are not kept over a restart",
                f"Set {PREFIX}ENCRYPTION_KEY to a Fernet key, and keep it apart from the database.",
            )  # fmt: skip
        else:
            yield ok("encryption key", "none, and nothing that needs one")
        return
    vault = Vault(
        house.store, name="compliance", root=settings.co_refresh_token.get_secret_value(), key=key
    )
    try:
        kept = vault.kept()
    except Unreadable as no:
        yield fault(
            "encryption key", str(no),
            f"Put back the {PREFIX}ENCRYPTION_KEY of before; with a new one the refresh token of "
            "the settings is used.",
        )  # fmt: skip
        return
    yield ok("encryption key", "a renewed token is kept" if kept else "nothing is kept yet")


def _caps(house: House, settings: Settings) -> Iterator[Line]:
    zero = [
        PREFIX + name.upper()
        for name in ("cap_per_run", "cap_per_day", "cap_share")
        if not getattr(settings, name) > 0
    ]
    if zero:
        yield warn(
            "caps", f"nothing will be destroyed: {' and '.join(zero)} allow none",
            "Set how many spaces a run and a day may destroy, once you have seen simulations.",
        )  # fmt: skip
        return
    yield ok(
        "caps",
        f"at most {settings.cap_per_run:,} spaces a run, {settings.cap_per_day:,} a day, "
        f"{settings.cap_share:.1%} of all",
    )


# -- how it goes --------------------------------------------------------------------------------


def _inventory(house: House, settings: Settings) -> Iterator[Line]:
    with house.store.read() as tx:
        last, now, spaces = tx.crawls.last(complete=True), tx.now, tx.spaces.count_live()
        any_one = tx.crawls.last()
    to_do = "Run `spacekeeper job sync`; nothing is destroyed until it ended."
    if last is None or last.finished_at is None:
        said = f"never whole: {any_one.said}" if any_one is not None else "never read"
        yield warn("inventory", said, to_do)
    elif now - last.finished_at > house.limits.inventory:
        yield warn("inventory", f"last whole on {last.finished_at:%d %b %Y %H:%M} UTC", to_do)
    else:
        yield ok("inventory", f"{spaces:,} spaces, {last.finished_at:%d %b %Y %H:%M} UTC")


def _runs(house: House, settings: Settings) -> Iterator[Line]:
    with house.store.read() as tx:
        now, since = tx.now, tx.runs.first_at()
        last = {name: tx.runs.last(name) for name in load()}
    for name, run in last.items():
        if run is not None and run.outcome in (RunOutcome.FAILED, RunOutcome.MISSED):
            yield warn(
                f"job {name}", f"{run.outcome} on {run.due_at:%d %b %Y %H:%M} UTC: "
                f"{run.summary.get('why', 'no reason given')}",
                f"Put that right; `spacekeeper job {name}` runs it again.",
            )  # fmt: skip
    night = last.get("nightly")
    at = night.due_at if night is not None else since
    if at is None:
        yield ok("runs", "none yet")
    elif now - at > NIGHT:
        yield fault(
            "runs", f"no night's run since {at:%d %b %Y %H:%M} UTC",
            "See that `spacekeeper bot` runs all the time.",
        )  # fmt: skip
    else:
        yield ok("runs", "the night's run is on time")


def _pause(house: House, settings: Settings) -> Iterator[Line]:
    with house.store.read() as tx:
        pause = tx.settings.pause()
    if pause is not None:
        yield warn(
            "pause", f"everything that destroys stands still: {pause.reason} (by {pause.by})",
            "Compliance lets it go on with `resume`.",
        )  # fmt: skip


def _alerts(house: House, settings: Settings) -> Iterator[Line]:
    """What could be told to nobody is said here, where no channel can be down."""
    with house.store.read() as tx:
        dark, now = tx.settings.get(DARK), tx.now
        late = [one for one in tx.alert_telling.untold() if now - one.opened_at > LATE]
        waiting = tx.alerts.count(LIVING)
    if late and (dark is not None or any(one.nature.is_urgent for one in late)):
        since = min(one.opened_at for one in late)
        why = str(dark["why"]) if isinstance(dark, dict) and "why" in dark else "not known yet"
        yield fault(
            "alerts", f"{len(late):,} wait to be told since {since:%d %b %Y %H:%M} UTC ({why}), "
            f"such as: {late[0].title}",
            "Look at the bot's token, the alert space, and the addresses of compliance.",
        )  # fmt: skip
    else:
        yield ok("alerts", f"{waiting:,} open" if waiting else "none open")


def exit_code(lines: list[Line]) -> int:
    return 1 if any(line.level is Level.FAULT for line in lines) else os.EX_OK
