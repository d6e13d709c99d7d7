"""Which directory of groups the settings name, made and joined to what it asks."""

from __future__ import annotations

from collections.abc import Sequence

from bot.settings import Settings
from bot.settings_directories import DirectoryKind, Nameless
from directory.file import FileDirectory
from directory.spec import Directory, NoDirectory, Several
from directory.webex import Questions, WebexDirectory
from domain.ids import PersonId
from webex.gateway import Gateway, Lane, Webex


def build_directory(settings: Settings, webex: Webex) -> Directory:
    made: list[Directory] = []
    kinds = settings.directory
    if DirectoryKind.WEBEX in kinds:
        made.append(WebexDirectory(ask=_questions(webex)))
    if DirectoryKind.LDAP in kinds:
        made.append(_ldap(settings))
    if DirectoryKind.GRAPH in kinds:
        made.append(_graph(settings))
    if DirectoryKind.FILE in kinds and settings.directory_file is not None:
        made.append(FileDirectory(settings.directory_file))
    if len(made) > 1:
        return Several(tuple(made))
    return made[0] if made else NoDirectory()


def _ldap(settings: Settings) -> Directory:
    """ldap3 takes its time to be imported, and few have use for it."""
    from directory.ldap import LdapDirectory, LdapPlace

    return LdapDirectory(
        LdapPlace(
            url=settings.ldap_url, bind_dn=settings.ldap_bind_dn,
            password=settings.ldap_password.get_secret_value(), base=settings.ldap_base,
            ca=settings.ldap_ca_file, emails=settings.ldap_emails,
            group_filter=settings.ldap_group_filter, user_filter=settings.ldap_user_filter,
            name=settings.ldap_group_name, page=settings.ldap_page, depth=settings.ldap_depth,
            seconds=settings.ldap_seconds,
            skips_nameless=settings.directory_nameless is Nameless.SKIP,
        )
    )  # fmt: skip


def _graph(settings: Settings) -> Directory:
    from directory.graph import CLOUDS, GraphDirectory, GraphPlace

    login, url = CLOUDS[settings.graph_cloud.value]
    return GraphDirectory(
        GraphPlace(
            tenant=settings.graph_tenant, client_id=settings.graph_client_id,
            secret=settings.graph_client_secret.get_secret_value(),
            certificate=settings.graph_certificate, login=settings.graph_login_url or login,
            url=settings.graph_url or url, filter=settings.graph_filter,
            ca=settings.graph_ca_file,
            skips_nameless=settings.directory_nameless is Nameless.SKIP,
        )
    )  # fmt: skip


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
