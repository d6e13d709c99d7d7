"""One person's share of a change of a space's people: planned, done, looked at, and told.

What add, remove, make and unmake share. Whose hand does it is the scene's business
(`spaces.following`): in a team's General space an officer works on the space, as Webex wants
it, and the bot on the team (webex-facts 1.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import StepKey
from domain.intents import Intent, Outcome, Plan
from domain.people import Actor, Person
from domain.spaces import Space
from domain.views import Membership
from spaces.effects import perform
from spaces.following import Scene, look, notes_on
from spaces.naming import Named
from spaces.spec import House
from webex.errors import Throttled, Unclear
from webex.gateway import Lane

LATER = "Webex asks me to wait; I go on with it by myself."


class Came(StrEnum):
    """What came of it for one person."""

    ADDED = "added"
    REMOVED = "removed"
    APPOINTED = "made a moderator"
    DISMISSED = "no moderator any more"
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
    nothing was done: they are what would follow.

    `appointed` are all who moderate it now and did not before, whoever made them; we come last,
    so that the way back can be gone in this order.
    """

    each: tuple[One, ...] = ()
    notes: tuple[str, ...] = ()
    consequences: tuple[str, ...] = ()
    appointed: tuple[Person, ...] = ()


_WORDS = {
    "add member": Word.MEMBER_ADD, "remove member": Word.MEMBER_REMOVE,
    "set moderator": Word.MEMBER_MODERATOR,
}  # fmt: skip
_OF_TEAM = {
    "add member": "add team member", "remove member": "remove team member",
    "set moderator": "set team moderator",
}  # fmt: skip


def change_one(
    house: House, actor: Actor, scene: Scene, person: Person | None, step: str, kind: str, *,
    email: str = "", to: bool = True, run: str | None = None,
) -> Intent:  # fmt: skip
    """One change of one membership.

    Args:
        kind: “add member”, “remove member” or “set moderator”.
        email: whom, where nobody knows the person yet.
        to: whether they are to moderate it.
        run: the long work that it is a part of: it goes behind the chat's requests.

    Raises:
        Unclear: in a work, where it can't be seen yet what came of it.
    """
    via = scene.via(house)
    payload: dict[str, object] = {"room": str(scene.space.id), "via": via}
    payload |= {"person": str(person.id)} if person else {"email": email}
    if kind != "remove member":
        payload["moderator"] = to
    effect = kind
    if via == "bot" and scene.space.is_general and scene.space.team_id:
        effect, payload["team"] = _OF_TEAM[kind], scene.space.team_id
    with house.store.read() as tx:
        begun = tx.intents.of_step(StepKey(step))
    made = perform(
        house,
        Plan(
            kind=begun.plan.kind if begun else effect, step=StepKey(step), word=_WORDS[kind],
            actor=actor, space=scene.space.key, person=person.key if person else None,
            payload=payload, run=run,
        ),
    )  # fmt: skip
    if run is not None and made.outcome is Outcome.OPEN:
        raise Unclear(str(made.evidence.get("blind", "it can't be seen yet")))
    return made


def is_later(no: Throttled, run: str | None) -> str:
    """What somebody is told who would have to wait; a work waits by itself."""
    if run is not None:
        raise no
    return LATER


def told(house: House, actor: Actor, before: Scene, each: tuple[One, ...]) -> Change:
    """What came of it for each, and what Webex did besides, as it is seen now."""
    after = look(house, before.space)
    new = [p for p, moderates in after.members if moderates and not before.moderates(p.id)]
    return Change(
        each=each, notes=notes_on(before, after, actor.person),
        appointed=tuple(sorted(new, key=lambda person: person.id == after.me)),
    )  # fmt: skip


def step_of(step: str, kind: str, named: Named, run: str | None) -> str:
    """Names one person's share for ever. In a work each has a step of their own already, which
    holds whoever they turn out to be."""
    return f"{step}/{kind}" if run is not None else f"{step}/{kind}/{named.key}"


def is_begun(house: House, step: str) -> bool:
    """Whether this very request got as far as that step before its process died."""
    with house.store.read() as tx:
        return tx.intents.of_step(StepKey(step)) is not None


def refuse_if_blocked(house: House, space: Space) -> None:
    """Who moderates a blocked space stands still, or it would not be blocked."""
    with house.store.read() as tx:
        blocked = tx.blocks.of(space.key)
    if blocked is not None:
        raise Refusal(
            "The space is blocked, and a moderator could write in it.",
            "When it is kept, it is unblocked with the moderators that it had.",
        )


def membership_now(house: House, space: Space, person: Person) -> Membership | None:
    """Somebody's membership of a space, read now."""
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


def membership_of(made: Intent) -> Membership:
    """The membership by what was read back of it."""
    seen, monitor = {name: str(value) for name, value in made.evidence.items()}, "monitor"
    return Membership(
        id=seen["id"], container_id=seen["room"], person_id=seen["person"], email=seen["email"],
        name=seen["name"], org_id=seen["org"], is_moderator=bool(made.evidence["moderator"]),
        is_monitor=bool(made.evidence[monitor]) if monitor in seen else None,
        created=datetime.fromisoformat(seen["created"]) if seen["created"] else None,
    )  # fmt: skip
