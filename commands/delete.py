from __future__ import annotations

from functools import partial

from cards.deletion import deletion_asked_card, deletion_card, deletion_waiting_card
from commands.arguments import SpaceArg, Text
from commands.deleting import as_compliance, tell_officers, words_of
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.endings import DeletionView, Pending, Request, RequestState
from domain.errors import Refusal
from domain.spaces import Space
from retention.byhand.asking import ask_deletion, pending_of, show_deletion
from retention.byhand.cooling import begin, tell_owners
from retention.byhand.judging import window


@command(
    "delete",
    args=[
        SpaceArg(name="space"),
        Text(name="code", label="Code", marker=("code",), required=False, is_asked=False,
             takes_rest=False, longest=20),
        Text(name="reason", label="Why", marker=("because",), required=False, longest=300,
             is_asked=False),
    ],
    allow=MODERATOR, group="Ending", aliases=["delete space"],
    help="Delete a space with all that is in it. It can be taken back for a day.",
    example=['delete "Q3 plans"', 'delete "Q3 plans" code 482173 because it is over'],
    details=[
        ("first", "you see what would go, and a code that asks for exactly that"),
        ("then", "it is blocked, its other owners are told, and all can take it back"),
        ("a team's space", "is emptied, and archived by Webex"),
        ("a direct conversation", "is emptied; only compliance can do that"),
        ("compliance", "always needs a second person who says the same"),
        ("never", "what is held, kept, or under a policy that keeps"),
    ],
)  # fmt: skip
def delete(context: Context, space: Space, code: str | None, reason: str | None) -> Reply:
    house, actor = context.house, context.actor
    by_compliance = as_compliance(context)
    if not code:
        return _shown(context, show_deletion(house, actor, space, by_compliance=by_compliance))
    if context.room == space.id and not context.is_private and not context.is_press:
        raise Refusal(
            "Every word that is said in it changes what you saw.",
            "Type the code on the card, or say it to me 1:1.",
        )
    asked = ask_deletion(
        house, actor, space, code, by_compliance=by_compliance, reason=reason or ""
    )
    if isinstance(asked, DeletionView):
        return _shown(context, asked)
    if asked.state is RequestState.WAITING:
        return Reply(
            card=deletion_waiting_card(_pending(context, asked)),
            afterwards=partial(tell_officers, context, asked),
        )
    if asked.state is RequestState.BEGUN:
        asked = begin(house, actor, asked)
    due = asked.due or house.clock.now() + window(house.limits, by_compliance=asked.by_compliance)
    return Reply(
        card=deletion_asked_card(
            _pending(context, asked), due=due, reader=context.house.reader(context.caller)
        ),
        afterwards=partial(_tell, context, asked),
    )  # fmt: skip


def _shown(context: Context, view: DeletionView) -> Reply:
    house = context.house
    return Reply(
        card=deletion_card(view, now=house.clock.now(), reader=house.reader(context.caller))
    )


def _pending(context: Context, request: Request) -> Pending:
    with context.house.store.read() as tx:
        return pending_of(tx, request)


def _tell(context: Context, request: Request) -> None:
    tell_owners(context.house, request, words_of(context.house))
