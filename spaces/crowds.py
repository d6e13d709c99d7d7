"""Many people at once: what is to be foreseen before, and one person's share of it, done as part
of a long work.

The same steps as for a few (`spaces.members`, `spaces.moderating`), behind the chat's requests,
and with nothing swallowed that a work waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Refusal
from domain.people import Actor
from domain.spaces import Scope, Space, SpaceType
from spaces.changing import One, refuse_if_blocked
from spaces.following import Scene, appointing, consequences, dismissing, look
from spaces.members import add_one, remove_one
from spaces.moderating import appoint_the_caller, make_one, unmake_one
from spaces.naming import Named
from spaces.rosters import MOST_PEOPLE
from spaces.spec import House


class Doing(StrEnum):
    ADD = "add"
    REMOVE = "remove"
    MAKE = "make moderators"
    UNMAKE = "unmake moderators"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What it would come to, as things stand.

    Args:
        to_do: those for whom something would change, in the order in which it is done.
        already: for whom it is so already; `absent` are not in the space.
        wrong: who can't be meant, with why.
        warnings: sentences on what would follow that nobody may have meant.
    """

    scene: Scene
    to_do: tuple[Named, ...]
    already: tuple[Named, ...]
    absent: tuple[Named, ...]
    wrong: tuple[Named, ...]
    warnings: tuple[str, ...]

    @property
    def unchecked(self) -> int:
        """Of how many nobody has looked yet whether Webex knows them."""
        return sum(one.is_unchecked for one in self.to_do)

    @property
    def all(self) -> tuple[Named, ...]:
        """Everybody, so that of each it is told what came of it."""
        return (*self.to_do, *self.already, *self.absent, *self.wrong)


def foresee(
    house: House, actor: Actor, space: Space, doing: Doing, people: Sequence[Named], *,
    moderator: bool = False,
) -> Foreseen:  # fmt: skip
    """Raises Refusal: it can't be done at all."""
    if space.type is SpaceType.DIRECT:
        raise Refusal("A conversation of two stays one.", "Make a space: `create space`.")
    scene = look(house, space)
    if doing is not Doing.REMOVE and (doing is not Doing.ADD or _appoints(people, moderator)):
        refuse_if_blocked(house, space)
    named = [one for one in people if one.refusal is None]
    wrong = tuple(one for one in people if one.refusal is not None)
    inside = [one for one in named if scene.member(one)]
    outside = [one for one in named if not scene.member(one)]
    match doing:
        case Doing.ADD:
            to_do = [one for one in inside if _is_to_rise(scene, one, moderator)] + outside
            absent: list[Named] = []
        case Doing.MAKE:
            to_do, absent = [one for one in inside if not scene.is_led_by(one)], outside
        case Doing.UNMAKE:
            to_do, absent = [one for one in inside if scene.is_led_by(one)], outside
        case Doing.REMOVE:
            to_do, absent = inside, outside
    to_do.sort(key=lambda one: _place(one, actor, scene, doing))
    if doing is Doing.ADD and len(scene.members) + len(outside) > MOST_PEOPLE:
        raise Refusal(
            f"Then {len(scene.members) + len(outside):,} people would be in it, and Webex has room"
            f" for {MOST_PEOPLE:,} in a space.",
            "Add fewer, or make a second space.",
        )
    done = {one.key for one in (*to_do, *absent)}
    return Foreseen(
        scene=scene, to_do=tuple(to_do), absent=tuple(absent), wrong=wrong,
        already=tuple(one for one in named if one.key not in done),
        warnings=_warnings(house, actor, scene, doing, to_do, moderator),
    )  # fmt: skip


def do_one(
    house: House, actor: Actor, scene: Scene, doing: Doing, named: Named, *, step: str, run: str,
    moderator: bool = False,
) -> One:  # fmt: skip
    """One person's share.

    Args:
        step: names this one's share for ever, whoever they turn out to be.
        run: the work that it belongs to.

    Raises:
        Throttled, Unclear, Busy, Paused: the work waits, and comes again with the same step.
    """
    match doing:
        case Doing.ADD:
            return add_one(house, actor, scene, named, step, moderator, run=run)
        case Doing.REMOVE if named.person is not None and named.person.id == scene.me:
            raise Refusal("I don't take myself out.", "In Webex you can remove me.")
        case Doing.REMOVE:
            return remove_one(house, actor, scene, named, step, run=run)
        case Doing.MAKE:
            return make_one(house, actor, scene, named, step, run=run)
        case Doing.UNMAKE:
            return unmake_one(house, actor, scene, named, step, run=run)


def begin_to_lead(
    house: House, actor: Actor, scene: Scene, doing: Doing, some: Sequence[Named], *, step: str,
    moderator: bool,
) -> None:  # fmt: skip
    """Whoever appoints a first moderator becomes one, before anybody else is one."""
    if doing is Doing.MAKE or (doing is Doing.ADD and _appoints(some, moderator)):
        appoint_the_caller(house, actor, scene, step)


def _appoints(people: Sequence[Named], moderator: bool) -> bool:
    return any(one.is_to_moderate(moderator) for one in people)


def _is_to_rise(scene: Scene, one: Named, moderator: bool) -> bool:
    return one.is_to_moderate(moderator) and not scene.is_led_by(one)


def _place(one: Named, actor: Actor, scene: Scene, doing: Doing) -> int:
    """Whoever takes from people takes from themselves last, or they could not go on; and us."""
    if doing not in (Doing.REMOVE, Doing.UNMAKE) or one.person is None:
        return 0
    return 2 if one.person.id == scene.me else 1 if one.person.key == actor.person else 0


def _warnings(
    house: House, actor: Actor, scene: Scene, doing: Doing, to_do: Sequence[Named],
    moderator: bool,
) -> tuple[str, ...]:  # fmt: skip
    gone = [there[0] for one in to_do if (there := scene.member(one))]
    by_doing: dict[Doing, Callable[[], tuple[str, ...]]] = {
        Doing.ADD: lambda: _of_adding(house, actor, scene, to_do, moderator),
        Doing.REMOVE: lambda: consequences(scene, [one for one in gone if one.id != scene.me]),
        Doing.MAKE: lambda: appointing(house, scene, to_do, actor.person) if to_do else (),
        Doing.UNMAKE: lambda: dismissing(house, scene, gone),
    }
    return by_doing[doing]()


def _of_adding(
    house: House, actor: Actor, scene: Scene, to_do: Sequence[Named], moderator: bool
) -> tuple[str, ...]:
    follows: list[str] = []
    strangers = [
        one for one in to_do
        if (one.person.is_ours is False if one.person else not one.is_unchecked)
    ]  # fmt: skip
    if strangers:
        only = scene.space.scope is Scope.INTERNAL
        follows.append(
            f"{len(strangers):,} of them are of other organisations"
            + (", and until now only our own people are in it." if only else ".")
        )
    if scene.space.is_general:
        follows.append("It is a team's General space: who is in it is in the team.")
    leaders = [one for one in to_do if one.is_to_moderate(moderator)]
    if leaders:
        follows += appointing(house, scene, leaders, actor.person)
    return tuple(follows)
