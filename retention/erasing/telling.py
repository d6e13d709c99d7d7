"""What compliance is told of requests to erase people: deadlines that come near or are over, and
whatever else needs somebody, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.alerts import AlertKind, Mend, Raised
from domain.erasures import Erasure
from retention.spec import Night
from retention.telling import alert, note

SOON = (timedelta(days=7), timedelta(days=2), timedelta(0))
"""Before its deadline compliance is told of a request that is not over; each once."""


def deadlines(night: Night) -> int:
    """Tells compliance of deadlines that come near, and of those that are over."""
    with night.house.store.read() as tx:
        found, now = tx.erasures.open(), tx.now
    told = 0
    for one in found:
        near = [span for span in SOON if one.due - span <= now]
        if not near:
            continue
        is_over = near[-1] == timedelta(0)
        what = "is over" if is_over else f"ends in {max(0, (one.due - now).days)} days"
        told += tell(
            night, one, f"due/{one.due:%Y-%m-%d}/{near[-1].days}",
            f"the time to answer {one.number} {what}", why=f"It is {one.state}",
            means="The person has a right to an answer in time (GDPR Art. 12(3)).",
            to_do=f"Look at it with `erasure {one.number}`"
            + ("." if one.extended_at or is_over else "; `erasure extend` gives two months."),
        )  # fmt: skip
    return told


def tell(
    night: Night, one: Erasure, name: str, what: str, *, why: str, means: str, to_do: str,
    is_urgent: bool = True,
) -> int:  # fmt: skip
    """An alert, once for each name of a request, whichever run tells it; what nobody has to do
    anything about is a note."""
    pairs = (("Request", one.number), ("Why", why), ("To be answered by", f"{one.due:%Y-%m-%d}"))
    if not is_urgent:
        return note(
            replace(night, run=f"erasure/{one.number}"), what, *pairs, name=name, means=means,
            lines=(to_do,),
        )  # fmt: skip
    return alert(
        night,
        Raised(
            kind=AlertKind.ERASURE, subject=f"{one.number}/{name}", what=what, pairs=pairs,
            means=means, to_do=to_do, occurrence=name,
            mends=(
                Mend(
                    title="The request", command="erasure", args={"number": one.number},
                    typed=f"erasure {one.number}",
                ),
            ),
        ),
    )  # fmt: skip
