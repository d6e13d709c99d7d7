"""What a policy is written with: the arguments that `policy new` and `policy change` share.

Each takes everything up to the next marker and reads it strictly, so that a stray word is
refused rather than taken for a part of the condition.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commands.arguments import Base, Choice, Number, SpanArg, Text
from commands.spec import Argument, Context
from domain.cadences import Cadence
from domain.calendars import write_freezes, write_hours
from domain.errors import Refusal
from domain.fields import FieldKind
from domain.policies import Counting, Ending, read_counting
from retention.drafting import MOST_CAP, PRIORITIES, read_condition

_COMMAS = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionWords(Base):
    """The search's own language; quotes around the whole where a marker's word stands in it."""

    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> str:
        if len(words) > 1 and str(words[0]).casefold() in ("when", "where"):
            words = words[1:]
        if len(words) == 1 and _is_all_quoted(words[0]):
            return read_condition(str(words[0])).text
        return read_condition(" ".join(_raw(word) for word in words)).text


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingWord(Choice):
    choices: tuple[tuple[str, str], ...] = (
        (Ending.KEEP, "keep: they are never ended"),
        (Ending.NOTIFY, "notify: their owners are told"),
        (Ending.OUTSIDERS, "remove outsiders: people of other organisations leave them"),
        (Ending.BLOCK, "block: nothing new can be written"),
        (Ending.PURGE, "purge messages: older ones go every night, the space goes on"),
        (Ending.DELETE, "delete: with all their content, after they were blocked"),
    )
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> Ending:
        return Ending(super(EndingWord, self).parse(words, context))


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingWords(Base):
    """The moment that the period counts from."""

    takes_rest: bool = True
    hint: str = "activity, creation, tag:finance, end date, or a day such as 2027-03-31"

    def parse(self, words: Sequence[str], context: Context) -> Counting:
        said = " ".join(words)
        try:
            return read_counting(said)
        except ValueError as no:
            raise Refusal(f"I don't understand from “{said[:40]}”.", str(no)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices(Base):
    """Days before, such as 30 14 7 1, or the name of a profile."""

    takes_rest: bool = True
    hint: str = (
        "days before, 30 14 7 1 unless you say otherwise; or a profile: short, standard, long, or"
        " one that the operator named"
    )

    def parse(self, words: Sequence[str], context: Context) -> Cadence:
        parts = [part for part in _COMMAS.split(" ".join(words).casefold()) if part]
        profiles = context.house.profiles
        if len(parts) == 1 and parts[0] in profiles:
            return profiles[parts[0]]
        try:
            days = tuple(int(part.removesuffix("d")) for part in parts if part != "days")
        except ValueError:
            raise Refusal(
                f"Warnings are days before, as whole numbers, or a profile: {', '.join(profiles)}.",
                "Write: warn 30 14 7 1, or: warn short.",
            ) from None
        return Cadence(notices=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursWords(Base):
    """Days of the week, hours, and a time zone; “always” for none of its own."""

    takes_rest: bool = True
    hint: str = (
        "besides the company's, such as mon-fri 09:00-17:00 Europe/Berlin; without a time zone, in"
        " the company's; or: always"
    )

    def parse(self, words: Sequence[str], context: Context) -> str:
        try:
            return write_hours(" ".join(words))
        except ValueError as no:
            raise Refusal(
                f"I can't read when it may act: {no}.",
                "Write: hours mon-fri 09:00-17:00 Europe/Berlin, or: hours always.",
            ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeWords(Base):
    """Days and spans of days, divided by commas; “none” for none of its own."""

    takes_rest: bool = True
    hint: str = "besides the company's, such as 2026-12-24..2027-01-02, 05-01; or: none"

    def parse(self, words: Sequence[str], context: Context) -> str:
        try:
            return write_freezes(" ".join(words))
        except ValueError as no:
            raise Refusal(
                f"I can't read its freeze days: {no}.",
                "Write: freeze 2026-12-24..2027-01-02, 05-01, or: freeze none.",
            ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo(Base):
    """Typed, its marker alone means yes; anything but yes and no is refused."""

    required: bool = False
    takes_rest: bool = True
    kind: FieldKind = FieldKind.YES_NO

    def parse(self, words: Sequence[str], context: Context) -> bool:
        said = " ".join(words).casefold()
        if said in ("", "yes", "on", "true"):
            return True
        if said in ("no", "off", "false"):
            return False
        raise Refusal(
            f"After “{self.marker[0]}” I don't understand “{said[:40]}”.",
            "Write nothing there, or yes or no.",
        )


def policy_arg(*, required: bool = True, takes_rest: bool = True) -> Text:
    """A policy's name, as text: whether there is such a one is compliance's to know, so the
    handler looks, after the permission."""
    return Text(
        name="policy", label="Policy", longest=100, required=required, takes_rest=takes_rest,
        hint="its name",
    )  # fmt: skip


def policy_parts(*, is_new: bool) -> list[Argument]:
    """What a policy says. For a change nothing of it is required: what is left out stays."""
    return [
        Text(
            name="policy", label="Name of the policy", longest=100, takes_rest=False,
            hint="such as cleanup",
        ),
        ConditionWords(
            name="query", label="For which spaces", required=is_new,
            hint="such as tag:finance inactive:>90d; every space is: all",
        ),
        EndingWord(name="ending", label="What happens to them", marker=("then",), required=is_new),
        SpanArg(
            name="period", label="After how long", marker=("after", "for"), required=False,
            hint="such as 90d, 6m or 2y; without it, only keep means something",
        ),
        CountingWords(name="counting", label="Counted from", marker=("from",), required=False),
        Number(
            name="cap", label="At most how many a run", marker=("cap",), required=False, least=1,
            most=MOST_CAP, takes_rest=True, hint="without it, it may do nothing",
        ),
        Notices(name="notices", label="Owners are warned", marker=("warn",), required=False),
        SpanArg(
            name="grace", label="Blocked before deletion for", marker=("grace",), required=False,
            hint="14d unless you say otherwise",
        ),
        Number(
            name="priority", label="Priority", marker=("priority",), required=False,
            least=PRIORITIES[0], most=PRIORITIES[1], takes_rest=True,
            hint="100 unless you say otherwise; the lowest number decides",
        ),
        HoursWords(name="hours", label="Only at these hours", marker=("hours",), required=False),
        FreezeWords(name="freeze", label="Not on these days", marker=("freeze",), required=False),
        YesNo(name="floor", label="A floor: nothing may go before", marker=("floor",)),
        YesNo(name="direct", label="Direct conversations too", marker=("direct",)),
        YesNo(name="export", label="Export before a deletion", marker=("export",)),
    ]  # fmt: skip


def _raw(word: Any) -> str:
    return str(getattr(word, "raw", word))


def _is_all_quoted(word: Any) -> bool:
    """The whole condition stands in quotes; a phrase for titles has no colon in it."""
    raw = _raw(word)
    is_one = raw.count('"') == 2 and raw.startswith('"') and raw.endswith('"')
    return is_one and (":" in raw or raw.strip('" ').casefold() == "all")
