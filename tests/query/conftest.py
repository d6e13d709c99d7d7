from tests.databases import (  # noqa: F401
    clock,
    database_url,
    postgres_url,
    sqlite_store,
    sqlite_template,
    store,
)
