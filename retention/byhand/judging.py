"""Whether a space may be ended by hand: what protects it, who asks, and what they saw.

The principle: a person's wish weighs no more than what protects a space (I1). Holds, floors,
keeps by hand, policies that keep, and whatever of these is not known stop compliance as well
as a moderator; they would have to take the protection off first, by its own way. The same is
asked when it is shown, when it is asked for, while it waits, and in the transaction of the
effect itself.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

from domain.endings import Request, Way
from domain.errors import Refusal
from domain.ids import PersonKey, SpaceKey, StepKey
from domain.intents import Intent, Outcome
from domain.lifecycle import CaseState
from domain.people import Person
from domain.spaces import Space, SpaceType
from query.spec import Moments
from retention.decision import protection
from retention.tracing import Step
from spaces.guarding import guard_own_spaces
from spaces.looking import manages, remember
from spaces.spec import House, Limits
from spaces.sync.live import LiveReading, read_live
from storage.store import UnitOfWork
from webex.errors import Denied, Missing, NotAuthorised, WebexFault
from webex.gateway import Lane

AGAIN = "Try again in a minute."
NO_EXPORT = "No export of it can be kept, and the operator allows no deletion without one."


def way_of(space: Space) -> Way:
    """What deleting means for a space (webex-facts 1.1)."""
    if space.type is SpaceType.DIRECT:
        return Way.PURGE
    return Way.ARCHIVE if space.team is not None else Way.DELETE


def window(limits: Limits, *, by_compliance: bool) -> timedelta:
    """How long it can be taken back."""
    return limits.undo * (2 if by_compliance else 1)


def look(house: House, space: Space) -> LiveReading:
    """The space as it is now, for a person who waits. Raises Refusal: it can't be seen whole."""
    guard_own_spaces(house)
    try:
        live = read_live(house, space.key, lane=Lane.CHAT)
    except Missing:
        raise Refusal("I can't see that space any more.", "It may be gone.") from None
    except NotAuthorised:
        raise
    except WebexFault as no:
        raise Refusal(f"I could not look at it just now: {no}.", AGAIN) from None
    if not _clocks_agree(house):  # else the time to take it back would be over at once (I16)
        raise Refusal(
            "My clock and Webex's differ, so I can't say when anything is due.",
            "The operator has to set it right.",
        )
    if why := unseen(live):
        raise Refusal(f"I could not see it whole just now: {why}.", AGAIN)
    return live


def unseen(live: LiveReading) -> str:
    """What of a space could not be read, so that nothing may be concluded; empty when nothing."""
    if not live.members_complete or not live.members:
        return "its members could not be read completely"
    if not live.human_known:
        return "its latest message could not be found"
    return ""


def forbidden(tx: UnitOfWork, space: SpaceKey) -> str:
    """Why nobody may end a space by hand now; empty when nothing forbids it. Which hold it is,
    is not said: holds are compliance's matter."""
    line = protection(tx, space, Moments(now=tx.now))
    if line is not None:
        held = "Something forbids to destroy anything in it for now; compliance can tell more."
        return held if line.step is Step.HOLD else line.sentence
    case = tx.cases.open_of(space)
    if case is not None and case.state is CaseState.ENFORCING:
        return "A policy is deleting it at this moment."
    if case is not None and case.state is CaseState.NEEDS_ATTENTION:
        return "It waits for compliance to look at it (`attention`)."
    return ""


def speaks_against(tx: UnitOfWork, request: Request) -> str:
    """Why a request may not go on, from the database as it is; empty when it may."""
    if why := forbidden(tx, request.space):
        return why
    space = tx.spaces.by_key(request.space)
    if way_of(space) is not request.way:
        return "It was moved into a team, so deleting it would mean something else now."
    last = space.last_human
    if request.seen_human is None or last is None:
        return "It is not known when somebody last wrote in it."
    if last > request.seen_human:
        return "Somebody has written in it since."
    return ""


def purge_step(request: Request, number: int = 1) -> StepKey:
    """A purge keeps its step, to go on where it stopped; one that was called off before it began
    has used its step up, and the next one has a number."""
    return StepKey(f"deletion/{request.key}/purge" + (f"/{number}" if number > 1 else ""))


def purges_of(tx: UnitOfWork, request: Request) -> list[Intent]:
    """What was planned to empty a request's space, in order."""
    found: list[Intent] = []
    while (one := tx.intents.of_step(purge_step(request, len(found) + 1))) is not None:
        found.append(one)
    return found


def is_emptied(tx: UnitOfWork, request: Request) -> bool:
    """Whether its messages are gone, or some of them; then nobody may say that nothing was."""
    (*_, last) = (None, *purges_of(tx, request))
    if last is None:
        return False
    return last.outcome is Outcome.DONE or (last.outcome is Outcome.OPEN and last.attempts > 0)


def may_still(house: House, request: Request, space: Space) -> str:
    """Why whoever asked may not have it any more, read live; empty when they may (I12)."""
    asked = [request.by] if request.second is None else [request.by, request.second]
    for key in asked:
        with house.store.read() as tx:
            person = tx.people.by_key(key)
            officer = is_officer(tx, house, person)
            has_left = tx.people.is_active(key) is False
        if has_left or not _is_here(house, person):
            return f"{person.name} asked for it, and is not with us any more."
        if request.by_compliance:
            if not officer:
                return f"{person.name} asked for it, and is not of compliance any more."
        elif not (may := manages(house, space.key, person)):
            return f"{person.name} asked for it, and may not any more: {may.reason}."
    if request.by_compliance and request.second is None:
        return "No second person of compliance has agreed."
    return ""


def is_officer(tx: UnitOfWork, house: House, person: Person) -> bool:
    return person.email in house.compliance or house.officer_group(tx, person)


def _clocks_agree(house: House) -> bool:
    """By what Webex said of its time with the look that was just made."""
    webex = house.webex
    there = (webex.compliance if webex.has_compliance else webex.bot)(Lane.CHAT).server_time()
    return there is not None and abs(there - house.clock.now()) <= house.limits.clock_skew


def _is_here(house: House, person: Person) -> bool:
    """Not seen is not here: what they asked for can be asked for again."""
    try:
        read = house.webex.bot(Lane.BACKGROUND).person(person.id)
    except (Missing, Denied):
        return False
    return read.login_enabled is not False and remember(house, read).is_ours is not False


def seen_of(space: Space, live: LiveReading) -> str:
    """Stands for what the person was shown; another one has to be shown anew."""
    said = [
        str(space.id), live.room.title, str(live.room.type), str(live.room.team_id),
        str(live.room.classification), sorted(str(one.person_id) for one in live.members),
        live.last_human.isoformat() if live.last_human else "", list(space.tags),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def code_of(request: Request, person: PersonKey) -> str:
    """Six digits that stand for this space as it was shown to this person, this once."""
    said = f"{request.salt}/{request.space}/{request.seen}/{request.way}/{person}"
    sealed = hashlib.sha256(said.encode()).digest()
    return f"{int.from_bytes(sealed[:8], 'big') % 1_000_000:06d}"
