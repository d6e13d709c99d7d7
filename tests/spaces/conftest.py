from tests.databases import clock, sqlite_store, sqlite_template  # noqa: F401
from tests.sandboxes import control, sandbox, sandbox_server, webex  # noqa: F401
from tests.spaces.inventories import build_company, company  # noqa: F401
