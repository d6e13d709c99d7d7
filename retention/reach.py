"""How far holds reach, told to compliance: all of them, one with its history, and one as a
list for counsel. Where they stand in a policy's way is `conflicting`'s."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.audit import Word
from domain.cases import Hold, HoldChange, HoldTargets
from domain.errors import Refusal
from domain.ids import PersonKey, SpaceKey
from domain.people import Actor, Person
from domain.spaces import Space
from query.protecting import reach_of
from spaces.spec import House
from storage.store import UnitOfWork

Cells = tuple[str | int | datetime | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    hold: Hold
    by: str
    reach: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One hold: what it is on, by names, how far that reaches, and who did what when."""

    hold: Hold
    by: str
    reach: int
    targets: HoldTargets
    spaces: tuple[Space, ...]
    people: tuple[Person, ...]
    history: tuple[tuple[HoldChange, str], ...]


def list_holds(house: House) -> tuple[Listed, ...]:
    """The holds that hold, the oldest first."""
    with house.store.read() as tx:
        found = tx.protections.holds()
        known = tx.people.by_keys({PersonKey(one.by) for one in found if one.by is not None})
        return tuple(
            Listed(
                hold=one, reach=len(reach_of(tx, one.key)),
                by=known[one.by].name if one.by in known else "",
            )
            for one in found
        )  # fmt: skip


def show_hold(house: House, name: str, *, most: int = 20) -> Shown:
    """One hold, over or not. Raises Refusal: there is none of that name."""
    with house.store.read() as tx:
        found = _named(tx, name)
        targets, history = tx.protections.targets(found.key), tx.protections.history(found.key)
        keys = {one.by for one in history if one.by is not None}
        some = targets.people[:most]
        known = tx.people.by_keys({*keys, *some, *([found.by] if found.by else [])})
        return Shown(
            hold=found, by=known[found.by].name if found.by in known else "",
            reach=len(reach_of(tx, found.key)), targets=targets,
            spaces=tuple(tx.spaces.by_key(key) for key in targets.spaces[:most]),
            people=tuple(known[key] for key in some if key in known),
            history=tuple((one, known[one.by].name if one.by in known else "") for one in history),
        )  # fmt: skip


def reach_rows(house: House, actor: Actor, name: str) -> tuple[Hold, tuple[Cells, ...]]:
    """Each space that a hold reaches, as a row for counsel. It is on record that it was asked.

    Raises:
        Refusal: there is no hold of that name.
    """
    with house.store.begin() as tx:
        found = _named(tx, name)
        keys = reach_of(tx, found.key)
        rows = tuple(_rows(tx, found, keys))
        tx.audit.add(Word.HOLD_EXPORT, actor, hold=found.key, name=found.name, spaces=len(keys))
        tx.commit()
    return found, rows


REACH_COLUMNS = (
    "Title", "Id", "Type", "Why", "Created", "Last human activity", "Members", "Tags", "State",
)  # fmt: skip


def _rows(tx: UnitOfWork, hold: Hold, keys: tuple[SpaceKey, ...]) -> Iterator[Cells]:
    why = tx.protections.why_reached(hold.key)
    for key, space in sorted(tx.spaces.by_keys(keys).items()):
        yield (
            space.shown_title, str(space.id), str(space.type.name).lower() if space.type else "",
            ", ".join(why.get(key, ("search",))), space.created, space.last_human, space.size,
            ", ".join(space.tags), str(space.state.name).lower(),
        )  # fmt: skip


def _named(tx: UnitOfWork, name: str) -> Hold:
    found = tx.protections.hold_named(" ".join(name.split()))
    if found is None:
        raise Refusal("I know no hold of that name.", "`holds` shows all.")
    return found
