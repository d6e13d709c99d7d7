"""What scopes leave of a token's powers, and roles that are taken away (facts 3.4, 3.5; 9.1)."""

from __future__ import annotations

from sandbox.handle import Control
from tests.sandbox.calling import As
from tests.sandbox.expect import given, gone, refused
from tests.sandbox.test_sandbox_rooms import add

OFFICER = "compliance-service@example.com"
ALL = tuple(
    f"spark-compliance:{name}"
    for name in (
        "events_read", "messages_read", "messages_write", "memberships_read",
        "memberships_write", "rooms_read", "rooms_write", "teams_read",
    )
)  # fmt: skip
MISSING = "Missing required scopes."


def test_with_all_compliance_scopes_an_officer_has_all_powers(as_: As, control: Control) -> None:
    control.scopes(OFFICER, *ALL)
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A")
    said = ana.made("/messages", roomId=room["id"], text="x")
    assert given(co.get(f"/rooms/{room['id']}"))
    added = add(co, room, "ben@example.com")
    gone(co.delete(f"/memberships/{added['id']}"))
    gone(co.delete(f"/messages/{said['id']}"))
    assert co.all("/events")
    refused(co.get("/people"), 403, says=MISSING)  # that is an admin's
    refused(co.get("/groups"), 403, says=MISSING)


def test_each_scope_opens_its_own_door_only(as_: As, control: Control) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A")
    said = ana.made("/messages", roomId=room["id"], text="x")
    place = f"/rooms/{room['id']}"
    control.scopes(OFFICER, "spark-compliance:rooms_read")
    assert given(co.get(place))
    refused(co.put(place, title="A", description="x"), 403, says=MISSING)
    refused(co.get("/memberships", roomId=room["id"]), 403, says=MISSING)
    refused(co.get("/events"), 403, says=MISSING)
    refused(co.get(f"/messages/{said['id']}"), 403, says=MISSING)
    control.scopes(OFFICER, "spark-compliance:memberships_read")
    assert co.all("/memberships", personEmail="ana@example.com")
    refused(
        co.post("/memberships", roomId=room["id"], personEmail="ben@example.com"), 403,
        says=MISSING,
    )  # fmt: skip
    control.scopes(OFFICER, "spark-admin:people_read", "identity:groups_read")
    assert co.all("/people")
    assert given(co.get("/groups"))
    refused(co.post("/groups", displayName="x"), 403, says=MISSING)
    refused(co.get(place), 403, says=MISSING)


def test_with_spark_all_alone_an_officer_is_anybody(as_: As, control: Control) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A")
    control.scopes(OFFICER, "spark:all")
    refused(co.get(f"/rooms/{room['id']}"), 404)
    refused(co.get("/events"), 403)
    refused(co.get("/memberships", personEmail="ana@example.com"), 400)
    own = co.made("/rooms", title="Own")
    assert [r["id"] for r in co.all("/rooms")] == [own["id"]]
    control.scopes(OFFICER)
    assert given(co.get(f"/rooms/{room['id']}"))


def test_a_role_that_is_taken_away_is_gone_at_once(as_: As, control: Control) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A")
    assert given(co.get(f"/rooms/{room['id']}"))
    control.person(OFFICER, roles="")
    refused(co.get(f"/rooms/{room['id']}"), 404)
    refused(co.get("/events"), 403)
    refused(co.get("/people"), 400)
    control.person(OFFICER, login=False)
    refused(co.get("/people/me"), 401)


def test_an_officer_is_no_administrator(as_: As) -> None:
    witness = as_("co2")
    refused(witness.get("/people"), 400)
    refused(witness.get("/groups"), 403)
    refused(witness.get("/organizations"), 403)
    refused(witness.post("/people", emails=["x@example.com"], displayName="X"), 403)


# -- the officer of another company -----------------------------------------------------------


def test_another_companys_officer_sees_its_own_people_in_our_rooms_and_their_talks(
    as_: As, control: Control
) -> None:  # fmt: skip
    control.person("petra@partner.example", org="Partner", roles="compliance")
    ana, eve, petra = as_("ana"), as_("eve@partner.example"), as_("petra@partner.example")
    ours = ana.made("/rooms", title="Ours")
    refused(petra.get(f"/rooms/{ours['id']}"), 404)
    add(ana, ours, "eve@partner.example")
    by_ana = ana.made("/messages", roomId=ours["id"], text="By ana")
    by_eve = eve.made("/messages", roomId=ours["id"], text="By eve")
    assert [m["text"] for m in petra.all("/messages", roomId=ours["id"])] == ["By eve"]
    members = petra.all("/memberships", roomId=ours["id"])
    assert [m["personEmail"] for m in members] == ["eve@partner.example"]
    refused(petra.get(f"/messages/{by_ana['id']}"), 404)
    refused(petra.put(f"/rooms/{ours['id']}", title="Ours", description="Theirs"), 403)
    gone(petra.delete(f"/messages/{by_eve['id']}"))
    talk = ana.made("/messages", toPersonEmail="eve@partner.example", text="Between us")
    for officer in (petra, as_("co")):
        texts = [m["text"] for m in officer.all("/messages", roomId=talk["roomId"])]
        assert texts == ["Between us"]
    assert {e["data"]["personEmail"] for e in petra.all("/events", resource="messages")} == {
        "eve@partner.example",
    }  # fmt: skip
