"""People, groups, levels, organisations, the officer's OAuth (facts 1.4, 1.9, 3.3, 3.5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests

from sandbox.base import add_person
from sandbox.handle import Control, Handle
from tests.sandbox.calling import As, Caller
from tests.sandbox.expect import given, gone, refused

ADMIN_ONLY = {"roles", "licenses", "invitePending", "loginEnabled"}


def test_everyone_sees_their_own_profile(as_: As) -> None:
    ana, bot = as_("ana").me(), as_("bot").me()
    assert (ana["emails"], ana["type"]) == (["ana@example.com"], "person")
    assert (bot["emails"], bot["type"]) == (["spacekeeper@webex.bot"], "bot")
    assert ana["displayName"]
    assert ana["orgId"] != bot["orgId"] or ana["orgId"]


def test_people_are_found_by_address_name_or_id(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben").me()
    assert [p["id"] for p in ana.all("/people", email="ben@example.com")] == [ben["id"]]
    assert [p["id"] for p in ana.all("/people", email="BEN@example.com")] == [ben["id"]]
    start = ben["displayName"][:4]
    assert ben["id"] in [p["id"] for p in ana.all("/people", displayName=start)]
    assert ana.all("/people", email="nobody@example.com") == []
    assert ana.all("/people", email="eve@partner.example") == []  # same organisation only
    refused(ana.get("/people"), 400, says="Email, displayName, or id list should be specified.")


def test_many_are_read_by_id_without_presence_and_the_unknown_are_named(as_: As) -> None:
    ana, ben = as_("ana"), as_("ben").me()
    lost = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8wMDAwMDAwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDA"
    body = given(ana.get("/people", id=f"{ben['id']},{lost}"))
    assert [p["id"] for p in body["items"]] == [ben["id"]]
    assert body["notFoundIds"] == [lost]
    assert not {"status", "lastActivity"} & set(body["items"][0])
    refused(ana.get("/people", id=",".join([ben["id"]] * 86)), 400)
    assert given(ana.get("/people", id=",".join([ben["id"]] * 85)))


def test_presence_is_for_the_same_company(as_: As) -> None:
    ana, eve = as_("ana"), as_("eve@partner.example")
    assert given(ana.get(f"/people/{as_('ben').me()['id']}"))["status"]
    stranger = given(ana.get(f"/people/{eve.me()['id']}"))
    assert not {"status", "lastActivity"} & set(stranger)
    assert stranger["orgId"] == eve.me()["orgId"]
    bot = as_("bot")  # has an organisation, too, and no more presence of others than its people
    assert given(bot.get(f"/people/{as_('ben').me()['id']}"))["status"]
    assert not {"status", "lastActivity"} & set(given(bot.get(f"/people/{eve.me()['id']}")))


def test_only_administrators_see_roles_and_licences(as_: As) -> None:
    ben = as_("ben").me()["id"]
    assert set(given(as_("adam").get(f"/people/{ben}"))) >= {"roles", "licenses", "loginEnabled"}
    for who in ("ana", "bot"):
        assert not ADMIN_ONLY & set(given(as_(who).get(f"/people/{ben}")))
    listed = given(as_("adam").get("/people", id=ben))["items"]  # not in a list by id (OAS-M)
    assert not ADMIN_ONLY & set(listed[0])


def test_an_administrator_lists_the_company_in_pages(as_: As) -> None:
    adam = as_("adam")
    everyone = [p["emails"][0] for p in adam.all("/people", max=2)]
    assert len(everyone) == len(set(everyone))
    assert {"ana@example.com", "ben@example.com", "adam@example.com"} <= set(everyone)
    assert "eve@partner.example" not in everyone
    role = given(adam.get(f"/people/{adam.me()['id']}"))["roles"][0]
    assert "adam@example.com" in [p["emails"][0] for p in adam.all("/people", roles=role)]


def test_somebody_unknown(as_: As) -> None:
    lost = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8wMDAwMDAwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDA"
    refused(as_("ana").get(f"/people/{lost}"), 404)
    refused(as_("ana").get("/people/nonsense"), 400, 404)


def test_an_administrator_makes_changes_and_removes_people(as_: As) -> None:
    adam, ana = as_("adam"), as_("ana")
    made = adam.made("/people", emails=["zoe@example.com"], displayName="Zoe")
    refused(adam.post("/people", emails=["zoe@example.com"], displayName="Zoe"), 409)
    refused(adam.post("/people", emails=["yan@example.com"]), 400)
    path = f"/people/{made['id']}"
    changed = {**made, "displayName": "Zoe A."}
    changed.pop("phoneNumbers")
    assert given(adam.put(path, **changed))["displayName"] == "Zoe A."
    phones = [{"type": "work", "value": "+43 1 5550100"}]
    assert given(adam.put(path, **changed, phoneNumbers=phones))["phoneNumbers"] == phones
    assert given(ana.get(path))["phoneNumbers"] == phones
    refused(adam.put(path, phoneNumbers=["+43 1 5550100"]), 400)
    for act in (lambda: ana.put(path, **changed), lambda: ana.delete(path)):
        refused(act(), 403)
    room = ana.made("/rooms", title="A")
    ana.made("/memberships", roomId=room["id"], personId=made["id"])
    gone(adam.delete(path))
    refused(ana.get(path), 404)


def test_an_administrator_has_no_power_over_rooms(as_: As) -> None:
    room = as_("ana").made("/rooms", title="A")
    adam = as_("adam")
    refused(adam.get("/memberships", roomId=room["id"]), 404)
    refused(adam.get("/messages", roomId=room["id"]), 404)
    refused(adam.put(f"/rooms/{room['id']}", title="A", description="x"), 404)
    refused(
        adam.post("/memberships", roomId=room["id"], personEmail="adam@example.com"), 404
    )  # fmt: skip


def test_somebody_who_was_deactivated_is_nobody(as_: As, control: Control) -> None:
    ben = as_("ben")
    control.person("ben@example.com", login=False)
    refused(ben.get("/people/me"), 401)


# -- groups -----------------------------------------------------------------------------------


def test_groups_are_listed_as_the_administrators_see_them(as_: As) -> None:
    adam = as_("adam")
    body = given(adam.get("/groups"))
    assert set(body) == {"totalResults", "startIndex", "itemsPerPage", "groups"}
    assert (body["totalResults"], body["startIndex"]) == (3, 1)
    assert "members" not in body["groups"][0]
    whole = given(adam.get("/groups", includeMembers="true", sortBy="displayName"))["groups"]
    assert [(g["displayName"], g["memberSize"]) for g in whole] == [
        ("Everyone", 4), ("Finance", 2), ("Legal", 1),
    ]  # fmt: skip
    assert {m["id"] for m in whole[1]["members"]} == {as_(n).me()["id"] for n in ("ana", "ben")}
    assert {m["type"] for m in whole[1]["members"]} == {"user"}
    named = given(adam.get("/groups", filter='displayName eq "Legal"'))["groups"]
    assert [g["displayName"] for g in named] == ["Legal"]
    named = given(adam.get("/groups", filter='displayName sw "Fin"'))["groups"]
    assert [g["displayName"] for g in named] == ["Finance"]
    down = given(adam.get("/groups", sortBy="displayName", sortOrder="descending"))["groups"]
    assert [g["displayName"] for g in down] == ["Legal", "Finance", "Everyone"]
    second = given(adam.get("/groups", sortBy="displayName", startIndex=2, count=1))
    assert [g["displayName"] for g in second["groups"]] == ["Finance"]
    assert (second["startIndex"], second["itemsPerPage"], second["totalResults"]) == (2, 1, 3)
    refused(adam.get("/groups", filter='name eq "x"'), 400)


def test_a_big_group_comes_five_hundred_at_a_time(
    as_: As, control: Control, handle: Handle
) -> None:  # fmt: skip
    emails = [f"p{n}@example.com" for n in range(501)]
    handle.do(lambda: [add_person(handle.world, email=email) for email in emails])
    control.group("Many", emails)
    adam = as_("adam")
    named = given(adam.get("/groups", includeMembers="true", filter='displayName eq "Many"'))
    group = named["groups"][0]
    assert (group["memberSize"], len(group["members"])) == (501, 500)
    path = f"/groups/{group['id']}"
    assert "members" not in given(adam.get(path))
    assert len(given(adam.get(path, includeMembers="true"))["members"]) == 500
    first = given(adam.get(f"{path}/members", count=1000))["members"]
    rest = given(adam.get(f"{path}/members", startIndex=501))["members"]
    assert (len(first), len(rest)) == (500, 1)
    assert len({m["id"] for m in [*first, *rest]}) == 501


def test_groups_are_made_changed_and_removed_by_administrators(as_: As) -> None:
    adam = as_("adam")
    ana = as_("ana").me()["id"]
    refused(adam.post("/groups", displayName="Finance"), 409)
    answer = adam.post("/groups", displayName="Tax", members=[{"id": ana}])
    assert answer.status_code == 201
    group = answer.json()
    assert group["orgId"] == adam.me()["orgId"]
    path = f"/groups/{group['id']}"
    ben = as_("ben").me()["id"]
    answer = adam.call(
        "PATCH", path,
        json={"displayName": "Money", "members": [{"id": ben}, {"id": ana, "operation": "delete"}]},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert given(adam.get(path))["displayName"] == "Money"
    members = given(adam.get(f"{path}/members"))["members"]
    assert [m["id"] for m in members] == [ben]
    gone(adam.delete(path))
    refused(adam.get(path), 404)


@pytest.mark.parametrize("who", ["ana", "bot", "eve@partner.example"])
def test_groups_are_not_for_everybody(as_: As, control: Control, who: str) -> None:
    control.group("Finance", ["ana@example.com"])
    group = given(as_("adam").get("/groups"))["groups"][0]["id"]
    for path in ("/groups", f"/groups/{group}", f"/groups/{group}/members"):
        refused(as_(who).get(path), 403, 404)
    refused(as_(who).post("/groups", displayName="Mine"), 403)


# -- classifications, organisations -----------------------------------------------------------


def test_a_company_has_five_levels(as_: As) -> None:
    items = as_("co").all("/classifications")
    assert sorted(c["rank"] for c in items) == [0, 1, 2, 3, 4]
    assert all(c["title"] and c["orgId"] == as_("co").me()["orgId"] for c in items)
    refused(as_("bot").get("/classifications"), 403)


def test_organisations_are_those_that_one_administers(as_: As) -> None:
    adam = as_("adam")
    mine = adam.me()["orgId"]
    assert [o["id"] for o in adam.all("/organizations")] == [mine]
    found = given(adam.get(f"/organizations/{mine}"))
    assert set(found) == {"id", "displayName", "created"}
    refused(adam.get(f"/organizations/{as_('eve@partner.example').me()['orgId']}"), 403, 404)
    refused(as_("bot").get("/organizations"), 403)


# -- the officer's integration ----------------------------------------------------------------


def refresh(handle: Handle, **changes: str) -> requests.Response:
    rest, known = handle.ready["rest"], handle.ready["oauth"]
    form = {"grant_type": "refresh_token", **known, **changes}
    return requests.post(
        rest + "access_token", data=form, verify=handle.ready["ca"], timeout=10
    )  # fmt: skip


def asking(handle: Handle, token: str) -> requests.Response:
    caller = Caller(handle.ready["rest"], handle.ready["ca"], token)
    try:
        return caller.get("/people/me")
    finally:
        caller.session.close()


def test_an_access_token_lives_for_fourteen_days(handle: Handle, control: Control, as_: As) -> None:
    got = given(refresh(handle))
    assert set(got) >= {"access_token", "expires_in", "refresh_token", "refresh_token_expires_in"}
    assert got["expires_in"] == 14 * 86_400
    assert got["refresh_token_expires_in"] <= 90 * 86_400
    assert asking(handle, got["access_token"]).json()["id"] == as_("co").me()["id"]
    control.advance(timedelta(days=13, hours=23))
    assert asking(handle, got["access_token"]).ok
    control.advance(timedelta(hours=2))
    refused(asking(handle, got["access_token"]), 401)


def test_using_the_refresh_token_keeps_it_alive_for_ever(handle: Handle, control: Control) -> None:
    for _ in range(4):
        got = given(refresh(handle))
        assert got["refresh_token"] == handle.ready["oauth"]["refresh_token"]
        control.advance(timedelta(days=80))
    assert asking(handle, given(refresh(handle))["access_token"]).ok


def test_an_unused_refresh_token_dies_after_ninety_days(handle: Handle, control: Control) -> None:
    given(refresh(handle))
    control.advance(timedelta(days=91))
    assert refresh(handle).status_code in (400, 401)


@pytest.mark.parametrize(
    "changes",
    [
        {"client_secret": "x"}, {"client_id": "x"}, {"refresh_token": "x"}, {"grant_type": "x"},
        {"refresh_token": ""},
    ],
)  # fmt: skip
def test_only_the_integration_itself_refreshes(handle: Handle, changes: dict[str, str]) -> None:
    answer = refresh(handle, **changes)
    assert answer.status_code in (400, 401)
    assert "access_token" not in answer.text


def test_a_token_can_be_ended_before_its_time(handle: Handle, control: Control) -> None:
    got: dict[str, Any] = given(refresh(handle))
    assert control.call("POST", "expire")["expired"] == 1
    refused(asking(handle, got["access_token"]), 401)
    assert asking(handle, given(refresh(handle))["access_token"]).ok
