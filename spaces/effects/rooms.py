"""Effects on a space itself: create it, change its settings. Deleting has a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from domain.ids import ClassificationId, RoomId, TeamId
from domain.intents import Intent, Outcome
from spaces.effects.spec import Effect, Evidence, Reading, effect
from spaces.spec import House
from spaces.sync.pages import follow
from webex.errors import Missing, Unclear
from webex.gateway import Gateway, Lane, RoomChange
from webex.values import Room

SKEW = timedelta(minutes=5)
"""Webex's clock and ours need not agree to the second."""


def bot(house: House, intent: Intent) -> Gateway:
    """The bot, in the lane of whoever planned: a run must not take chat's share."""
    return house.webex.bot(Lane.BACKGROUND if intent.plan.run else Lane.CHAT)


def compliance(house: House, intent: Intent) -> Gateway:
    return house.webex.compliance(Lane.BACKGROUND if intent.plan.run else Lane.CHAT)


def by(house: House, intent: Intent) -> Gateway:
    """The identity that the plan names: ``via`` is ``bot`` or ``compliance``."""
    return (
        compliance(house, intent)
        if intent.plan.payload.get("via") == "compliance"
        else bot(house, intent)
    )


# -- create ---------------------------------------------------------------------------------


def _create(house: House, intent: Intent) -> Evidence:
    payload = intent.plan.payload
    team = payload.get("team")
    room = bot(house, intent).create_room(
        str(payload["title"]), team=TeamId(str(team)) if team else None
    )
    return {"room": str(room.id)}


def _see_created(house: House, intent: Intent, answered: Evidence) -> Reading:
    ours = bot(house, intent)
    if "room" in answered:
        try:
            room = ours.room(RoomId(str(answered["room"])))
        except Missing:  # read too soon (webex-facts 2): look again later
            return Reading(outcome=Outcome.OPEN, evidence=answered)
        return _created(room)
    with house.store.read() as tx:
        claimed = tx.intents.claimed_results("create room", "room")
    rooms = follow(lambda address: ours.rooms(address=address))
    if not rooms.complete:
        raise Unclear(f"our own spaces can't be listed: {rooms.why}")
    found = [
        room
        for room in rooms.items
        if room.title == str(intent.plan.payload["title"]).strip()
        and room.created >= intent.made_at - SKEW
        and room.id not in claimed
        and room.creator_id == ours.me().id
    ]
    # Two people may have asked for the same title at once; either room will do for either, as
    # long as each gets one of its own, which settling sees to.
    return _created(min(found, key=lambda room: room.created)) if found else _nothing()


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


effect(Effect(kind="create room", do=_create, read_back=_see_created, claims="room"))


# -- change ---------------------------------------------------------------------------------


def _flag(payload: Mapping[str, object], name: str) -> bool | None:
    return None if payload.get(name) is None else bool(payload[name])


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
    by(house, intent).change_room(room, change)
    return {"room": str(room)}


def _see_changed(house: House, intent: Intent, answered: Evidence) -> Reading:
    payload = intent.plan.payload
    try:
        room = by(house, intent).room(RoomId(str(payload["room"])))
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
