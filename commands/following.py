"""What every command that changes a space says besides, where the space was on its way out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cards.answered import void_card
from cards.speech import Speech
from commands.answering import refresh_digests
from commands.spec import Context
from domain.spaces import Space
from retention.keeping import put_back
from retention.rejudging import Followed, Now, rejudge
from spaces.replacing import replace_cards

_SAID = {
    Now.SAME: "follows.same", Now.NO_POLICY: "follows.no_policy", Now.OTHER: "follows.other",
    Now.KEPT: "follows.kept", Now.NOT_KNOWN: "follows.not_known", Now.HELD: "follows.held",
    Now.LEFT_ALONE: "follows.left_alone",
}  # fmt: skip


def follow(context: Context, space: Space) -> tuple[str, Callable[[], None] | None]:
    """What follows from what was just done, as a sentence (empty: nothing was running), and what
    goes on behind it."""
    found = rejudge(context.house, context.actor, space)
    if found is None:
        return "", None
    say = Speech(context.house.reader(context.caller))
    policy = found.version.name if found.version is not None else "–"
    said = say(_SAID[found.now], policy=policy, day=say.date(found.due))
    return said, partial(_go_on, context, space, found) if found.has_ended else None


def _go_on(context: Context, space: Space, found: Followed) -> None:
    put_back(context.house, context.actor, space, step=context.step)
    at = context.house.clock.now()
    replace_cards(
        context.house, f"case/{found.case.key}",
        lambda reader: void_card(space, by=context.caller.name, at=at, reader=reader),
        of=space.key,
    )  # fmt: skip
    refresh_digests(context, [found.case.key])
