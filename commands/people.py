"""The argument that is one, several or many people, of whom some may be known and some not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from commands.arguments import Base
from commands.spec import Context
from domain.errors import Refusal
from domain.fields import FieldKind
from domain.ids import PersonId, WrongId
from spaces.naming import Named, addresses, who_are
from spaces.rosters import MOST_PEOPLE, Line, attached, read_text

SMALL = frozenset({"me", "and", "&"})
LONGEST_PASTED = 60_000
"""Characters of a list in a form; a message itself holds 7,439 bytes (webex-facts 1.5)."""
MOST_TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleArg(Base):
    """People by e-mail address or @mention, or “me”.

    One alone who can't be meant is refused at once; among several they are told of afterwards.
    """

    hint: str = "ben@example.com, or several addresses"
    takes_rest: bool = True
    most: int = 20

    def parse(self, words: Sequence[str], context: Context) -> tuple[Named, ...]:
        return _who(self._said(words), context, self.most)

    def _said(self, words: Sequence[str]) -> tuple[Line, ...]:
        """The addresses, ids and “me” that were said, each with the number of its line."""
        if len(words) > 1 and words[-1].casefold() == "here":
            words = words[:-1]  # “add ben@example.com here”: where it is said
        text = " ".join(words)
        if astray := next((w for w in words[1:] if _is_title(w)), None):
            raise Refusal(
                f"“{astray[:80]}” is no e-mail address.",
                "Say “to” or “from” before the space, as the command's `help` shows.",
            )
        is_plain = len(words) > 1 and "<" not in text
        if is_plain and (slip := next((w for w in words if _is_no_name(w)), None)):
            raise Refusal(
                f"“{slip.strip(',;')[:80]}” is no e-mail address.",
                "Name people by their addresses; `help` and the command shows what can follow.",
            )
        return tuple(Line(number=1, said=one, email=one) for one in addresses(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdArg(PeopleArg):
    """One, several, or very many people: said or pasted, in an attached list, or a group of the
    directory (`group "Finance"`)."""

    hint: str = "addresses, a pasted or attached list, or group and its name"
    kind: FieldKind = FieldKind.LINES
    most: int = MOST_PEOPLE
    longest_filled: int = LONGEST_PASTED
    reads_files: bool = True

    def parse(self, words: Sequence[str], context: Context) -> tuple[Named, ...]:
        if group := _group(words):
            lines = _of_group(context, group)
        elif len(words) == 1 and len(words[0].split()) > 1:  # pasted into a form
            lines = read_text(words[0])
        else:
            lines = self._said(words)
        return _who((*lines, *attached(context.house, context.files)), context, self.most)


def _who(lines: Sequence[Line], context: Context, most: int) -> tuple[Named, ...]:
    """Whom all that was said means; each person once."""
    if not lines:
        raise Refusal("Who?", "Name them by e-mail address, mention them, or attach a list.")
    if len(lines) > most:
        raise Refusal(f"At most {most:,} people at once.", "Do it in several goes.")
    mine = [one for one in lines if one.said.casefold() == "me"]
    asked = [one for one in lines if not one.why and one not in mine]
    who = who_are(
        context.house, [one.email for one in asked], home=context.caller.email.rpartition("@")[2]
    )
    found = dict(zip(asked, who, strict=True))
    me = Named(said="me", email=context.caller.email, person=context.caller)
    each: dict[str, Named] = {}
    for line in lines:
        named = me if line in mine else found.get(line) or _wrong(line)
        each.setdefault(named.key, replace(named, moderator=line.moderator))
    people = tuple(each.values())
    if all(one.refusal is not None for one in people):
        raise people[0].refusal if len(people) == 1 and people[0].refusal else Refusal(
            f"None of these {len(people)} is somebody that I could mean.",
            "Nothing was done.",
            choices=tuple(str(one.refusal) for one in people[:MOST_TOLD]),
        )  # fmt: skip
    return people


def _wrong(line: Line) -> Named:
    said = f"Line {line.number}: {line.said}" if line.said else f"Line {line.number}"
    return Named(said=said, refusal=Refusal(line.why))


def _group(words: Sequence[str]) -> str:
    """The name of a group of the directory, or nothing."""
    parts = list(words) if len(words) > 1 else " ".join(words).split(maxsplit=1)
    for said in (["the", "group"], ["ad", "group"], ["group"]):
        if [part.casefold() for part in parts[: len(said)]] == said and parts[len(said) :]:
            return " ".join(parts[len(said) :]).strip('"')
    return ""


def _of_group(context: Context, name: str) -> tuple[Line, ...]:
    """Everybody of a group as the directory has it; nothing by half a list."""
    with context.house.store.read() as tx:
        found = tx.groups.named(name)
        people = sorted(tx.groups.to_add(found[0].key)) if len(found) == 1 else []
    if len(found) > 1:
        raise Refusal(
            f"{len(found)} groups are called “{name[:80]}”.", "Say the id in place of the name:",
            choices=tuple(f"{n}. {one.source_id}" for n, one in enumerate(found[:MOST_TOLD], 1)),
        )  # fmt: skip
    if not found:
        raise Refusal(
            f"I know no group “{name[:80]}” of the directory.",
            "Is it spelt as there? A list of addresses does as well, pasted or attached.",
        )
    if not found[0].is_known:
        raise Refusal(
            f"Who is in “{found[0].name}” is not known well now: {found[0].why}.",
            "I do nothing by half a list. Compliance can see to it, or attach the list yourself.",
        )
    if not people:
        raise Refusal(f"Nobody is in “{found[0].name}”.")
    return tuple(Line(number=n, said=one, email=one) for n, one in enumerate(people, 1))


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
