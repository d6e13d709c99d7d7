"""Fixtures for every test: the databases, the sandbox, the bot on it."""

import os

import pytest

from tests.chats import bot_database, bot_settings, chat, stage  # noqa: F401
from tests.databases import (  # noqa: F401
    clock,
    database_url,
    postgres_url,
    sqlite_store,
    sqlite_template,
    store,
)
from tests.sandboxes import control, sandbox, sandbox_server, webex  # noqa: F401


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are processors: many a test waits for a bot, a server or a clock."""
    return (os.cpu_count() or 1) + 1
