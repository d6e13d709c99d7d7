from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from cards.need import need_card, need_said_card
from commands.arguments import Text, is_elsewhere
from commands.seeing import SeenSpaceArg
from commands.spec import Context, Permission, Reply, command
from domain.people import Role
from domain.spaces import Space
from domain.verdicts import Verdict, no, yes
from retention.needing import Needed, say_needed
from spaces.looking import is_in
from spaces.telling import tell_people


def _is_member(context: Context, values: Mapping[str, Any]) -> Verdict:
    if is_in(context.house, values["space"].id, context.caller):
        return yes("you are in it")
    return no("only its members can say so.")


@command(
    "need",
    args=[
        SeenSpaceArg(name="space"),
        Text(name="reason", label="What for", marker=("because", "for"), required=False,
             longest=200),
    ],
    allow=Permission(role=Role.MEMBER, check=_is_member, instead="Compliance can `keep until`."),
    group="Keeping", aliases=["i still need", "i need", "still need", "still needed"],
    help="Say that you still need a space that is to go: its owners are told.",
    example=['need "Q3 plans"', 'need "Q3 plans" because of the audit'],
    details=[
        ("what follows", "the owners see it on a card and decide; nothing is kept by it alone"),
        ("once", "each member counts once, until it is kept or begins anew"),
    ],
)  # fmt: skip
def need(context: Context, space: Space, reason: str | None) -> Reply:
    said = say_needed(
        context.house, context.actor, space, context.caller, reason=(reason or "").strip()
    )
    return Reply(
        card=need_said_card(
            space, number=said.number, tells=said.tells, is_new=said.is_new,
            owned=bool(said.owners), reader=context.house.reader(context.caller),
        ),
        is_about_others=is_elsewhere(context, space),
        afterwards=partial(_tell, context, said) if said.tells else None,
    )  # fmt: skip


def _tell(context: Context, said: Needed) -> None:
    tell_people(
        context.house, said.owners,
        lambda person: need_card(
            said.space, said.case, number=said.number, owner=person.key,
            voices=[(one.name, one.reason) for one in said.voices],
            reader=context.house.reader(person),
        ),
        step=f"need/{said.case.key}/{said.number}", space=said.space.key,
        about=f"case/{said.case.key}", actor=context.actor,
    )  # fmt: skip
