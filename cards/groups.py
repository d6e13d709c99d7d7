"""Groups of the directory: which are known, which are not and why; and what was lost of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Button, Card, card, facts, head, plain, press, row, text
from cards.words import ago, count, harmless, moment, quoted
from domain.alerts import Mend
from domain.groups import Group, GroupChange, GroupState

MOST = 25
MOST_LOST = 20
_WIDTHS = (3, 5, 2)
SOURCES = {
    "webex": "Webex's groups", "file": "the file", "ldap": "LDAP", "graph": "Microsoft Graph"
}  # fmt: skip
SAID = {
    GroupState.KNOWN: "known", GroupState.SHRUNK: "not known: it shrank",
    GroupState.PARTIAL: "not known: not wholly readable",
    GroupState.SILENT: "not known: its directory did not answer",
    GroupState.GONE: "not known: it is gone", GroupState.OLD: "not known: not read for too long",
}  # fmt: skip
FOR_COMPLIANCE = (GroupState.SHRUNK, GroupState.GONE)
"""What somebody may accept as it is; the rest is for the operator."""


def groups_card(listed: Sequence[Group], *, words: str = "", now: datetime, directory: str) -> Card:
    """Those that are not known come first.

    Args:
        listed: all, or those that `words` found.
        directory: where they come from, in words; “none” where nothing is connected.
    """
    shown = sorted(listed, key=lambda one: (one.is_known, one.name.casefold()))[:MOST]
    unknown = [one for one in listed if not one.is_known]
    asked = [one for one in unknown if one.state in FOR_COMPLIANCE][:2]
    title = count(len(listed), "group") + (f" with “{harmless(words, 60)}”" if words else "")
    if not listed:
        title = f"No group with “{harmless(words, 60)}”" if words else "No groups yet"
    return card(
        title,
        *([plain(f"{len(unknown):,} of them not known now.", warns=True)] if unknown else []),
        *([head("Group", "State", "Members", widths=_WIDTHS)] if shown else []),
        *(
            row(harmless(one.name, 60), _state(one, now), _members(one), widths=_WIDTHS)
            for one in shown
        ),
        *(
            [plain(f"And {len(listed) - MOST:,} more; “groups” and a part of the name finds them.")]
            if len(listed) > MOST
            else []
        ),
        plain(f"They come from: {directory}."),
        *(
            [text("No policy that names a group that is not known does anything.")]
            if unknown
            else []
        ),
        actions=[_look(one) for one in asked],
    )


def group_card(one: Group, *, now: datetime, zone: str = "UTC") -> Card:
    """One group, whole."""
    return card(
        f"Group “{harmless(one.name)}”",
        facts(
            ("State", SAID[one.state]),
            ("Why", one.why) if one.why else None,
            ("Since", moment(one.since, zone)),
            ("Members", _members(one)),
            ("Last read well", moment(one.read_at, zone) if one.read_at else "never"),
            ("From", SOURCES.get(one.source, one.source)),
            ("Id", one.source_id),
        ),
        *(
            [plain("What it had when it was last read well is kept, and decides nothing.")]
            if not one.is_known
            else []
        ),
        actions=[_look(one)] if one.state in FOR_COMPLIANCE else [],
    )


def groups_renamed_card(renamed: Sequence[GroupChange], *, at: datetime, zone: str = "UTC") -> Card:
    rest = len(renamed) - MOST_LOST
    return card(
        f"{count(len(renamed), 'group')} with another name now",
        plain("A policy or a search finds a group by the name that it has now. One that names the"
              " old one finds nothing, and does nothing."),
        facts(("When", moment(at, zone))),
        *(
            plain(f"{harmless(one.former_name, 80)} is now {harmless(one.name, 80)}")
            for one in renamed[:MOST_LOST]
        ),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        actions=[press("All groups", "groups", typed="groups")],
    )  # fmt: skip


def look_at(one: Group | GroupChange) -> Mend:
    """By its id, since two may have one name."""
    plainly = one.name if one.name == harmless(one.name, 60) and '"' not in one.name else ""
    typed = quoted(plainly or one.source_id)
    return Mend(
        title=f"Look at {harmless(one.name, 30)}", command="groups accept",
        args={"group": one.source_id}, typed=f"groups accept {typed}",
    )  # fmt: skip


def _look(one: Group | GroupChange) -> Button:
    mend = look_at(one)
    return press(mend.title, mend.command, typed=mend.typed, given=mend.args)


def _members(one: Group) -> str:
    if one.members is None:
        return "never known"
    return f"{one.members:,}" if one.pending is None else f"{one.members:,}, now {one.pending:,}"


def _state(one: Group, now: datetime) -> str:
    read = f"read {ago(one.read_at, now)}" if one.read_at else "never read well"
    return f"{SAID[one.state]}; {read}" if one.is_known else f"{SAID[one.state]} ({read})"
