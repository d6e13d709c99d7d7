"""Sets of spaces as bits, three-valued: in it, not in it, or not known.

Plain arithmetic on numpy arrays; knows nothing of databases or policies. A set of a million
spaces is 125 KB twice, so the answers to hundreds of criteria fit in memory at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from query import tree
from query.spec import Criterion

Bits = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Kleene:
    """Who is certainly in it, and of whom it is not known. The two never overlap."""

    true: Bits
    unknown: Bits

    def __and__(self, other: Kleene) -> Kleene:
        true = self.true & other.true
        possible = (self.true | self.unknown) & (other.true | other.unknown)
        return Kleene(true, possible & ~true)

    def __or__(self, other: Kleene) -> Kleene:
        true = self.true | other.true
        return Kleene(true, (self.unknown | other.unknown) & ~true)

    def __invert__(self) -> Kleene:
        return Kleene(~(self.true | self.unknown), self.unknown)


def pack(flags: Flags) -> Bits:
    return np.packbits(flags)


def unpack(bits: Bits, count: int) -> Flags:
    return np.unpackbits(bits, count=count).view(np.bool_)


def of_keys(keys: npt.NDArray[np.int64], count: int) -> Bits:
    """The set of `keys`, in a universe of 0 up to `count`."""
    flags = np.zeros(count, dtype=np.bool_)
    flags[keys] = True
    return pack(flags)


def everything(count: int) -> Kleene:
    return Kleene(pack(np.ones(count, dtype=np.bool_)), pack(np.zeros(count, dtype=np.bool_)))


def unsure(count: int) -> Kleene:
    """Of nobody is it known."""
    return Kleene(pack(np.zeros(count, dtype=np.bool_)), pack(np.ones(count, dtype=np.bool_)))


def combine(node: tree.Node, answers: Mapping[str, Kleene], count: int) -> Kleene:
    """The set that a query means, from the sets of its criteria by their keys."""
    match node:
        case tree.All():
            return everything(count)
        case tree.Nothing():
            return ~everything(count)
        case tree.Not(part):
            return ~combine(part, answers, count)
        case tree.And(parts):
            made = combine(parts[0], answers, count)
            for part in parts[1:]:
                made = made & combine(part, answers, count)
            return made
        case tree.Or(parts):
            made = combine(parts[0], answers, count)
            for part in parts[1:]:
                made = made | combine(part, answers, count)
            return made
        case Criterion():
            return answers[node.key]
