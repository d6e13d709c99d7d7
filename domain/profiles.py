"""A person as Webex tells of them, with every field, and people who were asked for by id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All that Webex says of a person. What it did not say is empty or None.

    Args:
        phone_numbers: (type, value) of each.
        status: their presence, in Webex's word.
        type: person, bot or appuser.
    """

    id: str
    emails: tuple[str, ...]
    display_name: str
    phone_numbers: tuple[tuple[str, str], ...] = ()
    nick_name: str = ""
    first_name: str = ""
    last_name: str = ""
    avatar: str = ""
    org_id: str = ""
    created: datetime | None = None
    last_activity: datetime | None = None
    status: str = ""
    type: str = ""

    @property
    def name(self) -> str:
        return self.display_name or next(iter(self.emails), "") or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """People who were asked for.

    Args:
        not_found: ids that Webex knows nobody by.
        notes: what could not be told, a sentence each.
    """

    found: tuple[Profile, ...]
    not_found: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
