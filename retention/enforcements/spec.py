"""What an enforcement is: what is done when the notices are over, and when the grace is.

One file in this folder declares one for one `Ending`. The engine has looked at the space
(`Turn.proof`) before it calls; what changes Webex goes through `spaces.effects` with
`retention.proving.last_look` in its transaction. It says what it did as one word that the
run's card counts, or raises; it never guesses.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.cases import Case
from domain.policies import Ending
from retention.proving import Proof
from retention.spec import Night


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A case whose turn it is."""

    night: Night
    proof: Proof


Act = Callable[[Turn], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enforcement:
    """
    Args:
        after_notices, after_grace, each_night: None where there is nothing to do then. The last
            is for what goes on after its notices, night after night.
        is_idle: whether a night has nothing to do for a case of that; asked before the space is
            read, so that most spaces cost little. It changes nothing on Webex.
    """

    ending: Ending
    after_notices: Act
    after_grace: Act | None = None
    each_night: Act | None = None
    is_idle: Callable[[Night, Case], bool] = lambda night, case: False


_declared: dict[Ending, Enforcement] = {}


def enforcement(made: Enforcement) -> Enforcement:
    """Declares one. Raises ValueError when its ending has one already."""
    if made.ending in _declared:
        raise ValueError(f"there are two enforcements of {made.ending}")
    _declared[made.ending] = made
    return made


def load() -> Mapping[Ending, Enforcement]:
    """Imports each file of the folder. Raises LookupError when an ending has none."""
    from retention import enforcements

    for module in pkgutil.iter_modules(enforcements.__path__):
        importlib.import_module(f"retention.enforcements.{module.name}")
    missing = set(Ending) - set(_declared) - {Ending.KEEP}
    if missing:
        raise LookupError(f"no enforcement of {', '.join(sorted(missing))}")
    return dict(_declared)
