"""Effects on who is in a team, by the bot as one of its moderators (webex-facts 1.3).

An officer works on the team's General space instead (`memberships`), as Webex wants it. Here,
too, a state is asked for, so being so already counts as done.
"""

from __future__ import annotations

from domain.ids import PersonId, TeamId
from domain.intents import Intent, Outcome
from spaces.effects.rooms import by
from spaces.effects.spec import Effect, Evidence, Reading, effect
from spaces.spec import House
from spaces.sync.pages import follow
from webex.errors import Conflict, Unclear
from webex.values import TeamMembership


def _add(house: House, intent: Intent) -> Evidence:
    payload, gateway = intent.plan.payload, by(house, intent)
    person, moderator = payload.get("person"), bool(payload.get("moderator", False))
    try:
        made = gateway.add_team_membership(
            TeamId(str(payload["team"])),
            person=PersonId(str(person)) if person else None,
            email=str(payload.get("email", "")),
            moderator=moderator,
        )
    except Conflict:  # in it already, perhaps since an attempt that got half of the way
        found = _membership(house, intent)
        if found is None or not moderator or found.is_moderator:
            raise
        made = gateway.set_team_moderator(found.id, True)
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
        by(house, intent).remove_team_membership(found.id)
    return {}


def _see_removed(house: House, intent: Intent, answered: Evidence) -> Reading:
    is_gone = _membership(house, intent) is None
    return Reading(
        outcome=Outcome.DONE if is_gone else Outcome.NOT_DONE,
        evidence={"team": intent.plan.payload["team"]},
    )


def _set_moderator(house: House, intent: Intent) -> Evidence:
    found = _membership(house, intent)
    if found is None:
        return {"why": "not in the team any more"}
    by(house, intent).set_team_moderator(found.id, bool(intent.plan.payload["moderator"]))
    return {}


def _see_moderator(house: House, intent: Intent, answered: Evidence) -> Reading:
    found = _membership(house, intent)
    wanted = bool(intent.plan.payload["moderator"])
    if found is None:  # who is not in it, is no moderator of it
        return Reading(outcome=Outcome.NOT_DONE if wanted else Outcome.DONE, evidence=answered)
    holds = found.is_moderator is wanted
    return Reading(outcome=Outcome.DONE if holds else Outcome.NOT_DONE, evidence=_fields(found))


def _membership(house: House, intent: Intent) -> TeamMembership | None:
    """The person's membership; None when they are seen not to be in the team.

    Raises:
        Unclear: an empty or partial list, which says nothing about anybody.
    """
    payload, gateway = intent.plan.payload, by(house, intent)
    team, email = TeamId(str(payload["team"])), str(payload.get("email", "")).lower()
    everyone = follow(lambda address: gateway.team_memberships(team, address=address))
    for one in everyone.items:
        if one.person_id == payload.get("person") or (email and one.email == email):
            return one
    if not everyone.complete or not everyone.items:
        raise Unclear("who is in the team can't be read")
    return None


def _fields(of: TeamMembership) -> Evidence:
    """Exactly what Webex says of a team's membership, for the card that shows it."""
    return {
        "id": str(of.id), "room": str(of.team_id), "person": str(of.person_id),
        "email": of.email, "name": of.display_name, "org": str(of.org_id) if of.org_id else "",
        "moderator": of.is_moderator, "created": of.created.isoformat() if of.created else "",
    }  # fmt: skip


effect(Effect(kind="add team member", do=_add, read_back=_see_added))
effect(Effect(kind="remove team member", do=_remove, read_back=_see_removed))
effect(Effect(kind="set team moderator", do=_set_moderator, read_back=_see_moderator))
