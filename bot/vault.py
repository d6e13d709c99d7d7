"""Tokens at rest: what Webex gave us in place of old ones, encrypted with a key that the
database never sees.

Decides whether a kept token still belongs to the operator's settings: it descends from the
refresh token that stands there, and is forgotten as soon as that is another. What can't be
read (another key, a broken row) is as if it were not there, and the doctor says so.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken

from storage.health import DatabaseFault
from storage.store import Store

log = logging.getLogger(__name__)


class Unreadable(Exception):
    """Something is kept, and not with this key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    access: str = field(repr=False)
    refresh: str = field(repr=False)


class Vault:
    """Args:
    name: whose tokens, such as "compliance".
    root: the refresh token of the settings, from which the kept ones descend.
    key: a Fernet key, or empty: then nothing is kept.
    """

    def __init__(self, store: Store, *, name: str, root: str, key: str) -> None:
        self._store = store
        self._name = f"token/{name}"
        self._root = hashlib.sha256(root.encode()).hexdigest()
        self._fernet = Fernet(key) if key else None

    @property
    def is_open(self) -> bool:
        """Whether there is a key, without which nothing outlives the process."""
        return self._fernet is not None

    def keep(self, access: str, refresh: str) -> None:
        """Keeps tokens in place of those before. A failure is logged: the process goes on with
        what it has in hand."""
        if self._fernet is None:
            return
        secret = json.dumps({"access": access, "refresh": refresh, "root": self._root})
        try:
            with self._store.begin() as tx:
                tx.settings.put(
                    self._name, self._fernet.encrypt(secret.encode()).decode(), by="spacekeeper"
                )
                tx.commit()
        except Exception as no:
            log.error("a renewed token could not be kept: %s", type(no).__name__)

    def kept(self) -> Tokens | None:
        """What was kept, if it descends from today's settings.

        Raises:
            Unreadable: there is something, and not with this key.
        """
        if self._fernet is None:
            return None
        with self._store.read() as tx:
            sealed = tx.settings.get(self._name)
        if sealed is None:
            return None
        try:
            found = json.loads(self._fernet.decrypt(str(sealed).encode()))
            tokens = Tokens(access=found["access"], refresh=found["refresh"])
        except (InvalidToken, ValueError, KeyError, TypeError):
            raise Unreadable("the kept tokens can't be read with this key") from None
        return tokens if found.get("root") == self._root else None

    def kept_or_none(self) -> Tokens | None:
        """As `kept`; what can't be read is left alone, with a word in the log."""
        try:
            return self.kept()
        except Unreadable as no:
            log.warning("%s; those of the settings are used", no)
        except DatabaseFault as no:
            log.warning("the kept tokens can't be read: %s", type(no).__name__)
        return None


class Sealer:
    """Secrets of watches, encrypted where they are kept. Satisfies `spaces.spec.Seal`."""

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(key)

    def __repr__(self) -> str:
        return "<Sealer>"

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises ValueError: it was sealed with another key."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise ValueError("it was sealed with another key") from None
