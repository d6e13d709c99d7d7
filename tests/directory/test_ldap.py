"""Groups from LDAP, over TLS, from real servers: the system's slapd, and ldaptor's."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from directory.ldap import LdapDirectory, ldap3
from directory.spec import DirectoryFault, DirectoryGroup
from tests.directory.ldap_company import HOSTILE, MANY, company
from tests.directory.ldap_servers import (
    BASE,
    HAS_SLAPD,
    HOW,
    PASSWORD,
    LdapServer,
    like_ad,
    slapd,
)

EMAILS = ("mail", "proxyAddresses", "userPrincipalName")
Start = Callable[..., AbstractContextManager[LdapServer]]
needs_slapd = pytest.mark.skipif(not HAS_SLAPD, reason=f"there is no slapd here. {HOW}")
"""Besides these, each test has run against ldaptor's server; nothing is left untested by it but
that the other make of server agrees."""
BOTH = [pytest.param(slapd, marks=needs_slapd, id="slapd"), pytest.param(like_ad, id="ldaptor")]


@pytest.fixture(scope="module", params=BOTH)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LdapServer]:
    start: Start = request.param
    with start(tmp_path_factory.mktemp("ldap") / "server", company()) as made:
        yield made


@pytest.fixture(scope="module")
def read(server: LdapServer) -> list[DirectoryGroup]:
    return list(server.directory(emails=EMAILS).groups())


def one(read: list[DirectoryGroup], name: str) -> DirectoryGroup:
    (found,) = (group for group in read if group.name == name)
    return found


def said(directory: LdapDirectory) -> DirectoryFault:
    with pytest.raises(DirectoryFault) as caught:
        list(directory.groups())
    fault = caught.value
    assert PASSWORD not in f"{fault} {fault!r} {fault.to_do} {fault.__dict__} {fault.__cause__!r}"
    assert fault.to_do.endswith(".")
    assert not fault.said.endswith(".")
    return fault


# -- what is read -------------------------------------------------------------------------------


def test_a_group_of_many_pages_is_whole(read: list[DirectoryGroup]) -> None:
    everyone = one(read, "Everyone")
    assert everyone.emails == {f"p{n}@example.com" for n in range(MANY)}
    assert everyone.is_whole


@pytest.mark.parametrize("page", [1, 7, 999, 100_000])
def test_the_size_of_a_page_changes_nothing(server: LdapServer, page: int) -> None:
    few = "(|(cn=Finance)(cn=Circle*))" if page < 10 else server.place().group_filter
    users = "(uid=ana)" if page < 10 else server.place().user_filter
    found = server.directory(page=page, group_filter=few, user_filter=users).groups()
    by_id = {group.source_id: group.emails for group in found}
    usual = {group.source_id: group.emails for group in server.directory().groups()}
    assert by_id.items() <= usual.items()
    assert len(by_id) == (5 if page < 10 else len(usual))


def test_members_are_found_however_their_names_are_written(read: list[DirectoryGroup]) -> None:
    found = [group for group in read if group.name.casefold() == "finance"]
    assert sorted(sorted(group.emails) for group in found) == [
        ["ana@example.com", "ben@example.com"], ["cleo@example.com"],
    ]  # fmt: skip
    assert len({group.source_id for group in found}) == 2, "two of one name are two"


def test_an_empty_group_is_known_to_be_empty(read: list[DirectoryGroup]) -> None:
    assert (one(read, "Nobody").emails, one(read, "Nobody").is_whole) == (frozenset(), True)


def test_groups_in_a_circle_have_each_others_members(read: list[DirectoryGroup]) -> None:
    for number in range(3):
        found = one(read, f"Circle {number}")
        assert found.is_whole
        assert found.emails == {"ana@example.com", "ben@example.com", "cleo@example.com"}


@pytest.mark.parametrize(("depth", "whole"), [(0, 7), (6, 1), (7, 0), (20, 0)])
def test_groups_within_groups_up_to_a_depth(server: LdapServer, depth: int, whole: int) -> None:
    found = server.directory(depth=depth, group_filter="(cn=Deep*)").groups()
    by_name = {group.name: group for group in found}
    for number in range(8):
        group = by_name[f"Deep {number}"]
        assert group.is_whole == (number >= whole), group.name
        assert group.is_whole or "deeper" in group.why
        assert not group.is_whole or group.emails == {"ana@example.com"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("With a stranger", "1 of its members can't be read, such as uid=gone"),
        ("With the hidden", "1 of its members can't be read, such as uid=secret"),
        ("With the nameless", "1 of its members have no e-mail address"),
        ("Around a stranger", "1 of its members can't be read"),
        ("Unix lost", "1 of its members can't be read, such as *)(uid=*"),
    ],
)
def test_a_member_that_is_not_known_makes_the_group_unknown(
    read: list[DirectoryGroup], name: str, why: str
) -> None:
    assert not one(read, name).is_whole
    assert why in one(read, name).why


def test_who_has_no_address_is_left_out_where_the_operator_says_so(server: LdapServer) -> None:
    found = list(server.directory(skips_nameless=True).groups())
    group = one(found, "With the nameless")
    assert (group.is_whole, group.emails) == (True, {"ana@example.com"})
    assert group.notes == ("1 without an e-mail address left out",)
    assert not one(found, "With a stranger").is_whole


def test_short_names_and_unique_ones_are_members_too(read: list[DirectoryGroup]) -> None:
    assert one(read, "Unix").emails == {"ana@example.com", "p7@example.com"}
    assert one(read, "Unique").emails == {"ana@example.com", "ben@example.com"}
    assert one(read, "Unix").is_whole
    assert one(read, "Unique").is_whole


def test_as_active_directory_has_it(read: list[DirectoryGroup]) -> None:
    sales = one(read, "Sales")
    assert sales.emails == {"alma@example.com", "petra@example.com"}, "Petra by her primary group"
    assert dict(sales.aliases) == {
        "a.alvarez@example.com": "alma@example.com", "aalvarez@corp.example": "alma@example.com",
    }  # fmt: skip
    assert sales.is_whole
    assert sales.notes == ("2 disabled left out",)
    assert sales.source_id == "ldap:00000000-0000-0000-0000-0000000017c0", "its objectGUID"


# -- one group by its name ----------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_only_a_name_in_a_filter(server: LdapServer, name: str) -> None:
    (found,) = server.directory().named(name)
    assert found.name == name.strip()
    assert found.emails == {"ana@example.com"}


@pytest.mark.parametrize(
    "name", ["*", "F*", "(cn=*)", "\x00", "Finance\x00", "", "\\2a", "x" * 5000]
)
def test_what_nobody_is_called_finds_nobody(server: LdapServer, name: str) -> None:
    assert list(server.directory().named(name)) == []


def test_groups_of_hostile_names_within_a_group(read: list[DirectoryGroup]) -> None:
    found = one(read, "Around the hostile")
    assert (found.is_whole, found.emails) == (True, {"ana@example.com", "ben@example.com"})


@pytest.mark.parametrize("name", ["finance", "Everyone", "Circle 1", "Unix", "Unix lost",
                                  "Around a stranger", "With the nameless"])  # fmt: skip
def test_a_group_asked_for_by_name_is_as_it_is_among_all(
    server: LdapServer, read: list[DirectoryGroup], name: str
) -> None:
    alone = {group.source_id: group for group in server.directory(emails=EMAILS).named(name)}
    assert alone == {g.source_id: g for g in read if g.name.casefold() == name.casefold()}


def test_primary_members_of_a_group_asked_for_by_name(tmp_path: Path) -> None:
    """Not slapd: its schema of Active Directory has no way to look for a primaryGroupID."""
    with like_ad(tmp_path / "server", company()) as server:
        (sales,) = server.directory(emails=EMAILS).named("sales")
        assert sales.emails == {"alma@example.com", "petra@example.com"}


# -- changes ------------------------------------------------------------------------------------


@needs_slapd
def test_a_group_that_is_renamed_and_moved_keeps_its_id(tmp_path: Path) -> None:
    with slapd(tmp_path / "server", company()) as server:
        before = one(list(server.directory(group_filter="(cn=Unique)").groups()), "Unique")
        admin = ldap3.Connection(
            f"ldap://127.0.0.1:{server.plain}", f"cn=root,{BASE}", "root-only", auto_bind=True
        )
        assert admin.modify_dn(
            f"cn=Unique,ou=groups,{BASE}", "cn=Rare", new_superior=f"ou=more,{BASE}"
        ), admin.result
        admin.unbind()
        after = one(list(server.directory(group_filter="(cn=Rare)").groups()), "Rare")
        assert after.source_id == before.source_id
        assert after.emails == before.emails


# -- what goes wrong ----------------------------------------------------------------------------


def test_starttls_comes_before_the_password(server: LdapServer) -> None:
    found = list(server.directory(url=server.starttls(), group_filter="(cn=Finance)").groups())
    assert len(found) == 2


@pytest.mark.parametrize("way", ["ldaps", "starttls"])
def test_a_certificate_that_nobody_vouches_for(server: LdapServer, way: str) -> None:
    url = server.starttls() if way == "starttls" else server.place().url
    for ca in (server.home / "other-ca.pem", None):
        fault = said(server.directory(url=url, ca=ca))
        assert "certificate that nobody here vouches for" in fault.said
        assert "CA_FILE" in fault.to_do


@pytest.mark.parametrize("way", ["ldaps", "starttls"])
def test_a_certificate_of_another_name(server: LdapServer, way: str) -> None:
    port = server.plain if way == "starttls" else server.tls
    scheme = "ldap" if way == "starttls" else "ldaps"
    fault = said(server.directory(url=f"{scheme}://localhost:{port}"))
    assert "not for this name" in fault.said


def test_a_ca_file_that_is_not_there(server: LdapServer, tmp_path: Path) -> None:
    assert "CA_FILE" in said(server.directory(ca=tmp_path / "none.pem")).said


def test_a_wrong_password(server: LdapServer) -> None:
    for place in ({"password": "Sesam"}, {"bind_dn": f"cn=nobody,{BASE}"}):
        fault = said(server.directory(**place))
        assert "the name or the password is wrong" in fault.said
        assert "BIND_DN" in fault.to_do


def test_a_base_that_is_not_there(server: LdapServer) -> None:
    fault = said(server.directory(base="dc=nowhere,dc=example,dc=com"))
    assert "does not have dc=nowhere" in fault.said


@pytest.mark.parametrize("filter", ["(cn=", "cn)(", "((", "(&(cn=x)"])
def test_a_filter_that_can_not_be_read(server: LdapServer, filter: str) -> None:
    assert "filter" in said(server.directory(group_filter=filter)).said


def test_nobody_listens(server: LdapServer) -> None:
    fault = said(server.directory(url="ldaps://127.0.0.1:1"))
    assert "nothing listens there" in fault.said


def test_tls_against_a_port_without(server: LdapServer) -> None:
    fault = said(server.directory(url=f"ldaps://127.0.0.1:{server.plain}", seconds=2))
    assert "TLS" in fault.said or "in time" in fault.said or "broke off" in fault.said


def test_a_server_that_never_answers(server: LdapServer) -> None:
    import socket

    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        began = time.monotonic()
        url = f"ldap://127.0.0.1:{deaf.getsockname()[1]}"
        assert "in time" in said(server.directory(url=url, seconds=1)).said
        assert time.monotonic() - began < 15


@pytest.mark.parametrize("start", BOTH)
def test_a_server_that_stops_in_the_middle(tmp_path: Path, start: Start) -> None:
    with start(tmp_path / "server", company()) as server:
        directory = server.directory(group_filter="(cn=Finance)", user_filter="(uid=nobody)")
        answers = directory.groups()
        next(answers)
        server.stop()
        with pytest.raises(DirectoryFault) as caught:
            next(answers)  # its members are looked up one by one, and there is nobody to ask
        assert "broke off" in caught.value.said or "reached" in caught.value.said
        assert "nothing listens there" in said(server.directory()).said


@needs_slapd
def test_slapds_own_limit_is_no_whole_answer(tmp_path: Path) -> None:
    with slapd(tmp_path / "server", company(), limits="") as server:
        fault = said(server.directory())
        assert "did not give everything: size limit exceeded" in fault.said
        assert "PAGE" in fault.to_do


@pytest.mark.parametrize(
    ("option", "why"),
    [
        (("--limit", "700"), "size limit exceeded"),
        (("--breaks-after", "700"), "broke off in the middle"),
    ],
)
def test_what_is_cut_short_is_no_whole_answer(
    tmp_path: Path, option: tuple[str, str], why: str
) -> None:
    with like_ad(tmp_path / "server", company(), *option) as server:
        assert why in said(server.directory()).said


def test_tls_that_is_refused_costs_no_password(tmp_path: Path) -> None:
    with like_ad(tmp_path / "server", company(), "--no-starttls") as server:
        fault = said(server.directory(url=server.starttls()))
        assert "refuses TLS" in fault.said
        assert "ldaps" in fault.to_do


# -- Active Directory's own ways ----------------------------------------------------------------


@pytest.mark.parametrize("step", [1, 100, 1500, 1599, 1600])
def test_values_that_come_in_ranges(tmp_path: Path, step: int) -> None:
    few = "(cn=Finance)" if step == 1 else "(|(cn=Everyone)(cn=Finance)(cn=Circle*))"
    with like_ad(tmp_path / "server", company(), "--range", str(step)) as server:
        found = list(server.directory(group_filter=few).groups())
        assert all(group.is_whole for group in found)
        if step > 1:
            assert len(one(found, "Everyone").emails) == MANY
            assert len(one(found, "Circle 0").emails) == 3
        assert {len(group.emails) for group in found if group.name == "Finance"} == {2}


def test_references_to_other_servers_are_not_followed(tmp_path: Path) -> None:
    with like_ad(tmp_path / "server", company(), "--references") as server:
        assert len(one(list(server.directory().groups()), "Everyone").emails) == MANY


# -- secrets ------------------------------------------------------------------------------------


def test_the_password_is_in_no_log_and_no_repr(
    server: LdapServer, caplog: pytest.LogCaptureFixture
) -> None:
    directory = server.directory()
    with caplog.at_level(logging.DEBUG):
        list(directory.named("Finance"))
        said(server.directory(ca=server.home / "other-ca.pem"))
        said(server.directory(bind_dn=f"cn=nobody,{BASE}"))
    assert PASSWORD not in caplog.text
    assert PASSWORD not in repr(server.place())
    assert PASSWORD not in repr(vars(directory))


def test_the_server_is_only_asked_for_what_is_needed(server: LdapServer, monkeypatch: Any) -> None:
    asked: list[Any] = []
    search = ldap3.Connection.search

    def noted(self: Any, *args: Any, **more: Any) -> Any:
        asked.append(more["attributes"])
        return search(self, *args, **more)

    monkeypatch.setattr(ldap3.Connection, "search", noted)
    list(server.directory(group_filter="(cn=Finance)").groups())
    assert asked
    for attributes in asked:
        assert not {"*", "+", "userPassword", "unicodePwd"} & set(attributes)
