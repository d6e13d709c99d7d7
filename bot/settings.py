"""What the operator sets: one frozen object from the environment and an optional file.

Decides names, defaults and which combinations make no sense; all faults are told at once, in
words for the operator, and no secret is ever part of a message or a repr. What the values are
used for is `bot/wiring.py`'s business.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.settings_directories import (
    LDAP_GROUPS,
    LDAP_USERS,
    Cloud,
    DirectoryKind,
    Nameless,
    misfits_of_directories,
    read_kinds,
    read_words,
)
from bot.settings_language import LANGUAGE, TEXTS, TextsFolder
from bot.settings_reading import from_file, near
from bot.settings_watches import is_network, misfits, read_ports
from domain.cadences import PROFILES, Profiles, read_profiles
from domain.hours import Hours, read_days, read_freezes, read_hours, read_zone
from spaces.spec import KeepReason

PREFIX = "SPACEKEEPER_"
FILE = f"{PREFIX}SETTINGS_FILE"
WEBEX = "https://webexapis.com/v1/"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

Ports = Annotated[frozenset[int], NoDecode]
Listed = Annotated[frozenset[str], NoDecode]
"""Several words, divided by commas or spaces; case does not matter."""

Ordered = Annotated[tuple[str, ...], NoDecode]
"""As `Listed`, where the order matters and the case does, too."""


class WrongSettings(Exception):
    """The process can't start like this; the message lists everything that is wrong."""


Kinds = Annotated[frozenset[DirectoryKind], NoDecode]


class Settings(BaseSettings):
    """The settings, by the names of their environment variables without the prefix."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True,
        hide_input_in_errors=True,
    )  # fmt: skip

    bot_token: SecretStr = Field(description="The bot's access token.")
    webex_url: str = Field(WEBEX, description="Webex's REST API.")
    u2c_url: str = Field("", description="Webex's catalog of services; empty: the usual one.")
    ca_file: Path | None = Field(None, description="Certificates to trust instead of the usual.")

    co_client_id: str = Field("", description="The compliance integration: its client id,")
    co_client_secret: SecretStr = Field(SecretStr(""), description="client secret,")
    co_refresh_token: SecretStr = Field(SecretStr(""), description="refresh token,")
    co_access_token: SecretStr = Field(SecretStr(""), description="or just an access token.")
    co2_access_token: SecretStr = Field(
        SecretStr(""), description="A second compliance identity, that sees what is gone."
    )

    database_url: str = Field("sqlite:///var/spacekeeper.db", description="Where all is kept.")
    encryption_key: SecretStr = Field(
        SecretStr(""), description="A Fernet key; tokens at rest are encrypted with it."
    )

    compliance: Listed = Field(frozenset(), description="E-mail addresses of compliance.")
    compliance_group: str = Field("", description="Or an AD group of theirs.")
    org_id: str = Field("", description="Our organisation; empty: the compliance identity's.")
    own_domains: Listed = Field(frozenset(), description="Mail domains that are ours.")
    alert_room: str = Field("", description="The space for alerts; empty: 1:1 to compliance.")

    cap_per_run: int = Field(0, ge=0, description="Spaces a run may destroy; 0: none.")
    cap_per_day: int = Field(0, ge=0, description="Spaces a day may destroy; 0: none.")
    cap_share: float = Field(0.05, ge=0, le=1, description="And at most this share of all.")
    cap_messages: int = Field(
        0, ge=0, description="Messages a day that policies may purge, in all spaces; 0: none."
    )
    pace_seconds: float = Field(30, ge=0, description="Between two deletions.")
    destroy_zone: str = Field("UTC", description="The time zone of these:")
    destroy_days: str = Field("", description="Days, such as mon-fri; empty: every day.")
    destroy_hours: str = Field("", description="Hours, such as 08:00-18:00; empty: all day.")
    freeze_days: str = Field(
        "", description="Days without: 2026-12-24..2027-01-01, 12-25 (each year), and so on."
    )
    warn_profiles: str = Field(
        "",
        description="More profiles of warnings that policies can name, each with the days before"
        " and the time blocked: gentle: 90 60 30 7 1 grace 30d; brisk: 14 7 3 grace 7d.",
    )
    cooling_hours: float = Field(24, ge=0, description="From an approval to its first effect.")
    immunity_days: float = Field(90, ge=0, description="How long a kept space is left alone.")
    keep_longest_days: int = Field(
        0, ge=0, le=36500, description="How far ahead a moderator may keep a space; 0: no bound."
    )
    language: str = Field("en", description=LANGUAGE)
    texts_folder: TextsFolder | None = Field(None, description=TEXTS)
    keep_renewals: int | None = Field(
        None, ge=0, description="How often its people may renew a space's keep; empty: no bound."
    )
    keep_reason: KeepReason = Field(
        KeepReason.FOREVER, description="When a keep has to say why: never, forever, always."
    )
    attestation_days: int = Field(
        90, ge=1, le=3660, description="How long a word on Control Hub's holds counts."
    )
    needs_attestation: bool = Field(
        False, description="Policies destroy nothing while no such word counts."
    )
    undo_hours: float = Field(
        24, ge=1, description="How long a deletion that somebody asks for can be taken back."
    )
    anchor_folder: Path | None = Field(
        None, description="Where the record's seals go each day; best one that only takes."
    )
    export_folder: Path | None = Field(
        None, description="Where exports of spaces go; empty: nothing is exported."
    )
    export_file_mb: float = Field(100, ge=0, description="A larger file is only listed in it.")
    export_total_mb: float = Field(10_000, ge=0, description="So are files beyond so much.")
    delete_without_export: bool = Field(
        True, description="People may delete a space of which no export could be kept."
    )
    erase_per_day: int = Field(
        0, ge=0, description="Messages and memberships that erasing people may take in a day."
    )
    erase_pace_seconds: float = Field(0.5, ge=0, description="Between two of them.")
    inventory_hours: float = Field(36, gt=0, description="How old the inventory may be.")

    directory: Kinds = Field(
        frozenset(), description="Where AD groups are: webex, file, ldap, graph; or several."
    )
    directory_file: Path | None = Field(None, description="For the kind file: which.")
    directory_nameless: Nameless = Field(
        Nameless.UNKNOWN,
        description="Members without an e-mail address make a group unknown, or: skip them.",
    )
    ldap_url: str = Field(
        "", description="ldaps://host, or ldap://host with StartTLS; never without TLS."
    )
    ldap_ca_file: Path | None = Field(
        None, description="Certificates to trust there instead of the usual."
    )
    ldap_bind_dn: str = Field("", description="Who we are there: an account that may only read,")
    ldap_password: SecretStr = Field(SecretStr(""), description="and its password.")
    ldap_base: str = Field("", description="Below it are all groups and people.")
    ldap_group_filter: str = Field(LDAP_GROUPS, description="Which entries are groups.")
    ldap_user_filter: str = Field(LDAP_USERS, description="Which entries are people.")
    ldap_group_name: str = Field("cn", description="The attribute that names a group.")
    ldap_emails: Ordered = Field(
        ("mail",),
        description="The attributes that hold addresses, the main one first, such as"
        " mail proxyAddresses userPrincipalName.",
    )
    ldap_page: int = Field(500, ge=1, le=5000, description="Entries in one answer.")
    ldap_seconds: int = Field(30, ge=1, le=300, description="How long an answer may take.")
    ldap_depth: int = Field(20, ge=0, le=100, description="How deep groups lie in groups.")
    graph_tenant: str = Field("", description="Microsoft Graph: the tenant's id or domain,")
    graph_client_id: str = Field("", description="the application's id,")
    graph_client_secret: SecretStr = Field(SecretStr(""), description="its secret,")
    graph_certificate: Path | None = Field(
        None, description="or, better, a PEM file with its certificate and key."
    )
    graph_cloud: Cloud = Field(Cloud.GLOBAL, description="Which of Microsoft's clouds.")
    graph_filter: str = Field(
        "", description="Which groups, as Graph's $filter, such as securityEnabled eq true."
    )
    graph_url: str = Field("", description="Graph's address, if it is not the cloud's.")
    graph_login_url: str = Field("", description="And where its tokens come from.")
    graph_ca_file: Path | None = Field(
        None, description="Certificates to trust for these instead of the usual."
    )

    watch_ports: Ports = Field(
        frozenset({443, 8443}), description="Ports that a watch may tell things to."
    )
    watch_allow: Listed = Field(
        frozenset(),
        description="Host names, or networks such as 10.1.0.0/16, that a watch may tell things "
        "to although they are private.",
    )
    watch_ca_file: Path | None = Field(
        None, description="Certificates of such hosts, to trust besides the usual."
    )

    webhook_address: str = Field(
        "", description="Our own public https address for Webex's webhooks, for `spacekeeper web`."
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""), description="What Webex signs them with: 32 characters or more, made up."
    )
    web_host: str = Field("127.0.0.1", description="Where `spacekeeper web` listens:")
    web_port: int = Field(8080, ge=0, le=65535, description="host and port.")

    workers: int = Field(100, ge=1, le=500, description="Messages answered at the same time.")
    webex_per_minute: int = Field(300, ge=1, description="Requests that an identity may make.")
    dead_minutes: float = Field(10, gt=0, description="A connection dead this long ends us.")
    job_times: str = Field("", description="Jobs at other times: name=cron; name=never.")
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="How much is logged."
    )
    log_json: bool = Field(False, description="Logs as one JSON object a line.")
    sandbox_clock: Path | None = Field(
        None, description="The sandbox's clock; only with a webex_url on this machine."
    )

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: Any, *_: Any, **__: Any
    ) -> tuple[Any, ...]:
        """Only what `load_settings` gives: it has read the environment already."""
        return (init_settings,)

    @field_validator("compliance", "own_domains", "watch_allow", mode="before")
    @classmethod
    def _divide(cls, given: object) -> object:
        if isinstance(given, str):
            return frozenset(given.replace(",", " ").replace(";", " ").lower().split())
        return given

    @field_validator("watch_ports", mode="before")
    @classmethod
    def _are_ports(cls, given: object) -> object:
        return read_ports(given)

    @field_validator("directory", mode="before")
    @classmethod
    def _are_kinds(cls, given: object) -> object:
        return read_kinds(given)

    @field_validator("ldap_emails", mode="before")
    @classmethod
    def _are_in_order(cls, given: object) -> object:
        return read_words(given)

    @field_validator("bot_token")
    @classmethod
    def _is_said(cls, given: SecretStr) -> SecretStr:
        if not given.get_secret_value().strip():
            raise ValueError("it is empty")
        return given

    @field_validator("webex_url")
    @classmethod
    def _ends_in_slash(cls, given: str) -> str:
        return given if given.endswith("/") else given + "/"

    @field_validator("destroy_zone")
    @classmethod
    def _is_zone(cls, given: str) -> str:
        return read_zone(given)

    @field_validator("destroy_days")
    @classmethod
    def _are_days(cls, given: str) -> str:
        read_days(given)
        return given

    @field_validator("destroy_hours")
    @classmethod
    def _are_hours(cls, given: str) -> str:
        read_hours(given)
        return given

    @field_validator("freeze_days")
    @classmethod
    def _are_freezes(cls, given: str) -> str:
        read_freezes(given)
        return given

    @field_validator("warn_profiles")
    @classmethod
    def _are_profiles(cls, given: str) -> str:
        read_profiles(given)
        return given

    @field_validator("encryption_key")
    @classmethod
    def _is_fernet(cls, given: SecretStr) -> SecretStr:
        if given.get_secret_value():
            from cryptography.fernet import Fernet

            try:
                Fernet(given.get_secret_value())
            except ValueError:
                raise ValueError("it is no Fernet key (32 bytes, url-safe base64)") from None
        return given

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """One message for all that does not fit, since pydantic stops at the first."""
        wrong = list(self._misfits())
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _misfits(self) -> Any:
        for name in ("webex_url", "u2c_url"):
            url = getattr(self, name)
            if url and (urlsplit(url).scheme != "https" or not urlsplit(url).hostname):
                yield f"{PREFIX}{name.upper()} has to be an https address"
        if self.sandbox_clock is not None and not self.is_sandbox:
            yield f"{PREFIX}SANDBOX_CLOCK only goes with a {PREFIX}WEBEX_URL on this machine"
        if not self.database_url.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
            yield f"{PREFIX}DATABASE_URL has to begin with sqlite:// or postgresql://"
        refreshing = (
            self.co_client_id, self.co_client_secret.get_secret_value(),
            self.co_refresh_token.get_secret_value(),
        )  # fmt: skip
        if any(refreshing) and not all(refreshing):
            yield (
                f"{PREFIX}CO_CLIENT_ID, {PREFIX}CO_CLIENT_SECRET and {PREFIX}CO_REFRESH_TOKEN "
                "go together"
            )
        yield from misfits(
            PREFIX,
            address=self.webhook_address,
            may_be_home=self.is_sandbox,
            secret=self.webhook_secret.get_secret_value(),
        )
        if any("@" not in email for email in self.compliance):
            yield f"{PREFIX}COMPLIANCE is a list of e-mail addresses"
        yield from misfits_of_directories(PREFIX, self)

    @property
    def is_sandbox(self) -> bool:
        """Webex is on this machine."""
        return urlsplit(self.webex_url).hostname in LOOPBACK

    @property
    def hours(self) -> Hours:
        """When something may be destroyed."""
        opens, closes = read_hours(self.destroy_hours) or (None, None)
        return Hours(
            zone=self.destroy_zone, days=read_days(self.destroy_days), opens=opens, closes=closes,
            freezes=read_freezes(self.freeze_days),
        )  # fmt: skip

    @property
    def profiles(self) -> Profiles:
        """How owners are warned, by name: those that are built in, and the operator's."""
        return {**PROFILES, **read_profiles(self.warn_profiles)}

    @property
    def has_key(self) -> bool:
        return bool(self.encryption_key.get_secret_value())

    @property
    def watch_networks(self) -> tuple[str, ...]:
        return tuple(sorted(one for one in self.watch_allow if is_network(one)))

    @property
    def watch_hosts(self) -> frozenset[str]:
        return frozenset(one for one in self.watch_allow if not is_network(one))

    @property
    def is_refreshing(self) -> bool:
        return bool(self.co_refresh_token.get_secret_value())

    @property
    def keep_longest(self) -> timedelta | None:
        return timedelta(days=self.keep_longest_days) if self.keep_longest_days else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown; for the log's filter, and for nothing else."""
        values = [getattr(self, name) for name in type(self).model_fields]
        return tuple(v.get_secret_value() for v in values if isinstance(v, SecretStr) and v)

    @property
    def cooling(self) -> timedelta:
        return timedelta(hours=self.cooling_hours)


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process.

    Args:
        environment: instead of the process's own, for tests.

    Raises:
        WrongSettings: with every fault and what to do about it.
    """
    given = dict(os.environ if environment is None else environment)
    wrong: list[str] = []
    merged = {**from_file(given.get(FILE, ""), wrong, of=FILE), **given}
    known = {PREFIX + name.upper(): name for name in Settings.model_fields}
    values = {known[k]: v for k, v in merged.items() if k in known and v != ""}
    for name in sorted(set(merged) - set(known) - {FILE}):
        if name.startswith(PREFIX):
            wrong.append(f"{name}: no such setting{near(name, known)}")
    try:
        made = Settings.model_validate(values)
    except ValidationError as no:
        wrong += [_said(fault) for fault in no.errors(include_input=False, include_url=False)]
        if not any(fault["loc"] == () for fault in no.errors(include_input=False)):
            wrong += _misfits_of_the_rest(values, no)
    if wrong:
        raise WrongSettings(
            "These settings are wrong:\n" + "\n".join(f"  {line}" for line in wrong)
        )
    return made


def _misfits_of_the_rest(values: Mapping[str, str], no: ValidationError) -> list[str]:
    """What else does not fit, if the fields that are wrong by themselves were as usual."""
    bad = {fault["loc"][0] for fault in no.errors(include_input=False) if fault["loc"]}
    rest = {name: value for name, value in values.items() if name not in bad}
    try:
        Settings.model_validate({"bot_token": "unsaid", **rest})
    except ValidationError as more:
        return [_said(fault) for fault in more.errors(include_input=False, include_url=False)]
    return []


def _said(fault: Any) -> str:
    words = str(fault["msg"]).removeprefix("Value error, ")
    if not fault["loc"]:
        return words
    name = PREFIX + str(fault["loc"][0]).upper()
    if fault["type"] == "missing":
        return f"{name}: it is missing; {Settings.model_fields[fault['loc'][0]].description}"
    return f"{name}: {words[0].lower()}{words[1:]}"
