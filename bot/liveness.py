"""Who this process is among several, and whether another one on this machine still lives.

A lease frees itself after a while. A process that was killed and is started again on the same
machine need not wait for that: it sees that the holder's number is nobody's any more. What
another machine, or another container, does can't be seen from here, so there the wait stays.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from datetime import timedelta

from domain.errors import Fault
from spaces.effects.kernel import WHO
from storage.store import Store, UnitOfWork

SPAN = timedelta(seconds=30)
"""How long a lease outlives its holder; recovery within a minute needs it well below that."""
BEAT = 8.0
"""Seconds between two renewals."""
SLOT = "executor/"
MOST_SLOTS = 200


def _place() -> str:
    """Where process numbers mean the same: a machine, a boot and a namespace of numbers."""
    place = socket.gethostname()
    with suppress(OSError):
        place += "/" + os.readlink("/proc/self/ns/pid")
        with open("/proc/sys/kernel/random/boot_id") as boot:
            return place + "/" + boot.read().strip()
    return ""


PLACE = _place()
ME = f"{WHO}|{os.getpid()}|{PLACE}"
"""This process as the holder of leases that outlive it."""


def is_dead(holder: str) -> bool:
    """Whether `holder` was a process of this machine and is no more. False when in doubt."""
    who, _, rest = holder.partition("|")
    number, _, place = rest.partition("|")
    if not PLACE or place.partition("|")[0] != PLACE or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return who != WHO  # our number now; its process was here before us
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def take(tx: UnitOfWork, name: str, holder: str, *, span: timedelta = SPAN) -> bool:
    """Takes a lease, also from a process of this machine that is no more."""
    if tx.leases.take(name, holder, span=span):
        return True
    before = tx.leases.live(name).get(name, "")
    if not is_dead(before):
        return False
    tx.leases.give_back(name, before)
    return tx.leases.take(name, holder, span=span)


def take_slot(store: Store) -> str:
    """A name for this process that is its own while it lives, and is used again after it."""
    for number in range(1, MOST_SLOTS + 1):
        with store.begin() as tx:
            if take(tx, f"{SLOT}{number}", ME):
                tx.commit()
                return f"{SLOT}{number}"
    raise Fault(f"there are {MOST_SLOTS} processes on this database already")


def live_slots(tx: UnitOfWork) -> set[str]:
    """The slots whose process lives, as far as can be seen."""
    return {name for name, holder in tx.leases.live(SLOT).items() if not is_dead(holder)}
