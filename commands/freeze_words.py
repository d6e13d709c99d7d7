"""Freeze days as they are typed: one day or a span of them, once or every year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commands.arguments import Base
from commands.spec import Context
from domain.errors import Refusal
from domain.hours import Freeze, read_freezes


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeDays(Base):
    """`2026-12-24`, `2026-12-24 to 2027-01-02`, or `12-25` for every year."""

    takes_rest: bool = True
    hint: str = "such as 2026-12-24 to 2027-01-02; without a year, every year: 12-25"

    def parse(self, words: Sequence[str], context: Context) -> Freeze:
        said = " ".join(words).casefold().removesuffix("each year").removesuffix("every year")
        try:
            found = read_freezes(said)
        except ValueError as no:
            raise Refusal(
                f"I can't read the days: {no}.", "Write: 2026-12-24 to 2027-01-02."
            ) from None
        if len(found) != 1:
            raise Refusal("Name one day, or one span of days.", "Write: 2026-12-24 to 2027-01-02.")
        return found[0]
