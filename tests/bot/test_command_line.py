"""What an operator is told when the database is not there: a sentence, and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app


@pytest.mark.parametrize("command", [["release"], ["audit", "verify"]])
def test_a_database_that_can_not_be_used_is_told(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACEKEEPER_BOT_TOKEN", "a token")
    monkeypatch.setenv("SPACEKEEPER_DATABASE_URL", f"sqlite:///{tmp_path}")  # a folder is no file
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 1
    assert "The database can't be used: " in told.output
    assert "spacekeeper check" in told.output
