"""Under four eyes: what of a person would go, and a second officer who agrees to exactly that.

The list of spaces, and what stands in the way in each, is made again at the moment of agreeing;
if it is another one than was shown to whoever agrees, nobody has agreed to anything. Messages are
not part of it: people go on writing, and all of theirs go until the end.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta

from domain.audit import Word
from domain.erasures import ENDED, Erasure, ErasureState, ErasureView, PartState, Shown
from domain.errors import Refusal
from domain.people import Actor
from domain.verdicts import Verdict, no, yes
from retention.erasing.looking import refresh
from spaces.effects.caps import whole
from spaces.spec import House
from storage.store import UnitOfWork

SHOWN_FOR = timedelta(hours=24)
LOOK_LIFE = timedelta(days=7)
"""What was counted longer ago is looked at again before anybody agrees."""
SAMPLE = 15


def show(house: House, actor: Actor, one: Erasure, *, again: str = "") -> ErasureView:
    """A request as it stands, with the code that agrees to it where the reader may."""
    with house.store.begin() as tx:
        now = tx.erasures.get(one.key)
        may = _may_agree(tx, house, now, actor)
        shown = None
        if may and actor.person is not None:
            shown = tx.erasures.show(now.key, actor.person, _hash(tx, now))
        view = view_of(tx, house, now, shown=shown, why_not=may.reason if not may else "")
        tx.commit()
    return replace(view, again=again)


def agree(house: House, actor: Actor, one: Erasure, *, code: str = "") -> Erasure | ErasureView:
    """Agrees to exactly what `code` was shown with; without a code it is shown.

    Raises:
        Refusal: they may not, or the code belongs to nothing that they saw.
    """
    with house.store.read() as tx:
        now = tx.erasures.get(one.key)
        if (known := _same(tx, now, actor, code)) is not None:
            return known
        may = _may_agree(tx, house, now, actor)
    if not may or actor.person is None:
        raise Refusal(may.reason, word=str(Word.COMMAND_REFUSED))
    new = refresh(house, now)
    if not code:
        return show(house, actor, now)
    with house.store.begin() as tx:
        tx.audit.serialise()
        now = tx.erasures.get(one.key)
        if (known := _same(tx, now, actor, code)) is not None:
            return known
        may = _may_agree(tx, house, now, actor)
        if not may:
            raise Refusal(may.reason, word=str(Word.COMMAND_REFUSED))
        since = tx.now - SHOWN_FOR
        seen = next(
            (
                each for each in tx.erasures.shown_to(now.key, actor.person, since=since)
                if secrets.compare_digest(code_of(now, each).encode(), code.strip().encode())
            ),
            None,
        )  # fmt: skip
        if seen is None:
            raise Refusal(
                "That is not the code that I showed you for this request.",
                f"Codes hold for a day; `erasure approve {now.number}` shows a fresh one.",
                word=str(Word.COMMAND_REFUSED),
            )
        if not new and seen.list_hash == _hash(tx, now):
            agreed = _agree(tx, house, now, seen, actor)
            tx.commit()
            return agreed
        tx.audit.add(
            Word.COMMAND_REFUSED, actor, erasure=now.number, why="the list has changed",
            saw=seen.list_hash, list=_hash(tx, now),
        )  # fmt: skip
        tx.commit()
    again = "The list has changed since you saw it, so nothing was agreed to. This is it now."
    return show(house, actor, now, again=again)


def code_of(one: Erasure, shown: Shown) -> str:
    """Six digits that stand for this request, exactly this list, and whom it was shown to."""
    said = f"{one.salt}/{one.number}/{shown.list_hash}/{shown.by}"
    sealed = hashlib.sha256(said.encode()).digest()
    return f"{int.from_bytes(sealed[:8], 'big') % 1_000_000:06d}"


def view_of(
    tx: UnitOfWork, house: House, one: Erasure, *, shown: Shown | None = None, why_not: str = ""
) -> ErasureView:
    """A request with the names that compliance knows."""
    keys = {one.by, *([one.second] if one.second else []), *([one.person] if one.person else [])}
    people = tx.people.by_keys(keys)
    person = people.get(one.person) if one.person is not None else None
    totals = tx.erasures.totals(one.key)
    sample = tx.erasures.parts(one.key, limit=SAMPLE)
    spaces = tx.spaces.by_keys(part.space for part in sample)
    free = totals.get(PartState.TO_DO, {})

    def sum_of(name: str) -> int:
        return sum(each[name] for each in totals.values())

    return ErasureView(
        erasure=one, name=person.name if person else one.pseudonym,
        email=person.email if person else "", by=people[one.by].name,
        second=people[one.second].name if one.second is not None else "",
        totals={state: each["spaces"] for state, each in totals.items()},
        messages=sum_of("counted"), files=sum_of("files"), gone=sum_of("gone"),
        conversations=sum_of("conversations"), memberships=sum_of("memberships"),
        to_erase=free.get("counted", 0),
        not_looked_at=free.get("spaces", 0) - free.get("looked_at", 0),
        sample=tuple((spaces[part.space], part) for part in sample),
        code=code_of(one, shown) if shown is not None else "", why_not=why_not,
        cooling_hours=round(house.limits.cooling.total_seconds() / 3600),
        days_left=(one.due - tx.now).days, a_day=whole(house.limits.erase_per_day),
    )  # fmt: skip


def _hash(tx: UnitOfWork, one: Erasure) -> str:
    said = f"{tx.erasures.list_hash(one.key)}/{one.both_sides}"
    return hashlib.sha256(said.encode()).hexdigest()


def _agree(tx: UnitOfWork, house: House, one: Erasure, seen: Shown, actor: Actor) -> Erasure:
    limits = house.limits
    begins_at = tx.now + limits.cooling
    expires_at = tx.now + max(limits.approval_life, limits.cooling * 2)
    tx.erasures.move(
        one, ErasureState.AGREED, second_id=actor.person, agreed_at=tx.now,
        list_hash=seen.list_hash, begins_at=begins_at, expires_at=expires_at, served_at=None,
    )  # fmt: skip
    tx.audit.add(
        Word.ERASURE_AGREE, actor, erasure=one.number, whom=one.pseudonym, list=seen.list_hash,
        begins_at=begins_at.isoformat(), expires_at=expires_at.isoformat(),
    )  # fmt: skip
    return tx.erasures.get(one.key)


def _same(tx: UnitOfWork, one: Erasure, actor: Actor, code: str) -> Erasure | None:
    """What this very message or press agreed to already, before its process died."""
    if not code or one.state is not ErasureState.AGREED or one.second != actor.person:
        return None
    return one


def _look_again(one: Erasure) -> str:
    return f"Look again: `erase person` and the name{', both sides' if one.both_sides else ''}."


def _may_agree(tx: UnitOfWork, house: House, one: Erasure, actor: Actor) -> Verdict:
    """Whether the caller may be the second; that they are of compliance is the command's."""
    if one.state in ENDED:
        return no("That request is over.")
    if one.state is ErasureState.LOOKING:
        return no("It is still being counted what there is.")
    if one.state is not ErasureState.SHOWN:
        return no("Two people agreed to it already.")
    if actor.person is None or actor.person == one.by:
        return no("You took the request in, so somebody else of compliance has to agree.")
    if actor.person == one.person:
        return no("That is about you.")
    if one.unknown:
        return no(f"It is not known whole: {one.unknown}. {_look_again(one)}")
    if one.looked_at is None or tx.now - one.looked_at > LOOK_LIFE:
        return no(f"It was looked at too long ago. {_look_again(one)}")
    totals = tx.erasures.totals(one.key).get(PartState.TO_DO, {})
    if totals.get("spaces", 0) > totals.get("looked_at", 0):
        return no(f"Some spaces came up that nobody has looked at. {_look_again(one)}")
    last = tx.crawls.last(complete=True)
    if (
        last is None
        or last.finished_at is None
        or tx.now - last.finished_at > (house.limits.inventory)
    ):
        return no(
            "I don't know all spaces right now, so the list could be too short to agree to."
            " It can be agreed to after the next complete sync."
        )
    return yes("you are the second person")
