"""The slots of the processes on one database: each has a name of its own while it lives, and
the next one that starts takes over the name of one that is gone.

Whether a process of this machine is gone is seen at once (`spaces/effects/leasing.py`); of
another machine, once its lease has run out.
"""

from __future__ import annotations

from datetime import timedelta

from domain.errors import Fault
from spaces.effects.leasing import is_dead, take_over, who
from storage.store import Store, UnitOfWork

SPAN = timedelta(seconds=30)
"""How long a lease outlives its holder; recovery within a minute needs it well below that."""
BEAT = 8.0
"""Seconds between two renewals."""
SLOT = "executor/"
MOST_SLOTS = 200


def take_slot(store: Store) -> str:
    for number in range(1, MOST_SLOTS + 1):
        with store.begin() as tx:
            if take_over(tx, f"{SLOT}{number}", who(), span=SPAN):
                tx.commit()
                return f"{SLOT}{number}"
    raise Fault(f"there are {MOST_SLOTS} processes on this database already")


def live_slots(tx: UnitOfWork) -> set[str]:
    """The slots whose process lives, as far as can be seen."""
    return {name for name, holder in tx.leases.live(SLOT).items() if not is_dead(holder)}
