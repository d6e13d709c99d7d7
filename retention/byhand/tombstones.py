"""What is kept of a space before it is ended, so that it can be made anew: its settings, who was
in it, its tags. Never a message: those can't come back, and are in the export, if there is one.
"""

from __future__ import annotations

from domain.endings import Tombstone
from domain.ids import CaseKey, RequestKey
from domain.spaces import Space
from spaces.spec import House
from spaces.sync.live import LiveReading
from storage.store import UnitOfWork


def lay_tombstone(
    tx: UnitOfWork, house: House, space: Space, live: LiveReading, *,
    request: RequestKey | None = None, case: CaseKey | None = None, export: str = "",
) -> Tombstone:  # fmt: skip
    """As it was before it was blocked; who joined for the block alone is not part of it."""
    block = tx.blocks.of(space.key)
    was = dict(block.was) if block is not None else {}
    moderators = was.get("moderators")
    former = set(moderators) if isinstance(moderators, list) else set()
    blocked = block is not None
    us = tx.people.by_ids(one.person_id for one in live.members)
    people = []
    for one in live.members:
        known = us.get(one.person_id)
        if known is not None and known.is_bot and not was.get("bot_was_member", True):
            continue
        people.append(
            {
                "id": str(one.person_id), "email": one.email, "name": one.display_name,
                "moderator": str(one.person_id) in former if blocked else one.is_moderator,
                "bot": known is not None and known.is_bot,
            }
        )  # fmt: skip
    room = live.room
    kept = {
        "title": room.title, "type": int(room.type), "team": str(room.team_id or ""),
        "description": room.description, "classification": str(room.classification or ""),
        "is_public": room.is_public, "created": room.created.isoformat(),
        "is_locked": bool(was.get("is_locked", room.is_locked)),
        "is_announcement_only": bool(was.get("is_announcement_only", room.is_announcement_only)),
        "members": people, "tags": list(space.tags),
    }  # fmt: skip
    return tx.tombstones.lay(
        space.key, kept, until=tx.now + house.limits.restorable, request=request, case=case,
        export=export,
    )  # fmt: skip
