"""What forbids to destroy in each of many spaces: the same as `decision.protections`, by a bounded
handful of statements over all spaces instead of some for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from domain.ids import SpaceKey
from query.answering import MISSING, Numbers
from query.protecting import firm_dates
from query.spec import Moments
from retention import bitsets, readings, tracing
from retention.decision import asked
from retention.evidence import One
from retention.tracing import Line
from retention.weighing import Facts
from storage.schema import to_ms
from storage.store import UnitOfWork


def protections_of(
    tx: UnitOfWork, spaces: Iterable[SpaceKey], moments: Moments
) -> Mapping[SpaceKey, tuple[Line, ...]]:
    """For each of the spaces, in the order of the decision. What only guards say (whose it is,
    whether it lives, a General space) is left out: who asks knows the spaces."""
    read = [
        one for one in readings.read_versions(tx.policies.holding())
        if one.is_keep or one.version.is_floor
    ]  # fmt: skip
    facts, sets = asked(tx, read, moments)
    keys = [key for key in dict.fromkeys(spaces) if key < facts.count and facts.exists[key]]
    true = {name: bitsets.unpack(one.true, facts.count) for name, one in sets.items()}
    unknown = {name: bitsets.unpack(one.unknown, facts.count) for name, one in sets.items()}
    firm = firm_dates(tx, keys)
    now = to_ms(moments.now)

    def said(key: SpaceKey) -> dict[str, bool | None]:
        return {name: None if unknown[name][key] else bool(true[name][key]) for name in sets}

    return {
        key: tuple(
            tracing.protections(
                _one(facts, key), read, said(key), now=now,
                firm_until=to_ms(firm[key]) if key in firm else None,
            )
        )
        for key in keys
    }  # fmt: skip


def _one(facts: Facts, key: SpaceKey) -> One:
    def known(values: Numbers) -> int | None:
        return None if values[key] == MISSING else int(values[key])

    return One(
        is_live=True, is_ours=True, is_general=False, is_untouchable=False,
        members_known=not bool(facts.held_unknown[key]), is_held=bool(facts.held[key]),
        persons_held=bool(np.any(facts.held_unknown)), type=known(facts.type),
        activity=known(facts.activity), created=known(facts.created), manual=known(facts.manual),
        sooner=known(facts.sooner), sooner_by=known(facts.sooner_by),
        not_before=known(facts.not_before),
        counted={name: known(values) for name, values in facts.counted.items()},
    )  # fmt: skip
