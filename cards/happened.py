"""Something happened that is watched: told with all that Webex says of it."""

from __future__ import annotations

from collections.abc import Mapping

from cards.kit import Card, card, facts, press
from cards.words import NOT_KNOWN, harmless
from domain.watches import FIELDS, Resource, Told, Trigger

_LABELS: Mapping[Resource, Mapping[str, str]] = {
    Resource.MEMBERSHIP: {
        "id": "Membership id", "roomId": "Space id", "personId": "Person id",
        "personEmail": "E-mail", "personDisplayName": "Person",
        "personOrgId": "Organisation id", "isModerator": "Moderator", "isMonitor": "Monitor",
        "created": "Member since",
    },
    Resource.MESSAGE: {
        "id": "Message id", "roomId": "Space id", "personId": "Person id",
        "personEmail": "E-mail", "created": "Written",
    },
    Resource.SPACE: {
        "id": "Space id", "title": "Title", "type": "Type", "isLocked": "Locked",
        "teamId": "Team id", "lastActivity": "Last activity", "creatorId": "Created by (id)",
        "created": "Created",
    },
}  # fmt: skip
_NO_TEAM = "none"


def happened_card(told: Told) -> Card:
    """One thing that happened. Its facts are Webex's own, with Webex's moments."""
    resource = told.what.trigger.resource
    labels = _LABELS[resource]
    name = harmless(told.title, 80)
    mine = str(told.watch)
    return card(
        _sentence(told),
        facts(
            ("Space", name) if resource is not Resource.SPACE else None,
            *(
                (labels[field], _value(field, told.what.data.get(field)))
                for field in FIELDS[resource]
            ),
            ("Watch", f"{mine} ({told.what.trigger.words})"),
        ),
        actions=[
            *(
                [press("The space", "space", typed=f"space {told.room}", space=told.room)]
                if told.room and told.what.trigger is not Trigger.SPACE_DELETED
                else []
            ),
            *(
                [
                    press("Log", "watch log", watch=mine),
                    press("End this watch", "unwatch", once=True, watch=mine),
                ]
                if told.can_stop
                else []
            ),
        ],
    )


def _sentence(told: Told) -> str:
    who = harmless(told.person, 60) or "Somebody"
    where = f"“{harmless(told.title, 80)}”"
    match told.what.trigger:
        case Trigger.MEMBERSHIP_CREATED:
            return f"{who} came into {where}"
        case Trigger.MEMBERSHIP_UPDATED:
            is_one = told.what.data.get("isModerator")
            return f"{who} {'moderates' if is_one else 'does not moderate'} {where} now"
        case Trigger.MEMBERSHIP_DELETED:
            return f"{who} is not in {where} any more"
        case Trigger.MESSAGE_CREATED:
            return f"{who} wrote in {where}"
        case Trigger.MESSAGE_UPDATED:
            return f"{who} edited a message in {where}"
        case Trigger.MESSAGE_DELETED:
            return f"A message of {who} was deleted in {where}"
        case Trigger.SPACE_CREATED:
            return f"{who} created {where}"
        case Trigger.SPACE_UPDATED:
            return f"{where} was changed"
        case Trigger.SPACE_DELETED:
            return f"{where} is gone"


def _value(field: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return _NO_TEAM if field == "teamId" else NOT_KNOWN
    return str(value)
