"""A folder of further languages is looked at before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import WrongSettings, load_settings
from cards.speech import TEXTS

GOOD = {"SPACEKEEPER_BOT_TOKEN": "a-token"}


def test_a_folder_of_languages_is_taken(tmp_path: Path) -> None:
    (tmp_path / "de.toml").write_text((TEXTS / "de.toml").read_text("utf-8"), "utf-8")
    made = load_settings({**GOOD, "SPACEKEEPER_TEXTS_FOLDER": str(tmp_path)})
    assert made.texts_folder == tmp_path


def test_a_folder_that_would_break_a_card_stops_the_start_and_names_the_sentence(
    tmp_path: Path,
) -> None:
    german = (TEXTS / "de.toml").read_text("utf-8")
    wrong = german.replace("wird am {day} gelöscht", "wird bald gelöscht", 1)
    assert wrong != german
    (tmp_path / "de.toml").write_text(wrong, "utf-8")
    with pytest.raises(WrongSettings) as told:
        load_settings({**GOOD, "SPACEKEEPER_TEXTS_FOLDER": str(tmp_path)})
    assert "SPACEKEEPER_TEXTS_FOLDER: " in str(told.value)
    assert "“warning.title.deleted” has places for ['space'] and needs" in str(told.value)


def test_a_folder_without_a_language_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match="holds no language"):
        load_settings({**GOOD, "SPACEKEEPER_TEXTS_FOLDER": str(tmp_path)})
