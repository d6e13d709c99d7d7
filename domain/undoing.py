"""What somebody did and can take back: the command that leads back, as a button has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """A button that was offered to somebody and leads back. Args: at: when it was offered."""

    command: str
    args: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoable:
    """Args: typed: what a person types for it. about: the title of the space, if it is about one.
    at: when it was offered."""

    command: str
    args: Mapping[str, str]
    typed: str
    about: str
    at: datetime
