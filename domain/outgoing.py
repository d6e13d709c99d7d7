"""What goes out to people, before it is drawn: a text that says it all, a card, its presses.

A button never carries what it does, only a nonce; what it does stands in our own record,
written when the card goes out. `Press` is that record before it has a nonce.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Protocol

from domain.ids import CaseKey, PersonKey, PolicyVersionKey, SpaceKey

NOTHING: Mapping[str, str] = MappingProxyType({})
CARD_LIFE = timedelta(days=7)
MEGABYTE = 1_000_000
MOST_BYTES = 100 * MEGABYTE
"""Of a file (webex-facts 1.5, 6); the smaller of the two meanings of megabyte."""


@dataclass(frozen=True, kw_only=True)
class Press:
    """A button: the command that a person could also type, with its arguments filled in.

    Args:
        command: the path of the command, such as ``keep until``.
        args: argument name to the text a person would have typed; this, not the card's
            inputs, says what the press is about.
        inputs: names of the arguments that the person fills in on the card; any other key
            in the submitted inputs gets the press refused.
        only_for: the one person who may press; None leaves it to the command's permission.
        case, cycle, policy_version: the press is void when any of them moved on.
        life: how long the button works.
        once_per_card: the first press of any button of the card uses up the others.
    """

    title: str
    command: str
    args: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    inputs: tuple[str, ...] = ()
    only_for: PersonKey | None = None
    space: SpaceKey | None = None
    case: CaseKey | None = None
    cycle: int | None = None
    policy_version: PolicyVersionKey | None = None
    life: timedelta = CARD_LIFE
    style: str = "default"
    once_per_card: bool = False

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that goes out beside a card, as a message of its own (Webex takes one file a
    message, and none beside a card, webex-facts 1.5).

    Args:
        name: what it is called where it is saved, such as ``spaces.xlsx``.
        media: its media type.
        says: the text of its message.
    """

    name: str
    content: bytes = field(repr=False)
    media: str
    says: str = ""

    @property
    def is_too_large(self) -> bool:
        return len(self.content) > MOST_BYTES

    @property
    def text(self) -> str:
        if self.is_too_large:
            return (
                f"{self.name} would have {len(self.content) / MEGABYTE:,.0f} MB, and Webex takes"
                f" at most {MOST_BYTES // MEGABYTE} MB. It was not sent. Ask for less: a narrower"
                " search, an earlier day, or one policy alone."
            )
        return self.says or self.name

    @property
    def parts(self) -> tuple[str, bytes, str] | None:
        """(name, content, media type); None where Webex would not take it, as the text says."""
        return None if self.is_too_large else (self.name, self.content, self.media)


class Showable(Protocol):
    """A card that can be drawn once its presses have nonces (`cards.kit.Card`)."""

    @property
    def presses(self) -> tuple[Press, ...]: ...
    @property
    def text(self) -> str:
        """The fallback: says everything that the card says, without markdown."""
        ...

    def render(self, nonces: Mapping[Press, str], marker: str = "") -> dict[str, object]:
        """The card's JSON. `marker` goes invisibly along, so that the card can be found again."""
        ...
