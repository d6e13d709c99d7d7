"""Several that have to be open: the company and a policy, wherever their clocks hang."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import Calendar, Openings, Own, write_freezes, write_hours
from domain.hours import Freeze, Hours, read_days

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OFFICE = Hours(zone="Europe/Berlin", days=read_days("mon-fri"), opens=time(8), closes=time(18))
MINUTE = timedelta(minutes=1)

calendars = st.lists(
    st.sampled_from(
        [
            OFFICE, Hours(),
            Hours(zone="America/New_York", opens=time(9), closes=time(17)),
            Hours(zone="Asia/Tokyo", opens=time(22), closes=time(6), days=read_days("mon wed")),
            Hours(freezes=(Freeze(date(2026, 11, 20), date(2026, 12, 3)),)),
            Hours(
                zone="Europe/Berlin",
                freezes=(Freeze(date(2000, 12, 24), date(2000, 1, 2), True,
                                NOW + timedelta(days=35, minutes=7)),),
            ),
        ]
    ),
    min_size=1, max_size=3,
).map(lambda parts: Calendar(parts=tuple(parts)))  # fmt: skip


@given(calendars, st.integers(0, 60 * 24 * 60))
def test_it_opens_at_the_first_moment_at_which_all_are_open(found: Calendar, after: int) -> None:
    now = NOW + after * MINUTE
    opens = found.opens_at(now)
    assert Openings(found, NOW, NOW + timedelta(days=60)).opens_at(now) == opens
    if opens is None:
        return
    assert found.closed(opens) == ""
    assert opens == now or found.closed(opens - MINUTE)
    step = max(MINUTE, (opens - now) / 50)
    while now < opens:
        assert found.closed(now)
        now += step


def test_what_never_opens_together_is_never_open() -> None:
    day, night = Hours(opens=time(8), closes=time(18)), Hours(opens=time(20), closes=time(6))
    assert Calendar(parts=(day, night)).opens_at(NOW) is None
    assert (
        Openings(Calendar(parts=(day, night)), NOW, NOW + timedelta(days=9)).opens_at(NOW) is None
    )


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Mon-Fri 9:00-17:00 Europe/Berlin", "mon-fri 09:00-17:00 Europe/Berlin"),
        ("sat, sun", "sat-sun"), ("fri-mon", "fri-mon"), ("wed mon", "mon wed"),
        ("mon-sun", ""), ("22:00-06:00 utc", "22:00-06:00 UTC"), ("always", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_policys_hours_are_kept_in_one_way_of_writing(said: str, kept: str) -> None:
    assert write_hours(said) == kept
    assert write_hours(kept) == kept


@pytest.mark.parametrize("said", ["moonday", "09:00-17:00 18:00-19:00", "mon Mars/Base", "9-17"])
def test_what_are_no_hours_of_a_policy_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r"day|hours|zone"):
        write_hours(said)


def test_freeze_days_of_a_policy_are_kept_in_one_way_of_writing() -> None:
    assert write_freezes("2026-12-24 to 2027-01-02; 12-25,12-25") == "2026-12-24..2027-01-02, 12-25"
    assert write_freezes("none") == ""
    with pytest.raises(ValueError, match="no day"):
        write_freezes("christmas")


def test_hours_without_a_zone_are_of_the_companys_and_damaged_ones_never_open() -> None:
    assert Own(hours="mon-fri").within("Asia/Tokyo", of="“x”").zone == "Asia/Tokyo"
    assert Own(hours="mon-fri UTC").within("Asia/Tokyo", of="“x”").zone == "UTC"
    broken = Own(hours="whenever").within("UTC", of="“x”")
    assert "nothing is destroyed by “x”" in broken.closed(NOW)
    assert broken.opens_at(NOW) is None


def test_a_freeze_that_two_took_away_counts_until_then() -> None:
    gone = NOW + timedelta(hours=24)
    hours = Hours(freezes=(Freeze(NOW.date(), NOW.date() + timedelta(days=9), void_from=gone),))
    assert "freeze day" in hours.closed(gone - MINUTE)
    assert hours.closed(gone) == ""
    assert hours.opens_at(NOW) == gone
