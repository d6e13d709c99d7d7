"""Which device a process connects with: each has its own, and they stay few.

Two connections on one device throw each other out (4000, webex-facts 5.9), and devices pile up
to a limit. So devices have numbers, and a process takes the lowest number that no other process
holds, by a lease in the database that they share. A number comes free when its process
stops, or some seconds after it died.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from storage.store import Store

log = logging.getLogger(__name__)

NAME = "spacekeeper-{}"
MOST = 50
LEASE = timedelta(seconds=45)
RENEWAL = 10.0


class Slots:
    """The device number of one process."""

    def __init__(self, store: Store, *, who: str) -> None:
        self._store = store
        self._who = who
        self._held: int | None = None
        self._foreign: set[int] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._renewing: threading.Thread | None = None

    def name(self) -> str:
        """The name of this process's device; its number is taken when there is none yet.

        Raises:
            LookupError: fifty other processes are there already.
        """
        with self._lock:
            if self._held is None:
                self._held = self._take()
            if self._renewing is None:
                self._renewing = threading.Thread(target=self._renew, name="slots", daemon=True)
                self._renewing.start()
            return NAME.format(self._held)

    def is_free(self, name: str) -> bool:
        """Whether a device is of a process of ours that is no more."""
        number = name.removeprefix(NAME.format(""))
        if name == number or not number.isdigit() or len(number) > 9:
            return False
        with self._store.begin() as tx:  # without a commit: only to see whether we would get it
            return int(number) != self._held and tx.leases.take(
                _lease(int(number)), f"{self._who}/look", span=LEASE
            )

    def lost(self) -> None:
        """Somebody who does not share our database connected with our name: take another."""
        with self._lock:
            if self._held is not None:
                log.warning("another bot uses the device %s", NAME.format(self._held))
                self._foreign.add(self._held)
                self._held = None

    def stop(self) -> None:
        self._stopped.set()
        if self._renewing is not None:
            self._renewing.join(5)
        with self._lock:
            if self._held is not None:
                with self._store.begin() as tx:
                    tx.leases.give_back(_lease(self._held), self._who)
                    tx.commit()
                self._held = None

    def _take(self) -> int:
        if len(self._foreign) >= MOST // 2:  # long ago, by now; and better in turn than never
            self._foreign.clear()
        for number in range(1, MOST + 1):
            if number in self._foreign:
                continue
            with self._store.begin() as tx:
                taken = tx.leases.take(_lease(number), self._who, span=LEASE)
                tx.commit()
            if taken:
                return number
        raise LookupError("there is no free device number")

    def _renew(self) -> None:
        while not self._stopped.wait(RENEWAL):
            with self._lock:
                held = self._held
            if held is None:
                continue
            try:
                with self._store.begin() as tx:
                    is_ours = tx.leases.take(_lease(held), self._who, span=LEASE)
                    tx.commit()
            except Exception as no:  # the database is away: so it is for those who would take it
                log.warning("the device number was not renewed: %s", type(no).__name__)
                continue
            if not is_ours:  # we slept too long, and another process has it now
                with self._lock:
                    self._held = None


def _lease(number: int) -> str:
    return f"device/{number}"
