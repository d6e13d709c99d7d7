"""What comes amid an erasure: a hold, a pause, a stop, a storm; judged by the server's log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.erasures import ErasureState
from domain.errors import Refusal, Stopped
from domain.hours import Freeze, Hours
from domain.ids import RoomId
from retention.erasing.looking import finish_looking
from retention.erasing.registering import cancel, register
from retention.holds import place_hold, release_hold
from retention.pausing import house_pause, house_resume
from spaces.looking import find_person
from tests.nights import DAY, World
from tests.retention.people import ANA, BEN, Office, words
from webex.sdk import SdkWebex
from webex.tokens import FixedToken

TEXTS = [f"m{number}" for number in range(8)]


def plans(world: World, title: str = "Plans", **more: Any) -> dict[str, Any]:
    said = [*words(*TEXTS, at=world.ago(5)), *words("mine", by=ANA, at=world.ago(4))]
    return world.space(title, **({"messages": said} | more))


def office_with(world: World, amid: Callable[[Office], None], *, after: int = 3) -> Office:
    """`amid` happens once, in the wait before a message, when so many were deleted."""
    office = Office(world, erase_pace=timedelta(seconds=1))
    done: list[bool] = []

    def sleep(seconds: float) -> None:
        if not done and len(office.deleted()) >= after:
            done.append(True)
            amid(office)

    office.world.house = office.house = replace(office.house, sleep=sleep)
    return office


def test_a_hold_that_comes_amid_stops_it_at_once_and_it_goes_on_by_the_same_step(
    world: World,
) -> None:
    def hold(office: Office) -> None:
        with office.house.store.read() as tx:
            space = tx.spaces.by_key(world.key(room))
        placed = place_hold(office.house, office.actor("cleo"), "lawsuit", spaces=[space])
        assert placed.in_flight, "whoever holds is told what had begun (I11)"

    room = plans(world)
    world.crawl()
    office = office_with(world, hold)
    one = office.agreed()
    office.runs()
    assert len(office.deleted()) == 3
    assert office.now(one).state is ErasureState.PARTLY
    assert office.part(one, room).deleted == 3
    release_hold(office.house, office.actor("cleo"), "lawsuit")
    office.world.pass_(15 * DAY)
    office.runs()
    assert office.is_done(one)
    assert sorted(office.deleted()) == TEXTS
    with office.house.store.read() as tx:
        steps = [row.detail["step"] for row in tx.audit.since() if row.word == "message:erase"]
    assert len(steps) == len(set(steps))


def test_a_pause_amid_stops_it_before_the_next_message(world: World) -> None:
    plans(world)
    world.crawl()
    office = office_with(
        world, lambda it: house_pause(it.house, it.actor("cleo"), reason="look") and None
    )
    one = office.agreed()
    assert "paused" in str(office.runs()["stopped"])
    assert len(office.deleted()) == 3
    office.runs()
    assert len(office.deleted()) == 3
    house_resume(office.house, office.actor("cleo"))
    office.runs()
    assert office.is_done(one)
    assert sorted(office.deleted()) == TEXTS


def test_after_a_long_pause_both_have_to_agree_again(world: World) -> None:
    plans(world)
    world.crawl()
    office = office_with(
        world, lambda it: house_pause(it.house, it.actor("cleo"), reason="look") and None
    )
    one = office.agreed()
    office.runs()
    assert len(office.deleted()) == 3
    world.pass_(31 * DAY)
    office.runs()
    house_resume(office.house, office.actor("cleo"))
    office.runs()
    assert len(office.deleted()) == 3
    now = office.now(one)
    assert (now.state, now.second, now.list_hash) == (ErasureState.SHOWN, None, "")
    assert "more than 30 days" in now.why
    assert "agreed to again" in str(office.world.told("dora@example.com"))
    office.agreed()
    office.runs()
    assert office.is_done(one)
    assert sorted(office.deleted()) == TEXTS


@pytest.mark.parametrize("who", ["cleo", "dora"])
def test_who_is_not_of_compliance_any_more_amid_stops_it_and_others_agree_anew(
    world: World, who: str
) -> None:
    def fewer(office: Office) -> None:
        house = office.house
        object.__setattr__(house, "compliance", house.compliance - {f"{who}@example.com"})

    plans(world)
    world.crawl()
    office = office_with(world, fewer)
    one = office.agreed()
    everybody = office.house.compliance
    office.runs()
    assert len(office.deleted()) == 3
    office.runs()
    assert len(office.deleted()) == 3
    assert office.now(one).state is ErasureState.SHOWN
    object.__setattr__(office.house, "compliance", everybody | {"emil@example.com"})
    office.agreed()
    office.runs()
    assert office.is_done(one)
    assert sorted(office.deleted()) == TEXTS


def test_an_open_request_stays_as_it_was_asked_for(world: World) -> None:
    plans(world)
    world.crawl()
    office = Office(world)
    one = office.asks()
    with pytest.raises(Refusal, match="without both sides") as no:
        office.asks(both_sides=True)
    assert f"erasure cancel {one.number}" in str(no.value)
    with pytest.raises(Refusal, match="a wish that came on"):
        office.asks(received=world.now() - 20 * DAY)
    assert not office.now(one).both_sides
    assert office.asks().key == one.key
    cancel(office.house, office.actor("cleo"), one)
    both = office.asks(both_sides=True)
    with pytest.raises(Refusal, match="with both sides"):
        office.asks()
    assert office.asks(both_sides=True).key == both.key


def test_who_asks_for_it_again_is_the_first_of_the_two(world: World) -> None:
    plans(world)
    world.crawl()
    office = Office(world)
    one = office.asks()
    register(office.house, office.actor("dora"), find_person(office.house, BEN))
    finish_looking(office.house, office.actor("dora"), office.now(one))
    with pytest.raises(Refusal, match="somebody else"):
        office.shown(one, "dora")
    assert office.agrees(one, "cleo").by == office.actor("dora").person


def test_on_a_freeze_day_nobody_leaves_and_nothing_is_deleted(world: World) -> None:
    plans(world)
    world.crawl()
    today = world.now().date()
    closed = Office(world, hours=Hours(freezes=(Freeze(first=today, last=today),)))
    one = closed.agreed()
    assert closed.runs()["stopped"]
    assert (closed.deleted(), closed.left()) == ([], [])
    office = Office(world)
    office.runs()
    assert office.is_done(one)


def test_called_off_amid_what_is_erased_is_erased_and_no_more(world: World) -> None:
    plans(world)
    world.crawl()
    asked: list[Any] = []
    office = office_with(world, lambda it: cancel(it.house, it.actor("dora"), asked[0]) and None)
    asked.append(office.agreed())
    office.runs()
    office.runs()
    assert len(office.deleted()) == 3
    assert office.now(asked[0]).state is ErasureState.CANCELLED


def test_a_process_that_ends_amid_leaves_it_to_the_next(world: World) -> None:
    def stop(office: Office) -> None:
        raise Stopped

    plans(world)
    world.crawl()
    office = office_with(world, stop)
    one = office.agreed()
    with pytest.raises(Stopped):
        office.runs()
    assert len(office.deleted()) == 3
    office.runs()
    assert office.is_done(one)
    assert sorted(office.deleted()) == TEXTS


def test_a_storm_of_429_puts_it_off_and_it_goes_on(world: World) -> None:
    plans(world)
    world.crawl()
    office = Office(world)
    one = office.agreed()
    world.control.fault(
        "429", method="DELETE", path="/messages/*", retry_after="86400", count=8, skip=3
    )
    said = office.runs()
    assert said["stopped"]
    assert len(office.deleted()) == 3
    world.control.clear_faults()
    office.runs()
    assert office.is_done(one)
    assert sorted(office.deleted()) == TEXTS


@pytest.mark.parametrize("kind", ["missing-page", "empty-page", "no-items"])
def test_a_page_that_is_lost_is_not_taken_for_the_end(world: World, kind: str) -> None:
    at = world.now() - 9 * DAY
    said = [
        {"by": BEN if n % 20 == 0 else ANA, "text": f"m{n}",
         "at": (at + timedelta(seconds=n)).isoformat()}
        for n in range(600)
    ]  # fmt: skip
    room = plans(world, messages=said)
    world.crawl()
    office = Office(world)
    world.control.fault(kind, method="GET", path="/messages", count=1)
    one = office.asks()
    assert office.part(one, room).counted == 30
    office.agrees(one)
    world.control.fault(kind, method="GET", path="/messages", count=1, skip=1)
    office.runs()
    assert office.is_done(one)
    assert len(office.deleted()) == 30


def test_a_dead_token_stops_it_and_nothing_is_inferred(world: World) -> None:
    plans(world)
    world.crawl()
    office = Office(world)
    one = office.agreed()
    world.control.fault("status", status=401, method="DELETE", path="/messages/*", count=50)
    assert office.runs()["stopped"]
    world.control.clear_faults()
    assert not office.is_done(one)
    office.runs()
    assert office.is_done(one)


def test_one_that_webex_will_not_delete_needs_a_person_and_the_rest_goes(world: World) -> None:
    room = plans(world)
    world.crawl()
    office = Office(world)
    one = office.agreed()
    world.control.fault("status", status=403, method="DELETE", path="/messages/*", count=1)
    office.runs()
    assert len(office.deleted()) == 7
    assert "would not delete" in office.part(one, room).why
    world.pass_(timedelta(hours=2))
    office.runs()
    assert office.is_done(one)
    assert sorted(office.deleted()) == TEXTS


def test_without_a_compliance_identity_it_is_refused(world: World) -> None:
    ready = world.control.ready
    alone = SdkWebex(
        FixedToken(ready["tokens"]["bot"]), None, base_url=ready["rest"], ca=ready["ca"],
        per_minute=60_000,
    )  # fmt: skip
    office = Office(world)
    cleo, ben = office.actor("cleo"), find_person(office.house, BEN)
    with pytest.raises(Refusal, match="Without a compliance identity"):
        register(replace(office.house, webex=alone), cleo, ben)


def test_of_who_is_not_in_webex_any_more_our_own_tables_know_no_name(world: World) -> None:
    plans(world)
    world.crawl()
    office = Office(world)
    ben = find_person(office.house, BEN)
    with office.house.store.begin() as tx:
        tx.searches.save(ben.key, "mine", "tag:finance")
        tx.commit()
    one = office.agreed()
    world.control.fault("status", status=404, method="GET", path=f"/people/{ben.id}", count=9)
    office.runs()
    assert office.is_done(one)
    with office.house.store.read() as tx:
        now = tx.people.by_key(ben.key)
        assert (now.name, now.email) == (
            one.pseudonym, f"{one.pseudonym.lower()}@erased.invalid",
        )  # fmt: skip
        assert now.id != ben.id
        assert tx.people.by_email(BEN) is None
        assert not tx.searches.of(ben.key)
        assert not tx.erasures.spaces_of(ben.key)
        assert tx.audit.verify()
        dump = "".join(str(line) for line in tx.connection.connection.iterdump())  # type: ignore[attr-defined]
    assert one.pseudonym in dump
    lines = [line for line in dump.split(";") if BEN in line or str(ben.id) in line]
    assert not [line for line in lines if 'INTO "audit"' not in line], lines[:3]


def test_of_who_is_deleted_in_webex_what_the_inventory_remembers_is_erased(world: World) -> None:
    room = plans(world)
    world.crawl()
    office = Office(world)
    ben = find_person(office.house, BEN)
    gone = world.control.fault(
        "status", status=404, method="GET", path=f"/people/{ben.id}", count=-1
    )
    world.control.fault("status", status=404, method="GET", path="/memberships", count=1)
    one = office.asks()
    assert world.control.fired(gone)
    assert not one.unknown
    office.agrees(one)
    office.runs()
    assert office.is_done(one)
    assert office.stays(room["id"]) == ["mine"]


def test_while_their_spaces_can_not_be_listed_nobody_can_agree(world: World) -> None:
    plans(world)
    world.crawl()
    office = Office(world)
    world.control.fault("status", status=404, method="GET", path="/memberships", count=1)
    one = office.asks()
    with pytest.raises(Refusal, match="not known whole"):
        office.shown(one)


def test_who_leaves_a_team_leaves_its_general_space_last(world: World) -> None:
    office = Office(world)
    team = office.rest(ANA, "POST", "teams", name="Field sales")
    office.rest(ANA, "POST", "team/memberships", teamId=team["id"], personEmail=BEN)
    room = office.rest(ANA, "POST", "rooms", title="North", teamId=team["id"])
    office.rest(ANA, "POST", "memberships", roomId=room["id"], personEmail=BEN)
    office.writes(BEN, "in the team", roomId=room["id"])
    world.crawl()
    one = office.agreed()
    office.runs()
    assert office.is_done(one), office.now(one)
    assert office.deleted() == ["in the team"]
    people = office.rest(ANA, "GET", f"team/memberships?teamId={team['id']}")["items"]
    assert BEN not in {each["personEmail"] for each in people}


def test_the_same_on_postgresql(world_on_postgres: World) -> None:
    world = world_on_postgres
    room = plans(world)
    world.crawl()
    office = Office(world)
    one = office.agreed()
    office.runs()
    assert office.is_done(one)
    assert office.stays(RoomId(room["id"])) == ["mine"]
    with office.house.store.read() as tx:
        assert tx.audit.verify()
