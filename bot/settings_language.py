"""In which languages people are spoken to, and whether a folder of further ones holds any."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from cards.speech import languages_in

LANGUAGE = "The language of whoever has said none of theirs, such as de."
TEXTS = "A folder with further languages, or with your own wording: a file for each (docs)."


def _holds_languages(folder: Path) -> Path:
    """Raises ValueError, with what to mend in which file."""
    languages_in(folder)
    return folder


TextsFolder = Annotated[Path, AfterValidator(_holds_languages)]
