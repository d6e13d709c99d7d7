"""The ground: every table, the titles' search index, and the rows that say "none".

The tables are those of `storage.schema` as of this revision; a later change to them is a
migration of its own, and a test compares the two.
"""

from __future__ import annotations

from alembic import op

from storage.migrations.titles import index_titles
from storage.schema import NONE, classification, metadata, team

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    metadata.create_all(connection)
    index_titles(connection)
    connection.execute(classification.insert().values(id=NONE, webex_id="", title="none", rank=-1))
    connection.execute(team.insert().values(id=NONE, webex_id="", name=""))
