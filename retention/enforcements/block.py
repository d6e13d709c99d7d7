"""Block: nothing new is written, what is there stays readable, until somebody keeps the space.

Also the first half of a deletion, with the grace in which its owners can still say no.
"""

from __future__ import annotations

from datetime import datetime

from domain.lifecycle import Cause
from domain.people import SYSTEM
from domain.policies import Ending
from retention import cadence
from retention.enforcements.spec import Enforcement, Turn, enforcement
from retention.moving import move_case
from retention.proving import last_look
from retention.spec import CalledOff
from retention.telling import tell_owners
from retention.warning import reason, warned
from spaces.blocking import Because, block


def block_case(turn: Turn) -> str:
    """Blocks the space of a case whose notices are over, and tells its owners."""
    night, proof = turn.night, turn.proof
    case, version = proof.case, proof.version
    block(
        night.house, SYSTEM, proof.space, step=f"{night.run}/block/{case.key}",
        because=Because(
            case=case.key, run=night.run, policy_version=version.key, evidence_at=proof.at,
            check=last_look(night, case, going_to=Cause.NOTICES_OVER),
        ),
    )  # fmt: skip
    with night.house.store.begin() as tx:
        why = reason(tx, case, version)
        gone_at = cadence.gone_at(version, tx.now)
        moved = move_case(tx, case, Cause.NOTICES_OVER, why="its notices are over", due=gone_at)
        now = tx.cases.get(case.key)
        tx.commit()
    if not moved:  # somebody kept it in this very moment; the night puts it back at its end
        raise CalledOff(f"it is {now.state} now: {now.why}")
    _tell(turn, why, now.due or proof.at)
    return "blocked"


def _tell(turn: Turn, why: str, until: datetime) -> None:
    proof, voice = turn.proof, turn.night.voice
    case, version = proof.case, proof.version
    shown = warned(
        proof.space, case, version, number=case.notices, due=case.due or proof.at,
        gone_at=until if version.ending is Ending.DELETE else None, why=why,
    )  # fmt: skip
    tell_owners(
        turn.night, proof.owners, lambda reader: voice.blocked(shown, reader),
        what=f"blocked/{case.key}", space=case.space, case=case.key,
    )  # fmt: skip


enforcement(Enforcement(ending=Ending.BLOCK, after_notices=block_case))
