"""Making watches, and all that people do with theirs: see, end, take up, give another secret.

Decides who may watch what and tell it whom. A watch of somebody else reads the same as none
(I13), but to compliance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import PersonKey
from domain.people import Actor, Person
from domain.spaces import Scope, Space
from domain.watches import (
    Reach,
    Resource,
    Target,
    Trigger,
    Watch,
    WatchState,
    Who,
)
from query.faults import QueryFault
from query.language import parse
from spaces.looking import manages
from spaces.spec import House
from spaces.sync.live import touch
from spaces.watching.addresses import check
from spaces.watching.signing import new_secret
from storage.store import UnitOfWork
from webex.errors import Denied, Missing
from webex.gateway import Lane

MOST, MOST_OF_OFFICER = 50, 200
OLD_SECRET = timedelta(hours=24)
"""How long the secret before counts beside a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to be told of, and where."""

    triggers: tuple[Trigger, ...]
    reach: Reach
    target: Target
    space: Space | None = None
    query: str = ""
    who: Who = Who.ANYONE
    email: str = ""
    to: Space | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A watch, and the secret that its address is told by, which is shown once."""

    watch: Watch
    secret: str = field(repr=False, default="")


def make_watch(house: House, maker: Person, wish: Wish, *, step: str) -> Made:
    """Makes a watch; the same `step` again gives the same one.

    Raises:
        Refusal: it makes no sense, or its maker may not.
    """
    with house.store.read() as tx:
        is_officer = house.is_officer(tx, maker)
        known = tx.watches.of_step(step)
    if known is None:
        query = _checked(house, maker, wish, is_officer=is_officer)
        made = Watch(
            key=0, maker=maker.key, made_at=house.clock.now(), triggers=wish.triggers,
            reach=wish.reach, target=wish.target, query=query, who=wish.who,
            space=wish.space.key if wish.space else None,
            email=wish.email,
            to_space=wish.to.key if wish.to else None, address=wish.address,
        )  # fmt: skip
        known = _write(house, maker, made, step, is_officer=is_officer)
    return Made(watch=known, secret=_opened(house, known))


def _write(house: House, maker: Person, made: Watch, step: str, *, is_officer: bool) -> Watch:
    secret = ""
    if made.target is Target.ADDRESS and house.seal is not None:
        secret = house.seal.seal(new_secret())
    with house.store.begin() as tx:
        if tx.watches.count(maker.key) >= (MOST_OF_OFFICER if is_officer else MOST):
            raise Refusal("You have as many watches as one can have.", "End one by `unwatch`.")
        for other in tx.watches.listed(maker=maker.key):
            if other.state is not WatchState.ENDED and _is_same(other, made):
                raise Refusal(f"You have that already: it is watch {other.key}.", "See `watches`.")
        known = tx.watches.add(made, step=step, secret=secret)
        tx.audit.add(
            Word.WATCH_MAKE, _actor(maker), space=made.space, watch=known.key,
            triggers=[one.words for one in made.triggers], reach=str(made.reach),
            target=str(made.target), query=made.query, who=str(made.who),
        )  # fmt: skip
        tx.commit()
    return known


def _checked(house: House, maker: Person, wish: Wish, *, is_officer: bool) -> str:
    """The query as it is kept. Raises Refusal."""
    _makes_sense(wish)
    if wish.reach is Reach.ALL and not is_officer:
        raise Refusal(
            "Only compliance watches the whole company.",
            "Name a space by `in`, or say `in all my spaces`.", word=str(Word.COMMAND_REFUSED),
        )  # fmt: skip
    if wish.who in (Who.OUTSIDERS, Who.OURS) and not _knows_ours(house):
        raise Refusal(
            "I don't know who is of the company.",
            "The operator can say it by SPACEKEEPER_ORG_ID or SPACEKEEPER_OWN_DOMAINS.",
        )
    try:
        query = parse(wish.query)
    except QueryFault as no:
        raise Refusal(str(no), "`help search` shows how a query is written.") from None
    if wish.target is not Target.PERSON and not is_officer:
        _may_tell_others(house, maker, wish)
    if wish.target is Target.SPACE and wish.to is not None:
        _can_go_into(house, maker, wish, wish.to, is_officer=is_officer)
    if wish.target is Target.ADDRESS:
        if house.seal is None:
            raise Refusal(
                "I have no key to keep a secret with, so I tell no address anything.",
                "The operator can set SPACEKEEPER_ENCRYPTION_KEY.",
            )
        check(wish.address, house.outside)
    return query.text


def _makes_sense(wish: Wish) -> None:
    if not wish.triggers:
        raise Refusal("Watch what?", "Such as `watch membership created in here`.")
    if wish.reach is Reach.SPACE and Trigger.SPACE_CREATED in wish.triggers:
        raise Refusal(
            "A space that is there is not created any more.",
            "Watch that `in all my spaces`, or as compliance `in the whole company`.",
        )
    is_about_people = any(one.resource is not Resource.SPACE for one in wish.triggers)
    is_whose = wish.who is not Who.ANYONE or bool(wish.email)
    if is_whose and not (is_about_people or Trigger.SPACE_CREATED in wish.triggers):
        raise Refusal(
            "What becomes of a space is about nobody.", "Leave out `of`, or watch members."
        )


def _may_tell_others(house: House, maker: Person, wish: Wish) -> None:
    """Who may invite people into a space may let others know what happens there."""
    if wish.reach is not Reach.SPACE or wish.space is None:
        raise Refusal(
            "Of all of your spaces I tell only you, here.",
            "To tell a space or an address, name one space that you moderate.",
        )
    verdict = manages(house, wish.space.key, maker)
    if not verdict:
        raise Refusal(
            f"Only its moderators let others know of a space: {verdict.reason}.",
            "To be told yourself, leave out `to`.", word=str(Word.COMMAND_REFUSED),
        )  # fmt: skip


def _can_go_into(house: House, maker: Person, wish: Wish, to: Space, *, is_officer: bool) -> None:
    bot = house.webex.bot(Lane.CHAT)
    try:
        is_in = bot.membership_of(to.id, bot.me().id) is not None
    except (Missing, Denied):
        is_in = False
    if not is_in:
        raise Refusal("I am not in the space that I should tell it.", "Add me there first.")
    if not is_officer and not (verdict := manages(house, to.key, maker)):
        raise Refusal(
            f"You can't have me post into that space: {verdict.reason}.",
            "Ask one of its moderators, or have it told to you.", word=str(Word.COMMAND_REFUSED),
        )  # fmt: skip
    is_itself = wish.space is not None and wish.space.key == to.key
    if not is_itself and touch(house, to.id).scope is not Scope.INTERNAL:
        raise Refusal(
            "There are outsiders in that space, or I don't know of everyone in it.",
            "Have it told to you, or to a space of our own people.",
        )


# -- what people do with theirs -------------------------------------------------------------


def own_watch(
    tx: UnitOfWork, house: House, key: int, by: Person, *, by_maker: bool = False
) -> Watch:
    """A watch of somebody's; compliance reaches everybody's, unless it is only the maker's.

    Raises:
        Refusal: there is none, or it is somebody else's.
    """
    found = tx.watches.get(key)
    is_theirs = found is not None and found.maker == by.key
    if found is None or not (is_theirs or (not by_maker and house.is_officer(tx, by))):
        raise Refusal(f"You have no watch {key}.", "`watches` shows yours.")
    return found


def end_watch(house: House, by: Person, key: int) -> Watch:
    """Ends a watch; what waits is not told any more. Raises Refusal."""
    with house.store.begin() as tx:
        found = own_watch(tx, house, key, by)
        if found.state is WatchState.ENDED:
            raise Refusal(f"Watch {key} has ended already.", "`watches` shows yours.")
        tx.watches.move(key, WatchState.ENDED, why=f"ended by {by.name}")
        tx.deliveries.withhold_all(key, "the watch was ended")
        tx.audit.add(Word.WATCH_END, _actor(by), space=found.space, watch=key)
        tx.commit()
    return found


def resume_watch(house: House, by: Person, key: int) -> Watch:
    """Takes up a watch that was paused or ended, with all that was asked when it was made.

    Raises:
        Refusal: it is active, or its maker may not any more.
    """
    with house.store.read() as tx:
        found = own_watch(tx, house, key, by, by_maker=True)
        wish = _wish_of(tx, found)
        is_officer = house.is_officer(tx, by)
    if found.state is WatchState.ACTIVE:
        raise Refusal(f"Watch {key} is active.", "`watches` shows how it is doing.")
    _checked(house, by, wish, is_officer=is_officer)
    with house.store.begin() as tx:
        if not tx.watches.move(key, WatchState.ACTIVE, why="", was=found.state):
            raise Refusal(f"Watch {key} has changed just now.", "`watches` shows how it is.")
        tx.audit.add(Word.WATCH_RESUME, _actor(by), space=found.space, watch=key)
        after = tx.watches.get(key)
        tx.commit()
    return after or found


def change_secret(house: House, by: Person, key: int) -> Made:
    """Gives a watch another secret; for a day both sign, so that nothing is lost.

    Raises:
        Refusal: it tells no address, or is somebody else's.
    """
    if house.seal is None:
        raise Refusal("I have no key to keep a secret with.", "Ask the operator.")
    secret = new_secret()
    with house.store.begin() as tx:
        found = own_watch(tx, house, key, by, by_maker=True)
        if found.target is not Target.ADDRESS or found.state is WatchState.ENDED:
            raise Refusal(f"Watch {key} has no secret.", "Only what tells an address has one.")
        tx.watches.put_secret(key, house.seal.seal(secret), old_until=tx.now + OLD_SECRET)
        tx.audit.add(Word.WATCH_ROTATE, _actor(by), watch=key)
        tx.commit()
    return Made(watch=found, secret=secret)


def _wish_of(tx: UnitOfWork, watch: Watch) -> Wish:
    return Wish(
        triggers=watch.triggers, reach=watch.reach, target=watch.target, query=watch.query,
        who=watch.who, address=watch.address, email=watch.email,
        space=None if watch.space is None else tx.spaces.by_key(watch.space),
        to=None if watch.to_space is None else tx.spaces.by_key(watch.to_space),
    )  # fmt: skip


def _opened(house: House, watch: Watch) -> str:
    """The secret, for the one who has just made it."""
    if watch.target is not Target.ADDRESS or house.seal is None:
        return ""
    with house.store.read() as tx:
        sealed = tx.watches.sealed(watch.key)
    return house.seal.open(sealed.now) if sealed else ""


def _is_same(one: Watch, other: Watch) -> bool:
    def what(watch: Watch) -> tuple[object, ...]:
        return (
            watch.triggers, watch.reach, watch.space, watch.query, watch.who, watch.email,
            watch.target, watch.to_space, watch.address,
        )  # fmt: skip

    return what(one) == what(other)


def _knows_ours(house: House) -> bool:
    with house.store.read() as tx:
        return bool(house.own_domains) or tx.people.own_org() is not None


def _actor(person: Person) -> Actor:
    return Actor(name=person.email, person=PersonKey(person.key))
