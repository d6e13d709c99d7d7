"""Whatever order the words of Webex come in, doubled and by whichever way: each thing is one."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.ids import PersonId, RoomId
from domain.watches import Reach, Sighting, Target, Trigger
from sandbox.ids import uuid_of
from spaces.looking import find_person
from spaces.sync.crawl import crawl
from spaces.sync.events import poll
from spaces.sync.pages import follow
from spaces.watching.hearing import hear_events, hear_frame, hear_webhook
from spaces.watching.making import Wish, make_watch
from spaces.watching.matching import match
from tests.spaces.inventories import BOT, Company
from webex.gateway import Lane
from webex.values import Event

ANA, BEN, EVE, CLEO = (
    "ana@example.com", "ben@example.com", "eve@partner.example", "cleo@example.com"
)  # fmt: skip


@pytest.fixture
def watched(company: Company) -> Company:
    """Cleo, who is compliance, watches the whole company for everything."""
    from dataclasses import replace

    company.house = replace(company.house, compliance=frozenset({CLEO}))
    crawl(company.house)
    maker = find_person(company.house, CLEO)
    wish = Wish(triggers=tuple(Trigger), reach=Reach.ALL, target=Target.PERSON)
    make_watch(company.house, maker, wish, step="test")
    company.pass_(timedelta(seconds=5))
    return company


def happens(company: Company) -> str:
    """A day in the life of a space."""
    room = str(company.rest(ANA, "POST", "rooms", title="Plans")["id"])
    for _ in range(2):
        made = company.rest(ANA, "POST", "memberships", roomId=room, personEmail=EVE)
        company.pass_(timedelta(seconds=2))
        company.rest(ANA, "DELETE", f"memberships/{made['id']}")
        company.pass_(timedelta(seconds=2))
    company.rest(ANA, "POST", "memberships", roomId=room, personEmail=BEN)
    first = company.rest(ANA, "POST", "messages", roomId=room, text="one")
    second = company.rest(BEN, "POST", "messages", roomId=room, text="two")
    for n in range(2):
        company.pass_(timedelta(seconds=1))
        company.rest(ANA, "PUT", f"messages/{first['id']}", roomId=room, text=f"one {n}")
    company.rest(BEN, "DELETE", f"messages/{second['id']}")
    company.pass_(timedelta(seconds=5))
    return room


EXPECTED = {
    Trigger.SPACE_CREATED: 1, Trigger.MEMBERSHIP_CREATED: 4, Trigger.MEMBERSHIP_DELETED: 2,
    Trigger.MESSAGE_CREATED: 2, Trigger.MESSAGE_UPDATED: 2, Trigger.MESSAGE_DELETED: 1,
}  # fmt: skip


def record(company: Company) -> list[Event]:
    gateway = company.house.webex.compliance(Lane.BACKGROUND)
    now = company.house.clock.now()
    read = follow(
        lambda address: gateway.events(
            start=now - timedelta(minutes=5), end=now - timedelta(seconds=1), address=address
        )
    )
    assert read.complete
    return list(read.items)


def look_at_all(company: Company, dice: random.Random) -> None:
    """Looks at everything that was heard, in any order, until nothing is left."""
    house = company.house
    for _ in range(20):
        with house.store.begin() as tx:
            tx.connection.execute(text("UPDATE sighting SET free_at = 0"))
            left = list(tx.sightings.left(limit=1000))
            tx.commit()
        if not left:
            return
        dice.shuffle(left)
        for id in left:
            with house.store.begin() as tx:
                heard = tx.sightings.take(id, span=timedelta(seconds=30))
                tx.commit()
            assert heard is not None
            match(house, heard)
        company.pass_(timedelta(minutes=2))
    raise AssertionError("something is looked at for ever")


def told(company: Company) -> Counter[Trigger]:
    with company.house.store.read() as tx:
        return Counter(one.happening.trigger for one in tx.deliveries.of(1, limit=1000))


def hooked(company: Company, events: list[Event], dice: random.Random, me: PersonId) -> None:
    """The same as webhooks would say it, some of them twice."""
    with company.house.store.begin() as tx:
        for n, one in enumerate(dice.choices(events, k=len(events) * 2)):
            body: dict[str, Any] = {
                "resource": one.resource,
                "event": one.type,
                "data": dict(one.data),
            }
            hear_webhook(tx, body, id=f"{n}", at=one.created, me=me)
        tx.commit()


def framed(company: Company, events: list[Event], room: str) -> None:
    """The same as Mercury would say it."""
    kinds = {(f"{one.resource}s", one.event): one for one in Trigger}
    with company.house.store.begin() as tx:
        for n, one in enumerate(events):
            trigger = kinds[one.resource, one.type]
            person = uuid_of("PEOPLE", str(one.data["personId"])) or ""
            message = ""
            if one.resource == "messages":
                message = uuid_of("MESSAGE", str(one.data["id"])) or ""
            hear_frame(
                company.house, tx, (trigger,), id=f"f{n}", room=room, room_uuid=RoomId(room).uuid,
                at=one.created, message=message, person=person,
            )  # fmt: skip
        tx.commit()


@pytest.mark.parametrize("seed", range(6))
def test_each_thing_is_one_however_often_and_in_whatever_order_it_is_heard(
    watched: Company, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - a shuffle
    room = happens(watched)
    me = watched.house.webex.bot(Lane.BACKGROUND).me().id
    events = record(watched)
    ways = [
        lambda: hooked(watched, events, dice, me),
        lambda: framed(watched, events, room),
        lambda: poll(watched.house),
        lambda: watched_events(watched, dice.sample(events, len(events) // 2), me),
        lambda: watched_events(watched, events[::-1], me),
    ]
    dice.shuffle(ways)
    for way in ways:
        way()
        if dice.random() < 0.5:
            look_at_all(watched, dice)
    look_at_all(watched, dice)
    got = told(watched)
    assert {one: got[one] for one in EXPECTED} == EXPECTED
    assert BOT not in str(got)


def watched_events(company: Company, events: list[Event], me: PersonId) -> None:
    with company.house.store.begin() as tx:
        hear_events(tx, events, me=me)
        tx.commit()


def test_what_is_heard_twice_by_the_same_word_is_written_down_once(watched: Company) -> None:
    happens(watched)
    me = watched.house.webex.bot(Lane.BACKGROUND).me().id
    events = record(watched)
    with watched.house.store.begin() as tx:
        first = hear_events(tx, events, me=me)
        assert first > len(events) // 2
        assert hear_events(tx, events, me=me) == 0
        tx.commit()


def test_what_is_a_week_old_is_no_news(watched: Company) -> None:
    happens(watched)
    me = watched.house.webex.bot(Lane.BACKGROUND).me().id
    watched_events(watched, record(watched), me)
    watched.pass_(timedelta(days=8))
    look_at_all(watched, random.Random(1))  # noqa: S311 - a shuffle
    assert told(watched) == Counter()


def test_nothing_is_written_down_that_nobody_watches(company: Company) -> None:
    crawl(company.house)
    happens(company)
    me = company.house.webex.bot(Lane.BACKGROUND).me().id
    with company.house.store.begin() as tx:
        assert hear_events(tx, record(company), me=me) == 0
        assert tx.sightings.count() == 0


def test_a_poisoned_word_stops_no_other(watched: Company) -> None:
    """An id that is none, a space that is not there, fields that are none."""
    room = happens(watched)
    house, now = watched.house, watched.house.clock.now()
    nowhere = room[:-4] + ("AAAA" if room[-4:] != "AAAA" else "BBBB")
    with house.store.begin() as tx:
        tx.sightings.hear(
            [
                Sighting(id=f"odd/{n}/{int(one)}", trigger=one, room=where, at=now,
                         message="x", person="x", data=data)
                for n, where in enumerate((room, nowhere))
                for one in Trigger
                for data in ({"id": 7, "created": "soon", "personId": "nobody"},)
            ]
        )  # fmt: skip
        tx.commit()
    me = house.webex.bot(Lane.BACKGROUND).me().id
    watched_events(watched, record(watched), me)
    dice = random.Random(2)  # noqa: S311 - a shuffle
    look_at_all(watched, dice)
    got = told(watched)
    assert all(got[one] >= EXPECTED[one] for one in EXPECTED)
