"""The argument that is people to be looked up: up to 85 ids, one e-mail address, or a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commands.arguments import Base
from commands.spec import Context
from domain.errors import Refusal
from domain.fields import FieldKind
from domain.ids import PersonId, WrongId
from spaces.describing import MOST_IDS

HOW = f"Give one e-mail address, a name, or up to {MOST_IDS} ids."
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whom to look up: an address, ids, or how a name begins. `said` asks for the same again."""

    said: str
    email: str = ""
    ids: tuple[PersonId, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedArg(Base):
    hint: str = f"an e-mail address, a name, or up to {MOST_IDS} ids"
    takes_rest: bool = True
    kind: FieldKind = FieldKind.LINES

    def parse(self, words: Sequence[str], context: Context) -> Asking:
        said = [part for part in re.split(r"[\s,;]+", " ".join(words)) if part]
        said = [part.strip("<>").removeprefix("mailto:") for part in dict.fromkeys(said)]
        said = [context.caller.email if part.casefold() == "me" else part for part in said]
        if not said:
            raise Refusal("Who?", HOW)
        if said[0].casefold() == "in" and len(said) > 1:  # “who is in Q3 plans”
            raise Refusal(
                "I look up people, and don't list who is in a space.",
                "`members` and its title does.",
            )
        if len(said) == 1 and "@" in said[0]:
            return Asking(said=said[0], email=said[0])
        if any("@" in part for part in said):
            raise Refusal("Webex looks up one address at a time.", HOW)
        if not any(map(_is_id, said)) and len(name := " ".join(words).strip()) <= LONGEST_NAME:
            return Asking(said=name, name=" ".join(name.split()))
        if len(said) > MOST_IDS:
            raise Refusal(f"That are {len(said)} ids.", HOW)
        return Asking(said=" ".join(said), ids=tuple(_id(part) for part in said))


def _is_id(part: str) -> bool:
    try:
        PersonId(part)
    except WrongId:
        return False
    return True


def _id(part: str) -> PersonId:
    try:
        return PersonId(part)
    except WrongId:
        raise Refusal(f"“{part[:60]}” is no id of a person.", HOW) from None
