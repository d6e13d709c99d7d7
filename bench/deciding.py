"""How long all policies over all spaces take, in bare scans and against DuckDB, in one run.

``python -m bench.deciding [--spaces 1000000] [--policies 200] [--on postgresql]``. Machines are
noisy: only the ratios are goals (numbers.md): at most 12 x DuckDB cold from SQLite, at most 4 x
from PostgreSQL, at most 450 MB at a million.
DuckDB is given the same criteria, hand-written, two-valued, without floors, holds and keeps.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import text

from bench import company
from domain.clock import SystemClock
from domain.ids import PolicyKey, PolicyVersionKey
from domain.policies import Ending, PolicyState, PolicyVersion
from query.language import parse
from query.spec import Moments
from retention import decision, readings
from retention.differing import differ
from storage.engine import open_engine
from storage.store import Store

MOMENTS = Moments(now=company.NOW)


def policies(count: int, seed: int = 2) -> list[PolicyVersion]:
    rng = random.Random(seed)

    def query() -> str:
        side = [
            f"tag:tag{rng.randint(1, company.TAGS)}",
            f"group:group{rng.randint(1, company.GROUPS)}",
            f"domain:domain{rng.randint(1, company.DOMAINS)}",
        ]  # fmt: skip
        plain = [
            f"inactive:>{rng.choice((30, 90, 180, 365, 730))}d",
            f"scope:{rng.choice(('internal', 'external'))}",
            f"classification:level{rng.randint(1, 5)}", f"size:>={rng.choice((3, 10, 50))}",
            f"-classification:level{rng.randint(1, 5)}", f"age:>{rng.choice((90, 365, 700))}d",
        ]  # fmt: skip
        return " ".join([rng.choice(side), *rng.sample(plain, rng.randint(0, 2))])

    return [
        PolicyVersion(
            key=PolicyVersionKey(n), policy=PolicyKey(n), name=f"p{n}", number=1, priority=n,
            state=PolicyState.ACTIVE, query=query(), ending=Ending.DELETE, includes_direct=True,
            period=timedelta(days=rng.choice((90, 180, 365, 730))),
        )
        for n in range(1, count + 1)
    ]  # fmt: skip


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    begins = time.perf_counter()
    made = what()
    return time.perf_counter() - begins, made


def duck_statement(versions: list[PolicyVersion]) -> str:
    """One CASE in priority order over masks, as a person would write it for DuckDB."""
    now = int(company.NOW.timestamp() * 1000)
    sides: dict[str, dict[str, str]] = {"tag": {}, "group": {}, "domain": {}}
    branches = []
    for version in versions:
        tests = []
        for term in version.query.split():
            no, (name, value) = term.startswith("-"), term.lstrip("-").split(":")
            if name in sides:
                flag = f"{name}_{value}"
                sides[name][flag] = value.removeprefix(name)
                test = f"coalesce({flag}, false)"
            elif name == "scope":
                test = f"scope = {int(value == 'external')}"
            elif name == "classification":
                test = f"classification_id = {value.removeprefix('level')}"
            elif name == "size":
                test = f"size {value[:2]} {value[2:]}"
            else:
                column = "last_activity" if name == "inactive" else "created"
                test = f"{column} < {now - int(value[1:-1]) * company.DAY}"
            tests.append(f"NOT ({test})" if no else test)
        period = int((version.period or timedelta()).total_seconds() * 1000)
        branches.append((" AND ".join(tests), int(version.key), period))
    winner = " ".join(f"WHEN {test} THEN {key}" for test, key, _ in branches)
    periods = " ".join(f"WHEN {key} THEN {period}" for _, key, period in branches)
    joins = "".join(
        " LEFT JOIN (SELECT space_id, "
        + ", ".join(f"bool_or(side_id = {key}) AS {flag}" for flag, key in flags.items())
        + f" FROM space_{name} GROUP BY space_id) AS of_{name} ON of_{name}.space_id = space.id"
        for name, flags in sides.items()
        if flags
    )
    inner = f"SELECT id, last_activity, CASE {winner} END AS version FROM space{joins}"
    return (
        f"SELECT count(*), count(version), sum(last_activity + CASE version {periods} END)"
        f" FROM ({inner})"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--spaces", type=int, default=100_000)
    asked.add_argument("--policies", type=int, default=50)
    asked.add_argument("--on", choices=("sqlite", "postgresql"), default="sqlite")
    options = asked.parse_args()
    versions = policies(options.policies)
    with (
        tempfile.TemporaryDirectory() as folder,
        company.on(options.on, Path(folder), options.spaces) as url,
    ):
        duck_file = str(Path(folder) / "company.duckdb")
        store = Store(open_engine(url), SystemClock())
        with store.begin() as tx:
            _policies_there(tx, versions)
            tx.commit()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        scan = min(timed(lambda: _scan(store))[0] for _ in range(3))
        ours, dated = timed(lambda: _weigh(store, versions))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        first, summary = timed(lambda: _decide(store, versions))
        again, unchanged = timed(lambda: _decide(store, versions))
        simulated, hit = timed(lambda: _differ(store, versions))
        with duckdb.connect(duck_file) as duck:
            duck.execute("SET threads = 2")
            statement = duck_statement(versions)
            cold, answer = timed(lambda: duck.execute(statement).fetchone())
            warm, _ = timed(lambda: duck.execute(statement).fetchone())
        store.close()
    criteria = len({one.key for v in versions for one in parse(v.query).criteria})
    print(
        f"{options.spaces:,} spaces x {options.policies} policies, {criteria} criteria,"
        f" on {options.on}"
    )
    print(f"dated: ours {dated:,}, DuckDB {answer[1] if answer else 0:,}")
    print(f"a change hits {hit:,} spaces by name")
    print(f"written: {summary.changed:,} at first, {unchanged.changed:,} the next time")
    for name, seconds in (
        ("bare scan", scan), ("ours, evaluation alone", ours),
        ("ours, and nothing to write", again),
        ("ours, and all rows written", first), ("ours, a change simulated", simulated),
        ("DuckDB cold", cold), ("DuckDB warm", warm),
    ):  # fmt: skip
        ratios = f"{seconds / scan:9.1f} scans {seconds / cold:7.2f} x DuckDB cold"
        print(f"{name:28}{seconds:8.3f} s {ratios}")
    print(
        f"memory: peak {peak / 1024:.0f} MB, of which {before / 1024:.0f} MB were the bench's own"
    )


def _policies_there(tx: Any, versions: list[PolicyVersion]) -> None:
    for one in versions:
        values = {"n": int(one.key), "name": one.name}
        tx.connection.execute(text(
            "INSERT INTO policy (id, name, state, priority, made_at) "
            "VALUES (:n, :name, 'active', :n, 0)"
        ), values)  # fmt: skip
        tx.connection.execute(text(
            "INSERT INTO policy_version (id, policy_id, number, query, ending, basis, is_floor,"
            " includes_direct, notices, grace_days, made_at)"
            " VALUES (:n, :n, 1, 'all', 'delete', 'last activity', false, true, '', 14, 0)"
        ), values)  # fmt: skip


def _scan(store: Store) -> Any:
    with store.read() as tx:
        return tx.connection.execute(text("SELECT count(*), max(last_activity) FROM space")).one()


def _weigh(store: Store, versions: list[PolicyVersion]) -> int:
    with store.read() as tx:
        read = readings.read_versions(versions)
        _, weighed = decision._weigh(tx, read, MOMENTS.now)
        return int((weighed.version >= 0).sum())


def _differ(store: Store, versions: list[PolicyVersion]) -> int:
    """A new version of the first policy, as it is shown to whoever agrees to it."""
    changed = replace(versions[0], key=PolicyVersionKey(10_000), query="scope:external")
    with store.read() as tx:
        change = differ(tx, versions, MOMENTS, changed)
        return len(change.keys())


def _decide(store: Store, versions: list[PolicyVersion]) -> decision.DecisionSummary:
    with store.begin() as tx:
        made = decision.decide(tx, versions, MOMENTS, generation=1)
        tx.commit()
        return made


if __name__ == "__main__":
    main()
