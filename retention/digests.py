"""An owner's digest: which of their spaces wait for an answer, and how each stands by now.

A digest that was sent is found again by the step of its card, and drawn anew from the cases as
they are, so that whoever opens it late sees who answered what in the meantime.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from domain.answers import Row, Stand
from domain.cases import Answer, Case
from domain.errors import Fault
from domain.ids import CaseKey, PersonKey, RoomId, StepKey
from domain.lifecycle import CaseState
from domain.outgoing import Showable
from domain.people import Person, Reader
from domain.policies import Ending
from domain.views import Warned
from query.owning import owned_by_one
from retention import cadence
from retention.answering import KEEP_FOREVER, KEEP_UNTIL, moment_of
from retention.warning import warned
from spaces.effects.cards import code_of
from spaces.replacing import instead_of, replace_card
from spaces.spec import House
from storage.store import UnitOfWork

_log = logging.getLogger(__name__)

ABOUT = "digest"
WAITING = (CaseState.WARNED, CaseState.BLOCKED)
Drawn = Callable[[Sequence[Row], PersonKey, Reader], Showable]
"""A digest for its owner."""


def waiting_for(tx: UnitOfWork, person: PersonKey) -> tuple[CaseKey, ...]:
    """Cases of the spaces that somebody owns and that wait for an answer; the soonest first."""
    return tuple(case.key for case in tx.cases.open_in(owned_by_one(person), *WAITING))


def still_in(tx: UnitOfWork, keys: Sequence[CaseKey], person: PersonKey) -> tuple[CaseKey, ...]:
    """Those whose space somebody is in: of what they left they learn nothing any more (I13)."""
    cases = tx.cases.by_keys(keys)
    inside = {one: tx.spaces.is_member(one, person) for one in {c.space for c in cases.values()}}
    return tuple(key for key in keys if inside[cases[key].space])


def rows_of(tx: UnitOfWork, keys: Sequence[CaseKey], person: PersonKey) -> tuple[Row, ...]:
    """How each of these cases stands for one of its owners, in the order of `keys`."""
    cases = tx.cases.by_keys(keys)
    answers = tx.cases.first_answers(keys)
    spaces = tx.spaces.by_keys({case.space for case in cases.values()})
    versions = {one: tx.policies.version(one) for one in {c.version for c in cases.values()} if one}
    disowned = tx.disowned.by(person, spaces)
    people = tx.people.by_keys({one.person for one in answers.values()})
    rows = []
    for key in keys:
        case = cases[key]
        version = versions.get(case.version) if case.version is not None else None
        due = case.due or case.state_at
        if version is None:
            shown = Warned(
                space=spaces[case.space], ending=Ending.NOTIFY, due=due, gone_at=None, why="",
                case=key, cycle=case.cycle,
            )  # fmt: skip
        else:
            is_blocked = case.state is CaseState.BLOCKED
            gone_at = due if is_blocked else cadence.gone_at(version, due)
            shown = warned(
                spaces[case.space], case, version, number=max(case.notices, 1), due=due,
                gone_at=gone_at if version.ending is Ending.DELETE else None, why="",
            )  # fmt: skip
        rows.append(_row(shown, case, answers.get(key), people, case.space in disowned))
    return tuple(rows)


def _row(
    shown: Warned, case: Case, answer: Answer | None, people: dict[PersonKey, Person],
    is_disowned: bool,
) -> Row:  # fmt: skip
    if is_disowned and case.closed_at is None:
        return Row(warned=shown, stand=Stand.NOT_MINE)
    if case.closed_at is None and case.state in (CaseState.DUE, *WAITING):
        return Row(warned=shown)
    if answer is not None and answer.choice in (KEEP_FOREVER, KEEP_UNTIL):
        return Row(
            warned=shown, stand=Stand.KEPT, until=moment_of(answer), by=people[answer.person].name
        )
    return Row(warned=shown, stand=Stand.OVER)


def about(step: str) -> str:
    """What a digest is found by again."""
    return f"{ABOUT}/{step}"


def digest_of(tx: UnitOfWork, cases: Sequence[CaseKey], person: PersonKey) -> str:
    """What the digest that told somebody of exactly these cases is found by; empty: none did."""
    for one in reversed(tx.notices.of_case(cases[0]) if cases else ()):
        if one.person == person and one.step is not None:
            told = [row.case for row in tx.notices.of_step(one.step)]
            return about(one.step) if told == list(cases) else ""
    return ""


def refresh(
    house: House, cases: Iterable[CaseKey], drawn: Drawn, *, but_in: RoomId | None = None
) -> int:
    """Draws anew each digest that names any of `cases`; says how many. One that can't be replaced
    stops nothing: its buttons look at each case before they do anything.

    Args:
        but_in: the conversation of whoever was answered anyway.
    """
    done = 0
    with house.store.read() as tx:
        steps = {one.step for key in cases for one in tx.notices.of_case(key)} - {None}
        found = {
            card.message: (step, card)  # of those in one place the latest
            for step in sorted(map(str, steps))
            for card in reversed(tx.presses.sent_about(about(step)))
        }
    for step, card in found.values():
        if card.person is None or card.room == but_in:
            continue
        with house.store.read() as tx:
            told = [one.case for one in tx.notices.of_step(StepKey(step))]
            keys = still_in(tx, told, card.person)
            rows = rows_of(tx, keys, card.person)
            code = code_of(instead_of(card.marker))
            reader = house.reader(tx.people.by_key(card.person), code=code)
        try:
            replace_card(house, card, drawn(rows, card.person, reader), about=about(step))
            done += 1
        except Fault as no:
            _log.info("a digest could not be replaced: %s", no)
    return done
