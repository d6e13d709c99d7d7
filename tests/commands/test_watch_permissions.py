"""Who may watch what and tell it whom: at the making, and again at each delivery."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from domain.watches import DeliveryState
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space
from tests.commands.watching import ANA, BEN, EVE, add, deliveries, settle, told, write
from tests.receiving import Receiver, receiving

STAN, LEA = "stan@example.com", "lea@example.com"
WHO = {"officer": "cleo@example.com", "moderator": ANA, "member": BEN, "stranger": STAN,
       "leaver": LEA}  # fmt: skip
#                           officer moderator member stranger leaver
TABLE = {
    ("space", "me"): "       y       y         y      n        n",
    ("space", "itself"): "   y       y         n      n        n",
    ("space", "hall"): "     y       y         n      n        n",
    ("space", "open"): "     n       n         n      n        n",
    ("space", "bare"): "     n       n         n      n        n",
    ("space", "address"): "  y       y         n      n        n",
    ("mine", "me"): "        y       y         y      y        y",
    ("mine", "hall"): "      y       n         n      n        n",
    ("mine", "address"): "   y       n         n      n        n",
    ("company", "me"): "     y       n         n      n        n",
    ("company", "hall"): "   y       n         n      n        n",
    ("company", "address"): "y       n         n      n        n",
}  # fmt: skip


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path) as made:
        yield made


@pytest.fixture
def bot_settings(receiver: Receiver) -> dict[str, str]:
    return {
        "ENCRYPTION_KEY": Fernet.generate_key().decode(), "WATCH_ALLOW": "127.0.0.1",
        "WATCH_PORTS": str(receiver.port), "WATCH_CA_FILE": str(receiver.ca),
    }  # fmt: skip


@pytest.fixture
def room(chat: Chat) -> dict[str, Any]:
    """“Q3 plans”, and the places that it may be told to; Lea left it a minute ago."""
    for email in (STAN, LEA):
        chat.control.person(email)
    made = make_space(chat, "Q3 plans", members=("ben", "lea"), moderators=("ana",), with_bot=True)
    learn(
        chat, made,
        make_space(chat, "Hall", members=("ben", "cleo"), moderators=("ana",), with_bot=True),
        make_space(chat, "Open", members=(EVE, "cleo"), moderators=("ana",), with_bot=True),
        make_space(chat, "Bare", members=("cleo",), moderators=("ana",)),
    )  # fmt: skip
    mine = chat.rest(ANA, "GET", f"memberships?roomId={made['id']}&personEmail={LEA}")["items"][0]
    chat.rest(LEA, "DELETE", f"memberships/{mine['id']}")
    return made


def test_who_may_watch_what_and_tell_it_whom(
    chat: Chat, room: dict[str, Any], receiver: Receiver
) -> None:
    where = {"space": 'in "Q3 plans"', "mine": "in all my spaces", "company": "in the company"}
    to = {
        "me": "", "itself": 'to "Q3 plans"', "hall": "to Hall", "open": "to Open",
        "bare": "to Bare", "address": f"to https://127.0.0.1:{receiver.port}/x",
    }  # fmt: skip
    wrong = []
    for (reach, target), marks in TABLE.items():
        for (kind, email), mark in zip(WHO.items(), marks.split(), strict=True):
            said = chat.as_(email).says(f"watch message created {where[reach]} {to[target]}")
            is_done = "I'll tell it when it happens" in said
            if is_done is not (mark == "y"):
                wrong.append(f"{kind}, {reach}, {target}: {said}")
            if kind in ("stranger", "leaver") and reach == "space":
                assert "I know no space “Q3 plans” that you can see" in said  # as for none (I13)
    assert not wrong, "\n\n".join(wrong)
    said = chat.as_(EVE).says('watch message created in "Q3 plans"')
    assert "only talk about spaces with people of the company" in said
    with chat.process.house.store.read() as tx:
        assert len(tx.watches.listed(maker=None)) == sum(m.count("y") for m in TABLE.values())


def test_the_officer_who_is_none_any_more_watches_the_company_no_more(
    chat: Chat, room: dict[str, Any]
) -> None:
    chat.as_("cleo").says("watch message created in the whole company")
    house = chat.process.house
    from dataclasses import replace

    teller = chat.process.watchman._teller
    teller._house = replace(house, compliance=frozenset({"dora@example.com"}))
    write(chat, BEN, room)
    chat.eventually(lambda: deliveries(chat), "it was not looked at", within=40)
    settle(chat)
    with house.store.read() as tx:
        watch = tx.watches.get(1)
    assert watch is not None
    assert (watch.state, watch.why) == (
        "ended", "whoever made it is not of compliance any more"
    )  # fmt: skip
    assert not any("wrote in" in m.text for m in chat.as_("cleo").messages())


def test_outsiders_who_come_into_the_space_that_is_told_hear_nothing(
    chat: Chat, room: dict[str, Any]
) -> None:
    ana = chat.as_("ana")
    ana.says('watch message created in "Q3 plans" to Hall')
    write(chat, BEN, room)
    told(chat)
    hall = next(r for r in chat.rest(ANA, "GET", "rooms?max=100")["items"] if r["title"] == "Hall")
    shown = [e for e in chat.said_by_the_bot() if e["object"]["roomId"] == hall["id"]]
    assert "Ben Okafor wrote in “Q3 plans”" in shown[-1]["object"]["text"]
    add(chat, ANA, hall, EVE)
    write(chat, BEN, room)
    chat.eventually(lambda: len(deliveries(chat)) == 2, "it was not looked at", within=40)
    settle(chat)
    assert (deliveries(chat)[0].state, deliveries(chat)[0].why) == (
        DeliveryState.WITHHELD, "there may be outsiders in the space that it tells"
    )  # fmt: skip
    after = [e for e in chat.said_by_the_bot() if e["object"]["roomId"] == hall["id"]]
    assert len(after) == len(shown)


def test_a_direct_conversation_is_told_only_to_who_asks_for_such(
    chat: Chat, room: dict[str, Any]
) -> None:
    cleo = chat.as_("cleo")
    cleo.says("watch message created in the whole company")
    cleo.says("watch message created in the whole company where type:direct")
    chat.rest(ANA, "POST", "messages", toPersonEmail=BEN, text="just us")
    told(chat, 2)
    settle(chat)
    assert deliveries(chat, 1) == ()
    [one] = deliveries(chat, 2)
    assert one.happening.data["personEmail"] == ANA
    assert BOT not in str(one.happening.data)
