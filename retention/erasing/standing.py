"""What stands in the way of erasing what a person left in one space.

The principle: an erasure destroys, so whatever forbids to destroy in a space forbids it too, and
whatever of that is not known. Two things it does not bow to. A keep that a moderator set by hand
keeps the *space*, and the space stays; nobody but compliance may keep a person's words against
their right. And a team's General space is never deleted, but words in it can be.
What a locked policy forbids is a duty to keep (GDPR Art. 17(3)(b)): it is left for good, and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.erasures import Obstacle, Standing
from domain.ids import SpaceKey
from domain.spaces import Space, SpaceState, SpaceType
from query.protecting import holds_on
from query.spec import Moments
from retention.decision import protections
from retention.protecting import protections_of
from retention.tracing import Line, Step
from storage.store import UnitOfWork

FREE = Standing()


def standing(tx: UnitOfWork, space: Space) -> Standing:
    """The first thing that stands in the way, by the database as it is; `FREE` where nothing."""
    if guarded := _guard(space, is_untouchable=tx.spaces.is_untouchable(space.key)):
        return guarded
    return _of_lines(tx, space, protections(tx, space.key, Moments(now=tx.now)))


def _of_lines(tx: UnitOfWork, space: Space, lines: Iterable[Line]) -> Standing:
    for line in lines:
        if found := _of_line(tx, space, line):
            return found
    return FREE


def standings(tx: UnitOfWork, keys: Iterable[SpaceKey]) -> Mapping[SpaceKey, Standing]:
    """The same of many, by few statements."""
    spaces = tx.spaces.by_keys(keys)
    lines = protections_of(tx, spaces, Moments(now=tx.now))
    never = tx.erasures.untouchable(spaces)
    return {
        key: _guard(one, is_untouchable=key in never) or _of_lines(tx, one, lines.get(key, ()))
        for key, one in spaces.items()
    }


def _guard(space: Space, *, is_untouchable: bool) -> Standing | None:
    if space.state is SpaceState.GONE:
        return Standing(obstacle=Obstacle.GONE, why="The space is not there any more.")
    if space.state is SpaceState.LOST:
        return Standing(obstacle=Obstacle.UNSEEN, why="Nobody of us can see the space.")
    if is_untouchable:
        return Standing(obstacle=Obstacle.OURS, why="It is one of the spaces never touched.")
    if space.type is SpaceType.DIRECT:
        return None  # what our people wrote in one is ours, whosever it is (webex-facts 3.4)
    if space.is_ours is None:
        return Standing(obstacle=Obstacle.UNKNOWN, why="It is not known whose space it is.")
    if not space.is_ours:
        why = "It belongs to another organisation, which has to be asked."
        return Standing(obstacle=Obstacle.FOREIGN, why=why)
    return None


def _of_line(tx: UnitOfWork, space: Space, line: Line) -> Standing | None:
    is_unknown = line.verdict == "not known"
    match line.step:
        case Step.HOLD if is_unknown:
            return Standing(obstacle=Obstacle.UNKNOWN, why=line.sentence)
        case Step.HOLD:
            names = ", ".join(f"“{one.name}”" for one in holds_on(tx, space.key))
            return Standing(obstacle=Obstacle.HOLD, why=f"The hold {names} reaches it.")
        case Step.FLOOR if is_unknown:
            return Standing(obstacle=Obstacle.UNKNOWN, why=line.sentence)
        case Step.FLOOR:
            return Standing(obstacle=Obstacle.FLOOR, why=line.sentence)
        case Step.MANUAL:
            keep = tx.protections.keep_of(space.key)
            if keep is None or not keep.by_compliance:
                return None
            return Standing(obstacle=Obstacle.KEPT, why=f"{line.sentence} By compliance.")
        case Step.AUTOMATIC if is_unknown:
            return Standing(obstacle=Obstacle.UNKNOWN, why=line.sentence)
        case Step.AUTOMATIC:
            return Standing(obstacle=Obstacle.POLICY, why=line.sentence)
        case Step.NOT_BEFORE:
            return Standing(obstacle=Obstacle.ALONE, why=line.sentence)
        case _:
            return None  # the guard; ours is above
