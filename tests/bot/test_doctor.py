"""The doctor, each line both ways, by the sandbox's faults and by broken settings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import Result
from cryptography.fernet import Fernet
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli import app
from bot.doctor import Level, Line, examine, exit_code
from bot.firing import record_missed, run_id
from bot.settings import load_settings
from bot.vault import Vault
from bot.wiring import build_house
from cards.alert import alert_card
from domain.alerts import AlertKind, Raised
from domain.runs import RunOutcome
from jobs.registry import load
from retention.alert_telling import tell_alerts
from retention.alerting import raise_now
from retention.anchoring import give_away
from sandbox.base import OFFICER
from sandbox.handle import Control
from spaces.sync.crawl import crawl
from storage.settings import PAUSE
from tests.chats import eventually
from webex.sdk import SdkWebex

OK, WARN, FAULT = Level.OK, Level.WARN, Level.FAULT


class Patient:
    """A process's settings and house, to be examined."""

    def __init__(self, control: Control, tmp_path: Path) -> None:
        self.control = control
        ready = control.ready
        self.given = {
            "BOT_TOKEN": ready["tokens"]["bot"], "WEBEX_URL": ready["rest"],
            "CA_FILE": ready["ca"], "DATABASE_URL": f"sqlite:///{tmp_path / 'space.db'}",
            "CO_ACCESS_TOKEN": ready["tokens"]["co"], "CO2_ACCESS_TOKEN": ready["tokens"]["co2"],
            "COMPLIANCE": "cleo@example.com dora@example.com", "CAP_PER_RUN": "10",
            "CAP_PER_DAY": "20", "SANDBOX_CLOCK": ready["clock"], "WEBEX_PER_MINUTE": "60000",
        }  # fmt: skip
        self.open: list[Any] = []

    def house(self, **more: str) -> tuple[Any, Any]:
        settings = load_settings(
            {f"SPACEKEEPER_{name}": value for name, value in (self.given | more).items()}
        )
        made = build_house(settings, migrates="DATABASE_URL" not in more)
        self.open.append(made)
        return made, settings

    def lines(self, **more: str) -> dict[str, Line]:
        found = list(examine(*self.house(**more)))
        assert all(bool(line.to_do) == (line.level is not OK) for line in found)
        return {line.name: line for line in found}

    def line(self, name: str, **more: str) -> Line:
        return self.lines(**more)[name]

    def level(self, name: str, **more: str) -> Level:
        return self.line(name, **more).level

    def close(self) -> None:
        for house in self.open:
            assert isinstance(house.webex, SdkWebex)
            house.webex.close()
            house.store.close()


@pytest.fixture
def patient(control: Control, tmp_path: Path) -> Iterator[Patient]:
    made = Patient(control, tmp_path)
    yield made
    made.close()


def test_a_healthy_one(patient: Patient) -> None:
    house, settings = patient.house()
    patient.control.space("Plans", creator="ana@example.com")
    crawl(house)
    lines = {line.name: line for line in examine(house, settings)}
    assert {name for name, line in lines.items() if line.level is not OK} == {"directory"}
    assert {
        "database", "bot token", "clock of Webex", "compliance token", "may list people",
        "may read events", "may read others' memberships", "may read classifications",
        "organisation", "second identity", "compliance", "alert space", "encryption key", "caps",
        "inventory", "runs",
    } <= set(lines)  # fmt: skip


def test_looking_changes_nothing(patient: Patient) -> None:
    house, settings = patient.house()
    before = patient.control.log(what="effect")
    list(examine(house, settings))
    assert patient.control.log(what="effect") == before
    with house.store.read() as tx:
        assert tx.settings.get("doctor") is None


def test_the_bots_token(patient: Patient) -> None:
    assert patient.level("bot token", BOT_TOKEN="nobody's") is FAULT
    persons = patient.line("bot token", BOT_TOKEN=patient.control.ready["tokens"]["co"])
    assert (persons.level, "no bot" in persons.said) == (FAULT, True)
    fault = patient.control.fault("5xx", path="/people/me", count=-1)
    away = patient.line("bot token")
    assert (away.level, "can't be asked" in away.said) == (FAULT, True)
    assert patient.control.fired(fault) > 0


def test_the_compliance_token(patient: Patient) -> None:
    assert patient.level("compliance token", CO_ACCESS_TOKEN="nobody's") is FAULT
    assert patient.level("compliance token", CO_ACCESS_TOKEN="") is WARN
    bots = patient.control.ready["tokens"]["bot"]
    assert patient.level("compliance token", CO_ACCESS_TOKEN=bots) is FAULT


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/people", "may list people"),
        ("/events", "may read events"),
        ("/memberships", "may read others' memberships"),
        ("/classifications", "may read classifications"),
    ],
)
def test_what_the_compliance_token_may(patient: Patient, path: str, name: str) -> None:
    refused = patient.control.fault("status", path=path, status=403, who=OFFICER, count=-1)
    line = patient.line(name)
    assert (line.level, "scope" in line.to_do) == (FAULT, True)
    assert patient.control.fired(refused) > 0
    patient.control.clear_faults()
    patient.control.fault("5xx", path=path, who=OFFICER, count=-1)
    assert patient.level(name) is WARN


def test_an_integration_without_its_scopes(patient: Patient) -> None:
    patient.control.scopes(OFFICER, "spark:all", "spark-compliance:memberships_read")
    lines = patient.lines()
    assert lines["compliance token"].level is OK
    assert lines["may read others' memberships"].level is OK
    assert lines["may read events"].level is FAULT
    assert "spark-compliance:events_read" in lines["may read events"].to_do
    assert lines["may list people"].level is FAULT
    patient.control.scopes(OFFICER, "spark:all", "spark-compliance:events_read")
    lines = patient.lines()
    assert lines["may read others' memberships"].level is FAULT
    assert lines["may read events"].level is OK


def test_the_second_identity(patient: Patient) -> None:
    tokens = patient.control.ready["tokens"]
    assert patient.level("second identity", CO2_ACCESS_TOKEN="") is WARN
    assert patient.level("second identity", CO2_ACCESS_TOKEN="nobody's") is FAULT
    assert patient.level("second identity", CO2_ACCESS_TOKEN=tokens["co"]) is WARN


def test_the_organisation(patient: Patient) -> None:
    assert patient.level("organisation", ORG_ID="another") is FAULT
    patient.control.fault("5xx", path="/organizations", count=-1)
    assert patient.level("organisation") is FAULT


def test_who_compliance_is(patient: Patient) -> None:
    assert patient.level("compliance", COMPLIANCE="") is FAULT
    assert patient.level("compliance", COMPLIANCE="cleo@example.com") is WARN
    unknown = patient.line("compliance", COMPLIANCE="cleo@example.com nobody@example.com")
    assert (unknown.level, "nobody@example.com" in unknown.said) == (FAULT, True)


def test_the_alert_space(patient: Patient) -> None:
    house, _ = patient.house()
    from webex.gateway import Lane

    mine = house.webex.bot(Lane.CHAT).create_room("Alerts")
    assert patient.line("alert space", ALERT_ROOM=mine.id).said == "Alerts"
    other = patient.control.space("Others", creator="ana@example.com")
    assert patient.level("alert space", ALERT_ROOM=other["id"]) is FAULT
    assert patient.level("alert space", ALERT_ROOM="nonsense") is FAULT
    house.webex.bot(Lane.CHAT).add_membership(mine.id, email="ana@example.com", moderator=False)
    shared = patient.line("alert space", ALERT_ROOM=mine.id)
    assert (shared.level, "ana@example.com is in it" in shared.said) == (WARN, True)


def test_alerts_that_could_be_told_to_nobody(patient: Patient) -> None:
    house, _ = patient.house()
    raise_now(house, Raised(kind=AlertKind.BRAKE, what="the brake was pulled"))
    patient.control.fault("status", status=400, path="/messages", method="POST", count=-1)
    assert tell_alerts(house, alert_card).failed == 1
    assert patient.line("alerts").said == "1 open", "it is too early to worry"
    now = patient.control.advance(timedelta(minutes=16))
    eventually(lambda: house.clock.now() >= now, "the clock stands")
    line = patient.line("alerts")
    assert line.level is FAULT
    assert "the brake was pulled" in line.said
    assert exit_code([line]) == 1


@pytest.mark.parametrize(("seconds", "level"), [(0, OK), (120, WARN), (-120, WARN), (400, FAULT)])
def test_webex_has_another_time(patient: Patient, seconds: int, level: Level) -> None:
    fault = patient.control.fault("date-offset", path="/people", seconds=seconds, count=-1)
    assert patient.level("clock of Webex") is level
    assert patient.control.fired(fault) > 0


def test_the_database(patient: Patient, tmp_path: Path) -> None:
    house, settings = patient.house()
    nowhere = patient.line("database", DATABASE_URL="postgresql://u:pass-word@127.0.0.1:1/x")
    assert (nowhere.level, "reached" in nowhere.said) == (FAULT, True)
    assert "pass-word" not in nowhere.said
    with house.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    old = {line.name: line for line in examine(house, settings)}
    assert (old["database"].level, old["database"].to_do) == (FAULT, "Run `spacekeeper release`.")
    assert "inventory" not in old


def test_either_kind_of_database(patient: Patient, database_url: str) -> None:
    assert patient.level("database", DATABASE_URL=database_url) is OK


def test_the_clock_of_the_database(patient: Patient, postgres_url: str) -> None:
    url = postgres_url.replace("/postgres", "/template_space")
    assert patient.level("clock of the database", DATABASE_URL=url) is OK
    for minutes, level in ((3, WARN), (10, FAULT)):
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes), tick=True):
            assert patient.level("clock of the database", DATABASE_URL=url) is level


def test_a_broken_database_breaks_no_other_line(patient: Patient) -> None:
    oauth = patient.control.ready["oauth"]
    lines = patient.lines(
        DATABASE_URL="postgresql://u@127.0.0.1:1/x", CO_CLIENT_ID=oauth["client_id"],
        CO_CLIENT_SECRET=oauth["client_secret"], CO_REFRESH_TOKEN=oauth["refresh_token"],
        ENCRYPTION_KEY=Fernet.generate_key().decode(),
    )  # fmt: skip
    assert lines["database"].level is FAULT
    assert lines["compliance token"].level is OK


def test_a_database_that_takes_nothing(patient: Patient, tmp_path: Path) -> None:
    patient.house()
    read_only = f"sqlite:///file:{tmp_path / 'space.db'}?mode=ro&uri=true"
    line = patient.line("database", DATABASE_URL=read_only)
    assert (line.level, "written" in line.said) == (FAULT, True)


def test_the_directory(patient: Patient, tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    asked = {"DIRECTORY": "file", "DIRECTORY_FILE": str(file)}
    assert patient.level("directory", **asked) is FAULT
    file.write_text("group,email\nLegal,cleo@example.com\n")
    assert "1 groups" in patient.line("directory", **asked).said
    assert patient.level("compliance group", **asked, COMPLIANCE_GROUP="Officers") is FAULT
    assert "compliance group" not in patient.lines(**asked, COMPLIANCE_GROUP="legal")
    assert patient.level("directory") is WARN
    assert patient.level("directory", COMPLIANCE_GROUP="legal") is FAULT
    assert patient.level("directory", DIRECTORY="webex") is OK
    patient.control.fault("status", status=403, path="/groups", count=-1)
    assert patient.level("directory", DIRECTORY="webex") is FAULT


def test_the_encryption_key(patient: Patient) -> None:
    oauth = patient.control.ready["oauth"]
    refreshing = {
        "CO_CLIENT_ID": oauth["client_id"], "CO_CLIENT_SECRET": oauth["client_secret"],
        "CO_REFRESH_TOKEN": oauth["refresh_token"],
    }  # fmt: skip
    key, other = (Fernet.generate_key().decode() for _ in range(2))
    assert patient.level("encryption key") is OK
    assert patient.level("encryption key", **refreshing) is WARN
    assert patient.level("encryption key", **refreshing, ENCRYPTION_KEY=key) is OK
    house, _ = patient.house()
    Vault(house.store, name="compliance", root=oauth["refresh_token"], key=key).keep(
        "access-token", "refresh-token"
    )
    assert patient.level("encryption key", **refreshing, ENCRYPTION_KEY=other) is FAULT
    assert patient.level("encryption key", **refreshing, ENCRYPTION_KEY=key) is OK


@pytest.mark.parametrize("name", ["CAP_PER_RUN", "CAP_PER_DAY", "CAP_SHARE"])
def test_a_cap_of_nothing_is_said(patient: Patient, name: str) -> None:
    line = patient.line("caps", **{name: "0"})
    assert (line.level, name in line.said, "nothing will be destroyed" in line.said) == (
        WARN, True, True,
    )  # fmt: skip


def test_the_inventory(patient: Patient) -> None:
    assert patient.level("inventory") is WARN
    house, settings = patient.house()
    crawl(house)
    nobody = patient.line("inventory")
    assert (nobody.level, "never whole" in nobody.said) == (WARN, True)
    patient.control.space("Plans", creator="ana@example.com")
    crawl(house)
    assert patient.level("inventory") is OK
    patient.control.advance(timedelta(hours=40))
    house, settings = patient.house()
    assert {line.name: line for line in examine(house, settings)}["inventory"].level is WARN


def test_the_runs(patient: Patient) -> None:
    house, _ = patient.house()
    now, jobs = house.clock.now(), load()
    assert patient.level("runs") is OK
    with house.store.begin() as tx:
        tx.runs.start(run_id("nightly", now), "nightly", now)
        tx.runs.finish(run_id("nightly", now), RunOutcome.FAILED, {"why": "Webex was away"})
        tx.commit()
    assert "Webex was away" in patient.line("job nightly").said
    record_missed(house, jobs["sync"], now)
    assert patient.level("job sync") is WARN
    patient.control.advance(timedelta(hours=27))
    assert patient.level("runs") is FAULT


def test_a_pause_is_said(patient: Patient) -> None:
    house, _ = patient.house()
    assert "pause" not in patient.lines()
    with house.store.begin() as tx:
        tx.settings.put(PAUSE, {"reason": "an audit"}, by="cleo@example.com")
        tx.commit()
    assert "an audit" in patient.line("pause").said


# -- as an operator calls it --------------------------------------------------------------------


@pytest.fixture
def call(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    patient.house()

    def made(*words: str, **more: str) -> Result:
        for name, value in (patient.given | more).items():
            monkeypatch.setenv(f"SPACEKEEPER_{name}", value)
        return CliRunner().invoke(app, list(words))

    return made


def test_check_ends_well_when_nothing_is_broken(call: Callable[..., Result]) -> None:
    said = call("check")
    assert said.exit_code == 0, said.output
    assert "ok     bot token" in said.stdout
    assert "Set SPACEKEEPER_DIRECTORY" in said.stdout


def test_check_ends_with_one_when_something_is(call: Callable[..., Result]) -> None:
    said = call("check", "--json", CO_ACCESS_TOKEN="nobody's-at-all")
    assert said.exit_code == 1
    found = {line["name"]: line for line in json.loads(said.stdout)}
    assert found["compliance token"]["level"] == "fault"
    assert found["compliance token"]["to_do"]
    assert "nobody's-at-all" not in said.output


def test_wrong_settings_are_told_at_once(call: Callable[..., Result]) -> None:
    said = call("check", CAP_SHARE="7", COMPLIANCE="cleo")
    assert said.exit_code == 2
    assert "CAP_SHARE" in said.output
    assert "COMPLIANCE" in said.output


def test_the_record_is_verified(call: Callable[..., Result], patient: Patient) -> None:
    house, _ = patient.house()
    crawl(house)
    crawl(house)
    whole = call("audit", "verify")
    assert whole.exit_code == 0
    assert "2 rows" in whole.stdout
    with house.store.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET actor = 'somebody' WHERE seq = 2"))
    broken = call("audit", "verify")
    assert broken.exit_code == 1
    assert "row 2" in broken.output


def test_the_record_is_held_against_its_anchors(
    call: Callable[..., Result], patient: Patient, tmp_path: Path
) -> None:
    house, _ = patient.house()
    crawl(house)
    folder = tmp_path / "anchors"
    folder.mkdir()
    give_away(house, folder)
    whole = call("audit", "verify", ANCHOR_FOLDER=str(folder))
    assert whole.exit_code == 0, whole.output
    assert "1 anchors say, up to row 1" in whole.output
    with house.store.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET hash = 'made anew' WHERE seq = 1"))
    broken = call("audit", "verify", "--anchors", str(folder))
    assert broken.exit_code == 1
    assert "differs from its anchors: row 1 is the first" in broken.output
    assert call("audit", "verify", "--anchors", str(tmp_path / "gone")).exit_code == 1
