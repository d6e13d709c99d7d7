"""Remove outsiders: people of other organisations leave the space, which goes on without them.

Nothing is deleted and nobody of ours loses anything, so there is no block and no grace; but who
is out does not read what was written in the space any more, so it counts against the caps, once
a space, and stops at holds, keeps and pauses before each person. Who is an outsider is what
Webex says at this moment; somebody whose organisation is not known stays, and is told about.
A space that would be left without anybody of ours is for a person to look at.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.audit import Word
from domain.ids import OrgId, PersonId, StepKey
from domain.intents import Plan
from domain.lifecycle import Cause
from domain.people import SYSTEM
from domain.policies import Ending
from domain.spaces import SpaceType
from domain.views import Outsiders
from retention.enforcements.spec import Enforcement, Turn, enforcement
from retention.moving import move_case
from retention.outsider_proofs import OUTSIDER, certify_removals
from retention.proving import last_look
from retention.spec import CalledOff
from retention.telling import tell_owners
from spaces.effects import perform, refusal_of
from spaces.sync.live import read_live
from webex.gateway import Lane
from webex.values import Membership


def remove_outsiders(turn: Turn) -> str:
    """Takes the outsiders of a case's space out, and tells its owners who they were."""
    night, proof = turn.night, turn.proof
    house, case = night.house, proof.case
    me = house.webex.bot(Lane.BACKGROUND).me().id
    with house.store.read() as tx:
        ours = tx.people.own_org()
        bots = {one.id for one, _ in tx.spaces.members(case.space) if one.is_bot} | {me}
    if why := _in_the_way(turn, ours, bots):
        with house.store.begin() as tx:
            move_case(tx, case, Cause.STUCK, why=why)
            tx.commit()
        raise CalledOff(why)
    gone: list[str] = []
    left: list[str] = []
    for one in _outsiders(proof.live.members, ours, me):
        if one.org_id is None:
            left.append(f"{one.email}: Webex does not say whose they are")
            continue
        no = _remove(turn, one, is_first=not gone)
        if no:
            left.append(f"{one.email}: {no}")
        else:
            gone.append(one.email)
    after = read_live(house, case.space)
    if not left and _outsiders(after.members, ours, me):
        left.append("some came in meanwhile")
    certify_removals(night, case)
    if left:  # it stays as it is, and the next night tries again
        raise CalledOff(f"{len(gone)} were removed; {'; '.join(left[:5])}")
    with house.store.begin() as tx:
        if not move_case(tx, case, Cause.DONE, why=f"{len(gone)} outsiders were removed"):
            raise CalledOff("it moved on meanwhile")
        tx.commit()
    _tell(turn, gone)
    return "rid of outsiders"


def _remove(turn: Turn, one: Membership, *, is_first: bool) -> str:
    """Why they could not be removed; empty when they were."""
    night, proof = turn.night, turn.proof
    case = proof.case
    made = perform(
        night.house,
        Plan(
            kind="remove member", step=StepKey(f"{night.run}{OUTSIDER}{case.key}/{one.person_id}"),
            word=Word.MEMBER_REMOVE, actor=SYSTEM, space=case.space, case=case.key,
            payload={"room": str(proof.space.id), "person": str(one.person_id),
                     "via": "compliance"},
            run=night.run, policy_version=proof.version.key, is_destructive=is_first,
            evidence_at=proof.at if is_first else None,
        ),
        check=last_look(night, case, going_to=Cause.NOTICES_OVER),
    )  # fmt: skip
    no = refusal_of(made, what=f"remove {one.email}")
    return no.reason if no else ""


def _outsiders(members: Sequence[Membership], ours: OrgId | None, me: PersonId) -> list[Membership]:
    """Never ourselves, whose ever account the bot was made with."""
    found = (m for m in members if m.org_id != ours and m.person_id != me)
    return sorted(found, key=lambda one: one.email)


def _in_the_way(turn: Turn, ours: OrgId | None, bots: set[PersonId]) -> str:
    """Why nobody can be removed as things are; a person has to look."""
    if turn.proof.space.type is SpaceType.DIRECT:
        return "nobody can be removed from a direct conversation"
    if ours is None:
        return "it is not known which organisation is ours"
    if not turn.night.house.webex.has_compliance:
        return "without a compliance identity nobody can be removed"
    staying = [m for m in turn.proof.live.members if m.org_id == ours and m.person_id not in bots]
    return "" if staying else "nobody of ours would be left in it"


def _tell(turn: Turn, gone: Sequence[str]) -> None:
    proof, voice = turn.proof, turn.night.voice
    told = Outsiders(space=proof.space, policy=proof.version.name, removed=tuple(gone))
    tell_owners(
        turn.night, proof.owners, lambda reader: voice.outsiders(told, reader),
        what=f"outsiders/{proof.case.key}", space=proof.case.space,
    )  # fmt: skip


enforcement(Enforcement(ending=Ending.OUTSIDERS, after_notices=remove_outsiders))
