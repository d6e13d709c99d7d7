"""One process at a time does a night's work: whoever has the lease, and renews it.

A process that was asleep (paused, swapped out, its machine stopped) may find somebody else at
work; so every destructive step looks at the lease once more, in its own transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from domain.errors import Elsewhere
from retention.spec import LEADER, Night
from spaces.effects.leasing import take_over, who

LEASE = timedelta(seconds=40)
"""Renewed long before; after a kill another process goes on within a minute (L1)."""


class NotLeader(Elsewhere):
    """Another process does this work right now."""


@contextmanager
def leading(night: Night, name: str = LEADER) -> Iterator[None]:
    """Holds the leader's lease meanwhile; every destructive step looks that it still does. Work
    that goes on for long beside the nights has a lease of its own `name`."""
    house, stop = night.house, threading.Event()

    def take() -> bool:
        with house.store.begin() as tx:
            taken = take_over(tx, name, night.holder, span=LEASE)
            tx.commit()
        return taken

    def renew() -> None:
        while not stop.wait(LEASE.total_seconds() / 5):
            take()

    if not take():
        raise NotLeader("another process does this work")
    keeper = threading.Thread(target=renew, name=name, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join(10)
        with house.store.begin() as tx:
            tx.leases.give_back(name, night.holder)
            tx.commit()


def holder() -> str:
    """Who leads, as written in the lease: this process, this thread."""
    return f"{who()}/{threading.get_ident()}"
