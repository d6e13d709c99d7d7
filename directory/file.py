"""Groups from a CSV file: a head line ``group,email``, then a line for each member.

For where no directory can be asked, and for trying things out. The file is read anew each
time; one line that can't be understood makes the whole file unknown, since a group that lost a
member by a slip of the keyboard must not lose a space its protection.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from directory.spec import DirectoryFault, DirectoryGroup

HEAD = ("group", "email")


class FileDirectory:
    kind = "file"

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        return f"the file {self._path}"

    def groups(self) -> Iterator[DirectoryGroup]:
        found: dict[str, tuple[str, set[str]]] = {}
        for group, email in self._members():
            found.setdefault(group.casefold(), (group, set()))[1].add(email)
        for key, (group, emails) in found.items():
            yield DirectoryGroup(source_id=f"file:{key}", name=group, emails=frozenset(emails))

    def named(self, name: str) -> Iterator[DirectoryGroup]:
        return (one for one in self.groups() if one.name.casefold() == name.casefold())

    def _members(self) -> Iterator[tuple[str, str]]:
        try:
            with self._path.open(newline="", encoding="utf-8-sig") as file:
                lines = list(csv.reader(file, strict=True))
        except (OSError, UnicodeError, csv.Error) as no:
            raise DirectoryFault(f"{self.name} can't be read: {_why(no)}") from None
        if not lines or tuple(word.strip().lower() for word in lines[0]) != HEAD:
            raise DirectoryFault(f"{self.name} does not begin with the line {','.join(HEAD)}")
        for number, line in enumerate(lines[1:], 2):
            words = [word.strip() for word in line]
            if not any(words):
                continue
            if len(words) != 2 or not all(words) or words[1].count("@") != 1:
                raise DirectoryFault(f"{self.name}, line {number}: it is not a group and an e-mail")
            yield words[0], words[1].lower()


def _why(no: Exception) -> str:
    return no.strerror or "" if isinstance(no, OSError) else str(no)
