"""Exports of spaces whose policy wants one before it deletes: made while they are blocked, so that
nothing is written any more. Without it nothing is deleted, however long that takes."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from domain.audit import Word
from domain.cases import Case
from domain.errors import Fault
from domain.lifecycle import CaseState
from domain.people import SYSTEM
from domain.policies import PolicyVersion
from spaces.exporting import export_space
from spaces.spec import House
from storage.store import UnitOfWork
from webex.errors import NotAuthorised, Throttled

_log = logging.getLogger(__name__)


def lacks_export(house: House, tx: UnitOfWork, case: Case, version: PolicyVersion) -> str:
    """Why a case may not be deleted yet for want of an export; empty when it may."""
    if not version.needs_export or tx.case_exports.of(case.key):
        return ""
    if house.exports is None:
        return "its policy wants an export first, and the operator named no folder for exports"
    return "its export is not finished"


def waiting_cases(tx: UnitOfWork) -> tuple[Case, ...]:
    """Blocked cases whose policy wants an export that there is not yet, the soonest first."""
    wants = {one.key for one in tx.policies.holding() if one.needs_export}
    blocked = tx.cases.open(CaseState.BLOCKED)
    return tuple(one for one in blocked if one.version in wants and not tx.case_exports.of(one.key))


def export_cases(house: House, *, stop: Callable[[], bool]) -> Mapping[str, object]:
    """Exports what waits for it. One that can't be exported is tried again by the next run.

    Raises:
        Stopped: the process ends; the export goes on where it was.
    """
    if house.exports is None:
        return {"counts": {}}
    with house.store.read() as tx:
        waiting = waiting_cases(tx)
    return each_export(waiting, lambda case: _export(house, case, stop))


T = TypeVar("T")


def each_export(waiting: Iterable[T], export: Callable[[T], None]) -> Mapping[str, object]:
    """One after the other; one that can't be made is put off, and stops no other. Says how many.

    Raises:
        Stopped: the process ends.
    """
    counts: Counter[str] = Counter()
    for one in waiting:
        try:
            export(one)
            counts["exported"] += 1
        except (NotAuthorised, Throttled) as no:
            return {"counts": dict(counts), "stopped": str(no)}
        except Fault as no:
            counts["put off"] += 1
            _log.warning("an export is put off: %s", no)
    return {"counts": dict(counts)}


def _export(house: House, case: Case, stop: Callable[[], bool]) -> None:
    with house.store.read() as tx:
        space = tx.spaces.by_key(case.space)
    # The moment belongs to the name: an older database would give the key away again, and what
    # lies there from before must not pass for this one's.
    name = f"case-{case.key}-{case.blocked_at or case.opened_at:%Y%m%dT%H%M%S}"
    made = export_space(house, space, name=name, stop=stop)
    with house.store.begin() as tx:
        tx.case_exports.made(case.key, str(made.folder))
        tx.audit.add(
            Word.SPACE_EXPORT, SYSTEM, space=space.key, case=case.key, folder=made.folder.name,
            messages=made.messages, files=made.files, left_out=made.files_left_out,
            manifest=made.sha256,
        )  # fmt: skip
        tx.commit()
