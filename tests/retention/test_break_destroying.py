"""What destroys, asked at its odd corners: a cap taken away amid, a hold on who is being erased, a
Webex that takes no notice of what it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from domain.erasures import ErasureState, PartState
from domain.ids import MessageId
from query.protecting import held_among
from retention.holds import place_hold, release_hold
from retention.keeping import keep_space
from retention.pausing import house_pause, house_resume
from spaces.effects.erasing import wanted_by
from spaces.effects.purging import messages_of
from spaces.looking import find_person
from tests.nights import DAY, World
from tests.retention.people import BEN, Office, words
from tests.retention.test_erasing_amid import TEXTS, office_with, plans
from tests.retention.test_purging import left, officer, space_of, talk, tidy, went
from webex.gateway import Gateway, Lane
from webex.values import Message, Page

OLD = (400, 390, 380, 370)


def stopped_amid(world: World, **limits: Any) -> Mapping[str, Any]:
    """A space of four old messages, of which one went before Webex wanted to be left alone."""
    room = talk(world, ages=OLD)
    tidy(world)
    world.crawl()
    tight = world.with_limits(**limits)
    tight.control.fault(
        "429", method="DELETE", path="/messages/*", retry_after="86400", count=99, skip=1
    )
    tight.nights(9)
    tight.control.clear_faults()
    assert len(went(world)) == 1
    return room


def test_a_purge_that_was_stopped_does_not_go_on_when_its_caps_were_taken_away(
    world: World,
) -> None:
    room = stopped_amid(world)
    none_a_day = world.with_limits(cap_per_day=0)
    none_a_day.nights(1)
    assert len(left(world, room)) == 3
    no_messages = none_a_day.with_limits(cap_per_day=20, cap_messages=0)
    no_messages.nights(1)
    assert len(left(world, room)) == 3
    as_before = no_messages.with_limits(cap_messages=10)
    as_before.nights(2)
    assert left(world, room) == []
    assert len(went(world)) == len(set(went(world))) == 4


def test_what_goes_on_from_an_earlier_day_counts_for_the_cap_of_messages(world: World) -> None:
    other = talk(world, "Other plans", ages=OLD)
    room = stopped_amid(world, cap_messages=4)
    tight = world.with_limits(cap_messages=4)
    tight.pass_(timedelta(hours=30))
    before = len(went(world))
    tight.night()
    assert len(went(world)) - before <= 4
    tight.nights(4)
    assert [left(world, one) for one in (room, other)] == [[], []]


def test_a_message_that_webex_lists_though_it_is_younger_is_not_taken(world: World) -> None:
    class Deaf:
        """Takes no notice of `before`, as a page's address may."""

        def __init__(self, officer: Gateway) -> None:
            self._officer = officer

        def messages(self, room: Any, *, max: int, address: str | None = None,
                     before: Any = None) -> Page[Message]:  # fmt: skip
            return self._officer.messages(room, max=max, address=address)

    room = talk(world, ages=(400, 1))
    world.crawl()
    with world.house.store.read() as tx:
        id = tx.spaces.by_key(world.key(room)).id
    deaf = cast("Gateway", Deaf(world.house.webex.compliance(Lane.BACKGROUND)))
    found = messages_of(deaf, id, before=world.now() - 180 * DAY, after=None)
    assert [one.text for one in found.items] == ["400 days ago"]


def test_without_a_person_nobodys_messages_are_meant(world: World) -> None:
    room = talk(world)
    world.crawl()
    with world.house.store.read() as tx:
        id = tx.spaces.by_key(world.key(room)).id
    officer = world.house.webex.compliance(Lane.BACKGROUND)
    found = officer.messages(id, max=9).items
    assert found
    for payload in ({}, {"author": ""}, {"author": None}):
        assert not any(map(wanted_by(payload), found))


def test_who_is_held_is_not_forgotten_though_all_of_theirs_is_erased(world: World) -> None:
    office = Office(world)
    room = world.space("Plans", messages=words("one", at=world.ago(5)))
    world.crawl()
    one = office.agreed()
    world.control.fault("status", status=502, method="GET", path="/events", count=99)
    office.runs()
    world.control.clear_faults()
    assert office.part(one, room).state is PartState.DONE
    assert office.now(one).state is ErasureState.ERASING
    ben = find_person(office.house, BEN)
    place_hold(office.house, office.actor("cleo"), "lawsuit", people=[ben])
    office.runs()
    with office.house.store.read() as tx:
        assert held_among(tx, [world.key(room)])
    assert not office.is_done(one)
    release_hold(office.house, office.actor("cleo"), "lawsuit")
    office.world.pass_(15 * DAY)
    office.runs()
    assert office.is_done(one)


def test_one_that_webex_would_not_delete_is_never_said_to_be_gone(world: World) -> None:
    room = talk(world, ages=OLD)
    tidy(world)
    world.crawl()
    world.control.fault("status", status=403, method="DELETE", path="/messages/*", count=1)
    world.control.fault(
        "429", method="DELETE", path="/messages/*", retry_after="86400", count=99, skip=2
    )
    world.nights(9)
    world.control.clear_faults()
    assert "400 days ago" in left(world, room)
    assert went(world)
    keep_space(world.house, officer(world), space_of(world, room), until=None, by_compliance=True)
    world.nights(1)
    with world.house.store.read() as tx:
        mark = tx.purges.mark_of(world.key(room))
        said = [one.body["purge"] for one in tx.certificates.latest(count=9)]
    assert mark is None or mark.until <= world.now() - 405 * DAY
    for one in said:
        assert str(one["nothing_left_of_before"]) < f"{world.now() - 405 * DAY:%Y-%m-%d}"  # type: ignore[index]


def test_what_somebody_else_deletes_amid_is_not_counted_as_erased(world: World) -> None:
    room = plans(world)
    world.crawl()
    office = office_with(
        world, lambda office: house_pause(office.house, office.actor("cleo"), "wait")
    )
    one = office.agreed()
    office.runs()
    assert len(office.deleted()) == 3
    found = world.control.room(room["id"])["messages"]
    theirs = [each for each in found if each["text"] in TEXTS and not each["deleted"]]
    next_one = min(theirs, key=lambda each: MessageId(each["id"]).uuid)  # of one moment all
    world.house.webex.witness(Lane.CHAT).delete_message(MessageId(next_one["id"]))
    house_resume(office.house, office.actor("cleo"))
    office.runs()
    assert office.is_done(one)
    assert office.part(one, room).deleted == len(TEXTS) - 1


def test_who_agreed_and_is_not_of_compliance_any_more_begins_no_erasure(world: World) -> None:
    plans(world)
    world.crawl()
    office = Office(world)
    one = office.agreed()
    before = office.house
    fewer = before.compliance - {"dora@example.com"}
    office.world.house = office.house = replace(before, compliance=fewer)
    office.runs()
    assert (office.deleted(), office.left()) == ([], [])
    assert office.now(one).state is ErasureState.AGREED
    office.world.house = office.house = before
    office.runs()
    assert office.is_done(one)
