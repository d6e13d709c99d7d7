"""Deleting a space by hand: what would go, that it was asked for, that it can be taken back.

Bugs here hurt people: a deletion is never said without its date, nor asked for without the code
that stands for exactly what this card shows. Titles can look alike, so the card tells the last
part of the id as well. What only compliance reads is in English.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from cards.kit import Button, Card, Child, card, facts, fields, head, plain, press, row, text
from cards.parts import MOST_BUTTONS
from cards.speech import Speech
from cards.words import harmless, named, typed_name
from domain.endings import DeletionView, Pending, RequestState
from domain.fields import Field, FieldKind
from domain.people import ANYBODY, Reader
from domain.spaces import Space, SpaceType

_WIDTHS = (3, 2, 3)
MOST = 15


def deletion_card(view: DeletionView, *, now: datetime, reader: Reader = ANYBODY) -> Card:
    """What somebody is shown who said `delete`. Nothing was asked for yet."""
    say, name = Speech(reader), typed_name(view.space)
    can = bool(view.code)
    title = f"deletion.ask.{view.way}" if can else "deletion.cannot"
    return card(
        say(title, space=named(view.space, 60)),
        *([plain(say.retold(view.again), warns=True)] if view.again else []),
        *([plain(say.retold(view.forbidden), warns=True)] if view.forbidden else []),
        facts(*_facts(view, now, say)),
        *(_consequences(view, say) if can else []),
        *([fields(Field(name="code", label=say("deletion.type_code", code=view.code),
                        kind=FieldKind.TEXT, required=True, error=say("deletion.code_missing")))]
          if can else []),
        actions=[
            press(say("deletion.do.ask" if view.needs_second else f"deletion.do.{view.way}"),
                  "delete", typed=f"delete {name} code {view.code}", style="destructive",
                  inputs=("code",), space=str(view.space.id))
        ] if can else [],
        spoken=say.spoken,
    )  # fmt: skip


def _facts(view: DeletionView, now: datetime, say: Speech) -> Iterator[tuple[str, str]]:
    space = view.space
    is_direct = space.type is SpaceType.DIRECT
    yield say("deletion.kind"), say("deletion.direct" if is_direct else "deletion.group")
    yield say("deletion.id_ends"), str(space.id)[-8:]
    yield say("ending.members"), say("ending.people", count=view.members)
    yield (
        say("deletion.who_decides"),
        say.listed(view.owners, most=5) if view.owners else say("deletion.nobody"),
    )
    yield say("warning.last_used"), say.ago(space.last_human, now)
    if space.team:
        yield say("deletion.team"), space.team
    if space.classification:
        yield say("deletion.classification"), space.classification
    if space.tags:
        yield say("deletion.tags"), say.listed(space.tags)
    if view.planned:
        yield say("deletion.planned"), say.retold(view.planned)


def _consequences(view: DeletionView, say: Speech) -> Iterator[Child]:
    yield plain(say(f"deletion.what.{view.way}"))
    yield plain(say("deletion.for_good"), warns=True)
    if view.export:
        yield plain(say.retold(view.export))
    yield plain(say("deletion.control_hub"))
    if view.first:
        yield plain(say("deletion.first", name=harmless(view.first)))
    if view.needs_second:
        yield plain(say("deletion.second"))
    yield plain(say("deletion.then", count=view.window_hours))
    yield plain(say("deletion.unless"))


def deletion_asked_card(
    pending: Pending, *, due: datetime | None, reader: Reader = ANYBODY
) -> Card:  # fmt: skip
    """To whoever asked: it is on its way. `due` where it is known already."""
    say = Speech(reader)
    return card(
        say(f"deletion.will.{pending.request.way}", space=named(pending.space, 60)),
        facts(*_known_of(pending, due, say)),
        plain(say("deletion.blocked_till_then")),
        plain(say("deletion.i_tell")),
        actions=[_undo(pending.space, say("deletion.undo"))],
        spoken=say.spoken,
    )


def deletion_waiting_card(pending: Pending) -> Card:
    """To the first of compliance: a second has to come."""
    return card(
        "A second person of compliance has to agree",
        plain(f"Nothing happens to {named(pending.space)} before."),
        text("I tell them. They say “delete” and the space, as you did, within 7 days."),
        actions=[_undo(pending.space, "Take it back")],
    )


def deletion_second_card(pending: Pending) -> Card:
    """To the other officers: somebody asked, and waits for one of them."""
    name = typed_name(pending.space)
    return card(
        f"{pending.by} asks to delete {named(pending.space, 60)}",
        *([plain(f"Because: {pending.request.reason}")] if pending.request.reason else []),
        text("Nothing happens before one of you agrees. Look at it first."),
        actions=[
            press("Look at it", "delete", typed=f"delete {name}", space=str(pending.space.id)),
            _undo(pending.space, "Take it back"),
        ],
    )


def deletion_told_card(pending: Pending, *, due: datetime, reader: Reader = ANYBODY) -> Card:
    """To the space's other owners. `due`: they have at least so long."""
    say = Speech(reader)
    request, space = pending.request, pending.space
    keep = typed_name(space)
    because = [(say("deletion.because"), request.reason)] if request.reason else []
    return card(
        say(f"deletion.will_on.{request.way}", space=named(space, 60), day=say.date(due)),
        facts(*_known_of(pending, due, say), *because),
        plain(say(f"deletion.what.{request.way}")),
        plain(say("deletion.for_good"), warns=True),
        plain(say("deletion.if_it_stays")),
        actions=[
            _undo(space, say("deletion.undo")),
            press(say("answer.keep_forever"), "keep forever", typed=f"keep forever {keep}",
                  space=str(space.id)),
            press(say("answer.details"), "space", typed=f"space {keep}", space=str(space.id)),
        ],
        spoken=say.spoken,
    )  # fmt: skip


def _known_of(pending: Pending, due: datetime | None, say: Speech) -> Iterator[tuple[str, str]]:
    if due:
        yield say("deletion.not_before"), say.moment(due)
    yield say("gone.asked_by"), pending.by
    if pending.second:
        yield say("deletion.agreed_by"), pending.second


def deletion_stopped_card(pending: Pending, *, why: str, reader: Reader = ANYBODY) -> Card:
    """It is off: to whoever asked, and to those who had been told."""
    say = Speech(reader)
    return card(
        say("deletion.stopped", space=named(pending.space, 60)),
        plain(say("deletion.stopped_why", why=say.retold(why))),
        plain(say("deletion.stopped_means")),
        spoken=say.spoken,
    )


def deletion_undone_card(space: Space, *, is_emptied: bool, reader: Reader = ANYBODY) -> Card:
    """To whoever took it back. Args: is_emptied: its messages were deleted already."""
    say = Speech(reader)
    return card(
        say("deletion.undone_rest" if is_emptied else "deletion.undone"),
        facts((say("ending.space"), space.shown_title)),
        plain(say("deletion.undone_means_rest" if is_emptied else "deletion.undone_means")),
        spoken=say.spoken,
    )


def deletions_card(pending: Sequence[Pending], *, reader: Reader = ANYBODY) -> Card:
    """What is on its way, the soonest first."""
    say = Speech(reader)
    if not pending:
        return card(
            say("deletion.none"), plain(say("deletion.none_means")), spoken=say.spoken
        )  # fmt: skip
    shown, rest = pending[:MOST], len(pending) - MOST
    return card(
        say("deletion.listed", count=len(pending)),
        head(say("ending.space"), say("gone.when"), say("deletion.how"), widths=_WIDTHS),
        *(
            row(
                f"{n}. {harmless(one.space.shown_title, 60)}", _when(one, say), _stands(one, say),
                widths=_WIDTHS,
            )
            for n, one in enumerate(shown, 1)
        ),
        *([plain(say("ending.more", count=rest))] if rest > 0 else []),
        actions=[
            _undo(
                one.space,
                say("deletion.undo_one", number=n, space=harmless(one.space.shown_title, 40)),
            )
            for n, one in enumerate(shown[:MOST_BUTTONS], 1)
        ],
        spoken=say.spoken,
    )  # fmt: skip


def _when(one: Pending, say: Speech) -> str:
    return say.moment(one.request.due) if one.request.due else say("deletion.no_date")


_STANDS = {
    RequestState.WAITING: "deletion.is_waiting", RequestState.BEGUN: "deletion.is_begun",
    RequestState.DELETING: "deletion.is_deleting",
}  # fmt: skip


def _stands(one: Pending, say: Speech) -> str:
    state, by = one.request.state, harmless(one.by)
    if one.second:
        by = say("deletion.both", one=by, other=harmless(one.second))
    if state is RequestState.COOLING:
        is_told = one.request.due is not None
        return say("deletion.is_cooling" if is_told else "deletion.is_telling", by=by)
    if state in _STANDS:
        return say(_STANDS[state], by=by)
    return say("deletion.is_stuck", why=harmless(say.retold(one.request.why), 100))


def _undo(space: Space, title: str) -> Button:
    return press(
        title, "delete undo", typed=f"delete undo {typed_name(space)}", space=str(space.id)
    )
