"""Groups from Microsoft Graph, over TLS, from a login and a Graph on this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from directory.graph import CLOUDS, GraphDirectory, GraphPlace, addresses_of
from directory.graph_asking import origin
from directory.spec import DirectoryFault, DirectoryGroup
from tests.directory.graph_server import CLIENT, SECRET, TENANT, Cloud, microsoft, user

MEMBERS = "transitiveMembers"


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    with microsoft(tmp_path / "microsoft") as made:
        made.group("g1", "Finance", [user("ana"), user("ben")])
        made.group("g2", "O'Neill & Sons (50%)", [user("ana")])
        made.group("g3", "finance", [user("cleo")])
        made.group("g4", "Nobody", [])
        yield made


def directory(cloud: Cloud, waits: list[float] | None = None, **more: Any) -> GraphDirectory:
    place = {
        "tenant": TENANT, "client_id": CLIENT, "secret": SECRET, "login": cloud.url("login"),
        "url": cloud.url("graph") + "/v1.0", "ca": cloud.home / "ca.pem", "seconds": 5.0,
    }  # fmt: skip
    noted = [] if waits is None else waits
    return GraphDirectory(GraphPlace(**(place | more)), sleep=noted.append)


def read(cloud: Cloud, **more: Any) -> dict[str, DirectoryGroup]:
    return {one.source_id: one for one in directory(cloud, **more).groups()}


def said(made: GraphDirectory) -> DirectoryFault:
    with pytest.raises(DirectoryFault) as caught:
        list(made.groups())
    told = f"{caught.value} {caught.value!r} {caught.value.to_do} {caught.value.__cause__!r}"
    assert SECRET not in told
    assert "token-" not in told
    assert caught.value.to_do.endswith(".")
    return caught.value


# -- what is read -------------------------------------------------------------------------------


def test_every_group_with_every_member_and_its_own_id(cloud: Cloud) -> None:
    found = read(cloud)
    assert set(found) == {"graph:g1", "graph:g2", "graph:g3", "graph:g4"}
    assert found["graph:g1"].emails == {"ana@example.com", "ben@example.com"}
    assert found["graph:g4"].emails == frozenset()
    assert all(one.is_whole for one in found.values())
    assert found["graph:g1"].name.casefold() == found["graph:g3"].name.casefold()


def test_groups_and_members_of_many_pages(cloud: Cloud) -> None:
    cloud.group("big", "Big", [user(f"p{n}") for n in range(1501)])
    for number in range(250):
        cloud.group(f"x{number}", f"X{number}", [])
    found = read(cloud)
    assert len(found) == 255
    assert found["graph:big"].emails == {f"p{n}@example.com" for n in range(1501)}
    assert len([one for one in cloud.asked if "big/trans" in one[1]]) == 16
    assert len(cloud.tokens) == 1, "one token serves for all"


@pytest.mark.parametrize("name", ["O'Neill & Sons (50%)", "o'neill & SONS (50%)"])
def test_one_group_by_its_name(cloud: Cloud, name: str) -> None:
    (found,) = directory(cloud).named(name)
    assert found.source_id == "graph:g2"


def test_two_groups_of_one_name(cloud: Cloud) -> None:
    found = {one.source_id for one in directory(cloud).named("Finance")}
    assert found == {"graph:g1", "graph:g3"}


@pytest.mark.parametrize("name", ["' or 1 eq 1 or '", "%", "", "x" * 300, "Finance'"])
def test_a_name_is_only_a_name_in_a_filter(cloud: Cloud, name: str) -> None:
    assert list(directory(cloud).named(name)) == []


def test_an_application_may_sign_with_its_certificate(cloud: Cloud, tmp_path: Path) -> None:
    assert len(read(cloud, secret="", certificate=cloud.home / "app.pem")) == 4
    other = tmp_path / "other"
    other.write_text("nothing")
    fault = said(directory(cloud, secret="", certificate=other))
    assert "no certificate with its key" in fault.said


def test_all_addresses_of_a_user_and_none_of_a_guests_principal_name() -> None:
    assert addresses_of(
        user("ana", proxyAddresses=["SMTP:Ana@Example.com", "smtp:a@example.com", "sip:x@y.z"])
    ) == ["ana@example.com", "a@example.com", "ana@contoso.example"]
    guest = user("eve", userPrincipalName="eve_partner.example#EXT#@contoso.example")
    assert addresses_of(guest) == ["eve@example.com"]
    assert addresses_of({"id": "1", "mail": None, "userPrincipalName": None}) == []


def test_who_is_disabled_is_left_out_and_who_shows_no_address_makes_it_unknown(
    cloud: Cloud,
) -> None:
    cloud.group("g1", "Finance", [user("ana"), user("off", accountEnabled=False)])
    limited = {"id": "user-x", "mail": None, "userPrincipalName": None}
    cloud.group("g2", "Limited", [user("ana"), limited])
    found = read(cloud)
    assert found["graph:g1"].emails == {"ana@example.com"}
    assert found["graph:g1"].notes == ("1 disabled left out",)
    assert not found["graph:g2"].is_whole
    assert "no e-mail address" in found["graph:g2"].why
    assert read(cloud, skips_nameless=True)["graph:g2"].is_whole


def test_a_group_of_hidden_members_is_not_an_empty_one(cloud: Cloud) -> None:
    cloud.group("g1", "Hidden", [], visibility="HiddenMembership")
    found = read(cloud)["graph:g1"]
    assert not found.is_whole
    assert "Member.Read.Hidden" in found.why


# -- what goes wrong ----------------------------------------------------------------------------


def test_a_page_that_lacks_makes_the_group_unknown(cloud: Cloud) -> None:
    cloud.group("big", "Big", [user(f"p{n}") for n in range(250)])
    fault = cloud.fault("big/.*skiptoken=100", lambda h: h.answer(200, {"value": []}))
    found = read(cloud)["graph:big"]
    assert fault.fired == 1
    assert not found.is_whole
    assert "250 members and shows 100" in found.why


def test_a_member_that_comes_twice_does_not_hide_one_that_lacks(cloud: Cloud) -> None:
    cloud.group("big", "Big", [user("ana"), user("ana")])
    assert not read(cloud)["graph:big"].is_whole


def test_a_group_that_is_deleted_meanwhile_is_not_an_empty_one(cloud: Cloud) -> None:
    cloud.fault("g1/trans", lambda h: h.answer(404, {}))
    found = read(cloud)
    assert (found["graph:g1"].is_whole, found["graph:g3"].is_whole) == (False, True)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_too_busy_for_a_while(cloud: Cloud, status: int) -> None:
    waits: list[float] = []
    fault = cloud.fault(MEMBERS, lambda h: h.answer(status, b"<html>", Retry_After="7"), times=2)
    found = list(directory(cloud, waits).groups())
    assert (fault.fired, waits) == (2, [7.0, 7.0])
    assert all(one.is_whole for one in found)


def test_too_busy_for_long(cloud: Cloud) -> None:
    waits: list[float] = []
    fault = cloud.fault(MEMBERS, lambda h: h.answer(429, {}, Retry_After="86400"))
    assert "too busy" in said(directory(cloud, waits)).said
    assert (fault.fired, waits) == (1, [])
    cloud.faults.clear()
    fault = cloud.fault(MEMBERS, lambda h: h.answer(503, {}))
    assert "too busy" in said(directory(cloud, waits)).said
    assert fault.fired == 6
    assert sum(waits) <= 120


@pytest.mark.parametrize(
    ("body", "why"),
    [(b"<html>", "no JSON"), (b"[]", "no JSON"), ({"value": {}}, "no sense"), ({}, "no sense"),
     ({"value": ["x"]}, "no sense"), ({"value": [{"mail": "x"}]}, "without its id")],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/groups\\?", MEMBERS])
def test_an_answer_that_makes_no_sense(cloud: Cloud, path: str, body: Any, why: str) -> None:
    fault = cloud.fault(path, lambda h: h.answer(200, body))
    assert why in said(directory(cloud)).said
    assert fault.fired == 1


def test_the_token_goes_nowhere_else(cloud: Cloud) -> None:
    elsewhere = cloud.url("elsewhere")
    good = cloud.url("graph")
    for link in (
        f"{elsewhere}/v1.0/groups?x", f"{good.replace('https', 'http')}/v1.0/groups?x",
        f"{good}@{elsewhere.removeprefix('https://')}/v1.0/groups", f"{good}/v2.0/groups",
        f"{good}/v1.0/../x", "//evil.example/v1.0/groups", "groups?x", "https://[/v1.0/",
    ):  # fmt: skip
        cloud.faults.clear()
        fault = cloud.fault(
            "/groups\\?", lambda h, link=link: h.answer(200, {"value": [], "@odata.nextLink": link})
        )
        assert "another server" in said(directory(cloud)).said, link
        assert fault.fired == 1
    assert not [one for one in cloud.asked if one[0] == "elsewhere"]


def test_a_redirect_is_not_followed(cloud: Cloud) -> None:
    there = cloud.url("elsewhere") + "/v1.0/groups"
    cloud.fault("/groups\\?", lambda h: h.answer(302, {}, Location=there))
    assert "status 302" in said(directory(cloud)).said
    assert not [one for one in cloud.asked if one[0] == "elsewhere"]


def test_the_secret_goes_to_no_other_login(cloud: Cloud) -> None:
    there = cloud.url("elsewhere")
    cloud.fault("openid-conf", lambda h: h.answer(200, {
        "issuer": there, "token_endpoint": f"{there}/{TENANT}/oauth2/v2.0/token",
        "authorization_endpoint": f"{there}/{TENANT}/authorize",
    }))  # fmt: skip
    assert "names another server" in said(directory(cloud)).said
    assert not [one for one in cloud.asked if one[0] == "elsewhere"]


def test_pages_that_go_round_in_circles(cloud: Cloud) -> None:
    link = f"{cloud.url('graph')}/v1.0/groups?again"
    fault = cloud.fault(
        "/groups\\?", lambda h: h.answer(200, {"value": [], "@odata.nextLink": link})
    )
    assert "round in circles" in said(directory(cloud)).said
    assert fault.fired == 2


def test_a_wrong_secret(cloud: Cloud) -> None:
    fault = said(directory(cloud, secret="another"))
    assert "AADSTS7000215" in fault.said
    assert "CLIENT_SECRET" in fault.to_do
    assert "Trace" not in fault.said


def test_a_wrong_tenant(cloud: Cloud) -> None:
    assert "no such tenant" in said(directory(cloud, tenant="nobody.example")).said


@pytest.mark.parametrize(
    ("status", "why"), [(403, "does not let"), (400, "can't read"), (410, "410")]
)
def test_what_graph_refuses(cloud: Cloud, status: int, why: str) -> None:
    cloud.fault("/groups\\?", lambda h: h.answer(status, {"error": {"message": "secret stuff"}}))
    fault = said(directory(cloud))
    assert why in fault.said
    assert "secret stuff" not in fault.said


def test_a_token_that_runs_out_is_renewed_once(cloud: Cloud) -> None:
    fault = cloud.fault("g3/trans", lambda h: h.answer(401, {}), times=1)
    assert len(read(cloud)) == 4
    assert (fault.fired, len(cloud.tokens)) == (1, 2)
    cloud.faults.clear()
    cloud.fault("g3/trans", lambda h: h.answer(401, {}))
    assert "does not take the token" in said(directory(cloud)).said


@pytest.mark.parametrize("server", ["login", "graph"])
def test_a_certificate_that_nobody_vouches_for(cloud: Cloud, server: str, tmp_path: Path) -> None:
    with microsoft(tmp_path / "other") as other:
        where = {"login": "login", "graph": "url"}[server]
        asked = {where: other.url(server) + ("/v1.0" if server == "graph" else "")}
        assert "certificate" in said(directory(cloud, **asked)).said
        assert other.asked == []


def test_nobody_is_there(cloud: Cloud) -> None:
    assert "can't be reached" in said(directory(cloud, url="https://127.0.0.1:1/v1.0")).said
    assert "can't be reached" in said(directory(cloud, login="https://127.0.0.1:1")).said


def test_nothing_secret_is_logged(cloud: Cloud, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        made = directory(cloud)
        list(made.groups())
        said(directory(cloud, secret="another-secret"))
    for secret in (SECRET, "another-secret", *cloud.tokens):
        assert secret not in caplog.text
        assert secret not in repr(made._place)


def test_each_cloud_has_its_own_hosts() -> None:
    assert all(origin(url)[1] == 443 for pair in CLOUDS.values() for url in pair)
    assert len({pair[1] for pair in CLOUDS.values()}) == len(CLOUDS)
