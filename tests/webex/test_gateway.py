"""The gateway against the real sandbox: every error, every fault that must not get past it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.ids import MessageId, PersonId, RoomId
from sandbox.handle import Control, Handle
from sandbox.ids import new_uuid, rest_id
from tests.sandboxes import connect
from webex.errors import (
    Conflict,
    Denied,
    Invalid,
    Missing,
    NotAuthorised,
    Throttled,
    Unclear,
    UntrustedHost,
)
from webex.gateway import Lane, RoomChange
from webex.sdk import SdkWebex, integration
from webex.tokens import FixedToken
from webex.transport import Transport
from webex.values import Page, Room


def test_a_room_is_made_read_changed_and_deleted(webex: SdkWebex) -> None:
    bot = webex.bot(Lane.CHAT)
    made = bot.create_room("Plans")
    assert bot.room(made.id).title == "Plans"
    assert bot.change_room(made.id, RoomChange(is_locked=True)).is_locked
    bot.delete_room(made.id)
    with pytest.raises(Missing):
        bot.room(made.id)


def test_an_officer_may_neither_lock_nor_delete_what_they_are_not_in(webex: SdkWebex) -> None:
    made = webex.bot(Lane.CHAT).create_room("Plans")
    person = webex.compliance(Lane.CHAT).people_by_email("ana@example.com")[0].id
    webex.bot(Lane.CHAT).add_membership(made.id, person=person, moderator=False)
    officer = webex.compliance(Lane.BACKGROUND)
    with pytest.raises(Denied):
        officer.change_room(made.id, RoomChange(is_locked=True))
    with pytest.raises((Denied, Missing)):
        officer.delete_room(made.id)


def test_a_second_membership_is_a_conflict(webex: SdkWebex) -> None:
    bot = webex.bot(Lane.CHAT)
    made = bot.create_room("Plans")
    bot.add_membership(made.id, email="ana@example.com", moderator=False)
    with pytest.raises(Conflict):
        bot.add_membership(made.id, email="ana@example.com", moderator=False)


def test_a_card_goes_out_and_comes_back(webex: SdkWebex) -> None:
    bot = webex.bot(Lane.CHAT)
    card = {
        "type": "AdaptiveCard", "version": "1.3",
        "body": [{"type": "TextBlock", "text": "Hello", "id": "sk-x", "isVisible": False}],
    }  # fmt: skip
    sent = bot.send(email="ana@example.com", text="Hello", card=card)
    assert bot.message(sent.id).attachments[0]["content"] == card
    person = bot.people_by_email("ana@example.com")[0].id
    assert [m.id for m in bot.direct_messages(person).items] == [sent.id]


def test_a_bad_card_is_invalid(webex: SdkWebex) -> None:
    with pytest.raises(Invalid):
        webex.bot(Lane.CHAT).send(
            email="ana@example.com", text="x", card={"type": "AdaptiveCard", "version": "1.5"}
        )


def test_a_bot_lists_a_group_room_by_mentions_only(webex: SdkWebex) -> None:
    bot = webex.bot(Lane.CHAT)
    made = bot.create_room("Plans")
    with pytest.raises(Denied):
        bot.messages(made.id)
    assert bot.messages(made.id, mentioned="me").items == ()


def test_pages_are_followed_by_hand_to_their_end(webex: SdkWebex) -> None:
    bot = webex.bot(Lane.CHAT)
    made = {bot.create_room(f"Plans {n}").id for n in range(7)}
    seen: set[RoomId] = set()
    page: Page[Room] = bot.rooms(max=3)
    seen |= {room.id for room in page.items}
    while page.next:
        page = bot.rooms(address=page.next)
        seen |= {room.id for room in page.items}
    assert seen == made


@pytest.mark.parametrize(
    ("kind", "fault"),
    [("5xx", Unclear), ("reset", Unclear), ("html", Unclear)],
)
def test_a_lost_answer_to_a_change_is_unclear_and_never_repeated(
    sandbox: Handle, webex: SdkWebex, control: Control, kind: str, fault: type[Exception]
) -> None:
    injected = control.fault(kind, method="POST", path="/rooms", count=-1)
    with pytest.raises(fault):
        webex.bot(Lane.CHAT).create_room("Plans")
    assert control.fired(injected) == 1


@pytest.mark.parametrize("kind", ["5xx-after", "reset-after", "broken-json"])
def test_a_change_can_have_happened_although_its_answer_was_lost(
    webex: SdkWebex, control: Control, kind: str
) -> None:
    injected = control.fault(kind, method="POST", path="/rooms")
    with pytest.raises(Unclear):
        webex.bot(Lane.CHAT).create_room("Plans")
    assert control.fired(injected) == 1
    assert len(control.effects("room.created")) == 1


@pytest.mark.parametrize("kind", ["5xx", "reset", "html", "broken-json"])
def test_a_read_is_tried_again(webex: SdkWebex, control: Control, kind: str) -> None:
    injected = control.fault(kind, method="GET", path="/rooms", count=2)
    assert webex.bot(Lane.CHAT).rooms().items == ()
    assert control.fired(injected) == 2


@pytest.mark.parametrize("retry_after", ["86400", "soon", "-5", "", "1e99", "nan"])
def test_no_worker_sleeps_longer_than_its_lane_allows(
    sandbox: Handle, control: Control, retry_after: str
) -> None:
    slept: list[float] = []
    webex = connect(sandbox, sleep=slept)
    injected = control.fault("429", path="/rooms", retry_after=retry_after, count=-1)
    for lane, most in ((Lane.CHAT, 3.0), (Lane.BACKGROUND, 120.0)):
        with pytest.raises(Throttled):
            webex.bot(lane).rooms()
        assert all(wait <= most for wait in slept)
    assert control.fired(injected) >= 2
    webex.close()


def test_a_link_to_another_host_gets_nothing(webex: SdkWebex, control: Control) -> None:
    injected = control.fault("foreign-link", path="/rooms")
    page = webex.bot(Lane.CHAT).rooms()
    assert control.fired(injected) == 1
    assert page.next is not None
    with pytest.raises(UntrustedHost):
        webex.bot(Lane.CHAT).rooms(address=page.next)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/v1/rooms", "https://127.0.0.1:1/v1/rooms", "https://a@127.0.0.1/x", "//e"],
)
def test_only_the_one_host_is_spoken_to(webex: SdkWebex, address: str) -> None:
    with pytest.raises(UntrustedHost):
        webex.bot(Lane.CHAT).rooms(address=address)


def test_a_dead_token_says_so_and_is_in_no_error(sandbox: Handle) -> None:
    webex = SdkWebex(
        FixedToken("very-secret"), None, base_url=sandbox.ready["rest"], ca=sandbox.ready["ca"]
    )
    with pytest.raises(NotAuthorised) as caught:
        webex.bot(Lane.CHAT).rooms()
    assert "very-secret" not in repr(caught.value) + str(caught.value.__context__)
    webex.close()


def test_no_address_and_no_text_is_in_an_error(webex: SdkWebex, control: Control) -> None:
    control.fault("reset", method="POST", path="/messages")
    with pytest.raises(Unclear) as caught:
        webex.bot(Lane.CHAT).send(email="ana@example.com", text="the secret text")
    told = repr(caught.value) + repr(caught.value.__context__) + repr(caught.value.__cause__)
    assert "secret" not in told
    assert "127.0.0.1" not in told


def test_the_officers_token_is_refreshed_once_it_is_stale(
    sandbox: Handle, control: Control
) -> None:
    ready = sandbox.ready
    kept: list[tuple[str, str]] = []
    source = integration(
        base_url=ready["rest"], ca=ready["ca"], client_id=ready["oauth"]["client_id"],
        client_secret=ready["oauth"]["client_secret"], refresh=ready["oauth"]["refresh_token"],
        on_renewed=lambda access, refresh: kept.append((access, refresh)),
    )  # fmt: skip
    webex = SdkWebex(
        FixedToken(ready["tokens"]["bot"]), source, base_url=ready["rest"], ca=ready["ca"]
    )
    officer = webex.compliance(Lane.BACKGROUND)
    assert officer.me().email == "compliance-service@example.com"
    control.call("POST", "expire")
    assert officer.organisation().name == "Example Ltd"
    assert len(kept) == 2
    webex.close()


def test_an_item_that_can_not_be_read_is_counted(sandbox: Handle, webex: SdkWebex) -> None:
    made = webex.bot(Lane.CHAT).create_room("eyJhbGciOiJkaXIi")
    room = webex.bot(Lane.CHAT).room(made.id)
    assert room.title is None


def test_the_server_s_clock_is_known_after_any_answer(webex: SdkWebex) -> None:
    bot = webex.bot(Lane.CHAT)
    assert bot.server_time() is None
    bot.me()
    told = bot.server_time()
    assert told is not None
    assert abs(told - datetime.now(UTC)) < timedelta(seconds=5)


def test_what_is_not_there_is_missing(webex: SdkWebex) -> None:
    bot = webex.bot(Lane.CHAT)
    with pytest.raises(Missing):
        bot.room(RoomId(rest_id("ROOM", new_uuid())))
    with pytest.raises(Missing):
        bot.message(MessageId(rest_id("MESSAGE", new_uuid())))
    nobody = PersonId(rest_id("PEOPLE", new_uuid()))
    assert bot.people_by_ids([nobody]) == ((), (nobody,))


def test_a_budget_that_is_used_up_is_throttled_in_chat(sandbox: Handle) -> None:
    slept: list[float] = []
    one = Transport(
        FixedToken(sandbox.ready["tokens"]["bot"]), base_url=sandbox.ready["rest"],
        ca=sandbox.ready["ca"], per_minute=60, sleep=slept.append,
    )  # fmt: skip
    for _ in range(10):
        one.get("people/me", lane=Lane.CHAT)
    with pytest.raises(Throttled):
        _many(one)
    one.get("people/me", lane=Lane.BACKGROUND)  # its own bucket is untouched
    assert max(slept) <= 3.0
    one.close()


def _many(one: Transport) -> None:
    for _ in range(10):
        one.get("people/me", lane=Lane.CHAT)
