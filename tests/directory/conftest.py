from tests.sandboxes import control, sandbox, sandbox_server, webex  # noqa: F401
