"""The end of a request: what came of its intents, as it was read, and what proves it.

Called after the attempt, and by each run for requests that a dead process left in DELETING.
Says nothing that was not read back.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.alerts import AlertKind, Raised
from domain.audit import Word
from domain.endings import Request, RequestState, Tombstone, Way
from domain.intents import Intent, Outcome
from domain.people import SYSTEM, Person
from domain.spaces import SpaceState
from domain.views import CertificateView, Ended
from retention.alert_sources import DELETIONS
from retention.byhand.certifying import certify_request
from retention.byhand.cooling import put_back
from retention.byhand.judging import purges_of
from retention.byhand.spec import Hands
from retention.telling import alert, tell_compliance
from spaces.telling import tell_people
from storage.store import UnitOfWork

_AS_IT_SHOULD = {
    Way.DELETE: Outcome.DONE, Way.ARCHIVE: Outcome.ARCHIVED, Way.PURGE: Outcome.DONE,
}  # fmt: skip


def intents_of(tx: UnitOfWork, request: Request) -> list[Intent]:
    """What was planned to destroy for a request, in order: its purge, and the last deletion."""
    found = purges_of(tx, request)[-1:]
    if request.step is not None and request.step not in [one.plan.step for one in found]:
        last = tx.intents.of_step(request.step)
        found += [last] if last is not None else []
    return found


def close_request(hands: Hands, request: Request, *, own: bool = False) -> Outcome | None:
    """Lets a request in DELETING go where its intents' outcome leads, and gives that; None when
    it is not in DELETING, or the outcome is not known yet.

    `own`: by the attempt itself. That nothing happened then contradicts Webex, who said yes, and
    a person has to look; found by recovery, it only says that the process died too soon.
    """
    house = hands.night.house
    view: CertificateView | None = None
    stone: Tombstone | None = None
    with house.store.begin() as tx:
        tx.audit.serialise()
        request = tx.deletions.get(request.key)
        if request.state is not RequestState.DELETING:
            return None
        intents = intents_of(tx, request)
        last = intents[-1] if intents else None
        if last is not None and last.outcome is Outcome.OPEN:
            return None
        outcome = last.outcome if last is not None else Outcome.CANCELLED
        is_whole = last is not None and last.plan.kind == _LAST[request.way]
        if outcome is Outcome.DONE and not is_whole:  # purged, and not archived yet: it goes on
            outcome = Outcome.CANCELLED
        if outcome is _AS_IT_SHOULD[request.way] or outcome is Outcome.DONE:
            stone = tx.tombstones.came_true(
                request=request.key, until=tx.now + house.limits.restorable
            )
            view = certify_request(tx, request, intents, export=stone.export if stone else "")
            _move(tx, request, RequestState.DONE, outcome, "a second identity saw it")
            if outcome is Outcome.DONE and request.way is Way.DELETE:
                tx.blocks.drop(request.space)
            if outcome is Outcome.ARCHIVED:
                tx.spaces.set_state(request.space, SpaceState.ARCHIVED)
        elif outcome is Outcome.CANCELLED or (outcome is Outcome.NOT_DONE and not own):
            said = "" if last is None else str(last.evidence.get("why", ""))
            _move(tx, request, RequestState.COOLING, outcome, said or "called off before it began")
        else:
            why = f"the deletion ended as: {outcome}"
            _move(tx, request, RequestState.ATTENTION, outcome, why)
        now = tx.deletions.get(request.key)
        tx.commit()
    if now.state is RequestState.COOLING:
        return outcome
    if now.way is Way.PURGE and now.state is RequestState.DONE:
        put_back(house, now)  # the conversation itself stays, and can be used again
    _tell(hands, now, outcome, view, stone)
    return outcome


_LAST = {Way.DELETE: "delete room", Way.ARCHIVE: "delete room", Way.PURGE: "purge room"}


def _move(tx: UnitOfWork, request: Request, to: RequestState, outcome: Outcome, why: str) -> None:
    tx.deletions.move(request, to, why=why, outcome=str(outcome))
    tx.audit.add(
        Word.DELETION_END, SYSTEM, space=request.space, request=request.key, state=str(to),
        outcome=str(outcome), why=why,
    )  # fmt: skip


def _tell(
    hands: Hands, request: Request, outcome: Outcome, view: CertificateView | None,
    stone: Tombstone | None,
) -> None:  # fmt: skip
    night, house = hands.night, hands.night.house
    with house.store.read() as tx:
        space = tx.spaces.by_key(request.space)
        by = tx.people.by_key(request.by)
        people = _told(tx, request)
    voice, at = night.voice, house.clock.now()
    can_restore = stone is not None and request.way is not Way.PURGE
    ended = Ended(
        space=space, outcome=outcome, at=at, asked_by=by.name, why=request.reason,
        certificate=view.number if view else "",
        restorable_until=stone.until if stone is not None and can_restore else None,
        is_purged=request.way is not Way.DELETE and request.state is RequestState.DONE,
    )  # fmt: skip
    tell_people(
        house, people, lambda reader: voice.gone(ended, house.reader(reader)),
        step=f"deletion/{request.key}/gone", space=request.space,
    )  # fmt: skip
    if view is not None:
        certified = view
        tell_compliance(
            night, lambda zone: voice.certificate(certified, zone),
            what=f"certificate/deletion/{request.key}", space=request.space,
        )  # fmt: skip
        return
    alert(
        night,
        Raised(
            kind=AlertKind.ATTENTION, subject=f"deletion/{request.key}",
            what="a deletion did not end as it should",
            pairs=(
                ("Space", space.shown_title), ("Asked for by", by.name), ("Outcome", str(outcome)),
            ),
            means="The space may still be there, and is blocked. Nothing more is done to it.",
            to_do="Look at the space; `delete undo` puts it back if it is still there.",
            space=request.space, occurrence=f"{outcome}", mends=(DELETIONS,),
        ),
    )  # fmt: skip


def _told(tx: UnitOfWork, request: Request) -> Sequence[Person]:
    """Whoever asked, agreed, or was told; members no more, so nobody else is known."""
    keys = {request.by, *request.told, *([request.second] if request.second else [])}
    people = tx.people.by_keys(keys)
    return [people[key] for key in sorted(people)]
