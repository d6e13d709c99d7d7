"""What owners are told, in their own language: each sentence from a catalogue, by its key.

A language is one file, `cards/texts/<code>.toml`: its name, how its numbers, days and plurals
are written, and a sentence for each key. A test holds all of them together: the same keys with the
same places for values. A card never joins parts of sentences, since another language orders
them otherwise. What people type stays as it is: the commands are a language of their own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cards.parts import Spoken
from cards.words import harmless, here
from domain.people import ANYBODY, Reader

TEXTS = Path(__file__).parent / "texts"
ENGLISH = "en"
PLURALS: Mapping[str, Callable[[int], str]] = {
    "one other": lambda number: "one" if number == 1 else "other",
    "other": lambda number: "other",
}
"""Which of a sentence's forms goes with a number, by the name of the rule (CLDR's words). A
language that counts otherwise brings one more line here."""

Entry = str | Mapping[str, str]
_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One language. `entries` are sentences by dotted key; one that counts has several forms."""

    code: str
    name: str
    names: tuple[str, ...]
    """What else people may call it."""
    plural: str
    thousands: str
    days: tuple[str, ...]
    months: tuple[str, ...]
    entries: Mapping[str, Entry]

    def form(self, key: str, count: int | None) -> str:
        """Raises KeyError: there is no such sentence, a bug that a test finds."""
        entry = self.entries[key]
        if isinstance(entry, str):
            return entry
        return entry[PLURALS[self.plural](0 if count is None else count)]


class Speech:
    """A reader's language and time zone. `say("blocked.title", space=…)` is a sentence."""

    def __init__(self, reader: Reader = ANYBODY) -> None:
        self.reader = reader
        self.catalogue = catalogue_of(reader.language)

    def __call__(self, key: str, /, count: int | None = None, **values: object) -> str:
        """Args: count: what the sentence counts, where it does; goes in as ``{count}``."""
        form = self.catalogue.form(key, count)
        if count is not None:
            values["count"] = self.number(count)
        return form.format_map(values)

    @property
    def is_english(self) -> bool:
        return self.catalogue.code == ENGLISH

    @property
    def spoken(self) -> Spoken:
        """What the kit itself says on a card."""
        return Spoken(
            or_type=self("kit.or_type"), optional=self("kit.optional"), one_of=self("kit.one_of"),
            cut=self("kit.cut"), look_alike=self("kit.look_alike"),
        )  # fmt: skip

    def date(self, at: datetime | None) -> str:
        """The day where the reader is."""
        if at is None:
            return self("words.not_known")
        day = here(at, self.reader.zone)
        return self(
            "words.date", weekday=self.catalogue.days[day.weekday()], day=day.day,
            month=self.catalogue.months[day.month - 1], year=day.year,
        )  # fmt: skip

    def moment(self, at: datetime | None) -> str:
        """The day and the minute, with the zone's name."""
        if at is None:
            return self("words.not_known")
        return self(
            "words.moment", date=self.date(at), time=f"{here(at, self.reader.zone):%H:%M %Z}"
        )

    def number(self, number: int) -> str:
        return f"{number:,}".replace(",", self.catalogue.thousands)

    def span(self, span: timedelta) -> str:
        """A whole number of days, in the largest unit that fits."""
        days = span.days
        for size, unit in ((365, "year"), (30, "month"), (7, "week")):
            if days and days % size == 0:
                return self(f"words.{unit}", count=days // size)
        return self("words.day", count=days)

    def listed(self, items: Iterable[str], *, most: int = 10) -> str:
        """“a, b and 4 more”. Each item is made harmless."""
        whole = tuple(items)
        shown = ", ".join(harmless(item) for item in whole[:most])
        rest = len(whole) - most
        return self("words.and_more", shown=shown, count=rest) if rest > 0 else shown


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """Every language that there is a file of, by its code."""
    found = (_read(path) for path in sorted(TEXTS.glob("*.toml")))
    return {one.code: one for one in found}


def catalogue_of(language: str) -> Catalogue:
    """``de-AT`` reads German; what we have no catalogue of reads English."""
    known = catalogues()
    return known.get(language.casefold()) or known.get(language.casefold()[:2]) or known[ENGLISH]


def _read(path: Path) -> Catalogue:
    body = tomllib.loads(path.read_text(encoding="utf-8"))
    head = body.pop("language")
    return Catalogue(
        code=path.stem, name=head["name"], names=tuple(head["names"]), plural=head["plural"],
        thousands=head["thousands"], days=tuple(head["days"]), months=tuple(head["months"]),
        entries=dict(_entries(body, "")),
    )  # fmt: skip


def _entries(node: Mapping[str, Any], above: str) -> Iterable[tuple[str, Entry]]:
    for name, value in node.items():
        key = f"{above}{name}"
        if isinstance(value, str) or set(value) <= _FORMS:
            yield key, value
        else:
            yield from _entries(value, f"{key}.")
