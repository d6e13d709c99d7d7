from datetime import timedelta

import pytest

from domain.spans import parse_span, say_span


@pytest.mark.parametrize(
    ("text", "days"),
    [("90d", 90), ("2w", 14), ("6 months", 180), ("1Y", 365), (" 3 Days ", 3), ("1 mo", 30)],
)
def test_a_span_is_read_as_people_write_it(text: str, days: int) -> None:
    assert parse_span(text) == timedelta(days=days)


@pytest.mark.parametrize("text", ["90", "", "0d", "-5d", "1.5y", "5 parsecs", "999y", "٣d d"])
def test_what_could_be_misread_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        parse_span(text)


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "1 day"), (14, "2 weeks"), (30, "1 month"), (365, "1 year"), (8, "8 days")],
)
def test_a_span_is_said_in_the_largest_whole_unit(days: int, said: str) -> None:
    assert say_span(timedelta(days=days)) == said
