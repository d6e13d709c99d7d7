"""Why a space waits for compliance to look: the kinds of cause, in the order of their weight."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    DELETION = "a deletion did not end as it should"
    REQUEST = "a deletion that was asked for is stuck"
    BLOCK = "its block is not as it should be"
    STUCK = "something is wrong with it"
    OWNERLESS = "nobody owns it"
    NEEDED = "members still need it, and no owner answers"
