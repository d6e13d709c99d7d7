"""One sandbox a worker, back at its beginning before each test; callers whose every answer is
held against Webex's OpenAPI, where that is at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from sandbox.handle import Control, Handle, start
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


@pytest.fixture(scope="session")
def running() -> Iterator[Handle]:
    with start() as handle:
        yield handle


@pytest.fixture
def handle(running: Handle) -> Handle:
    running.do(running.sandbox.reset)
    return running


@pytest.fixture
def control(handle: Handle) -> Iterator[Control]:
    client = Control(handle.ready)
    yield client
    client.close()


@pytest.fixture
def as_(handle: Handle) -> Iterator[As]:
    """`as_("ana")`: a caller with that person's token; also bot, co, co2, admin."""
    made: dict[str, Caller] = {}

    def caller(name: str) -> Caller:
        tokens = handle.ready["tokens"]
        token = tokens.get(name) or tokens.get(f"{name}@example.com")
        if token is None:
            token = handle.do(lambda: _token(handle, name))
        if name not in made:
            made[name] = Caller(handle.ready["rest"], handle.ready["ca"], token)
        return made[name]

    yield caller
    for one in made.values():
        one.session.close()


def _token(handle: Handle, email: str) -> str:
    row = handle.world.person_by_email(email)
    assert row is not None, email
    return handle.world.token_for(row)
