"""What a newcomer sees: ``make demo DEMO=script`` plays the whole story and ends well."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
IN_THIS_ORDER = (
    "The space is there, and you are in it.",
    "only its creator may do that",
    "I only talk about spaces with people of the company",
    "I'll tell it when it happens",
    "Eve Moreau came into “Q3 plans”",
    "spaces in figures",
    "“Q3 plans” can't be deleted now",
    "It is not deleted",
    "2 of 2 spaces",
    "It touches nothing",
    "You agreed to version 1",
    "“Launch ideas” will be deleted on",
    "“Offsite 2024” is kept for ever",
    "“Launch ideas” is blocked",
    "Webex says: Only moderators can post in this space.",
    "“Launch ideas” was deleted",
    "Certificate SK-",
    "1 space deleted tonight",
    "“Offsite 2024” is there.",
    "“Launch ideas” is gone, with all that was in it.",
    "its chain is whole",
    "All is running",
)


def test_the_demo_plays_its_story_to_the_end() -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("SPACEKEEPER_")}
    done = subprocess.run(
        [sys.executable, "-m", "bot.demo", "script"], cwd=ROOT, env=clean, timeout=110,
        capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout[-3000:]
    place = 0
    for words in IN_THIS_ORDER:
        found = done.stdout.find(words, place)
        assert found >= 0, f"after {done.stdout[place : place + 200]!r} never: {words}"
        place = found
