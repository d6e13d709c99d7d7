"""Groups: who is in which group of the directory, read before each night and twice by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cards.groups import FOR_COMPLIANCE, groups_renamed_card, look_at
from cards.words import harmless
from domain.alerts import AlertKind, Item, Mend, Raised
from domain.errors import Stopped
from domain.groups import GroupChange, GroupState
from jobs.spec import Firing, Summary, job
from jobs.voice import VOICE, night_of
from retention.alert_telling import tell_alerts
from retention.alerting import keep_true, raise_alert, settle_alert
from retention.telling import tell_compliance
from spaces.sync.groups import GroupsRead, read_groups, would_change

LOST = "groups"


@job(
    "groups", doc="Reads the directory's groups.",
    cron="30 1,9,17 * * *", grace=timedelta(hours=2),
)  # fmt: skip
def groups(firing: Firing) -> Summary:
    if firing.is_dry:
        return dict(would_change(firing.house))

    def stop() -> None:
        if firing.stop():
            raise Stopped

    read = read_groups(firing.house, progress=firing.progress, stop=stop)
    _tell(firing, read)
    read.check()
    return {
        "known": len(read.known), "shrunk": read.shrunk, "incomplete": read.incomplete,
        "directory": firing.house.directory.name,
    }  # fmt: skip


def _tell(firing: Firing, read: GroupsRead) -> None:
    """What compliance has to look at: groups that were known and are not, directories that do
    not answer, and new names."""
    house, night = firing.house, night_of(firing)
    lost = [one for one in read.lost if one.after is not GroupState.SILENT]
    with house.store.begin() as tx:
        keep_true(tx, (AlertKind.DIRECTORY,), [_silent(*one) for one in read.faults],
                  why="it answers again")  # fmt: skip
        if lost:
            raise_alert(tx, _lost(lost))
        one = tx.alerts.of(AlertKind.DIRECTORY, LOST)
        unknown = {group.source_id for group in tx.groups.all() if not group.is_known}
        if one is not None and one.is_on and not tx.alerts.keep_items(one.key, unknown):
            settle_alert(tx, AlertKind.DIRECTORY, LOST, why="they are known again, or forgotten")
        tx.commit()
    tell_alerts(house, VOICE.alert)
    if read.renamed:
        at = house.clock.now()
        tell_compliance(
            night, lambda zone: groups_renamed_card(read.renamed, at=at, zone=zone),
            what="alert/groups-renamed",
        )  # fmt: skip


def _silent(name: str, said: str) -> Raised:
    return Raised(
        kind=AlertKind.DIRECTORY, subject=f"source/{name}", what=f"{name} does not answer",
        pairs=(("What it said", said),),
        to_do="Ask your operator to run `spacekeeper check`; `spacekeeper job groups` reads again.",
    )  # fmt: skip


def _lost(lost: Sequence[GroupChange]) -> Raised:
    return Raised(
        kind=AlertKind.DIRECTORY, subject=LOST,
        what=f"“{harmless(lost[0].name, 60)}” not known any more",
        items=tuple(
            Item(key=one.source_id, said=f"{harmless(one.name, 80)}: {harmless(one.why, 200)}")
            for one in lost
        ),
        mends=(*(look_at(one) for one in lost[:1] if one.after in FOR_COMPLIANCE),
               Mend(title="All groups", command="groups")),
    )  # fmt: skip
