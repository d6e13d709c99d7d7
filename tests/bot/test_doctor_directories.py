"""What `spacekeeper check` says of each directory, asked over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.doctor import Level
from tests.bot.test_doctor import Patient, patient  # noqa: F401
from tests.directory.graph_server import CLIENT, SECRET, TENANT, microsoft, user
from tests.directory.ldap_company import company
from tests.directory.ldap_servers import (
    ADMIN,
    BASE,
    HAS_SLAPD,
    PASSWORD,
    LdapServer,
    like_ad,
    slapd,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LdapServer]:
    start = slapd if HAS_SLAPD else like_ad
    with start(tmp_path_factory.mktemp("ldap") / "server", company()) as made:
        yield made


def ldap(server: LdapServer, **more: str) -> dict[str, str]:
    return {
        "DIRECTORY": "ldap", "LDAP_URL": server.starttls(), "LDAP_BIND_DN": ADMIN,
        "LDAP_PASSWORD": PASSWORD, "LDAP_BASE": BASE, "LDAP_CA_FILE": str(server.ca),
        "LDAP_GROUP_FILTER": "(cn=F*)",
    } | more  # fmt: skip


def test_a_directory_that_answers(patient: Patient, server: LdapServer) -> None:  # noqa: F811
    line = patient.line("directory", **ldap(server))
    assert (line.level, "3 groups" in line.said) == (Level.OK, True)


@pytest.mark.parametrize(
    ("given", "said", "to_do"),
    [
        ({"LDAP_PASSWORD": "wrong"}, "the name or the password is wrong", "LDAP_PASSWORD"),
        ({"LDAP_CA_FILE": ""}, "a certificate that nobody here vouches for", "LDAP_CA_FILE"),
        ({"LDAP_URL": "ldaps://127.0.0.1:1"}, "nothing listens there", "LDAP_URL"),
        ({"LDAP_BASE": "dc=no"}, "does not have dc=no", "LDAP_BASE"),
        ({"LDAP_GROUP_FILTER": "(cn="}, "a filter can't be read", "LDAP_GROUP_FILTER"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(
    patient: Patient, server: LdapServer, given: dict[str, str], said: str, to_do: str  # noqa: F811
) -> None:  # fmt: skip
    line = patient.line("directory", **ldap(server, **given))
    assert line.level is Level.FAULT
    assert said in line.said
    assert to_do in line.to_do
    assert "wrong" not in line.said.partition(":")[0]


def test_groups_that_can_not_be_read_wholly(patient: Patient, server: LdapServer) -> None:  # noqa: F811
    line = patient.line("directory", **ldap(server, LDAP_GROUP_FILTER="(cn=With*)"))
    assert line.level is Level.WARN
    assert "3 of them not wholly readable" in line.said
    none = patient.line("directory", **ldap(server, LDAP_GROUP_FILTER="(cn=nothing)"))
    assert (none.level, "no group" in none.said) == (Level.WARN, True)


def test_two_groups_of_one_name_give_nobody_the_rights_of_compliance(
    patient: Patient, server: LdapServer  # noqa: F811
) -> None:  # fmt: skip
    line = patient.line("compliance group", **ldap(server), COMPLIANCE_GROUP="Finance")
    assert (line.level, "2 groups are called" in line.said) == (Level.FAULT, True)
    by_id = "ldap:00000000-0000-0001-0000-000000001771"
    assert "compliance group" not in patient.lines(**ldap(server), COMPLIANCE_GROUP=by_id)


def test_several_directories_each_have_their_line(
    patient: Patient, server: LdapServer, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    file = tmp_path / "groups.csv"
    file.write_text("group,email\nLegal,cleo@example.com\n")
    with microsoft(tmp_path / "microsoft") as cloud:
        cloud.group("1", "Sales", [user("ana")])
        asked = ldap(server) | {
            "DIRECTORY": "ldap, graph, file", "DIRECTORY_FILE": str(file),
            "GRAPH_TENANT": TENANT, "GRAPH_CLIENT_ID": CLIENT, "GRAPH_CLIENT_SECRET": SECRET,
            "GRAPH_URL": cloud.url("graph") + "/v1.0", "GRAPH_LOGIN_URL": cloud.url("login"),
            "GRAPH_CA_FILE": str(cloud.home / "ca.pem"),
        }  # fmt: skip
        house, settings = patient.house(**asked)
        from bot.doctor import examine

        lines = [line for line in examine(house, settings) if line.name == "directory"]
        assert [line.level for line in lines] == [Level.OK] * 3
        wrong = patient.house(**{**asked, "GRAPH_CLIENT_SECRET": "another"})
        lines = [line for line in examine(*wrong) if line.name == "directory"]
        assert sorted(line.level for line in lines) == ["fault", "ok", "ok"]
        (fault,) = [line for line in lines if line.level is Level.FAULT]
        assert "AADSTS7000215" in fault.said
        assert "another" not in fault.said
