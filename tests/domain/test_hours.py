"""When something may be destroyed: wall clocks, summer time, weekends, freeze days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hours import Freeze, Hours, read_days, read_freezes, read_hours, read_zone

BERLIN = "Europe/Berlin"
OFFICE = Hours(zone=BERLIN, days=read_days("mon-fri"), opens=time(8), closes=time(18))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-24T06:59:59", False), ("2026-11-24T07:00", True),  # winter: UTC+1
        ("2026-11-24T16:59", True), ("2026-11-24T17:00", False),
        ("2026-07-21T05:59", False), ("2026-07-21T06:00", True),  # summer: UTC+2
        ("2026-07-21T15:59", True), ("2026-07-21T16:00", False),
        ("2026-11-27T12:00", True), ("2026-11-28T12:00", False), ("2026-11-29T12:00", False),
    ],
)  # fmt: skip
def test_hours_are_of_the_wall_clock(moment: str, is_open: bool) -> None:
    assert (OFFICE.closed(at(moment)) == "") == is_open


def test_without_hours_it_is_always_open() -> None:
    for hour in range(24 * 14):
        assert Hours().closed(at("2026-11-24T00:00") + timedelta(hours=hour)) == ""


def test_the_hour_that_comes_twice_is_open_or_closed_both_times() -> None:
    night = Hours(zone=BERLIN, opens=time(2, 30), closes=time(3))
    # On 2026-10-25 the clocks go back at 03:00: 02:30 is 00:30 and 01:30 UTC.
    assert [night.closed(at(f"2026-10-25T{hour}")) == "" for hour in ("00:29", "00:30", "00:59",
            "01:00", "01:30", "02:00")] == [False, True, True, False, True, False]  # fmt: skip
    # On 2026-03-29 they go forward: there is no 02:30, and the day has no open minute.
    day = [at("2026-03-28T23:00") + timedelta(minutes=n) for n in range(23 * 60)]
    assert all(night.closed(one) for one in day)


def test_hours_over_midnight_belong_to_the_day_on_which_they_began() -> None:
    late = Hours(days=read_days("fri"), opens=time(22), closes=time(4))
    assert late.closed(at("2026-11-27T23:00")) == ""
    assert late.closed(at("2026-11-28T03:59")) == ""
    assert late.closed(at("2026-11-28T04:00"))
    assert late.closed(at("2026-11-28T23:00"))
    assert late.closed(at("2026-11-27T03:00"))


def test_freeze_days_are_whole_days_there() -> None:
    frozen = Hours(zone="America/New_York", freezes=read_freezes("2026-12-24..2026-12-26"))
    assert frozen.closed(at("2026-12-24T04:59")) == ""
    assert "2026-12-24 is a freeze day" in frozen.closed(at("2026-12-24T05:00"))
    assert frozen.closed(at("2026-12-27T04:59"))
    assert frozen.closed(at("2026-12-27T05:00")) == ""


def test_a_day_without_a_year_comes_every_year_also_around_new_year() -> None:
    [christmas, turn, leap] = read_freezes("12-25, 12-30 .. 01-02; 02-29")
    assert christmas == Freeze(date(2000, 12, 25), date(2000, 12, 25), True)
    assert all(turn.has(date(year, *day)) for year in (2026, 2027) for day in ((12, 31), (1, 2)))
    assert not turn.has(date(2027, 1, 3))
    assert not turn.has(date(2026, 12, 29))
    assert leap.has(date(2028, 2, 29))
    assert not leap.has(date(2027, 3, 1))


def test_the_next_open_moment_is_the_first() -> None:
    assert OFFICE.opens_at(at("2026-11-27T17:30")) == at("2026-11-30T07:00")
    assert OFFICE.opens_at(at("2026-11-27T12:00")) == at("2026-11-27T12:00")
    assert Hours(days=frozenset()).opens_at(at("2026-11-27T12:00")) is None
    assert Hours(freezes=read_freezes("2026-01-01..2126-01-01")).opens_at(at("2026-11-27")) is None


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.sampled_from((BERLIN, "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC")),
    st.sampled_from(("", "mon-fri", "sat", "sun mon")),
    st.sampled_from(("", "08:00-18:00", "22:00-04:00", "00:00-00:30")),
)  # fmt: skip
def test_what_is_said_to_open_is_open_and_never_sooner(
    now: datetime, zone: str, days: str, hours: str
) -> None:
    opens, closes = read_hours(hours) or (None, None)
    made = Hours(zone=zone, days=read_days(days), opens=opens, closes=closes)
    found = made.opens_at(now)
    assert found is not None
    assert made.closed(found) == ""
    for minutes in range(0, int((found - now).total_seconds() // 60), 37):
        assert made.closed(now + timedelta(minutes=minutes))


@pytest.mark.parametrize("text", ["8-18", "08:00", "25:00-26:00", "08:00-08:00", "morning", "-"])
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hours"):
        read_hours(text)


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "12-32", "christmas", "2027-01-01..2026-12-24", "1-2-3", "12-24..2027-01-01"],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"day|begins"):
        read_freezes(text)


def test_days_and_zones_are_read_or_refused() -> None:
    assert read_days("sat-mon") == {5, 6, 0}
    assert read_days("Monday, wed") == {0, 2}
    assert read_days("") == set(range(7))
    assert read_zone("") == "UTC"
    for wrong in ("mo-xx", "1-5"):
        with pytest.raises(ValueError, match="no day"):
            read_days(wrong)
    for wrong in ("Mars/Base", "../etc/passwd", "x" * 300):
        with pytest.raises(ValueError, match="no time zone"):
            read_zone(wrong)
