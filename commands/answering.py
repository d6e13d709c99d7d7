"""What all ways of keeping a space share: the keep, its card, and what goes on behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.answered import answered_card
from cards.digest import digest_card
from cards.keep import keep_card
from commands.deleting import words_of
from commands.permissions import MODERATOR
from commands.spec import Context, Reply
from domain.answers import Row
from domain.endings import RequestState
from domain.errors import Refusal
from domain.ids import CaseKey, RoomId
from domain.spaces import Space
from domain.works import Came, How
from retention.byhand.cooling import tell_stopped
from retention.digests import refresh
from retention.keeping import Kept, keep_space, put_back
from spaces.replacing import replace_cards


def answer_keep(
    context: Context, space: Space, until: datetime | None, reason: str | None = None
) -> Reply:
    """Keeps `space`, and tells the other owners and puts it back afterwards."""
    kept = keep_space(
        context.house, context.actor, space, until=until, by_compliance=context.is_compliance,
        case=CaseKey(context.press_case) if context.press_case else None, reason=reason or "",
    )  # fmt: skip
    return Reply(
        card=keep_card(
            space, until=until, by=context.caller.name, note=kept.note,
            reader=context.house.reader(context.caller),
        ),
        afterwards=lambda: _go_on(context, space, kept),
    )  # fmt: skip


def may_answer(context: Context, space: Space) -> None:
    """Read live, for each space of a card by itself. Raises Refusal."""
    verdict = MODERATOR.check(context, {"space": space})
    if not verdict:
        raise Refusal(f"Not allowed: {verdict.reason.rstrip('.')}.", MODERATOR.instead)


def take_keep(context: Context, row: Row, until: datetime | None) -> Kept:
    """A row of a digest: keeps its space, if its case still goes on. Raises Refusal."""
    return keep_space(
        context.house, context.actor, row.warned.space, until=until,
        by_compliance=context.is_compliance, case=row.warned.case,
    )  # fmt: skip


def settle_answers(context: Context, done: Sequence[tuple[Space, Kept]]) -> None:
    """What goes on behind several answers: the others are told, blocked spaces are put back."""
    for space, kept in done:
        _settle(context, space, kept)
    ended = [kept.ended.key for _, kept in done if kept.ended is not None]
    refresh_digests(context, ended)


def refresh_digests(context: Context, cases: Sequence[CaseKey]) -> None:
    """Everybody's digests that name these cases say how they stand now."""
    refresh(
        context.house, cases,
        lambda rows, owner, reader: digest_card(rows, owner=owner, reader=reader),
        but_in=_own_place(context),
    )  # fmt: skip


def _own_place(context: Context) -> RoomId | None:
    """Where the caller was answered anyway, in the place of the card that they pressed."""
    return context.room if context.is_press and context.is_private else None


def keep_one(context: Context, space: Space, until: datetime | None, reason: str = "") -> Came:
    """Keeps one of many spaces, and what goes on behind it. Raises Refusal."""
    kept = keep_space(
        context.house, context.actor, space, until=until, by_compliance=context.is_compliance,
        reason=reason,
    )  # fmt: skip
    _go_on(context, space, kept)
    is_same = kept.before is not None and kept.before.until == until and kept.ended is None
    return Came(how=How.ALREADY if is_same else How.DONE, name=space.shown_title, said=kept.note)


def _go_on(context: Context, space: Space, kept: Kept) -> None:
    settle_answers(context, [(space, kept)])


def _settle(context: Context, space: Space, kept: Kept) -> None:
    if kept.is_blocked:
        put_back(context.house, context.actor, space, step=context.step)
    _tell_if_asked_for(context, space)
    if kept.ended is None:
        return
    at = context.house.clock.now()
    replace_cards(
        context.house, f"case/{kept.ended.key}",
        lambda reader: answered_card(
            space, by=context.caller.name, until=kept.until, at=at, reader=reader
        ),
        but_in=_own_place(context), of=space.key,
    )  # fmt: skip


def _tell_if_asked_for(context: Context, space: Space) -> None:
    """Somebody had asked to delete it, and the keep took that back."""
    with context.house.store.read() as tx:
        last = tx.deletions.last_of(space.key)
    if (
        last is not None
        and last.state is RequestState.ENDED
        and last.ended_by == (context.caller.key)
    ):
        tell_stopped(context.house, last, words_of(context.house))
