"""The engine's whole way, night by night, judged by the sandbox server's own log."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests

from domain.audit import Word
from domain.cases import Case
from domain.errors import Refusal, Stopped
from domain.ids import MembershipId
from domain.intents import Outcome
from domain.lifecycle import CaseState
from domain.people import Actor
from domain.policies import Ending, PolicyState, PolicyVersion
from jobs.voice import night_of
from retention.attention import look_after, waiting
from retention.leading import NotLeader
from retention.nightly import run_night
from storage.settings import PAUSE
from tests.nights import BOT, DAY, World
from webex.gateway import Lane

SHORT: dict[str, Any] = {"notices": (3, 1), "grace": 2 * DAY}


def old_space(world: World, title: str = "Old plans", **more: Any) -> dict[str, Any]:
    made = world.space(title, **more)
    world.crawl()
    return made


def blocked_space(world: World, **more: Any) -> dict[str, Any]:
    made = old_space(world, **more)
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, made, most=8)
    return made


def case_of(world: World, room: dict[str, Any]) -> Case:
    found = world.case(room)
    assert found is not None
    return found


def is_announcing(world: World, room: dict[str, Any]) -> bool:
    return bool(world.control.room(room["id"])["room"]["isAnnouncementOnly"])


def moderators(world: World, room: dict[str, Any]) -> set[str]:
    members = world.control.room(room["id"])["members"]
    return {m["personEmail"] for m in members if m["isModerator"]}


def writes(world: World, room: dict[str, Any], email: str = "ben@example.com") -> None:
    """A person writes in the space."""
    ready = world.control.ready
    requests.post(
        ready["rest"] + "messages", json={"roomId": room["id"], "text": "still here"},
        headers={"Authorization": f"Bearer {ready['tokens'][email]}"}, verify=ready["ca"],
        timeout=10,
    ).raise_for_status()  # fmt: skip


# -- the whole way -------------------------------------------------------------------------------


def test_a_space_is_warned_blocked_and_deleted_and_the_certificate_proves_it(world: World) -> None:
    old = old_space(world)
    world.policy()
    assert world.night()["counts"]["warned"] == 1
    assert "Old plans" in world.told("ana@example.com")[0]
    case = world.until(CaseState.BLOCKED, old)
    assert case.notices == 4
    assert is_announcing(world, old)
    assert moderators(world, old) == {BOT}
    assert world.deleted() == []
    world.until(CaseState.GONE, old)
    assert world.deleted() == ["Old plans"]
    with world.house.store.read() as tx:
        made = tx.certificates.of_space(world.key(old))
        assert made is not None
        assert made.is_whole
        assert made.body["deletion"]["witness"]["evidence_age_seconds"] <= 60  # type: ignore[index]
        assert made.body["case"]["due"]  # type: ignore[index]
        intents = [one for one in tx.intents.of_case(case.key) if one.plan.kind == "delete room"]
        assert [one.outcome for one in intents] == [Outcome.DONE]
        assert tx.audit.verify()
    assert any(made.number in text for text in world.told("cleo@example.com"))
    assert any("was deleted" in text for text in world.told("ana@example.com"))


def test_the_whole_way_on_postgresql(world_on_postgres: World) -> None:
    world = world_on_postgres
    old = blocked_space(world)
    kept = world.space("Newly old", moderators=["ben@example.com"])
    world.crawl()
    world.until(CaseState.GONE, old, most=6)
    assert world.deleted() == ["Old plans"]
    assert case_of(world, kept).state is CaseState.WARNED
    with world.house.store.read() as tx:
        assert tx.certificates.of_space(world.key(old)) is not None
        assert tx.audit.verify()


def test_the_dates_promised_are_kept_and_never_shortened(world: World) -> None:
    old = old_space(world)
    world.policy()
    world.night()
    warned_at = world.now()
    promised = [case_of(world, old).due]
    world.until(CaseState.BLOCKED, old)
    blocked_at = world.now()
    world.until(CaseState.GONE, old)
    with world.house.store.read() as tx:
        notices = tx.notices.of_case(case_of(world, old).key)
    promised += [one.promised for one in notices]
    assert len({f"{one:%Y-%m-%d}" for one in promised if one}) == 1
    assert blocked_at - warned_at >= 30 * DAY
    assert world.now() - blocked_at >= 14 * DAY
    gaps = [one.delivered_at - warned_at for one in notices if one.delivered_at]
    assert [round(gap / DAY) for gap in gaps] == [0, 16, 23, 29]


def test_a_policy_that_blocks_deletes_nothing_ever(world: World) -> None:
    old = old_space(world)
    world.policy(ending=Ending.BLOCK, **SHORT)
    world.night()
    world.until(CaseState.BLOCKED, old, most=8)
    world.nights(20)
    assert case_of(world, old).state is CaseState.BLOCKED
    assert world.deleted() == []


def test_a_policy_that_only_tells_touches_nothing_and_does_not_nag(world: World) -> None:
    old = old_space(world)
    world.policy(ending=Ending.NOTIFY, cap=None, **SHORT)
    world.night()
    world.until(CaseState.CLEAR, old, most=8)
    told = len(world.told("ana@example.com"))
    assert told == 2
    world.nights(10)
    assert len(world.told("ana@example.com")) == told
    assert not is_announcing(world, old)


def test_several_spaces_of_one_owner_come_on_one_card(world: World) -> None:
    for number in range(4):
        world.space(f"Old {number}")
    world.crawl()
    world.policy(**SHORT)
    assert world.night()["counts"]["warned"] == 4
    (text,) = world.told("ana@example.com")
    assert all(f"Old {number}" in text for number in range(4))


def test_every_moderator_is_warned_and_the_night_goes_on_with_the_first(world: World) -> None:
    old = old_space(world, moderators=["ana@example.com", "ben@example.com"])
    world.policy(**SHORT)
    world.night()
    assert len(world.told("ana@example.com")) == len(world.told("ben@example.com")) == 1
    assert case_of(world, old).notices == 1


# -- the ways back -------------------------------------------------------------------------------


def test_a_space_that_wakes_up_is_cleared(world: World) -> None:
    old = old_space(world)
    world.policy(**SHORT)
    world.night()
    writes(world, old)
    world.nights(10)
    case = case_of(world, old)
    assert (case.state, case.why) == (CaseState.CLEAR, "somebody wrote in it")
    assert not is_announcing(world, old)
    assert len(world.told("ana@example.com")) == 1


def test_a_message_that_no_event_told_of_is_found_by_the_live_look(world: World) -> None:
    old = old_space(world)
    world.policy(**SHORT)
    world.night(polled=False)
    writes(world, old)
    world.nights(10, polled=False)
    assert case_of(world, old).state is CaseState.CLEAR
    assert world.deleted() == []


@pytest.mark.parametrize("protection", ["hold", "keep", "keep tag"])
def test_what_protects_a_blocked_space_puts_it_back_exactly(world: World, protection: str) -> None:
    old = old_space(world)
    before = moderators(world, old), is_announcing(world, old)
    world.policy(**SHORT)
    world.policy("tag:legal", name="legal", ending=Ending.KEEP, period=None, priority=1)
    world.night()
    world.until(CaseState.BLOCKED, old, most=8)
    key = world.key(old)
    with world.house.store.begin() as tx:
        if protection == "hold":
            tx.protections.place_hold("case 7", reason="a trial", by=None, spaces=[key])
        elif protection == "keep":
            tx.protections.keep(key, until=None, by=None)
        else:
            tx.tags.add(key, ["legal"], None)
        tx.commit()
    world.nights(5)
    assert world.deleted() == []
    assert (moderators(world, old), is_announcing(world, old)) == before
    assert BOT not in {m["personEmail"] for m in world.control.room(old["id"])["members"]}
    wanted = CaseState.HELD if protection == "hold" else CaseState.CLEAR
    assert case_of(world, old).state is wanted


def test_a_hold_on_a_person_who_left_protects_what_they_were_in(world: World) -> None:
    old = old_space(world)
    world.policy(**SHORT)
    world.night()
    (ben,) = (
        m for m in world.control.room(old["id"])["members"] if m["personEmail"] == "ben@example.com"
    )
    compliance = world.house.webex.compliance(Lane.CHAT)
    compliance.remove_membership(MembershipId(ben["id"]))
    world.nights(1)
    who = world.person("ben@example.com")
    with world.house.store.begin() as tx:
        tx.protections.place_hold("case 7", reason="a trial", by=None, people=[who])
        tx.commit()
    world.nights(8)
    assert case_of(world, old).state is CaseState.HELD
    assert world.deleted() == []


def test_a_paused_policy_takes_back_its_blocks_and_starts_anew(world: World) -> None:
    old = old_space(world)
    version = world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, old, most=8)
    set_state(world, version, PolicyState.PAUSED, PolicyState.ACTIVE)
    world.nights(5)
    assert case_of(world, old).state is CaseState.PAUSED
    assert not is_announcing(world, old)
    set_state(world, version, PolicyState.ACTIVE, PolicyState.PAUSED)
    world.nights(2)
    case = case_of(world, old)
    assert (case.cycle, case.notices) == (2, 1)
    assert world.deleted() == []


def set_state(world: World, of: PolicyVersion, to: PolicyState, was: PolicyState) -> None:
    with world.house.store.begin() as tx:
        assert tx.policies.set_state(of.policy, to, was=was)
        tx.commit()


def test_a_new_owner_gets_all_of_the_notices(world: World) -> None:
    old = old_space(world)
    world.policy(**SHORT)
    world.night()
    compliance = world.house.webex.compliance(Lane.CHAT)
    for m in world.control.room(old["id"])["members"]:
        if m["personEmail"] == "ben@example.com":
            compliance.set_moderator(MembershipId(m["id"]), True)
    world.until(CaseState.GONE, old, most=20)
    with world.house.store.read() as tx:
        ben = world.person("ben@example.com")
        assert tx.notices.told(case_of(world, old).key)[ben] == 2
    assert case_of(world, old).cycle == 2


def test_a_space_that_nobody_owns_is_never_ended_by_itself(world: World) -> None:
    old = old_space(world, creator="ana@example.com", moderators=[])
    world.policy(**SHORT)
    world.night()
    for m in world.control.room(old["id"])["members"]:
        if m["personEmail"] == "ana@example.com":
            world.house.webex.compliance(Lane.CHAT).remove_membership(MembershipId(m["id"]))
    world.nights(8)
    assert any("nobody owns it" in text for text in world.told("cleo@example.com"))
    assert case_of(world, old).state is CaseState.NEEDS_ATTENTION
    assert not is_announcing(world, old)


def test_what_needs_attention_goes_on_once_compliance_has_looked(world: World) -> None:
    old = blocked_space(world)
    compliance = world.house.webex.compliance(Lane.CHAT)
    for m in world.control.room(old["id"])["members"]:
        if m["personEmail"] == "ana@example.com":
            compliance.set_moderator(MembershipId(m["id"]), True)
    world.nights(2)
    (one,) = waiting(world.house)
    assert "block" in one.why
    look_after(world.house, Actor(name="cleo@example.com"), one.space)
    world.nights(1)
    assert not is_announcing(world, old)
    with pytest.raises(Refusal):
        look_after(world.house, Actor(name="cleo@example.com"), one.space)
    world.nights(4)
    assert (case_of(world, old).cycle, case_of(world, old).state) == (2, CaseState.WARNED)
    assert world.deleted() == []


# -- what stops a night --------------------------------------------------------------------------


def test_in_a_pause_nobody_is_warned_and_nothing_is_done(world: World) -> None:
    old = blocked_space(world)
    with world.house.store.begin() as tx:
        tx.settings.put(PAUSE, {"reason": "an audit"}, by="cleo@example.com")
        tx.commit()
    told = len(world.told("ana@example.com"))
    said = world.nights(5)
    assert "an audit" in said["stopped"]
    assert world.deleted() == []
    assert len(world.told("ana@example.com")) == told
    with world.house.store.begin() as tx:
        tx.settings.drop(PAUSE)
        tx.commit()
    world.nights(1)
    assert world.deleted() == ["Old plans"]
    assert case_of(world, old).state is CaseState.GONE


def test_on_an_old_inventory_nothing_is_done(world: World) -> None:
    old_space(world)
    strict = world.with_limits(inventory=timedelta(hours=36))
    world.policy(**SHORT)
    strict.pass_(2 * DAY)
    said = strict.night()
    assert "inventory" in said["stopped"]
    assert world.told("ana@example.com") == []
    assert any("run stopped" in text for text in world.told("cleo@example.com"))


def test_while_the_clocks_differ_nothing_is_done(world: World) -> None:
    blocked_space(world)
    fault = world.control.fault("date-offset", path="/people/*", seconds=3600.0, count=-1)
    said = world.nights(5)
    assert world.control.fired(fault) > 0
    assert "clock" in said["stopped"]
    assert world.deleted() == []


def test_a_cap_holds_over_nights_and_the_rest_waits(world: World) -> None:
    for number in range(3):
        world.space(f"Old {number}")
    world.crawl()
    world.policy(cap=1, **SHORT)
    world.nights(16)
    days = [e["at"][:10] for e in world.control.effects("room.deleted")]
    assert len(days) == len(set(days))
    assert 1 <= len(days) <= 3


def test_a_policy_without_a_cap_warns_nobody_and_says_so(world: World) -> None:
    old_space(world)
    world.policy(cap=None, **SHORT)
    said = world.night()
    assert any("no cap" in one for one in said["attention"])
    assert world.told("ana@example.com") == []


def test_too_many_at_once_pull_the_brake_until_two_people_looked(world: World) -> None:
    for number in range(12):
        world.space(f"Old {number}")
    world.crawl()
    world.policy(**SHORT)
    said = world.night()
    assert "brake" in said["stopped"]
    assert world.told("ana@example.com") == []
    with world.house.store.read() as tx:
        pause = tx.settings.pause()
        assert pause is not None
        assert tx.cases.open() == ()
        assert next(tx.audit.since(word=Word.BRAKE), None) is not None
    assert any("brake" in text for text in world.told("dora@example.com"))


def test_an_outage_gives_the_owners_its_time_back_and_repeats_the_warning(world: World) -> None:
    old = old_space(world)
    world.policy(**SHORT)
    world.night()
    due = case_of(world, old).due
    world.pass_(10 * DAY)
    world.night()
    case = case_of(world, old)
    assert case.state is CaseState.WARNED
    assert case.due is not None and due is not None  # noqa: PT018
    assert case.due >= due + 9 * DAY
    world.until(CaseState.GONE, old, most=12)
    assert len(world.told("ana@example.com")) >= 3


@pytest.mark.parametrize(
    ("kind", "path"),
    [("no-items", "/memberships"), ("5xx", "/memberships"), ("broken-json", "/messages")],
)
def test_what_can_not_be_read_is_not_concluded_from(world: World, kind: str, path: str) -> None:
    old = blocked_space(world)
    fault = world.control.fault(kind, method="GET", path=path, count=-1)
    world.nights(4, polled=False)
    assert world.control.fired(fault) > 0
    assert world.deleted() == []
    world.control.clear_faults()
    assert case_of(world, old).state in (CaseState.BLOCKED, CaseState.CLEAR)


def test_a_bot_that_was_demoted_deletes_nothing_and_says_so(world: World) -> None:
    old = blocked_space(world)
    compliance = world.house.webex.compliance(Lane.CHAT)
    for m in world.control.room(old["id"])["members"]:
        if m["personEmail"] == "ana@example.com":
            compliance.set_moderator(MembershipId(m["id"]), True)
        if m["personEmail"] == BOT:
            compliance.set_moderator(MembershipId(m["id"]), False)
    world.nights(4)
    assert world.deleted() == []
    assert case_of(world, old).state is CaseState.NEEDS_ATTENTION
    members = world.control.room(old["id"])["members"]
    assert BOT in {m["personEmail"] for m in members}, "who does not moderate, only leaves by it"


def test_a_team_s_space_is_not_called_deleted(world: World) -> None:
    ready = world.control.ready
    ana = {"Authorization": f"Bearer {ready['tokens']['ana@example.com']}"}
    made = requests.post(
        ready["rest"] + "teams", json={"name": "Sales"}, headers=ana, verify=ready["ca"], timeout=10
    ).json()
    room = requests.post(
        ready["rest"] + "rooms", json={"title": "Old team space", "teamId": made["id"]},
        headers=ana, verify=ready["ca"], timeout=10,
    ).json()  # fmt: skip
    world.crawl()
    world.policy('inactive:>30d title:"Old team"', **(SHORT | {"period": 40 * DAY}))
    world.pass_(60 * DAY)
    world.nights(12)
    assert world.deleted() == []
    assert world.control.room(room["id"])["exists"]


def test_a_deletion_that_waited_too_long_for_its_turn_is_called_off_and_no_alarm(
    world: World,
) -> None:
    old = blocked_space(world)
    world.nights(1)
    world.pass_(DAY)
    hasty = world.with_limits(evidence=timedelta(0))
    said = hasty.night()
    assert said["counts"]["left alone"] == 1
    assert world.deleted() == []
    assert case_of(world, old).state is CaseState.BLOCKED
    with world.house.store.read() as tx:
        assert tx.settings.pause() is None
    world.nights(1)
    assert world.deleted() == ["Old plans"]


def test_a_deletion_that_did_not_come_about_pulls_the_brake(world: World) -> None:
    old = blocked_space(world)
    world.nights(1)
    world.pass_(DAY)
    fault = world.control.fault("status", method="DELETE", path="/rooms/*", status=403)
    world.night()
    assert world.control.fired(fault) == 1
    assert case_of(world, old).state is CaseState.NEEDS_ATTENTION
    with world.house.store.read() as tx:
        assert tx.settings.pause() is not None
    assert any("did not end as it should" in text for text in world.told("cleo@example.com"))


def test_a_night_that_is_told_to_stop_begins_no_further_case_and_goes_on_later(
    world: World,
) -> None:
    for number in range(3):
        world.space(f"Old {number}")
    world.crawl()
    world.policy(**SHORT)
    firing = world.firing()
    looks = iter([False, True])
    with pytest.raises(Stopped):
        run_night(replace(night_of(firing), stop=lambda: next(looks, True)))
    assert world.told("ana@example.com") == []
    run_night(night_of(firing))
    (text,) = world.told("ana@example.com")
    assert all(f"Old {number}" in text for number in range(3))


# -- simulation, and the record ------------------------------------------------------------------


def test_a_dry_run_changes_nothing_and_says_what_the_real_one_then_does(world: World) -> None:
    old = old_space(world)
    world.policy(**SHORT)
    dry = world.night(dry=True)
    assert dry["counts"]["to be warned"] == 1
    assert world.case(old) is None
    assert world.told("ana@example.com") == []
    assert world.night()["counts"]["warned"] == 1
    world.until(CaseState.BLOCKED, old, most=8)
    world.nights(1)
    world.pass_(DAY)
    assert world.night(dry=True)["counts"]["to be deleted"] == 1
    assert world.deleted() == []


def test_two_nights_at_once_do_nothing_twice(world: World) -> None:
    for number in range(3):
        world.space(f"Old {number}")
    world.crawl()
    world.policy(**SHORT)
    wrong: list[BaseException] = []

    def night() -> None:
        try:
            world.night(polled=False)
        except NotLeader:
            pass
        except BaseException as no:
            wrong.append(no)

    both = [threading.Thread(target=night) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert wrong == []
    assert len(world.told("ana@example.com")) == 1


def test_every_effect_on_the_server_has_one_earlier_intent(world: World) -> None:
    old = blocked_space(world)
    world.until(CaseState.GONE, old, most=6)
    with world.house.store.read() as tx:
        intents = tx.intents.of_case(case_of(world, old).key)
        record = [one.word for one in tx.audit.since()]
    deletions = [one for one in intents if one.plan.kind == "delete room"]
    (effect,) = world.control.effects("room.deleted")
    assert len(deletions) == 1
    assert deletions[0].made_at.isoformat()[:19] <= effect["at"][:19]
    assert record.index(str(Word.SPACE_DELETE)) < record.index(str(Word.CERTIFICATE))
