"""Who is in a space: adding and removing people, as the bot where it may, else as compliance.

Each of several people is a step of their own: what came of it is told for each. What follows
besides (`spaces.following`) is told afterwards where it is harmless; where it is not, it is
told before, and nothing is done until somebody says so.
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
from spaces.following import Scene, appointing, consequences, look
from spaces.moderating import appoint_the_caller, unmake_one
from spaces.naming import Named
from spaces.spec import House
from webex.errors import Throttled


def add_people(
    house: House, actor: Actor, space: Space, people: Sequence[Named], *, step: str,
    moderator: bool = False, anyway: bool = False,
) -> Change:  # fmt: skip
    """Adds people to a space; who is in it already stays, and is made a moderator if asked.

    Whoever appoints the first moderator becomes one with them, as in Webex itself: else they
    would have locked themselves out.

    Args:
        moderator: as moderators; who is to be one by themselves (`Named.moderator`) is anyway.
        anyway: also where something follows that nobody may have meant.

    Raises:
        Refusal: it is none that can have more people, or is blocked.
    """
    if space.type is SpaceType.DIRECT:
        raise Refusal(
            "A conversation of two gets no third.", "Make a space for it: `create space`."
        )
    before = look(house, space)
    appointed = [one for one in people if one.is_to_moderate(moderator)]
    if appointed:
        refuse_if_blocked(house, space)
        follows = appointing(house, before, appointed, actor.person)
        if follows and not anyway:
            return Change(consequences=follows)
        appoint_the_caller(house, actor, before, step)
    each = tuple(add_one(house, actor, before, one, step, moderator) for one in people)
    return told(house, actor, before, each)


def remove_people(
    house: House, actor: Actor, space: Space, people: Sequence[Named], *, step: str,
    anyway: bool = False, dismissed: Sequence[Named] = (),
) -> Change:  # fmt: skip
    """Takes people out of a space.

    Args:
        anyway: also where something follows that nobody may have meant.
        dismissed: who came to moderate it with them and does so no more; they stay.

    Raises:
        Refusal: nobody would be left, and Webex would delete the space; or it is us.
    """
    if space.type is SpaceType.DIRECT:
        raise Refusal("Nobody can leave a conversation of two.")
    before = look(house, space)
    leaving = [found[0] for named in people if (found := before.member(named))]
    if any(person.id == before.me for person in leaving):
        raise Refusal("I don't take myself out.", "In Webex you can remove me from the space.")
    follows = consequences(before, leaving)
    if follows and not anyway:
        return Change(consequences=follows)
    each = tuple(remove_one(house, actor, before, named, step) for named in people)
    for named in dismissed:
        unmake_one(house, actor, before, named, step)
    return told(house, actor, before, each)


def add_one(
    house: House, actor: Actor, before: Scene, named: Named, step: str, moderator: bool = False, *,
    run: str | None = None,
) -> One:  # fmt: skip
    """Adds one person, as a step of its own; never twice. `run`: as in `change_one`."""
    if named.refusal is not None:
        return One(named=named, came=Came.REFUSED, why=str(named.refusal))
    moderator = named.is_to_moderate(moderator)
    there = before.member(named)
    kind = "set moderator" if there else "add member"
    own = step_of(step, kind, named, run)
    is_ours_again = _is_begun(house, step, named, run)
    if there and not is_ours_again and (there[1] or not moderator):
        so = "is a moderator of it already" if there[1] and moderator else "is in it already"
        return One(
            named=named, came=Came.ALREADY, why=f"{named.name} {so}.",
            membership=None if run else membership_now(house, before.space, there[0]),
        )  # fmt: skip
    if is_ours_again:
        own, kind = is_ours_again
    person = there[0] if there else named.person
    try:
        made = change_one(
            house, actor, before, person, own, kind, email=named.email, to=moderator, run=run
        )
    except Throttled as no:
        return One(named=named, came=Came.REFUSED, why=is_later(no, run))
    if refused := refusal_of(made, what=f"add {named.name}"):
        return One(named=named, came=Came.REFUSED, why=f"{refused}{before.advice(house)}")
    came = Came.APPOINTED if kind == "set moderator" else Came.ADDED
    return One(named=named, came=came, membership=membership_of(made))


def remove_one(
    house: House, actor: Actor, before: Scene, named: Named, step: str, *, run: str | None = None
) -> One:
    """Takes one person out, as a step of its own; never twice."""
    there = before.member(named)
    own = step_of(step, "remove member", named, run)
    if there is None and not is_begun(house, own):
        why = str(named.refusal) if named.refusal else f"{named.name} is not in it."
        return One(named=named, came=Came.REFUSED if named.refusal else Came.ALREADY, why=why)
    person = there[0] if there else named.person
    try:
        made = change_one(
            house, actor, before, person, own, "remove member", email=named.email, run=run
        )
    except Throttled as no:
        return One(named=named, came=Came.REFUSED, why=is_later(no, run))
    if refused := refusal_of(made, what=f"remove {named.name}"):
        return One(named=named, came=Came.REFUSED, why=f"{refused}{before.advice(house)}")
    return One(named=named, came=Came.REMOVED, was_moderator=bool(there and there[1]))


def _is_begun(house: House, step: str, named: Named, run: str | None) -> tuple[str, str] | None:
    """What this very request began before its process died: (step, kind)."""
    for kind in ("add member", "set moderator"):
        own = step_of(step, kind, named, run)
        if is_begun(house, own):
            return own, kind
    return None
