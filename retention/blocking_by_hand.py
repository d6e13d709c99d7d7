"""Blocking a space by hand, and putting it back: by those who manage it, and by compliance.

The principle: a block destroys nothing, so a hold or a keep does not forbid it; but it stops
people from working, so it is done only to a space of our own that could be seen completely.
What blocks a space may be several things at once (a policy's case, a deletion that was asked
for, a person), and each is taken back by whoever may: a policy's by keeping the space, a
deletion's by undoing it, compliance's by compliance.

Who manages a space is decided before (commands). A direct conversation is compliance's alone:
nobody may stop the other from writing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.audit import Word
from domain.errors import Fault, Paused, Refusal, Stale
from domain.ids import RequestKey
from domain.intents import Outcome
from domain.people import Actor, Person
from domain.spaces import Space, SpaceType
from query.spec import Moments
from retention.decision import explain
from retention.tracing import Step
from spaces.blocking import Because, NotBlocked, block, unblock
from spaces.effects import CapReached, settle
from spaces.guarding import guard_own_spaces
from spaces.looking import owners_of
from spaces.spec import House
from spaces.sync.live import LiveReading, read_live
from storage.blocks import Block
from storage.store import UnitOfWork
from webex.errors import Missing, WebexFault
from webex.gateway import Lane

_LOOK_AGAIN = "Try again in a minute."


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockView:
    """What a block would change.

    Args:
        moderators: how many would moderate it no longer while it lasts.
        owners: who is told, besides whoever asks.
    """

    space: Space
    size: int
    moderators: int
    bot_joins: bool
    owners: tuple[Person, ...]


def look_before_blocking(
    house: House, actor: Actor, space: Space, *, by_compliance: bool
) -> BlockView:
    """Reads the space now and says what a block would change. Raises Refusal: it can't be."""
    live = _look(house, space, by_compliance=by_compliance)
    with house.store.read() as tx:
        _may_block(tx, space)
        return _view(tx, actor, space, live)


def block_by_hand(
    house: House, actor: Actor, space: Space, *, by_compliance: bool, step: str
) -> BlockView:
    """Blocks `space` until somebody who may puts it back. The same step does it once.

    Raises:
        Refusal: it is blocked already, not ours to touch, or not known well enough.
        Whatever `spaces.blocking.block` raises besides NotBlocked.
    """
    live = _look(house, space, by_compliance=by_compliance)
    with house.store.read() as tx:
        _may_block(tx, space, again=actor)
        view = _view(tx, actor, space, live)
    because = Because(
        by=actor.person, by_compliance=by_compliance, evidence_at=live.at,
        check=lambda tx: _may_block(tx, space, again=actor),
    )  # fmt: skip
    try:
        block(house, actor, space, step=f"{step}/block", because=because)
    except NotBlocked as no:
        take_back(house, actor, space, step=f"{step}/back")
        raise Refusal(f"It could not be blocked ({no}), so I put it back.", _LOOK_AGAIN) from None
    except (CapReached, Stale) as no:  # nothing was begun, as with the next
        take_back(house, actor, space, step=f"{step}/back")
        raise no_more(no) from None
    except (Paused, Refusal):
        take_back(house, actor, space, step=f"{step}/back")
        raise
    return view


def unblock_by_hand(
    house: House, actor: Actor, space: Space, *, by_compliance: bool, step: str
) -> tuple[Person, ...]:
    """Puts `space` back exactly as it was, and gives its other owners.

    Raises:
        Refusal: it is not blocked, or not theirs to unblock; it says what they can do.
        NotBlocked and whatever else `spaces.blocking.unblock` raises: it can be tried again.
    """
    with house.store.read() as tx:
        found = _standing(tx, tx.blocks.of(space.key))
        owners = _others(tx, actor, space)
    if found is None:
        raise Refusal(f"I have not blocked “{space.shown_title}”.", "`space` shows how it stands.")
    _may_unblock(found, by_compliance=by_compliance)
    try:
        settle_blocking(house, space)
        unblock(house, actor, space, step=f"{step}/unblock")
    except NotBlocked as no:
        raise Refusal(f"It could not be put back whole ({no}).", "Say `unblock` again.") from None
    except Missing:
        raise _cant_see() from None
    return owners


def take_back(house: House, actor: Actor, space: Space, *, step: str) -> None:
    """After a block by hand that did not come about: what was done of it is taken back, unless
    something else wants the space blocked. Should that fail, it stays on record, and `unblock`
    takes it back."""
    settle_blocking(house, space)
    with house.store.begin() as tx:
        tx.blocks.let_go(space.key, by=True)
        now = tx.blocks.of(space.key)
        tx.commit()
    if now is None or now.is_for_case or now.request is not None:
        return
    unblock(house, actor, space, step=step)


def is_free(tx: UnitOfWork, found: Block, *, but: RequestKey | None = None) -> bool:
    """Whether nothing wants the space blocked any more, besides the request `but`."""
    asked = found.request if found.request != but else None
    if asked is not None and tx.deletions.get(asked).ended_at is None:
        return False
    return not found.is_for_case and found.by is None


def settle_blocking(house: House, space: Space) -> None:
    """Recovery would finish a step of a block that a person asked for, also after the block was
    taken back; so what is open is settled first.

    Raises:
        NotBlocked: what came of a step can't be seen yet.
    """
    with house.store.read() as tx:
        left = [
            one for one in tx.intents.open()
            if one.plan.space == space.key and one.plan.word is Word.SPACE_BLOCK
            and one.plan.case is None
        ]  # fmt: skip
    for one in left:
        if settle(house, one).outcome is Outcome.OPEN:
            raise NotBlocked("what came of an earlier step can't be seen yet")


def no_more(no: Fault) -> Refusal:
    """What a person is told whose plan the caps stopped."""
    if isinstance(no, CapReached):
        return Refusal(
            f"No more spaces may be blocked or deleted for now: {no}.",
            "The operator sets how many; try again later, or ask them.",
        )
    return Refusal(f"I may not do that now: {no}.", "`status` tells how things stand.")


def _look(house: House, space: Space, *, by_compliance: bool) -> LiveReading:
    if space.type is SpaceType.DIRECT and not by_compliance:
        raise Refusal(
            "A direct conversation can only be blocked by compliance.",
            "You can hide or mute it in Webex.",
        )
    guard_own_spaces(house)
    try:
        live = read_live(house, space.key, lane=Lane.CHAT)
    except Missing:
        raise _cant_see() from None
    except WebexFault as no:
        raise Refusal(f"I could not look at it just now: {no}.", _LOOK_AGAIN) from None
    if not live.members_complete or not live.members:
        raise Refusal("I could not see all of its members just now.", _LOOK_AGAIN)
    return live


def _may_block(tx: UnitOfWork, space: Space, *, again: Actor | None = None) -> None:
    """Raises Refusal. `again`: who blocked it by hand goes on with a block that was left."""
    trace = explain(tx, space.key, (), Moments(now=tx.now))
    guard = next(line for line in trace.lines if line.step is Step.GUARD)
    if guard.verdict != "passed":
        raise Refusal(f"I may not block that space. {guard.sentence}")
    found = _standing(tx, tx.blocks.of(space.key))
    if found is None or (again is not None and _only_by(found, again)):
        return
    raise Refusal(f"“{space.shown_title}” is blocked already{_why(found)}.", _way_back(found))


def _standing(tx: UnitOfWork, found: Block | None) -> Block | None:
    """Without a request that is over: its block is left, and nobody's reason any more."""
    if found is None or found.request is None:
        return found
    is_over = tx.deletions.get(found.request).ended_at is not None
    return replace(found, request=None) if is_over else found


def _only_by(found: Block, actor: Actor) -> bool:
    others = found.is_for_case or found.request is not None
    return not others and found.by in (None, actor.person)


def _may_unblock(found: Block, *, by_compliance: bool) -> None:
    if found.request is not None or found.is_for_case:
        raise Refusal(f"It is blocked{_why(found)}.", _way_back(found))
    if found.by_compliance and not by_compliance:
        raise Refusal("Compliance blocked it.", "Only they can unblock it; ask them.")


def _why(found: Block) -> str:
    if found.request is not None:
        return ", because somebody asked to delete it"
    return " by its policy" if found.is_for_case else ""


def _way_back(found: Block) -> str:
    if found.request is not None:
        return "`delete undo` takes that back."
    if found.is_for_case:
        return "Keep it by `keep until` or `keep forever`, and it is put back as it was."
    return "`unblock` puts it back."


def _view(tx: UnitOfWork, actor: Actor, space: Space, live: LiveReading) -> BlockView:
    return BlockView(
        space=tx.spaces.by_key(space.key), size=len(live.members),
        moderators=len(live.moderators) - int(live.bot_is_moderator),
        bot_joins=not live.bot_is_member and space.type is not SpaceType.DIRECT,
        owners=_others(tx, actor, space),
    )  # fmt: skip


def _others(tx: UnitOfWork, actor: Actor, space: Space) -> tuple[Person, ...]:
    return tuple(one for one in owners_of(tx, space.key) if one.key != actor.person)


def _cant_see() -> Refusal:
    return Refusal("I can't see that space any more.", "It may be gone; `search` tells.")
