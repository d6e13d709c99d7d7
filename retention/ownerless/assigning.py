"""Compliance names an owner, or leaves a space that nobody owns as it is.

Whoever is named is a person of ours who can log in; who is not in the space is added to it. What
a first moderator brings about is said before (decision 0062).
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import Refusal
from domain.owning import Search, SearchKey, SearchState
from domain.people import Actor, Person
from domain.spaces import Space, SpaceType
from retention.ownerless.candidates import is_able
from retention.ownerless.searching import begin_search, case_of, end_search, owner_names
from retention.ownerless.taking import Taken, appoint, claim, let_go
from spaces.changing import Came
from spaces.following import appointing, look
from spaces.looking import is_in
from spaces.members import add_one
from spaces.naming import Named
from spaces.spec import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """With `consequences` nothing was done: they are what would follow."""

    taken: Taken | None = None
    consequences: tuple[str, ...] = ()


def assign_owner(
    house: House, actor: Actor, space: Space, person: Person, *, anyway: bool = False
) -> Assigned:
    """Makes somebody the owner of a space that nobody owns; every search for one is over then.

    Args:
        anyway: also where something follows that nobody may have meant.

    Raises:
        Refusal: it has an owner, somebody takes it over right now, or they can't own it.
    """
    if person.is_bot or person.is_ours is not True or not is_able(house, person):
        raise Refusal(
            f"{person.name} can't own it.", "Name a person of your organisation who can log in."
        )
    is_member = bool(is_in(house, space.id, person))
    if not is_member and space.type is SpaceType.DIRECT:
        raise Refusal("A conversation of two gets no third, so nobody else can own it.")
    named = Named(said=person.email, email=person.email, person=person)
    search = _search(house, actor, space, person)
    before = look(house, space)
    follows = appointing(house, before, [named], person.key) if is_member else (
        f"{person.name} is not in it: I add them, and they can read all that was written.",
        *appointing(house, before, [named], person.key),
    )  # fmt: skip
    if follows and not anyway:
        return Assigned(consequences=follows)
    with house.store.begin() as tx:
        if search is None:
            search = begin_search(tx, space.key, case=None, actor=actor)
            search = search or tx.owner_searches.open_of(space.key)
        if search is None:
            raise Refusal("That search is moving at this very moment.", "Try again in a minute.")
        if search.state is not SearchState.TAKING:
            claim(tx, search, person)
        search = tx.owner_searches.get(search.key)
        tx.commit()
    if not is_member:
        step = f"owner/{search.key}/{person.key}"
        made = add_one(house, actor, before, named, step, moderator=False)
        if made.came is Came.REFUSED:
            let_go(house, search, "who was named could not be added")
            raise Refusal(made.why)
    return Assigned(taken=appoint(house, actor, space, person, search))


def leave_ownerless(house: House, actor: Actor, space: Space) -> SearchKey:
    """Ends the search without an owner. The space is left alone for as long as after a keep;
    then the policies decide about it again. Raises Refusal: nobody is looked for."""
    with house.store.begin() as tx:
        search = tx.owner_searches.open_of(space.key)
        if search is None:
            raise Refusal(
                f"No owner is being looked for in “{space.shown_title}”.",
                "`ownerless` lists the spaces that nobody owns.",
            )
        tx.audit.serialise()
        was_due = case_of(tx, search) is not None
        why = f"{actor.name} leaves it as it is"
        if not end_search(tx, search, why=why, actor=actor):
            raise Refusal("That search is moving at this very moment.", "Try again in a minute.")
        if was_due:
            tx.protections.leave_alone(
                [space.key], until=tx.now + house.limits.immunity, reason=why, is_firm=False
            )
        tx.commit()
    return search.key


def _search(house: House, actor: Actor, space: Space, person: Person) -> Search | None:
    """The open search. Raises Refusal: it has an owner, or somebody takes it over right now."""
    with house.store.read() as tx:
        found = tx.owner_searches.open_of(space.key)
        if found is not None and found.state is SearchState.TAKING:
            if found.taken_by == person.key:
                return found  # begun before, by a process that died
            who = tx.people.by_key(found.taken_by).name if found.taken_by else "Somebody"
            raise Refusal(f"{who} takes it over at this very moment.", "Look again in a minute.")
        names = owner_names(tx, space.key)
    if names:
        raise Refusal(
            f"{names} owns it.", "`make moderator` gives it another; `explain` tells how it stands."
        )
    return found
