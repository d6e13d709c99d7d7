"""What went wrong elsewhere, replayed: each of these cost somebody their data or their trust."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.cases import Case
from domain.errors import Refusal
from domain.lifecycle import CaseState
from domain.policies import Basis, draft_of
from retention.agreeing import AskedAgain, approve_policy
from retention.holds import place_hold
from retention.policies import put_in_force, write_policy
from sandbox import teaming
from sandbox.handle import Handle
from tests.breaking import SHORT, Officers, People, warnings_of
from tests.nights import BOT, DAY, World


@pytest.fixture
def people(world: World, sandbox: Handle) -> People:
    return People(world, sandbox)


@pytest.fixture
def officers(world: World) -> Officers:
    return Officers(world)


def of_the_bot(world: World, room: Any, since: int = 0) -> list[str]:
    """What the bot did to a room, but for writing to people 1:1."""
    return [
        str(one["kind"])
        for one in world.control.log(since, what="effect")
        if one["actor"] == BOT and one["room"] == room["id"]
    ]


def case_of(world: World, room: Any) -> Case:
    found = world.case(room)
    assert found is not None
    return found


def approve_alone(world: World, officers: Officers) -> None:
    asked = approve_policy(world.house, officers.cleo, "narrow")
    assert isinstance(asked, AskedAgain)
    approve_policy(world.house, officers.cleo, "narrow", code=asked.view.code)


def test_kpmg_2020_one_person_widens_a_policy_and_nobody_else_is_hit(
    world: World, officers: Officers
) -> None:
    world.space("Narrow one")
    wide = world.space("Wide one")
    world.crawl()
    narrow = world.policy('title:"Narrow"', name="narrow", **SHORT)
    draft = replace(draft_of(narrow), query="all", notices=(7, 1))
    write_policy(world.house, officers.cleo, "narrow", draft, after=narrow.key)
    with pytest.raises(Refusal):
        approve_alone(world, officers)
    put_in_force(world.house)
    world.nights(10)
    assert world.deleted() == ["Narrow one"]
    assert of_the_bot(world, wide) == []
    assert warnings_of(world, "Wide one") == []


def test_kpmg_2020_a_list_that_grew_since_it_was_shown_is_not_what_was_approved(
    world: World, officers: Officers
) -> None:
    world.space("Old one")
    world.crawl()
    first = world.policy('title:"nothing at all"', name="wide", **SHORT)
    write_policy(
        world.house, officers.cleo, "wide",
        replace(draft_of(first), query="inactive:>90d", notices=(7, 1)), after=first.key,
    )  # fmt: skip
    asked = approve_policy(world.house, officers.dora, "wide")
    assert isinstance(asked, AskedAgain)
    for number in range(3):
        world.space(f"Came later {number}")
    world.crawl()
    try:
        answer = approve_policy(world.house, officers.dora, "wide", code=asked.view.code)
    except Refusal:
        answer = None
    assert answer is None or isinstance(answer, AskedAgain)
    put_in_force(world.house)
    world.nights(10)
    assert world.deleted() == []


def test_atlassian_2022_an_id_of_the_wrong_kind_names_no_space(
    world: World, sandbox: Handle
) -> None:
    """A team and its General space have the same uuid; neither is ever touched."""
    webex = sandbox.world

    def make() -> None:
        ana = webex.person_by_email("ana@example.com")
        assert ana is not None
        old = round((now - 500 * DAY).timestamp() * 1000)
        team = teaming.create_team(webex, ana, name="Sales")
        webex.db.execute("UPDATE room SET created = ?, last = ? WHERE team = ?",
                         (old, old, team["key"]))  # fmt: skip

    now = world.control.now()
    sandbox.do(make)
    world.crawl()
    world.policy("all", name="everything", **SHORT)
    world.policy("all", name="by creation", basis=Basis.CREATED, **SHORT)
    world.pass_(400 * DAY)
    world.crawl()
    world.nights(12)
    general = [
        one
        for one in world.control.log(what="effect")
        if one["actor"] == BOT and one["object"].get("title") == "Sales"
    ]
    assert general == []
    assert warnings_of(world, "Sales") == []


@pytest.mark.parametrize("basis", list(Basis))
@pytest.mark.parametrize("period", [None, timedelta(0), timedelta(days=-5)])
def test_unisuper_2024_a_blank_period_means_keep_and_never_now(
    world: World, basis: Basis, period: timedelta | None
) -> None:
    world.space("Old plans")
    world.crawl()
    try:
        world.policy(period=period, basis=basis, **SHORT)
    except (Refusal, ValueError):
        return
    world.nights(10)
    assert world.deleted() == []
    assert warnings_of(world, "Old plans") == []


@pytest.mark.parametrize("query", ["", "   ", "tag:nothing", 'title:""'])
def test_an_empty_selector_matches_nothing(world: World, query: str) -> None:
    world.space("Old plans")
    world.crawl()
    try:
        world.policy(query, name="blank", **SHORT)
    except (Refusal, ValueError):
        return
    with suppress(Refusal):
        world.nights(8)
    assert world.deleted() == []
    assert warnings_of(world, "Old plans") == []


@pytest.mark.parametrize("by", ["space", "person", "tag"])
def test_slack_a_hold_reaches_the_deletion_of_the_space_that_holds_what_is_held(
    world: World, officers: Officers, by: str
) -> None:
    room = world.space("Old plans")
    world.crawl()
    space = officers.space(room)
    with world.house.store.begin() as tx:
        tx.tags.add(space.key, ["merger"], None)
        ben = tx.people.by_email("ben@example.com")
        tx.commit()
    assert ben is not None
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, room, most=8)
    what: dict[str, Any] = {
        "space": {"spaces": [space]}, "person": {"people": [ben]}, "tag": {"tags": ["merger"]}
    }[by]  # fmt: skip
    place_hold(world.house, officers.cleo, "case 7", reason="a trial", **what)
    world.nights(8)
    assert world.deleted() == []
    assert not world.control.room(room["id"])["room"]["isAnnouncementOnly"]
    assert case_of(world, room).state is CaseState.HELD


def test_a_hold_follows_a_space_that_moves_to_another_id(
    world: World, officers: Officers, sandbox: Handle
) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    officers.hold(room)
    moved = world.control.call("POST", "migrate", id=room["id"])["id"]
    world.nights(2)
    world.crawl()
    world.nights(10)
    assert world.deleted() == []
    assert world.control.room(moved)["exists"]
    assert not world.control.room(moved)["room"]["isAnnouncementOnly"]


def test_a_space_that_moves_while_it_is_blocked_is_deleted_at_most_once_or_left(
    world: World,
) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, room, most=8)
    world.control.call("POST", "migrate", id=room["id"])
    world.nights(1)
    world.crawl()
    world.nights(12)
    warned = warnings_of(world, "Old plans")
    assert len(world.deleted()) <= 1
    if world.deleted():
        assert len(warned) >= 2
        with world.house.store.read() as tx:
            assert tx.audit.verify()


@pytest.mark.parametrize("kind", ["5xx-after", "reset-after", "broken-json"])
def test_destalinator_71_nobody_is_told_twice_when_the_answer_is_lost(
    world: World, kind: str
) -> None:
    world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    fault = world.control.fault(kind, method="POST", path="/messages", count=1)
    world.night()
    assert world.control.fired(fault) == 1
    world.night()
    world.night()
    assert len(warnings_of(world, "Old plans")) == 1
    world.nights(2)
    assert len(warnings_of(world, "Old plans")) <= 2
    world.nights(1)
    assert 2 <= len(warnings_of(world, "Old plans")) <= 3


def test_destalinator_213_an_answer_in_a_thread_is_activity(world: World, people: People) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    first = world.control.room(room["id"])["messages"][0]["id"]
    people.now(lambda: people.write(room, "ben@example.com", parent=first))
    world.nights(10, polled=False)
    assert world.deleted() == []
    assert len(warnings_of(world, "Old plans")) == 1


def test_slack_gardener_8_what_was_given_back_is_not_taken_again(
    world: World, officers: Officers
) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, room, most=8)
    officers.keep(room, until=world.now() + DAY)
    world.nights(2)
    since = world.control.log()[-1]["seq"]
    told = len(warnings_of(world, "Old plans"))
    world.nights(40)
    assert of_the_bot(world, room, since) == []
    assert len(warnings_of(world, "Old plans")) == told


def test_a_space_is_not_warned_about_again_for_a_week_once_its_keep_is_taken_off(
    world: World, officers: Officers
) -> None:
    room = world.space("Old plans")
    world.crawl()
    officers.keep(room)
    world.policy(**SHORT)
    world.nights(2)
    officers.clear(room)
    world.nights(6)
    assert warnings_of(world, "Old plans") == []
    assert world.deleted() == []
