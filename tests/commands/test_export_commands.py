"""Exports by chat: of a space for compliance, and of what is to be deleted, before it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jobs.exports import exports
from jobs.spec import Firing
from tests.chats import Chat
from tests.commands.ending import (
    SETTINGS,
    asks,
    company,
    deleted,
    hours,
    key_of,
    request_of,
    run,
    told,
)


@pytest.fixture
def bot_settings(tmp_path: Path) -> dict[str, str]:
    return {**SETTINGS, "EXPORT_FOLDER": str(tmp_path / "exports"), "DELETE_WITHOUT_EXPORT": "no"}


def folder(tmp_path: Path) -> Path:
    (made,) = (tmp_path / "exports").iterdir()
    return made


def test_compliance_exports_a_space(chat: Chat, tmp_path: Path) -> None:
    company(chat)
    assert "Exporting" in chat.as_("cleo").says('export space "Q3 plans"')
    told_of = chat.as_("cleo").waits_for("in the operator's folder").text
    made = folder(tmp_path)
    assert made.name in told_of
    assert json.loads((made / "messages.json").read_text())[0]["text"] == "hello"
    assert "for compliance" in chat.as_("ana").says('export space "Q3 plans"')
    assert "for compliance" in chat.as_("emil").says('export space "Q3 plans"')


def test_what_is_to_be_deleted_is_exported_first_and_not_deleted_before(
    chat: Chat, tmp_path: Path
) -> None:
    room = company(chat)
    run(chat)
    shown = chat.as_("ana").says('delete "Q3 plans"')
    assert "exported for the operator" in shown
    asks(chat.as_("ana"))
    told(chat, room)
    assert "put off" in hours(chat, 26)
    assert deleted(chat) == []
    house = chat.process.house
    firing = Firing(house=house, run="exports", due_at=house.clock.now())
    assert exports(firing)["counts"] == {"exported": 1}
    assert exports(firing)["counts"] == {}
    run(chat)
    assert deleted(chat) == ["Q3 plans"]
    request = request_of(chat, room)
    assert request is not None
    assert request.export == str(folder(tmp_path))
    with house.store.read() as tx:
        made = tx.certificates.of_space(key_of(chat, room))
        stone = tx.tombstones.of_space(key_of(chat, room))
    assert made is not None
    assert made.body["request"]["export"] == request.export  # type: ignore[index]
    assert stone is not None
    assert stone.export == request.export


class TestWithoutAFolder:
    @pytest.fixture
    def bot_settings(self) -> dict[str, str]:
        return {**SETTINGS, "DELETE_WITHOUT_EXPORT": "no"}

    def test_it_is_said_and_nothing_is_deleted(self, chat: Chat) -> None:
        company(chat)
        assert "no folder for exports" in chat.as_("cleo").says('export space "Q3 plans"')
        assert "allows no deletion without one" in chat.as_("ana").says('delete "Q3 plans"')
