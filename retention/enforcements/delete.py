"""Delete: blocked first, then, when the grace is over, gone with all that is in it.

What Webex does not delete is emptied instead, and said as that: a direct conversation loses all
of its messages and can be used again after; a team's space is emptied and then deleted, which
Webex takes as archiving it. While it is being emptied the case stays BLOCKED, so that a keep or
a hold stops it between two messages, and the next night goes on where it was.

This is the one place of the engine that destroys. The case is moved to ENFORCING in the
transaction of the intent itself, and leaves it only by what was read back: gone, called off
(nothing happened), or not as it should be, for a person to look at. “Deleted” is said only of
what a second identity saw gone (I14).
"""

from __future__ import annotations

from functools import partial

from domain.audit import Word
from domain.endings import Way
from domain.errors import Fault
from domain.ids import StepKey
from domain.intents import Outcome, Plan
from domain.lifecycle import Cause
from domain.people import SYSTEM
from domain.policies import Ending
from domain.spaces import SpaceType
from retention.byhand.judging import way_of
from retention.byhand.tombstones import lay_tombstone
from retention.ended import close_emptied, close_ended
from retention.enforcements.block import block_case
from retention.enforcements.spec import Enforcement, Turn, enforcement
from retention.exporting import lacks_export
from retention.moving import move_case
from retention.proving import Proof, last_look, look
from retention.purging import purge_older
from retention.spec import CalledOff
from spaces.blocking import is_blocked
from spaces.effects import perform
from webex.gateway import Lane


def delete_case(turn: Turn) -> str:
    """Deletes the space of a blocked case."""
    night, proof = turn.night, turn.proof
    case, house = proof.case, night.house
    _stop_if_in_the_way(turn, proof)
    with house.store.read() as tx:
        export = tx.case_exports.of(case.key)
        if why := lacks_export(house, tx, case, proof.version):
            raise Fault(why)  # said in the run's card, every night
    way = way_of(proof.space)
    if way is not Way.DELETE:
        still = partial(_stop_if_in_the_way, turn)
        if left := purge_older(night, proof, proof.at, is_all=True, still=still):
            raise CalledOff(f"it is being emptied: {left}")
        if way is Way.PURGE:
            return _close_conversation(turn)
        proof = look(night, case)  # emptying it may have taken its time
        still(proof)
    with house.store.begin() as tx:
        lay_tombstone(
            tx, house, tx.spaces.by_key(case.space), proof.live, case=case.key, export=export
        )
        tx.commit()
    plan = Plan(
        kind="delete room", step=StepKey(f"{night.run}/delete/{case.key}"), word=Word.SPACE_DELETE,
        actor=SYSTEM, payload={"room": str(proof.space.id)}, space=case.space, case=case.key,
        policy_version=proof.version.key, run=night.run, is_destructive=True,
        evidence_at=proof.at,
    )  # fmt: skip
    try:
        made = perform(house, plan, check=last_look(night, case, going_to=Cause.GRACE_OVER))
    except Fault:
        close_ended(night, case.key)  # where the intent stands: called off, or not known yet
        raise
    close_ended(night, case.key, own=True)
    if made.outcome is Outcome.CANCELLED:
        raise CalledOff(str(made.evidence.get("why", "it was called off")))
    if way is Way.ARCHIVE and made.outcome is Outcome.ARCHIVED:
        return "emptied and archived"
    return "deleted" if made.outcome is Outcome.DONE else f"deletion {made.outcome}"


def _close_conversation(turn: Turn) -> str:
    """All of its messages are gone; the block is taken back at the end of the night."""
    close_emptied(turn.night, turn.proof.case.key)
    return "emptied"


def _stop_if_in_the_way(turn: Turn, proof: Proof) -> None:
    """Before it begins, and between all that it takes: somebody may have opened the space, or
    taken it into a team, while it is being emptied. Raises CalledOff: a person has to look."""
    if why := _in_the_way(turn, proof):
        with turn.night.house.store.begin() as tx:
            move_case(tx, proof.case, Cause.STUCK, why=why)
            tx.commit()
        raise CalledOff(why)


def _in_the_way(turn: Turn, proof: Proof) -> str:
    """Why this space can't be deleted as it is."""
    live, space = proof.live, proof.space
    me = turn.night.house.webex.bot(Lane.BACKGROUND).me().id
    is_direct = space.type is SpaceType.DIRECT
    if not is_direct and not live.bot_is_moderator:
        return "I don't moderate it any more"
    if not is_blocked(live, me):
        return "somebody changed the block on it"
    if (is_direct or space.team is not None) and not turn.night.house.webex.has_compliance:
        return "without a compliance identity its messages can't be deleted"
    if live.room.team_id is not None and space.team is None:
        return "it belongs to a team now, whose spaces Webex archives instead of deleting them"
    return ""


enforcement(Enforcement(ending=Ending.DELETE, after_notices=block_case, after_grace=delete_case))
