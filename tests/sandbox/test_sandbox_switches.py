"""What Webex leaves open can be read in two ways; each switch turns one, and both are shown.

A product that works only with one of them works by luck.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sandbox.handle import Control
from sandbox.world import SWITCHES
from tests.sandbox import (
    test_sandbox_control,
    test_sandbox_frames,
    test_sandbox_messages_changing,
)
from tests.sandbox.calling import As
from tests.sandbox.cards import PICTURE, card
from tests.sandbox.expect import given, gone, refused
from tests.sandbox.test_sandbox_rooms import add, read

ELSEWHERE: dict[str, Callable[..., Any]] = {
    "bots_hear_all": test_sandbox_frames.test_whether_all_means_the_bot_too_can_be_switched,
    "replay": test_sandbox_control.test_with_replay_what_was_missed_comes_after_all,
    "officer_lists_deleted": (
        test_sandbox_messages_changing
    ).test_a_deleted_message_is_readable_by_the_officer_only_and_deleted_once,
}


def test_each_switch_is_shown_in_both_readings() -> None:
    here = {name.removeprefix("test_switch_") for name in globals() if "test_switch_" in name}
    assert here | set(ELSEWHERE) == set(SWITCHES)


def test_switch_co_delete_is_403(as_: As, control: Control) -> None:
    room = as_("ana").made("/rooms", title="A")
    refused(as_("co").delete(f"/rooms/{room['id']}"), 403)
    control.switch(co_delete_is_403=False)
    refused(as_("co").delete(f"/rooms/{room['id']}"), 404)
    assert read(as_("ana"), room)


def test_switch_image_card_edit_fails(as_: As, control: Control) -> None:
    bot, shown = as_("bot"), card(PICTURE)
    sent = bot.made("/messages", toPersonEmail="ana@example.com", text="?", attachments=[shown])
    edit = {"roomId": sent["roomId"], "text": "!", "attachments": [shown]}
    refused(bot.put(f"/messages/{sent['id']}", **edit), 400)
    control.switch(image_card_edit_fails=False)
    given(bot.put(f"/messages/{sent['id']}", **edit))


def test_switch_bot_posts_are_activity(as_: As, control: Control) -> None:
    ana, bot = as_("ana"), as_("bot")
    room = ana.made("/rooms", title="A")
    add(ana, room, "spacekeeper@webex.bot")
    control.switch(bot_posts_are_activity=False)
    control.advance(timedelta(hours=1))
    before = read(ana, room)["lastActivity"]
    bot.made("/messages", roomId=room["id"], text="A warning")
    assert read(ana, room)["lastActivity"] == before
    control.switch(bot_posts_are_activity=True)
    bot.made("/messages", roomId=room["id"], text="A warning")
    assert read(ana, room)["lastActivity"] > before


def test_switch_changes_are_activity(as_: As, control: Control) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A")
    control.switch(changes_are_activity=False)
    control.advance(timedelta(hours=1))
    before = read(ana, room)["lastActivity"]
    given(co.put(f"/rooms/{room['id']}", title="A", description="x"))
    assert read(ana, room)["lastActivity"] == before
    control.switch(changes_are_activity=True)
    given(co.put(f"/rooms/{room['id']}", title="A", description="y"))
    assert read(ana, room)["lastActivity"] > before


def test_switch_classification_only_rises(as_: As, control: Control) -> None:
    co = as_("co")
    levels = {c["rank"]: c["id"] for c in co.all("/classifications")}
    room = as_("ana").made("/rooms", title="A", classificationId=levels[2])
    lower = {"title": "A", "classificationId": levels[1]}
    refused(co.put(f"/rooms/{room['id']}", **lower), 400)
    given(co.put(f"/rooms/{room['id']}", title="A", classificationId=levels[3]))
    control.switch(classification_only_rises=False)
    assert given(co.put(f"/rooms/{room['id']}", **lower))["classificationId"] == levels[1]


def test_switch_events_for_90_days_only(as_: As, control: Control) -> None:
    as_("ana").made("/rooms", title="A")
    control.advance(timedelta(days=91))
    assert as_("co").all("/events") == []
    control.switch(events_for_90_days_only=False)
    assert len(as_("co").all("/events")) == 1


def test_switch_events_newest_first(as_: As, control: Control) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A")
    for n in range(4):
        ana.made("/messages", roomId=room["id"], text=str(n))

    def texts() -> str:
        return "".join(e["data"]["text"] for e in co.all("/events", resource="messages", max=3))

    assert texts() == "3210"
    control.switch(events_newest_first=False)
    assert texts() == "0123"


def test_switch_person_flags_are_words(as_: As, control: Control) -> None:
    adam = as_("adam")
    ben = f"/people/{as_('ben').me()['id']}"
    assert given(adam.get(ben))["loginEnabled"] == "true"
    control.person("ben@example.com", login=False)
    assert given(adam.get(ben))["loginEnabled"] == "false"
    control.switch(person_flags_are_words=False)
    url = adam.rest.rstrip("/") + ben  # not as the OpenAPI has it
    assert adam.session.get(url, timeout=5).json()["loginEnabled"] is False


def test_switch_replies_are_flat(as_: As, control: Control) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    first = ana.made("/messages", roomId=room["id"], text="1")
    reply = ana.made("/messages", roomId=room["id"], text="2", parentId=first["id"])
    again = {"roomId": room["id"], "text": "3", "parentId": reply["id"]}
    refused(ana.post("/messages", **again), 400)
    control.switch(replies_are_flat=False)
    assert ana.made("/messages", **again)["parentId"] == first["id"]


def test_switch_small_pages(as_: As, control: Control) -> None:
    ana = as_("ana")
    for n in range(7):
        ana.made("/rooms", title=str(n))
    assert len(given(ana.get("/rooms", max=100))["items"]) == 7
    control.switch(small_pages=True)
    assert len(given(ana.get("/rooms", max=100))["items"]) == 5
    assert len(ana.all("/rooms", max=100)) == 7


def test_switch_title_is_needed(as_: As, control: Control) -> None:
    ana, co = as_("ana"), as_("co")
    room = ana.made("/rooms", title="A")
    for who in (ana, co):
        refused(who.put(f"/rooms/{room['id']}", description="x"), 400, says="Title")
    control.switch(title_is_needed=False)
    for who in (ana, co):
        changed = given(who.put(f"/rooms/{room['id']}", description="x"))
        assert (changed["title"], changed["description"]) == ("A", "x")
    gone(ana.delete(f"/rooms/{room['id']}"))


def test_a_level_that_is_not_switched_on_can_not_be_chosen(as_: As, control: Control) -> None:
    co = as_("co")
    levels = {c["title"]: c["id"] for c in co.all("/classifications")}
    room = as_("ana").made("/rooms", title="A")
    control.levels("Public")
    assert [c["title"] for c in co.all("/classifications") if c["enabled"]] == ["Public"]
    path = f"/rooms/{room['id']}"
    refused(co.put(path, title="A", classificationId=levels["Internal"]), 400)
    given(co.put(path, title="A", classificationId=levels["Public"]))
