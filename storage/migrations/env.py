"""Alembic's way in. The connection comes from `storage.migrate`; there is no ini file."""

from __future__ import annotations

from alembic import context

from storage.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=False,
    include_object=lambda thing, name, kind, reflected, other: not (
        reflected and str(name).startswith("space_title")
    ),
)  # fmt: skip
with context.begin_transaction():
    context.run_migrations()
