"""What owners are told, in their own language: each sentence from a catalogue, by its key.

A language is one file, `cards/texts/<code>.toml`: its name, how its numbers, days and plurals
are written, and a sentence for each key. A test holds all of them together: the same keys with the
same places for values. A card never joins parts of sentences, since another language orders
them otherwise. What people type stays as it is: the commands are a language of their own.

A sentence that a language does not have yet is said in English, and logged once. What the floors
below put into English words (a decision's reasons, a refusal) is said by `retold`, see
`cards.retelling`.
"""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from cards.parts import Spoken
from cards.retelling import RETOLD, Found, Retelling, kind_of
from cards.words import harmless, here
from domain.people import ANYBODY, Reader
from domain.spans import parse_span

TEXTS = Path(__file__).parent / "texts"
ENGLISH = "en"
PLURALS: Mapping[str, Callable[[int], str]] = {
    "one other": lambda number: "one" if number == 1 else "other",
    "other": lambda number: "other",
}
"""Which of a sentence's forms goes with a number, by the name of the rule (CLDR's words). A
language that counts otherwise brings one more line here."""

_log = logging.getLogger(__name__)

Entry = str | Mapping[str, str]
_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})


class BadTexts(ValueError):
    """A file of a language that can't be spoken from; the operator is told what to mend."""


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
        catalogue = self.catalogue
        if key not in catalogue.entries:
            catalogue = _instead(catalogue, key)
        form = catalogue.form(key, count)
        if count is not None:
            values["count"] = self.number(count)
        return form.format_map(values)

    def retold(self, said: str, typed: Sequence[tuple[str, str]] = ()) -> str:
        """What a floor below said in English, in the reader's language; in English where there
        is no such sentence.

        Args:
            typed: what English has words for and other languages show as it is typed, such as
                a policy's condition: (in words, as typed).
        """
        if self.is_english or not said:
            return said
        for words, command in typed:
            said = said.replace(words, command)
        return retelling().tell(said, self._found)

    def knows(self, said: str) -> bool:
        """Whether all of `said` can be retold, so that no card mixes two languages."""
        return self.is_english or retelling().knows(said)

    def _found(self, found: Found) -> str:
        """A sentence that was recognised, with its values as this language writes them."""
        values: dict[str, object] = {}
        count: int | None = None
        for name, value in found.values.items():
            match kind_of(name):
                case "why":
                    values[name] = retelling().tell(value, self._found)
                case "items":
                    each = (retelling().tell(one, self._found) for one in value.split("; "))
                    values[name] = "; ".join(each)
                case "day":
                    values[name] = self._day(value)
                case "moment":
                    values[name] = self._moment(value)
                case "hours":
                    values[name] = self._hours(value)
                case "span":
                    values[name] = self._span(value)
                case "count":
                    count = int(value.replace(",", ""))
                case _:
                    values[name] = value
        return self(found.key, count, **values)

    def _day(self, typed: str) -> str:
        """A day as it is typed, which is the reader's own already; “for ever” and the like."""
        try:
            return self._date(datetime.strptime(typed, "%Y-%m-%d"))  # noqa: DTZ007 no moment
        except ValueError:
            return retelling().tell(typed, self._found)

    def _moment(self, said: str) -> str:
        day, _, time = said.partition(" ")
        return self("words.moment", date=self._day(day), time=time) if time else self._day(day)

    def _hours(self, said: str) -> str:
        """Days of the week and hours, as in “Mon, Tue, 09:00 to 17:00 (Europe/Berlin)”."""
        said = said.replace("every day", self("words.every_day"))
        said = said.replace("no day", self("words.no_day")).replace(" to ", "–")
        for mine, theirs in zip(_own()[ENGLISH].days, self.catalogue.days, strict=True):
            said = re.sub(rf"\b{mine}\b", theirs, said)
        return said

    def _span(self, said: str) -> str:
        try:
            return self.span(parse_span(said))
        except ValueError:
            return retelling().tell(said, self._found)

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
        return self._date(here(at, self.reader.zone))

    def _date(self, day: datetime) -> str:
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

    def ago(self, at: datetime | None, now: datetime) -> str:
        """How long ago, in the largest unit that is full at least twice: “5 weeks ago”."""
        if at is None:
            return self("words.not_known")
        gone = now - at
        for size, unit in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
            if gone >= timedelta(days=size) * (1 if unit == "day" else 2):
                return self(f"words.ago.{unit}", count=gone.days // size)
        return self("words.ago.today" if gone >= timedelta(0) else "words.ago.ahead")

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


def catalogues() -> Mapping[str, Catalogue]:
    """Every language that there is a file of, by its code."""
    return {**_own(), **_learned}


def catalogue_of(language: str) -> Catalogue:
    """``de-AT`` reads German; what we have no catalogue of reads English."""
    known = catalogues()
    return known.get(language.casefold()) or known.get(language.casefold()[:2]) or known[ENGLISH]


def learn(folder: Path) -> tuple[str, ...]:
    """Takes in the languages of a folder, beside and before our own; gives their codes.

    What a file lacks is said in English; of a language of ours, as we say it. Raises BadTexts.
    """
    found = languages_in(folder)
    _learned.update({one.code: one for one in found})
    return tuple(one.code for one in found)


def languages_in(folder: Path) -> tuple[Catalogue, ...]:
    """Raises BadTexts: a file can't be read, or a sentence of it would break the card that says
    it; or there is none."""
    found = tuple(_learn(path) for path in sorted(folder.glob("*.toml")))
    if not found:
        raise BadTexts(f"{folder} holds no language: no file in it ends in .toml")
    return found


def forget() -> None:
    """Takes back what `learn` took in, for tests."""
    _learned.clear()


def _learn(path: Path) -> Catalogue:
    try:
        made = _read(path)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as no:
        raise BadTexts(f"{path}: {no}") from None
    except (KeyError, TypeError, AttributeError) as no:
        raise BadTexts(f"{path}: its table [language] is not whole: {no}") from None
    if faults := list(faults_of(made, _own()[ENGLISH])):
        raise BadTexts(f"{path}: " + "; ".join(faults[:5]))
    english = _own()[ENGLISH].entries
    if strange := [key for key in made.entries if key not in english]:
        _log.warning("%s: nobody says “%s”", path, "”, “".join(strange[:5]))
    ours = _own().get(made.code)
    said = {key: entry for key, entry in made.entries.items() if key in english}
    return replace(made, entries={**(ours.entries if ours else {}), **said})


def faults_of(one: Catalogue, english: Catalogue) -> Iterator[str]:
    """What would break a card, or leave out what it has to say; a missing sentence does not."""
    if one.plural not in PLURALS:
        yield f"there is no plural rule “{one.plural}”"
        return
    if (len(one.days), len(one.months)) != (7, 12):
        yield "a week has 7 days, and a year 12 months"
    needed = {PLURALS[one.plural](number) for number in range(200)}
    for key, entry in one.entries.items():
        if key not in english.entries:
            continue  # of an older version of ours, perhaps; it is left out, and said so
        if not isinstance(entry, str) and set(entry) != needed:
            yield f"“{key}” needs the forms {', '.join(sorted(needed))}"
            continue
        theirs = places_of(english.entries[key])
        for words in [entry] if isinstance(entry, str) else entry.values():
            if (mine := places_of(words)) != theirs:
                yield f"“{key}” has places for {sorted(mine)} and needs {sorted(theirs)}"


def places_of(entry: Entry) -> frozenset[str]:
    """The names of a sentence's places for values; of one that is broken, what breaks it."""
    found: set[str] = set()
    for words in [entry] if isinstance(entry, str) else entry.values():
        try:
            parts = [part for part in Formatter().parse(words) if part[1] is not None]
        except ValueError as no:
            return frozenset({str(no)})
        found |= {f"{name}{'!' if kind else ''}{spec or ''}" for _, name, spec, kind in parts}
    return frozenset(found)


@cache
def retelling() -> Retelling:
    """Of what the floors below say, in the English of our own catalogue."""
    entries = _own()[ENGLISH].entries
    return Retelling({key: entry for key, entry in entries.items() if key.startswith(RETOLD)})


_learned: dict[str, Catalogue] = {}
"""By `learn`: what languages there are is the process's, as are its time zones."""
_missed: set[tuple[str, str]] = set()


def _instead(catalogue: Catalogue, key: str) -> Catalogue:
    """English. Raises KeyError later, if it has no such sentence either: a bug."""
    if (catalogue.code, key) not in _missed:
        _missed.add((catalogue.code, key))
        _log.warning("%s has no sentence “%s”; it is said in English", catalogue.name, key)
    return _own()[ENGLISH]


@cache
def _own() -> Mapping[str, Catalogue]:
    found = (_read(path) for path in sorted(TEXTS.glob("*.toml")))
    return {one.code: one for one in found}


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
