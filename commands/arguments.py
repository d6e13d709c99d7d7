"""The kinds of argument that commands take: how each is typed, drawn, and understood.

A space, person or policy is found only among what the caller may see; "no such" and "not
yours" read the same (I13). Whatever is understood is a value of ours, never an id to trust.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cards.words import ago, count, moment
from commands.moments import Until, parse_until
from commands.spec import Context
from domain.errors import Refusal
from domain.fields import LONGEST_FILLED, Field, FieldKind
from domain.ids import PersonId, PersonKey, RoomId, WrongId
from domain.people import Person
from domain.spaces import Scope, Space
from domain.spans import parse_span
from spaces.looking import find_person, notice_departures, person_by_id
from spaces.naming import bare
from spaces.sync.live import touch

HERE = frozenset({"here", "this", "this space"})
MOST_WORDS = 7439  # bytes of a message (webex-facts 1.5); nothing typed is longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What all arguments share. `label` names it on forms, in help and in refusals."""

    name: str
    label: str = ""
    marker: tuple[str, ...] = ()
    required: bool = True
    hint: str = ""
    takes_rest: bool = False
    is_typed: bool = True
    is_asked: bool = True
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    reads_files: bool = False
    longest_filled: int = LONGEST_FILLED
    """Characters that its field on a form takes."""

    @property
    def field(self) -> Field:
        return Field(
            name=self.name, label=self.label or self.name.capitalize(), kind=self.kind,
            hint=self.hint, required=self.required, choices=self.choices,
            error=f"Please fill in: {self.label or self.name}.", longest=self.longest_filled,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Base):
    """Free words: quoted, or everything up to the next marker."""

    takes_rest: bool = True
    longest: int = 500
    is_one: bool = False
    """Once it is in quotes, nothing may follow: what does was meant to be something else."""

    def parse(self, words: Sequence[str], context: Context) -> str:
        text = " ".join(words).strip()
        if self.is_one and len(words) > 1 and getattr(words[0], "raw", words[0]) != words[0]:
            rest = " ".join(words[1:])
            raise Refusal(
                f"I don't know what “{rest[:60]}” means after “{words[0][:60]}”.",
                "`help` and the command shows what can follow.",
            )
        if len(text) > self.longest:
            raise Refusal(
                f"{self.field.label} is longer than {self.longest} characters.", "Shorten it."
            )
        return text


REASON = Text(name="reason", label="Why", marker=("because",), required=False, longest=300)
"""Why somebody does it, where that is optional or hangs on a setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Base):
    """One or several single words, such as tags; commas and spaces divide them."""

    takes_rest: bool = True
    most: int = 20

    def parse(self, words: Sequence[str], context: Context) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(one for part in words for one in _parts(part)))
        if not found and words:
            raise Refusal(f"{self.field.label}: nothing is named.", f"Such as: {self.hint}")
        if len(found) > self.most:
            raise Refusal(f"At most {self.most} at once.", "Do it in several goes.")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Base):
    """One of a few words; any clear beginning will do."""

    kind: FieldKind = FieldKind.CHOICE

    def parse(self, words: Sequence[str], context: Context) -> str:
        text = " ".join(words).casefold()
        known = [value for value, _ in self.choices]
        hits = [v for v in known if v.casefold() == text] or [
            v for v in known if text and v.casefold().startswith(text)
        ]
        if len(hits) != 1:
            raise Refusal(
                f"{self.field.label} can be {', '.join(known)}; not “{text[:40]}”.", "Pick one."
            )
        return hits[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Base):
    """Said or not said. Typed, its marker alone means yes."""

    required: bool = False
    kind: FieldKind = FieldKind.YES_NO

    def parse(self, words: Sequence[str], context: Context) -> bool:
        return " ".join(words).casefold() not in {"no", "false", "off", "0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Base):
    kind: FieldKind = FieldKind.NUMBER
    least: int = 0
    most: int = 1_000_000

    def parse(self, words: Sequence[str], context: Context) -> int:
        text = " ".join(words)
        try:
            number = int(text)
        except ValueError:
            raise Refusal(f"“{text[:40]}” is no whole number.", "Write it like 25.") from None
        if not self.least <= number <= self.most:
            raise Refusal(
                f"{self.field.label} goes from {self.least} to {self.most}.", "Pick one between."
            )
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanArg(Base):
    """A length of time such as 90d."""

    hint: str = "such as 90d, 6m or 2y"
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> Any:
        try:
            return parse_span(" ".join(words))
        except ValueError as no:
            raise Refusal(str(no)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class UntilArg(Base):
    """A date to come, or a span from now; what was understood is always said back."""

    kind: FieldKind = FieldKind.TEXT
    hint: str = "such as 2027-06-30 or 90d"
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> Until:
        now: datetime = context.house.clock.now()
        try:
            return parse_until(" ".join(words), now=now, zone=context.caller.time_zone)
        except ValueError as no:
            raise Refusal(str(no), "Write it like 2027-06-30 or 90d.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceArg(Base):
    """A space by its title, its id, or “here”. In a space, saying nothing means here."""

    hint: str = "title, or “here”"
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> Space:
        text = " ".join(words).strip()
        if not text and context.room is not None and not context.is_private:
            return touch(context.house, context.room)
        if text.casefold() in HERE:
            if context.room is None or context.is_private:
                raise Refusal("“Here” is our own conversation.", "Name the space by its title.")
            return touch(context.house, context.room)
        if not text:
            raise Refusal("Which space?", "Name it by its title, in quotes if it has spaces.")
        return self._known(text, context)

    def _known(self, text: str, context: Context) -> Space:
        sees = None if context.is_compliance else context.caller.key
        with context.house.store.read() as tx:
            try:
                found = tx.spaces.by_id(RoomId(text), visible_to=sees)
                hits: tuple[Space, ...] = () if found is None else (found,)
            except WrongId:
                hits = tx.spaces.by_title(text, visible_to=sees)
            if len(hits) == 1:
                return hits[0]
            if not hits:
                near = tx.spaces.similar_titles(text, visible_to=sees, limit=3)
        if not hits:
            raise no_space(text, near)
        now, most = context.house.clock.now(), 5
        quoted = text.replace('"', "")
        raise Refusal(
            f"{len(hits)} spaces have that title.",
            f'Look at them by `search "{quoted}"`, or say the id in place of the title:',
            choices=tuple(
                f"{number}. {_told_apart(space, context, now)}: {space.id}"
                for number, space in enumerate(hits[:most], 1)
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonArg(Base):
    """A person by e-mail, by @mention, or “me”."""

    hint: str = "e-mail address"

    def parse(self, words: Sequence[str], context: Context) -> Person:
        text = bare(" ".join(words).strip())
        if text.casefold() == "me":
            return context.caller
        try:
            return person_by_id(context.house, PersonId(text))
        except WrongId:
            return find_person(context.house, text)


def no_space(text: str, near: Sequence[str] = ()) -> Refusal:
    """The one answer for a space that is not there and for one that they may not see."""
    hint = ", ".join(f"“{title}”" for title in near)
    begun = f"{text.casefold()} "
    is_cut = " " not in text and any(title.casefold().startswith(begun) for title in near)
    mean = [f"Did you mean {hint}?", *(["A title of several words goes in quotes."] * is_cut)]
    return Refusal(
        f"I know no space “{text[:80]}” that you can see.",
        " ".join(mean) if hint else "Try `search` with a part of its title.",
    )


def _parts(word: str) -> list[str]:
    """A form's field holds several words; what was typed in quotes stays one."""
    is_quoted = getattr(word, "raw", word) != word
    parts = word.split(",") if is_quoted else word.replace(",", " ").split()
    return [part.strip() for part in parts if part.strip() not in ("", "and", "&")]


def _told_apart(space: Space, context: Context, now: datetime) -> str:
    """What tells a space from others of its title."""
    size = "" if space.size is None else f", {count(space.size, 'person', 'people')}"
    made = moment(space.created, context.caller.time_zone)
    return f"created {made}, last used {ago(space.last_activity, now)}{size}"


def is_elsewhere(context: Context, space: Space) -> bool:
    """Whether an answer about `space` goes 1:1: unless it was asked for in that very space,
    and nobody but our own people is known to be in it."""
    return space.id != context.room or space.scope is not Scope.INTERNAL


def visible_to(context: Context) -> PersonKey | None:
    """Whose spaces a list for the caller is of: compliance sees all (None), others their own.
    What they left a minute ago is theirs no more, so that is noticed first."""
    if context.is_compliance:
        return None
    notice_departures(context.house, context.caller)
    return context.caller.key
