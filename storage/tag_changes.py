"""A word taken off every space at once, or another put in its place, and the way back.

What was is written down first, row for row, so that it can be taken back exactly. A word stays
in the table when no space has it any more, since holds may point at it: a hold goes over to the
word that takes the place of its own, and stays on the old one too, so that nothing slips out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from domain.ids import SpaceKey, TagKey
from domain.watches import WatchState
from storage.schema import (
    hold,
    hold_target,
    person,
    required_tag,
    saved_search,
    space_tag,
    tag,
    tag_change,
    tag_change_row,
    watch,
)
from storage.sql import for_like, upsert

OnSpaces = Mapping[SpaceKey, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One rename, merge or drop, as it is kept.

    Args:
        names: the words that it took off spaces; `target` the one that took their place.
        reserved: those of all these words that were reserved before.
        required: the required sets that named one of them, by key, as they were.
    """

    key: int
    kind: str
    names: tuple[str, ...]
    target: str | None
    by: str
    at: datetime
    undone_at: datetime | None
    reserved: frozenset[str]
    required: Mapping[int, tuple[str, ...]]


class TagChanges:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def note(
        self, step: str, kind: str, names: Sequence[str], target: str | None, *, by: str,
        reserved: Iterable[str], required: Mapping[int, Sequence[str]],
    ) -> int:  # fmt: skip
        """Writes down what is, before anything changes. Gives the change's key."""
        change: int = self._connection.execute(
            tag_change.insert()
            .values(
                step=step, kind=kind, target=target, by=by, at=self._now,
                rules=json.dumps(
                    {"reserved": sorted(reserved),
                     "required": {str(key): list(some) for key, some in required.items()}},
                    sort_keys=True,
                ),
            )
            .returning(tag_change.c.id)
        ).scalar_one()  # fmt: skip
        other = space_tag.alias("other")
        has_target = exists().where(
            other.c.space_id == space_tag.c.space_id, other.c.tag_id == _key(target)
        )
        rows = select(
            literal(change), space_tag.c.space_id, space_tag.c.tag_id, space_tag.c.by_id,
            space_tag.c.at, has_target,
        ).where(space_tag.c.tag_id.in_(_keys(names)))  # fmt: skip
        columns = ["change_id", "space_id", "tag_id", "by_id", "given_at", "had_target"]
        self._connection.execute(tag_change_row.insert().from_select(columns, rows))
        return change

    def replace(self, change: int, names: Sequence[str], target: str | None) -> None:
        """Takes `names` off every space; `target` comes in their place, on the spaces, under
        the holds that hold and in the required sets. Both are words that there are."""
        if target is not None:
            self._give(change, target)
            self._hold_by(names, target)
            self._require(names, target)
        self._connection.execute(delete(space_tag).where(space_tag.c.tag_id.in_(_keys(names))))

    def lost(self, change: int) -> tuple[OnSpaces, tuple[SpaceKey, ...]]:
        """Which spaces lost which words by it, and which of them got its target."""
        rows = self._connection.execute(
            select(tag_change_row.c.space_id, tag.c.name, tag_change_row.c.had_target)
            .join(tag, tag.c.id == tag_change_row.c.tag_id)
            .where(tag_change_row.c.change_id == change)
            .order_by(tag_change_row.c.space_id, tag.c.name)
        ).all()
        new = dict.fromkeys(SpaceKey(row.space_id) for row in rows if not row.had_target)
        return _by_space(rows), tuple(new)

    def of_step(self, step: str) -> Change | None:
        """What a request did already."""
        key = self._connection.execute(
            select(tag_change.c.id).where(tag_change.c.step == step)
        ).scalar()
        return None if key is None else self.find(key)

    def latest_of(self, name: str) -> int | None:
        """The latest change that took a word off spaces, or put it there, and still stands."""
        took = select(tag_change_row.c.change_id).where(tag_change_row.c.tag_id == _key(name))
        return self._connection.execute(
            select(func.max(tag_change.c.id)).where(
                tag_change.c.undone_at.is_(None),
                or_(tag_change.c.target == name, tag_change.c.id.in_(took)),
            )
        ).scalar()

    def find(self, key: int) -> Change | None:
        row = self._connection.execute(select(tag_change).where(tag_change.c.id == key)).first()
        if row is None:
            return None
        words = (
            select(tag.c.name)
            .join(tag_change_row, tag_change_row.c.tag_id == tag.c.id)
            .where(tag_change_row.c.change_id == key)
            .distinct()
            .order_by(tag.c.name)
        )
        rules = json.loads(row.rules)
        return Change(
            key=row.id, kind=row.kind, names=tuple(self._connection.scalars(words)),
            target=row.target, by=row.by, at=row.at, undone_at=row.undone_at,
            reserved=frozenset(rules["reserved"]),
            required={int(one): tuple(some) for one, some in rules["required"].items()},
        )  # fmt: skip

    def undo(self, change: Change) -> tuple[OnSpaces, tuple[SpaceKey, ...]]:
        """Gives the words back to the spaces that had them. Where another came in their place,
        only where that is still there, since else somebody has taken it off; and it is taken
        off where it came by this. Says what was given back, and where the other was taken."""
        target = _key(change.target)
        rows = select(tag_change_row).where(tag_change_row.c.change_id == change.key)
        if change.target is not None:
            still = select(space_tag.c.space_id).where(space_tag.c.tag_id == target)
            rows = rows.where(tag_change_row.c.space_id.in_(still))
        found = self._connection.execute(
            rows.add_columns(tag.c.name).join(tag, tag.c.id == tag_change_row.c.tag_id)
            .order_by(tag_change_row.c.space_id, tag.c.name)
        ).all()  # fmt: skip
        back = [
            {"space_id": row.space_id, "tag_id": row.tag_id, "by_id": row.by_id,
             "at": row.given_at}
            for row in found
        ]  # fmt: skip
        upsert(self._connection, space_tag, back, on=["space_id", "tag_id"], change=[])
        taken: tuple[SpaceKey, ...] = ()
        if change.target is not None:
            taken = tuple(dict.fromkeys(SpaceKey(r.space_id) for r in found if not r.had_target))
            mine = select(tag_change_row.c.space_id).where(
                tag_change_row.c.change_id == change.key, ~tag_change_row.c.had_target
            )
            self._connection.execute(
                delete(space_tag).where(
                    space_tag.c.tag_id == target, space_tag.c.space_id.in_(mine)
                )
            )
        self._connection.execute(
            update(tag_change).where(tag_change.c.id == change.key).values(undone_at=self._now)
        )
        return _by_space(found), taken

    def holds_on(self, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """(hold, word) for each hold that holds and names one of the words."""
        found = (
            select(hold.c.name, tag.c.name.label("word"))
            .join(hold_target, hold_target.c.hold_id == hold.c.id)
            .join(tag, tag.c.id == hold_target.c.tag_id)
            .where(tag.c.name.in_(list(names)), self._is_on())
            .order_by(hold.c.name, tag.c.name)
            .distinct()
        )
        return tuple((row.name, row.word) for row in self._connection.execute(found))

    def queries_with(self, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """(what it is, its query) of each living watch and each saved search in whose words one
        of the names stands, perhaps not as a tag. A saved search's may end in its layout."""
        marks = [f"%{for_like(name)}%" for name in names]
        found = (
            select(watch.c.id, person.c.email, watch.c.query)
            .join(person, person.c.id == watch.c.maker_id)
            .where(
                or_(*(watch.c.query.ilike(mark, escape="\\") for mark in marks)),
                watch.c.state != str(WatchState.ENDED),
            )
            .order_by(watch.c.id)
        )
        saved = (
            select(saved_search.c.name, person.c.email, saved_search.c.words)
            .join(person, person.c.id == saved_search.c.owner_id)
            .where(or_(*(saved_search.c.words.ilike(mark, escape="\\") for mark in marks)))
            .order_by(saved_search.c.id)
        )
        return (
            *((f"watch {row.id} of {row.email}", row.query)
              for row in self._connection.execute(found)),
            *((f"the saved search “{row.name}” of {row.email}", row.words)
              for row in self._connection.execute(saved)),
        )  # fmt: skip

    def _give(self, change: int, target: str) -> None:
        """As the first of the words was given to each."""
        place = func.row_number().over(
            partition_by=tag_change_row.c.space_id,
            order_by=(tag_change_row.c.given_at, tag_change_row.c.tag_id),
        )
        each = (
            select(tag_change_row, place.label("place"))
            .where(tag_change_row.c.change_id == change, ~tag_change_row.c.had_target)
            .subquery()
        )
        first = select(each.c.space_id, _key(target), each.c.by_id, each.c.given_at)
        self._connection.execute(
            space_tag.insert().from_select(
                ["space_id", "tag_id", "by_id", "at"], first.where(each.c.place == 1)
            )
        )

    def _hold_by(self, names: Sequence[str], target: str) -> None:
        on = select(hold.c.id).where(self._is_on())
        has = select(hold_target.c.hold_id).where(hold_target.c.tag_id == _key(target))
        held = (
            select(hold_target.c.hold_id, _key(target))
            .where(
                hold_target.c.tag_id.in_(_keys(names)), hold_target.c.hold_id.in_(on),
                hold_target.c.hold_id.not_in(has),
            )
            .distinct()
        )  # fmt: skip
        self._connection.execute(hold_target.insert().from_select(["hold_id", "tag_id"], held))

    def _require(self, names: Sequence[str], target: str) -> None:
        has = select(required_tag.c.set_id).where(required_tag.c.tag_id == _key(target))
        into = (
            select(required_tag.c.set_id, _key(target))
            .where(required_tag.c.tag_id.in_(_keys(names)), required_tag.c.set_id.not_in(has))
            .distinct()
        )
        self._connection.execute(required_tag.insert().from_select(["set_id", "tag_id"], into))
        self._connection.execute(
            delete(required_tag).where(required_tag.c.tag_id.in_(_keys(names)))
        )

    def _is_on(self) -> ColumnElement[bool]:
        return or_(hold.c.ends_at.is_(None), hold.c.ends_at > self._now)


def _keys(names: Iterable[str]) -> Select[tuple[TagKey]]:
    return select(tag.c.id).where(tag.c.name.in_(list(names)))


def _key(name: str | None) -> ColumnElement[int]:
    return select(tag.c.id).where(tag.c.name == name).scalar_subquery()


def _by_space(rows: Iterable[Any]) -> OnSpaces:
    found: dict[SpaceKey, list[str]] = {}
    for row in rows:
        found.setdefault(SpaceKey(row.space_id), []).append(row.name)
    return {key: tuple(some) for key, some in found.items()}
