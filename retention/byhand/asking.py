"""Asking for a deletion: what would go is shown, a code is typed back, then it is asked for.

A moderator asks for their own space, alone. Compliance asks for anybody's, and then a second
officer has to say the same, having seen the same; nothing happens before. That holds for a
space that the officer moderates, too: they could make themselves moderator of any. The code
stands for what the person was shown: once anything of it is different, it is shown again.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from domain.audit import Word
from domain.endings import DeletionView, Pending, Request, RequestState, Way
from domain.errors import Refusal
from domain.ids import PersonKey
from domain.people import Actor
from domain.spaces import Space, SpaceType
from retention.byhand.judging import NO_EXPORT, code_of, forbidden, look, seen_of, way_of, window
from retention.explaining import space_view
from spaces.looking import owners_of
from spaces.spec import House
from spaces.sync.live import LiveReading
from storage.store import UnitOfWork

SHOWN_FOR = timedelta(minutes=15)
AGREED_WITHIN = timedelta(days=7)
"""A second officer who comes later finds nothing to agree to."""


def show_deletion(
    house: House, actor: Actor, space: Space, *, by_compliance: bool, again: str = ""
) -> DeletionView:
    """What would go, read now, with the code that asks for it. Changes nothing in Webex.

    Args:
        by_compliance: the caller is an officer.

    Raises:
        Refusal: it can't be seen whole, or is on its way already.
    """
    live = look(house, space)
    planned = space_view(house, space)
    with house.store.begin() as tx:
        space = tx.spaces.by_key(space.key)
        first = _on_its_way(tx, actor, space, by_compliance=by_compliance)
        why = _may_not(tx, house, space, by_compliance=by_compliance)
        shown = None if why else _shown(tx, actor, space, live, by_compliance=by_compliance)
        owners = tuple(one.name for one in owners_of(tx, space.key))
        name = tx.people.by_key(first.by).name if first else ""
        tx.commit()
    return DeletionView(
        space=space, way=way_of(space), members=sum(not _is_bot(house, m) for m in live.members),
        owners=owners, forbidden=why, first=name,
        code=code_of(shown, _person(actor)) if shown else "",
        needs_second=by_compliance and first is None,
        window_hours=round(
            window(house.limits, by_compliance=by_compliance).total_seconds() / 3600
        ),
        planned=planned.why if planned.due is not None else "", again=again,
        export="First all of it is exported for the operator, files included." if house.exports
        else "No export of it is kept.",
    )  # fmt: skip


def ask_deletion(
    house: House, actor: Actor, space: Space, code: str, *, by_compliance: bool, reason: str = ""
) -> Request | DeletionView:
    """Asks for it, with the code that was shown; as a second officer, agrees to it.

    The view where what was shown is not so any more: nothing was asked for. The same again is
    the same request.

    Raises:
        Refusal: the code stands for nothing that they saw, or something forbids it.
    """
    me = _person(actor)
    with house.store.read() as tx:
        if (known := _same(tx, space, me, code)) is not None:
            return known
    live = look(house, space)
    with house.store.begin() as tx:
        tx.audit.serialise()
        space = tx.spaces.by_key(space.key)
        if (known := _same(tx, space, me, code)) is not None:
            return known
        first = _on_its_way(tx, actor, space, by_compliance=by_compliance)
        shown = tx.deletions.shown_to(me, space.key, since=tx.now - SHOWN_FOR)
        if shown is None or not secrets.compare_digest(
            code_of(shown, me).encode(), code.strip().encode()
        ):
            raise Refusal(
                "That is not the code that I showed you for this space.",
                "Codes hold for 15 minutes; say `delete` and the space for a fresh one.",
                word=str(Word.COMMAND_REFUSED),
            )
        if why := _may_not(tx, house, space, by_compliance=by_compliance):
            raise Refusal(f"It can't be deleted. {why}", word=str(Word.COMMAND_REFUSED))
        if first is not None and first.seen != shown.seen:
            raise Refusal(
                f"It has changed since {tx.people.by_key(first.by).name} asked for it.",
                "They have to take it back (`delete undo`) and ask again.",
            )
        if shown.by_compliance is by_compliance and shown.seen == seen_of(space, live):
            made = _ask(tx, actor, shown, first, reason)
            tx.commit()
            return made
    again = "Something about it has changed since you saw it, so nothing was asked for."
    return show_deletion(house, actor, space, by_compliance=by_compliance, again=again)


def pending_of(tx: UnitOfWork, request: Request) -> Pending:
    """A request with the names that people know."""
    second = tx.people.by_key(request.second).name if request.second is not None else ""
    return Pending(
        request=request, space=tx.spaces.by_key(request.space),
        by=tx.people.by_key(request.by).name, second=second,
    )  # fmt: skip


def _ask(
    tx: UnitOfWork, actor: Actor, shown: Request, first: Request | None, reason: str
) -> Request:
    """The wish is on record. Alone it goes on at once, as compliance with the second."""
    more: dict[str, object]
    if first is not None:
        now, to, more = first, RequestState.BEGUN, {"second_id": actor.person, "salt": shown.salt}
        word, why = Word.DELETION_AGREE, f"{actor.name} agreed"
    else:
        now, more = shown, {"asked_at": tx.now, "reason": reason}
        to = RequestState.WAITING if shown.by_compliance else RequestState.BEGUN
        word, why = Word.DELETION_ASK, f"{actor.name} asked for it"
        _take_the_place(tx, actor, shown)
    if not tx.deletions.move(now, to, why=why, **more):
        raise Refusal("Somebody else was faster.", "`deletions` shows what is on its way.")
    made = tx.deletions.get(now.key)
    tx.audit.add(
        word, actor, space=made.space, request=made.key, way=str(made.way), reason=made.reason,
        by_compliance=made.by_compliance, seen=made.seen, state=str(made.state),
    )  # fmt: skip
    return made


def _take_the_place(tx: UnitOfWork, actor: Actor, shown: Request) -> None:
    """Of what waits for a second officer: its end is the same, and comes sooner."""
    waiting = tx.deletions.open_of(shown.space)
    if waiting is None or waiting.state is not RequestState.WAITING:
        return
    why = "whoever manages the space asked for it"
    if tx.deletions.move(waiting, RequestState.ENDED, why=why):
        tx.audit.add(
            Word.DELETION_STOP, actor, space=waiting.space, request=waiting.key,
            was=str(waiting.state), why=why,
        )  # fmt: skip


def _shown(
    tx: UnitOfWork, actor: Actor, space: Space, live: LiveReading, *, by_compliance: bool
) -> Request:
    return tx.deletions.show(
        space.key, _person(actor), by_compliance=by_compliance, way=way_of(space),
        seen=seen_of(space, live), seen_human=live.last_human, salt=secrets.token_hex(8),
    )  # fmt: skip


def _same(tx: UnitOfWork, space: Space, me: PersonKey, code: str) -> Request | None:
    """What this very message or press asked for already, before its process died."""
    found = tx.deletions.open_of(space.key)
    if found is None or me not in (found.by, found.second):
        return None
    is_last = me == (found.second if found.second is not None else found.by)
    return found if is_last and code_of(found, me) == code.strip() else None


def _on_its_way(
    tx: UnitOfWork, actor: Actor, space: Space, *, by_compliance: bool
) -> Request | None:
    """What another officer asked for, and the caller may agree to. Raises Refusal.

    What waits for a second officer does not stand in the way of who manages the space.
    """
    found = tx.deletions.open_of(space.key)
    if found is None:
        return None
    if found.state is RequestState.WAITING and not by_compliance:
        return None  # compliance's own matter (I13): whoever manages it asks as if it were not
    if found.state is RequestState.WAITING and found.asked_at is not None:
        if found.asked_at + AGREED_WITHIN <= tx.now:
            why = "nobody agreed in time"
            tx.deletions.move(found, RequestState.ENDED, why=why)
            return None
        if by_compliance and found.by != actor.person:
            return found
        if found.by == actor.person:
            raise Refusal(
                "You asked for that already.",
                "Somebody else of compliance has to say `delete` and the space, too.",
            )
    raise Refusal(
        "Its deletion was asked for already.",
        "`deletions` shows it; `delete undo` and the space takes it back.",
    )


def _may_not(tx: UnitOfWork, house: House, space: Space, *, by_compliance: bool) -> str:
    if not house.webex.has_compliance:
        return "Without a compliance identity nobody could see whether it is gone."
    if space.type is SpaceType.DIRECT and not by_compliance:
        return "A direct conversation belongs to two; only compliance can empty it."
    if house.exports is None and house.limits.needs_export:
        return NO_EXPORT
    return forbidden(tx, space.key)


def _is_bot(house: House, member: object) -> bool:
    with house.store.read() as tx:
        person = tx.people.by_id(member.person_id)  # type: ignore[attr-defined]
    return person is not None and person.is_bot


def _person(actor: Actor) -> PersonKey:
    if actor.person is None:
        raise Refusal("Only a person can ask for that.")
    return actor.person


__all__ = ["AGREED_WITHIN", "SHOWN_FOR", "Way", "ask_deletion", "pending_of", "show_deletion"]
