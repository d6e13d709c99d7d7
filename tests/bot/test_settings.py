"""Settings: everything wrong is told at once, and nothing secret is."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, WrongSettings, load_settings
from domain.hours import Hours

SECRET = "a-very-secret-token"
GOOD = {"SPACEKEEPER_BOT_TOKEN": SECRET}


def test_a_token_is_all_that_is_needed() -> None:
    settings = load_settings(GOOD)

    assert settings.webex_url == "https://webexapis.com/v1/"
    assert settings.directory == frozenset()
    assert settings.cap_per_run == 0  # nothing may be destroyed until someone says so


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(WrongSettings) as told:
        load_settings(
            {
                "SPACEKEEPER_WORKERS": "many",
                "SPACEKEEPER_WEBEX_URL": "http://webexapis.com/v1",
                "SPACEKEEPER_CO_CLIENT_ID": "C1",
                "SPACEKEEPER_SANDBOX_CLOCK": "clock.json",
                "SPACEKEEPER_CAP_PER_RNU": "5",
            }
        )

    said = str(told.value)
    assert "SPACEKEEPER_BOT_TOKEN: it is missing" in said
    assert "SPACEKEEPER_WORKERS" in said
    assert "SPACEKEEPER_WEBEX_URL has to be an https address" in said
    assert "SPACEKEEPER_CO_REFRESH_TOKEN go together" in said
    assert "SPACEKEEPER_SANDBOX_CLOCK only goes with" in said
    assert "did you mean SPACEKEEPER_CAP_PER_RUN?" in said


def test_no_secret_is_ever_printed() -> None:
    settings = load_settings({**GOOD, "SPACEKEEPER_CO_ACCESS_TOKEN": SECRET + "2"})
    assert SECRET not in repr(settings) + str(settings)

    with pytest.raises(WrongSettings) as told:
        load_settings(
            {**GOOD, "SPACEKEEPER_ENCRYPTION_KEY": SECRET, "SPACEKEEPER_CAP_PER_RUN": "-1"}
        )
    assert SECRET not in str(told.value)
    assert SECRET not in repr(told.value.__context__)


def test_lists_are_divided_by_commas_and_spaces_and_lowered() -> None:
    settings = load_settings(
        {**GOOD, "SPACEKEEPER_COMPLIANCE": "Cleo@Example.com, dora@example.com"}
    )
    assert settings.compliance == {"cleo@example.com", "dora@example.com"}


def test_a_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text(f"# ours\nSPACEKEEPER_BOT_TOKEN='{SECRET}'\nexport SPACEKEEPER_WORKERS=4\n")

    settings = load_settings({"SPACEKEEPER_SETTINGS_FILE": str(file), "SPACEKEEPER_WORKERS": "8"})

    assert settings.bot_token.get_secret_value() == SECRET
    assert settings.workers == 8


def test_a_file_that_can_not_be_read_is_told_with_the_rest() -> None:
    with pytest.raises(WrongSettings) as told:
        load_settings({"SPACEKEEPER_SETTINGS_FILE": "/nowhere/settings"})
    assert "SPACEKEEPER_SETTINGS_FILE" in str(told.value)
    assert "SPACEKEEPER_BOT_TOKEN" in str(told.value)


def test_settings_can_not_be_changed() -> None:
    settings = load_settings(GOOD)
    with pytest.raises(ValueError, match="frozen"):
        settings.workers = 3  # type: ignore[misc]


def test_every_setting_says_what_it_is() -> None:
    silent = [n for n, f in Settings.model_fields.items() if not f.description]
    assert silent == []


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"DIRECTORY": "ldap"}, ["LDAP_URL", "LDAP_BASE", "LDAP_BIND_DN", "LDAP_PASSWORD"]),
        ({"DIRECTORY": "graph"}, ["GRAPH_TENANT", "GRAPH_CLIENT_ID", "GRAPH_CLIENT_SECRET"]),
        ({"DIRECTORY": "ldap", "LDAP_URL": "http://x"}, ["LDAP_URL has to begin with ldaps://"]),
        ({"DIRECTORY": "graph", "GRAPH_URL": "http://x"}, ["GRAPH_URL has to be an https address"]),
        ({"DIRECTORY": "active-directory"}, ["there is no active-directory"]),
        ({"DIRECTORY": "file,webex"}, ["DIRECTORY_FILE"]),
    ],
)
def test_a_directory_that_lacks_something(given: dict[str, str], wrong: list[str]) -> None:
    with pytest.raises(WrongSettings) as told:
        load_settings({**GOOD, **{f"SPACEKEEPER_{name}": value for name, value in given.items()}})
    for word in wrong:
        assert word in str(told.value)


def test_several_directories_and_their_secrets() -> None:
    settings = load_settings(
        {
            **GOOD, "SPACEKEEPER_DIRECTORY": "webex LDAP", "SPACEKEEPER_LDAP_URL": "ldaps://dc",
            "SPACEKEEPER_LDAP_BASE": "dc=x", "SPACEKEEPER_LDAP_BIND_DN": "cn=r",
            "SPACEKEEPER_LDAP_PASSWORD": "ldap-secret",
            "SPACEKEEPER_LDAP_EMAILS": "proxyAddresses,mail",
        }
    )  # fmt: skip
    assert sorted(settings.directory) == ["ldap", "webex"]
    assert settings.ldap_emails == ("proxyAddresses", "mail"), "the first is the main one"
    assert "ldap-secret" in settings.secrets
    assert "ldap-secret" not in repr(settings)


def test_hours_are_read_as_they_are_written_and_wrong_ones_are_told() -> None:
    settings = load_settings(
        {
            **GOOD, "SPACEKEEPER_DESTROY_ZONE": "Europe/Berlin",
            "SPACEKEEPER_DESTROY_DAYS": "mon-fri", "SPACEKEEPER_DESTROY_HOURS": "08:00-18:00",
            "SPACEKEEPER_FREEZE_DAYS": "2026-12-24..2027-01-01, 12-25",
        }
    )  # fmt: skip
    assert settings.hours.zone == "Europe/Berlin"
    assert (settings.hours.days, len(settings.hours.freezes)) == ({0, 1, 2, 3, 4}, 2)
    assert load_settings(GOOD).hours == Hours()
    more = load_settings(GOOD | {"SPACEKEEPER_WARN_PROFILES": "gentle: 60 30 7 grace 30d"})
    assert list(more.profiles) == ["standard", "short", "long", "gentle"]
    for name, value in (
        ("DESTROY_ZONE", "Mars"), ("DESTROY_DAYS", "moonday"), ("DESTROY_HOURS", "9 to 5"),
        ("FREEZE_DAYS", "christmas"), ("WARN_PROFILES", "soon: 3 1"),
    ):  # fmt: skip
        with pytest.raises(WrongSettings, match=name):
            load_settings({**GOOD, f"SPACEKEEPER_{name}": value})
