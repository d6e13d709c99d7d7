"""A space that nobody owns: its members are asked by card and answer by it, and compliance
names an owner where nobody did."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from domain.ids import RoomId
from domain.lifecycle import CaseState
from jobs.owners import CARDS
from jobs.spec import Firing
from jobs.voice import night_of
from retention.ownerless.searching import begin_search
from retention.ownerless.seeking import seek
from tests.chats import Chat
from tests.commands.beforehand import in_force
from tests.commands.companies import learn, make_space, members_of


def go_on(chat: Chat, number: int = 1, **came: int) -> None:
    """What the job does in the morning."""
    now = chat.clock.now()
    said = seek(
        night_of(Firing(house=chat.process.house, run=f"owners@{number}", due_at=now)), CARDS
    )
    assert said == came, said


def nobody_owns(chat: Chat, *members: str) -> dict[str, Any]:
    """A space of these people whose case stands still, since whoever made it has left it."""
    room = make_space(chat, "Q3 plans", members=members, tags="finance", idle=200)
    learn(chat, room)
    chat.as_("cleo").says("policy new cleanup tag:finance then notify after 90d cap 5")
    in_force(chat, {"policy": "cleanup"})
    mine = chat.control.room(room["id"])["members"]
    [ana] = [m for m in mine if m["personEmail"] == "ana@example.com"]
    chat.rest("ana@example.com", "DELETE", f"memberships/{ana['id']}")
    learn(chat)
    with chat.process.house.store.begin() as tx:
        space = tx.spaces.by_id(RoomId(room["id"]))
        assert space is not None
        case = tx.cases.begin(
            space.key, version=tx.policies.all()[0].key, due=tx.now, basis_at=tx.now,
            state=CaseState.DUE, why="it is due",
        )  # fmt: skip
        assert tx.cases.move(case, CaseState.NEEDS_ATTENTION, why="nobody owns it")
        begin_search(tx, space.key, case=case)
        tx.commit()
    return room


def test_the_first_yes_takes_it_over_and_the_second_is_told(chat: Chat) -> None:
    room = nobody_owns(chat, "ben", "dora")
    go_on(chat, asked=1)
    ben, dora = chat.as_("ben"), chat.as_("dora")
    asks, hers = ben.waits_for("Will you take over"), dora.waits_for("Will you take over")
    assert "Webex locks it" in asks.text
    told = ben.presses(asks, "I take it").text
    assert "“Q3 plans” is yours now." in told
    assert "locked the space" in told
    assert members_of(chat, room) == {"ben@example.com": True, "dora@example.com": False}
    dora.waits_for("Ben Okafor owns it now")  # her card says so, too
    assert "was faster" in dora.presses(hers, "I take it").text
    assert "Ben Okafor" in ben.says('space "Q3 plans"')


def test_words_do_as_buttons_do_and_a_no_can_be_changed(chat: Chat) -> None:
    room = nobody_owns(chat, "ben")
    go_on(chat, asked=1)
    ben = chat.as_("ben")
    assert "nothing is deleted by it" in ben.says('nobody needs "Q3 plans"')
    no = ben.asks('not me "Q3 plans"')
    assert "I ask others" in no.text
    assert "is yours now" in ben.presses(no, "I take it after all").text
    assert members_of(chat, room) == {"ben@example.com": True}


def test_who_was_not_asked_is_refused_and_a_stranger_learns_nothing(chat: Chat) -> None:
    nobody_owns(chat, "ben")
    chat.control.person("eva@example.com")
    unknown = chat.as_("eva").says('take over "Nowhere"')
    for said in ('take over "Q3 plans"', 'not me "Q3 plans"', 'nobody needs "Q3 plans"'):
        assert "did not ask you" in chat.as_("ben").says(said)
        assert chat.as_("eva").says(said) == unknown.replace("Nowhere", "Q3 plans")


def test_when_nobody_took_it_compliance_names_an_owner(chat: Chat) -> None:
    room = nobody_owns(chat, "ben")
    go_on(chat, asked=1)
    ben, cleo, dora = chat.as_("ben"), chat.as_("cleo"), chat.as_("dora")
    ben.presses(ben.waits_for("Will you take over"), "Nobody needs it")
    go_on(chat, 2, escalated=1)
    card = cleo.waits_for("Nobody owns “Q3 plans”")
    assert "Say that nobody needs it: 1" in card.text
    first = cleo.asks('owner assign "Q3 plans" to dora@example.com')
    assert "is not in it" in first.text
    assert "dora@example.com" not in members_of(chat, room)
    done = cleo.presses(first, "Assign the owner").text
    assert "Dora Lindqvist owns it now." in done
    assert members_of(chat, room)["dora@example.com"]
    dora.waits_for("made you the owner of “Q3 plans”")
    assert "owns it" in cleo.says('owner assign "Q3 plans" to ben@example.com')
    assert "for compliance" in ben.says('owner assign "Q3 plans" to ben@example.com')


def test_compliance_leaves_it_as_it_is(chat: Chat) -> None:
    nobody_owns(chat, "ben")
    cleo = chat.as_("cleo")
    assert "It stays as it is" in cleo.says('owner leave "Q3 plans"')
    assert "No owner is being looked for" in cleo.says('owner leave "Q3 plans"')
    chat.clock.advance(timedelta(days=1))
    go_on(chat)
    assert not any("Will you take over" in m.text for m in chat.as_("ben").messages())


def test_what_nobody_owns_is_listed_and_owners_are_looked_for_in_bulk(chat: Chat) -> None:
    rooms = [make_space(chat, f"Plans {n}", members=("ben",), tags="old") for n in range(2)]
    owned = make_space(chat, "Owned", by="ben", tags="old")
    for room in rooms:
        [ana] = [m for m in chat.control.room(room["id"])["members"] if "ana@" in m["personEmail"]]
        chat.rest("ana@example.com", "DELETE", f"memberships/{ana['id']}")
    learn(chat, *rooms, owned)
    cleo, ben = chat.as_("cleo"), chat.as_("ben")
    listed = cleo.asks("ownerless")
    assert "Nobody owns 2 spaces" in listed.text
    assert "Plans 0" in listed.text
    assert "Owned" not in listed.text
    assert "for compliance" in ben.says("ownerless")
    shown = cleo.asks("find owners where tag:old")
    assert "Find owners: 2 spaces?" in shown.text
    assert "1 has an owner, or it is not known" in shown.text
    cleo.presses(shown, "Find owners")
    cleo.waits_for("What came of it")
    go_on(chat, asked=2)
    ben.waits_for("Will you take over “Plans 1”")
    assert "Members are being asked: 2" in cleo.says("ownerless")
    assert "There is nothing to do" in cleo.says("find owners where tag:old")
