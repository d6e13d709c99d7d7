"""Who moderates a space: making and unmaking moderators, and what Webex does besides.

A first moderator locks the space for everybody else and the last one's going unlocks it
(webex-facts 1.2); both are said before, and nothing is done until somebody says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import Refusal
from domain.people import Actor
from domain.spaces import Space, SpaceType
from spaces.changing import (
    Came,
    Change,
    One,
    change_one,
    is_begun,
    is_later,
    membership_now,
    membership_of,
    refuse_if_blocked,
    step_of,
    told,
)
from spaces.effects import refusal_of
from spaces.following import Scene, appointing, dismissing, look
from spaces.naming import Named
from spaces.spec import House
from webex.errors import Throttled


def make_moderators(
    house: House, actor: Actor, space: Space, people: Sequence[Named], *, step: str,
    anyway: bool = False,
) -> Change:  # fmt: skip
    """Makes members of a space its moderators.

    Args:
        anyway: also where something follows that nobody may have meant.

    Raises:
        Refusal: it can have none, or is blocked.
    """
    before = _scene(house, space)
    new = [one for one in people if (there := before.member(one)) and not there[1]]
    follows = appointing(house, before, new, actor.person) if new else ()
    if follows and not anyway:
        return Change(consequences=follows)
    if new:
        appoint_the_caller(house, actor, before, step)
    each = tuple(make_one(house, actor, before, one, step) for one in people)
    return told(house, actor, before, each)


def unmake_moderators(
    house: House, actor: Actor, space: Space, people: Sequence[Named], *, step: str,
    anyway: bool = False,
) -> Change:  # fmt: skip
    """Takes from people that they moderate a space; they stay in it.

    Raises:
        Refusal: it has none, or is blocked, or a team would have none.
    """
    before = _scene(house, space)
    leaving = [there[0] for one in people if (there := before.member(one)) and there[1]]
    follows = dismissing(house, before, leaving)
    if follows and not anyway:
        return Change(consequences=follows)
    mine = [one for one in people if one.person and one.person.id == before.me]
    others = [one for one in people if one not in mine]
    # Ourselves last: it may be our own hand that does it.
    each = tuple(unmake_one(house, actor, before, one, step) for one in (*others, *mine))
    return told(house, actor, before, each)


def appoint_the_caller(house: House, actor: Actor, before: Scene, step: str) -> None:
    """Makes the caller the first moderator of a space that they are in and nobody moderates: as
    Webex does, or they would have locked themselves out."""
    mine = next((p for p, _ in before.members if p.key == actor.person), None)
    if mine is None or before.human_moderators:
        return
    made = change_one(house, actor, before, mine, f"{step}/caller", "set moderator")
    if no := refusal_of(made, what="make you a moderator"):
        raise no


def make_one(
    house: House, actor: Actor, before: Scene, named: Named, step: str, *, run: str | None = None
) -> One:
    """Makes one member a moderator, as a step of its own; never twice. `run`: as in
    `change_one`."""
    own = step_of(step, "make moderator", named, run)
    return _set(house, actor, before, named, own, to=True, run=run)


def unmake_one(
    house: House, actor: Actor, before: Scene, named: Named, step: str, *, run: str | None = None
) -> One:
    """The way back, for one."""
    own = step_of(step, "unmake moderator", named, run)
    return _set(house, actor, before, named, own, to=False, run=run)


def _set(
    house: House, actor: Actor, before: Scene, named: Named, step: str, *, to: bool,
    run: str | None,
) -> One:  # fmt: skip
    there = before.member(named)
    if there is None:
        why = str(named.refusal) if named.refusal else f"{named.name} is not in it."
        if to and not named.refusal:
            why += " `add member … as moderator` adds them as one."
        return One(named=named, came=Came.REFUSED, why=why)
    person, moderates = there
    if moderates is to and not is_begun(house, step):
        so = "moderates it already" if to else "does not moderate it"
        return One(
            named=named, came=Came.ALREADY, why=f"{person.name} {so}.",
            membership=None if run else membership_now(house, before.space, person),
        )  # fmt: skip
    what = f"make {person.name} a moderator" if to else f"take the moderation from {person.name}"
    try:
        made = change_one(house, actor, before, person, step, "set moderator", to=to, run=run)
    except Throttled as no:
        return One(named=named, came=Came.REFUSED, why=is_later(no, run))
    if refused := refusal_of(made, what=what):
        return One(named=named, came=Came.REFUSED, why=f"{refused}{before.advice(house)}")
    came = Came.APPOINTED if to else Came.DISMISSED
    is_there = "id" in made.evidence  # who left meanwhile is no moderator either
    return One(
        named=named, came=came, membership=membership_of(made) if is_there else None,
        was_moderator=moderates,
    )  # fmt: skip


def _scene(house: House, space: Space) -> Scene:
    if space.type is SpaceType.DIRECT:
        raise Refusal("A conversation of two has no moderators; it belongs to both.")
    before = look(house, space)
    refuse_if_blocked(house, space)
    return before
