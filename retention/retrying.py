"""What waits for compliance, tried once more: each kind of cause in its own way.

Trying again destroys nothing by itself. A deletion is only looked at again: whether the space
is gone after all. Everything else begins anew, with all of its warnings.
"""

from __future__ import annotations

from domain.attention import Kind
from domain.audit import Word
from domain.cases import Case
from domain.errors import Refusal
from domain.intents import Intent, Outcome
from domain.lifecycle import CaseState, Cause
from domain.owning import SearchState
from domain.people import Actor
from domain.spaces import Space, SpaceState
from retention.attention import close, waiting_of
from retention.certifying import certify
from retention.ended import KIND
from retention.moving import move_case
from retention.ownerless.searching import begin_search
from spaces.effects import settle
from spaces.spec import House
from spaces.sync.live import settle_missing
from webex.gateway import Lane


def retry(house: House, actor: Actor, space: Space) -> str:
    """Tries again, and says in a sentence what came of it.

    Raises:
        Refusal: it waits for nothing, there is nothing to try, or it can't be seen just now.
    """
    match waiting_of(house, space).kind:
        case Kind.OWNERLESS:
            return _ask_anew(house, actor, space)
        case Kind.DELETION:
            return _look_again(house, actor, space)
        case Kind.NEEDED:
            raise Refusal(
                "There is nothing to try again: it goes on its way.",
                "`keep until` or `keep forever` keeps it.",
            )
        case Kind.REQUEST:
            raise Refusal(
                "A deletion that somebody asked for is not tried again.",
                "`delete undo` puts the space back; `delete` asks for it anew.",
            )
        case _:
            return _anew(house, actor, space, "it was tried again")


def _anew(house: House, actor: Actor, space: Space, why: str) -> str:
    with house.store.begin() as tx:
        case = tx.cases.open_of(space.key)
        if case is None or case.state is not CaseState.NEEDS_ATTENTION:
            raise Refusal("It moved on at this very moment.", "`attention` lists what waits.")
        close(tx, case, actor, why=why)
        tx.commit()
    return "It begins anew in the next night, with all of its warnings."


def _ask_anew(house: House, actor: Actor, space: Space) -> str:
    with house.store.begin() as tx:
        case = tx.cases.open_of(space.key)
        old = tx.owner_searches.open_of(space.key)
        if old is not None and old.state is SearchState.TAKING:
            raise Refusal("Somebody takes it over at this very moment.", "Look again in a minute.")
        if old is not None and not tx.owner_searches.move(
            old, SearchState.OVER, why="they are asked anew"
        ):
            raise Refusal("That search is moving at this very moment.", "Try again in a minute.")
        begin_search(tx, space.key, case=case, actor=actor)
        tx.commit()
    return "Its members are asked anew, the most active first."


def _look_again(house: House, actor: Actor, space: Space) -> str:
    with house.store.read() as tx:
        case = tx.cases.open_of(space.key)
        tried = (
            [one for one in tx.intents.of_case(case.key) if one.plan.kind == KIND] if case else []
        )
    if case is None or not tried:
        raise Refusal("It moved on at this very moment.", "`attention` lists what waits.")
    last = tried[-1]
    if not last.outcome.is_final:
        last = settle(house, last)
    if last.outcome is Outcome.DONE:
        return _certified(house, actor, case, last)
    state = settle_missing(house, space.key, lane=Lane.CHAT)
    if state is None:
        raise Refusal("I could not see just now whether it is there.", "Try again in a minute.")
    if state is SpaceState.LIVE:
        return "It is still there. " + _anew(house, actor, space, "it was seen to be there")
    said = "it is gone" if state is SpaceState.GONE else "nobody of ours can see it any more"
    _anew(house, actor, space, said)
    return (
        f"{said.capitalize()}: nothing is left to do. That I did it is not proven, so there is no"
        " certificate."
    )


def _certified(house: House, actor: Actor, case: Case, intent: Intent) -> str:
    with house.store.begin() as tx:
        tx.audit.serialise()
        now = tx.cases.get(case.key)
        made = certify(tx, now, [intent])
        tx.tombstones.came_true(case=case.key, until=tx.now + house.limits.restorable)
        move_case(
            tx, now, Cause.CONFIRMED_GONE, why="it was looked at again, and is gone", actor=actor
        )
        tx.audit.add(
            Word.CASE_ANSWER, actor, space=case.space, case=case.key, choice="looked again"
        )
        tx.commit()
    return f"It is gone, as a second identity saw. The certificate is {made.number}."
