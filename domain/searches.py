"""A saved search: words under a name. What they find is found anew, by whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.ids import PersonKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """As its reader sees it.

    Args:
        words: the query, with its order and columns.
        owner: whose it is; `owner_name` for the eye.
        shared: with whom, for its owner alone; for others how it came to them.
    """

    key: int
    name: str
    words: str
    owner: PersonKey
    owner_name: str
    saved_at: datetime
    shared: tuple[str, ...] = ()
