"""A look at one space now: the latest human message is found, or it is known that it is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from spaces.sync import humans
from spaces.sync.crawl import crawl
from spaces.sync.live import read_live
from tests.spaces.inventories import BOT, OFFICER, Company

DAY = timedelta(days=1)
ANA, BEN = "ana@example.com", "ben@example.com"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def made(company: Company, *, by: list[tuple[str, int]], members: list[str] | None = None) -> str:
    """A space of 400 days, and who wrote how many days ago."""
    now = company.control.now()
    return str(
        company.control.space(
            "Plans", creator=ANA, members=[BEN, BOT] if members is None else members,
            created=now - 400 * DAY,
            messages=[{"by": who, "at": (now - days * DAY).isoformat()} for who, days in by],
        )["id"]
    )  # fmt: skip


def test_the_latest_human_message_is_found_behind_many_of_bots(company: Company) -> None:
    room = made(company, by=[(ANA, 300), *[(BOT, 250 - n // 2) for n in range(450)]])
    crawl(company.house)
    live = read_live(company.house, company.space(room).key)
    assert live.human_known
    assert live.last_human is not None
    assert abs(company.control.now() - 300 * DAY - live.last_human) < timedelta(minutes=1)
    assert company.space(room).last_used == live.last_human
    crawl(company.house)
    assert company.space(room).last_used == live.last_human


def test_where_nobody_ever_wrote_the_creation_counts(company: Company) -> None:
    silent, chatty = made(company, by=[]), made(company, by=[(BOT, 30), (BOT, 10)])
    crawl(company.house)
    for room in (silent, chatty):
        space = company.space(room)
        assert space.created is not None
        live = read_live(company.house, space.key)
        assert (live.last_human, live.human_known) == (space.created, True)
        assert company.space(room).last_human == space.created
        assert company.space(room).last_used == space.created


def test_activity_without_a_message_that_explains_it_may_have_been_a_human_s(
    company: Company,
) -> None:
    """Webex's own retention purges messages, and leaves lastActivity."""
    room = made(company, by=[(ANA, 100), (BEN, 90)])
    company.sandbox.do(lambda: company.sandbox.world.db.execute("DELETE FROM message"))
    crawl(company.house)
    live = read_live(company.house, company.space(room).key)
    assert live.last_human is not None
    assert abs(company.control.now() - 90 * DAY - live.last_human) < timedelta(minutes=1)


def test_an_edit_of_the_latest_message_counts(company: Company) -> None:
    room = made(company, by=[])
    said = company.says(ANA, room)
    company.pass_(5 * DAY)
    edited = company.rest(ANA, "PUT", f"messages/{said['id']}", roomId=room, text="better")
    crawl(company.house)
    live = read_live(company.house, company.space(room).key)
    assert live.last_human == moment(edited["updated"])


@pytest.mark.parametrize("kind", ["5xx", "broken-json", "html", "status", "stale"])
def test_what_can_not_be_read_is_not_known_and_never_none_at_all(
    company: Company, kind: str
) -> None:
    room = made(company, by=[(ANA, 300)])
    crawl(company.house)
    before = company.space(room)
    fault = company.control.fault(kind, path="/messages", count=-1, status=403)
    live = read_live(company.house, before.key)
    assert company.control.fired(fault) > 0
    assert (live.last_human, live.human_known) == (None, False)
    after = company.space(room)
    assert (after.last_human, after.last_used) == (before.last_human, before.last_used)


@pytest.mark.parametrize("kind", ["no-items", "missing-page", "loop-page", "empty-page"])
@pytest.mark.parametrize("count", [1, -1])
def test_a_page_that_is_missing_never_hides_the_human_who_wrote(
    company: Company, kind: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(humans, "PAGE", 5)
    room = made(company, by=[(ANA, 300), *[(BOT, 200 - n) for n in range(12)]])
    crawl(company.house)
    fault = company.control.fault(kind, path="/messages", who=OFFICER, count=count)
    live = read_live(company.house, company.space(room).key)
    assert company.control.fired(fault) > 0
    now = company.control.now()
    if live.last_human is not None:
        assert live.last_human > now - 301 * DAY
    assert live.last_human != company.space(room).created


def test_a_list_of_members_that_is_not_whole_is_said_so(company: Company) -> None:
    room = made(company, by=[(ANA, 300)])
    crawl(company.house)
    fault = company.control.fault("no-items", path="/memberships", who=OFFICER)
    live = read_live(company.house, company.space(room).key)
    assert company.control.fired(fault) == 1
    assert live.members == ()
    assert company.space(room).size is None


def test_without_an_officer_nothing_is_known_of_what_people_write_in_a_group(
    build_company: Callable[..., Company],
) -> None:
    company = build_company(officer="", witness="")
    room = made(company, by=[(ANA, 300), (BOT, 200)])
    crawl(company.house)
    live = read_live(company.house, company.space(room).key)
    assert (live.last_human, live.human_known) == (None, False)
    assert company.space(room).last_human is None
