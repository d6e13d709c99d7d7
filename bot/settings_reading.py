"""How settings are read from a file, and what a wrong name was meant to be."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path


def from_file(name: str, wrong: list[str], *, of: str) -> dict[str, str]:
    """NAME=value lines. Args: wrong: faults are added to it. of: what names the file."""
    if not name:
        return {}
    try:
        lines = Path(name).read_text().splitlines()
    except OSError as no:
        wrong.append(f"{of}: it can't be read ({no.strerror})")
        return {}
    found = {}
    for number, line in enumerate(lines, 1):
        key, is_pair, value = line.partition("=")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not is_pair:
            wrong.append(f"{of}, line {number}: it is not NAME=value")
            continue
        found[key.strip().removeprefix("export ").strip()] = value.strip().strip("\"'")
    return found


def near(name: str, known: Mapping[str, str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""
