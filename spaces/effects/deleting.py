"""The effect of deleting a space, read back by a second identity.

204 is said of three different things (webex-facts 1.1): the space is gone, we only left it, or
a team's space was archived. And 404 is said of three more: gone, hidden, or left (1.0). So
"deleted" is only said of a space that the witness saw before, does not find any more although
it still has an officer's power, and that neither the bot nor the first officer finds either.
Where no second identity can see a space, it is not deleted at all.
"""

from __future__ import annotations

from domain.ids import RoomId
from domain.intents import Intent, Outcome
from domain.spaces import SpaceType
from spaces.effects.rooms import bot, compliance
from spaces.effects.spec import Effect, Evidence, Reading, Withheld, effect
from spaces.spec import House
from spaces.sync.pages import follow
from storage.store import UnitOfWork
from webex.errors import Deleted, Denied, Invalid, Missing
from webex.gateway import Gateway, Lane
from webex.values import Room


def seen_by_witness(house: House, room_id: RoomId) -> Room:
    """How the second identity sees a space that something is about to be destroyed in.

    Raises:
        Withheld: there is none, it does not see the space, or the space is not ours; or our
            clock and Webex's do not agree, so that nothing that is due can be trusted.
    """
    if not house.webex.has_compliance:
        raise Withheld("no second identity could see it gone")
    witness = house.webex.witness(Lane.BACKGROUND)
    try:
        room = witness.room(room_id)
    except (Missing, Denied, Deleted):
        raise Withheld("the second identity does not see the space") from None
    told = witness.server_time()
    if told is None or abs(told - house.clock.now()) > house.limits.clock_skew:
        raise Withheld("our clock and Webex's do not agree")
    if room.owner_org is None or room.owner_org != witness.me().org_id:
        raise Withheld("the space belongs to another organisation")
    return room


def _delete(house: House, intent: Intent) -> Evidence:
    room = seen_by_witness(house, RoomId(str(intent.plan.payload["room"])))
    if room.type is SpaceType.DIRECT:
        raise Withheld("a direct conversation can't be deleted; its messages can")
    if room.team_id is not None and room.team_id.general_space.uuid == room.id.uuid:
        raise Withheld("a team's General space is not deleted")
    bot(house, intent).delete_room(room.id)
    return {}


def _see_deleted(house: House, intent: Intent, answered: Evidence) -> Reading:
    room_id = RoomId(str(intent.plan.payload["room"]))
    if not house.webex.has_compliance:
        return Reading(outcome=Outcome.UNKNOWN, evidence={"why": "no second identity to look"})
    witness = house.webex.witness(Lane.BACKGROUND)
    try:
        room = witness.room(room_id)
    except Denied:  # being refused is not the same as not finding it
        return Reading(outcome=Outcome.UNKNOWN, evidence={"second_identity": "refused"})
    except (Missing, Deleted):
        seen = {"room": str(room_id), "second_identity": "not found"}
        if not _has_power(house, witness):
            why = "the second identity may have lost its power"
            return Reading(outcome=Outcome.UNKNOWN, evidence={**seen, "why": why})
        return _unless_another_sees_it(house, intent, room_id, seen)
    return _still_there(house, intent, room, answered)


def _has_power(house: House, witness: Gateway) -> bool:
    """Whether the witness is an officer still: to anyone else every space looks gone. Only an
    officer may ask for somebody else's memberships without naming a space (webex-facts 1.2)."""
    somebody = house.webex.compliance(Lane.BACKGROUND).me().id
    if somebody == witness.me().id:
        somebody = house.webex.bot(Lane.BACKGROUND).me().id
    try:
        page = witness.memberships(person=somebody, max=1)
    except (Denied, Invalid, Missing):
        return False
    return all(one.person_id == somebody for one in page.items)


def _unless_another_sees_it(
    house: House, intent: Intent, room_id: RoomId, seen: Evidence
) -> Reading:
    """The bot does not find a space that it only left, so the first officer is asked as well."""
    others = {"own_identity": bot(house, intent), "officer": compliance(house, intent)}
    for name, eyes in others.items():
        try:
            eyes.room(room_id)
        except (Missing, Deleted):
            seen = {**seen, name: "not found"}
            continue
        except Denied:
            pass
        return Reading(outcome=Outcome.UNKNOWN, evidence={**seen, name: "still sees it"})
    return Reading(outcome=Outcome.DONE, evidence=seen)


def _still_there(house: House, intent: Intent, room: Room, answered: Evidence) -> Reading:
    officer = compliance(house, intent)
    members = follow(lambda address: officer.memberships(room=room.id, address=address))
    me = bot(house, intent).me().id
    seen = {
        "room": str(room.id), "second_identity": "still there", "members": len(members.items),
    }  # fmt: skip
    if any(one.person_id == me for one in members.items) or answered.get("status") == 404:
        return Reading(outcome=Outcome.NOT_DONE, evidence=seen)  # 404: we were not in it
    if not members.complete:
        return Reading(outcome=Outcome.UNKNOWN, evidence={**seen, "why": members.why})
    if room.team_id is not None and not members.items:
        return Reading(outcome=Outcome.ARCHIVED, evidence=seen)
    if not members.items:
        why = "nobody seems to be in it"
        return Reading(outcome=Outcome.UNKNOWN, evidence={**seen, "why": why})
    return Reading(outcome=Outcome.LEFT, evidence=seen)


def _record_deleted(tx: UnitOfWork, intent: Intent, evidence: Evidence) -> None:
    if intent.plan.space is not None:
        tx.spaces.mark_gone(intent.plan.space)


effect(
    Effect(
        kind="delete room",
        do=_delete,
        read_back=_see_deleted,
        record=_record_deleted,
        is_repeatable=False,
    )
)
