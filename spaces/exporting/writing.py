"""An export of one space: what was gathered, made readable, and sealed by a manifest.

It can be left and gone on with at any moment; what is there under its final name is whole. The
manifest names every file with its size and SHA-256, so that what is missing or was changed
later shows.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import Fault, Refusal
from domain.spaces import Space, SpaceType
from spaces.exporting import pages
from spaces.exporting.folders import (
    PARTIAL,
    files_in,
    safe_name,
    sha256_of,
    write,
    write_json,
)
from spaces.exporting.gathering import PARTS, gather, oldest_first
from spaces.spec import Exports, House
from spaces.sync.pages import follow
from webex.gateway import Lane

MANIFEST = "manifest.json"


class NoExports(Fault):
    """The operator named no folder, or it can't be written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """`folder` as the operator finds it; `files_left_out` are only listed in it."""

    folder: Path
    messages: int
    files: int
    files_left_out: int
    sha256: str
    """Of the manifest, which names all other files with theirs."""


def export_space(
    house: House, space: Space, *, name: str, stop: Callable[[], bool] = lambda: False
) -> Exported:
    """Writes `space` out, or goes on with it.

    Args:
        name: of this export for ever; with the same one it is the same folder.

    Raises:
        Refusal: without a compliance identity nobody can read what was said.
        NoExports: there is no folder for it, or it can't be written.
        Stopped: the process ends; it goes on where it was.
        WebexFault: something can't be read; what was written so far stays.
    """
    exports = house.exports
    if exports is None:
        raise NoExports("the operator named no folder for exports")
    officer = house.webex.compliance(Lane.BACKGROUND)  # first: its Refusal says what is missing
    final = folder_of(exports, space, name)
    if final.exists():
        return _read(final)
    work = final.with_name(final.name + PARTIAL)
    try:
        work.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = _about(house, space, work)
        gather(officer, space.id, work, exports, stop=stop)
        counts = _make_readable(work, about)
        _seal(work, about, counts)
        work.rename(final)
    except OSError as no:
        raise NoExports(f"the folder for exports can't be written ({no.strerror})") from None
    return _read(final)


def folder_of(exports: Exports, space: Space, name: str) -> Path:
    title = safe_name(space.title or "", longest=40, other="space")
    return exports.folder / f"{title}-{str(space.id)[-8:]}-{safe_name(name, longest=40)}"


def _about(house: House, space: Space, work: Path) -> dict[str, Any]:
    """What the space is, as it was when the export began."""
    path = work / "space.json"
    if path.exists():
        return dict(json.loads(path.read_text("ascii")))
    officer = house.webex.compliance(Lane.BACKGROUND)
    room = officer.room(space.id)
    members = follow(lambda address: officer.memberships(room=space.id, address=address))
    if not members.complete or not members.items:
        raise Fault("its members can't be read completely")
    about = {
        "id": str(space.id), "title": room.title or space.title, "team": space.team,
        "kind": "direct conversation" if room.type is SpaceType.DIRECT else "group space",
        "created": room.created.isoformat(), "classification": space.classification,
        "description": room.description, "tags": list(space.tags), "is_locked": room.is_locked,
        "is_announcement_only": room.is_announcement_only,
        "exported": house.clock.now().isoformat(timespec="seconds"),
        "members": [
            {
                "id": str(one.person_id), "email": one.email, "name": one.display_name,
                "moderator": one.is_moderator,
                "since": one.created.isoformat() if one.created else None,
            }
            for one in members.items
        ],
    }  # fmt: skip
    write_json(path, about)
    return about


def _make_readable(work: Path, about: Mapping[str, Any]) -> Counter[str]:
    """The pages and the JSON, from what was gathered; written anew each time it comes here."""
    counts: Counter[str] = Counter({"messages": 0, "files": 0, "left_out": 0})
    with (work / "messages.json").open("w", encoding="ascii") as out:
        out.write("[")
        for number, one in enumerate(oldest_first(work)):
            out.write((",\n" if number else "\n") + json.dumps(one, sort_keys=True))
            counts["messages"] += 1
            counts["files"] += len(one["files"])
            counts["left_out"] += sum("path" not in file for file in one["files"])
        out.write("\n]\n")
    title, number = str(about["title"] or "(title not known)"), 0
    for text in pages.message_pages(title, oldest_first(work)):
        number += 1
        write(work / pages.name_of(number), text.encode())
    if number:
        _unlink_next(work / pages.name_of(number), number)
    with (work / "files.html").open("w", encoding="utf-8") as out:
        head, _, foot = pages.page(
            f"Files of {title}", ["<table>", "@rows@", "</table>"]
        ).partition("@rows@")
        out.write(head)
        out.writelines(f"{row}\n" for row in pages.file_rows(oldest_first(work)))
        out.write(foot)
    write(work / "index.html", pages.index(about, number, counts).encode())
    return counts


def _unlink_next(last: Path, number: int) -> None:
    """A last page that is full to the brim says that there is a next one."""
    link = f'<p><a href="{pages.name_of(number + 1)}">Next page</a></p>'
    write(last, last.read_text("utf-8").replace(link, "").encode())


def _seal(work: Path, about: Mapping[str, Any], counts: Mapping[str, int]) -> None:
    shutil.rmtree(work / PARTS)
    (work / MANIFEST).unlink(missing_ok=True)
    sealed = {
        str(path.relative_to(work)): {"sha256": sha256_of(path), "bytes": path.stat().st_size}
        for path in _ours(work)
    }
    write_json(
        work / MANIFEST,
        {"space": about["id"], "exported": about["exported"], **counts, "contents": sealed},
    )


def _ours(work: Path) -> Iterator[Path]:
    """Without what a write that died left beside its place."""
    for path in files_in(work):
        if path.suffix == ".new":
            path.unlink()
        else:
            yield path


def _read(folder: Path) -> Exported:
    try:
        said = json.loads((folder / MANIFEST).read_text("ascii"))
    except (OSError, ValueError) as no:
        raise NoExports(f"there is another folder of that name ({type(no).__name__})") from None
    return Exported(
        folder=folder, messages=said["messages"], files=said["files"],
        files_left_out=said["left_out"], sha256=sha256_of(folder / MANIFEST),
    )  # fmt: skip


__all__ = ["Exported", "NoExports", "Refusal", "export_space", "folder_of"]
