"""From the gateway's values to what the inventory takes in."""

from __future__ import annotations

from datetime import datetime

from domain.seen import Look, MemberSeen, PersonSeen, SpaceSeen
from spaces.sync.pages import Whole
from webex.values import Membership, PersonType, Room, WebexPerson


def person_seen(person: WebexPerson) -> PersonSeen:
    return PersonSeen(
        id=person.id, email=person.email, name=person.display_name, org=person.org_id,
        is_bot=person.type is not PersonType.PERSON, is_active=person.login_enabled,
        time_zone=person.time_zone,
    )  # fmt: skip


def space_seen(room: Room, at: datetime | None = None) -> SpaceSeen:
    return SpaceSeen(
        id=room.id, title=room.title, type=room.type, last_activity=room.last_activity,
        created=room.created, creator=room.creator_id, owner_org=room.owner_org,
        team=room.team_id, classification=room.classification, is_locked=room.is_locked, at=at,
    )  # fmt: skip


def member_seen(membership: Membership) -> MemberSeen:
    return MemberSeen(
        person=PersonSeen(
            id=membership.person_id, email=membership.email, name=membership.display_name,
            org=membership.org_id,
        ),
        is_moderator=membership.is_moderator,
        since=membership.created,
    )  # fmt: skip


def look(room: Room, members: Whole[Membership] | None, at: datetime | None = None) -> Look:
    """A reading of a room that was made at `at`."""
    return Look(
        space=space_seen(room, at),
        members=None if members is None else tuple(member_seen(one) for one in members.items),
        complete=members is not None and members.complete,
    )
