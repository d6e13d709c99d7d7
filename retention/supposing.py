"""What the policies would decide of a space if something about it were otherwise.

The same decision on the same facts: the change is made in a transaction, the decision is asked,
and all of it is taken back. So what a preview says is what then holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.policies import Ruling
from domain.spaces import Space
from query.spec import Moments
from retention.decision import explain
from retention.tracing import Trace
from spaces.classifying import Level
from spaces.spec import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What is decided, and what would be."""

    now: Trace
    then: Trace

    @property
    def is_same(self) -> bool:
        return self.now.sentence == self.then.sentence

    @property
    def ends_sooner(self) -> bool:
        """A policy would end it that does not now, or at an earlier day."""
        if self.then.ruling is not Ruling.DATED or self.then.due is None:
            return False
        is_dated = self.now.ruling is Ruling.DATED and self.now.due is not None
        return not is_dated or self.then.due < self.now.due  # type: ignore[operator]


def suppose_level(house: House, space: Space, level: Level) -> Ahead:
    """`space` if it were classified as `level`. Nothing is changed."""
    with house.store.begin() as tx:  # and never committed
        versions, moments = tuple(tx.policies.holding()), Moments(now=tx.now)
        now = explain(tx, space.key, versions, moments)
        tx.spaces.write_classifications([(str(level.id), level.title, level.rank)])
        tx.spaces.set_classification(space.key, str(level.id))
        return Ahead(now=now, then=explain(tx, space.key, versions, moments))
