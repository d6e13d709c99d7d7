"""Saved searches: whose they are, by which name, and who else finds them.

A search that is shared with a space is found by whoever is in it now. Only the words are kept
and shared, never what they found (I13).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, or_, select, update

from domain.ids import PersonKey, SpaceKey
from domain.searches import SavedSearch
from storage.schema import membership, person, saved_search, search_share, space, space_name
from storage.sql import insert


class Searches:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- questions --------------------------------------------------------------------------

    def of(self, owner: PersonKey) -> tuple[SavedSearch, ...]:
        """Somebody's own, by name, each with those whom it is shared with."""
        found = _select().where(saved_search.c.owner_id == owner).order_by(saved_search.c.folded)
        rows = self._connection.execute(found).all()
        shares = self._shares([row.id for row in rows])
        return tuple(_search(row, shares.get(row.id, ())) for row in rows)

    def shared_with(self, reader: PersonKey) -> tuple[SavedSearch, ...]:
        """Those of others that came to somebody, by name: to them, or to a space they are in."""
        theirs = select(membership.c.space_id).where(membership.c.person_id == reader)
        alive = select(space.c.id).where(space.c.state == 0, space.c.id.in_(theirs))
        mine = or_(search_share.c.person_id == reader, search_share.c.space_id.in_(alive))
        found = _select().where(
            saved_search.c.id.in_(select(search_share.c.search_id).where(mine)),
            saved_search.c.owner_id != reader,
        )
        rows = self._connection.execute(found.order_by(saved_search.c.folded, saved_search.c.id))
        return tuple(_search(row, ()) for row in rows)

    def named(self, owner: PersonKey, name: str) -> SavedSearch | None:
        found = _select().where(
            saved_search.c.owner_id == owner, saved_search.c.folded == name.casefold()
        )
        row = self._connection.execute(found).first()
        return None if row is None else _search(row, self._shares([row.id]).get(row.id, ()))

    def count(self, owner: PersonKey) -> int:
        found = select(func.count()).where(saved_search.c.owner_id == owner)
        return int(self._connection.execute(found).scalar_one())

    def _shares(self, keys: list[int]) -> dict[int, tuple[str, ...]]:
        name = func.coalesce(space_name.c.title, person.c.name)
        rows = self._connection.execute(
            select(search_share.c.search_id, name)
            .outerjoin(person, person.c.id == search_share.c.person_id)
            .outerjoin(space_name, space_name.c.space_id == search_share.c.space_id)
            .where(search_share.c.search_id.in_(keys))
            .order_by(search_share.c.id)
        )
        found: dict[int, tuple[str, ...]] = {}
        for key, whom in rows:
            found[key] = (*found.get(key, ()), whom or "(not known)")
        return found

    # -- changes ----------------------------------------------------------------------------

    def save(self, owner: PersonKey, name: str, words: str) -> bool:
        """False where the owner has one of that name already; then nothing changes."""
        put = insert(self._connection, saved_search).values(
            owner_id=owner, name=name, folded=name.casefold(), words=words, saved_at=self._now
        )
        made = put.on_conflict_do_nothing(index_elements=["owner_id", "folded"])
        return bool(self._connection.execute(made).rowcount)

    def change(self, key: int, *, name: str | None = None, words: str | None = None) -> None:
        """Its name or its words; that no other has the name is asked before."""
        values: dict[str, object] = {}
        if name is not None:
            values |= {"name": name, "folded": name.casefold()}
        if words is not None:
            values |= {"words": words, "saved_at": self._now}
        self._connection.execute(
            update(saved_search).where(saved_search.c.id == key).values(**values)
        )

    def delete(self, key: int) -> None:
        self._connection.execute(delete(search_share).where(search_share.c.search_id == key))
        self._connection.execute(delete(saved_search).where(saved_search.c.id == key))

    def share(
        self, key: int, *, person: PersonKey | None = None, space: SpaceKey | None = None
    ) -> bool:
        """With a person or a space. False where it was already."""
        put = insert(self._connection, search_share).values(
            search_id=key, person_id=person, space_id=space, at=self._now
        )
        return bool(self._connection.execute(put.on_conflict_do_nothing()).rowcount)

    def unshare(self, key: int) -> int:
        """With nobody any more; says with how many it was."""
        gone = self._connection.execute(delete(search_share).where(search_share.c.search_id == key))
        return gone.rowcount


def _select() -> Select[Any]:
    name = func.coalesce(func.nullif(person.c.name, ""), person.c.email)
    return select(saved_search, name.label("owner_name")).join(
        person, person.c.id == saved_search.c.owner_id
    )


def _search(row: Any, shared: tuple[str, ...]) -> SavedSearch:
    return SavedSearch(
        key=row.id, name=row.name, words=row.words, owner=PersonKey(row.owner_id),
        owner_name=row.owner_name, saved_at=row.saved_at, shared=shared,
    )  # fmt: skip
