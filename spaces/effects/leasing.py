"""Who works on an intent: one thread of one process at a time, by a lease in the database.

The lease is short and renewed while the work lasts, so that what a killed process left is
free within half a minute; on the same machine its successor sees at once that it is dead.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from domain.errors import Fault
from spaces.spec import House
from storage.store import UnitOfWork

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""A killed process' work is taken up by others after this (safety.md, L1: within 60 s)."""


class Busy(Fault):
    """Another process is at this very step at this moment."""


def _machine() -> str:
    """Names the place where a process id means one process: machine, boot and namespace.
    Where that can't be told, every process has a place of its own, and none counts as dead."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
        place = os.readlink("/proc/self/ns/pid").strip("pid:[]")
    except OSError:
        boot, place = uuid.uuid4().hex[:8], "0"
    return f"{socket.gethostname()}-{boot}-{place}"


_MACHINE = _machine()
_LIFE = uuid.uuid4().hex[:8]


def who() -> str:
    """This process, in leases and claims; a forked one is another."""
    return f"{_MACHINE}/{os.getpid()}/{_LIFE}"


def name_of(intent: int) -> str:
    return f"intent/{intent}"


def myself() -> str:
    return f"{who()}/{threading.get_ident()}"


def take(tx: UnitOfWork, intent: int) -> None:
    """Takes the lease of an intent for this thread. Raises Busy."""
    name = name_of(intent)
    if not take_over(tx, name, myself(), span=LEASE):
        raise Busy(f"another process is at {name}")


def take_over(tx: UnitOfWork, name: str, holder: str, *, span: timedelta) -> bool:
    """Takes any lease, also from a process of this machine that is no more."""
    if tx.leases.take(name, holder, span=span):
        return True
    other = tx.leases.holder(name)
    if other is not None and is_dead(other):
        tx.leases.give_back(name, other)
    return tx.leases.take(name, holder, span=span)


def is_mine(tx: UnitOfWork, intent: int) -> bool:
    """Whether this thread still holds the lease: it may have slept through its end."""
    return tx.leases.holds(name_of(intent), myself())


@contextmanager
def kept(house: House, intent: int) -> Iterator[None]:
    """Keeps a lease that was taken alive for as long as the work lasts, and gives it back."""
    name, holder, over = name_of(intent), myself(), threading.Event()

    def renew() -> None:
        while not over.wait(LEASE.total_seconds() / 3):
            try:
                with house.store.begin() as tx:
                    tx.leases.take(name, holder, span=LEASE)
                    tx.commit()
            except Exception:  # the database is away: tried again, and the last look finds out
                log.exception("the lease %s was not renewed", name)

    keeper = threading.Thread(target=renew, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()
        with house.store.begin() as tx:
            tx.leases.give_back(name, holder)
            tx.commit()


def is_dead(holder: str) -> bool:
    """Whether the holder's process is known to be no more; in doubt it is not."""
    machine, _, rest = holder.partition("/")
    pid, life = rest.split("/")[:2]
    if machine != _MACHINE:
        return False
    if int(pid) == os.getpid():
        return life != _LIFE
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
