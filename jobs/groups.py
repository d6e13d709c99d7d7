"""Groups: who is in which group of the directory, read before each night and twice by day."""

from __future__ import annotations

from datetime import timedelta

from domain.errors import Stopped
from jobs.spec import Firing, Summary, job
from spaces.sync.groups import read_groups, would_change


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
    read.check()
    return {
        "known": len(read.known), "shrunk": read.shrunk, "incomplete": read.incomplete,
        "directory": firing.house.directory.name,
    }  # fmt: skip
