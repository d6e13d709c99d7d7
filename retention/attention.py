"""Spaces that wait for a person to look: what they wait for, and sending them on their way.

A case comes here when it can't go on by itself: nobody owns its space, its block was changed, a
deletion did not end as it should. Nothing more is done to it until compliance says so; then
it begins anew, with all of its warnings. Beside them stand those that go on all the same and
that somebody should know of: needed by members, without an answer of their owners.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.attention import Kind
from domain.audit import Word
from domain.cases import Case
from domain.endings import RequestState
from domain.errors import Refusal
from domain.lifecycle import CaseState, Cause
from domain.owning import SearchState
from domain.people import Actor
from domain.spaces import Space
from domain.views import Waiting
from retention.ended import KIND
from retention.moving import move_case
from retention.needing import unanswered
from retention.ownerless.searching import WHY, end_search
from spaces.blocking import unblock
from spaces.spec import House
from storage.store import UnitOfWork

LEFT_ALONE = timedelta(days=7)
"""Time to put right what was wrong, before the policies decide about it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of what waits. `counts` are of all of it, by kind."""

    rows: tuple[Waiting, ...]
    number: int
    total: int
    counts: tuple[tuple[Kind, int], ...]


def waiting(house: House) -> tuple[Waiting, ...]:
    """All of them, the longest waiting first."""
    with house.store.read() as tx:
        return tuple(sorted(_all(tx), key=lambda one: (one.since, one.space.key)))


def waiting_page(house: House, *, number: int, per_page: int, kind: Kind | None = None) -> Page:
    """A page of what waits for one kind of cause, or for any; behind the last, the last one."""
    all_of_it = waiting(house)
    counted = Counter(one.kind for one in all_of_it)
    shown = [one for one in all_of_it if kind in (None, one.kind)]
    number = min(number, max(1, -(-len(shown) // per_page)))
    return Page(
        rows=tuple(shown[(number - 1) * per_page : number * per_page]), number=number,
        total=len(shown), counts=tuple((one, counted[one]) for one in Kind if counted[one]),
    )  # fmt: skip


def waiting_of(house: House, space: Space) -> Waiting:
    """What one space waits for. Raises Refusal: for nothing."""
    found = next((one for one in waiting(house) if one.space.key == space.key), None)
    if found is None:
        raise _nothing(space)
    return found


def take_on(house: House, actor: Actor, space: Space) -> Waiting:
    """Writes down who is on it, for the others to see. Raises Refusal: it waits for nothing."""
    found = waiting_of(house, space)
    with house.store.begin() as tx:
        case = tx.cases.open_of(space.key)
        if case is None or actor.person is None:
            raise Refusal(
                "It has no case of its own that somebody could be on.", "`deletions` shows it."
            )
        tx.attention.take(case.key, actor.person)
        tx.audit.add(
            Word.CASE_ANSWER, actor, space=space.key, case=case.key, choice="on it",
            kind=str(found.kind),
        )  # fmt: skip
        tx.commit()
    return found


def look_after(house: House, actor: Actor, space: Space, *, reason: str = "") -> None:
    """Says that somebody has looked; the case is closed, the space left alone for a week.

    Raises:
        Refusal: it does not wait for anybody.
    """
    with house.store.begin() as tx:
        why = f"{actor.name} has looked" + (f": {reason}" if reason else "")
        close(tx, _stuck(tx, space), actor, why=why)
        tx.protections.leave_alone(
            [space.key], until=tx.now + LEFT_ALONE, reason=why, is_firm=False
        )
        tx.commit()


def close(tx: UnitOfWork, case: Case, actor: Actor, *, why: str) -> None:
    """Ends a case that stands still, with the search for an owner that belongs to it."""
    tx.audit.serialise()
    search = tx.owner_searches.open_of(case.space)
    ends_both = search is not None and search.case == case.key
    if not (ends_both and search is not None and end_search(tx, search, why=why, actor=actor)):
        move_case(tx, case, Cause.LOOKED_AFTER, why=why, actor=actor)
    tx.audit.add(
        Word.CASE_ANSWER, actor, space=case.space, case=case.key, choice="looked after", why=why
    )


def put_back(house: House, actor: Actor, space: Space, *, step: str) -> None:
    """Takes back the block that is left of it, if there is one; else the next night does."""
    unblock(house, actor, space, step=f"{step}/unblock")


def _stuck(tx: UnitOfWork, space: Space) -> Case:
    case = tx.cases.open_of(space.key)
    if case is None or case.state is not CaseState.NEEDS_ATTENTION:
        raise _nothing(space)
    return case


def _nothing(space: Space) -> Refusal:
    return Refusal(
        f"“{space.shown_title}” does not wait for anybody.", "`attention` lists what does."
    )


def _all(tx: UnitOfWork) -> Iterator[Waiting]:
    stuck = tx.cases.open(CaseState.NEEDS_ATTENTION)
    needed = unanswered(tx)
    voices = [tx.cases.get(key) for key in needed]
    requests = tx.deletions.open(RequestState.ATTENTION)
    cases = [*stuck, *voices]
    spaces = tx.spaces.by_keys([*(one.space for one in cases), *(one.space for one in requests)])
    cares = tx.attention.cares([one.key for one in cases])
    people = tx.people.by_keys({one.by for one in cares.values()})
    blocked = tx.blocks.among(spaces)
    on_it = {key: people[one.by].name for key, one in cares.items()}
    for case, kind, why in _of_cases(tx, stuck):
        yield Waiting(
            space=spaces[case.space], why=why, since=case.state_at, kind=kind,
            is_blocked=case.space in blocked, on_it=on_it.get(case.key, ""),
        )  # fmt: skip
    for case in voices:
        number = needed[case.key]
        said = "1 member still needs it" if number == 1 else f"{number:,} members still need it"
        yield Waiting(
            space=spaces[case.space], why=f"{said}, and no owner answers", kind=Kind.NEEDED,
            since=case.last_notice_at or case.state_at, is_blocked=case.space in blocked,
            on_it=on_it.get(case.key, ""),
        )  # fmt: skip
    for request in requests:
        yield Waiting(
            space=spaces[request.space], why=request.why, kind=Kind.REQUEST,
            since=request.due or request.asked_at or request.shown_at,
            is_blocked=request.space in blocked,
        )  # fmt: skip


def _of_cases(tx: UnitOfWork, stuck: Sequence[Case]) -> Iterator[tuple[Case, Kind, str]]:
    keys = [one.key for one in stuck]
    searched, ended = tx.attention.searched(keys), tx.attention.badly_ended(keys, KIND)
    for case in stuck:
        if case.key in searched:
            state, how = searched[case.key]
            said = how if state is SearchState.ESCALATED else f"{WHY} ({how})"
            yield case, Kind.OWNERLESS, said
        elif case.key in ended:
            yield case, Kind.DELETION, case.why
        elif case.why == WHY:
            yield case, Kind.OWNERLESS, case.why
        else:
            yield case, Kind.BLOCK if case.blocked_at else Kind.STUCK, case.why
