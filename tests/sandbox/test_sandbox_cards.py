"""Cards: which are taken, who presses them, what a press brings (facts 1.6, 4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.calling import As
from tests.sandbox.cards import KIND, PICTURE, card
from tests.sandbox.expect import given, gone, refused
from tests.sandbox.test_sandbox_messages import both


@pytest.mark.parametrize(
    "wrong",
    [
        card({"type": "TextBlock"}),
        card({"type": "Nonsense"}),
        card(version="1.4"),
        card({"type": "TextBlock", "text": "x" * 82_000}),
        card({"type": "ImageSet", "images": [PICTURE] * 11}),
        {"contentType": "text/plain", "content": {}},
        {"contentType": KIND},
    ],
    ids=["text missing", "unknown element", "version", "size", "images", "type", "no content"],
)  # fmt: skip
def test_a_bad_card_is_refused(as_: As, wrong: dict[str, Any]) -> None:
    answer = as_("bot").post(
        "/messages", toPersonEmail="ana@example.com", text="x", attachments=[wrong]
    )
    refused(answer, 400)


def test_a_press_brings_the_fields_and_the_buttons_data(as_: As) -> None:
    bot, ana = as_("bot"), as_("ana")
    sent = bot.made(
        "/messages", toPersonEmail="ana@example.com", text="Keep?", attachments=[card()]
    )
    answer = ana.post(
        "/attachment/actions",
        type="submit",
        messageId=sent["id"],
        inputs={"days": "30", "why": "tax"},
    )
    made = answer.json()
    assert made["personId"] == ana.me()["id"]
    assert (made["messageId"], made["roomId"], made["type"]) == (
        sent["id"], sent["roomId"], "submit",
    )  # fmt: skip
    seen = given(bot.get(f"/attachment/actions/{made['id']}"))
    assert seen["inputs"]["why"] == "tax"
    for _ in range(2):  # buttons never expire, and can be pressed again
        assert ana.post(
            "/attachment/actions", type="submit", messageId=sent["id"], inputs={"days": "1"}
        ).ok
    refused(as_("ben").get(f"/attachment/actions/{made['id']}"), 404)


def test_everyone_in_the_room_can_press(as_: As) -> None:
    room = both(as_, "spacekeeper@webex.bot")
    sent = as_("bot").made("/messages", roomId=room["id"], text="Keep?", attachments=[card()])
    press = {"type": "submit", "messageId": sent["id"], "inputs": {}}
    for who in ("ana", "ben"):
        made = as_(who).post("/attachment/actions", **press).json()
        assert made["personId"] == as_(who).me()["id"]
    refused(as_("cleo").post("/attachment/actions", **press), 404)
    refused(
        as_("bot").post("/attachment/actions", **press), 400,
        says="Author of a card cannot submit a cardAction on that card",
    )  # fmt: skip
    bare = as_("bot").made("/messages", roomId=room["id"], text="No card")
    refused(
        as_("ana").post("/attachment/actions", type="submit", messageId=bare["id"], inputs={}),
        400, says="MessageId should point to an activity with cards",
    )  # fmt: skip
    refused(as_("ana").post("/attachment/actions", messageId=sent["id"], inputs={}), 400)


def test_the_card_of_a_deleted_message_cannot_be_pressed(as_: As) -> None:
    bot, ana = as_("bot"), as_("ana")
    sent = bot.made(
        "/messages", toPersonEmail="ana@example.com", text="Keep?", attachments=[card()]
    )
    gone(bot.delete(f"/messages/{sent['id']}"))
    refused(
        ana.post("/attachment/actions", type="submit", messageId=sent["id"], inputs={}), 400, 404
    )  # fmt: skip
