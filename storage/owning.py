"""Searches for an owner: which are open, whom they asked, and moves that only one can make.

A move is one UPDATE guarded by the state and the round that it came from; whoever comes second
changes nothing and is told so. One search a space can be open.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from domain.ids import CaseKey, PersonKey, SpaceKey
from domain.owning import Ask, Said, Search, SearchKey, SearchState
from storage.schema import owner_ask, owner_search
from storage.sql import insert, pieces, upsert

_S, _A = owner_search.c, owner_ask.c


class OwnerSearches:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- questions --------------------------------------------------------------------------

    def get(self, key: SearchKey) -> Search:
        """Raises LookupError when there is none."""
        found = self._find(select(owner_search).where(_S.id == key))
        if not found:
            raise LookupError(f"no search {key}")
        return found[0]

    def open_of(self, space: SpaceKey) -> Search | None:
        found = self._find(select(owner_search).where(_S.space_id == space, _S.closed_at.is_(None)))
        return found[0] if found else None

    def last_of(self, space: SpaceKey) -> Search | None:
        """The latest, open or over."""
        found = select(owner_search).where(_S.space_id == space).order_by(_S.id.desc()).limit(1)
        hits = self._find(found)
        return hits[0] if hits else None

    def open(self) -> tuple[Search, ...]:
        """All that are not over, the oldest first."""
        return self._find(select(owner_search).where(_S.closed_at.is_(None)).order_by(_S.id))

    def of_spaces(self, spaces: Iterable[SpaceKey]) -> dict[SpaceKey, Search]:
        """The open searches of these."""
        found = select(owner_search).where(_S.closed_at.is_(None))
        hits = (
            one
            for piece in pieces(spaces)
            for one in self._find(found.where(_S.space_id.in_(piece)))
        )
        return {one.space: one for one in hits}

    def counts(self) -> dict[SearchState, int]:
        found = select(_S.state, func.count()).where(_S.closed_at.is_(None)).group_by(_S.state)
        return {SearchState(row[0]): row[1] for row in self._connection.execute(found)}

    def asks(self, search: SearchKey) -> tuple[Ask, ...]:
        """In the order in which they were asked."""
        rows = self._connection.execute(
            select(owner_ask).where(_A.search_id == search).order_by(_A.id)
        )
        return tuple(map(_ask, rows))

    def ask_of(self, search: SearchKey, person: PersonKey) -> Ask | None:
        row = self._connection.execute(
            select(owner_ask).where(_A.search_id == search, _A.person_id == person)
        ).first()
        return _ask(row) if row else None

    # -- changes ----------------------------------------------------------------------------

    def begin(
        self, space: SpaceKey, *, case: CaseKey | None, by: PersonKey | None, why: str
    ) -> Search | None:
        """None when one is open already."""
        put = insert(self._connection, owner_search).values(
            space_id=space, case_id=case, state=str(SearchState.ASKING), round=0, by_id=by,
            opened_at=self._now, why=why,
        )  # fmt: skip
        made = self._connection.execute(
            put.on_conflict_do_nothing(
                index_elements=["space_id"], index_where=_S.closed_at.is_(None)
            ).returning(_S.id)
        ).first()
        return self.get(SearchKey(made[0])) if made else None

    def move(self, search: Search, to: SearchState, *, why: str, **more: Any) -> bool:
        """From the state and round that `search` was read in; `more` are columns. False when it
        is not in it any more."""
        values: dict[str, Any] = {"state": str(to), "why": why, **more}
        if to is SearchState.OVER:
            values["closed_at"] = self._now
        changed = self._connection.execute(
            update(owner_search)
            .where(
                _S.id == search.key, _S.state == str(search.state), _S.round == search.round,
                _S.closed_at.is_(None),
            )
            .values(**values)
        )  # fmt: skip
        return changed.rowcount == 1

    def attach(self, search: SearchKey, case: CaseKey) -> None:
        """A case has come to stand still for want of the owner that is looked for already."""
        self._connection.execute(update(owner_search).where(_S.id == search).values(case_id=case))

    def plan_ask(self, asks: Iterable[Ask]) -> None:
        """Written down before their cards go out; again changes nothing."""
        upsert(
            self._connection, owner_ask,
            [
                {
                    "search_id": one.search, "person_id": one.person, "round": one.round,
                    "messages": one.messages, "planned_at": self._now, "said": "",
                }
                for one in asks
            ],
            on=["search_id", "person_id"], change=[],
        )  # fmt: skip

    def delivered(self, search: SearchKey, person: PersonKey, at: datetime) -> None:
        self._connection.execute(
            update(owner_ask)
            .where(_A.search_id == search, _A.person_id == person, _A.delivered_at.is_(None))
            .values(delivered_at=at)
        )

    def say(self, search: SearchKey, person: PersonKey, said: Said) -> None:
        """What somebody answered; a later answer takes the place of an earlier one."""
        self._connection.execute(
            update(owner_ask)
            .where(_A.search_id == search, _A.person_id == person)
            .values(said=str(said), said_at=self._now)
        )

    def _find(self, found: Select[Any]) -> tuple[Search, ...]:
        return tuple(_search(row) for row in self._connection.execute(found))


def _search(row: Any) -> Search:
    return Search(
        key=SearchKey(row.id), space=SpaceKey(row.space_id), case=row.case_id,
        state=SearchState(row.state), round=row.round, ends_at=row.ends_at,
        opened_at=row.opened_at, by=row.by_id, taken_by=row.taken_by_id, taken_at=row.taken_at,
        closed_at=row.closed_at, why=row.why,
    )  # fmt: skip


def _ask(row: Any) -> Ask:
    return Ask(
        search=SearchKey(row.search_id), person=PersonKey(row.person_id), round=row.round,
        messages=row.messages, delivered_at=row.delivered_at, said=Said(row.said),
        said_at=row.said_at,
    )  # fmt: skip
