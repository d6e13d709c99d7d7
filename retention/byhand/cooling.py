"""The time in which a deletion can be taken back: the space is blocked, its owners are told.

Blocked, so that nobody writes what would be lost, and so that the window is noticed. The time
begins when its other owners were told, one of them at least; who could not be told holds it up.
"""

from __future__ import annotations

import logging

from domain.audit import Word
from domain.endings import Request, RequestState
from domain.errors import Fault, Paused, Refusal, Stale
from domain.people import SYSTEM, Actor, Person
from domain.spaces import Space, SpaceState
from retention.blocking_by_hand import is_free, no_more, settle_blocking
from retention.byhand.asking import pending_of
from retention.byhand.judging import is_emptied, speaks_against, window
from retention.byhand.spec import Words
from retention.spec import CalledOff
from spaces.blocking import Because, NotBlocked, block, unblock
from spaces.effects import CapReached
from spaces.looking import owners_of
from spaces.replacing import replace_cards
from spaces.spec import House
from spaces.sync.live import read_live
from spaces.telling import tell_people
from storage.store import UnitOfWork

_log = logging.getLogger(__name__)


def begin(house: House, actor: Actor, request: Request) -> Request:
    """Blocks the space of a request that was asked for; from then on it cools. A second call
    goes on where the first one stopped.

    Raises:
        Refusal: it could not be blocked; the request is ended, and the space as it was.
    """
    space = _space(house, request)
    try:
        live = read_live(house, space.key)
        block(
            house, actor, space, step=f"deletion/{request.key}/block",
            because=Because(
                request=request.key, evidence_at=live.at, check=lambda tx: _may_begin(tx, request)
            ),
        )  # fmt: skip
    except (CapReached, Stale) as no:
        stop(house, request, why=str(no))
        raise no_more(no) from None
    except Paused:
        stop(house, request, why="everything that destroys is paused")
        raise
    except NotBlocked as no:
        stop(house, request, why=f"it could not be blocked: {no}")
        raise Refusal(f"It could not be blocked ({no}), so nothing is deleted.") from None
    except CalledOff as no:
        stop(house, request, why=str(no))
        raise Refusal(f"It can't be deleted. {no}") from None
    with house.store.begin() as tx:
        if tx.deletions.move(request, RequestState.COOLING, why="it is blocked"):
            tx.audit.add(Word.DELETION_BEGIN, actor, space=request.space, request=request.key)
        now = tx.deletions.get(request.key)
        tx.commit()
    if now.state is RequestState.ENDED:  # taken back while it was being blocked
        put_back(house, now)
        raise Refusal(f"It is not deleted: {now.why}.")
    return now


def tell_owners(house: House, request: Request, words: Words) -> Request:
    """Tells the other owners, once each; from the moment on when one was told (or where there
    is nobody else), the time runs."""
    if request.state is not RequestState.COOLING or request.due is not None:
        return request
    with house.store.read() as tx:
        others = others_of(tx, request)
        pending = pending_of(tx, request)
        now = tx.now
    reached = tell_people(
        house, others, lambda person: words.told(pending, house.reader(person)),
        space=request.space, step=f"deletion/{request.key}/told/{now:%Y-%m-%dT%H}",
        about=about(request),
    )  # fmt: skip
    with house.store.begin() as tx:
        due = tx.now + window(house.limits, by_compliance=request.by_compliance)
        told = {one.key for one in reached}
        is_told = bool(told or request.told) or not others
        tx.deletions.tell(request, told, due=due if is_told else None)
        now_is = tx.deletions.get(request.key)
        tx.commit()
    return now_is


def others_of(tx: UnitOfWork, request: Request) -> list[Person]:
    """Who owns the space besides those who asked."""
    return [
        one for one in owners_of(tx, request.space) if one.key not in (request.by, request.second)
    ]


def take_back(house: House, actor: Actor, space: Space, *, is_compliance: bool) -> Request:
    """Takes a deletion back; the space is put back by `put_back` afterwards.

    Raises:
        Refusal: none is on its way, or it has begun.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        found = tx.deletions.open_of(space.key)
        if found is None or (found.state is RequestState.WAITING and not is_compliance):
            raise Refusal(
                f"Nobody has asked to delete “{space.shown_title}”.", "`deletions` lists them."
            )
        if found.state is RequestState.DELETING:
            raise Refusal("It is being deleted at this moment, so it is too late to take it back.")
        if found.state is RequestState.ATTENTION and not is_compliance:
            raise Refusal("Compliance has to look at it first.", "Ask them.")
        why = f"{_name(tx, actor)} took it back"
        if is_emptied(tx, found):
            if found.state is not RequestState.ATTENTION:
                raise Refusal(
                    "Its messages are deleted already, so it is too late to take it back."
                )
            why = f"{_name(tx, actor)} stopped the rest; its messages are deleted"
        ended = end_request(tx, found, actor, why)
        if ended is None:
            raise Refusal("It is moving at this very moment.", "Try again in a minute.")
        tx.commit()
    return ended


def stop(house: House, request: Request, *, why: str, actor: Actor = SYSTEM) -> Request | None:
    """Ends a request that may not go on, and puts its space back. None: it moved meanwhile."""
    with house.store.begin() as tx:
        tx.audit.serialise()
        now = tx.deletions.get(request.key)
        ended = end_request(tx, now, actor, why) if now.state is request.state else None
        tx.commit()
    if ended is not None:
        put_back(house, ended)
    return ended


def end_request(tx: UnitOfWork, request: Request, actor: Actor, why: str) -> Request | None:
    """In a transaction of the caller's. None: somebody was faster."""
    if not tx.deletions.move(
        request, RequestState.ENDED, why=why, ended_by_id=actor.person
    ):  # fmt: skip
        return None
    tx.audit.add(
        Word.DELETION_STOP, actor, space=request.space, request=request.key,
        was=str(request.state), why=why,
    )  # fmt: skip
    return tx.deletions.get(request.key)


def put_back(house: House, request: Request, *, run: str = "") -> bool:
    """Takes back the block of a request that is over, unless something else wants the space
    blocked. What goes wrong is left to the next run, which puts back whatever is left, by
    steps of its own: one that Webex refused is used up."""
    space = _space(house, request)
    with house.store.begin() as tx:
        found = tx.blocks.of(space.key)
        if found is None or found.request != request.key:
            return True
        if space.state in (SpaceState.GONE, SpaceState.LOST):
            tx.blocks.drop(space.key)
            tx.commit()
            return True
        if not is_free(tx, found, but=request.key):
            tx.blocks.let_go(space.key, request=True)
            tx.commit()
            return True
    try:
        settle_blocking(house, space)
        step = f"deletion/{request.key}/back" + (f"/{run}" if run else "")
        unblock(house, SYSTEM, space, step=step)
    except (Fault, LookupError) as no:
        _log.warning("space %s could not be put back yet: %s", space.key, no)
        return False
    return True


def tell_stopped(house: House, request: Request, words: Words) -> None:
    """Tells those whom a card about it reached, and whoever asked, that it is off."""
    with house.store.read() as tx:
        keys = {*request.told, request.by, *([request.second] if request.second else [])}
        keys -= {request.ended_by} if request.ended_by else set()
        people = tx.people.by_keys(keys)
        pending = pending_of(tx, request)
    readers = [people[key] for key in sorted(people)]
    tell_people(
        house, readers,
        lambda person: words.stopped(pending, request.why, house.reader(person)),
        step=f"deletion/{request.key}/stopped", space=request.space,
    )  # fmt: skip
    if readers:  # what stood there before offers what can't be done any more
        replace_cards(
            house, about(request),
            lambda reader: words.stopped(pending, request.why, reader),
        )  # fmt: skip


def about(request: Request) -> str:
    """What its cards are found by, to be replaced."""
    return f"deletion/{request.key}"


def _may_begin(tx: UnitOfWork, request: Request) -> None:
    now = tx.deletions.get(request.key)
    if now.state is not RequestState.BEGUN:
        raise CalledOff(f"It is {now.state} now: {now.why}.")
    if why := speaks_against(tx, now):
        raise CalledOff(why)


def _space(house: House, request: Request) -> Space:
    with house.store.read() as tx:
        return tx.spaces.by_key(request.space)


def _name(tx: UnitOfWork, actor: Actor) -> str:
    return actor.name if actor.person is None else tx.people.by_key(actor.person).name
