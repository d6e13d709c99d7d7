"""Making a space anew that is gone: what can be brought back is, and the rest is said.

Webex knows no undelete. So there is a new space of the same title, with the people who were in it
and are still there, its moderators, its settings and tags; what was said is in the export, where
one was kept, and nowhere else. Each step happens once, by the tombstone's own name, so that a
second wish or a process that died goes on with the same space.

Who may: compliance, who asked for the deletion for themselves, and who moderated it. To everybody
else there is no such space (I13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from domain.audit import Word
from domain.endings import Tombstone
from domain.errors import Refusal
from domain.ids import ClassificationId, PersonId, RoomId, StepKey
from domain.intents import Intent, Outcome, Plan
from domain.people import Actor, Person
from domain.spaces import Space, SpaceType
from spaces.effects import perform, refusal_of
from spaces.spec import House
from spaces.sync.live import touch
from spaces.tagging import tag_space
from storage.store import UnitOfWork

Member = Mapping[str, object]


def restorable_for(house: House, person: Person | None) -> tuple[Tombstone, ...]:
    """What can be made anew, the latest first. `person` None: by compliance, everything."""
    with house.store.read() as tx:
        return tuple(one for one in tx.tombstones.restorable() if _may(tx, one, person))


def find_restorable(house: House, person: Person | None, said: str) -> Tombstone:
    """By title or id. Raises Refusal: there is none, or several."""
    known = restorable_for(house, person)
    wanted = " ".join(said.split()).casefold()
    with house.store.read() as tx:
        ids = {one.key: str(tx.spaces.id_of(one.space)) for one in known}
    hits = [one for one in known if ids[one.key] == said.strip()] or [
        one for one in known if " ".join(title_of(one).split()).casefold() == wanted
    ]
    if len(hits) == 1:
        return hits[0]
    if hits:
        raise Refusal(
            f"{len(hits)} spaces of that title are gone.",
            "Say the id in place of the title:",
            choices=tuple(f"{one.gone_at:%Y-%m-%d}: {ids[one.key]}" for one in hits[:5]),
        )
    raise Refusal(
        f"I know no space “{said[:80]}” that is gone and that you could bring back.",
        "That can be done for 30 days." if not known else "There are:",
        choices=tuple(title_of(one)[:80] for one in known[:5]),
    )


def title_of(stone: Tombstone) -> str:
    return str(stone.was.get("title") or "(title not known)")


def make_anew(house: House, actor: Actor, caller: Person, stone: Tombstone) -> Space:
    """The new space, with `caller` in it. The same again is the same space. Once the others'
    way back is on record, too, `note_restored` says that it is done.

    Raises:
        Refusal: it can't be made, or it is not known yet whether it was.
    """
    if stone.was.get("type") == int(SpaceType.DIRECT) or stone.was.get("team"):
        raise Refusal(
            "Only its messages are gone; the space itself is still there.",
            "A team's space that is archived can be brought back in its team, in Webex.",
        )
    title = str(stone.was.get("title") or "").strip() or "(title not known)"
    made = perform(
        house,
        Plan(
            kind="create room", step=StepKey(f"restore/{stone.key}/create"),
            word=Word.SPACE_CREATE, actor=actor, payload={"title": title, "team": None},
        ),
    )  # fmt: skip
    if no := refusal_of(made, what="make it anew"):
        raise no
    room = RoomId(str(made.evidence["room"]))
    back: Member = {"id": str(caller.id), "email": caller.email, "moderator": False}
    joined = bring_back(house, actor, stone, room, back)
    if no := refusal_of(joined, what="add you to it"):
        raise no
    return touch(house, room)


def note_restored(
    house: House, actor: Actor, caller: Person, stone: Tombstone, space: Space
) -> None:
    """From now on `space` stands for the one that is gone, and nobody makes another."""
    with house.store.begin() as tx:
        tx.audit.serialise()
        if not tx.tombstones.get(stone.key).restored_to:
            tx.spaces.set_requested_by(space.key, caller.key)
            tx.tombstones.restored(stone.key, str(space.id), caller.key)
            tx.protections.leave_alone(
                [space.key], until=tx.now + house.limits.immunity, reason="it was made anew",
                is_firm=False,
            )  # fmt: skip
            tx.audit.add(
                Word.SPACE_RESTORE, actor, space=stone.space, tombstone=stone.key, into=space.key,
                room=str(space.id),
            )  # fmt: skip
            tx.commit()


def members_of(stone: Tombstone) -> Sequence[Member]:
    """Who was in it, moderators last: the first of them locks the space (webex-facts 1.2)."""
    found = cast("list[Member]", stone.was.get("members") or [])
    return sorted((one for one in found if not one["bot"]), key=lambda one: bool(one["moderator"]))


def bring_back(
    house: House, actor: Actor, stone: Tombstone, room: RoomId, member: Member, *, run: str = ""
) -> Intent:
    """One of those who were in it."""
    who, is_moderator = PersonId(str(member["id"])), bool(member["moderator"])
    return perform(
        house,
        Plan(
            kind="add member", word=Word.MEMBER_ADD, actor=actor, run=run or None,
            step=StepKey(f"restore/{stone.key}/add/{who.uuid}/{is_moderator}"),
            payload={"room": str(room), "person": str(who), "moderator": is_moderator},
        ),
    )  # fmt: skip


def put_settings(house: House, actor: Actor, stone: Tombstone, space: Space) -> list[str]:
    """Its lock, classification and tags. Says what could not be brought back."""
    was, notes = stone.was, []
    changes: dict[str, dict[str, object]] = {}
    if was.get("is_locked") or was.get("is_announcement_only"):
        changes["lock"] = {
            "is_locked": True, "via": "bot",
            **({"is_announcement_only": True} if was.get("is_announcement_only") else {}),
        }  # fmt: skip
    if was.get("classification"):
        level = ClassificationId(str(was["classification"]))
        changes["classification"] = {"classification": str(level), "via": "compliance"}
    for name, change in changes.items():
        made = perform(
            house,
            Plan(
                kind="change room", step=StepKey(f"restore/{stone.key}/{name}"),
                word=Word.SPACE_RESTORE, actor=actor, payload={"room": str(space.id), **change},
                space=space.key,
            ),
        )  # fmt: skip
        if made.outcome is not Outcome.DONE:
            notes.append(f"Its {name} could not be brought back.")
    tags = [str(one) for one in cast("list[str]", was.get("tags") or [])]
    if tags:
        try:
            tag_space(house, actor, space, tags, by_compliance=True)
        except Refusal as no:
            notes.append(f"Its tags could not be brought back: {no.reason}")
    return notes


def _may(tx: UnitOfWork, stone: Tombstone, person: Person | None) -> bool:
    if person is None:
        return True
    if stone.request is not None:
        request = tx.deletions.get(stone.request)
        if request.by == person.key and not request.by_compliance:
            return True  # as compliance: only who is of it still
    return any(
        str(one["id"]) == str(person.id) and bool(one["moderator"]) for one in members_of(stone)
    )
