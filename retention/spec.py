"""What the engine is given for one night: the house, its name, and a voice.

The engine never draws: what it has to say to people is passed in as functions from values to
something showable (`Voice`), so that it can announce without knowing cards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.alerts import AlertView
from domain.errors import Fault
from domain.ids import PersonKey
from domain.outgoing import Showable
from domain.people import Reader
from domain.views import CertificateView, Ended, Outsiders, Purged, RunView, Warned
from spaces.spec import House

LEADER = "retention"
"""The lease under which one process at a time does a night's work."""


class CalledOff(Fault):
    """The world had changed when a step's turn came; nothing was done."""


class Note(Protocol):
    """To compliance: what was done or is to be known. See `cards.note`."""

    def __call__(
        self, what: str, *pairs: tuple[str, str], at: datetime, means: str = "",
        lines: Sequence[str] = (), zone: str = "UTC",
    ) -> Showable: ...  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What is said to people. The last argument says how its reader is written to; to compliance,
    in which time zone.

    Args:
        most_warned: how many spaces one warning may name.
    """

    warning: Callable[[Sequence[Warned], PersonKey, Reader], Showable]
    blocked: Callable[[Warned, Reader], Showable]
    gone: Callable[[Ended, Reader], Showable]
    outsiders: Callable[[Outsiders, Reader], Showable]
    purged: Callable[[Purged, Reader], Showable]
    certificate: Callable[[CertificateView, str], Showable]
    run: Callable[[RunView, str], Showable]
    alert: Callable[[AlertView, str], Showable]
    note: Note
    most_warned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One run of the engine. `run` names it for ever; every step of it is named after it.

    `holder` is who has the leader's lease; `is_dry` plans and changes nothing.
    """

    house: House
    run: str
    voice: Voice
    holder: str
    is_dry: bool = False
    stop: Callable[[], bool] = lambda: False
    """The process is to end: no further case is begun, and the run goes on after a start."""
