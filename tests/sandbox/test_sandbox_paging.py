"""Paging and pace: Link headers, clipped sizes, empty pages, 429 (facts 2; checklist 5, 6)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.base import add_space
from sandbox.handle import Control, Handle
from tests.sandbox.calling import As, Caller
from tests.sandbox.expect import given, refused
from tests.sandbox.test_sandbox_rooms import add


def pages(who: Caller, path: str, **query: object) -> list[list[str]]:
    """The ids of each page."""
    answer = who.get(path, **query)
    found = []
    while True:
        assert answer.ok, answer.text
        found.append([item["id"] for item in answer.json()["items"]])
        if "next" not in answer.links:
            return found
        link = answer.headers["Link"]
        assert link.startswith("<https://")
        assert link.endswith('>; rel="next"')
        assert "Bearer" not in link
        answer = who.call("GET", answer.links["next"]["url"])


def rooms(handle: Handle, many: int) -> None:
    """Ana's, at once."""

    def make() -> None:
        for n in range(many):
            add_space(
                handle.world, title=f"S{n}", creator="ana@example.com", members=[], moderators=[]
            )

    handle.do(make)


def test_every_room_comes_once_page_by_page(as_: As, control: Control) -> None:
    for n in range(7):
        control.space(f"S{n}", creator="ana@example.com")
    for more in ({}, {"sortBy": "created"}, {"sortBy": "id"}, {"sortBy": "lastactivity"}):
        found = pages(as_("ana"), "/rooms", max=3, **more)
        assert [len(p) for p in found][:2] == [3, 3], more
        ids = [id for page in found for id in page]
        assert len(ids) == len(set(ids)) == 7


def test_a_room_that_comes_while_paging_hides_no_other(as_: As, control: Control) -> None:
    for n in range(6):
        control.space(f"S{n}", creator="ana@example.com")
    ana = as_("ana")
    before = {r["id"] for r in ana.all("/rooms")}
    first = ana.get("/rooms", max=3)
    control.space("New", creator="ana@example.com")
    rest = ana.call("GET", first.links["next"]["url"]).json()["items"]
    seen = [r["id"] for r in [*first.json()["items"], *rest]]
    assert set(seen) == before
    assert len(seen) == 6


@pytest.mark.parametrize("path", ["/rooms", "/memberships", "/teams", "/webhooks"])
def test_lists_come_in_pages_of_a_hundred(as_: As, handle: Handle, path: str) -> None:
    ana = as_("ana")
    if path in ("/rooms", "/memberships"):
        rooms(handle, 101)
    elif path == "/teams":
        for n in range(101):
            ana.made("/teams", name=f"T{n}")
    else:
        for n in range(101):
            ana.made(
                "/webhooks", name=f"W{n}", targetUrl="http://127.0.0.1:9/", resource="rooms",
                event="created",
            )  # fmt: skip
    assert [len(page) for page in pages(ana, path)] == [100, 1]


def test_a_size_above_the_ceiling_is_clipped_without_a_word(as_: As, handle: Handle) -> None:
    rooms(handle, 1002)
    assert [len(page) for page in pages(as_("ana"), "/rooms", max=5000)] == [1000, 2]
    some = pages(as_("ana"), "/memberships", max=5000)
    assert len(some) > 1
    assert sum(len(p) for p in some) == 1002


@pytest.mark.parametrize("most", ["0", "-1", "many"])
def test_a_size_that_is_no_size_is_refused(as_: As, most: str) -> None:
    refused(as_("ana").get("/rooms", max=most), 400)


def test_messages_go_back_from_the_last_one_by_its_id(as_: As) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    ids = [ana.made("/messages", roomId=room["id"], text=str(n))["id"] for n in range(7)]
    first = ana.get("/messages", roomId=room["id"], max=3)
    ids.reverse()
    assert [m["id"] for m in first.json()["items"]] == ids[:3]
    asked = parse_qs(urlsplit(first.links["next"]["url"]).query)
    assert asked["beforeMessage"] == [ids[2]]
    assert [id for page in pages(ana, "/messages", roomId=room["id"], max=3) for id in page] == ids
    by_hand = ana.get("/messages", roomId=room["id"], beforeMessage=ids[4]).json()["items"]
    assert [m["id"] for m in by_hand] == ids[5:]
    refused(ana.get("/messages", roomId=room["id"], beforeMessage="nonsense"), 400, 404)


def test_messages_come_in_fifties_and_with_mentions_in_a_hundred_at_the_most(as_: As) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    for _ in range(102):
        ana.made("/messages", roomId=room["id"], markdown="<@personEmail:ana@example.com|me>")
    assert [len(page) for page in pages(ana, "/messages", roomId=room["id"])] == [50, 50, 2]
    found = pages(ana, "/messages", roomId=room["id"], mentionedPeople="me", max=500)
    assert [len(page) for page in found] == [100, 2]


def test_the_officers_look_at_a_person_is_filtered_after_paging(as_: As, control: Control) -> None:
    """So there are pages with fewer than asked for, with nothing at all, and still a next."""
    for n in range(12):
        eve_s = n % 4 != 3
        room = control.space(
            f"S{n}", creator="eve@partner.example" if eve_s else "ana@example.com",
            members=["ana@example.com"],
        )  # fmt: skip
        assert room["id"]
    found = pages(as_("co"), "/memberships", personEmail="ana@example.com", max=3)
    assert sum(len(page) for page in found) == 3
    assert [] in found[:-1]
    assert len(found) >= 4


def test_a_page_of_members_goes_on_though_members_leave(as_: As) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    for name in ("ben", "cleo", "dora", "adam"):
        add(ana, room, f"{name}@example.com")
    first = ana.get("/memberships", roomId=room["id"], max=2)
    gone_one = first.json()["items"][1]
    ana.delete(f"/memberships/{gone_one['id']}")
    second = ana.call("GET", first.links["next"]["url"])
    third = ana.call("GET", second.links["next"]["url"])
    items = [m for page in (first, second, third) for m in page.json()["items"]]
    assert len({m["personEmail"] for m in items}) == 5


def test_a_next_page_is_for_whoever_asked(as_: As, control: Control) -> None:
    """A cursor opens nothing to another token."""
    for n in range(5):
        control.space(f"S{n}", creator="ana@example.com")
    link = as_("ana").get("/rooms", max=2).links["next"]["url"]
    assert as_("ben").call("GET", link).json()["items"] == []


def test_a_cursor_of_ones_own_making_is_refused_or_harmless(as_: As) -> None:
    for name in ("cursor", "after", "before"):
        answer = as_("ana").get("/rooms", **{name: "nonsense"})
        assert answer.status_code in (200, 400)


def test_too_many_requests_are_told_to_wait(as_: As, control: Control) -> None:
    ana, ben = as_("ana"), as_("ben")
    control.limit(60)
    answers = [ana.get("/people/me") for _ in range(15)]
    refusals = [a for a in answers if a.status_code == 429]
    assert refusals
    assert all(int(a.headers["Retry-After"]) >= 1 for a in refusals)
    assert all(a.headers["TrackingID"] for a in refusals)
    assert ben.get("/people/me").ok  # each account has its own
    control.limit(0)
    assert ana.get("/people/me").ok


def test_waiting_as_long_as_told_is_enough(as_: As, control: Control) -> None:
    from datetime import timedelta

    ana = as_("ana")
    control.limit(60)
    while (answer := ana.get("/people/me")).status_code != 429:
        pass
    control.advance(timedelta(seconds=int(answer.headers["Retry-After"])))
    assert given(ana.get("/people/me"))


def test_by_last_activity_only_three_thousand_rooms_are_sorted_at_once(
    as_: As, handle: Handle
) -> None:  # fmt: skip
    """In the order of their ids. So in more rooms than that the newest need not come first."""
    db = handle.world.db

    def make() -> None:
        me = handle.world.person_by_email("ana@example.com")
        assert me is not None
        numbers = range(1, 3101)
        db.executemany(
            "INSERT INTO room(key, uuid, title, creator, created, last, owner)"
            " VALUES (?, ?, 'A', ?, ?, ?, ?)",
            (
                (n, f"{n:08d}-0000-4000-8000-000000000000", me["key"], n, 1000 * n, me["org"])
                for n in numbers
            ),
        )
        db.executemany(
            "INSERT INTO membership(room, person, created) VALUES (?, ?, 0)",
            ((n, me["key"]) for n in numbers),
        )

    handle.do(make)
    found = as_("ana").all("/rooms", sortBy="lastactivity", max=1000)
    order = [int(base64_text(room["id"]).rsplit("/", 1)[1][:8]) for room in found]
    assert order == [*range(3000, 0, -1), *range(3100, 3000, -1)]
    by_age = as_("ana").get("/rooms", sortBy="created", max=1).json()["items"][0]
    assert base64_text(by_age["id"]).rsplit("/", 1)[1].startswith("00003100")


def base64_text(id: str) -> str:
    import base64

    return base64.urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode()
