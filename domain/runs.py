"""What can come of a run, one execution of a job."""

from __future__ import annotations

from enum import StrEnum


class RunOutcome(StrEnum):
    GOING = ""
    """Begun and not ended: some process is at it, or takes it up after a crash."""
    DONE = "done"
    FAILED = "failed"
    """It broke on the way; the summary says why."""
    SKIPPED = "skipped"
    """Its turn came while the run before was still going."""
    MISSED = "missed"
    """Nobody was there when it was due, and then it was too late."""
