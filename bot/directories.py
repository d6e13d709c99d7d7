"""Which directory of groups the settings name, made and joined to what it asks."""

from __future__ import annotations

from collections.abc import Sequence

from bot.settings import DirectoryKind, Settings
from directory.file import FileDirectory
from directory.spec import Directory, NoDirectory
from directory.webex import Questions, WebexDirectory
from domain.ids import PersonId
from webex.gateway import Gateway, Lane, Webex


def build_directory(settings: Settings, webex: Webex) -> Directory:
    if settings.directory is DirectoryKind.FILE and settings.directory_file is not None:
        return FileDirectory(settings.directory_file)
    if settings.directory is DirectoryKind.WEBEX:
        return WebexDirectory(ask=_questions(webex))
    return NoDirectory()


def _questions(webex: Webex) -> Questions:
    """The identity is asked for each time: without one that is a Refusal, not a start's end."""

    def gateway() -> Gateway:
        return webex.compliance(Lane.BACKGROUND)

    def groups(start: int) -> tuple[Sequence[tuple[str, str]], int]:
        found, total = gateway().groups(start=start)
        return [(group.id, group.name) for group in found], total

    def emails(people: Sequence[PersonId]) -> dict[PersonId, str]:
        found, _ = gateway().people_by_ids(people)
        return {person.id: person.email for person in found}

    return Questions(
        groups=groups, emails=emails,
        members=lambda group, start: gateway().group_members(group, start=start),
    )  # fmt: skip
