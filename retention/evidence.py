"""What the decision is made on besides criteria: guards, holds, keeps and dates.

`Evidence` is columns of numbers as the database gave them; from them come the arrays that
`weighing` works on and the one space's facts that `tracing` says in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from domain.policies import Counting
from query.answering import MISSING, Numbers
from query.facts import FOREVER, GENERAL, LIVE, MEMBERS, NOT_OURS, OURS, UNTOUCHABLE
from retention.weighing import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Columns of all spaces, or of one.

    `key`, `type`, `activity`, `created`, `flags` fit row for row; so do the pairs of `manual`,
    `sooner`, `not_before` and `purged`, as (keys, milliseconds), and `sooner_by`, as (keys,
    versions). `held` are keys of spaces under
    a hold for certain; `persons_held` says that a hold on a person exists, so that a space whose
    members are not all known may be under it.
    """

    key: Numbers
    type: Numbers
    activity: Numbers
    created: Numbers
    flags: Numbers
    held: Numbers
    persons_held: bool
    manual: tuple[Numbers, Numbers]
    sooner: tuple[Numbers, Numbers]
    sooner_by: tuple[Numbers, Numbers]
    not_before: tuple[Numbers, Numbers]
    purged: tuple[Numbers, Numbers]
    counted: Mapping[Counting, tuple[Numbers, Numbers]] = field(default_factory=dict)
    """Pairs like those: a tag's or an end date's moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """One space's facts; None where not known or not there, FOREVER for a keep for ever."""

    is_live: bool
    is_ours: bool | None
    is_general: bool
    is_untouchable: bool
    members_known: bool
    is_held: bool
    persons_held: bool
    type: int | None
    activity: int | None
    created: int | None
    manual: int | None
    sooner: int | None
    sooner_by: int | None
    not_before: int | None
    counted: Mapping[Counting, int | None] = field(default_factory=dict)
    oldest: int | None = None
    """The earliest moment that a message in it can be of: from its creation on, or from where
    it was purged until."""


def arrays(evidence: Evidence) -> Facts:
    count = int(evidence.key.max()) + 1 if len(evidence.key) else 1
    keys = evidence.key

    def spread(values: Numbers, at: Numbers = keys, fill: int = MISSING) -> Numbers:
        made = np.full(count, fill, dtype=np.int64)
        made[at] = values
        return made

    exists = np.zeros(count, dtype=np.bool_)
    exists[keys] = True
    flags = spread(evidence.flags, fill=0)
    ours = (flags & OURS) != 0
    not_ours = (flags & NOT_OURS) != 0
    held = np.zeros(count, dtype=np.bool_)
    held[evidence.held] = True
    in_doubt = ((flags & MEMBERS) == 0) if evidence.persons_held else np.zeros_like(exists)
    return Facts(
        count=count, exists=exists,
        untouchable=not_ours | ((flags & (GENERAL | UNTOUCHABLE)) != 0) | ((flags & LIVE) == 0),
        ours_unknown=~ours & ~not_ours, held=held, held_unknown=in_doubt,
        type=spread(evidence.type), activity=spread(evidence.activity),
        created=spread(evidence.created),
        oldest=_oldest(spread(evidence.created), spread(evidence.purged[1], evidence.purged[0])),
        manual=spread(evidence.manual[1], evidence.manual[0]),
        sooner=spread(evidence.sooner[1], evidence.sooner[0]),
        sooner_by=spread(evidence.sooner_by[1], evidence.sooner_by[0]),
        not_before=spread(evidence.not_before[1], evidence.not_before[0]),
        counted={key: spread(at, spaces) for key, (spaces, at) in evidence.counted.items()},
    )  # fmt: skip


NEVER = np.array([MISSING], dtype=np.int64)


def _oldest(created: Numbers, purged: Numbers) -> Numbers:
    """No message is older than its space, nor is one left from before it was purged."""
    return np.where(created == MISSING, MISSING, np.maximum(created, purged))


def one(evidence: Evidence) -> One:
    """The facts of the only space in `evidence`. Raises LookupError when there is none."""
    if len(evidence.key) != 1:
        raise LookupError("no such space")
    flags = int(evidence.flags[0])
    ours = True if flags & OURS else False if flags & NOT_OURS else None

    def known(values: Numbers) -> int | None:
        return None if not len(values) or values[0] == MISSING else int(values[0])

    return One(
        is_live=bool(flags & LIVE), is_ours=ours, is_general=bool(flags & GENERAL),
        is_untouchable=bool(flags & UNTOUCHABLE), members_known=bool(flags & MEMBERS),
        is_held=bool(len(evidence.held)), persons_held=evidence.persons_held,
        type=known(evidence.type), activity=known(evidence.activity),
        created=known(evidence.created), manual=known(evidence.manual[1]),
        sooner=known(evidence.sooner[1]), sooner_by=known(evidence.sooner_by[1]),
        not_before=known(evidence.not_before[1]),
        counted={key: known(at) for key, (_, at) in evidence.counted.items()},
        oldest=known(
            _oldest(evidence.created, evidence.purged[1] if len(evidence.purged[1]) else NEVER)
        ),
    )  # fmt: skip


__all__ = ["FOREVER", "Evidence", "One", "arrays", "one"]
