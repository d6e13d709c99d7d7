"""The argument that is one or several people, of whom some may be known and some not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commands.arguments import Base
from commands.spec import Context
from domain.errors import Refusal
from domain.ids import PersonId, WrongId
from spaces.naming import Named, addresses, who_is

SMALL = frozenset({"me", "and", "&"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleArg(Base):
    """People by e-mail address or @mention, or “me”.

    One alone who can't be meant is refused at once; among several they are told of afterwards.
    """

    hint: str = "ben@example.com, or several addresses"
    takes_rest: bool = True
    most: int = 20

    def parse(self, words: Sequence[str], context: Context) -> tuple[Named, ...]:
        said = addresses(" ".join(words))
        if astray := next((w for w in words[1:] if _is_title(w)), None):
            raise Refusal(
                f"“{astray[:80]}” is no e-mail address.",
                "Say “to” or “from” before the space, as the command's `help` shows.",
            )
        if len(words) > 1 and (slip := next((w for w in words if _is_no_name(w)), None)):
            raise Refusal(
                f"“{slip.strip(',;')[:80]}” is no e-mail address.",
                "Name people by their addresses; `help` and the command shows what can follow.",
            )
        if not said:
            raise Refusal("Who?", "Name them by e-mail address, or mention them.")
        if len(said) > self.most:
            raise Refusal(f"At most {self.most} people at once.", "Do it in several goes.")
        found = {one.key: one for one in (self._one(text, context) for text in said)}
        each = tuple(found.values())
        if len(each) == 1 and each[0].refusal is not None:
            raise each[0].refusal
        return each

    def _one(self, said: str, context: Context) -> Named:
        if said.casefold() == "me":
            return Named(said=said, email=context.caller.email, person=context.caller)
        home = context.caller.email.rpartition("@")[2]
        return who_is(context.house, said, home=home)


def _is_no_name(word: str) -> bool:
    """A typed word that names nobody: then the whole was meant otherwise."""
    bare = word.strip("<>,;")
    return bool(bare) and "@" not in bare and bare.casefold() not in SMALL and not _is_id(bare)


def _is_id(word: str) -> bool:
    try:
        PersonId(word)
    except WrongId:
        return False
    return True


def _is_title(word: str) -> bool:
    """Something in quotes that is no address: the space, with the word before it forgotten."""
    return getattr(word, "raw", word) != word and "@" not in word
