"""Purge: messages older than the period go, with threads and files; the space goes on.

The owners are warned like for a deletion. When all notices are over the case stands in PURGING,
and from then on each night deletes what has become too old since, without further notice, until
somebody keeps the space, a hold comes, or its policy changes: then all begins anew with notices.
Only compliance's own identity may delete others' messages, so in member mode nothing is purged.
"""

from __future__ import annotations

from dataclasses import replace

from domain.cases import Case
from domain.intents import Outcome
from domain.lifecycle import Cause
from domain.policies import Ending
from domain.spans import say_span
from retention import cadence
from retention.enforcements.spec import Enforcement, Turn, enforcement
from retention.moving import move_case
from retention.proving import look
from retention.purge_proofs import certify_purge
from retention.purging import cutoff, has_older, purge_older, purges_of
from retention.spec import CalledOff, Night
from retention.telling import tell_owners


def begin(turn: Turn) -> str:
    """The first night of a case whose notices are over."""
    night, proof = turn.night, turn.proof
    case, version = proof.case, proof.version
    _needs_compliance(night)
    with night.house.store.begin() as tx:
        if why := cadence.short_of_notice(version, case, tx.now):
            raise CalledOff(why)
        age = say_span(version.period) if version.period else "its period"
        why = f"its notices are over: what is older than {age} goes from now on"
        if not move_case(tx, case, Cause.MAY_PURGE, why=why):
            raise CalledOff("it moved on meanwhile")
        case = tx.cases.get(case.key)
        tx.commit()
    if is_idle(night, case):
        return "begun to purge"
    return go_on(Turn(night=night, proof=look(night, case)))


def is_idle(night: Night, case: Case) -> bool:
    """Whether nothing in the space has become too old since the last time. Asks Webex once."""
    before = cutoff(night, case)
    if before is None:
        return False  # the look will say why
    with night.house.store.read() as tx:
        purges, certified = purges_of(tx, case), tx.purges.certified(case.space)
        if any(not one.outcome.is_final for one in purges):
            return False
        if any(one.id > certified and one.outcome is Outcome.DONE for one in purges):
            return False  # a process died before it said so
    if has_older(night.house, case.space, before):
        return False
    with night.house.store.begin() as tx:
        tx.purges.came(case.space, before)
        tx.commit()
    return True


def go_on(turn: Turn) -> str:
    """What a night deletes of one space."""
    night, proof = turn.night, turn.proof
    case = proof.case
    _needs_compliance(night)
    before = cutoff(night, case)
    if before is None:
        raise CalledOff("none of its messages is old enough")
    with night.house.store.read() as tx:
        is_first = tx.purges.certified(case.space) == 0
    try:
        left = purge_older(night, proof, before)
    finally:
        told = certify_purge(night, case, is_first=is_first)
    if told is None:
        return "looked through for old messages"
    if is_first:
        said = replace(told, left=left)
        tell_owners(
            night, proof.owners, lambda zone: night.voice.purged(said, zone),
            what=f"purged/{case.key}", space=case.space, case=case.key,
        )  # fmt: skip
    return "purged of older messages"


def _needs_compliance(night: Night) -> None:
    if not night.house.webex.has_compliance:
        raise CalledOff("without a compliance identity nobody's messages can be deleted")


enforcement(
    Enforcement(
        ending=Ending.PURGE, after_notices=begin, each_night=go_on, is_idle=is_idle
    )
)  # fmt: skip
