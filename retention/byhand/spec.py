"""What ending a space by hand is given: a voice of its own beside the engine's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.endings import Pending
from domain.outgoing import Showable
from domain.people import Reader
from retention.spec import Night


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said to the owners of a space, for one reader.

    Args:
        told: it is to be deleted, and can be taken back.
        stopped: it is not deleted after all; the text is why.
    """

    told: Callable[[Pending, Reader], Showable]
    stopped: Callable[[Pending, str, Reader], Showable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """One run of what people asked for. `night` is the engine's part of it: the house, the name
    of the run, and the voice for certificates and alerts."""

    night: Night
    words: Words
