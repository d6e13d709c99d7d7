"""Looking for owners: a few members are asked, given time, then the next few; then compliance.

The principle: nothing is ended here, and nobody's silence is a yes. Before anybody is asked the
space is read live: it may have an owner by now, or nothing may be due any more. Each search
goes its way by itself; one that goes wrong takes nobody with it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.audit import Word
from domain.errors import Fault, Paused, Stopped
from domain.ids import PersonKey, StepKey
from domain.intents import Outcome
from domain.owning import Ask, AskView, Said, Search, SearchState
from domain.people import SYSTEM
from domain.spaces import Space, SpaceState
from retention.alert_sources import SINGLY
from retention.explaining import space_view
from retention.ownerless import spec
from retention.ownerless.candidates import Candidate, candidates, still_there
from retention.ownerless.searching import (
    case_of,
    end_search,
    owner_names,
    search_view,
    tell_it_is_over,
)
from retention.ownerless.spec import Cards
from retention.ownerless.taking import back_to_asking
from retention.planning import fate, judge
from retention.spec import CalledOff, Night
from retention.telling import tell_compliance
from spaces.effects import send_card
from spaces.following import appointing, look
from spaces.naming import Named
from spaces.sync.live import LiveReading, read_live
from storage.store import UnitOfWork
from webex.errors import NotAuthorised, Throttled

log = logging.getLogger(__name__)

_ENDS_THE_RUN = (NotAuthorised, Paused, Throttled, Stopped)
Summary = Mapping[str, object]


def seek(night: Night, cards: Cards) -> Summary:
    """Goes on with every search. Says how many of each kind of step there were.

    Raises:
        NotAuthorised, Throttled: Webex does not let us on; the next run does the rest.
    """
    with night.house.store.read() as tx:
        searches = tx.owner_searches.open()
    counts: Counter[str] = Counter()
    for search in searches:
        if night.stop():
            raise Stopped
        try:
            counts[_go_on(night, search, cards)] += 1
        except Paused as no:
            counts["stopped by a pause"] += 1
            log.info("the searches for owners wait: %s", no)
            break
        except _ENDS_THE_RUN:
            raise
        except Fault as no:
            counts["put off"] += 1
            log.info("search %s is put off: %s", search.key, no)
        except Exception:  # its own trouble; the others go on
            counts["put off"] += 1
            log.exception("search %s can't go on", search.key)
    return dict(counts)


def _go_on(night: Night, search: Search, cards: Cards) -> str:
    house = night.house
    live = read_live(house, search.space)
    if not live.members_complete or not live.members:
        raise CalledOff("its members could not be read completely")
    with house.store.begin() as tx:
        search = tx.owner_searches.get(search.key)
        if search.closed_at is not None:
            return "over already"
        why = _over(tx, search)
        is_over = bool(why) and end_search(tx, search, why=why)
        if not why and search.state is SearchState.TAKING:
            _give_up(tx, search)
        space = tx.spaces.by_key(search.space)
        tx.commit()
    if is_over:
        tell_it_is_over(night.house, search.key, cards.over)
        return "owned or not due any more"
    if why or search.state is not SearchState.ASKING or not _is_time(night, search):
        return "waiting"
    return _next_round(night, search, space, live, cards)


def _over(tx: UnitOfWork, search: Search) -> str:
    """Why nobody has to be found any more; empty while somebody has."""
    if names := owner_names(tx, search.space):
        return f"{names} owns it now"
    if tx.spaces.by_key(search.space).state is not SpaceState.LIVE:
        return "it is not there any more"
    case = case_of(tx, search)
    if case is None:
        return "its case went on without" if search.case is not None else ""
    versions = {one.key: one for one in tx.policies.holding()}
    found = fate(judge(tx, case, versions), versions, tx.now)
    return found[1] if found is not None else ""


def _give_up(tx: UnitOfWork, search: Search) -> None:
    """Somebody said yes, and what followed did not come about."""
    if search.taken_at is not None and tx.now - search.taken_at >= spec.STUCK_AFTER:
        back_to_asking(tx, search, "who wanted to take it could not be made its owner")


def _is_time(night: Night, search: Search) -> bool:
    """The round's time is over, or all of it said no."""
    if search.round == 0 or search.ends_at is None or night.house.clock.now() >= search.ends_at:
        return True
    with night.house.store.read() as tx:
        asks = tx.owner_searches.asks(search.key)
    return all(one.said is not Said.NOTHING for one in asks if one.delivered_at is not None)


def _next_round(night: Night, search: Search, space: Space, live: LiveReading, cards: Cards) -> str:
    house = night.house
    with house.store.read() as tx:
        asks = tx.owner_searches.asks(search.key)
        but = _not_again(asks, search) | tx.disowned.of(search.space)  # who has said no already
    ranked = candidates(house, live, but=but)
    chosen = still_there(house, ranked, most=spec.AT_ONCE) if search.round < spec.ROUNDS else ()
    if not chosen:
        return _escalate(night, search, space, ranked, cards)
    return _ask(night, search, space, chosen, cards)


def _not_again(asks: Sequence[Ask], search: Search) -> set[PersonKey]:
    """Whoever was asked. Who was planned in a round that never came about is asked after all."""
    return {one.person for one in asks if one.round <= search.round or one.said is not Said.NOTHING}


def _ask(
    night: Night, search: Search, space: Space, chosen: Sequence[Candidate], cards: Cards
) -> str:
    house, number = night.house, search.round + 1
    answer_by = house.clock.now() + spec.ANSWER_WITHIN
    with house.store.begin() as tx:
        tx.owner_searches.plan_ask(
            Ask(search=search.key, person=one.person.key, round=number, messages=one.messages)
            for one in chosen
        )
        tx.commit()
    scene = look(house, space)
    reached = 0
    for one in chosen:
        person = one.person
        named = Named(said=person.email, email=person.email, person=person)
        view = AskView(
            space=space, search=search.key, person=person.key, messages=one.messages,
            why=space_view(house, space, zone=person.zone).why,
            follows=appointing(house, scene, [named], person.key), answer_by=answer_by,
        )  # fmt: skip
        reached += _send(night, search, view, one, cards)
    if not reached:
        return "nobody could be told"
    with house.store.begin() as tx:
        why = f"round {number} of {spec.ROUNDS}: {reached} of its members were asked"
        if tx.owner_searches.move(
            search, SearchState.ASKING, why=why, round=number, ends_at=answer_by
        ):
            tx.audit.add(
                Word.OWNER_SEARCH, SYSTEM, space=search.space, search=search.key, round=number,
                asked=reached, ends_at=answer_by.isoformat(),
            )  # fmt: skip
        tx.commit()
    return "asked"


def _send(night: Night, search: Search, view: AskView, one: Candidate, cards: Cards) -> int:
    def still(tx: UnitOfWork) -> None:
        now = tx.owner_searches.get(search.key)
        if (now.state, now.round) != (search.state, search.round):
            raise CalledOff(f"the search is {now.state} now: {now.why}")

    try:
        sent = send_card(
            night.house, cards.ask(view, night.house.reader(one.person)),
            step=StepKey(f"owner/{search.key}/{one.person.key}"), word=Word.OWNER_ASK,
            actor=SYSTEM, person=(one.person.key, one.person.id), space=view.space.key,
            case=search.case, run=night.run, about=spec.about(search.key), check=still,
        )  # fmt: skip
    except (*_ENDS_THE_RUN, CalledOff):
        raise
    except Fault as no:
        log.warning("%s could not be asked: %s", one.person.key, no)
        return 0
    with night.house.store.begin() as tx:
        if sent.outcome is Outcome.DONE:
            tx.owner_searches.delivered(search.key, one.person.key, tx.now)
        elif sent.outcome.is_final:
            tx.owner_searches.say(search.key, one.person.key, Said.UNREACHED)
        tx.commit()
    return int(sent.outcome is Outcome.DONE)


def _escalate(
    night: Night, search: Search, space: Space, ranked: Sequence[Candidate], cards: Cards
) -> str:
    """Compliance is told first: who died in between tells them again, by the same step. Where
    many wait already, the alert that counts them tells of this one."""
    others = tuple((one.person.name, one.person.email) for one in ranked[: spec.AT_ONCE * 2])
    with night.house.store.read() as tx:
        asks = tx.owner_searches.asks(search.key)
        said = "nobody in it took it over" if asks else "nobody in it could be asked"
        view = search_view(tx, replace(search, why=said), space, others=others)
        waiting = tx.owner_searches.counts().get(SearchState.ESCALATED, 0)
    if waiting < SINGLY:
        tell_compliance(
            replace(night, run=spec.about(search.key)), lambda zone: cards.escalated(view, zone),
            what=f"escalated/{search.round}", space=space.key,
        )  # fmt: skip
    with night.house.store.begin() as tx:
        if tx.owner_searches.move(search, SearchState.ESCALATED, why=said, ends_at=None):
            tx.audit.add(
                Word.OWNER_ESCALATE, SYSTEM, space=search.space, search=search.key,
                rounds=search.round, asked=len(asks),
            )  # fmt: skip
        tx.commit()
    return "escalated"
