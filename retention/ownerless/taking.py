"""A member who was asked answers: takes the space over, does not, or says that nobody needs it.

The first yes wins: it is claimed by one guarded move before Webex is asked for anything, and
whoever comes second is told who was faster. Who says yes is looked at again right then: they
must still be in the space, a person of ours (I12). "Nobody needs it" is a note for compliance,
never a deletion.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.audit import Word
from domain.errors import Refusal
from domain.owning import Ask, Said, Search, SearchState
from domain.people import SYSTEM, Actor, Person
from domain.spaces import Space, SpaceType
from retention.ownerless.candidates import is_able
from retention.ownerless.searching import end_search, owner_names
from spaces.blocking import unblock
from spaces.changing import Came
from spaces.following import look, notes_on
from spaces.looking import is_in
from spaces.moderating import make_one
from spaces.naming import Named
from spaces.spec import House
from storage.blocks import Block
from storage.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Args:
    search: as it is now.
    is_moderator: Webex has made them one; else they own it by our record alone.
    notes: what Webex did besides, and why not more.
    was_due: a case stood still, and begins anew.
    """

    search: Search
    is_moderator: bool
    notes: tuple[str, ...]
    was_due: bool


def take_over(house: House, actor: Actor, space: Space, person: Person) -> Taken:
    """Makes somebody who was asked the owner of a space.

    Raises:
        Refusal: they were not asked, are not in it any more, or somebody was faster.
    """
    with house.store.read() as tx:
        last = tx.owner_searches.last_of(space.key)
    if last is not None and last.state is SearchState.OVER and last.taken_by == person.key:
        return Taken(search=last, is_moderator=True, notes=(), was_due=last.case is not None)
    if not (is_in(house, space.id, person) and is_able(house, person)):
        raise Refusal("You are not in that space any more, so you can't take it over.")
    search = _claim(house, actor, space, person)
    return appoint(house, actor, space, person, search)


def appoint(house: House, actor: Actor, space: Space, person: Person, search: Search) -> Taken:
    """Makes a member of a space its owner, for whom the search was claimed, and ends it; what was
    done is not done again.

    Raises:
        Refusal: they have left it meanwhile.
    """
    is_moderator, notes = _make_moderator(house, actor, space, person, search)
    with house.store.begin() as tx:
        tx.audit.serialise()
        if not tx.spaces.is_member(space.key, person.key):
            back_to_asking(tx, search, "who wanted to take it has left it")
            tx.commit()
            raise Refusal(f"{person.name} is not in it any more, so somebody else has to own it.")
        if not is_moderator:
            tx.spaces.set_requested_by(space.key, person.key)
        tx.disowned.remove(space.key, person.key)  # or nobody would own it after all
        tx.audit.add(
            Word.OWNER_SET, actor, space=space.key, person=person.key,
            how="moderator" if is_moderator else "our record", notes=list(notes),
            search=search.key,
        )  # fmt: skip
        now = tx.owner_searches.get(search.key)
        end_search(tx, now, why=f"{person.name} owns it now", actor=actor, taken_by=person.key)
        over = tx.owner_searches.get(search.key)
        tx.commit()
    return Taken(
        search=over, is_moderator=is_moderator, notes=notes, was_due=search.case is not None
    )


def answer_no(house: House, actor: Actor, space: Space, person: Person, said: Said) -> None:
    """Writes down that somebody does not take it. When all of a round said so, the next one is
    asked. Raises Refusal: they were not asked, or it is over."""
    with house.store.begin() as tx:
        search, ask = _asked(tx, space, person)
        if search.taken_by == person.key:
            raise Refusal("You are taking it over at this moment.")
        if ask.said is said:
            return
        tx.owner_searches.say(search.key, person.key, said)
        tx.audit.add(
            Word.OWNER_ANSWER, actor, space=space.key, person=person.key, search=search.key,
            said=str(said),
        )  # fmt: skip
        tx.commit()


def may_answer(tx: UnitOfWork, space: Space, person: Person) -> bool:
    """Whether somebody was asked in a search, the last one of the space."""
    search = tx.owner_searches.last_of(space.key)
    return search is not None and tx.owner_searches.ask_of(search.key, person.key) is not None


def _claim(house: House, actor: Actor, space: Space, person: Person) -> Search:
    with house.store.begin() as tx:
        search, _ = _asked(tx, space, person)
        if search.state is SearchState.TAKING:
            if search.taken_by == person.key:
                return search  # this very press, or one before it whose process died
            raise _too_late(tx, search)
        if names := owner_names(tx, space.key):
            raise Refusal(f"{names} owns it already.", "There is nothing left to do.")
        claim(tx, search, person)
        tx.owner_searches.say(search.key, person.key, Said.TAKE)
        tx.audit.add(
            Word.OWNER_ANSWER, actor, space=space.key, person=person.key, search=search.key,
            said=str(Said.TAKE),
        )  # fmt: skip
        claimed = tx.owner_searches.get(search.key)
        tx.commit()
    return claimed


def claim(tx: UnitOfWork, search: Search, person: Person) -> None:
    """The one move that makes the first yes the only one. Raises Refusal: somebody was faster."""
    if not tx.owner_searches.move(
        search, SearchState.TAKING, why=f"{person.name} takes it over", taken_by_id=person.key,
        taken_at=tx.now,
    ):  # fmt: skip
        raise _too_late(tx, tx.owner_searches.get(search.key))


def _asked(tx: UnitOfWork, space: Space, person: Person) -> tuple[Search, Ask]:
    """The open search in which somebody was asked. Raises Refusal."""
    search = tx.owner_searches.last_of(space.key)
    ask = tx.owner_searches.ask_of(search.key, person.key) if search else None
    if search is None or ask is None:
        raise Refusal(
            "You were not asked to take that space over.",
            "`explain` says what becomes of it; `need` says that you still need it.",
        )
    if search.state is SearchState.OVER:
        raise _too_late(tx, search)
    return search, ask


def _too_late(tx: UnitOfWork, search: Search) -> Refusal:
    if search.taken_by is None:
        return Refusal(f"Nobody has to be found any more: {search.why}.")
    name = tx.people.by_key(search.taken_by).name
    return Refusal(f"{name} was faster and owns it now.", "There is nothing left to do.")


def let_go(house: House, search: Search, why: str) -> None:
    """Whoever claimed it can't own it: the others may."""
    with house.store.begin() as tx:
        back_to_asking(tx, search, why)
        tx.commit()


def back_to_asking(tx: UnitOfWork, search: Search, why: str) -> None:
    now = tx.owner_searches.get(search.key)
    if now.state is SearchState.TAKING:
        tx.owner_searches.move(
            now, SearchState.ASKING, why=why, taken_by_id=None, taken_at=None
        )  # fmt: skip


def _make_moderator(
    house: House, actor: Actor, space: Space, person: Person, search: Search
) -> tuple[bool, tuple[str, ...]]:
    """Whether Webex has made them one, and what it did besides or why it did not."""
    if space.type is SpaceType.DIRECT:
        return False, ("A conversation of two has no moderators.",)
    name = f"owner/{search.key}/{person.key}"
    if (block := _block_of(house, space)) is not None:
        if block.request is not None or block.by is not None:
            return False, ("It stays blocked for another reason, so nobody moderates it now.",)
        unblock(house, SYSTEM, space, step=f"{name}/unblock")
    before = look(house, space)
    named = Named(said=person.email, email=person.email, person=person)
    made = make_one(house, actor, before, named, name)
    after = look(house, space)
    is_moderator = after.is_led_by(named)
    notes = notes_on(before, after, actor.person)
    if is_moderator or made.came is not Came.REFUSED:
        return is_moderator, notes
    return False, (*notes, f"Webex did not make you its moderator: {made.why}")


def _block_of(house: House, space: Space) -> Block | None:
    with house.store.read() as tx:
        return tx.blocks.of(space.key)
