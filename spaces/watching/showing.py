"""Showing: watches with names and how they are doing, their log, and telling something again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.audit import Word
from domain.errors import Refusal
from domain.people import Actor, Person
from domain.spaces import Space, SpaceType
from domain.watches import (
    Delivery,
    DeliveryState,
    Reach,
    Target,
    Watch,
    WatchState,
    WatchView,
)
from spaces.spec import House
from spaces.watching.making import own_watch
from storage.store import UnitOfWork

PER_PAGE = 10
MOST_AGAIN = 1_000
_WHERE = {Reach.MINE: "all of my spaces", Reach.ALL: "the whole company"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A page of a watch's deliveries, the latest first."""

    view: WatchView
    rows: tuple[Delivery, ...]
    counts: Mapping[DeliveryState, int]
    page: int
    has_more: bool


def list_watches(house: House, by: Person, *, everyone: bool = False) -> tuple[WatchView, ...]:
    """Somebody's watches; everybody's for compliance. Raises Refusal."""
    with house.store.read() as tx:
        if everyone and not house.is_officer(tx, by):
            raise Refusal("Only compliance sees everyone's watches.", "`watches` shows yours.")
        return _views(tx, tx.watches.listed(maker=None if everyone else by.key))


def show_watch(house: House, by: Person, key: int) -> WatchView:
    """Raises Refusal."""
    with house.store.read() as tx:
        return _views(tx, (own_watch(tx, house, key, by),))[0]


def show_maker(house: House, watch: Watch) -> WatchView:
    """A watch for its maker, whose it is."""
    with house.store.read() as tx:
        return _views(tx, (tx.watches.get(watch.key) or watch,))[0]


def read_log(house: House, by: Person, key: int, *, page: int = 1) -> Log:
    """A page of what came of a watch's deliveries. Raises Refusal."""
    with house.store.read() as tx:
        watch = own_watch(tx, house, key, by)
        rows = tx.deliveries.of(key, limit=PER_PAGE + 1, skip=(page - 1) * PER_PAGE)
        counts = tx.deliveries.counts([key])[key]
        view = _views(tx, (watch,))[0]
    return Log(
        view=view, rows=rows[:PER_PAGE], counts=counts, page=page, has_more=len(rows) > PER_PAGE
    )  # fmt: skip


def tell_again(
    house: House, by: Person, *, delivery: int | None = None, watch: int | None = None
) -> tuple[Watch, int]:
    """Tells one delivery again, or all of a watch that were given up.

    Raises:
        Refusal: there is none of theirs, it waits anyway, or the watch is not active.
    """
    with house.store.begin() as tx:
        one = None if delivery is None else tx.deliveries.get(delivery)
        if delivery is not None and one is None:
            raise Refusal(f"You have no delivery {delivery}.", "`watch log` shows them.")
        key = one.watch if one is not None else watch
        if key is None:
            raise Refusal("Which one?", "Such as `redeliver 17`, or `redeliver of watch 3`.")
        try:
            found = own_watch(tx, house, key, by)
        except Refusal:
            if one is None:
                raise
            raise Refusal(f"You have no delivery {delivery}.", "`watch log` shows them.") from None
        if found.state is not WatchState.ACTIVE:
            raise Refusal(
                f"Watch {found.key} is {found.state}.", f"First `watch resume {found.key}`."
            )
        keys = [one.key] if one is not None else _given_up(tx, found.key)
        if one is not None and one.state is DeliveryState.WAITING:
            raise Refusal(f"Delivery {one.key} waits to be told anyway.", "See `watch log`.")
        count = tx.deliveries.again(keys)
        if count:
            actor = Actor(name=by.email, person=by.key)
            tx.audit.add(Word.WATCH_TELL, actor, watch=found.key, deliveries=keys[:50])
        tx.commit()
    return found, count


def sources(house: House) -> tuple[str, ...]:
    """What can be heard at all, in sentences."""
    end = "The end of a space I notice when I end it, or at the next look over all spaces."
    if house.webex.has_compliance:
        return (
            "I hear of every space of the company, within seconds; of titles and settings only "
            "where I am in the space, or where the operator runs webhooks.",
            end,
        )
    return (
        "I run without a compliance identity: I only hear of spaces that I am in, and of "
        "messages that mention me. What happens while I am away I may miss.",
        end,
    )


def _given_up(tx: UnitOfWork, key: int) -> list[int]:
    found = tx.deliveries.of(key, limit=MOST_AGAIN, state=DeliveryState.DEAD)
    return [one.key for one in reversed(found)]


def _views(tx: UnitOfWork, watches: tuple[Watch, ...]) -> tuple[WatchView, ...]:
    keys = [one.key for one in watches]
    spaces = tx.spaces.by_keys(
        {key for one in watches for key in (one.space, one.to_space) if key is not None}
    )
    people = tx.people.by_keys({one.maker for one in watches})
    counts, last = tx.deliveries.counts(keys), tx.deliveries.last_of(keys)
    made = []
    for one in watches:
        where = spaces.get(one.space) if one.space is not None else None
        to = spaces.get(one.to_space) if one.to_space is not None else None
        latest = last.get(one.key)
        made.append(
            WatchView(
                watch=one, maker=people[one.maker].name,
                where=_titled(where) if where else _WHERE.get(one.reach, "a space"),
                to=_to(one, to),
                who=one.email or str(one.who),
                waiting=counts[one.key].get(DeliveryState.WAITING, 0),
                last_at=latest.last_at if latest else None,
                last_said=_said(latest) if latest else "",
            )
        )  # fmt: skip
    return tuple(made)


def _titled(space: Space) -> str:
    if space.type is SpaceType.DIRECT and not space.title:
        return "a direct conversation"
    return space.shown_title


def _to(one: Watch, to: Space | None) -> str:
    match one.target:
        case Target.PERSON:
            return "its maker, 1:1"
        case Target.SPACE:
            return _titled(to) if to else "a space"
        case _:
            return one.address


def _said(one: Delivery) -> str:
    why = f": {one.why}" if one.why else ""
    return f"{one.state}{why}"
