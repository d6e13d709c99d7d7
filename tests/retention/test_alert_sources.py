"""Each kind of alert is seen to fire from its own real cause, and to go when that is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.tasks import run_job
from cards.alert import alert_card
from directory.file import FileDirectory
from domain.alerts import Alert, AlertKind, AlertState, Item, Raised
from domain.errors import Refusal
from domain.ids import MembershipId, RoomId, SpaceKey
from domain.lifecycle import CaseState
from domain.owning import SearchState
from domain.people import Actor
from domain.policies import Ending, PolicyDraft
from domain.watches import Reach, Target, Trigger, Watch, WatchState
from jobs.alert_rules import alert_rules
from jobs.alerts import alerts
from jobs.spec import Firing
from retention.alert_rules import add_rule, drop_rule, rules_of
from retention.alert_telling import tell_alerts
from retention.alerting import raise_now
from retention.attention import look_after
from retention.holds import place_hold
from retention.ownerless.searching import begin_search
from retention.pausing import house_pause, house_resume
from retention.policies import write_policy
from retention.quiet import NONE, set_quiet
from sandbox.handle import Control, Handle
from spaces.spec import House
from spaces.sync.crawl import crawl
from spaces.tagging import tag_space
from storage.schema import audit, intent
from storage.schema import space as spaces
from tests.breaking import Ambush
from tests.nights import DAY, World
from tests.tenants import Tenant
from webex.gateway import Lane

CLEO, DORA = "cleo@example.com", "dora@example.com"
MINUTES = timedelta(minutes=10)


def officer(world: World, email: str = CLEO) -> Actor:
    return Actor(name=email, person=world.person(email))


def look(world: World, house: House | None = None) -> Mapping[str, object]:
    """The job, as the clock fires it."""
    return alerts(
        Firing(house=house or world.house, run=f"alerts@{world.now()}", due_at=world.now())
    )


def awake(world: World) -> None:
    with world.house.store.read() as tx:
        people = [tx.people.by_email(email) for email in (CLEO, DORA)]
    for one in people:
        assert one is not None
        set_quiet(world.house, officer(world, one.email), one, NONE)


def found(world: World, kind: AlertKind, subject: str = "") -> Alert | None:
    with world.house.store.read() as tx:
        return tx.alerts.of(kind, subject)


def is_open(world: World, kind: AlertKind, subject: str = "") -> bool:
    one = found(world, kind, subject)
    return one is not None and one.state is not AlertState.CLOSED


def heard(world: World, words: str, email: str = CLEO) -> int:
    return sum(words in text for text in world.told(email))


# -- approvals ----------------------------------------------------------------------------------


def test_a_policy_that_nobody_agreed_to_asks_for_a_second_person(world: World) -> None:
    awake(world)
    draft = PolicyDraft(query="inactive:>90d", ending=Ending.NOTIFY, period=90 * DAY)
    made = write_policy(world.house, officer(world), "cleanup", draft).version
    look(world)
    assert heard(world, "the policy “cleanup” waits for a second person", DORA) == 1
    assert "policy approve cleanup" in next(t for t in world.told(DORA) if "cleanup" in t)
    assert heard(world, "waits for a second person") == 0, "she wrote it"
    second = world.person(DORA)
    with world.house.store.begin() as tx:
        seen = tx.simulations.add(made.key, [], by=None, generation=0, unknown=0)
        tx.simulations.approve(seen, by=second, effective_at=tx.now, expires_at=tx.now + 30 * DAY)
        tx.commit()
    look(world)
    assert not is_open(world, AlertKind.APPROVAL, f"policy/{made.policy}")


def test_who_wrote_a_policy_and_is_alone_is_told_that_nobody_can_agree(world: World) -> None:
    awake(world)
    alone = replace(world.house, compliance=frozenset({CLEO}))
    draft = PolicyDraft(query="inactive:>90d", ending=Ending.NOTIFY, period=90 * DAY)
    write_policy(alone, officer(world), "cleanup", draft)
    look(world, alone)
    assert heard(world, "the policy “cleanup” waits for a second person") == 1
    assert heard(world, "there is nobody who could agree") == 1
    assert heard(world, "cleanup", DORA) == 0


def test_who_wants_everything_to_go_on_asks_for_a_second_person(world: World) -> None:
    house_pause(world.house, officer(world, DORA), "the audit asks for it")
    assert house_resume(world.house, officer(world)) is not None
    look(world)
    assert is_open(world, AlertKind.APPROVAL, "resume")
    assert house_resume(world.house, officer(world, DORA)) is None
    look(world)
    assert not is_open(world, AlertKind.APPROVAL, "resume")


# -- nights -------------------------------------------------------------------------------------


def test_the_brake_alerts_in_its_own_transaction_and_closes_when_two_let_go(
    world: World,
) -> None:
    for number in range(12):
        world.space(f"Old {number}")
    world.crawl()
    world.policy(notices=(2, 1), cap=20)
    world.night()
    assert is_open(world, AlertKind.BRAKE)
    assert heard(world, "Alert: the brake was pulled") == 1
    assert heard(world, "became due at once") >= 1
    assert not is_open(world, AlertKind.NIGHT), "of the brake there is one alert, not two"
    assert house_resume(world.house, officer(world)) is not None
    look(world)
    assert is_open(world, AlertKind.BRAKE)
    assert house_resume(world.house, officer(world, DORA)) is None
    look(world)
    assert not is_open(world, AlertKind.BRAKE)


def test_a_cap_that_was_reached_alerts_and_closes_after_a_night_that_reached_none(
    world: World,
) -> None:
    awake(world)
    small = world.with_limits(cap_per_run=1, cap_per_day=1)
    rooms = [world.space(f"Old {number}") for number in range(2)]
    world.crawl()
    world.policy(ending=Ending.BLOCK, notices=(2, 1), name="cleanup")
    for _ in range(6):
        small.pass_(DAY)
        small.night()
        if is_open(world, AlertKind.CAP):
            break
    one = found(world, AlertKind.CAP)
    assert one is not None
    assert heard(world, "cleanup: 1 of at most 1") == 1
    assert {case.state for room in rooms if (case := world.case(room))} >= {CaseState.BLOCKED}
    small.pass_(DAY + MINUTES)
    small.night()
    small.pass_(DAY + MINUTES)
    small.night()
    assert not is_open(world, AlertKind.CAP)


def test_a_changed_record_alerts_that_it_was_changed(world: World) -> None:
    world.night()
    with world.house.store.begin() as tx:
        tx.connection.execute(update(audit).where(audit.c.seq == 1).values(actor="nobody"))
        tx.commit()
    world.pass_(DAY)
    world.night()
    assert heard(world, "Alert: the record was changed") == 1
    assert heard(world, "Alert: the brake was pulled") == 1


def test_clocks_that_differ_alert_within_minutes_and_close_when_they_agree(
    world: World, control: Control
) -> None:
    class Ahead:
        def now(self) -> Any:
            return world.house.clock.now() + timedelta(hours=2)

    wrong = replace(world.house, clock=Ahead())
    assert "the clocks differ" in str(run_job(wrong, "silence").summary)
    assert heard(world, "Alert: the clocks differ") == 1
    run_job(world.house, "silence")
    assert not is_open(world, AlertKind.CLOCK)


# -- what lasts ---------------------------------------------------------------------------------


def test_an_effect_that_nobody_saw_the_end_of_alerts_within_fifteen_minutes(
    world: World, sandbox: Handle
) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(notices=(2, 1), grace=timedelta(days=1))
    world.until(CaseState.BLOCKED, room)

    def blind() -> None:
        sandbox.sandbox.faults.add(
            kind="status", status=502, path="/rooms/*", who="compliance-witness@example.com",
            count=-1,
        )  # fmt: skip

    Ambush(sandbox, blind, method="DELETE", about="/rooms/")
    world.nights(2)
    assert world.deleted() == ["Old plans"]
    world.pass_(timedelta(minutes=6))
    look(world)
    one = found(world, AlertKind.UNKNOWN)
    assert one is not None
    assert heard(world, "nobody knows what came of it") == 1
    assert heard(world, "delete room, Old plans") == 1
    world.control.clear_faults()
    run_job(world.house, "recovery")
    look(world)
    assert not is_open(world, AlertKind.UNKNOWN)


def test_an_inventory_that_is_too_old_alerts_until_the_company_is_read(world: World) -> None:
    awake(world)
    late = world.with_limits(inventory=timedelta(hours=36))
    look(late)
    assert not is_open(world, AlertKind.INVENTORY)
    world.pass_(timedelta(hours=37))
    awake(world)
    look(late, late.house)
    assert heard(world, "what I know of the company is too old") == 1
    world.crawl()
    look(late, late.house)
    assert not is_open(world, AlertKind.INVENTORY)


def test_classifications_that_can_not_be_read_alert(world: World, control: Control) -> None:
    awake(world)
    fault = control.fault("status", status=403, path="/classifications*", count=-1)
    for _ in range(6):
        if crawl(world.house).is_finished:
            break
        world.pass_(MINUTES)
    assert control.fired(fault) > 0
    look(world)
    assert heard(world, "the classifications can't be read") == 1
    control.clear_faults()
    world.crawl()
    look(world)
    assert not is_open(world, AlertKind.CLASSIFICATION)


def test_a_thousand_spaces_without_an_owner_are_one_card(world: World) -> None:
    awake(world)
    with world.house.store.begin() as tx:
        tenant = Tenant(tx)
        tenant._next = 1001  # beside those that the company has
        keys = [SpaceKey(tenant.space(title=f"Plan {n}", members=())) for n in range(1000)]
        for key in keys:
            search = begin_search(tx, key, case=None)
            assert search is not None
            assert tx.owner_searches.move(search, SearchState.ESCALATED, why="nobody in it")
        tx.commit()
    look(world)
    look(world)
    assert heard(world, "1,000 spaces that nobody owns") == heard(world, "nobody owns") == 1
    with world.house.store.begin() as tx:
        for search in tx.owner_searches.open():
            assert tx.owner_searches.move(search, SearchState.OVER, why="it has one")
        tx.commit()
    look(world)
    assert not is_open(world, AlertKind.OWNERLESS)


def test_a_hold_on_what_is_on_its_way_out_alerts(world: World) -> None:
    room = world.space("Old plans")
    world.crawl()
    with world.house.store.begin() as tx:
        key = world.key(room)
        tx.connection.execute(
            intent.insert().values(
                step="delete/1", kind="delete room", word="space:delete", outcome="open",
                actor="spacekeeper", space_id=key, is_destructive=True, payload="{}",
                attempts=1, made_at=tx.now,
            )
        )  # fmt: skip
        tx.commit()
    look(world)
    assert not is_open(world, AlertKind.HOLD)
    with world.house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(room["id"]))
    assert space is not None
    place_hold(world.house, officer(world), "lawsuit", spaces=[space], reason="a suit")
    look(world)
    assert heard(world, "delete room had begun; held by “lawsuit”") == 1


def test_a_case_that_can_not_go_on_alerts_until_somebody_has_looked(world: World) -> None:
    awake(world)
    room = world.space("Old plans")
    world.crawl()
    world.policy(notices=(2, 1))
    case = world.until(CaseState.WARNED, room)
    with world.house.store.begin() as tx:
        assert tx.cases.move(tx.cases.get(case.key), CaseState.NEEDS_ATTENTION, why="it is odd")
        tx.commit()
    look(world)
    assert heard(world, "Old plans: it is odd") == 1
    with world.house.store.read() as tx:
        space = tx.spaces.by_key(world.key(room))
    look_after(world.house, officer(world), space)
    look(world)
    assert not is_open(world, AlertKind.ATTENTION)


# -- rules --------------------------------------------------------------------------------------


def test_a_space_that_is_as_a_rule_forbids_is_told_and_goes_when_it_is_put_right(
    world: World, control: Control
) -> None:
    awake(world)
    control.person("olga@elsewhere.example", org="Elsewhere")
    room = world.space("Books", idle=1, members=["ben@example.com", "olga@elsewhere.example"])
    fine = world.space("Plans", idle=1)
    world.crawl()
    with world.house.store.read() as tx:
        both = [tx.spaces.by_id(RoomId(one["id"])) for one in (room, fine)]
    for space in both:
        assert space is not None
        tag_space(world.house, officer(world), space, ["finance"])
    add_rule(world.house, officer(world), "closed", "tag:finance scope:external")
    tell_alerts(world.house, alert_card)
    assert heard(world, "a space is as “closed” forbids") == 1
    said = next(t for t in world.told(CLEO) if "“closed” forbids" in t)
    assert "Books" in said
    assert "Plans" not in said
    assert [(one.name, number) for one, number in rules_of(world.house)] == [("closed", 1)]
    seat = next(
        m for m in control.room(room["id"])["members"]
        if m["personEmail"] == "olga@elsewhere.example"
    )  # fmt: skip
    world.house.webex.compliance(Lane.CHAT).remove_membership(MembershipId(seat["id"]))
    world.crawl()
    alert_rules(Firing(house=world.house, run="rules", due_at=world.now()))
    assert not is_open(world, AlertKind.FORBIDDEN, "closed")


def test_what_is_not_known_of_a_space_is_no_breach_of_a_rule(world: World) -> None:
    room = world.space("Books", idle=1)
    world.crawl()
    with world.house.store.begin() as tx:
        tx.connection.execute(
            update(spaces).where(spaces.c.id == world.key(room)).values(members_known=False)
        )
        tx.commit()
    add_rule(world.house, officer(world), "few", "members:>0 scope:external")
    assert not is_open(world, AlertKind.FORBIDDEN, "few")


def test_a_rule_is_read_strictly_named_once_and_dropped_with_its_alert(world: World) -> None:
    cleo = officer(world)
    for query in ("", "tag:", "nonsense:1"):
        with pytest.raises(Refusal):
            add_rule(world.house, cleo, "odd", query)
    with pytest.raises(Refusal):
        add_rule(world.house, cleo, "{{odd}}", "tag:finance")
    add_rule(world.house, cleo, "used", "inactive:<9d")
    with pytest.raises(Refusal, match="already"):
        add_rule(world.house, cleo, "used", "tag:finance")
    assert is_open(world, AlertKind.FORBIDDEN, "used")
    drop_rule(world.house, cleo, "USED")
    assert not is_open(world, AlertKind.FORBIDDEN, "used")
    with pytest.raises(Refusal, match="no rule"):
        drop_rule(world.house, cleo, "used")


# -- the directory and jobs ---------------------------------------------------------------------


def test_a_directory_that_does_not_answer_alerts_and_closes_when_it_does(
    world: World, tmp_path: Path
) -> None:
    awake(world)
    file = tmp_path / "groups.csv"
    house = replace(world.house, directory=FileDirectory(file))
    assert run_job(house, "groups").outcome == "failed"
    assert heard(world, "does not answer") == 1
    troubles = run_job(house, "silence").summary["troubles"]
    assert troubles == [], "one fault is one alert"
    file.write_text("group,email\nFinance,ana@example.com\n")
    world.pass_(timedelta(minutes=1))
    assert run_job(house, "groups").outcome == "done"
    with world.house.store.read() as tx:
        assert tx.alerts.on((AlertKind.DIRECTORY,)) == ()


def test_a_watch_that_gave_up_is_in_the_digest(world: World) -> None:
    with world.house.store.begin() as tx:
        made = tx.watches.add(
            Watch(
                key=0, maker=world.person("ana@example.com"), made_at=tx.now,
                triggers=(Trigger.MEMBERSHIP_CREATED,), reach=Reach.MINE, target=Target.PERSON,
            ),
            step="a watch",
        )  # fmt: skip
        assert tx.watches.move(made.key, WatchState.PAUSED, why="it was refused for a day")
        tx.commit()
    look(world)
    assert is_open(world, AlertKind.DELIVERY)
    assert found(world, AlertKind.DELIVERY).told_at is None  # type: ignore[union-attr]


class TestTheDigest:
    def morning(self, world: World, hour: int) -> None:
        now = world.now()
        then = now.replace(hour=hour, minute=5, second=0)
        world.pass_((then if then > now else then + DAY) - now)

    def test_once_a_day_in_the_morning_all_that_is_open_is_one_card(self, world: World) -> None:
        self.morning(world, 3)
        for number in range(30):
            raised = Raised(
                kind=AlertKind.DELIVERY, subject=f"{number}", items=(Item(key="a", said="a"),)
            )
            raise_now(world.house, raised)
        look(world)
        assert heard(world, "alerts are open") == 0
        self.morning(world, 8)
        for _ in range(3):
            look(world)
            world.pass_(MINUTES)
        assert heard(world, "30 alerts are open") == 1
        assert "And 18 more." in next(t for t in world.told(CLEO) if "30 alerts" in t)
        world.pass_(12 * timedelta(hours=1))
        look(world)
        assert heard(world, "30 alerts are open") == 1
        self.morning(world, 9)
        look(world)
        assert heard(world, "30 alerts are open") == 2

    def test_where_nothing_is_open_nothing_is_said(self, world: World) -> None:
        self.morning(world, 9)
        before = len(world.told(CLEO))
        look(world)
        assert len(world.told(CLEO)) == before
