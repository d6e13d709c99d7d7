"""A search as values: begun, ended, and shown. One a space, with a line in the record for each
move. Whom it asks is `seeking`'s, who takes over `taking`'s."""

from __future__ import annotations

from collections.abc import Callable

from domain.audit import Word
from domain.cases import Case
from domain.ids import PersonKey, RoomId, SpaceKey
from domain.lifecycle import CaseState, Cause
from domain.outgoing import Showable
from domain.owning import Answered, Search, SearchKey, SearchState, SearchView
from domain.people import SYSTEM, Actor, Reader
from domain.spaces import Space
from retention.moving import move_case
from retention.ownerless.spec import about
from spaces.looking import owners_of
from spaces.replacing import replace_cards
from spaces.spec import House
from storage.store import UnitOfWork

WHY = "nobody owns it, so nobody can be warned"


def begin_search(
    tx: UnitOfWork, space: SpaceKey, *, case: Case | None, actor: Actor = SYSTEM
) -> Search | None:
    """Opens a search; one that is open already goes on, now for `case`, too. None: it was."""
    made = tx.owner_searches.begin(
        space, case=case.key if case else None, by=actor.person, why="nobody owns it"
    )
    if made is None:
        going_on = tx.owner_searches.open_of(space)
        if going_on is not None and case is not None:
            tx.owner_searches.attach(going_on.key, case.key)
        return None
    tx.audit.add(
        Word.OWNER_SEARCH, actor, space=space, search=made.key, case=case.key if case else None,
        now=str(made.state),
    )  # fmt: skip
    return made


def end_search(
    tx: UnitOfWork, search: Search, *, why: str, actor: Actor = SYSTEM,
    taken_by: PersonKey | None = None,
) -> bool:  # fmt: skip
    """Ends it, and lets the case that stood still begin anew. False: somebody was faster."""
    tx.audit.serialise()  # before the case's row, as in `moving`
    more = {} if taken_by is None else {"taken_by_id": taken_by, "taken_at": tx.now}
    if not tx.owner_searches.move(search, SearchState.OVER, why=why, **more):
        return False
    tx.audit.add(
        Word.OWNER_SEARCH, actor, space=search.space, person=taken_by, search=search.key,
        was=str(search.state), now=str(SearchState.OVER), why=why,
    )  # fmt: skip
    case = case_of(tx, search)
    if case is not None:
        move_case(tx, case, Cause.LOOKED_AFTER, why=why, actor=actor)
    return True


def case_of(tx: UnitOfWork, search: Search) -> Case | None:
    """The case that stands still for want of an owner, while it does."""
    if search.case is None:
        return None
    case = tx.cases.get(search.case)
    stands = case.state is CaseState.NEEDS_ATTENTION and case.closed_at is None
    return case if stands else None


def search_view(
    tx: UnitOfWork, search: Search, space: Space, *, others: tuple[tuple[str, str], ...] = ()
) -> SearchView:
    asks = tx.owner_searches.asks(search.key)
    people = tx.people.by_keys([one.person for one in asks])
    return SearchView(
        space=space, search=search, why=search.why, others=others,
        is_blocked=tx.blocks.of(space.key) is not None,
        asked=tuple(
            Answered(
                name=people[one.person].name, email=people[one.person].email,
                messages=one.messages, asked_at=one.delivered_at, said=one.said,
            )
            for one in asks
        ),
    )  # fmt: skip


def owner_names(tx: UnitOfWork, space: SpaceKey) -> str:
    """Who owns it now, for a sentence; empty where nobody does."""
    return ", ".join(one.name for one in owners_of(tx, space)[:3])


def tell_it_is_over(
    house: House, search: SearchKey, over: Callable[[SearchView, Reader], Showable], *,
    but_in: RoomId | None = None,
) -> None:  # fmt: skip
    """Puts what came of it where the questions are. Args: but_in: who was answered anyway."""
    with house.store.read() as tx:
        found = tx.owner_searches.get(search)
        view = search_view(tx, found, tx.spaces.by_key(found.space))
    replace_cards(house, about(search), lambda reader: over(view, reader), but_in=but_in)
