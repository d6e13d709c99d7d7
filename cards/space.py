"""A space in full: what Webex says of it, what we add, and what becomes of it when.

Decides which facts are shown in which order. What the caller may do with it is found before;
the buttons are checked again when pressed.
"""

from __future__ import annotations

from datetime import datetime

from cards.fate import fate
from cards.kit import Action, Card, card, facts, link, plain, press
from cards.words import DASH, NOT_KNOWN, ago, count, date, listed, moment, typed_name, yes_no
from domain.people import Reader
from domain.spaces import Scope, Space, SpaceState, SpaceType
from domain.views import SpaceView

TYPES = {SpaceType.GROUP: "group", SpaceType.DIRECT: "direct"}
SCOPES = {
    Scope.INTERNAL: "internal: everybody in it is of our organisation",
    Scope.EXTERNAL: "external: there are people of other organisations in it",
}
STATES = {
    SpaceState.LIVE: "live",
    SpaceState.GONE: "gone: it was deleted",
    SpaceState.ARCHIVED: "archived by Webex, as a team's spaces are",
    SpaceState.LOST: "out of reach: I can't see it any more",
}


def space_card(view: SpaceView, *, now: datetime, zone: str = "UTC", manages: bool) -> Card:
    """Args: manages: the caller is a moderator of it, or compliance."""
    space = view.space
    return card(
        space.shown_title,
        facts(
            ("Type", TYPES[space.type] if space.type else NOT_KNOWN),
            ("Team", space.team) if space.team else None,
            ("Owners", listed(view.owners, none=NOT_KNOWN)),
            ("Size", NOT_KNOWN if space.size is None else count(space.size, "person", "people")),
            ("Scope", NOT_KNOWN if space.scope is None else SCOPES[space.scope]),
            ("Classification", space.classification or NOT_KNOWN),
            ("Tags", listed(space.tags, most=20)),
            ("Required tags", f"missing: {listed(view.lacking)}") if view.lacking else None,
            ("Locked", yes_no(space.is_locked)),
            ("End date", date(view.end_date, zone)) if view.end_date else None,
            ("Last activity", _when(space.last_activity, now, zone)),
            ("Last message of a person", _when(space.last_human, now, zone)),
            ("Created", moment(space.created, zone)),
            ("Created by", space.creator or NOT_KNOWN),
            ("Creator id", space.creator_id or DASH),
            ("State", STATES[space.state]),
            ("Id", str(space.id)),
        ),
        plain("What becomes of it", bold=True),
        plain(fate(view, Reader(zone=zone))),
        *([plain(f"Why: {view.why}")] if view.why else []),
        actions=_actions(view, manages),
    )


def deep_link(space: Space) -> str:
    return f"webexteams://im?space={space.id.uuid}"


def _actions(view: SpaceView, manages: bool) -> list[Action]:
    space, name = view.space, typed_name(view.space)
    room = str(space.id)
    opens = link("Open in Webex", deep_link(space))
    if space.state is not SpaceState.LIVE:
        return [press("Explain", "explain", typed=f"explain {name}", space=room)]
    if not manages:
        return [press("Explain", "explain", typed=f"explain {name}", space=room), opens]
    is_kept = view.keeps_forever or view.keep_until is not None
    return [
        press("Explain", "explain", typed=f"explain {name}", space=room),
        press("Keep until …", "keep until", typed=f"keep until {name} <date>", space=room),
        press("Clear keep", "keep clear", typed=f"keep clear {name}", space=room)
        if is_kept
        else press("Keep for ever", "keep forever", typed=f"keep forever {name}", space=room),
        press("Tag …", "tag", typed=f"tag {name} <tags>", space=room),
        opens,
    ]


def _when(at: datetime | None, now: datetime, zone: str) -> str:
    return NOT_KNOWN if at is None else f"{moment(at, zone)} ({ago(at, now)})"
