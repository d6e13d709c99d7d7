"""Certificates looked up by compliance: what was deleted in truth, on paper and as sealed."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from bot.cli import app
from cards.paper import certificate_paper
from storage.schema import certificate
from tests.cards.test_card_kit import HOSTILE
from tests.chats import Chat, eventually
from tests.commands.ending import asks, bot_settings, company, deleted, hours, run  # noqa: F401
from webex.gateway import Lane


def test_a_certificate_is_listed_shown_and_sent_as_it_was_sealed(chat: Chat) -> None:
    company(chat, "**Q3** plans")
    run(chat)
    asks(chat.as_("ana"), "**Q3** plans")
    hours(chat, 25)
    assert deleted(chat) == ["**Q3** plans"]
    cleo = chat.as_("cleo")
    listed = cleo.asks("certificates")
    assert "Certificates 1–1 of 1" in listed.text
    assert "**Q3** plans · SK-2026-000001" in listed.text
    shown = cleo.presses(listed, "Open SK-2026-000001")
    assert "Came of: ana@example.com asked for it" in shown.text
    assert "Seal: whole" in shown.text
    eventually(lambda: len([m for m in cleo.messages() if m.get("files")]) == 2)
    bot = chat.process.house.webex.bot(Lane.CHAT)
    files = {
        file.name: file.content
        for message in cleo.messages()
        for url in message.get("files", ())
        for file in [bot.content(url, most=1_000_000)]
    }
    assert set(files) == {"SK-2026-000001.pdf", "SK-2026-000001.json"}
    assert files["SK-2026-000001.pdf"].startswith(b"%PDF-")
    sealed = files["SK-2026-000001.json"]
    assert hashlib.sha256(sealed).hexdigest() in shown.text
    assert json.loads(sealed)["space"]["title"] == "**Q3** plans"
    assert "is for compliance" in chat.as_("ben").says("certificates")
    assert "is for compliance" in chat.as_("ben").says("certificate SK-2026-000001")
    assert "no certificate of that number" in cleo.says("certificate SK-2026-999999")


def test_one_that_was_changed_says_so(chat: Chat) -> None:
    company(chat)
    run(chat)
    asks(chat.as_("ana"))
    hours(chat, 25)
    with chat.process.house.store.begin() as tx:
        tx.connection.execute(update(certificate).values(body='{"space": {"title": "Other"}}'))
        tx.commit()
    cleo = chat.as_("cleo")
    assert "changed after it was sealed" in cleo.says("certificates")
    assert "it proves nothing" in cleo.says("certificate SK-2026-000001")


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_people_write_goes_on_paper(title: str) -> None:
    made = certificate_paper(
        "SK-2026-000001", made_at=datetime(2026, 11, 24, tzinfo=UTC), sha256="ab" * 32,
        body={"space": {"title": title, "tags": [title]}, "notices": [{"to": title}] * 200},
        is_whole=False,
    )  # fmt: skip
    assert made.content.startswith(b"%PDF-")
    assert made.content.count(b"/Type /Page\n") > 1


def test_the_record_is_given_away_so_that_anybody_can_seal_it_again(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    company(chat)
    chat.as_("ana").says('tag "Q3 plans" finance')
    for name, value in chat.settings.items():
        monkeypatch.setenv(name, value)
    told = CliRunner().invoke(app, ["audit", "export"])
    assert told.exit_code == 0, told.output
    *rows, last = [json.loads(line) for line in told.stdout.splitlines()]
    assert "space:tag:add" in {row["word"] for row in rows}
    previous = "0" * 64
    for row in rows:
        seal = row.pop("hash")
        assert row["previous"] == previous
        text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == seal
        previous = seal
    assert last == {"whole": True, "rows": len(rows), "head": previous}
    kept = CliRunner().invoke(app, ["audit", "verify", "--head", rows[1]["previous"]])
    assert kept.exit_code == 0
    lost = CliRunner().invoke(app, ["audit", "verify", "--head", "ab" * 32])
    assert lost.exit_code == 1
    assert "was cut or replaced" in lost.output
    assert CliRunner().invoke(app, ["audit", "export", "--since", "yesterday"]).exit_code == 2
