"""Saved searches: kept, found by name, renamed, given up, and shared.

The words are shared and never what they find: whoever gets them searches by themselves and sees
what they may (I13). A person's own searches come before those that others gave them; where two
of those have a name, whose it is tells them apart.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from domain.audit import Word
from domain.errors import Refusal
from domain.people import Actor, Person
from domain.searches import SavedSearch
from domain.spaces import Scope, Space
from spaces.spec import House
from storage.store import UnitOfWork

MOST = 100
"""Searches of one person."""
MOST_SHARES = 50
LONGEST = 60


def search_name(text: str) -> str:
    """A name as it is kept. Raises Refusal where it can't be one."""
    name = " ".join(text.replace('"', " ").split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise Refusal(
            f"A search's name has 1 to {LONGEST} characters.",
            'Such as: save search "stale finance" as tag:finance inactive:>90d',
        )
    return name


def save_search(
    house: House, actor: Actor, person: Person, name: str, words: str, *, replaces: bool = False
) -> bool:
    """Keeps `words` under `name`. Says whether another one was replaced.

    Raises:
        Refusal: the name can't be one or is taken, or they are too many.
    """
    name = search_name(name)
    with house.store.begin() as tx:
        known = tx.searches.named(person.key, name)
        if known is not None and known.words == words:
            return False
        if known is not None and not replaces:
            raise Refusal(
                f"You have a search “{known.name}” already: {known.words}",
                "Take another name, or replace it:"
                f' save search "{known.name}" replacing the old one as {words}',
            )
        if known is not None:
            tx.searches.change(known.key, words=words)
        elif tx.searches.count(person.key) >= MOST:
            raise Refusal(f"You have {MOST} searches already.", "Delete one first: `searches`.")
        elif not tx.searches.save(person.key, name, words):
            raise Refusal(f"You have just saved a search “{name}”.", "Look at `searches`.")
        tx.audit.add(Word.SEARCH_SAVE, actor, name=name, words=words)
        tx.commit()
    return known is not None


def searches_of(
    house: House, person: Person
) -> tuple[tuple[SavedSearch, ...], tuple[SavedSearch, ...]]:
    """Somebody's own, and those that others shared with them."""
    with house.store.read() as tx:
        return tx.searches.of(person.key), tx.searches.shared_with(person.key)


def search_called(house: House, person: Person, name: str) -> SavedSearch:
    """One's own of that name, else one that was shared. Raises Refusal."""
    with house.store.read() as tx:
        own = tx.searches.named(person.key, " ".join(name.split()))
        if own is not None:
            return own
        others = tx.searches.shared_with(person.key)
        wanted = " ".join(name.split()).casefold()
        hits = [one for one in others if wanted in (one.name.casefold(), _full(one).casefold())]
        if len(hits) == 1:
            return hits[0]
        if hits:
            raise Refusal(
                f"{len(hits)} people shared a search “{name[:LONGEST]}” with you.",
                "Say whose: " + ", ".join(f"“{_full(one)}”" for one in hits[:5]),
            )
        raise _unknown(tx, person, name, others)


def rename_search(house: House, actor: Actor, person: Person, name: str, to: str) -> SavedSearch:
    """Raises Refusal: there is none of that name, or one of the new name already."""
    new = search_name(to)
    with house.store.begin() as tx:
        one = _own(tx, person, name)
        other = tx.searches.named(person.key, new)
        if other is not None and other.key != one.key:
            raise Refusal(f"You have a search “{other.name}” already.", "Take another name.")
        tx.searches.change(one.key, name=new)
        tx.audit.add(Word.SEARCH_RENAME, actor, name=one.name, to=new)
        tx.commit()
    return one


def delete_search(house: House, actor: Actor, person: Person, name: str) -> SavedSearch:
    """Gives what it was. Raises Refusal: there is none of that name."""
    with house.store.begin() as tx:
        one = _own(tx, person, name)
        tx.searches.delete(one.key)
        tx.audit.add(Word.SEARCH_DELETE, actor, name=one.name, words=one.words)
        tx.commit()
    return one


def share_search(
    house: House, actor: Actor, owner: Person, name: str, *, person: Person | None = None,
    space: Space | None = None,
) -> tuple[SavedSearch, bool]:  # fmt: skip
    """Gives the words to a person or to whoever is in a space; says whether that is new.

    Raises:
        Refusal: there is none of that name, it is shared enough, or the receiver is an
            outsider or may have some.
    """
    if person is not None and (person.is_ours is False or person.is_bot):
        raise Refusal("A search is shared within the company only.", "Name one of ours.")
    if space is not None and space.scope is not Scope.INTERNAL:
        raise Refusal(
            "People of other organisations are in that space, or may be.",
            "Share it with each person by their e-mail address.",
        )
    with house.store.begin() as tx:
        one = _own(tx, owner, name)
        if len(one.shared) >= MOST_SHARES:
            raise Refusal(
                f"It is shared with {MOST_SHARES} already.", "Share it with a space of theirs."
            )
        new = tx.searches.share(
            one.key, person=person.key if person else None, space=space.key if space else None
        )
        if new:
            tx.audit.add(
                Word.SEARCH_SHARE, actor, name=one.name, words=one.words,
                space=space.key if space else None, person=person.key if person else None,
            )  # fmt: skip
        tx.commit()
    return one, new


def unshare_search(house: House, actor: Actor, owner: Person, name: str) -> tuple[SavedSearch, int]:
    """Takes it back from everybody. Raises Refusal: there is none of that name."""
    with house.store.begin() as tx:
        one = _own(tx, owner, name)
        gone = tx.searches.unshare(one.key)
        if gone:
            tx.audit.add(Word.SEARCH_UNSHARE, actor, name=one.name, from_=gone)
        tx.commit()
    return one, gone


def _own(tx: UnitOfWork, person: Person, name: str) -> SavedSearch:
    one = tx.searches.named(person.key, " ".join(name.split()))
    if one is None:
        raise _unknown(tx, person, name, ())
    return one


def _unknown(tx: UnitOfWork, person: Person, name: str, others: Sequence[SavedSearch]) -> Refusal:
    names = [one.name for one in (*tx.searches.of(person.key), *others)]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"Did you mean “{near[0]}”? " if near else ""
    return Refusal(
        f"You have no search “{name[:LONGEST]}”.", f"{hint}`searches` shows those that there are."
    )


def _full(one: SavedSearch) -> str:
    """With whose it is."""
    return f"{one.name} of {one.owner_name}"
