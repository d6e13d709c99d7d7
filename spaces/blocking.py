"""Blocking a space, and putting it back: nothing new is written, what is there stays readable.

Webex has no such switch for a group space. An officer may neither lock a space that they are
not in nor stop its moderators from writing (webex-facts 3.4), so the bot is made a moderator,
the space is locked and set to announcement mode, and the other moderators are demoted. What
was before is written down first, exactly, and put back exactly. A direct conversation is made
read-only by the officer.

The first of the changes counts as the destructive one (caps, fresh evidence, the caller's last
look); the others follow from it. Each is an intent of its own, so that a process that dies on
the way leaves a block that the next call finishes or takes back. Whether a space is to be
blocked is decided by others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.audit import Word
from domain.errors import Fault
from domain.ids import CaseKey, PersonId, PersonKey, PolicyVersionKey, RequestKey, StepKey
from domain.intents import Intent, Outcome, Plan
from domain.people import Actor
from domain.spaces import Space, SpaceType
from spaces.effects import perform
from spaces.effects.kernel import Check
from spaces.spec import House
from spaces.sync.live import LiveReading, read_live
from webex.gateway import Lane


class NotBlocked(Fault):
    """A step of the way did not come about; the space is as its intents say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """Why, and under whose eyes, a space is blocked. See `domain.intents.Plan`.

    Args:
        request: somebody asked to delete it.
        by, by_compliance: a person blocks it by hand, maybe as compliance.
    """

    case: CaseKey | None = None
    request: RequestKey | None = None
    by: PersonKey | None = None
    by_compliance: bool = False
    run: str | None = None
    policy_version: PolicyVersionKey | None = None
    check: Check | None = None
    evidence_at: datetime | None = None


NO_CASE = Because()


def block(
    house: House, actor: Actor, space: Space, *, step: str, because: Because = NO_CASE
) -> None:
    """Blocks `space`; what is done already is not done again.

    Raises:
        NotBlocked: a change did not come about, or others undid it meanwhile.
        Whatever `spaces.effects.perform` raises.
    """
    live = read_live(house, space.key)
    me = house.webex.bot(Lane.BACKGROUND).me().id
    with house.store.begin() as tx:
        written = tx.blocks.of(space.key)
        tx.blocks.add(
            space.key, _as_it_is(live, me), case=because.case, request=because.request,
            by=because.by, by_compliance=because.by_compliance,
        )  # fmt: skip
        if written is not None:
            tx.blocks.put_back_also(space.key, _with_new(written.was, live, me))
        tx.commit()
    changes = _direct(space) if space.type is SpaceType.DIRECT else _group(house, space, live, me)
    is_first = True
    for name, kind, payload in changes:
        made = perform(
            house,
            Plan(
                kind=kind, step=StepKey(f"{step}/{name}"), word=Word.SPACE_BLOCK, actor=actor,
                payload=payload, space=space.key, case=because.case, run=because.run,
                policy_version=because.policy_version, is_destructive=is_first,
                evidence_at=because.evidence_at if is_first else None,
            ),
            check=because.check if is_first else None,
        )  # fmt: skip
        _came_about(made, name)
        is_first = False
    if not is_blocked(after := read_live(house, space.key), me):
        raise NotBlocked(f"it was blocked, and is not: moderators {len(after.moderators)}")


def unblock(house: House, actor: Actor, space: Space, *, step: str) -> None:
    """Puts `space` back exactly as it was before it was blocked, as far as people still are
    in it. Without a block on record nothing is done. A pause does not stop it: it destroys
    nothing.

    Raises:
        NotBlocked: a change did not come about; the record stays, and the way can be gone again.
        Whatever `spaces.effects.perform` raises.
    """
    with house.store.read() as tx:
        record = tx.blocks.of(space.key)
    if record is None:
        return
    live = read_live(house, space.key)
    me = house.webex.bot(Lane.BACKGROUND).me().id
    for name, kind, payload in _back(space, live, record.was, me):
        made = perform(
            house,
            Plan(
                kind=kind, step=StepKey(f"{step}/{name}"), word=Word.SPACE_UNBLOCK, actor=actor,
                payload=payload, space=space.key, case=record.case,
            ),
        )  # fmt: skip
        _came_about(made, name)
    with house.store.begin() as tx:
        if isinstance(again := record.was.get("moderators"), list):
            # Before the record goes: so a later reading finds nobody newly made a moderator.
            tx.blocks.moderate_again(space.key, [PersonId(str(one)) for one in again])
        tx.blocks.drop(space.key)
        tx.audit.add(Word.SPACE_UNBLOCK, actor, space=space.key, was=dict(record.was))
        tx.commit()


def is_blocked(live: LiveReading, me: PersonId) -> bool:
    """Whether what was read is a blocked space, moderated by `me` (the bot) alone."""
    if live.room.type is SpaceType.DIRECT:
        return live.room.is_read_only
    return live.room.is_locked and live.room.is_announcement_only and set(live.moderators) == {me}


Change = tuple[str, str, dict[str, object]]
"""(name of the step, kind of effect, payload)."""


def _direct(space: Space) -> Iterator[Change]:
    yield (
        "read-only", "change room",
        {"room": str(space.id), "is_read_only": True, "via": "compliance"},
    )  # fmt: skip


def _group(house: House, space: Space, live: LiveReading, me: PersonId) -> Iterator[Change]:
    room = str(space.id)
    helper = "compliance" if house.webex.has_compliance else "bot"
    if not live.bot_is_moderator:
        kind = "set moderator" if live.bot_is_member else "add member"
        payload: dict[str, object] = {
            "room": room, "person": str(me), "moderator": True, "via": helper,
        }  # fmt: skip
        yield "moderate", kind, payload
    if not (live.room.is_locked and live.room.is_announcement_only):
        yield (
            "announce", "change room",
            {"room": room, "is_locked": True, "is_announcement_only": True, "via": "bot"},
        )  # fmt: skip
    for person in live.moderators:
        if person != me:
            yield (
                f"demote/{person.uuid}", "set moderator",
                {"room": room, "person": str(person), "moderator": False, "via": "bot"},
            )  # fmt: skip


def _back(
    space: Space, live: LiveReading, was: Mapping[str, object], me: PersonId
) -> Iterator[Change]:
    room = str(space.id)
    if space.type is SpaceType.DIRECT:
        if live.room.is_read_only and not was["is_read_only"]:
            yield (
                "writable", "change room",
                {"room": room, "is_read_only": False, "via": "compliance"},
            )  # fmt: skip
        return
    via = "bot" if live.bot_is_moderator else "compliance"
    if live.room.is_announcement_only and not was["is_announcement_only"]:
        yield "open", "change room", {"room": room, "is_announcement_only": False, "via": via}
    inside = {member.person_id: member.is_moderator for member in live.members}
    former = [PersonId(str(id)) for id in _listed(was["moderators"])]
    for person in former:
        if inside.get(person) is False and person != me:
            yield (
                f"promote/{person.uuid}", "set moderator",
                {"room": room, "person": str(person), "moderator": True, "via": via},
            )  # fmt: skip
    # The last moderator's going unlocks a space (webex-facts 1.2): right for one that was not
    # locked; where it was and nobody is left to moderate it, we stay.
    somebody = any(inside.get(person) is not None for person in former if person != me)
    if (
        live.bot_is_moderator
        and not was["bot_was_moderator"]
        and (somebody or not was["is_locked"])
    ):
        yield (
            "step-down", "set moderator",
            {"room": room, "person": str(me), "moderator": False, "via": "bot"},
        )  # fmt: skip
        if not was["bot_was_member"]:
            yield "leave", "remove member", {"room": room, "person": str(me), "via": "compliance"}


def _as_it_is(live: LiveReading, me: PersonId) -> dict[str, object]:
    return {
        "is_locked": live.room.is_locked, "is_read_only": live.room.is_read_only,
        "is_announcement_only": live.room.is_announcement_only,
        "moderators": [str(one) for one in live.moderators if one != me],
        "bot_was_member": live.bot_is_member, "bot_was_moderator": live.bot_is_moderator,
    }  # fmt: skip


def _with_new(was: Mapping[str, object], live: LiveReading, me: PersonId) -> Mapping[str, object]:
    """What was stays as first written, since a second block must not take the blocked state for
    the old one. But who was made a moderator since then (the first try waited for a cap, or its
    process died) is to be one again, too."""
    if "moderators" not in was:
        return was
    now = [str(one) for one in live.moderators if one != me]
    return {**was, "moderators": list(dict.fromkeys([*_listed(was["moderators"]), *now]))}


def _came_about(made: Intent, name: str) -> None:
    if made.outcome is not Outcome.DONE:
        raise NotBlocked(f"{name}: {made.outcome}, {made.evidence.get('webex', 'no reason')}")


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []
