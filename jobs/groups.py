"""Groups: who is in which group of the directory, read before each night and twice by day."""

from __future__ import annotations

from datetime import timedelta

from cards.groups import groups_lost_card, groups_renamed_card
from domain.errors import Stopped
from domain.groups import GroupState
from jobs.spec import Firing, Summary, job
from jobs.voice import night_of
from retention.telling import tell_compliance
from spaces.sync.groups import GroupsRead, read_groups, would_change


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
    """What compliance has to look at. That a whole directory did not answer is told by the job
    `silence`, since this run fails by it."""
    at, night = firing.house.clock.now(), night_of(firing)
    if lost := [one for one in read.lost if one.after is not GroupState.SILENT]:
        tell_compliance(
            night, lambda zone: groups_lost_card(lost, at=at, zone=zone), what="alert/groups-lost"
        )
    if read.renamed:
        tell_compliance(
            night, lambda zone: groups_renamed_card(read.renamed, at=at, zone=zone),
            what="alert/groups-renamed",
        )  # fmt: skip
