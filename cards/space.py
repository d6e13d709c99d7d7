"""A space in full: what Webex says of it, what we add, and what becomes of it when.

Decides which facts are shown in which order. What the caller may do with it is found before;
the buttons are checked again when pressed.
"""

from __future__ import annotations

from datetime import datetime

from cards.kit import Action, Card, card, facts, link, plain, press
from cards.words import DASH, NOT_KNOWN, ago, count, date, listed, moment, typed_name, yes_no
from domain.lifecycle import CaseState
from domain.policies import Ending, Ruling
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
ENDINGS = {
    Ending.KEEP: "it is kept",
    Ending.NOTIFY: "its owners are told, nothing else",
    Ending.OUTSIDERS: "people of other organisations are removed from it",
    Ending.BLOCK: "it is blocked",
    Ending.PURGE: "its older messages begin to be deleted, and it goes on",
    Ending.DELETE: "it is blocked, then deleted",
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
        plain(fate(view, zone)),
        *([plain(f"Why: {view.why}")] if view.why else []),
        actions=_actions(view, manages),
    )


def fate(view: SpaceView, zone: str = "UTC") -> str:
    """What becomes of a space, in one sentence; says “keep until” or “delete after”."""
    if view.space.state is not SpaceState.LIVE:
        return f"Nothing more: it is {STATES[view.space.state]}."
    if view.state is CaseState.HELD or view.ruling is Ruling.HELD:
        return "It is on hold: nothing may be destroyed until the hold is released."
    if view.is_asked_for:
        when = f", not before {date(view.asked_due, zone)}" if view.asked_due else ""
        return f"Somebody asked to delete it: it goes{when}, unless that is taken back."
    if view.ruling is Ruling.UNTOUCHABLE:
        return "I leave it alone."
    if view.keeps_forever:
        return "It is kept for ever, until somebody says otherwise."
    kept = f"Keep until {date(view.keep_until, zone)}. " if view.keep_until else ""
    if view.ruling is Ruling.UNKNOWN:
        return f"{kept}Not decided, since something about it is not known; nothing is done."
    if view.due is None:
        return kept.strip() or "No policy ends it: it is kept."
    state = "" if view.state is CaseState.CLEAR else f" Now {_STATE_WORDS[view.state]}."
    still = f" {view.stands_still}" if view.stands_still else ""
    return f"{kept}{_end(view, zone)}{state}{still}"


def _end(view: SpaceView, zone: str) -> str:
    """What happens when, as a sentence. A deletion is never said without its own date."""
    policy = f" by the policy “{view.policy}”" if view.policy else ""
    if view.state is CaseState.BLOCKED:
        if view.gone_at is None:
            return f"It stays blocked{policy} until somebody keeps it."
        return f"On {date(view.gone_at, zone)} it is deleted{policy}, unless somebody keeps it."
    if view.state is CaseState.PURGING:
        return f"Messages older than the policy says are deleted every night{policy}; it goes on."
    ends = ENDINGS[view.ending] if view.ending else "its period is over"
    if view.gone_at is not None and view.gone_at != view.due:
        ends = f"it is blocked, and on {date(view.gone_at, zone)} deleted"
    unless = "kept" if view.ending is Ending.PURGE else "used again"
    return f"On {date(view.due, zone)} {ends}{policy}, unless it is {unless}."


_STATE_WORDS = {
    CaseState.CLEAR: "clear",
    CaseState.DUE: "due: the first warning is to go out",
    CaseState.WARNED: "warned: its owners have been told",
    CaseState.BLOCKED: "blocked: what is there can be read, nothing new can be written",
    CaseState.PURGING: "purging: older messages go every night",
    CaseState.ENFORCING: "being ended now",
    CaseState.GONE: "gone",
    CaseState.HELD: "held",
    CaseState.PAUSED: "paused with its policy",
    CaseState.NEEDS_ATTENTION: "waiting for compliance to look at it",
}


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
