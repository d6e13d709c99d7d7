"""The plainest of arguments, for tests of how words are divided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commands.spec import Context
from domain.fields import Field, FieldKind


@dataclass(frozen=True, slots=True)
class Some:
    name: str
    marker: tuple[str, ...] = ()
    takes_rest: bool = False
    is_flag: bool = False
    required: bool = True

    @property
    def field(self) -> Field:
        kind = FieldKind.YES_NO if self.is_flag else FieldKind.TEXT
        return Field(name=self.name, label=self.name, kind=kind, required=self.required)

    def parse(self, words: Sequence[str], context: Context) -> str:
        return " ".join(words)
