"""Intent, effect, confirmation, judged by the server's own log."""

from __future__ import annotations

import pytest

from domain.audit import Word
from domain.errors import Fault
from domain.intents import Outcome
from sandbox.handle import Control
from spaces.effects import perform, settle_open
from spaces.spec import House
from storage.store import Store
from tests.effects import creation, house_on, moderated, plan
from webex.errors import Throttled
from webex.sdk import SdkWebex


@pytest.fixture
def house(sqlite_store: Store, webex: SdkWebex) -> House:
    return house_on(sqlite_store, webex)


def test_the_same_step_is_done_once(house: House, control: Control) -> None:
    first, second = perform(house, creation()), perform(house, creation())
    assert (first.outcome, second.outcome) == (Outcome.DONE, Outcome.DONE)
    assert len(control.effects("room.created")) == 1


def test_a_step_is_never_about_something_else(house: House, control: Control) -> None:
    one, other = moderated(control, "One"), moderated(control, "Other")
    perform(house, plan("add member", Word.MEMBER_ADD, room=one, email="ben@example.com"))
    with pytest.raises(Fault, match="another change"):
        perform(house, plan("add member", Word.MEMBER_ADD, room=other, email="ben@example.com"))


@pytest.mark.parametrize("kind", ["5xx-after", "reset-after", "broken-json"])
def test_what_happened_although_its_answer_was_lost_is_found_and_not_repeated(
    house: House, control: Control, kind: str
) -> None:
    fault = control.fault(kind, method="POST", path="/rooms")
    assert perform(house, creation()).outcome is Outcome.DONE
    assert control.fired(fault) == 1
    assert len(control.effects("room.created")) == 1


def test_a_step_that_webex_puts_off_again_and_again_is_done_in_the_end(
    house: House, control: Control
) -> None:
    """Seven times, which is more often than a step is tried: nothing was tried then."""
    room = moderated(control, "Plans")
    storm = control.fault("429", method="POST", path="/memberships", count=7, retry_after="0")
    wanted = plan("add member", Word.MEMBER_ADD, room=room, email="ben@example.com")
    for _ in range(7):
        with pytest.raises(Throttled):
            perform(house, wanted)
    assert perform(house, wanted).outcome is Outcome.DONE
    assert control.fired(storm) == 7
    assert len(control.effects("membership.created")) == 1


@pytest.mark.parametrize("kind", ["stale", "no-items", "html"])
def test_one_look_that_finds_nothing_is_not_believed(
    house: House, control: Control, kind: str
) -> None:
    control.fault("5xx-after", method="POST", path="/rooms")
    fault = control.fault(kind, method="GET", path="/rooms")
    made = perform(house, creation())
    assert control.fired(fault) == 1
    settle_open(house)
    with house.store.read() as tx:
        assert tx.intents.by_id(made.id).outcome is Outcome.DONE
    assert len(control.effects("room.created")) == 1


@pytest.mark.parametrize("kind", ["no-items", "html"])
def test_an_answer_that_makes_no_sense_is_taken_for_none(
    house: House, control: Control, kind: str
) -> None:
    fault = control.fault(kind, method="POST", path="/rooms")
    assert perform(house, creation()).outcome is Outcome.NOT_DONE
    assert control.fired(fault) == 1
    assert control.effects("room.created") == []


def test_two_who_asked_for_the_same_title_get_a_space_each(house: House, control: Control) -> None:
    for step in ("a", "b"):
        control.fault("5xx-after", method="POST", path="/rooms")
        perform(house, creation(step))
    with house.store.read() as tx:
        rooms = tx.intents.claimed_results("create room", "room")
    assert len(rooms) == 2
    assert len(control.effects("room.created")) == 2


def test_a_space_that_another_step_made_is_not_taken_for_one_s_own(
    house: House, control: Control
) -> None:
    """Its own request was lost on the way; the other's was answered meanwhile."""
    with house.store.begin() as tx:  # the other has asked, and has not heard yet
        other = tx.intents.add(creation("other"))
        assert other is not None
        tx.intents.tried(other.id)
        tx.commit()
    house.webex.bot("chat").create_room("Plans")  # type: ignore[arg-type]
    control.fault("5xx", method="POST", path="/rooms")
    mine = perform(house, creation("mine"))
    assert settle_open(house).done == 1
    with house.store.read() as tx:
        first, second = (tx.intents.by_id(id) for id in (other.id, mine.id))
    assert first.outcome is second.outcome is Outcome.DONE
    assert first.evidence["room"] != second.evidence["room"]
    assert len(control.effects("room.created")) == 2


def test_a_space_that_another_step_claimed_first_is_not_shared(
    house: House, control: Control
) -> None:
    """The first is told of its space and can't see it yet; the second, whose own request was
    lost, takes it for its own meanwhile."""
    late = control.fault("stale", method="GET", path="/rooms/*", count=-1)
    first = perform(house, creation("first"))
    assert control.fired(late)
    assert first.outcome is Outcome.OPEN
    control.clear_faults()
    control.fault("5xx", method="POST", path="/rooms")
    assert perform(house, creation("second")).evidence["room"] == first.evidence["room"]
    settle_open(house)
    assert settle_open(house).done == 1
    with house.store.read() as tx:
        assert len(tx.intents.claimed_results("create room", "room")) == 2
    assert len(control.effects("room.created")) == 2


@pytest.mark.parametrize("kind", ["no-items", "stale"])
def test_an_empty_list_of_members_does_not_mean_that_somebody_is_out(
    house: House, control: Control, kind: str
) -> None:
    room = moderated(control)
    control.fault("5xx", method="DELETE", path="/memberships/*")
    lies = control.fault(kind, method="GET", path="/memberships", skip=1, count=-1)
    removal = plan("remove member", Word.MEMBER_REMOVE, room=room, email="ana@example.com")
    assert perform(house, removal).outcome is Outcome.OPEN
    assert control.fired(lies)
    control.clear_faults()
    assert settle_open(house).done == 1
    assert len(control.effects("membership.deleted")) == 1


def test_who_is_in_a_space_already_is_made_its_moderator(house: House, control: Control) -> None:
    """An earlier attempt got half of the way: Webex adds first and promotes then."""
    room = moderated(control)
    added = plan("add member", Word.MEMBER_ADD, room=room, email="ana@example.com", moderator=True)
    made = perform(house, added)
    assert (made.outcome, made.evidence["moderator"]) == (Outcome.DONE, True)
    assert control.effects("membership.created") == []
    assert len(control.effects("membership.updated")) == 1


def test_leaving_a_space_is_done_when_we_can_t_see_it_any_more(
    house: House, control: Control
) -> None:
    room = moderated(control)
    leave = plan("remove member", Word.MEMBER_REMOVE, room=room, email="spacekeeper@webex.bot")
    assert perform(house, leave).outcome is Outcome.DONE


def test_nobody_s_title_is_overwritten_because_it_can_t_be_read(
    house: House, control: Control
) -> None:
    room = moderated(control, "eyJhbGciOiJkaXIi")
    change = plan("change room", Word.SPACE_BLOCK, room=room, is_announcement_only=True)
    assert perform(house, change).outcome is Outcome.REFUSED
    assert control.room(room)["room"]["title"] == "eyJhbGciOiJkaXIi"


def test_a_refusal_of_webex_is_settled_and_recorded(house: House, control: Control) -> None:
    room = moderated(control)
    control.fault("status", status=403, method="POST", path="/memberships")
    made = perform(house, plan("add member", Word.MEMBER_ADD, room=room, email="ben@example.com"))
    assert made.outcome is Outcome.REFUSED
    assert control.effects("membership.created") == []
    with house.store.read() as tx:
        assert tx.audit.verify()
        words = [record.word for record in tx.audit.since()]
    assert words == ["intent:make", "intent:settle"]
