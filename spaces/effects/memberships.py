"""Effects on who is in a space: add, remove, make or unmake a moderator.

What is asked for is a state ("is in it", "is not"), so being so already counts as done.
"""

from __future__ import annotations

from domain.ids import PersonId, RoomId
from domain.intents import Intent, Outcome
from spaces.effects.rooms import _by
from spaces.effects.spec import Effect, Evidence, Reading, effect
from spaces.spec import House
from webex.values import Membership


def _add(house: House, intent: Intent) -> Evidence:
    payload = intent.plan.payload
    person = payload.get("person")
    made = _by(house, intent).add_membership(
        RoomId(str(payload["room"])),
        person=PersonId(str(person)) if person else None,
        email=str(payload.get("email", "")),
        moderator=bool(payload.get("moderator", False)),
    )
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
        _by(house, intent).remove_membership(found.id)
    return {}


def _see_removed(house: House, intent: Intent, answered: Evidence) -> Reading:
    found = _membership(house, intent)
    gone = Outcome.DONE if found is None else Outcome.NOT_DONE
    return Reading(outcome=gone, evidence={"room": intent.plan.payload["room"]})


def _set_moderator(house: House, intent: Intent) -> Evidence:
    found = _membership(house, intent)
    if found is None:
        return {"why": "not in the space any more"}
    _by(house, intent).set_moderator(found.id, bool(intent.plan.payload["moderator"]))
    return {}


def _see_moderator(house: House, intent: Intent, answered: Evidence) -> Reading:
    found = _membership(house, intent)
    wanted = bool(intent.plan.payload["moderator"])
    if found is None:  # who is not in it, is no moderator of it
        return Reading(outcome=Outcome.NOT_DONE if wanted else Outcome.DONE, evidence=answered)
    holds = found.is_moderator is wanted
    return Reading(outcome=Outcome.DONE if holds else Outcome.NOT_DONE, evidence=_fields(found))


def _membership(house: House, intent: Intent) -> Membership | None:
    payload = intent.plan.payload
    room, gateway = RoomId(str(payload["room"])), _by(house, intent)
    if person := payload.get("person"):
        return gateway.membership_of(room, PersonId(str(person)))
    email, address = str(payload["email"]).lower(), None
    while True:
        page = gateway.memberships(room=room, address=address)
        for membership in page.items:
            if membership.email.lower() == email:
                return membership
        if (address := page.next) is None:
            return None


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
