"""Who owns and who manages a space, also while a block of ours has demoted everybody."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from directory.spec import NoDirectory
from domain.ids import RoomId
from domain.people import SYSTEM, Person
from domain.spaces import Space
from sandbox.handle import Control, Handle
from spaces.blocking import Because, block, unblock
from spaces.looking import find_person, manages, owners_of
from spaces.spec import House, Limits
from spaces.sync.crawl import crawl
from spaces.sync.live import touch
from storage.store import Store
from webex.gateway import Lane
from webex.sdk import SdkWebex

ANA, BEN, CARL = "ana@example.com", "ben@example.com", "carl@example.com"


@pytest.fixture
def house(sqlite_store: Store, webex: SdkWebex, control: Control) -> House:
    control.person(CARL)
    for number in range(3):
        control.space(f"Other {number}", creator=ANA)
    made = House(
        store=sqlite_store, webex=webex, clock=sqlite_store._clock, directory=NoDirectory(),
        limits=Limits(cap_per_run=5, cap_per_day=5, cap_share=1.0),
    )  # fmt: skip
    assert crawl(made).is_complete
    return made


def made(house: House, control: Control, **more: Any) -> Space:
    """A space that ana created and ben moderates; carl is in it."""
    said: dict[str, Any] = {"creator": ANA, "members": [BEN, CARL], "moderators": [BEN]}
    room = control.space("Plans", **(said | more))
    return touch(house, RoomId(room["id"]))


def blocked(house: House, space: Space) -> None:
    block(house, SYSTEM, space, step="b", because=Because(evidence_at=house.clock.now()))
    touch(house, space.id)


def person(house: House, email: str) -> Person:
    return find_person(house, email)


def who_manages(house: House, space: Space) -> list[str]:
    return [e for e in (ANA, BEN, CARL) if manages(house, space.key, person(house, e))]


def owners(house: House, space: Space) -> list[str]:
    with house.store.read() as tx:
        return [one.email for one in owners_of(tx, space.key)]


def leaves(house: House, space: Space, email: str) -> None:
    bot = house.webex.bot(Lane.CHAT)
    mine = bot.membership_of(space.id, person(house, email).id)
    assert mine is not None
    bot.remove_membership(mine.id)
    touch(house, space.id)


def test_moderators_own_and_manage_a_space(house: House, control: Control) -> None:
    space = made(house, control)
    assert owners(house, space) == who_manages(house, space) == [BEN]


def test_without_moderators_its_creator_does(house: House, control: Control) -> None:
    space = made(house, control, moderators=[])
    assert owners(house, space) == who_manages(house, space) == [ANA]


def test_who_was_demoted_by_a_block_still_owns_and_manages_it(
    house: House, control: Control
) -> None:
    space = made(house, control)
    blocked(house, space)
    assert owners(house, space) == who_manages(house, space) == [BEN]
    verdict = manages(house, space.key, person(house, BEN))
    assert verdict.reason == "you moderated it until it was blocked"
    assert manages(house, space.key, person(house, ANA)).reason == "only its moderators may do that"
    unblock(house, SYSTEM, space, step="u")
    touch(house, space.id)
    assert owners(house, space) == who_manages(house, space) == [BEN]


def test_the_creator_of_a_blocked_space_without_moderators_still_owns_and_manages_it(
    house: House, control: Control
) -> None:
    space = made(house, control, moderators=[])
    blocked(house, space)
    assert owners(house, space) == who_manages(house, space) == [ANA]


def test_who_left_a_blocked_space_does_not_manage_it_any_more(
    house: House, control: Control
) -> None:
    space = made(house, control)
    blocked(house, space)
    leaves(house, space, BEN)
    assert owners(house, space) == who_manages(house, space) == [ANA]


def test_who_can_t_log_in_any_more_is_no_owner_of_a_blocked_space(
    house: House, control: Control
) -> None:
    space = made(house, control, moderators=[BEN, CARL])
    blocked(house, space)
    ben = person(house, BEN)
    with house.store.begin() as tx:
        tx.people.set_active(ben.key, False)
        tx.commit()
    assert owners(house, space) == [CARL]


def test_a_direct_conversation_belongs_to_both(
    house: House, control: Control, sandbox: Handle
) -> None:
    ready = sandbox.ready
    said = requests.post(
        ready["rest"] + "messages", json={"toPersonEmail": BEN, "text": "hello"}, timeout=10,
        headers={"Authorization": f"Bearer {ready['tokens'][ANA]}"}, verify=ready["ca"],
    )  # fmt: skip
    space = touch(house, RoomId(said.json()["roomId"]))
    assert sorted(owners(house, space)) == who_manages(house, space) == [ANA, BEN]


def test_who_is_not_in_a_space_does_not_manage_it(house: House, control: Control) -> None:
    space = made(house, control, members=[BEN])
    assert (
        manages(house, space.key, person(house, CARL)).reason == "only its moderators may do that"
    )


@pytest.mark.parametrize("kind", ["no-items", "loop-page"])
def test_who_moderates_is_not_guessed_when_the_list_can_t_be_read(
    house: House, control: Control, kind: str
) -> None:
    """Its creator would manage it if nobody were seen to moderate it."""
    space = made(house, control, moderators=[])
    fault = control.fault(kind, method="GET", path="/memberships", skip=1)
    assert "could not see all" in manages(house, space.key, person(house, ANA)).reason
    assert control.fired(fault) == 1
