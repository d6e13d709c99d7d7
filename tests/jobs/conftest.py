"""A company with the engine on it, for jobs that need one."""

from tests.nights import world  # noqa: F401
