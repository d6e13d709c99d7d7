"""Each sample of a card is on one sheet of pictures, and what docs/cards.md shows is there."""

from __future__ import annotations

import re
from collections import Counter

from tests.cards import pictures
from tests.cards.samples import samples


def test_each_sample_is_on_one_sheet_and_no_sheet_is_called_as_another() -> None:
    topics = pictures.topics()
    drawn = Counter(name for names in topics.values() for name in names)
    assert drawn == Counter(list(samples("x")))
    files = [
        pictures.file_name(topic, number)
        for topic, names in topics.items()
        for number, _ in enumerate(pictures.sheets(names), 1)
    ]
    assert len(files) == len(set(files))


def test_what_the_page_shows_is_there_and_is_small() -> None:
    shown = re.findall(r"\]\(pictures/([^)]+)\)", pictures.PAGE.read_text("utf-8"))
    assert shown
    sizes = [(pictures.PICTURES / name).stat().st_size for name in shown]
    assert max(sizes) <= pictures.MOST_BYTES
    assert sum(sizes) < 3_000_000
