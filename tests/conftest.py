"""Fixtures for every test: the databases, the sandbox, the bot on it."""

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
