"""What happens between two crawls is in the inventory after one poll."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.spaces import SpaceState
from sandbox.handle import Handle
from spaces.sync import events
from spaces.sync.crawl import crawl
from spaces.sync.events import Polled, poll
from tests.spaces.inventories import BOT, OFFICER, Company
from webex.errors import NotAuthorised

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ANA, BEN, EVE = "ana@example.com", "ben@example.com", "eve@partner.example"


@pytest.fixture
def room(company: Company) -> str:
    """A space that was idle for a year, in a company that was crawled and polled since."""
    made = company.control.space(
        "Plans", creator=ANA, members=[BEN, BOT], created=company.control.now() - 400 * DAY,
        messages=[{"by": ANA, "at": (company.control.now() - 365 * DAY).isoformat()}],
    )  # fmt: skip
    company.pass_(MINUTE)
    assert crawl(company.house).is_complete
    polls(company)
    company.pass_(15 * MINUTE)
    return str(made["id"])


def polls(company: Company) -> Polled:
    """A poll, some seconds later: Webex's latest second is left for the next one."""
    company.pass_(timedelta(seconds=5))
    return poll(company.house)


def state(company: Company) -> dict[str, Any]:
    """Everything that the inventory says, activity too."""
    with company.house.store.read() as tx:
        used = {
            id: (space.last_human, space.last_used, space.state)
            for id in company.inventory()
            if (space := tx.spaces.by_id(id)) is not None  # type: ignore[arg-type]
        }
    return {"facts": company.inventory(), "used": used}


def test_everything_that_happens_is_in_the_inventory_after_one_poll(
    company: Company, room: str
) -> None:
    fresh = company.rest(BEN, "POST", "rooms", title="Fresh")["id"]
    company.rest(BEN, "POST", "memberships", roomId=fresh, personEmail=EVE)
    alone = company.rest(ANA, "POST", "rooms", title="Alone")["id"]
    company.rest(ANA, "POST", "memberships", roomId=room, personEmail="dora@example.com",
                 isModerator=True)  # fmt: skip
    polls(company)
    assert company.inventory() == company.truth()
    mine = company.rest(BEN, "GET", f"memberships?roomId={room}&personEmail={BEN}")["items"][0]
    company.rest("dora@example.com", "DELETE", f"memberships/{mine['id']}")
    kinds = company.rest(OFFICER, "GET", "classifications")["items"]
    company.rest(OFFICER, "PUT", f"rooms/{fresh}", classificationId=kinds[2]["id"],
                 title="Fresh")  # fmt: skip
    company.rest(ANA, "POST", "messages", toPersonEmail=BEN, text="hello")
    (last,) = company.rest(ANA, "GET", f"memberships?roomId={alone}")["items"]
    company.rest(ANA, "DELETE", f"memberships/{last['id']}")
    polled = polls(company)
    assert (polled.complete, polled.gap) == (True, False)
    assert company.inventory() == company.truth()
    assert company.space(alone).state is SpaceState.GONE


def test_a_message_is_human_activity_and_needs_no_reading(company: Company, room: str) -> None:
    said = [company.says(ANA, room) for _ in range(100)]
    since = company.seq()
    polled = polls(company)
    assert (polled.events, polled.spaces) == (100, 1)
    assert len(company.requests(since)) <= 5
    assert near(company.space(room).last_human, said[-1]["created"])
    assert near(company.space(room).last_activity, said[-1]["created"])


def test_a_hundred_changes_of_one_space_are_read_once(company: Company, room: str) -> None:
    for _ in range(25):
        made = company.rest(ANA, "POST", "memberships", roomId=room, personEmail=EVE)
        company.rest(ANA, "DELETE", f"memberships/{made['id']}")
    since = company.seq()
    assert polls(company).spaces == 1
    assert len(company.requests(since)) <= 8
    assert company.inventory() == company.truth()


def test_a_reply_and_an_edit_are_activity_and_a_deletion_is_not(
    company: Company, room: str
) -> None:
    first = company.says(ANA, room)
    polls(company)
    company.pass_(2 * DAY)
    reply = company.says(BEN, room, parentId=first["id"])
    polls(company)
    assert near(company.space(room).last_human, reply["created"])
    company.pass_(2 * DAY)
    edited = company.rest(ANA, "PUT", f"messages/{first['id']}", roomId=room, text="better")
    polls(company)
    assert near(company.space(room).last_human, edited["updated"])
    company.pass_(2 * DAY)
    company.rest(ANA, "DELETE", f"messages/{first['id']}")
    polls(company)
    assert near(company.space(room).last_human, edited["updated"])


@pytest.mark.parametrize("email", [BOT, "robot@webex.bot"])
def test_what_a_bot_does_neither_protects_a_space_nor_exposes_it(
    company: Company, room: str, email: str
) -> None:
    if email != BOT:
        company.control.person(email, kind="bot")
        company.sandbox.do(lambda: _put_in(company.sandbox, "Plans", email))
    before = company.space(room).last_used
    assert before is not None
    for _ in range(3):
        company.pass_(3 * DAY)
        company.says(email, room)
        company.rest(email, "POST", "memberships", roomId=room, personEmail=EVE)
        eve = company.rest(email, "GET", f"memberships?roomId={room}&personEmail={EVE}")["items"][0]
        company.rest(email, "DELETE", f"memberships/{eve['id']}")
        polls(company)
        assert company.space(room).last_used == before
        crawl(company.house)  # Webex's lastActivity is the bot's now, and explained
        assert company.space(room).last_activity != before
        assert company.space(room).last_used == before
    said = company.says(ANA, room)
    company.says(email, room)
    polls(company)
    assert near(company.space(room).last_used, said["created"])


def _put_in(sandbox: Handle, title: str, email: str) -> None:
    world = sandbox.world
    row, who = world.one("SELECT * FROM room WHERE title = ?", title), world.person_by_email(email)
    assert row is not None
    assert who is not None
    world.insert("membership", room=row["key"], person=who["key"], created=row["created"])


def test_a_space_in_which_only_the_bot_ever_wrote_was_used_when_it_was_made(
    company: Company, room: str
) -> None:
    fresh = company.rest(ANA, "POST", "rooms", title="Fresh")
    company.rest(ANA, "POST", "memberships", roomId=fresh["id"], personEmail=BOT)
    company.pass_(5 * DAY)
    company.says(BOT, fresh["id"])
    polls(company)
    crawl(company.house)
    assert near(company.space(fresh["id"]).last_used, fresh["created"])


def test_windows_overlap_and_a_replay_changes_nothing(company: Company, room: str) -> None:
    company.says(ANA, room)
    company.rest(ANA, "POST", "memberships", roomId=room, personEmail=EVE)
    company.says(BOT, room)
    polls(company)
    seen = state(company)
    with company.house.store.read() as tx:
        cursor = tx.settings.get(events.CURSOR)
    for back in (timedelta(0), MINUTE, DAY):
        with company.house.store.begin() as tx:
            at = datetime.fromisoformat(str(cursor)) - back
            tx.settings.put(events.CURSOR, at.isoformat(), by="a test")
            tx.commit()
        assert polls(company).events >= 3
        assert state(company) == seen


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))][1::2])
def test_events_in_any_order_and_split_anyhow_lead_to_the_same_state(
    company: Company, room: str, order: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    company.says(ANA, room)
    company.pass_(MINUTE)
    company.says(BOT, room)
    company.pass_(MINUTE)
    company.rest(ANA, "POST", "memberships", roomId=room, personEmail=EVE)
    company.pass_(MINUTE)
    start, end, since, _ = events._window(company.house)
    gateway = company.house.webex.compliance(events.Lane.BACKGROUND)
    found, _ = events._all_events(gateway, start, end)
    assert len(found) == 3
    for place in order:  # one at a time, each twice
        for _ in range(2):
            monkeypatch.setattr(
                events, "_all_events", lambda *window, place=place: ([found[place]], True)
            )
            polls(company)
            with company.house.store.begin() as tx:
                tx.settings.put(events.SINCE, since.isoformat(), by="a test")
                tx.commit()
    said = max(one.created for one in found if one.actor_id and one.resource == "messages"
               and one.actor_id != company.house.webex.bot(events.Lane.CHAT).me().id)  # fmt: skip
    used = company.space(room).last_used
    assert used is not None
    assert abs(used - said) < timedelta(seconds=1)
    assert company.inventory() == company.truth()


@pytest.mark.parametrize("kind", ["missing-page", "empty-page", "no-items", "loop-page"])
def test_events_that_do_not_all_come_are_asked_for_again(
    company: Company, room: str, kind: str
) -> None:
    company.control.switch(small_pages=True)
    for _ in range(12):
        said = company.says(ANA, room)
        company.says(BOT, room)
    fault = company.control.fault(kind, path="/events", who=OFFICER)
    polled = polls(company)
    assert company.control.fired(fault) == 1
    if not polled.complete:
        polled = polls(company)
    assert polled.complete
    assert near(company.space(room).last_human, said["created"])


def test_lost_events_are_put_right_by_the_next_crawl_and_nothing_is_due_early(
    company: Company, room: str
) -> None:
    company.says(ANA, room)
    polls(company)
    company.pass_(30 * DAY)
    said = company.says(BEN, room)
    company.rest(ANA, "POST", "memberships", roomId=room, personEmail=EVE)
    company.sandbox.do(lambda: company.sandbox.world.db.execute("DELETE FROM event"))
    polls(company)
    assert company.inventory() != company.truth()
    assert crawl(company.house).is_complete
    assert company.inventory() == company.truth()
    used = company.space(room).last_used
    assert used is not None
    assert used >= moment(said["created"])


def test_a_space_that_its_moderator_deleted_leaves_no_event_and_is_found_by_the_crawl(
    company: Company, room: str
) -> None:
    mine = company.rest(ANA, "GET", f"memberships?roomId={room}&personEmail={ANA}")["items"][0]
    company.rest(ANA, "PUT", f"memberships/{mine['id']}", isModerator=True, isRoomHidden=False)
    polls(company)
    company.pass_(15 * MINUTE)
    polls(company)
    company.rest(ANA, "DELETE", f"rooms/{room}")
    polls(company)
    assert company.space(room).state is SpaceState.LIVE
    crawl(company.house)
    assert company.space(room).state is SpaceState.GONE


def test_after_a_gap_longer_than_webex_remembers_only_a_crawl_helps(
    company: Company, room: str
) -> None:
    company.says(ANA, room)
    polls(company)
    company.pass_(5 * DAY)
    missed = company.says(BEN, room)
    company.pass_(95 * DAY)
    company.says(BOT, room)
    polled = polls(company)
    assert polled.gap
    assert crawl(company.house).is_complete
    polls(company)
    used = company.space(room).last_used
    assert used is not None
    assert used >= moment(missed["created"])
    assert company.inventory() == company.truth()
    assert not polls(company).gap


def test_one_space_that_can_not_be_read_does_not_hold_up_the_others(
    company: Company, room: str
) -> None:
    other = company.rest(ANA, "POST", "rooms", title="Other")["id"]
    company.rest(ANA, "POST", "memberships", roomId=room, personEmail=EVE)
    fault = company.control.fault("5xx", path=f"/rooms/{room}", count=-1)
    assert polls(company).complete
    assert company.control.fired(fault) > 0
    assert company.space(other).title == "Other"
    assert company.space(room).size is None  # not known now
    company.control.clear_faults()
    company.pass_(DAY)
    polls(company)
    assert company.inventory() == company.truth()


def test_a_dead_token_leaves_the_window_as_it_was(company: Company, room: str) -> None:
    said = company.says(ANA, room)
    fault = company.control.fault("status", status=401, path="/events", who=OFFICER, count=-1)
    with pytest.raises(NotAuthorised):
        polls(company)
    assert company.control.fired(fault) > 0
    company.control.clear_faults()
    company.pass_(5 * DAY)
    polls(company)
    assert near(company.space(room).last_human, said["created"])


def near(found: datetime | None, text: str) -> bool:
    """An event is recorded a moment after what it tells of."""
    return found is not None and abs(found - moment(text)) < timedelta(seconds=1)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
