"""What comes while a policy purges: between two messages, between two batches, between a batch
and its certificate; by the server's log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from domain.alerts import AlertKind
from domain.lifecycle import CaseState
from domain.policies import Basis, Ending
from jobs.voice import night_of
from retention import purging
from retention.alert_sources import look as alerts
from retention.attention import look_after
from retention.leading import leading
from retention.pausing import house_pause
from retention.proving import look
from retention.purging import cutoff, purge_older
from sandbox.handle import Handle
from storage.schema import intent
from tests.breaking import Ambush, Officers
from tests.nights import DAY, World
from tests.retention.test_purging import BEN, asks, left, space_of, talk, tidy, went
from webex.sdk import SdkWebex
from webex.tokens import FixedToken

OLD = (400, 390, 380, 370)
DELETES: dict[str, str] = {"method": "DELETE", "path": "/messages/*"}


def about_to_purge(world: World, **how: Any) -> Mapping[str, Any]:
    """A space of four old messages, which the next night purges."""
    room = talk(world, **({"ages": OLD} | how))
    tidy(world, notices=(2, 1))
    world.crawl()
    world.night()
    world.nights(2)
    world.pass_(DAY)
    assert went(world) == []
    return room


def proved(world: World) -> list[Mapping[str, Any]]:
    """What the certificates say of purges, the latest first."""
    with world.house.store.read() as tx:
        assert tx.audit.verify().broken_at is None
        return [one.body["purge"] for one in tx.certificates.latest(count=9)]  # type: ignore[misc]


def floor(world: World) -> None:
    world.policy(
        "title:plans", ending=Ending.KEEP, period=1000 * DAY, is_floor=True,
        basis=Basis.MESSAGES, name="books",
    )  # fmt: skip


ACTS: dict[str, Callable[[World, Officers, Mapping[str, Any]], object]] = {
    "hold": lambda world, officers, room: officers.hold(room),
    "keep": lambda world, officers, room: officers.keep(room),
    "pause": lambda world, officers, room: house_pause(world.house, officers.cleo, "wait"),
    "floor": lambda world, officers, room: floor(world),
}


@pytest.mark.parametrize("what", list(ACTS))
def test_what_protects_stops_it_between_two_messages(
    world: World, sandbox: Handle, what: str
) -> None:
    """While the second one is on its way; that one is in flight, and no other follows it."""
    room, officers = about_to_purge(world), Officers(world)
    Ambush(
        sandbox,
        lambda: ACTS[what](world, officers, room),
        method="DELETE",
        about="/messages/",
        nth=2,
    )
    world.night()
    assert len(went(world)) == 2
    world.nights(2)
    assert left(world, room) == ["380 days ago", "370 days ago"]
    assert sum(one["messages"] for one in proved(world)) == (0 if what == "pause" else 2)


@pytest.mark.parametrize("what", list(ACTS))
def test_what_protects_stops_it_between_two_batches(
    world: World, sandbox: Handle, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """While the witness looks whether the first one is done."""
    monkeypatch.setattr(purging, "BATCH", 2)
    room, officers = about_to_purge(world), Officers(world)
    Ambush(
        sandbox, lambda: ACTS[what](world, officers, room), method="GET", about="before",
        who="compliance-witness@example.com",
    )  # fmt: skip
    world.night()
    world.nights(1)
    assert left(world, room) == ["380 days ago", "370 days ago"]
    assert [one["messages"] for one in proved(world)] == [2]


def test_a_batch_that_takes_its_time_leaves_the_next_one_a_look_of_its_own(
    world: World, sandbox: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    room = about_to_purge(world)

    def wait() -> None:
        then = world.now() + timedelta(minutes=3)
        sandbox.sandbox.world.clock.advance(timedelta(minutes=4))
        while world.now() < then:  # the product looks at the clock now and then
            pass

    Ambush(sandbox, wait, method="DELETE", about="/messages/", nth=2)
    world.night()
    assert left(world, room) == []


def test_the_cap_of_messages_holds_over_processes(world: World, sandbox: Handle) -> None:
    """Another one plans what is left of the day's cap, after this one counted it."""
    tight = world.with_limits(cap_messages=6)
    room = about_to_purge(tight)

    def other() -> None:
        with world.house.store.begin() as tx:
            version = tx.policies.all()[0].key
            tx.connection.execute(
                insert(intent).values(
                    step="other/purge", kind="purge room", word="space:purge", outcome="open",
                    actor="spacekeeper", is_destructive=True, payload='{"most": 4}', attempts=1,
                    made_at=tx.now, version_id=version,
                )
            )  # fmt: skip
            tx.commit()

    # Once it is asked whether there is anything, once what there is.
    Ambush(
        sandbox, other, method="GET", about="before", nth=2, who="compliance-service@example.com"
    )
    tight.night()
    assert (went(world), len(left(world, room))) == ([], 4)


def test_without_a_compliance_identity_nobodys_messages_go(world: World, sandbox: Handle) -> None:
    room = about_to_purge(world)
    ready = sandbox.ready
    token = FixedToken(ready["tokens"]["bot"])
    alone = SdkWebex(token, None, base_url=ready["rest"], ca=ready["ca"], per_minute=60_000)
    World(replace(world.house, webex=alone), world.control).night(polled=False)
    alone.close()
    assert (went(world), len(left(world, room))) == ([], 4)
    world.night()
    assert left(world, room) == []


def test_a_token_that_dies_amid_ends_the_night_and_it_goes_on_by_the_same_step(
    world: World,
) -> None:
    room = about_to_purge(world)
    fault = world.control.fault("status", status=401, count=99, skip=2, **DELETES)
    said = world.night()
    assert world.control.fired(fault) >= 1
    assert "token" in str(said["stopped"])
    assert len(went(world)) == 2
    world.control.clear_faults()
    world.night()
    assert left(world, room) == []
    assert len(went(world)) == len(set(went(world))) == 4
    assert [one["messages"] for one in proved(world)] == [4]


def test_a_message_of_which_the_answer_never_came_is_counted_once(world: World) -> None:
    """It was deleted, and Webex' word on it was lost, as often as it was asked."""
    room = about_to_purge(world)
    fault = world.control.fault("reset-after", count=5, skip=1, **DELETES)
    world.night()
    assert world.control.fired(fault) == 5
    world.nights(1)
    assert left(world, room) == []
    (said,) = proved(world)
    assert (said["messages"], said["deleted_before"]) == (4, 0)


def test_an_answer_in_a_thread_stays_when_what_it_answers_goes(world: World) -> None:
    room = about_to_purge(world)
    first = world.control.room(room["id"])["messages"][0]["id"]
    asks(world, BEN, "messages", roomId=room["id"], text="still here", parentId=first)
    world.nights(3)
    assert left(world, room) == ["still here"]
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.PURGING


def test_what_went_before_a_process_died_is_certified_by_the_next_night(world: World) -> None:
    """It died between the batch and its certificate; there is nothing more to purge."""
    room = about_to_purge(world, ages=(*OLD, 175))
    world.night()
    assert [one["messages"] for one in proved(world)] == [4]
    world.pass_(5 * DAY)
    night, case = night_of(world.firing()), world.case(room)
    assert case is not None
    with leading(night):
        before = cutoff(night, case)
        assert before is not None
        assert purge_older(night, look(night, case), before) == ""
    assert (left(world, room), len(proved(world))) == ([], 1)
    world.night()
    assert [one["messages"] for one in proved(world)] == [1, 4]
    world.nights(2)
    assert len(proved(world)) == 2


def test_what_went_of_a_space_that_is_then_kept_is_certified_too(world: World) -> None:
    """The process died, and somebody kept the space before the next night."""
    room, officers = about_to_purge(world, ages=(*OLD, 175)), Officers(world)
    world.night()
    world.pass_(5 * DAY)
    night, case = night_of(world.firing()), world.case(room)
    assert case is not None
    with leading(night):
        before = cutoff(night, case)
        assert before is not None
        assert purge_older(night, look(night, case), before) == ""
    officers.keep(room)
    world.nights(2)
    assert [one["messages"] for one in proved(world)] == [1, 4]


def test_what_webex_would_not_delete_is_certified_as_not_known_and_alerts(world: World) -> None:
    room = about_to_purge(world)
    world.control.fault("status", status=403, count=1, skip=1, **DELETES)
    world.night()
    assert left(world, room) == ["390 days ago"]
    assert [(one["messages"], one["not_known"]) for one in proved(world)] == [(3, 1)]
    (batch,) = proved(world)[0]["batches"]
    assert (batch["outcome"], batch["not_known"]) == ("unknown", 1)
    assert "are listed" in batch["witness"]["second_identity"]
    assert "would not delete" in batch["witness"]["why"]
    world.pass_(timedelta(minutes=6))
    assert unknown(world) == ["purge room, Old plans (can't be read back)"]
    look_after(world.house, Officers(world).cleo, space_of(world, room))
    world.nights(1)
    assert unknown(world) == []
    assert len(proved(world)) == 1


def unknown(world: World) -> list[str]:
    """What the alert on unknown outcomes names, while it is open."""
    with world.house.store.begin() as tx:
        alerts(world.house, tx)
        tx.commit()
    with world.house.store.read() as tx:
        one = tx.alerts.of(AlertKind.UNKNOWN)
        is_open = one is not None and one.is_open
        return [each.said for each in tx.alerts.items(one.key)] if one and is_open else []
