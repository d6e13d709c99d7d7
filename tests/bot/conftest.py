from tests.chats import chat  # noqa: F401
from tests.sandboxes import control, sandbox, sandbox_server  # noqa: F401
