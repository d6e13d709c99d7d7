"""kill -9 in the midst of something: after the restart it is done once, and said once."""

from __future__ import annotations

import pytest

from sandbox.showing import inputs_of
from tests.chats import BOT, Chat
from tests.children import run_out

GROUP = "group"


@pytest.mark.parametrize(
    ("fault", "method", "path"),
    [
        ("hang-after", "POST", "/rooms"),
        ("hang-after", "POST", "/memberships"),
        ("hang-after", "POST", "/messages"),
        ("timeout", "POST", "/rooms"),
    ],
)
def test_a_space_is_created_once_and_answered_once(
    stage: Chat, fault: str, method: str, path: str
) -> None:
    """Webex did it and never answered, or was about to; the process dies; another begins."""
    child = stage.child()
    more = {"seconds": 60} if fault == "timeout" else {}
    stuck = stage.control.fault(fault, method=method, path=path, who=BOT, count=1, **more)
    ana = stage.as_("ana")
    ana.tells('create space "Q3 plans"')
    stage.eventually(lambda: stage.control.fired(stuck) == 1)
    child.kill()
    run_out(stage.settings["SPACEKEEPER_DATABASE_URL"])
    stage.control.clear_faults()
    stage.child()
    ana.waits_for("The space is there")
    stage.as_("ben").says("help")
    rooms = [e for e in stage.control.effects("room.created") if e["object"]["type"] == GROUP]
    assert [e["object"]["title"] for e in rooms] == ["Q3 plans"]
    members = [
        e["person"] for e in stage.control.effects("membership.created")
        if e["room"] == rooms[0]["target"]
    ]  # fmt: skip
    assert sorted(members) == ["ana@example.com", BOT]
    answers = [m for m in ana.messages() if m["personEmail"] == BOT]
    assert len(answers) == 1


def test_a_press_that_was_under_way_is_finished_and_counts_once(stage: Chat) -> None:
    child = stage.child()
    ana = stage.as_("ana")
    form = ana.asks("create space")
    stuck = stage.control.fault("hang-after", method="POST", path="/rooms", count=1)
    since = stage.seq()
    ana.submits(form, inputs_of(form, "Send", {"title": "Q3 plans"}))
    stage.eventually(lambda: stage.control.fired(stuck) == 1)
    child.kill()
    run_out(stage.settings["SPACEKEEPER_DATABASE_URL"])
    stage.child()
    assert "The space is there" in stage.answer_to(ana.email, form["roomId"], since).text
    assert "already" in ana.presses(form, "Send", title="Another").text
    rooms = [e for e in stage.control.effects("room.created") if e["object"]["type"] == GROUP]
    assert [e["object"]["title"] for e in rooms] == ["Q3 plans"]
