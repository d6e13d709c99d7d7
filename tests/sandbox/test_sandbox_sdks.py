"""Unmodified SDKs against the sandbox: what Webex lets them do, and what it refuses."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.base import add_space
from sandbox.handle import Handle

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import webexpythonsdk
    import webexteamssdk

CARD = {
    "contentType": "application/vnd.microsoft.card.adaptive",
    "content": {
        "type": "AdaptiveCard", "version": "1.3",
        "body": [{"type": "TextBlock", "text": "Keep it?"}],
        "actions": [{"type": "Action.Submit", "title": "Keep", "data": {"days": 30}}],
    },
}  # fmt: skip
Sdk = Callable[[str], Any]


@pytest.fixture(params=["webexpythonsdk", "webexteamssdk"])
def sdk(
    request: pytest.FixtureRequest, handle: Handle, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sdk]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", handle.ready["ca"])
    kind = {
        "webexpythonsdk": webexpythonsdk.WebexAPI, "webexteamssdk": webexteamssdk.WebexTeamsAPI,
    }[request.param]  # fmt: skip
    made: list[Any] = []

    def caller(name: str) -> Any:
        tokens = handle.ready["tokens"]
        token = tokens.get(name) or tokens[f"{name}@example.com"]
        made.append(kind(access_token=token, base_url=handle.ready["rest"]))
        return made[-1]

    yield caller
    for one in made:
        one._session._req_session.close()


def refused(status: int) -> Any:
    return pytest.raises(
        (webexpythonsdk.ApiError, webexteamssdk.ApiError), match=rf"\[{status}\]"
    )  # fmt: skip


def test_rooms_are_made_listed_read_renamed_and_deleted(sdk: Sdk) -> None:
    ana, ben = sdk("ana"), sdk("ben")
    room = ana.rooms.create("Plans", isLocked=True) if _locks(ana) else ana.rooms.create("Plans")
    assert [r.id for r in ana.rooms.list()] == [room.id]
    assert ana.rooms.update(room.id, title="Better plans").title == "Better plans"
    with refused(404):
        ben.rooms.get(room.id)
    me = next(iter(ana.memberships.list(roomId=room.id)))
    ana.memberships.update(me.id, isModerator=True)
    ana.rooms.delete(room.id)
    with refused(404):
        ana.rooms.get(room.id)


def _locks(api: Any) -> bool:
    return isinstance(api, webexpythonsdk.WebexAPI)


def test_memberships_are_made_listed_changed_and_deleted(sdk: Sdk) -> None:
    ana = sdk("ana")
    room = ana.rooms.create("Plans")
    ben = ana.memberships.create(room.id, personEmail="ben@example.com")
    with refused(409):
        ana.memberships.create(room.id, personEmail="ben@example.com")
    assert {m.personEmail for m in ana.memberships.list(roomId=room.id)} == {
        "ana@example.com", "ben@example.com",
    }  # fmt: skip
    assert ana.memberships.update(ben.id, isModerator=True).isModerator
    assert ana.memberships.get(ben.id).isModerator
    ana.memberships.delete(ben.id)
    with refused(404):
        sdk("ben").rooms.get(room.id)


def test_messages_are_sent_listed_edited_and_deleted(sdk: Sdk) -> None:
    ana, ben = sdk("ana"), sdk("ben")
    room = ana.rooms.create("Plans")
    ana.memberships.create(room.id, personEmail="ben@example.com")
    first = ana.messages.create(room.id, markdown="Hello <@personEmail:ben@example.com|Ben>")
    assert first.text == "Hello Ben"
    assert len(first.mentionedPeople) == 1
    reply = ben.messages.create(room.id, text="Yes?", parentId=first.id)
    assert reply.parentId == first.id
    assert [m.id for m in ana.messages.list(room.id)] == [reply.id, first.id]
    with refused(403):
        ben.messages.delete(first.id)
    ana.messages.delete(first.id)
    with refused(404):
        ben.messages.get(first.id)
    direct = ana.messages.create(toPersonEmail="ben@example.com", text="Just you")
    assert direct.roomType == "direct"
    assert [m.text for m in ben.messages.list_direct(personEmail="ana@example.com")] == ["Just you"]


def test_many_messages_come_page_by_page(sdk: Sdk) -> None:
    ana = sdk("ana")
    room = ana.rooms.create("Plans")
    for n in range(7):
        ana.messages.create(room.id, text=str(n))
    assert [m.text for m in ana.messages.list(room.id, max=3)] == list("6543210")


def test_a_card_is_sent_and_pressed(sdk: Sdk) -> None:
    ana, bot = sdk("ana"), sdk("bot")
    sent = bot.messages.create(toPersonEmail="ana@example.com", text="Keep?", attachments=[CARD])
    pressed = ana.attachment_actions.create("submit", sent.id, {"days": "30"})
    assert bot.attachment_actions.get(pressed.id).inputs["days"] == "30"
    with refused(400):
        bot.attachment_actions.create("submit", sent.id, {})


def test_teams_and_their_members_are_made_listed_changed_and_deleted(sdk: Sdk) -> None:
    ana, ben = sdk("ana"), sdk("ben")
    team = ana.teams.create("Finance")
    member = ana.team_memberships.create(team.id, personEmail="ben@example.com")
    assert [t.id for t in ben.teams.list()] == [team.id]
    assert ana.team_memberships.update(member.id, isModerator=True).isModerator
    assert ana.teams.update(team.id, name="Money").name == "Money"
    assert len(list(ana.team_memberships.list(team.id))) == 2
    ana.team_memberships.delete(member.id)
    assert list(ben.teams.list()) == []
    with refused(404):
        ben.teams.get(team.id)
    ana.teams.delete(team.id)
    assert list(ana.teams.list()) == []


def test_webhooks_are_made_listed_changed_and_deleted(sdk: Sdk) -> None:
    bot, ana = sdk("bot"), sdk("ana")
    hook = bot.webhooks.create("w", "http://127.0.0.1:9/x", "messages", "created", secret="s")
    assert [h.id for h in bot.webhooks.list()] == [hook.id]
    assert bot.webhooks.update(hook.id, name="n", targetUrl="http://127.0.0.1:9/y").name == "n"
    with refused(404):
        ana.webhooks.get(hook.id)
    bot.webhooks.delete(hook.id)
    assert list(bot.webhooks.list()) == []


def test_people_are_managed_by_an_administrator_only(sdk: Sdk) -> None:
    admin, ana = sdk("admin"), sdk("ana")
    made = admin.people.create(["zoe@example.com"], displayName="Zoe Adler")
    assert "zoe@example.com" in [p.emails[0] for p in admin.people.list()]
    assert admin.people.update(made.id, displayName="Zoe A.").displayName == "Zoe A."
    with refused(403):
        ana.people.create(["yan@example.com"], displayName="Yan")
    with refused(400):
        list(ana.people.list())
    assert [p.emails[0] for p in ana.people.list(email="zoe@example.com")] == ["zoe@example.com"]
    admin.people.delete(made.id)
    assert list(admin.people.list(email="zoe@example.com")) == []


def test_events_are_for_the_officer(sdk: Sdk) -> None:
    ana = sdk("ana")
    room = ana.rooms.create("Plans")
    found = [e for e in sdk("co").events.list(resource="memberships") if e.data.roomId == room.id]
    assert [e.type for e in found] == ["created"]
    with refused(403):
        list(ana.events.list())


def test_nobody_gets_in_without_a_token(handle: Handle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", handle.ready["ca"])
    api = webexpythonsdk.WebexAPI(access_token="x", base_url=handle.ready["rest"])
    with refused(401):
        api.people.me()
    api._session._req_session.close()


def test_a_file_is_sent_from_the_disk_and_by_address(sdk: Sdk, tmp_path: Path) -> None:
    ana = sdk("ana")
    room = ana.rooms.create("Plans")
    file = tmp_path / "plan.txt"
    file.write_text("the plan")
    sent = ana.messages.create(room.id, text="Look", files=[str(file)])
    assert (sent.text, len(sent.files)) == ("Look", 1)
    answer = ana._session._req_session.get(sent.files[0], timeout=5)
    assert answer.text == "the plan"
    linked = ana.messages.create(room.id, files=["https://example.com/a.png"])
    assert len(linked.files) == 1


def test_an_edit_is_refused_after_ten(sdk: Sdk) -> None:
    """By the request itself, since webexteamssdk knows no edits."""
    ana = sdk("ana")
    room = ana.rooms.create("Plans")
    said = ana.messages.create(room.id, text="0")

    def edit(text: str) -> Any:
        path, body = f"messages/{said.id}", {"roomId": room.id, "text": text}
        return ana._session.put(path, json=body)

    for n in range(1, 11):
        assert edit(str(n))["text"] == str(n)
    with refused(400):
        edit("11")


def test_lists_are_followed_over_empty_pages(sdk: Sdk, handle: Handle) -> None:
    def make() -> None:
        for n in range(9):
            by = "eve@partner.example" if n % 3 else "ana@example.com"
            add_space(
                handle.world, title=str(n), creator=by, members=["ana@example.com"], moderators=[]
            )

    handle.do(make)
    assert len(list(sdk("ana").rooms.list(max=2))) == 9
    found = list(sdk("co").memberships.list(personEmail="ana@example.com", max=2))
    assert len(found) == 3


def test_the_officer_is_refused_what_webex_refuses(sdk: Sdk) -> None:
    ana, co = sdk("ana"), sdk("co")
    room = ana.rooms.create("Plans")
    with refused(403):
        co.rooms.update(room.id, title="Mine")
    with refused(403):
        co.rooms.delete(room.id)
    said = ana.messages.create(room.id, text="x")
    co.messages.delete(said.id)
    with refused(410):
        co.messages.delete(said.id)
    assert co.messages.get(said.id).text == "x"


def test_a_bot_must_ask_for_its_mentions(sdk: Sdk) -> None:
    ana, bot = sdk("ana"), sdk("bot")
    room = ana.rooms.create("Plans")
    ana.memberships.create(room.id, personEmail="spacekeeper@webex.bot")
    with refused(403):
        list(bot.messages.list(room.id))
    assert list(bot.messages.list(room.id, mentionedPeople="me")) == []
