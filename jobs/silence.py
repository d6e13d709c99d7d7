"""Silence: a night's run that did not happen makes no noise by itself, so this one does.

Rocket.Chat's retention was idle for months and nobody knew (safety.md, Incidents). Compliance
is told once of each silence, and again for each further one of the same length; and once of
each run that failed, or that nobody was there for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.errors import Fault
from domain.runs import RunOutcome
from jobs.spec import Firing, Summary, job
from jobs.voice import night_of
from retention.telling import alert

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """`name` makes it one of its kind: it is told once."""

    name: str
    what: str
    pairs: tuple[tuple[str, str], ...]
    means: str
    to_do: str


@job(
    "silence", doc="Tells compliance when a run failed or did not happen.",
    cron="*/10 * * * *", grace=timedelta(minutes=9),
)  # fmt: skip
def silence(firing: Firing) -> Summary:
    found = [*_broken(firing), *_silent(firing), *_blind(firing)]
    if firing.is_dry:
        return {"would tell": [one.what for one in found]}
    told = 0
    for one in found:
        night = replace(night_of(firing), run=one.name)
        told += alert(night, one.what, *one.pairs, name=one.name, means=one.means, to_do=one.to_do)
    if found and not told:
        raise Fault(f"nobody could be told: {'; '.join(one.what for one in found)}")
    return {"troubles": [one.what for one in found], "told": told}


def _silent(firing: Firing) -> Iterator[Trouble]:
    with firing.house.store.read() as tx:
        now, began = tx.now, tx.runs.first_at()
        done = tx.runs.last("nightly", outcome=RunOutcome.DONE)
    since = done.finished_at if done is not None else began
    if since is None or now - since <= LONGEST:
        return
    times = int((now - since) / LONGEST)
    yield Trouble(
        name=f"silence/{since:%Y-%m-%dT%H:%M}/{times}",
        what=f"There was no night's run for {int((now - since).total_seconds() // 3600)} hours",
        pairs=(("Last run", f"{since:%d %b %Y %H:%M} UTC" if done is not None else "never"),),
        means=MEANS["nightly"],
        to_do="Ask your operator to run `spacekeeper check` and to look at the log.",
    )


def _blind(firing: Firing) -> Iterator[Trouble]:
    """The poll of events fails again and again, as with a token that is dead."""
    with firing.house.store.read() as tx:
        latest = tx.runs.history("events", count=TOO_OFTEN)
        good = tx.runs.last("events", outcome=RunOutcome.DONE)
    if len(latest) < TOO_OFTEN or any(run.outcome is not RunOutcome.FAILED for run in latest):
        return
    yield Trouble(
        name=f"blind/{good.id if good is not None else 'always'}",
        what="I can't see what changes in the company",
        pairs=(
            ("Since", f"{good.due_at:%d %b %Y %H:%M} UTC" if good is not None else "the start"),
            ("Why", str(latest[0].summary.get("why", "not known"))),
        ),
        means="What I know grows old; nothing is done to a space on old evidence.",
        to_do="Ask your operator to run `spacekeeper check`.",
    )


def _broken(firing: Firing) -> Iterator[Trouble]:
    for name in WATCHED:
        with firing.house.store.read() as tx:
            last = tx.runs.last(name)
        if last is None or last.outcome not in (RunOutcome.FAILED, RunOutcome.MISSED):
            continue
        did = "failed" if last.outcome is RunOutcome.FAILED else "did not happen"
        yield Trouble(
            name=f"{last.outcome}/{last.id}", what=f"The run “{name}” {did}",
            pairs=(
                ("Due", f"{last.due_at:%d %b %Y %H:%M} UTC"),
                ("Why", str(last.summary.get("why", "not known"))),
            ),
            means=MEANS[name],
            to_do=f"Put that right; `spacekeeper job {name}` runs it again.",
        )  # fmt: skip
