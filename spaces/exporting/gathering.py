"""Reading a space out of Webex, a page of messages at a time, in such a way that it can go on.

Webex gives the newest first. Each page is written down with what became of its files before the
next is asked for, so that a process that dies goes on after the last page that was written. No
more than a page is ever held in memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.errors import Fault, Stopped
from domain.ids import MessageId, RoomId
from spaces.exporting.folders import safe_name, write
from spaces.spec import Exports
from webex.errors import NotAuthorised, Throttled, Unclear, WebexFault
from webex.gateway import Gateway
from webex.values import Message

PAGE = 100
PARTS, FILES, END = "parts", "files", "end"


def gather(
    gateway: Gateway, room: RoomId, folder: Path, exports: Exports, *, stop: Callable[[], bool]
) -> None:
    """All messages of `room` into ``parts/``, their files into ``files/``.

    Raises:
        Stopped: the process ends; it goes on where it was.
        WebexFault: it can't be read; what was written so far stays.
    """
    (folder / PARTS).mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / PARTS / END).exists():
        return
    written = sorted((folder / PARTS).glob("*.jsonl"))
    before, seen = _oldest(written)
    total = sum(f.stat().st_size for f in (folder / FILES).glob("*")) if seen else 0
    number = len(written)
    while True:
        if stop():
            raise Stopped
        page = gateway.messages(room, before_message=before, max=PAGE)
        if page.faulty:
            raise Unclear("some of its messages can't be read")
        if not page.items:
            break
        if page.items[-1].id == before:
            raise Unclear("its messages are read in a circle")
        lines = []
        for message in page.items:
            said, size = _message(gateway, message, folder, exports, total)
            total += size
            lines.append(json.dumps(said, sort_keys=True))
        number += 1
        write(folder / PARTS / f"{number:08d}.jsonl", ("\n".join(lines) + "\n").encode("ascii"))
        before = page.items[-1].id
    write(folder / PARTS / END, b"")


def oldest_first(folder: Path) -> Iterator[dict[str, Any]]:
    """The messages that were gathered, one after the other."""
    for part in sorted((folder / PARTS).glob("*.jsonl"), reverse=True):
        for line in reversed(part.read_text("ascii").splitlines()):
            yield json.loads(line)


def _oldest(written: list[Path]) -> tuple[MessageId | None, bool]:
    if not written:
        return None, False
    last = written[-1].read_text("ascii").splitlines()[-1]
    return MessageId(str(json.loads(last)["id"])), True


def _message(
    gateway: Gateway, message: Message, folder: Path, exports: Exports, total: int
) -> tuple[dict[str, Any], int]:
    """A message as it is kept, and the bytes of its files."""
    files, bytes_ = [], 0
    for number, address in enumerate(message.files, 1):
        kept = _file(gateway, message.id, number, address, folder, exports, total + bytes_)
        files.append(kept)
        bytes_ += int(kept.get("bytes", 0)) if "path" in kept else 0
    return {
        "id": str(message.id), "parent": str(message.parent_id) if message.parent_id else None,
        "person": str(message.person_id), "email": message.email, "text": message.text,
        "markdown": message.markdown, "html": message.html,
        "created": message.created.isoformat(), "edited": _iso(message.updated),
        "mentioned_people": [str(one) for one in message.mentioned_people],
        "mentioned_groups": list(message.mentioned_groups),
        "cards": [dict(one) for one in message.attachments], "files": files,
    }, bytes_  # fmt: skip


def _file(
    gateway: Gateway, message: MessageId, number: int, address: str, folder: Path,
    exports: Exports, total: int,
) -> dict[str, Any]:  # fmt: skip
    """The file itself where it may be had and fits; else why it is not here."""
    room_left = min(exports.file_bytes, exports.total_bytes - total)
    if room_left <= 0:
        return {"address": address, "left_out": "the export has as many files as it may have"}
    try:
        got = gateway.content(address, most=room_left)
    except (NotAuthorised, Throttled, Unclear):
        raise
    except (WebexFault, Fault) as no:
        return {"address": address, "left_out": str(no)}
    name = f"{message.uuid[:13]}-{number}-{safe_name(got.name)}"
    write(folder / FILES / name, got.content)
    return {
        "address": address, "name": got.name, "media": got.media, "bytes": len(got.content),
        "path": f"{FILES}/{name}",
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
