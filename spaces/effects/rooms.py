"""Effects on a space itself: create it, change its settings, delete it.

Deleting is read back by the second identity, since 204 is said of three different things
(webex-facts 1.1): the space is gone, we only left it, or a team's space was archived.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from domain.ids import ClassificationId, RoomId, TeamId
from domain.intents import Intent, Outcome
from spaces.effects.spec import Effect, Evidence, Reading, effect
from spaces.spec import House
from storage.store import UnitOfWork
from webex.errors import Denied, Missing
from webex.gateway import Gateway, Lane, RoomChange
from webex.values import Room

SKEW = timedelta(minutes=5)
MOST_PAGES = 20


def _bot(house: House, intent: Intent) -> Gateway:
    return house.webex.bot(Lane.BACKGROUND if intent.plan.run else Lane.CHAT)


def _compliance(house: House, intent: Intent) -> Gateway:
    return house.webex.compliance(Lane.BACKGROUND if intent.plan.run else Lane.CHAT)


def _by(house: House, intent: Intent) -> Gateway:
    """The identity that the plan names: ``via`` is ``bot`` or ``compliance``."""
    return (
        _compliance(house, intent)
        if intent.plan.payload.get("via") == "compliance"
        else _bot(house, intent)
    )


# -- create ---------------------------------------------------------------------------------


def _create(house: House, intent: Intent) -> Evidence:
    payload = intent.plan.payload
    team = payload.get("team")
    room = _bot(house, intent).create_room(
        str(payload["title"]), team=TeamId(str(team)) if team else None
    )
    return {"room": str(room.id)}


def _see_created(house: House, intent: Intent, answered: Evidence) -> Reading:
    bot = _bot(house, intent)
    if "room" in answered:
        try:
            room = bot.room(RoomId(str(answered["room"])))
        except Missing:  # read too soon (webex-facts 2): look again later
            return Reading(outcome=Outcome.OPEN, evidence=answered)
        return _created(room)
    with house.store.read() as tx:
        claimed = tx.intents.claimed_results("create room", "room")
    found = [
        room
        for room in _own_rooms(bot)
        if room.title == intent.plan.payload["title"]
        and room.created >= intent.made_at - SKEW
        and room.id not in claimed
        and room.creator_id == bot.me().id
    ]
    # Two people may have asked for the same title at once; either room will do for either.
    return _created(min(found, key=lambda room: room.created)) if found else _nothing()


def _own_rooms(bot: Gateway) -> list[Room]:
    rooms: list[Room] = []
    address: str | None = None
    for _ in range(MOST_PAGES):
        page = bot.rooms(address=address)
        rooms += page.items
        if (address := page.next) is None:
            break
    return rooms


def _created(room: Room) -> Reading:
    return Reading(
        outcome=Outcome.DONE,
        evidence={
            "room": str(room.id), "title": room.title, "created": room.created.isoformat(),
            "team": str(room.team_id) if room.team_id else None, "locked": room.is_locked,
        },
    )  # fmt: skip


def _nothing() -> Reading:
    return Reading(outcome=Outcome.NOT_DONE)


effect(Effect(kind="create room", do=_create, read_back=_see_created))


# -- change ---------------------------------------------------------------------------------


def _flag(payload: Mapping[str, object], name: str) -> bool | None:
    return bool(payload[name]) if name in payload else None


def _change(house: House, intent: Intent) -> Evidence:
    payload = intent.plan.payload
    room = RoomId(str(payload["room"]))
    kept = payload.get("classification")
    change = RoomChange(
        title=str(payload["title"]) if payload.get("title") else None,
        classification=ClassificationId(str(kept)) if kept else None,
        is_locked=_flag(payload, "is_locked"),
        is_announcement_only=_flag(payload, "is_announcement_only"),
        is_read_only=_flag(payload, "is_read_only"),
    )
    _by(house, intent).change_room(room, change)
    return {"room": str(room)}


def _see_changed(house: House, intent: Intent, answered: Evidence) -> Reading:
    payload = intent.plan.payload
    try:
        room = _by(house, intent).room(RoomId(str(payload["room"])))
    except Missing:
        return Reading(outcome=Outcome.UNKNOWN, evidence={"room": "not found"})
    now = {
        "is_locked": room.is_locked, "is_announcement_only": room.is_announcement_only,
        "is_read_only": room.is_read_only, "title": room.title,
        "classification": str(room.classification) if room.classification else None,
    }  # fmt: skip
    wanted = {name: payload[name] for name in now if payload.get(name) is not None}
    seen = {name: now[name] for name in wanted}
    holds = seen == wanted
    return Reading(
        outcome=Outcome.DONE if holds else Outcome.NOT_DONE,
        evidence={"room": str(room.id), **seen},
    )


effect(Effect(kind="change room", do=_change, read_back=_see_changed))


# -- delete ---------------------------------------------------------------------------------


def _delete(house: House, intent: Intent) -> Evidence:
    _bot(house, intent).delete_room(RoomId(str(intent.plan.payload["room"])))
    return {}


def _see_deleted(house: House, intent: Intent, answered: Evidence) -> Reading:
    """Gone is said only when the compliance identity can't find it and our own can't either."""
    room_id = RoomId(str(intent.plan.payload["room"]))
    if not house.webex.has_compliance:
        return Reading(outcome=Outcome.UNKNOWN, evidence={"why": "no second identity to look"})
    second = house.webex.witness(Lane.BACKGROUND)
    try:
        room = second.room(room_id)
    except Denied as no:  # being refused is not the same as not finding it
        return Reading(outcome=Outcome.UNKNOWN, evidence={"status": no.status})
    except Missing as gone:
        seen = {"room": str(room_id), "second_identity": "not found", "status": gone.status}
        return _unless_the_bot_sees_it(house, intent, room_id, seen)
    seen = {"room": str(room.id), "second_identity": "still there"}
    if room.team_id is not None and not _bot_is_in(house, intent, room_id):
        return Reading(outcome=Outcome.ARCHIVED, evidence=seen)
    if not _bot_is_in(house, intent, room_id):
        return Reading(outcome=Outcome.LEFT, evidence=seen)
    return Reading(outcome=Outcome.NOT_DONE, evidence=seen)


def _unless_the_bot_sees_it(
    house: House, intent: Intent, room_id: RoomId, seen: Evidence
) -> Reading:
    try:
        _bot(house, intent).room(room_id)
    except Missing:
        return Reading(outcome=Outcome.DONE, evidence={**seen, "own_identity": "not found"})
    except Denied:
        pass
    return Reading(outcome=Outcome.UNKNOWN, evidence={**seen, "own_identity": "still sees it"})


def _bot_is_in(house: House, intent: Intent, room_id: RoomId) -> bool:
    me = _bot(house, intent).me().id
    return _compliance(house, intent).membership_of(room_id, me) is not None


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
