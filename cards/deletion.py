"""Deleting a space by hand: what would go, that it was asked for, that it can be taken back.

Bugs here hurt people: a deletion is never said without its date, nor asked for without the code
that stands for exactly what this card shows. Titles can look alike, so the card tells the last
part of the id as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from cards.kit import Button, Card, Child, card, facts, fields, head, plain, press, row, text
from cards.parts import MOST_BUTTONS
from cards.words import ago, count, date, harmless, listed, moment, named, typed_name
from domain.endings import DeletionView, Pending, RequestState, Way
from domain.fields import Field, FieldKind
from domain.spaces import Space, SpaceType

_WHAT = {
    Way.DELETE: "The space goes with all that is in it: messages, files, members.",
    Way.ARCHIVE: "It belongs to a team, so Webex archives it instead of deleting it: first all of "
    "its messages and files are deleted, one by one, then the empty space is archived.",
    Way.PURGE: "All messages and files of both are deleted, one by one. The conversation itself "
    "can't be deleted in Webex; it stays, empty.",
}  # fmt: skip
_TITLE = {Way.DELETE: "Delete", Way.ARCHIVE: "Empty and archive", Way.PURGE: "Empty"}
_WILL = {
    Way.DELETE: "will be deleted", Way.ARCHIVE: "will be emptied and archived",
    Way.PURGE: "will be emptied",
}  # fmt: skip
_WIDTHS = (3, 2, 3)
MOST = 15


def deletion_card(view: DeletionView, *, now: datetime) -> Card:
    """What somebody is shown who said `delete`. Nothing was asked for yet."""
    name = typed_name(view.space)
    can = bool(view.code)
    return card(
        f"{_TITLE[view.way]} {named(view.space, 60)}?" if can
        else f"{named(view.space, 60)} can't be deleted now",
        *([plain(view.again, warns=True)] if view.again else []),
        *([plain(view.forbidden, warns=True)] if view.forbidden else []),
        facts(*_facts(view, now)),
        *(_consequences(view) if can else []),
        *([fields(Field(name="code", label=f"Type {view.code} to ask for it",
                        kind=FieldKind.TEXT, required=True, error="Type the code."))]
          if can else []),
        actions=[
            press(_button(view), "delete", typed=f"delete {name} code {view.code}",
                  style="destructive", inputs=("code",), space=str(view.space.id))
        ] if can else [],
    )  # fmt: skip


def _facts(view: DeletionView, now: datetime) -> Iterator[tuple[str, str]]:
    space = view.space
    yield "Kind", "direct conversation" if space.type is SpaceType.DIRECT else "group space"
    yield "Id ends in", str(space.id)[-8:]
    yield "Members", count(view.members, "person", "people")
    yield "Who decides about it", listed(view.owners, most=5, none="nobody")
    yield "Last used", ago(space.last_human, now)
    if space.team:
        yield "Team", space.team
    if space.classification:
        yield "Classification", space.classification
    if space.tags:
        yield "Tags", listed(space.tags)
    if view.planned:
        yield "What is planned anyway", view.planned


def _consequences(view: DeletionView) -> Iterator[Child]:
    yield plain(_WHAT[view.way])
    yield plain("What was said in it can't be brought back.", warns=True)
    if view.export:
        yield plain(view.export)
    yield text("Legal holds of Control Hub can't be read from here, so I can't look there.")
    hours = count(view.window_hours, "hour")
    if view.first:
        yield plain(f"{view.first} asked for it, and you would be the second to agree.")
    if view.needs_second:
        yield text("A second person of compliance has to say the same before anything happens.")
    yield plain(
        f"Then it is blocked, those who decide about it are told, and for {hours} each of them can "
        "take it back."
    )
    yield text("If somebody writes in it, or it is held or kept meanwhile, it is not deleted.")


def _button(view: DeletionView) -> str:
    return f"{_TITLE[view.way]} it" if not view.needs_second else "Ask for it"


def deletion_asked_card(pending: Pending, *, due: datetime | None, zone: str = "UTC") -> Card:
    """To whoever asked: it is on its way. `due` where it is known already."""
    return card(
        f"{named(pending.space, 60)} {_WILL[pending.request.way]}",
        facts(
            ("Not before", moment(due, zone)) if due else None,
            ("Asked for by", pending.by),
            ("Agreed to by", pending.second) if pending.second else None,
        ),
        text("It is blocked till then: it can be read, and nothing new can be written."),
        text("I tell the others who decide about it. You and each of them can take it back."),
        actions=[_undo(pending.space)],
    )


def deletion_waiting_card(pending: Pending) -> Card:
    """To the first of compliance: a second has to come."""
    return card(
        "A second person of compliance has to agree",
        plain(f"Nothing happens to {named(pending.space)} before."),
        text("I tell them. They say “delete” and the space, as you did, within 7 days."),
        actions=[_undo(pending.space)],
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
            _undo(pending.space),
        ],
    )


def deletion_told_card(pending: Pending, *, due: datetime, zone: str = "UTC") -> Card:
    """To the space's other owners. `due`: they have at least so long."""
    request, space = pending.request, pending.space
    keep = typed_name(space)
    return card(
        f"{named(space, 60)} {_WILL[request.way]} on {date(due, zone)}",
        facts(
            ("Not before", moment(due, zone)),
            ("Asked for by", pending.by),
            ("Agreed to by", pending.second) if pending.second else None,
            ("Because", request.reason) if request.reason else None,
        ),
        plain(_WHAT[request.way]),
        plain("What was said in it can't be brought back.", warns=True),
        text("It is blocked till then. If it shall stay, take it back; or keep it for longer."),
        actions=[
            _undo(space),
            press("Keep for ever", "keep forever", typed=f"keep forever {keep}",
                  space=str(space.id)),
            press("Details", "space", typed=f"space {keep}", space=str(space.id)),
        ],
    )  # fmt: skip


def deletion_stopped_card(pending: Pending, *, why: str) -> Card:
    """It is off: to whoever asked, and to those who had been told."""
    return card(
        f"{named(pending.space, 60)} is not deleted",
        plain(f"Why: {why}"),
        text("It is put back as it was before, unless something else blocks it."),
    )


def deletions_card(pending: Sequence[Pending], *, zone: str = "UTC") -> Card:
    """What is on its way, the soonest first."""
    if not pending:
        return card("Nobody has asked to delete a space", text("None that you decide about."))
    shown, rest = pending[:MOST], len(pending) - MOST
    return card(
        f"{count(len(pending), 'space')} {'is' if len(pending) == 1 else 'are'} to be deleted",
        head("Space", "When", "How it stands", widths=_WIDTHS),
        *(
            row(
                f"{n}. {harmless(one.space.shown_title, 60)}",
                _when(one, zone),
                _stands(one),
                widths=_WIDTHS,
            )
            for n, one in enumerate(shown, 1)
        ),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        actions=[
            _undo(one.space, title=f"Take back {n}. {harmless(one.space.shown_title, 40)}")
            for n, one in enumerate(shown[:MOST_BUTTONS], 1)
        ],
    )


def _when(one: Pending, zone: str) -> str:
    return moment(one.request.due, zone) if one.request.due else "no date yet"


def _stands(one: Pending) -> str:
    by = f"{one.by}{' and ' + one.second if one.second else ''}"
    match one.request.state:
        case RequestState.WAITING:
            return f"{by} asked; a second person has to agree"
        case RequestState.BEGUN:
            return f"{by} asked; it is being blocked"
        case RequestState.COOLING if one.request.due is None:
            return f"{by} asked; its owners are being told"
        case RequestState.COOLING:
            return f"{by} asked; it is blocked"
        case RequestState.DELETING:
            return "being deleted now"
        case _:
            return f"compliance has to look: {harmless(one.request.why, 100)}"


def _undo(space: Space, *, title: str = "Take it back") -> Button:
    return press(
        title, "delete undo", typed=f"delete undo {typed_name(space)}", space=str(space.id)
    )
