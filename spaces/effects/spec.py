"""What an effect is: one way of changing Webex, with the way to see whether it holds.

One file in `spaces/effects/` declares one. `do` makes exactly one attempt; `read_back` looks,
without changing anything, and may be called long after by another process. What it can't
establish is UNKNOWN; it never guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from domain.errors import Fault
from domain.intents import Intent, Outcome
from spaces.spec import House
from storage.store import UnitOfWork

Evidence = Mapping[str, object]

Check = Callable[[UnitOfWork], None]
"""A last look of the caller's; raises to stop the effect (held, kept, moved on)."""


class Withheld(Fault):
    """What the effect saw by itself, before it asked for anything, speaks against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was seen. NOT_DONE means seen not to hold; anything less certain is UNKNOWN."""

    outcome: Outcome
    evidence: Evidence = field(default_factory=dict)


def note_nothing(tx: UnitOfWork, intent: Intent, evidence: Evidence) -> None:
    """For effects whose result the inventory does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One kind of change.

    Args:
        kind: its name in `Plan.kind`.
        do: asks Webex once and gives what Webex answered (ids), as evidence. May raise the
            gateway's errors, and `Withheld` before it has asked for any change.
        read_back: sees whether it holds; given what `do` answered, or {} after a crash. An
            error that `do` met stands in it as ``webex`` and ``status``.
        record: writes a DONE outcome into the inventory, in the transaction that settles.
        is_repeatable: recovery may do it again when it is seen not to hold. What destroys is
            not: it needs fresh evidence, which only its own case can gather.
        is_resumable: it has many requests, and stays OPEN when it stopped among them; its own
            case goes on with it, by the same step on fresh evidence.
        claims: the name in the evidence of what only one intent can have brought about.
        forgets: names in the payload that nobody needs once it is settled, such as a text.
    """

    kind: str
    do: Callable[[House, Intent], Evidence]
    read_back: Callable[[House, Intent, Evidence], Reading]
    record: Callable[[UnitOfWork, Intent, Evidence], None] = note_nothing
    is_repeatable: bool = True
    is_resumable: bool = False
    claims: str = ""
    forgets: tuple[str, ...] = ()


_declared: dict[str, Effect] = {}


def effect(made: Effect) -> Effect:
    """Declares an effect. Raises ValueError when its kind is taken."""
    if made.kind in _declared:
        raise ValueError(f"there are two effects of kind {made.kind!r}")
    _declared[made.kind] = made
    return made


def effect_of(kind: str) -> Effect:
    """Raises LookupError: an intent of a kind that this version does not know."""
    try:
        return _declared[kind]
    except KeyError:
        raise LookupError(f"no effect of kind {kind!r}") from None
