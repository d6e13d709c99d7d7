"""How long a large forecast and a large simulation take, with their charts and workbooks, and how
much memory: every space of the company is hit.

``python -m bench.listing [--spaces 1000000] [--on postgresql]``. A list names 50,000 and
says how many more there are, so that the files cost the same however large the company is.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

from bench import company
from commands import forecast as forecast_command
from commands import policy_files
from directory.spec import NoDirectory
from domain.policies import Ending, PolicyDraft, PolicyState
from domain.views import SimulationView
from query.spec import Moments
from retention.agreeing import Simulated
from retention.differing import differ
from retention.filing import as_version
from retention.forecasting import forecast
from spaces.spec import House, Limits
from storage.engine import open_engine
from storage.store import Store

ALL = PolicyDraft(query="all", ending=Ending.DELETE, period=timedelta(days=90), cap=50)


Made = TypeVar("Made")


class _Standing:
    def now(self) -> Any:
        return company.NOW


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--spaces", type=int, default=100_000)
    asked.add_argument("--on", choices=("sqlite", "postgresql"), default="sqlite")
    options = asked.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        company.on(options.on, Path(folder), options.spaces) as url,
    ):
        store = Store(open_engine(url), _Standing())
        house = House(
            store=store,
            webex=None,  # type: ignore[arg-type]
            clock=_Standing(),
            directory=NoDirectory(),
            limits=Limits(),
        )
        with store.begin() as tx:
            made = tx.policies.new("all of them", ALL, author=None)
            tx.policies.set_state(made.policy, PolicyState.ACTIVE, was=PolicyState.SIMULATION)
            tx.commit()
        context: Any = SimpleNamespace(house=house, caller=SimpleNamespace(time_zone="UTC"))
        print(f"{options.spaces:,} spaces, on {options.on}; memory {_peak()} MB before")
        _forecast(house, context)  # each by itself, so that nothing of it stays
        _change(store, context)
        store.close()


def _forecast(house: House, context: Any) -> None:
    until = company.NOW + timedelta(days=550)
    found = _timed("forecast of a year and a half", lambda: forecast(house, until))
    files = _timed("its chart and workbook", lambda: forecast_command._files(context, found, "UTC"))
    _say(len(found.ends), files)


def _change(store: Store, context: Any) -> None:
    made = _timed("a change simulated", lambda: _simulate(store))
    files = _timed("its chart and workbook", lambda: policy_files.files_of(context, made))
    _say(len(made.difference.keys()), files)


def _simulate(store: Store) -> Simulated:
    with store.read() as tx:
        version = as_version(ALL, "all of them, sooner")
        change = differ(tx, tx.policies.holding(), Moments(now=tx.now), version)
    view = SimulationView(
        policy=version.name, version=version.key, number=1, query="all", sentence="of all kinds",
        ending=version.ending, made_at=company.NOW, targets=len(change.targets), unknown=0,
        inventory=len(change.targets), targets_hash="",
        changes=tuple((str(how), number) for how, number in change.counts.items()),
    )  # fmt: skip
    return Simulated(view=view, difference=change)


def _say(number: int, files: Any) -> None:
    for file in files:
        print(
            f"    {file.name}: {len(file.content) / 1e6:.1f} MB of {number:,} spaces; {file.says}"
        )


def _timed(name: str, what: Callable[[], Made]) -> Made:
    begins = time.perf_counter()
    made = what()
    print(f"{name:32}{time.perf_counter() - begins:7.2f} s, memory {_peak()} MB at its peak")
    return made


def _peak() -> int:
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


if __name__ == "__main__":
    main()
