"""Who is in a space: adding and removing people, as the bot where it may, else as compliance.

Each of several people is a step of their own: what came of it is told for each. What follows
besides (`spaces.following`) is told afterwards where it is harmless; where it is not, it is
told before, and nothing is done until somebody says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import StepKey
from domain.intents import Intent, Plan
from domain.people import Actor, Person
from domain.spaces import Space, SpaceType
from domain.views import Membership
from spaces.effects import perform, refusal_of
from spaces.following import Scene, consequences, look, notes_on
from spaces.naming import Named
from spaces.spec import House
from webex.errors import Throttled
from webex.gateway import Lane


class Came(StrEnum):
    """What came of it for one person."""

    ADDED = "added"
    REMOVED = "removed"
    ALREADY = "already so"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """One person's share. `why` is the sentence for one that was refused, or was so already."""

    named: Named
    came: Came
    why: str = ""
    membership: Membership | None = None
    was_moderator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What came of it for all, and `notes` on what Webex did besides. With `consequences`
    nothing was done: they are what would follow."""

    each: tuple[One, ...] = ()
    notes: tuple[str, ...] = ()
    consequences: tuple[str, ...] = ()


def add_people(
    house: House, actor: Actor, space: Space, people: Sequence[Named], *, step: str,
    moderator: bool = False,
) -> Change:  # fmt: skip
    """Adds people to a space; who is in it already stays, and is made a moderator if asked.

    Whoever appoints the first moderator becomes one with them, as in Webex itself: else they
    would have locked themselves out.

    Raises:
        Refusal: it is none that can have more people, or is blocked.
    """
    if space.type is SpaceType.DIRECT:
        raise Refusal(
            "A conversation of two gets no third.", "Make a space for it: `create space`."
        )
    before = look(house, space)
    if moderator:
        _refuse_if_blocked(house, space)
        _appoint_the_caller(house, actor, before, step)
    each = tuple(_add(house, actor, before, named, step, moderator) for named in people)
    return Change(each=each, notes=notes_on(before, look(house, space), actor.person))


def remove_people(
    house: House, actor: Actor, space: Space, people: Sequence[Named], *, step: str,
    anyway: bool = False,
) -> Change:  # fmt: skip
    """Takes people out of a space.

    Args:
        anyway: also where something follows that nobody may have meant.

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
    each = tuple(_remove(house, actor, before, named, step) for named in people)
    return Change(each=each, notes=notes_on(before, look(house, space), actor.person))


def _refuse_if_blocked(house: House, space: Space) -> None:
    with house.store.read() as tx:
        blocked = tx.blocks.of(space.key)
    if blocked is not None:
        raise Refusal(
            "The space is blocked, and a moderator could write in it.",
            "When it is kept, it is unblocked with the moderators that it had.",
        )


def _appoint_the_caller(house: House, actor: Actor, before: Scene, step: str) -> None:
    mine = next((p for p, _ in before.members if p.key == actor.person), None)
    if mine is None or before.human_moderators:
        return
    made = _perform(house, actor, before, mine, f"{step}/caller", "set moderator")
    if no := refusal_of(made, what="make you a moderator"):
        raise no


def _add(
    house: House, actor: Actor, before: Scene, named: Named, step: str, moderator: bool
) -> One:
    if named.refusal is not None:
        return One(named=named, came=Came.REFUSED, why=str(named.refusal))
    there = before.member(named)
    kind = "set moderator" if there else "add member"
    own = f"{step}/{kind}/{named.key}"
    is_ours_again = _is_begun(house, step, named)
    if there and not is_ours_again and (there[1] or not moderator):
        so = "is a moderator of it already" if there[1] and moderator else "is in it already"
        return One(
            named=named, came=Came.ALREADY, why=f"{named.name} {so}.",
            membership=_membership(house, before.space, there[0]),
        )  # fmt: skip
    if is_ours_again:
        own, kind = is_ours_again
    person = there[0] if there else named.person
    try:
        made = _perform(house, actor, before, person, own, kind, email=named.email, to=moderator)
    except Throttled:
        return One(named=named, came=Came.REFUSED, why=LATER)
    if no := refusal_of(made, what=f"add {named.name}"):
        return One(named=named, came=Came.REFUSED, why=f"{no}{before.advice(house)}")
    return One(named=named, came=Came.ADDED, membership=_shown(made))


LATER = "Webex asks me to wait; I go on with it by myself."


def _remove(house: House, actor: Actor, before: Scene, named: Named, step: str) -> One:
    there = before.member(named)
    own = f"{step}/remove member/{named.key}"
    with house.store.read() as tx:
        begun = tx.intents.of_step(StepKey(own))
    if there is None and begun is None:
        why = str(named.refusal) if named.refusal else f"{named.name} is not in it."
        return One(named=named, came=Came.REFUSED if named.refusal else Came.ALREADY, why=why)
    person = there[0] if there else named.person
    try:
        made = _perform(house, actor, before, person, own, "remove member")
    except Throttled:
        return One(named=named, came=Came.REFUSED, why=LATER)
    if no := refusal_of(made, what=f"remove {named.name}"):
        return One(named=named, came=Came.REFUSED, why=f"{no}{before.advice(house)}")
    return One(named=named, came=Came.REMOVED, was_moderator=bool(there and there[1]))


def _is_begun(house: House, step: str, named: Named) -> tuple[str, str] | None:
    """What this very request began before its process died: (step, kind)."""
    with house.store.read() as tx:
        for kind in ("add member", "set moderator"):
            own = f"{step}/{kind}/{named.key}"
            if tx.intents.of_step(StepKey(own)) is not None:
                return own, kind
    return None


_WORDS = {
    "add member": Word.MEMBER_ADD, "remove member": Word.MEMBER_REMOVE,
    "set moderator": Word.MEMBER_MODERATOR,
}  # fmt: skip


def _perform(
    house: House, actor: Actor, scene: Scene, person: Person | None, step: str, kind: str, *,
    email: str = "", to: bool = True,
) -> Intent:  # fmt: skip
    payload: dict[str, object] = {"room": str(scene.space.id), "via": scene.via(house)}
    payload |= {"person": str(person.id)} if person else {"email": email}
    if kind != "remove member":
        payload["moderator"] = to
    return perform(
        house,
        Plan(
            kind=kind, step=StepKey(step), word=_WORDS[kind], actor=actor, space=scene.space.key,
            person=person.key if person else None, payload=payload,
        ),
    )  # fmt: skip


def _membership(house: House, space: Space, person: Person) -> Membership | None:
    gateway = (
        house.webex.compliance(Lane.CHAT) if house.webex.has_compliance
        else house.webex.bot(Lane.CHAT)
    )  # fmt: skip
    found = gateway.membership_of(space.id, person.id)
    if found is None:
        return None
    return Membership(
        id=str(found.id), container_id=str(found.room_id), person_id=str(found.person_id),
        email=found.email, name=found.display_name, org_id=str(found.org_id or ""),
        is_moderator=found.is_moderator, created=found.created, is_monitor=found.is_monitor,
    )  # fmt: skip


def _shown(made: Intent) -> Membership:
    """The membership by what was read back of it."""
    seen = {name: str(value) for name, value in made.evidence.items()}
    return Membership(
        id=seen["id"], container_id=seen["room"], person_id=seen["person"], email=seen["email"],
        name=seen["name"], org_id=seen["org"], is_moderator=bool(made.evidence["moderator"]),
        is_monitor=bool(made.evidence["monitor"]),
        created=datetime.fromisoformat(seen["created"]) if seen["created"] else None,
    )  # fmt: skip
