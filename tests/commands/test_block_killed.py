"""kill -9 while a space is being blocked: whoever goes on finishes it, and says so once."""

from __future__ import annotations

from typing import Any

import pytest

from bot.settings import load_settings
from bot.wiring import build_house
from spaces.sync.crawl import crawl
from tests.chats import BOT, Chat
from tests.children import run_out
from tests.commands.companies import make_space
from tests.commands.ending import bot_settings, code_on  # noqa: F401

MOMENTS = [
    ("hang-after", "POST", "/memberships"), ("hang-after", "PUT", "/rooms/*"),
    ("timeout", "PUT", "/rooms/*"), ("hang-after", "PUT", "/memberships/*"),
]  # fmt: skip


def company(stage: Chat) -> dict[str, Any]:
    """Known to the bot before it starts."""
    room = make_space(stage, "Q3 plans", members=("ben",), moderators=("ana", "ben"), idle=5)
    for number in range(5):
        make_space(stage, f"Other {number}", by="dora")
    house = build_house(load_settings(stage.settings))
    assert crawl(house).is_complete
    house.store.close()
    return room


def blocked_once(stage: Chat, room: dict[str, Any]) -> None:
    truth = stage.control.room(room["id"])
    assert truth["room"]["isLocked"]
    assert truth["room"]["isAnnouncementOnly"]
    assert [m["personEmail"] for m in truth["members"] if m["isModerator"]] == [BOT]
    for kind, wanted in (("membership.created", 1), ("room.updated", 1)):
        happened = [
            e for e in stage.control.effects(kind)
            if room["id"] in (e["target"], e.get("room")) and e["actor"] != "ana@example.com"
            and (kind == "membership.created" or e["object"]["isAnnouncementOnly"])
            and e.get("person") in (None, BOT)
        ]  # fmt: skip
        assert len(happened) == wanted, kind


def die_and_come_back(
    stage: Chat, moment: tuple[str, str, str], said: str, *, with_code: bool = False
) -> None:
    kind, method, path = moment
    more = {"seconds": 60} if kind == "timeout" else {}
    child = stage.child()
    if with_code:
        said += f" code {code_on(stage.as_('ana').asks(said))}"
    stuck = stage.control.fault(kind, method=method, path=path, count=1, **more)
    stage.as_("ana").tells(said)
    stage.eventually(lambda: stage.control.fired(stuck) == 1)
    child.kill()
    run_out(stage.settings["SPACEKEEPER_DATABASE_URL"])
    stage.control.clear_faults()
    stage.start()


@pytest.mark.parametrize("moment", MOMENTS, ids=" ".join)
def test_a_block_is_finished_and_answered_once(stage: Chat, moment: tuple[str, str, str]) -> None:
    room = company(stage)
    die_and_come_back(stage, moment, 'block "Q3 plans" now')
    stage.as_("ana").waits_for("It is blocked")
    blocked_once(stage, room)
    answers = [m for m in stage.as_("ana").messages() if m["personEmail"] == BOT]
    assert len(answers) == 1


@pytest.mark.parametrize("moment", MOMENTS[1:2], ids=" ".join)
def test_a_deletion_that_was_asked_for_goes_on_and_is_asked_for_once(
    stage: Chat, moment: tuple[str, str, str]
) -> None:
    room = company(stage)
    die_and_come_back(stage, moment, 'delete "Q3 plans"', with_code=True)
    assert "will be deleted" in stage.as_("ana").waits_for("will be deleted").text
    blocked_once(stage, room)
    stage.as_("ben").waits_for("will be deleted")
    told = [m for m in stage.as_("ben").messages() if m["personEmail"] == BOT]
    assert len(told) == 1
