"""One space's turn: the person leaves it, then what they wrote in it is deleted, then a second
officer looks.

They leave first, so that nothing new comes while the old goes. Whoever is the last in a space, or
the last to moderate it, stays in it until a person has decided what is to become of it: Webex
would delete the one and open the other to everybody, and others' data would pay for it.
Before each request it is looked once more at what stands in the way, at the state of the request,
and at the cap, in the transaction that counts it.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.audit import Word
from domain.erasures import Erasure, ErasureState, Obstacle, Part, PartState, Standing
from domain.errors import Fault, Refusal
from domain.ids import StepKey
from domain.intents import Intent, Outcome, Plan
from domain.people import SYSTEM, Person
from domain.spaces import Space, SpaceState, SpaceType
from retention.erasing.finding import carried_in
from retention.erasing.registering import no_officers, why_no_person
from retention.erasing.standing import standing
from retention.spec import CalledOff
from spaces.effects import CapReached, Check, perform
from spaces.effects.caps import Closed, whole
from spaces.effects.erasing import KIND
from spaces.following import Scene, consequences
from spaces.opening import opening
from spaces.spec import House
from spaces.sync.live import record, settle_missing
from spaces.sync.pages import follow
from storage.store import UnitOfWork
from webex.errors import Deleted, Denied, Missing
from webex.gateway import Lane

LEFT = "left"
WAS_OUT = "was not in it"
STAYS = "stays: a conversation of two"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """`run` names the job's run, so that its requests go behind those of the chat."""

    house: House
    erasure: Erasure
    person: Person
    run: str


class Hindered(CalledOff):
    """Something came up that stands in the way."""

    def __init__(self, stands: Standing) -> None:
        super().__init__(stands.why)
        self.stands = stands


def take_turn(turn: Turn, part: Part) -> PartState:
    """Does what can be done in one space, writes down what came of it, and gives its state.

    Raises:
        Paused, Throttled, NotAuthorised, CapReached: it goes on with a later run.
        Fault: it could not be done now.
    """
    house = turn.house
    with house.store.read() as tx:
        space = tx.spaces.by_key(part.space)
        stands = standing(tx, space)
    if stands.obstacle is not Obstacle.NONE and space.state is not SpaceState.LOST:
        return _stay(turn, part, stands)
    scene = _scene(turn, space)
    if scene is None:
        return _gone(turn, part)
    try:
        why = _leave(turn, part, scene)
        made = _erase(turn, part, scene.space)
    except Hindered as no:
        return _stay(turn, part, no.stands)
    return _write(turn, part, made, why)


def _scene(turn: Turn, space: Space) -> Scene | None:
    """The space read now; None: nobody of ours sees it."""
    house = turn.house
    officer = house.webex.compliance(Lane.BACKGROUND)
    try:
        at = house.clock.now()
        room = officer.room(space.id)
        members = follow(lambda address: officer.memberships(room=space.id, address=address))
    except (Missing, Deleted, Denied):
        return None
    if not members.complete or not members.items:
        raise Fault(f"its members can't be read: {members.why or 'none was shown'}")
    fresh = record(house, room, members, at=at)
    with house.store.read() as tx:
        seated = tx.spaces.members(fresh.key)
    return Scene(space=fresh, members=seated, me=house.webex.bot(Lane.BACKGROUND).me().id)


def _leave(turn: Turn, part: Part, scene: Scene) -> str:
    """Takes them out of a group space. Gives why they can't be, for a person to decide."""
    house, person = turn.house, turn.person
    if scene.space.type is SpaceType.DIRECT:
        _set(turn, part, membership=STAYS)
        return ""
    if not scene.has(person.key):
        _set(turn, part, membership=part.membership or WAS_OUT)
        return ""
    try:
        follows = consequences(scene, [person])
    except Refusal as no:
        return str(no)
    # That they leave the whole team with its General space is what was asked for.
    if serious := [one for one in follows if "General space" not in one]:
        return " ".join(serious)
    step = _step(house, turn, part, "leave")
    made = perform(
        house,
        Plan(
            kind="remove member", step=step, word=Word.MEMBER_REMOVE, actor=SYSTEM,
            payload={"room": str(scene.space.id), "via": "compliance", "person": str(person.id)},
            space=part.space, person=person.key, run=turn.run,
        ),
        check=_look(turn, part, step),
    )  # fmt: skip
    if made.outcome is not Outcome.DONE:
        return f"Webex did not take them out: {made.evidence.get('webex') or made.outcome}."
    with house.store.begin() as tx:
        tx.spaces.remove_member(part.space, person.key)
        tx.erasures.set_part(turn.erasure.key, part.space, membership=LEFT)
        tx.commit()
    return ""


def _erase(turn: Turn, part: Part, space: Space) -> Intent:
    house = turn.house
    is_both = turn.erasure.both_sides and space.type is SpaceType.DIRECT
    step = _step(house, turn, part, "erase")
    payload: dict[str, object] = {"room": str(space.id), "author": str(turn.person.id)}
    if is_both:
        payload["everybody"] = True
    if carried := carried_in(house, turn.person.key, space.id):
        payload["carried"] = list(carried)
    _set(turn, part, step=step, tried_at=house.clock.now())
    return perform(
        house,
        Plan(
            kind=KIND, step=step, word=Word.MESSAGE_ERASE, actor=SYSTEM, payload=payload,
            space=part.space, person=turn.person.key, run=turn.run, is_destructive=True,
            evidence_at=house.clock.now(),
        ),
        check=_look(turn, part, step),
    )  # fmt: skip


def _look(turn: Turn, part: Part, step: StepKey) -> Check:
    """In the intent's own transaction, and right before each request, which it counts."""

    def check(tx: UnitOfWork) -> None:
        now = tx.erasures.get(turn.erasure.key)
        if now.state not in (ErasureState.ERASING, ErasureState.PARTLY):
            raise CalledOff(f"the request is {now.state} now")
        if why := why_no_person(turn.house, tx, turn.person) or no_officers(turn.house, tx, now):
            raise CalledOff(why)
        stands = standing(tx, tx.spaces.by_key(part.space))
        if stands.obstacle not in (Obstacle.NONE, Obstacle.UNSEEN):
            raise Hindered(stands)
        if closed := opening(tx, turn.house.limits).closed(tx.now):
            raise Closed(closed)
        most, spent = whole(turn.house.limits.erase_per_day), tx.erasures.spent()
        if spent >= most:
            raise CapReached(f"{spent} of at most {most} things a day are erased")
        if tx.intents.of_step(step) is not None:  # else it is only being planned
            tx.erasures.spend()

    return check


def _step(house: House, turn: Turn, part: Part, what: str) -> StepKey:
    """A step is kept, to go on where it stopped; one that is used up is followed by the next."""
    number = 1
    with house.store.read() as tx:
        while True:
            step = StepKey(f"erasure/{turn.erasure.key}/{part.space}/{what}/{number}")
            known = tx.intents.of_step(step)
            if known is None or known.outcome is Outcome.OPEN:
                return step
            number += 1


def _write(turn: Turn, part: Part, made: Intent, why: str) -> PartState:
    """What came of it. Steps before this one may have deleted some as well."""
    house = turn.house
    sums = _sums(house, turn, part)
    match made.outcome:
        case Outcome.DONE if why:
            state = PartState.ATTENTION
        case Outcome.DONE:
            state = PartState.DONE
        case Outcome.REFUSED:
            state, why = PartState.ATTENTION, "Webex would not delete some of their messages."
        case Outcome.OPEN:
            state, why = PartState.TO_DO, "It is not through yet."
        case _:
            state = PartState.WAITS
            why = str(made.evidence.get("why") or made.evidence.get("webex") or made.outcome)
    is_seen = made.outcome is Outcome.DONE
    obstacle = Obstacle.UNSEEN if state is PartState.WAITS else Obstacle.NONE
    _set(
        turn, part, state=str(state), obstacle=str(obstacle), why=why,
        seen_at=made.settled_at if is_seen else None, **sums,
    )  # fmt: skip
    return state


def _sums(house: House, turn: Turn, part: Part) -> dict[str, int]:
    sums = dict.fromkeys(("deleted", "already", "refused"), 0)
    number = 1
    with house.store.read() as tx:
        while True:
            step = StepKey(f"erasure/{turn.erasure.key}/{part.space}/erase/{number}")
            known = tx.intents.of_step(step)
            if known is None:
                return sums
            for name in ("deleted", "already"):
                sums[name] += _number(known.evidence.get(name))
            sums["refused"] = _number(known.evidence.get("refused"))
            number += 1


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _stay(turn: Turn, part: Part, stands: Standing) -> PartState:
    sums: dict[str, int] = _sums(turn.house, turn, part)
    _set(
        turn, part, state=str(stands.state), obstacle=str(stands.obstacle), why=stands.why, **sums
    )  # fmt: skip
    return stands.state


def _gone(turn: Turn, part: Part) -> PartState:
    state = settle_missing(turn.house, part.space)
    if state is SpaceState.GONE:
        return _stay(
            turn, part,
            Standing(obstacle=Obstacle.GONE, why="The space is not there any more."),
        )  # fmt: skip
    why = "Nobody of us can see the space."
    return _stay(turn, part, Standing(obstacle=Obstacle.UNSEEN, why=why))


def _set(turn: Turn, part: Part, **values: object) -> None:
    with turn.house.store.begin() as tx:
        tx.erasures.set_part(turn.erasure.key, part.space, **values)
        tx.commit()
