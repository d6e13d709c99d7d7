"""Watches that tell an address: signed, retried, given up, told again; and what goes wrong."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.fernet import Fernet

from domain.watches import FIELDS, DeliveryState, Resource
from spaces.watching.telling import WAITS
from tests.chats import Chat, Person
from tests.commands.companies import learn, make_space
from tests.commands.watching import ANA, BEN, EVE, add, deliveries, told, write
from tests.receiving import Does, Receiver, receiving

KEY = Fernet.generate_key().decode()
ADDRESS = "to https://127.0.0.1:{port}/hook?of=mine"


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path) as made:
        yield made


@pytest.fixture
def bot_settings(receiver: Receiver) -> dict[str, str]:
    return {
        "ENCRYPTION_KEY": KEY, "WATCH_ALLOW": "127.0.0.1",
        "WATCH_PORTS": f"443 {receiver.port}", "WATCH_CA_FILE": str(receiver.ca),
    }  # fmt: skip


@pytest.fixture
def room(chat: Chat) -> dict[str, Any]:
    made = make_space(chat, "Q3 plans", members=("ben",), moderators=("ana",))
    learn(chat, made)
    return made


def watch(who: Person, receiver: Receiver, words: str = 'message created in "Q3 plans"') -> str:
    """Makes a watch and gives its secret."""
    said = who.says(f"watch {words} {ADDRESS.format(port=receiver.port)}")
    found = re.search(r"Secret: (whsec_\S+)", said)
    assert found, said
    return found[1]


def came(chat: Chat, receiver: Receiver, most: int = 1) -> None:
    chat.eventually(lambda: len(receiver.came) >= most, "nothing came", within=40)


def test_what_comes_is_signed_and_is_what_webex_says(
    chat: Chat, room: dict[str, Any], receiver: Receiver
) -> None:
    ana = chat.as_("ana")
    secret = watch(ana, receiver, 'membership created in "Q3 plans"')
    made = add(chat, ANA, room, EVE)
    told(chat)
    [one] = receiver.came
    assert one.is_signed_with(secret)
    assert not one.is_signed_with(watch(ana, receiver))
    assert one.path == "/hook?of=mine"
    assert one.headers["content-type"] == "application/json"
    assert one.body == {
        "id": one.id, "watch": 1, "resource": "membership", "event": "created",
        "at": made["created"],
        "data": {name: made.get(name) for name in FIELDS[Resource.MEMBERSHIP]},
    }  # fmt: skip
    log = ana.says("watch log 1")
    assert "delivered, 200, 1 attempt" in log
    assert secret not in log + ana.says("watches")


def test_the_secret_is_shown_once_and_kept_where_nobody_reads_it(
    chat: Chat, room: dict[str, Any], receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        secret = watch(chat.as_("ana"), receiver)
        write(chat, BEN, room)
        told(chat)
    assert secret not in caplog.text
    with chat.process.house.store.read() as tx:
        dump = "\n".join(tx.connection.connection.driver_connection.iterdump())
    assert secret not in dump
    assert secret.removeprefix("whsec_") not in dump


def test_a_new_secret_counts_at_once_and_the_old_one_for_a_day(
    chat: Chat, room: dict[str, Any], receiver: Receiver
) -> None:
    ana = chat.as_("ana")
    old = watch(ana, receiver)
    said = ana.says("watch secret 1")
    new = re.search(r"Secret: (whsec_\S+)", said)
    assert new
    assert new[1] != old
    write(chat, BEN, room)
    came(chat, receiver)
    assert receiver.came[0].is_signed_with(old)
    assert receiver.came[0].is_signed_with(new[1])
    chat.clock.advance(hours=25)
    write(chat, BEN, room)
    came(chat, receiver, 2)
    assert not receiver.came[1].is_signed_with(old)
    assert receiver.came[1].is_signed_with(new[1])
    assert "You have no watch 1." in chat.as_("cleo").says("watch secret 1")


@pytest.mark.parametrize(
    ("does", "status", "why"),
    [
        (Does(status=500), "500", "it answered with an error"),
        (Does(status=302, headers={"Location": "https://127.0.0.1/"}), "302", "sent us elsewhere"),
        (Does(resets=True), "no answer", "connection was lost|not HTTP"),
        (Does(body=b"x" * 100_000), "no answer", "too large"),
    ],
)
def test_what_fails_is_tried_again_with_the_same_id(
    chat: Chat, room: dict[str, Any], receiver: Receiver, does: Does, status: str, why: str
) -> None:
    ana = chat.as_("ana")
    secret = watch(ana, receiver)
    receiver.next.append(does)
    write(chat, BEN, room)
    chat.eventually(lambda: [one for one in deliveries(chat) if one.attempts], "not tried")
    [one] = deliveries(chat)
    assert (one.state, one.status) == (DeliveryState.WAITING, status)
    assert re.search(why, one.why)
    assert f"waiting, {status}" in ana.says("watch log 1")
    chat.clock.advance(seconds=10)
    [done] = told(chat)
    assert (done.attempts, done.status) == (2, "200")
    first, second = receiver.came
    assert first.id == second.id
    assert first.raw == second.raw
    assert second.is_signed_with(secret)


def test_the_receiver_may_ask_us_to_wait_within_bounds(
    chat: Chat, room: dict[str, Any], receiver: Receiver
) -> None:
    watch(chat.as_("ana"), receiver)
    receiver.next += [
        Does(status=429, headers={"Retry-After": "1000"}),
        Does(status=503, headers={"Retry-After": "9000000"}),
    ]
    write(chat, BEN, room)
    chat.eventually(lambda: [one for one in deliveries(chat) if one.attempts == 1], "not tried")
    [one] = deliveries(chat)
    assert one.last_at is not None
    assert 999 <= (one.due_at - one.last_at).total_seconds() <= 1001
    chat.clock.advance(seconds=1002)
    chat.eventually(lambda: deliveries(chat)[0].attempts == 2, "not tried again")
    [one] = deliveries(chat)
    assert one.last_at is not None
    assert (one.due_at - one.last_at).total_seconds() == pytest.approx(6 * 3600, abs=1)


def test_what_fails_for_a_day_is_given_up_the_watch_paused_and_all_told_again_when_it_is_well(
    chat: Chat, room: dict[str, Any], receiver: Receiver
) -> None:
    ana = chat.as_("ana")
    watch(ana, receiver)
    receiver.usual = Does(status=500)
    write(chat, BEN, room)
    for attempt in range(1, len(WAITS) + 2):
        chat.eventually(
            lambda attempt=attempt: deliveries(chat)[-1:] and deliveries(chat)[-1].attempts
            >= attempt, f"attempt {attempt} was not made", within=40,
        )  # fmt: skip
        chat.clock.advance(WAITS[min(attempt, len(WAITS)) - 1] * 1.21)
    card = ana.waits_for("I paused your watch 1")
    assert "nothing got through for a day: it answered with an error" in card.text
    [one] = deliveries(chat)
    assert (one.state, one.attempts) == (DeliveryState.DEAD, 12)
    assert len({each.id for each in receiver.came}) == 1
    write(chat, BEN, room)
    assert "Watch 1 is paused" in ana.says("redeliver of watch 1")
    receiver.usual = Does()
    assert "Watch 1 goes on" in ana.presses(card, "Take it up").text
    before = len(receiver.came)
    assert "1 delivery" in ana.says("redeliver of watch 1")
    [again] = told(chat)
    assert again.name == one.name == receiver.came[before].id


def test_an_address_that_is_gone_for_good_is_left_alone(
    chat: Chat, room: dict[str, Any], receiver: Receiver
) -> None:
    ana = chat.as_("ana")
    watch(ana, receiver)
    receiver.usual = Does(status=410)
    write(chat, BEN, room)
    ana.waits_for("I paused your watch 1")
    assert "paused, the address says that it is gone for good" in ana.says("watches")
    assert len(receiver.came) == 1


def test_one_dead_receiver_delays_nobody_else(
    chat: Chat, room: dict[str, Any], receiver: Receiver
) -> None:
    """Ten that never answer, with much waiting for each, and one that is well, and a person."""
    ana, ben = chat.as_("ana"), chat.as_("ben")
    watch(ana, receiver)
    ben.says('watch message created in "Q3 plans"')
    house = chat.process.house
    with house.store.begin() as tx:
        well = tx.watches.get(1)
        assert well is not None
        sealed = tx.watches.sealed(1)
        assert sealed is not None
        for n in range(10):
            address = f"https://127.0.0.1:{receiver.port}/dead/{n}"
            dead = tx.watches.add(
                type(well)(**{**_fields(well), "address": address}), step=f"dead/{n}",
                secret=sealed.now,
            )  # fmt: skip
            assert dead.key
        tx.commit()
    took = receiver.took

    def dead_or_well(one: Any) -> Does:
        does = took(one)
        return Does(waits=30) if one.path.startswith("/dead") else does

    receiver.took = dead_or_well  # type: ignore[method-assign]
    for _ in range(5):
        write(chat, BEN, room)
    told(chat, 1, most=5)
    told(chat, 2, most=5)
    dead = [one for n in range(3, 13) for one in deliveries(chat, n)]
    assert len(dead) == 50
    assert not [one for one in dead if one.state is DeliveryState.DONE]


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in type(one).__dataclass_fields__}


def test_no_private_address_and_no_other_port_is_told(
    chat: Chat, room: dict[str, Any], receiver: Receiver
) -> None:
    ana = chat.as_("ana")
    for address, answer in (
        ("https://127.0.0.2/x", "leads into a private network"),
        ("https://169.254.169.254/latest/meta-data", "leads into a private network"),
        ("https://[::1]/x", "leads into a private network"),
        ("https://10.0.0.1/x", "leads into a private network"),
        ("https://2130706434/x", "leads into a private network|find no host"),
        (f"http://127.0.0.1:{receiver.port}/x", "only tell things over https"),
        ("https://127.0.0.1:22/x", "I only tell things to port"),
    ):
        said = ana.says(f'watch message created in "Q3 plans" to {address}')
        assert re.search(answer, said), (address, said)
    assert receiver.came == []


def test_only_who_may_let_others_know_tells_an_address(
    chat: Chat, room: dict[str, Any], receiver: Receiver
) -> None:
    to = ADDRESS.format(port=receiver.port)
    said = f'watch message created in "Q3 plans" {to}'
    assert "Only its moderators let others know" in chat.as_("ben").says(said)
    assert "Secret: " in chat.as_("cleo").says(said)
    assert "Secret: " in chat.as_("ana").says(said)
    mine = chat.rest(ANA, "GET", f"memberships?roomId={room['id']}&personEmail={BEN}")["items"][0]
    chat.rest(ANA, "PUT", f"memberships/{mine['id']}", isModerator=True)
    own = chat.rest(ANA, "GET", f"memberships?roomId={room['id']}&personEmail={ANA}")["items"][0]
    chat.rest(BEN, "PUT", f"memberships/{own['id']}", isModerator=False)
    write(chat, BEN, room)
    told(chat, 1)
    chat.eventually(lambda: deliveries(chat, 2), "it was not looked at")
    chat.eventually(lambda: deliveries(chat, 2)[0].state is DeliveryState.WITHHELD, "it was told")
    assert [one.body["watch"] for one in receiver.came] == [1]


def test_an_address_that_turned_private_since_is_told_nothing(
    chat: Chat, room: dict[str, Any], receiver: Receiver
) -> None:
    """What was allowed when the watch was made is asked again at each delivery."""
    from dataclasses import replace

    watch(chat.as_("ana"), receiver)
    teller = chat.process.watchman._teller
    teller._house = replace(teller._house, outside=replace(teller._house.outside, networks=()))
    write(chat, BEN, room)
    chat.eventually(lambda: [one for one in deliveries(chat) if one.attempts], "not tried")
    [one] = deliveries(chat)
    assert (one.status, one.why) == ("refused", "the host is within a private network")
    assert receiver.came == []


def test_a_flood_is_held_to_the_rate_and_what_is_too_much_is_counted(
    chat: Chat, room: dict[str, Any], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.watchman.POSTS", 3)
    monkeypatch.setattr("storage.deliveries.MOST_WAITING", 4)
    ana = chat.as_("ana")
    watch(ana, receiver)
    house = chat.process.house
    for _ in range(12):
        write(chat, BEN, room)

    def is_all_seen() -> bool:
        with house.store.read() as tx:
            watch = tx.watches.get(1)
        assert watch is not None
        return len(deliveries(chat)) + watch.dropped == 12

    chat.eventually(is_all_seen, "not all was looked at", within=40)
    assert len(receiver.came) <= 4
    with house.store.read() as tx:
        one = tx.watches.get(1)
    assert one is not None
    assert one.dropped > 0
    assert f"{one.dropped} left out" in ana.says("watches")

    def waits() -> bool:
        return any(d.state is DeliveryState.WAITING for d in deliveries(chat))

    while waits():
        before = len(receiver.came)
        chat.clock.advance(seconds=61)
        chat.eventually(
            lambda b=before: len(receiver.came) > b or not waits(), "it stands still", within=40
        )
    assert len(receiver.came) == 12 - one.dropped


def test_the_body_is_json_and_holds_what_people_write_as_it_is(
    chat: Chat, receiver: Receiver
) -> None:
    title = 'Pläne "für" <b>{{Q4}}</b> \u202e 🚀'
    made = make_space(chat, title, members=("ben",), moderators=("ana",), with_bot=True)
    learn(chat, made)
    ana = chat.as_("ana")
    secret = watch(ana, receiver, f"space updated in {made['id']}")
    chat.rest(ANA, "PUT", f"rooms/{made['id']}", title=title + "!")
    came(chat, receiver)
    [one] = receiver.came
    assert one.body["data"]["title"] == title + "!"
    assert one.is_signed_with(secret)
    assert json.loads(one.raw.decode("utf-8")) == one.body


def test_the_receiver_of_the_documentation_knows_what_is_genuine(
    chat: Chat, room: dict[str, Any], receiver: Receiver
) -> None:
    """Its code is run as it stands there."""
    page = (Path(__file__).parents[2] / "docs" / "watching.md").read_text("utf-8")
    [code] = re.findall(r"```python\n(.*?)```", page, re.S)
    there: dict[str, Any] = {}
    exec(code, there)  # noqa: S102 - our own documentation
    there["time"] = SimpleNamespace(time=lambda: chat.clock.now().timestamp())
    is_genuine = there["is_genuine"]
    secret = watch(chat.as_("ana"), receiver)
    write(chat, BEN, room)
    came(chat, receiver)
    [one] = receiver.came
    assert is_genuine(secret, one.headers, one.raw)
    assert not is_genuine(secret, one.headers, one.raw + b" ")
    assert not is_genuine(secret.replace(secret[10], "A" if secret[10] != "A" else "B"),
                          one.headers, one.raw)  # fmt: skip
    assert not is_genuine(secret, {**one.headers, "webhook-id": "msg_other"}, one.raw)
    old = {**one.headers, "webhook-timestamp": "1700000000"}
    assert not is_genuine(secret, old, one.raw)
    for resource, names in FIELDS.items():
        assert f"| {resource} | created, updated, deleted | {', '.join(names)} |" in page
    assert f"tried again {len(WAITS)} times" in page
