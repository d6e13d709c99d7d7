"""The facts that a decision rests on besides criteria, as statements that are built once.

They are asked of all spaces every night and of one before each step, so that building them anew
would cost more than their answers. What the numbers mean is left to `retention`.

`NOW` and, where one space is asked about, `ONLY` are given with each question (`answering.read`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    case,
    cast,
    func,
    select,
    type_coerce,
    union_all,
)

from domain.policies import Basis, Counting
from query.answering import asking
from storage.counting import moments_of
from storage.reaching import LEFT_ALONE, holds_at, left_alone_after, people_are_held, reached
from storage.schema import manual_keep, not_before, purged, sooner, space
from storage.schema.columns import Moment

LIVE, OURS, NOT_OURS, GENERAL, UNTOUCHABLE, MEMBERS = 1, 2, 4, 8, 16, 32
"""Bits of a space's flags."""
FOREVER = 2**60
"""Until when a keep without an end goes, in milliseconds."""

NOW, ONLY, _RECENTLY = "now_", "only_", "recently_"
_now = bindparam(NOW, type_=Moment)
_recently = bindparam(_RECENTLY, type_=Moment)


def given(now: Any, only: int | None) -> dict[str, object]:
    """What the statements are asked with."""
    return {NOW: now, _RECENTLY: now - LEFT_ALONE, ONLY: only}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """Of pairs, each gives keys and milliseconds; `sooner` also the version that it is beside;
    `spaces` gives key, type, last use, creation and flags."""

    spaces: Select[Any]
    held: Select[Any]
    persons_held: Select[Any]
    keeps: Select[Any]
    sooner: Select[Any]
    alone: Select[Any]
    purged: Select[Any]


@cache
def statements(*, of_one: bool) -> Statements:
    """Of all spaces, or of `ONLY` one."""

    def pairs(table: Any, until: ColumnElement[Any], *where: ColumnElement[bool]) -> Select[Any]:
        return asking(
            [table.c.space_id, until], table, *where, *_mine(table.c.space_id, of_one)
        )  # fmt: skip

    holds = reached(holds_at(_now)).subquery("reached")
    alone = _left_alone()
    agreed = sooner.c.ended_at.is_(None) & (sooner.c.effective_at <= _now)
    return Statements(
        spaces=asking(
            [space.c.id, space.c.type, space.c.last_used, space.c.created, _flags()], space,
            *_mine(space.c.id, of_one),
        ),
        held=asking([holds.c.space_id], holds, *_mine(holds.c.space_id, of_one)),
        persons_held=select(people_are_held(_now)),
        keeps=pairs(manual_keep, func.coalesce(cast(manual_keep.c.until, BigInteger), FOREVER)),
        sooner=asking(
            [sooner.c.space_id, sooner.c.after, sooner.c.version_id], sooner, agreed,
            *_mine(sooner.c.space_id, of_one),
        ),
        alone=pairs(alone, alone.c.until),
        purged=pairs(purged, purged.c.until),
    )  # fmt: skip


@lru_cache(256)
def moments_from(basis: Basis, of: str, *, of_one: bool) -> Select[Any]:
    """(key, milliseconds) of the spaces that have such a moment; see `moments_of`."""
    source = moments_of(Counting(basis=basis, of=of)).subquery()
    return asking(
        [source.c.space_id, source.c.at], source, *_mine(source.c.space_id, of_one)
    )  # fmt: skip


def _mine(column: ColumnElement[Any], of_one: bool) -> list[ColumnElement[bool]]:
    return [column == bindparam(ONLY, type_=BigInteger)] if of_one else []


def _left_alone() -> Any:
    """Until when spaces are left alone, the longest of each: as it was written down, and for a
    while after each hold that ended, by itself or by its release."""
    ended = left_alone_after(_now, _recently).subquery("ended")
    after = type_coerce(ended.c.ends_at, BigInteger) + round(LEFT_ALONE.total_seconds() * 1000)
    until = type_coerce(not_before.c.until, BigInteger)
    each = union_all(
        select(not_before.c.space_id, until.label("until")),
        select(ended.c.space_id, after.label("until")),
    ).subquery("each")
    longest = select(each.c.space_id, func.max(each.c.until).label("until"))
    return longest.group_by(each.c.space_id).subquery("alone")


def _flags() -> ColumnElement[int]:
    ours = case((space.c.is_ours, OURS), (~space.c.is_ours, NOT_OURS), else_=0)
    return (
        case((space.c.state == 0, LIVE), else_=0)
        + ours
        + cast(space.c.is_general, Integer) * GENERAL
        + cast(space.c.is_untouchable, Integer) * UNTOUCHABLE
        + cast(space.c.members_known, Integer) * MEMBERS
    )
