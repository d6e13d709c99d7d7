"""Silence: a night's run that did not happen makes no noise by itself, so this one does.

Rocket.Chat's retention was idle for months and nobody knew (safety.md, Incidents). Compliance
is told once of each silence, and again for each further one of the same length; and once of
each run that failed, or that nobody was there for. Here, too, since it needs Webex: whether its
clock and ours agree.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

from domain.alerts import AlertKind, Raised
from domain.errors import Fault
from domain.runs import RunOutcome
from jobs.spec import Firing, Summary, job
from jobs.voice import VOICE, night_of
from retention.alert_readers import readers_of
from retention.alert_sources import clock_fault
from retention.alert_telling import tell_alerts
from retention.alerting import keep_true
from retention.ground import CLOCKS_DIFFER, out_of_reach

log = logging.getLogger(__name__)

LONGEST = timedelta(hours=26)
WATCHED = ("nightly", "sync", "groups")
"""Jobs of which a single failure matters; the others come again within minutes."""
TOO_OFTEN = 10
"""So many failures one after the other matter of a job of every minute, too."""
MEANS = {
    "nightly": "Nobody was warned and nothing was done to any space that night.",
    "sync": "Once the inventory is too old, nothing is done to any space.",
    "groups": "No policy that names a group of the directory does anything until it is read.",
}


@job(
    "silence", doc="Tells compliance when a run failed or did not happen.",
    cron="*/10 * * * *", grace=timedelta(minutes=9),
)  # fmt: skip
def silence(firing: Firing) -> Summary:
    found = [*_broken(firing), *_silent(firing), *_blind(firing)]
    clocks = _clocks(firing)
    if firing.is_dry:
        return {"would tell": [one.what for one in (*found, *clocks)]}
    with firing.house.store.begin() as tx:
        keys = keep_true(tx, (AlertKind.SILENT,), found, why="it runs again")
        keys += keep_true(tx, (AlertKind.CLOCK,), clocks, why="the clocks agree again")
        tx.commit()
    tell_alerts(firing.house, VOICE.alert)
    with firing.house.store.read() as tx:
        told = sum(readers_of(tx, key) for key in keys)
    troubles = [one.what for one in (*found, *clocks)]
    if troubles and not told:
        raise Fault(f"nobody could be told: {'; '.join(troubles)}")
    return {"troubles": troubles, "told": told}


def _clocks(firing: Firing) -> list[Raised]:
    try:
        why = out_of_reach(night_of(firing))
    except Fault as no:  # its token is dead, say; nobody can be told by us, and the check says so
        log.error("Webex's clock can't be read: %s", no)
        return []
    return [clock_fault(why)] if why.startswith(CLOCKS_DIFFER) else []


def _silent(firing: Firing) -> Iterator[Raised]:
    with firing.house.store.read() as tx:
        now, began = tx.now, tx.runs.first_at()
        done = tx.runs.last("nightly", outcome=RunOutcome.DONE)
    since = done.finished_at if done is not None else began
    if since is None or now - since <= LONGEST:
        return
    times = int((now - since) / LONGEST)
    yield Raised(
        kind=AlertKind.SILENT,
        subject="nights",
        occurrence=f"{since:%Y-%m-%dT%H:%M}/{times}",
        what=f"There was no night's run for {int((now - since).total_seconds() // 3600)} hours",
        pairs=(("Last run", f"{since:%d %b %Y %H:%M} UTC" if done is not None else "never"),),
        means=MEANS["nightly"],
        to_do="Ask your operator to run `spacekeeper check` and to look at the log.",
    )


def _blind(firing: Firing) -> Iterator[Raised]:
    """The poll of events fails again and again, as with a token that is dead."""
    with firing.house.store.read() as tx:
        latest = tx.runs.history("events", count=TOO_OFTEN)
        good = tx.runs.last("events", outcome=RunOutcome.DONE)
    if len(latest) < TOO_OFTEN or any(run.outcome is not RunOutcome.FAILED for run in latest):
        return
    yield Raised(
        kind=AlertKind.SILENT,
        subject="events",
        occurrence=good.id if good is not None else "always",
        what="I can't see what changes in the company",
        pairs=(
            ("Since", f"{good.due_at:%d %b %Y %H:%M} UTC" if good is not None else "the start"),
            ("Why", str(latest[0].summary.get("why", "not known"))),
        ),
        means="What I know grows old; nothing is done to a space on old evidence.",
        to_do="Ask your operator to run `spacekeeper check`.",
    )


def _broken(firing: Firing) -> Iterator[Raised]:
    for name in WATCHED:
        with firing.house.store.read() as tx:
            last = tx.runs.last(name)
            of_directory = any(one.lasts for one in tx.alerts.on((AlertKind.DIRECTORY,)))
        if last is None or last.outcome not in (RunOutcome.FAILED, RunOutcome.MISSED):
            continue
        if name == "groups" and last.outcome is RunOutcome.FAILED and of_directory:
            continue  # that a directory did not answer is told already
        did = "failed" if last.outcome is RunOutcome.FAILED else "did not happen"
        yield Raised(
        kind=AlertKind.SILENT,
            subject=f"run/{name}", occurrence=last.id, what=f"The run “{name}” {did}",
            pairs=(
                ("Due", f"{last.due_at:%d %b %Y %H:%M} UTC"),
                ("Why", str(last.summary.get("why", "not known"))),
            ),
            means=MEANS[name],
            to_do=f"Put that right; `spacekeeper job {name}` runs it again.",
        )  # fmt: skip
