from tests.databases import (  # noqa: F401
    clock,
    database_url,
    postgres_url,
    sqlite_store,
    sqlite_template,
    store,
)
from tests.nights import world, world_on_postgres  # noqa: F401
from tests.retention.officers import cleo, dora, emil, house, watch  # noqa: F401
from tests.retention.stage import stage  # noqa: F401
from tests.sandboxes import control, sandbox, sandbox_server, webex  # noqa: F401
