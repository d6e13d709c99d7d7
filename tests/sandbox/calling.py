"""Somebody with a token, each of whose answers is held against Webex's OpenAPI where it is at
hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.sandbox import openapi


@dataclass(slots=True)
class Caller:
    """Somebody with a token. Every answer must be one that the OpenAPI allows."""

    rest: str
    ca: str
    token: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.session.verify = self.ca
        self.session.headers["Authorization"] = f"Bearer {self.token}"

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        url = path if path.startswith("https://") else self.rest.rstrip("/") + path
        answer = self.session.request(method, url, timeout=20, **more)
        plain = "/" + url.removeprefix(self.rest).split("?")[0]
        if openapi.at_hand() and not plain.startswith(("/contents", "/access_token")):
            is_json = answer.content and "json" in answer.headers["Content-Type"]
            body = answer.json() if is_json else None
            assert not (wrong := openapi.faults(method, plain, answer.status_code, body)), wrong
        return answer

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.call("GET", path, params=query)

    def post(self, path: str, **body: Any) -> requests.Response:
        return self.call("POST", path, json=body)

    def put(self, path: str, **body: Any) -> requests.Response:
        return self.call("PUT", path, json=body)

    def delete(self, path: str) -> requests.Response:
        return self.call("DELETE", path)

    def made(self, path: str, **body: Any) -> dict[str, Any]:
        """What a POST made. Fails where it is refused."""
        answer = self.post(path, **body)
        assert answer.ok, answer.text
        return dict(answer.json())

    def me(self) -> dict[str, Any]:
        return dict(self.get("/people/me").json())

    def all(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every page."""
        answer = self.get(path, **query)
        found: list[dict[str, Any]] = []
        while True:
            assert answer.ok, answer.text
            found += answer.json()["items"]
            if "next" not in answer.links:
                return found
            answer = self.call("GET", answer.links["next"]["url"])


As = Callable[[str], Caller]
