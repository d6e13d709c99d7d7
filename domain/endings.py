"""Deleting a space by hand, as values: the request on its way, what is shown of it, and what is
kept of a space that is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import CaseKey, PersonKey, RequestKey, SpaceKey, StepKey, TombstoneKey
from domain.spaces import Space


class RequestState(StrEnum):
    SHOWN = "shown"
    """The person saw what would go, and was given a code. Nothing was asked for."""
    WAITING = "waiting"
    """Somebody of compliance asked for it; a second officer has to agree."""
    BEGUN = "begun"
    """It was asked for; the space is being blocked."""
    COOLING = "cooling"
    """Blocked. Whoever owns it was told, or is being told, and may take it back."""
    DELETING = "deleting"
    """An intent that destroys is committed; no way back from here but reading."""
    DONE = "done"
    ENDED = "ended"
    """Taken back, or stopped by what protects the space."""
    ATTENTION = "needs attention"
    """What came of it is not what it should be; a person has to look."""


class Way(StrEnum):
    """What “delete” means for a space, since Webex knows three."""

    DELETE = "delete"
    ARCHIVE = "archive"
    """A team's: its messages are deleted, and Webex archives the empty space."""
    PURGE = "purge"
    """A direct conversation: its messages are deleted, and it stays."""


OPEN = (
    RequestState.WAITING, RequestState.BEGUN, RequestState.COOLING, RequestState.DELETING,
    RequestState.ATTENTION,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Somebody's wish that a space be deleted.

    Args:
        by_compliance: by an officer, so that a second one has to agree.
        seen: stands for what the person was shown; `seen_human` the latest message then.
        told: the owners whom a card about it reached.
        due: None until they were told.
        export: the folder that it was exported to; empty: not yet, or not at all.
        step: of the intent that destroys.
        why: of the last move, as people read it.
    """

    key: RequestKey
    space: SpaceKey
    state: RequestState
    by: PersonKey
    by_compliance: bool
    second: PersonKey | None
    way: Way
    reason: str
    seen: str
    seen_human: datetime | None
    salt: str
    shown_at: datetime
    asked_at: datetime | None
    due: datetime | None
    told: tuple[PersonKey, ...]
    export: str
    step: StepKey | None
    ended_at: datetime | None
    ended_by: PersonKey | None
    outcome: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionView:
    """What somebody is shown before they ask for a deletion.

    Args:
        members, owners: how many people are in it; the names of those who decide about it.
        forbidden: why it can't be deleted, a sentence; then there is no code.
        code: what the reader types to ask for exactly this.
        first: who of compliance asked already, when the reader would be the second.
        needs_second: a second officer has to agree.
        window_hours: between the wish and its effect.
        planned: what a policy would do to it anyway, a sentence.
        export: what is kept of it, a sentence.
        again: why it is shown again.
    """

    space: Space
    way: Way
    members: int
    owners: tuple[str, ...]
    forbidden: str = ""
    code: str = ""
    first: str = ""
    needs_second: bool = False
    window_hours: int = 24
    planned: str = ""
    export: str = ""
    again: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A request on its way, as it is listed and told. `by` is a name."""

    request: Request
    space: Space
    by: str
    second: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What a space was, for as long as it can be made anew.

    Args:
        was: its settings, members and tags (`retention.byhand.tombstones`).
        gone_at: None while nobody saw it gone.
        restored_to: Webex's id of the space that was made in its place; empty: none was.
    """

    key: TombstoneKey
    space: SpaceKey
    request: RequestKey | None
    case: CaseKey | None
    was: Mapping[str, object]
    export: str
    made_at: datetime
    until: datetime
    gone_at: datetime | None
    restored_to: str
    restored_at: datetime | None
