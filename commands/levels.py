"""A level of classification as people name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commands.arguments import Base
from commands.spec import Context
from spaces.classifying import Level, find_level


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelArg(Base):
    """A level of classification by its name."""

    hint: str = "such as Internal"
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> Level:
        return find_level(context.house, " ".join(words))
