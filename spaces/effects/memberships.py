"""Effects on who is in a space: add, remove, make or unmake a moderator.

What is asked for is a state ("is in it", "is not"), so being so already counts as done.
"""

from __future__ import annotations

from domain.ids import PersonId, RoomId
from domain.intents import Intent, Outcome
from spaces.effects.rooms import by
from spaces.effects.spec import Effect, Evidence, Reading, effect
from spaces.spec import House
from spaces.sync.pages import follow
from webex.errors import Conflict, Missing, Unclear
from webex.values import Membership


def _add(house: House, intent: Intent) -> Evidence:
    payload, gateway = intent.plan.payload, by(house, intent)
    person, moderator = payload.get("person"), bool(payload.get("moderator", False))
    try:
        made = gateway.add_membership(
            RoomId(str(payload["room"])),
            person=PersonId(str(person)) if person else None,
            email=str(payload.get("email", "")),
            moderator=moderator,
        )
    except Conflict:  # in it already, perhaps since an attempt that got half of the way
        found = _membership(house, intent)
        if found is None or not moderator or found.is_moderator:
            raise
        made = gateway.set_moderator(found.id, True)
    return _fields(made)


def _see_added(house: House, intent: Intent, answered: Evidence) -> Reading:
    found = _membership(house, intent)
    if found is None:
        return Reading(outcome=Outcome.NOT_DONE, evidence=answered)
    if intent.plan.payload.get("moderator") and not found.is_moderator:
        return Reading(outcome=Outcome.NOT_DONE, evidence=_fields(found))
    return Reading(outcome=Outcome.DONE, evidence=_fields(found))


def _remove(house: House, intent: Intent) -> Evidence:
    found = _membership(house, intent)
    if found is not None:
        by(house, intent).remove_membership(found.id)
    return {}


def _see_removed(house: House, intent: Intent, answered: Evidence) -> Reading:
    room = intent.plan.payload["room"]
    try:
        found = _membership(house, intent)
    except Missing:
        if not _is_about_the_asker(house, intent):
            raise
        found = None  # a space that one is not in can't be seen: that is what was asked for
    gone = Outcome.DONE if found is None else Outcome.NOT_DONE
    return Reading(outcome=gone, evidence={"room": room})


def _set_moderator(house: House, intent: Intent) -> Evidence:
    found = _membership(house, intent)
    if found is None:
        return {"why": "not in the space any more"}
    by(house, intent).set_moderator(found.id, bool(intent.plan.payload["moderator"]))
    return {}


def _see_moderator(house: House, intent: Intent, answered: Evidence) -> Reading:
    found = _membership(house, intent)
    wanted = bool(intent.plan.payload["moderator"])
    if found is None:  # who is not in it, is no moderator of it
        return Reading(outcome=Outcome.NOT_DONE if wanted else Outcome.DONE, evidence=answered)
    holds = found.is_moderator is wanted
    return Reading(outcome=Outcome.DONE if holds else Outcome.NOT_DONE, evidence=_fields(found))


def _membership(house: House, intent: Intent) -> Membership | None:
    """The person's membership; None when they are seen not to be in the space.

    Raises:
        Unclear: an empty or partial answer, which says nothing about anybody.
    """
    payload = intent.plan.payload
    room, gateway = RoomId(str(payload["room"])), by(house, intent)
    person, email = payload.get("person"), str(payload.get("email", "")).lower()
    if person:
        found = gateway.membership_of(room, PersonId(str(person)))
        if found is not None:
            return found
    everyone = follow(lambda address: gateway.memberships(room=room, address=address))
    for one in everyone.items:
        if one.person_id == person or (email and one.email.lower() == email):
            return one
    if not everyone.complete or not everyone.items:
        raise Unclear("who is in the space can't be read")
    return None


def _is_about_the_asker(house: House, intent: Intent) -> bool:
    me, payload = by(house, intent).me(), intent.plan.payload
    return payload.get("person") == me.id or str(payload.get("email", "")).lower() == me.email


def _fields(of: Membership) -> Evidence:
    """Exactly what Webex says of a membership, for the card that shows it."""
    return {
        "id": str(of.id), "room": str(of.room_id), "person": str(of.person_id),
        "email": of.email, "name": of.display_name, "org": str(of.org_id) if of.org_id else "",
        "moderator": of.is_moderator, "monitor": of.is_monitor,
        "created": of.created.isoformat() if of.created else "",
    }  # fmt: skip


effect(Effect(kind="add member", do=_add, read_back=_see_added))
effect(Effect(kind="remove member", do=_remove, read_back=_see_removed))
effect(Effect(kind="set moderator", do=_set_moderator, read_back=_see_moderator))
