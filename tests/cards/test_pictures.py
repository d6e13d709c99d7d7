"""Each sample of a card is on one sheet of pictures."""

from __future__ import annotations

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
