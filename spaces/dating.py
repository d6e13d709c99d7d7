"""End dates of spaces: set by whoever manages them, reminded of on their day.

The principle: an end date deletes nothing (decision 0064). On its day the owners are asked; a
policy may name it in its condition, and then works as any policy does, warnings and all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.audit import Word
from domain.errors import Fault, Refusal
from domain.ids import SpaceKey, StepKey
from domain.intents import Outcome
from domain.outgoing import Showable
from domain.people import SYSTEM, Actor, Person
from domain.spaces import Space
from spaces.effects import send_card
from spaces.looking import owners_of
from spaces.spec import House

MOST = 500
"""Reminded of in one run; the rest follows in the next."""
Card = Callable[[Space, datetime, Person], Showable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What came of a run: spaces whose owners were reminded, and those that nobody owns or
    that could not be told of, which are tried again."""

    spaces: int = 0
    left: int = 0


def set_end(house: House, actor: Actor, space: Space, at: datetime) -> None:
    """Sets the end date. Raises Refusal: it is past."""
    with house.store.begin() as tx:
        if at <= tx.now:
            raise Refusal("That day is past.", "Name one that is still to come.")
        was = tx.ends.of(space.key)
        if was == at:
            return
        tx.ends.put(space.key, at, actor.person)
        tx.audit.add(
            Word.SPACE_END_SET, actor, space=space.key, at=at.isoformat(),
            was=was.isoformat() if was else "",
        )  # fmt: skip
        tx.commit()


def clear_end(house: House, actor: Actor, space: Space) -> datetime:
    """Takes the end date off and gives it. Raises Refusal: there is none."""
    with house.store.begin() as tx:
        was = tx.ends.of(space.key)
        if was is None or not tx.ends.clear(space.key):
            raise Refusal("It has no end date.", "`end date` sets one.")
        tx.audit.add(Word.SPACE_END_CLEAR, actor, space=space.key, was=was.isoformat())
        tx.commit()
    return was


def remind(house: House, run: str, card: Card) -> Reminded:
    """Tells the owners of spaces whose end date has come, once for each date."""
    with house.store.read() as tx:
        due = tx.ends.due(limit=MOST)
    done = [_remind(house, run, key, at, card) for key, at in due]
    return Reminded(spaces=done.count(True), left=done.count(False))


def _remind(house: House, run: str, key: SpaceKey, at: datetime, card: Card) -> bool:
    with house.store.read() as tx:
        space, owners = tx.spaces.by_key(key), owners_of(tx, key)
    reached = False
    for owner in owners:
        step = StepKey(f"end-date/{key}/{int(at.timestamp())}/{owner.key}")
        try:
            sent = send_card(
                house, card(space, at, owner), step=step, word=Word.SPACE_END_REMIND,
                actor=SYSTEM, person=(owner.key, owner.id), space=key, run=run,
                about=f"end-date/{key}",
            )  # fmt: skip
        except Fault:  # paused, or Webex is away: the next run tries again
            continue
        reached |= sent.outcome is Outcome.DONE
    if reached:
        with house.store.begin() as tx:
            tx.ends.told(key, at)
            tx.commit()
    return reached
