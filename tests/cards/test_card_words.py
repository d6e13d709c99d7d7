from datetime import UTC, datetime, timedelta

import pytest

from cards.words import ago, count, date, harmless, listed, moment, typed_name
from domain.ids import RoomId, SpaceKey
from domain.spaces import Space, SpaceType

AT = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
ROOM = RoomId("Y2lzY29zcGFyazovL3VzL1JPT00vOWEwYjc2ZDAtMDAwMC0xMWVmLTgwMDAtMDAwMDAwMDAwMDAx")


def test_a_date_is_the_readers_own_day() -> None:
    assert date(AT, "UTC") == "Tue 24 Nov 2026"
    assert date(AT, "Europe/Berlin") == "Wed 25 Nov 2026"


def test_a_moment_says_its_zone() -> None:
    assert moment(AT, "Europe/Berlin") == "Wed 25 Nov 2026, 00:30 CET"
    assert moment(AT, "Atlantis/Capital") == "Tue 24 Nov 2026, 23:30 UTC"


def test_what_is_not_known_is_said_so() -> None:
    assert date(None) == moment(None) == ago(None, AT) == "not known"


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "today"), (1, "1 day ago"), (13, "13 days ago"), (14, "2 weeks ago"),
     (61, "2 months ago"), (800, "2 years ago"), (-1, "in the future")],
)  # fmt: skip
def test_ago_uses_the_largest_unit_that_tells_enough(days: int, said: str) -> None:
    assert ago(AT - timedelta(days=days), AT) == said


def test_one_is_not_many() -> None:
    assert count(1, "space") == "1 space"
    assert count(0, "space") == "0 spaces"
    assert count(1200, "person", "people") == "1,200 people"


def test_a_long_list_says_how_many_more() -> None:
    assert listed("abc", most=2) == "a, b and 1 more"
    assert listed(()) == "none"


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Q3 plans", "Q3 plans"),
        ("Über uns – 日本語 👩‍💻 می‌خواهم", "Über uns – 日本語 👩‍💻 می‌خواهم"),
        ("two\nlines\t here", "two lines here"),
        ("a\u202egnp.exe", "a‹U+202E›gnp.exe"),
        ("zero\u200bwidth", "zero‹U+200B›width"),
        ("ze\u200dro", "ze‹U+200D›ro"),
        ("bell\x07", "bell‹U+0007›"),
        ("${title} {{DATE(2026)}} {{{{", "$ {title} { {DATE(2026)}} { { { {"),
        ("p\u0430ypal", "p\u0430ypal [look-alike letters]"),
        ("Привет, world", "Привет, world"),
        ("𝐀dmin", "𝐀dmin [look-alike letters]"),
    ],
)
def test_a_persons_text_can_neither_hide_nor_expand(written: str, seen: str) -> None:
    assert harmless(written) == seen
    assert harmless(seen) == seen


def test_a_long_text_is_cut_with_a_sign() -> None:
    assert harmless("x" * 10_000, 20) == "x" * 19 + "…"


def test_a_pile_of_marks_does_not_draw_over_other_lines() -> None:
    assert len(harmless("Z" + "\u0327\u0316\u0317\u0318\u0319" * 20)) < 6


def test_a_space_is_named_by_title_only_where_that_reads_the_same() -> None:
    def named(title: str | None) -> str:
        return typed_name(Space(key=SpaceKey(1), id=ROOM, title=title, type=SpaceType.GROUP))

    assert named("Q3 plans") == '"Q3 plans"'
    assert named("“Q3” plans") == ROOM
    assert named(None) == named('say "hi"') == named("a\u202eb") == named("x" * 99) == ROOM
