"""A message as people are shown it: all that Webex says of it, with names beside its ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """All that Webex says of a message. What it did not say is empty.

    Args:
        by: the writer's name; `where` is the space's title, or whose conversation it is.
        mentioned: (id, name) of each; `mentioned_groups` such as “all”.
        parent_id: the message whose thread it is in.
        is_deleted: only compliance still reads it.
    """

    id: str
    room_id: str
    room_type: str
    person_id: str
    person_email: str
    created: datetime
    by: str = ""
    where: str = ""
    text: str = ""
    markdown: str = ""
    files: tuple[str, ...] = ()
    to_person_id: str = ""
    to_person_email: str = ""
    mentioned: tuple[tuple[str, str], ...] = ()
    mentioned_groups: tuple[str, ...] = ()
    parent_id: str = ""
    is_deleted: bool = False

    @property
    def author(self) -> str:
        return self.by or self.person_email or self.person_id


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    """Messages of a space, newest first.

    Args:
        before: goes on where these end, when there may be more: the last that was looked at.
        looked_back_to: how far it was looked, where that is further than what is shown.
        notes: what can't be seen, a sentence each.
    """

    messages: tuple[MessageView, ...]
    before: str = ""
    looked_back_to: datetime | None = None
    notes: tuple[str, ...] = ()
