"""How the whole stands, in numbers, and what keeps anything from being blocked or deleted.

Compliance is told all of it. A member is told whether everything is paused, and counts of the
spaces that they are in; nothing that lets them count others (I13).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from domain.ids import PersonKey
from domain.lifecycle import CaseState
from domain.policies import ENDS_SPACES, TAKES_AWAY, Ending, PolicyState, PolicyVersion
from domain.runs import RunOutcome
from domain.views import RunView, StatusView
from retention.attesting import attested, is_missing
from spaces.opening import opening, opening_of
from spaces.spec import House
from storage.crawls import Crawl
from storage.runs import Run
from storage.store import UnitOfWork

NIGHTLY = "nightly"
"""The job that decides, warns and ends."""
COMPANY = "company: I see every space of the organisation"
MEMBER = "member: I see only the spaces that I am in"


def status_view(house: House, *, only_for: PersonKey | None) -> StatusView:
    """How the whole stands.

    Args:
        only_for: a member, who is told of their own spaces only; None for compliance.
    """
    with house.store.read() as tx:
        counts = tx.cases.counts(visible_to=only_for)
        short = StatusView(
            mode=COMPANY if house.webex.has_compliance else MEMBER,
            is_paused=(pause := tx.settings.pause()) is not None, is_whole=only_for is None,
            spaces=tx.spaces.count_live(visible_to=only_for),
            warned=counts.get(CaseState.WARNED, 0),
            blocked=tx.blocks.count(visible_to=only_for),
        )  # fmt: skip
        if only_for is not None:
            return short
        complete, latest = tx.crawls.last(complete=True), tx.crawls.last()
        newest = tx.policies.all()
        holding = tx.policies.holding()
        last = tx.runs.last(NIGHTLY)
        return StatusView(
            mode=short.mode, is_paused=short.is_paused, spaces=short.spaces,
            warned=short.warned, blocked=short.blocked,
            paused_why=f"{pause.reason or 'none was given'}"
            f" (by {pause.by}, {pause.at:%Y-%m-%d %H:%M} UTC)"
            if pause else "",
            inventory_at=complete.started_at if complete else None,
            inventory_is_complete=_is_firm(house, complete, tx.now),
            inventory_said=_amiss(complete, latest),
            policies_active=_in(holding, PolicyState.ACTIVE),
            policies_paused=_in(holding, PolicyState.PAUSED),
            policies_simulated=_in(newest, PolicyState.SIMULATION),
            due=counts.get(CaseState.DUE, 0), held=counts.get(CaseState.HELD, 0),
            enforcing=counts.get(CaseState.ENFORCING, 0),
            needs_attention=counts.get(CaseState.NEEDS_ATTENTION, 0),
            open_intents=len(tx.intents.open()),
            last_run=_run(last) if last else None, next_run_at=house.timetable(NIGHTLY),
            control_hub=attested(tx),
            hindered_by=tuple(_hindrances(house, tx, complete, holding)),
        )  # fmt: skip


def _is_firm(house: House, complete: Crawl | None, now: datetime) -> bool:
    """A night may stand on it."""
    return complete is not None and now - complete.started_at <= house.limits.inventory


def _amiss(complete: Crawl | None, latest: Crawl | None) -> str:
    """What is the matter with a look that is later than the last complete one."""
    if latest is None or (complete is not None and latest.generation <= complete.generation):
        return ""
    return f"The latest look was not complete: {latest.said or 'something could not be read'}"


def _in(versions: Sequence[PolicyVersion], state: PolicyState) -> int:
    return sum(one.state is state for one in versions)


def _hindrances(
    house: House, tx: UnitOfWork, complete: Crawl | None, holding: Sequence[PolicyVersion]
) -> Iterator[str]:
    """Why nothing would be blocked or deleted tonight, besides a pause."""
    if complete is None:
        yield "The list of spaces was never complete."
    elif not _is_firm(house, complete, tx.now):
        yield f"The last complete list of spaces is of {complete.started_at:%Y-%m-%d %H:%M} UTC."
    if why := is_missing(house, tx):
        yield f"{why[0].upper()}{why[1:]}."
    if house.limits.cap_per_run < 1 or house.limits.cap_per_day < 1:
        yield "No cap is set for a run or a day, so nothing may be destroyed."
    if why := opening(tx, house.limits).closed(tx.now):
        yield f"{why[0].upper()}{why[1:]}."
    acting = [one for one in holding if one.state is PolicyState.ACTIVE]
    for one in acting:
        if one.own and opening_of(tx, house.limits, one).opens_at(tx.now) is None:
            yield f"“{one.name}” is not open within a year: its hours and the company's don't meet."
    for one in acting:
        if one.needs_export and house.exports is None:
            yield f"“{one.name}” wants an export first, and no folder for exports is named."
    if house.limits.cap_messages < 1 and any(one.ending is Ending.PURGE for one in acting):
        yield "No cap is set on messages, so none is purged."
    if not any(one.ending in ENDS_SPACES | {Ending.PURGE} for one in acting):
        yield "No active policy blocks or deletes."
    for one in acting:
        if one.ending in TAKES_AWAY and not one.cap:
            yield f"“{one.name}” has no cap, so it does nothing."


def _run(run: Run) -> RunView:
    """A run as it was written down; what is not there is left out."""
    said = run.summary
    counts = said.get("counts")
    attention = said.get("attention")
    failed = "" if run.outcome is RunOutcome.DONE else said.get("why") or str(run.outcome)
    return RunView(
        run=run.id, started_at=run.started_at, ended_at=run.finished_at,
        is_dry=bool(said.get("dry")), stopped=str(said.get("stopped") or failed),
        counts=tuple((str(word), int(number)) for word, number in counts.items())
        if isinstance(counts, Mapping) else (),
        attention=tuple(str(one) for one in attention) if isinstance(attention, list) else (),
    )  # fmt: skip
