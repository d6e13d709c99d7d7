"""Where an identity's access token comes from: fixed, or refreshed by OAuth (webex-facts 3.5).

Nothing here shows a token in a repr, a log or an error.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol


class TokenSource(Protocol):
    def token(self) -> str: ...
    def renew(self, stale: str) -> bool:
        """Gets another token in place of `stale`; False when there is none to be had."""
        ...


class FixedToken:
    """A bot's token, which practically never expires, or one for tests."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        return self._token

    def renew(self, stale: str) -> bool:
        return False


class RefreshingToken:
    """An integration's token. One thread at a time refreshes; the others use what it got.

    `exchange` turns a refresh token into (access token, refresh token), or None when Webex
    refused; `on_renewed` keeps both, encrypted.
    """

    def __init__(
        self, *, access: str, refresh: str,
        exchange: Callable[[str], tuple[str, str] | None],
        on_renewed: Callable[[str, str], None] = lambda access, refresh: None,
    ) -> None:  # fmt: skip
        self._access = access
        self._refresh = refresh
        self._exchange = exchange
        self._on_renewed = on_renewed
        self._lock = threading.Lock()

    def token(self) -> str:
        if not self._access:
            self.renew("")
        return self._access

    def renew(self, stale: str) -> bool:
        with self._lock:
            if self._access != stale:
                return True  # another thread was here meanwhile
            made = self._exchange(self._refresh)
            if made is None:
                return False
            self._access, self._refresh = made
            self._on_renewed(*made)
            return True
