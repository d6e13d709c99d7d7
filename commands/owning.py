"""What the answers to “will you take it over?” share: who may give them, and their card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cards.owner_ask import owner_declined_card
from commands.spec import Context, Permission, Reply
from domain.owning import Said
from domain.people import Role
from domain.spaces import Space
from domain.verdicts import Verdict, no, yes
from retention.ownerless.taking import answer_no, may_answer


def _was_asked(context: Context, values: Mapping[str, Any]) -> Verdict:
    with context.house.store.read() as tx:
        if may_answer(tx, values["space"], context.caller):
            return yes("you were asked")
    return no("I did not ask you to take that space over.")


ASKED = Permission(
    role=Role.MEMBER, check=_was_asked,
    instead="`explain` says what becomes of it; `need` says that you still need it.",
)  # fmt: skip
"""Whoever was asked to take the argument ``space`` over. Whether they still may is looked at
again when it is done."""


def decline(context: Context, space: Space, said: Said) -> Reply:
    answer_no(context.house, context.actor, space, context.caller, said)
    reader = context.house.reader(context.caller)
    return Reply(card=owner_declined_card(space, said, reader=reader))
