"""The catalogues: every language says the same things, and a card in one has no other in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from string import Formatter

import pytest

import cards
from cards.kit import Card
from cards.retelling import RETOLD
from cards.speech import ENGLISH, PLURALS, Speech, catalogue_of, catalogues
from domain.people import Reader
from domain.policies import Basis, Ending
from tests.cards.checks import Drawn, shown
from tests.cards.owners import SAMPLED, owner_cards
from tests.cards.samples import NOW
from tests.cards.test_card_kit import HOSTILE

CODES = sorted(catalogues())
WORD = re.compile(r"[^\W\d_]{2,}")


def forms(code: str) -> Iterator[tuple[str, str, str]]:
    """(key, which form, sentence)"""
    for key, entry in catalogues()[code].entries.items():
        if isinstance(entry, str):
            yield key, "", entry
        else:
            yield from ((key, form, words) for form, words in entry.items())


def places(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


def test_there_is_a_language_besides_english() -> None:
    assert {ENGLISH, "de"} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_each_sentence_stands_in_each_catalogue_with_the_same_places(code: str) -> None:
    mine = {key: places(words) for key, _, words in forms(code)}
    english = {key: places(words) for key, _, words in forms(ENGLISH)}
    assert mine == english


@pytest.mark.parametrize("code", CODES)
def test_a_sentence_has_a_form_for_each_plural_and_plain_places(code: str) -> None:
    one = catalogues()[code]
    needed = {PLURALS[one.plural](n) for n in range(200)}
    for key, entry in one.entries.items():
        assert isinstance(entry, str) or set(entry) == needed, key
    for key, _, words in forms(code):
        assert words.strip() == words, key
        assert words, key
        assert all(name.isidentifier() for name in places(words)), key


@pytest.mark.parametrize("code", CODES)
def test_a_language_has_seven_days_twelve_months_and_a_name(code: str) -> None:
    one = catalogues()[code]
    assert (len(one.days), len(one.months)) == (7, 12)
    assert one.name
    assert one.name.casefold() in one.names


def test_no_sentence_is_there_that_nobody_says() -> None:
    said: set[str] = set()
    ours = Path(str(cards.__file__)).parent
    for path in (*ours.glob("*.py"), *(ours.parent / "commands").glob("*.py")):
        said |= set(re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)*)["']""", path.read_text()))
        for start in re.findall(r'f"([a-z_.]+)\{', path.read_text()):
            said |= {key for key in catalogues()[ENGLISH].entries if key.startswith(start)}
    mine = {key for key in catalogues()[ENGLISH].entries if not key.startswith(RETOLD)}
    assert mine - said == set()


def test_a_country_s_language_and_a_strange_one_are_read() -> None:
    assert catalogue_of("de-AT").code == "de"
    assert catalogue_of("DE").code == "de"
    assert catalogue_of("tlh").code == ENGLISH
    assert catalogue_of("").code == ENGLISH


def test_days_numbers_and_spans_are_the_reader_s() -> None:
    german = Speech(Reader(zone="America/New_York", language="de"))
    assert german.moment(NOW) == "Di. 24. November 2026, 08:05 EST"
    assert german.number(12345) == "12.345"
    assert german.span(timedelta(days=90)) == "3 Monate"
    assert german.span(timedelta(days=1)) == "1 Tag"
    assert german.listed("abcd", most=3) == "a, b, c und 1 weiterer"
    assert Speech().span(timedelta(days=365)) == "1 year"


def test_what_people_wrote_is_never_a_sentence_s_place() -> None:
    assert (
        Speech()("blocked.title", space="{count} {space.key}") == "{count} {space.key} is blocked"
    )


OWNED = sorted(owner_cards("Zzyx", Reader()))


def words_of(text: str) -> set[str]:
    """Its words, without what is typed, which is the same in every language."""
    lines = [re.sub(r"^(\s*\[.*?\]).*", r"\1", line) for line in text.splitlines()]
    lines = [re.sub(r"(zum Beispiel:).*|Y2lzY29\w+", r"\1", line) for line in lines]
    return {word.casefold() for line in lines for word in WORD.findall(line)}


@pytest.mark.parametrize("name", OWNED)
def test_each_word_of_a_card_in_german_is_of_the_german_catalogue(name: str, drawn: Drawn) -> None:
    one = owner_cards("Zzyx", Reader(zone="Europe/Berlin", language="de"))[name]
    german = catalogues()["de"]
    known = words_of("\n".join(words for _, _, words in forms("de")))
    known |= words_of(" ".join((*german.days, *german.months, german.name)))
    known |= {
        "zzyx",
        "cet",
        "cest",
        "inactive",
        "english",
        "oder",
        "schreib",
        "europe",
        "berlin",
    } | SAMPLED
    for said in (one.text, shown(drawn(one))):
        assert words_of(said) - known == set()


@pytest.mark.parametrize("name", OWNED)
@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_a_card_in_german_holds_whatever_people_write(name: str, title: str, drawn: Drawn) -> None:
    one = owner_cards(title, Reader(language="de"))[name]
    said = shown(drawn(one))
    assert "\u202e" not in said
    assert "[look-alike letters]" not in said + one.text


def test_a_sentence_in_another_language_gives_the_policy_s_own_numbers() -> None:
    from cards.warning import warning_card
    from tests.cards.samples import OWNER, warned

    german = Reader(zone="Europe/Berlin", language="de")
    one = replace(
        warned("Zzyx"), policy="alte", condition="inactive:>90d", period=timedelta(days=180),
        number=2, of=4,
    )  # fmt: skip
    said = warning_card([one], owner=OWNER, reader=german).text
    assert "„alte“" in said
    assert "inactive:>90d" in said
    assert "nach der letzten Benutzung: 6 Monate" in said
    assert "Nummer 2 von 4" in said
    assert "Letzte" not in said
    last = warning_card([replace(one, number=4)], owner=OWNER, reader=german).text
    assert last.startswith("Letzte Warnung: ")
    assert "Nummer 4 von 4, die letzte" in last
    made = replace(one, basis=Basis.CREATED, ending=Ending.BLOCK)
    assert "nach der Erstellung" in warning_card([made], owner=OWNER, reader=german).text


def test_a_card_of_a_kind_says_each_thing_in_its_fallback_in_german_too(drawn: Drawn) -> None:
    def said(one: Card) -> str:
        return one.text

    for one in owner_cards("Zzyx", Reader(language="de")).values():
        for line in shown(drawn(one)).splitlines():
            assert line.strip() in said(one) or not line.strip()
