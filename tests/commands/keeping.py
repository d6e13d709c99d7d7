"""Spaces that are kept by chat, with cases on their way and the cards that the night sends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cards.blocked import blocked_card
from cards.warning import warning_card
from domain.audit import Word
from domain.cases import Case
from domain.ids import PersonKey, RoomId, StepKey
from domain.lifecycle import CaseState
from domain.outgoing import Showable
from domain.people import SYSTEM
from domain.policies import Ending, PolicyDraft, PolicyState
from domain.spaces import Space
from domain.views import Warned
from spaces.effects.cards import send_card
from spaces.sync.live import touch
from storage.store import UnitOfWork
from tests.chats import Answer, Chat

ANA, BEN, CARL = "ana@example.com", "ben@example.com", "carl@example.com"


def plans(chat: Chat, title: str = "Plans", **more: Any) -> Space:
    """A space of ana and ben, who moderate it, and of carl, who doesn't."""
    chat.control.person(CARL)
    said: dict[str, Any] = {
        "creator": ANA, "members": [BEN, CARL], "moderators": [ANA, BEN]
    }  # fmt: skip
    room = chat.control.space(title, **(said | more))
    return touch(chat.process.house, RoomId(room["id"]))


def audited(chat: Chat, word: Word) -> list[str]:
    """Who stands in the record under a word."""
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        return [one.actor for one in tx.audit.since(word=word)]


def until_of(chat: Chat, space: Space) -> str:
    """What is kept, as a date, “for ever”, or nothing."""
    with chat.process.house.store.read() as tx:
        keep = tx.protections.keep_of(space.key)
    return "" if keep is None else "for ever" if keep.until is None else f"{keep.until:%Y-%m-%d}"


def warned(chat: Chat, space: Space, *states: CaseState) -> Case:
    """A case of the space that has come to the last of `states`."""
    with chat.process.house.store.begin() as tx:
        version = tx.policies.new(
            "old", PolicyDraft(query="all", ending=Ending.DELETE, period=timedelta(days=365)),
            author=None,
        )  # fmt: skip
        tx.policies.set_state(version.policy, PolicyState.ACTIVE, was=PolicyState.SIMULATION)
        case = tx.cases.begin(
            space.key, version=version.key, due=tx.now + timedelta(days=7), basis_at=None,
            state=CaseState.DUE, why="it is due",
        )  # fmt: skip
        for state in states:
            assert tx.cases.move(case, state, why="on its way")
            case = tx.cases.get(case.key)
        tx.commit()
    return case


def person(tx: UnitOfWork, email: str) -> tuple[PersonKey, Any]:
    known = tx.people.by_email(email)
    assert known is not None
    return known.key, known.id


def sent(chat: Chat, email: str, space: Space, case: Case) -> Answer:
    """A warning card, or the card of a blocked space, as the night sends it."""
    with chat.process.house.store.read() as tx:
        to = person(tx, email)
    told = Warned(
        space=space, ending=Ending.DELETE, due=case.opened_at, gone_at=case.opened_at, why="old",
        case=case.key, cycle=case.cycle, version=case.version,
    )  # fmt: skip
    card: Showable = (
        blocked_card(told) if case.state is CaseState.BLOCKED else warning_card([told], owner=to[0])
    )
    send_card(
        chat.process.house, card, step=StepKey(f"notice/{case.key}/{email}"),
        word=Word.NOTICE_SEND, actor=SYSTEM, person=to, case=case.key, about=f"case/{case.key}",
    )  # fmt: skip
    return chat.as_(email).card()
