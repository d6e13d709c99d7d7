"""A policy that removes outsiders: warned of, done by the server's log, and stopped by what
protects; the space itself goes on."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
import requests

from cards.paper import certificate_paper
from domain.ids import RoomId
from domain.lifecycle import CaseState
from domain.people import Actor
from domain.policies import Basis, Ending
from retention.holds import place_hold
from retention.keeping import keep_space
from retention.pausing import house_pause
from retention.proofs import find_certificate
from storage.certificates import Certificate
from tests.nights import DAY, World

ANA, BEN, EVE, EVA = (
    "ana@example.com", "ben@example.com", "eve@partner.example", "eva@partner.example",
)  # fmt: skip


def guests(world: World, *, basis: Basis = Basis.ACTIVITY, **more: Any) -> None:
    world.policy(
        "scope:external",
        ending=Ending.OUTSIDERS,
        period=90 * DAY,
        basis=basis,
        name="guests",
        **more,
    )


def with_guests(world: World, title: str = "Old plans", **more: Any) -> dict[str, Any]:
    with suppress(RuntimeError):  # she is there already
        world.control.person(EVA, org="Partner")
    return world.space(title, **({"members": [BEN, EVE, EVA]} | more))


def inside(world: World, room: Mapping[str, Any]) -> set[str]:
    return {one["personEmail"] for one in world.control.room(room["id"])["members"]}


def removed(world: World) -> list[str]:
    """Who was removed, by the server's log."""
    return [e["object"]["personEmail"] for e in world.control.effects("membership.deleted")]


def test_outsiders_are_removed_after_all_notices_and_the_space_goes_on(world: World) -> None:
    room, inner = with_guests(world), world.space("Inner circle")
    guests(world)
    world.crawl()
    world.night()
    assert "loses its outsiders" in str(world.told(ANA))
    world.nights(29)
    assert removed(world) == []
    world.nights(3)
    assert sorted(removed(world)) == [EVA, EVE]
    assert inside(world, room) >= {ANA, BEN}
    assert inside(world, inner) >= {ANA, BEN}
    assert world.deleted() == []
    assert not world.control.room(room["id"])["room"]["isAnnouncementOnly"]
    assert "2 outsiders removed" in str(world.told(ANA))
    said = world.nights(40)
    assert not said["counts"].get("newly due")
    assert len(removed(world)) == 2


def test_who_was_removed_is_certified_to_compliance_alone(world: World) -> None:
    room = with_guests(world)
    guests(world, notices=(2, 1))
    world.crawl()
    world.night()
    world.nights(2)
    assert sorted(removed(world)) == [EVA, EVE]
    assert len(certificates(world)) == 1
    (made,) = certificates(world)
    row, body, _ = find_certificate(world.house, made.number)
    assert (row.is_whole, row.title) == (True, "Old plans")
    assert "guests" in row.why
    assert sorted(one["email"] for one in body["removed"]) == [EVA, EVE]
    for one in body["removed"]:
        assert (one["outcome"], one["organisation"] is None) == ("done", False)
        assert one["second_identity"] == "the second identity sees them in it no more"
    assert "evidence_age_seconds" in body["removed"][0]["witness"]
    assert [one["number"] for one in body["notices"]] == [1, 2]
    assert body["policy"]["name"] == "guests"
    assert body["approval"]["by"] == "dora@example.com"
    (card,) = [text for text in world.told("cleo@example.com") if made.number in text]
    assert "2 outsiders were removed from Old plans" in card
    assert EVE in card
    assert not any(made.number in text for text in world.told(ANA))
    paper = certificate_paper(
        made.number, made_at=made.made_at, body=made.body, sha256=made.sha256, is_whole=True
    )
    assert paper.content.startswith(b"%PDF")
    world.nights(2)
    assert len(certificates(world)) == 1
    assert inside(world, room) >= {ANA, BEN}


def test_what_was_removed_before_a_process_died_is_certified_by_the_next_night(
    world: World,
) -> None:
    """Its token died between the first and the second of them."""
    with_guests(world)
    guests(world, notices=(2, 1))
    world.crawl()
    world.night()
    world.nights(1)
    world.pass_(DAY)
    world.control.fault("status", status=401, method="DELETE", path="/memberships/*", skip=1,
                        count=99)  # fmt: skip
    world.night()
    world.control.clear_faults()
    assert (len(removed(world)), certificates(world)) == (1, [])
    world.night()
    assert len(removed(world)) == 2
    assert [len(one.body["removed"]) for one in certificates(world)] == [1, 1]  # type: ignore[arg-type]


def certificates(world: World) -> list[Certificate]:
    with world.house.store.read() as tx:
        assert tx.audit.verify().broken_at is None
        return list(tx.certificates.latest(count=9))


def test_writing_in_it_counts_where_the_policy_counts_from_activity_alone(world: World) -> None:
    quiet, old = with_guests(world, "Quiet"), with_guests(world, "Old")
    guests(world, basis=Basis.CREATED)
    world.crawl()
    world.night()
    writes(world, old)
    world.nights(33)
    assert inside(world, old).isdisjoint({EVE, EVA})
    assert inside(world, quiet).isdisjoint({EVE, EVA})


@pytest.mark.parametrize("protection", ["keep", "hold", "pause"])
def test_what_protects_keeps_them_in(world: World, protection: str) -> None:
    room = with_guests(world)
    guests(world)
    world.crawl()
    world.nights(10)
    house = world.house
    cleo = Actor(name="cleo@example.com", person=world.person("cleo@example.com"))
    with house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(room["id"]))
    assert space is not None
    match protection:
        case "keep":
            keep_space(house, cleo, space, until=None, by_compliance=True)
        case "hold":
            place_hold(house, cleo, "audit", spaces=(space,))
        case "pause":
            house_pause(house, cleo, "look first")
    world.nights(40)
    assert removed(world) == []
    assert inside(world, room) >= {EVE, EVA}


def test_without_a_cap_nobody_is_removed_nor_warned(world: World) -> None:
    with_guests(world)
    guests(world, cap=None)
    world.crawl()
    world.nights(40)
    assert removed(world) == []
    assert world.told(ANA) == []


def test_a_cap_counts_spaces_and_not_people(world: World) -> None:
    for number in range(3):
        with_guests(world, f"Plans {number}")
    guests(world, cap=2)
    world.crawl()
    world.nights(31)
    assert len(removed(world)) == 4
    world.nights(2)
    assert len(removed(world)) == 6


def test_a_space_where_nobody_of_ours_would_be_left_is_for_a_person_to_look_at(
    world: World,
) -> None:
    room = with_guests(world, creator=ANA, moderators=[], members=[EVE, EVA])
    guests(world, notices=(7, 1))
    world.crawl()
    world.night()
    leaves(world, room, ANA)
    world.nights(12)
    assert set(removed(world)) <= {ANA}
    assert inside(world, room) >= {EVE, EVA}
    assert world.case(room) is None or world.case(room).state is CaseState.NEEDS_ATTENTION


def test_the_order_of_ends_is_from_least_to_most() -> None:
    order = sorted(Ending, key=lambda one: one.order)
    assert order == [
        Ending.KEEP, Ending.NOTIFY, Ending.OUTSIDERS, Ending.BLOCK, Ending.PURGE, Ending.DELETE,
    ]  # fmt: skip


def test_what_a_killed_night_left_half_done_is_gone_on_with(world: World) -> None:
    """One of them was removed, and the process died before the other's turn."""
    room = with_guests(world)
    guests(world, notices=(7, 1))
    world.crawl()
    world.nights(7)
    leaves(world, room, EVA)
    world.nights(3)
    assert sorted(removed(world)) == [EVA, EVE]
    case = world.case(room)
    assert case is None or case.state is CaseState.CLEAR


def leaves(world: World, room: Mapping[str, Any], email: str) -> None:
    """A person leaves the space by themselves."""
    mine = rest(world, email, "GET", f"memberships?roomId={room['id']}")["items"]
    [id] = [one["id"] for one in mine if one["personEmail"] == email]
    rest(world, email, "DELETE", f"memberships/{id}")


def writes(world: World, room: Mapping[str, Any]) -> None:
    rest(world, BEN, "POST", "messages", roomId=room["id"], text="we go on")


def rest(world: World, email: str, method: str, path: str, **body: str) -> Any:
    ready = world.control.ready
    answer = requests.request(
        method, ready["rest"] + path, json=body or None, verify=ready["ca"], timeout=10,
        headers={"Authorization": f"Bearer {world.control.token(email)}"},
    )  # fmt: skip
    answer.raise_for_status()
    return answer.json() if answer.content else None
