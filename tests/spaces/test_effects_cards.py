"""A card reaches its reader once: found again after a lost answer, never sent by two."""

from __future__ import annotations

import pytest
import requests

from cards.kit import Card, card, plain
from cards.parts import press
from domain.audit import Word
from domain.ids import PersonId, RoomId, StepKey
from domain.intents import Intent, Outcome, Plan
from domain.people import SYSTEM
from sandbox.handle import Control, Handle
from sandbox.ids import new_uuid, rest_id
from spaces.effects import marker_of, perform, send_card, settle_open
from spaces.spec import House
from storage.store import Store
from tests.dying import child, send_one
from tests.effects import BOT, house_on, moderated
from webex.sdk import SdkWebex
from webex.tokens import FixedToken

STEP = StepKey("notice/1")


@pytest.fixture
def house(sqlite_store: Store, webex: SdkWebex) -> House:
    return house_on(sqlite_store, webex)


def a_card() -> Card:
    return card("Plans", plain("This space will go."), actions=[press("Keep", "keep")])


def to_room(house: House, room: str) -> Intent:
    return send_card(
        house, a_card(), step=STEP, word=Word.NOTICE_SEND, actor=SYSTEM, room=RoomId(room)
    )


def to_person(house: House, person: str) -> Intent:
    """1:1, by the effect itself, since the person need not be in our inventory."""
    drawn = '{"type": "AdaptiveCard", "version": "1.3", "body": [{"type": "TextBlock", "id": "sk-'
    drawn += marker_of(STEP) + '", "text": "This space will go."}]}'
    return perform(
        house,
        Plan(
            kind="send card", step=STEP, word=Word.NOTICE_SEND, actor=SYSTEM,
            payload={"marker": marker_of(STEP), "to": person, "text": "Go.", "card": drawn},
        ),
    )  # fmt: skip


def cards_sent(control: Control) -> int:
    return sum(
        entry["actor"] == BOT and bool(entry["object"].get("attachments"))
        for entry in control.effects("message.created")
    )


def person_id(house: House, email: str) -> str:
    return str(house.webex.bot("chat").people_by_email(email)[0].id)  # type: ignore[arg-type]


def chatter(sandbox: Handle, count: int, **where: str) -> None:
    """Ana says this much."""
    ready = sandbox.ready
    with requests.Session() as session:
        session.trust_env = False
        session.verify, session.headers["Authorization"] = (
            ready["ca"], f"Bearer {ready['tokens']['ana@example.com']}",
        )  # fmt: skip
        for number in range(count):
            said = {**where, "text": f"and {number}"}
            session.post(ready["rest"] + "messages", json=said, timeout=30).raise_for_status()


def test_a_card_that_was_sent_is_remembered_and_its_text_forgotten(
    house: House, control: Control
) -> None:
    room = moderated(control)
    sent = to_room(house, room)
    assert (sent.outcome, cards_sent(control)) == (Outcome.DONE, 1)
    assert set(sent.plan.payload) == {"marker", "about", "room", "title"}
    assert to_room(house, room).evidence == sent.evidence
    assert cards_sent(control) == 1


@pytest.mark.parametrize("kind", ["5xx-after", "reset-after", "broken-json"])
@pytest.mark.parametrize("is_direct", [True, False])
def test_after_a_lost_answer_the_card_is_found_by_its_marker(
    house: House, control: Control, kind: str, is_direct: bool
) -> None:
    fault = control.fault(kind, method="POST", path="/messages")
    sent = (
        to_person(house, person_id(house, "ana@example.com"))
        if is_direct
        else to_room(house, moderated(control))
    )
    assert control.fired(fault) == 1
    assert (sent.outcome, cards_sent(control)) == (Outcome.DONE, 1)


@pytest.mark.parametrize("is_direct", [True, False])
def test_it_is_found_again_behind_many_messages(
    house: House, control: Control, sandbox: Handle, is_direct: bool
) -> None:
    room = moderated(control)
    control.fault("5xx-after", method="POST", path="/messages")
    blind = control.fault("5xx", method="GET", path="/messages*", count=-1)
    if is_direct:
        sent = to_person(house, person_id(house, "ana@example.com"))
        where = {"toPersonEmail": BOT}
    else:
        sent, where = to_room(house, room), {"roomId": room}
    assert control.fired(blind)
    assert sent.outcome is Outcome.OPEN
    control.clear_faults()
    chatter(sandbox, 120, **where)
    assert settle_open(house).done == 1
    assert cards_sent(control) == 1


@pytest.mark.parametrize("status", [403, 404])
def test_a_person_whom_webex_refuses_is_not_delivered_to(
    house: House, control: Control, status: int
) -> None:
    control.fault("status", status=status, method="POST", path="/messages")
    sent = to_person(house, person_id(house, "ana@example.com"))
    assert sent.outcome is Outcome.REFUSED
    assert settle_open(house).done == 0
    assert cards_sent(control) == 0


def test_nobody_is_delivered_to_who_does_not_exist(house: House, control: Control) -> None:
    nobody = str(PersonId(rest_id("PEOPLE", new_uuid())))
    assert to_person(house, nobody).outcome is Outcome.REFUSED
    assert cards_sent(control) == 0


def test_an_officer_who_may_not_read_leaves_it_open(house: House, control: Control) -> None:
    control.fault("5xx-after", method="POST", path="/messages")
    control.fault("status", status=403, method="GET", path="/messages")
    assert to_room(house, moderated(control)).outcome is Outcome.OPEN
    assert settle_open(house).done == 1
    assert cards_sent(control) == 1


def test_a_card_that_somebody_deleted_at_once_was_sent_all_the_same(
    house: House, control: Control
) -> None:
    gone = control.fault("stale", method="GET", path="/messages/*", who=BOT, count=-1)
    assert to_room(house, moderated(control)).outcome is Outcome.DONE
    assert control.fired(gone)
    assert cards_sent(control) == 1


def test_without_an_officer_a_lost_card_is_sent_again_and_that_is_on_record(
    sqlite_store: Store, sandbox: Handle, control: Control
) -> None:
    ready = sandbox.ready
    alone = SdkWebex(FixedToken(ready["tokens"]["bot"]), None, base_url=ready["rest"],
                     ca=ready["ca"], sleep=lambda seconds: None)  # fmt: skip
    house, room = house_on(sqlite_store, alone), moderated(control)
    control.fault("5xx-after", method="POST", path="/messages")
    assert to_room(house, room).outcome is Outcome.NOT_DONE
    with house.store.read() as tx:
        last = list(tx.audit.since())[-1]
    assert last.detail["attempts"] == 1
    assert "could not look" in str(last.detail["evidence"])
    alone.close()


def test_processes_that_send_the_same_card_at_once_send_one(
    store: Store, webex: SdkWebex, sandbox: Handle, control: Control
) -> None:
    house, room = house_on(store, webex), moderated(control)
    url = store.engine.url.render_as_string(hide_password=False)
    with (
        child(send_one, sandbox.ready, url, room, str(STEP)) as one,
        child(send_one, sandbox.ready, url, room, str(STEP)) as other,
    ):
        to_room_or_busy(house, room)
        for process in (one, other):
            process.join(60)
            assert process.exitcode == 0
    assert cards_sent(control) == 1


def to_room_or_busy(house: House, room: str) -> None:
    from spaces.effects import Busy

    try:
        to_room(house, room)
    except Busy:
        return
