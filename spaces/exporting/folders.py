"""The folder that an export becomes: names that can do no harm, files that are whole or not there.

A file is written beside its place and moved there; a folder is called ``….partial`` until all
of it is there. A name from Webex is never more than a name: no way up, no dots in front, nothing
that a browser would run when it is opened from the disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

RUN_BY_BROWSERS = frozenset(
    {"html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "svg", "svgz", "xml", "xsl", "xslt",
     "js", "mjs", "hta", "htc", "swf", "wasm"}
)  # fmt: skip
"""Opened from the disk these would run what somebody wrote into them; so they end in .txt."""
PARTIAL = ".partial"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def safe_name(text: str, *, longest: int = 60, other: str = "unnamed") -> str:
    """A person's name for something as the name of a file: ASCII, one part, harmless."""
    name = _UNSAFE.sub("-", text.replace("\\", "/").rpartition("/")[2]).strip(".-_")
    stem, dot, end = name.rpartition(".")
    if dot and len(end) <= 10:
        name = f"{stem[: longest - len(end) - 1]}.{end}"
        if end.lower() in RUN_BY_BROWSERS:
            name += ".txt"
    elif name.lower() in RUN_BY_BROWSERS:
        name += ".txt"
    return name[: longest + 4] or other


def write(path: Path, content: bytes) -> None:
    """Whole or not at all; only for the operator's eyes."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def write_json(path: Path, value: object) -> None:
    write(path, json.dumps(value, indent=1, sort_keys=True, default=str).encode("ascii"))


def files_in(folder: Path) -> Iterator[Path]:
    """All of them, in order; links are none of ours."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def sha256_of(path: Path) -> str:
    sealed = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            sealed.update(piece)
    return sealed.hexdigest()
