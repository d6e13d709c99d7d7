"""The integration of the officer: a refresh token that gives access tokens (3.5)."""

from __future__ import annotations

import secrets
from typing import Any

from sandbox.base import OFFICER
from sandbox.errors import No
from sandbox.world import World

ACCESS_DAYS, REFRESH_DAYS = 14, 90


class OAuth:
    def __init__(self, world: World) -> None:
        self._world = world
        self.client_id = "C" + secrets.token_hex(16)
        self.client_secret = secrets.token_hex(16)
        self.refresh_token = secrets.token_urlsafe(32)

    def furnish(self) -> None:
        officer = self._world.person_by_email(OFFICER)
        assert officer is not None  # noqa: S101
        self._world.db.execute(
            "INSERT OR REPLACE INTO token VALUES (?, ?, 'refresh', ?)",
            (self.refresh_token, officer["key"], self._end(REFRESH_DAYS)),
        )

    def _end(self, days: int) -> int:
        return self._world.clock.now_ms() + days * 24 * 3600 * 1000

    def ready(self) -> dict[str, str]:
        return {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
        }

    def refresh(self, form: dict[str, Any]) -> dict[str, Any]:
        """A new access token for a refresh token. Raises No."""
        world = self._world
        row = world.one(
            "SELECT * FROM token WHERE token = ? AND kind = 'refresh'",
            str(form.get("refresh_token")),
        )
        if (
            form.get("grant_type") != "refresh_token"
            or form.get("client_id") != self.client_id
            or form.get("client_secret") != self.client_secret
            or row is None
            or row["expires"] <= world.clock.now_ms()
            or not world.person(row["person"])["login"]  # it dies with its person
        ):
            raise No(400, "Invalid grant, client or refresh token.")
        token, day = secrets.token_urlsafe(32), 24 * 3600
        world.db.execute(
            "INSERT INTO token VALUES (?, ?, 'access', ?)",
            (token, row["person"], self._end(ACCESS_DAYS)),
        )
        world.db.execute(  # using it keeps it alive
            "UPDATE token SET expires = ? WHERE token = ?",
            (self._end(REFRESH_DAYS), self.refresh_token),
        )
        return {
            "access_token": token, "expires_in": ACCESS_DAYS * day, "token_type": "Bearer",
            "refresh_token": self.refresh_token,
            "refresh_token_expires_in": REFRESH_DAYS * day,
        }  # fmt: skip
