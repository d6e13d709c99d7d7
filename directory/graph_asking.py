"""Questions to Microsoft Graph, with a token that goes to Graph's own host and nowhere else.

The one door of msal. Decides paging, waiting and what counts as no answer. Requests go by our
own session: nothing of the environment, no redirect, and only to the two hosts of the settings.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests

from directory.spec import DirectoryFault

SET = "SPACEKEEPER_GRAPH_"
AGAIN = frozenset({429, 500, 502, 503, 504})
TRIES = 6
_CODE = re.compile(r"AADSTS\d+")
RIGHTS = "Give the application GroupMember.Read.All and User.Read.All, with an admin's consent."
NETWORK = f"Look at the network, at {SET}LOGIN_URL, {SET}URL and {SET}CA_FILE."


class Gone(Exception):
    """What was asked about is not there any more."""


class Place(Protocol):
    @property
    def tenant(self) -> str: ...
    @property
    def client_id(self) -> str: ...
    @property
    def secret(self) -> str: ...
    @property
    def certificate(self) -> Path | None: ...
    @property
    def login(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def ca(self) -> Path | None: ...
    @property
    def seconds(self) -> float: ...
    @property
    def patience(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """All pages together. `count` is Graph's own, where it gave one."""

    items: list[Mapping[str, Any]]
    count: int | None


class _Session(requests.Session):
    """Goes to one host alone, whoever uses it, msal too."""

    def __init__(self, host: tuple[str, int], place: Place) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = str(place.ca) if place.ca else True
        self._host, self._seconds = host, place.seconds

    def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
        if origin(str(url)) != self._host:
            raise requests.exceptions.InvalidURL("not to this host")
        more = {"timeout": (10, self._seconds), **more, "allow_redirects": False}
        return super().request(method, url, *args, **more)


class Asking:
    def __init__(
        self, name: str, place: Place, *, sleep: Callable[[float], None] | None = None
    ) -> None:
        self._name, self._place = name, place
        self._sleep = sleep or time.sleep
        self._url = place.url.rstrip("/") + "/"
        self._graph = _Session(origin(self._url), place)
        self._login = _Session(origin(place.login), place)
        self._app: Any = None

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_: object) -> None:
        self._graph.close()
        self._login.close()

    def all(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Raises Gone, and DirectoryFault when any page can't be had."""
        items: list[Mapping[str, Any]] = []
        count: int | None = None
        for page in self._pages(self._url + path, query, headers):
            some = page.get("value")
            if not isinstance(some, list) or not all(isinstance(one, dict) for one in some):
                raise self._fault("gave an answer that makes no sense")
            items += some
            if isinstance(found := page.get("@odata.count"), int) and count is None:
                count = found
        return Answer(items=items, count=count)

    def text(self, given: Mapping[str, Any], name: str) -> str:
        if not isinstance(value := given.get(name), str) or not value:
            raise self._fault(f"gave something without its {name}")
        return value

    def _pages(
        self, url: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> Iterator[Mapping[str, Any]]:
        been: set[str] = set()
        asked: Mapping[str, str] | None = query
        while url:
            page = self._get(url, asked, headers)
            yield page
            been.add(url)
            url, asked = str(page.get("@odata.nextLink") or ""), None
            if url in been:
                raise self._fault("goes round in circles from page to page")
            if url and not (origin(url) == origin(self._url) and _is_below(url, self._url)):
                raise self._fault("names another server for its next page, and is not followed")

    def _get(
        self, url: str, query: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> Mapping[str, Any]:
        waited, is_renewed = 0.0, False
        why = "does not answer"
        for attempt in range(TRIES):
            try:
                answer = self._graph.get(
                    url, params=query,
                    headers={**headers, "Authorization": f"Bearer {self._token(is_renewed)}"},
                )  # fmt: skip
            except requests.RequestException as no:
                if _is_hopeless(no):
                    raise self._fault(_network(no), NETWORK) from None
                wait, why = float(2**attempt), _network(no)
            else:
                if answer.status_code == 401 and not is_renewed:
                    is_renewed = True
                    continue
                if answer.status_code not in AGAIN:
                    return self._read(answer)
                wait = _asked_to_wait(answer, attempt)
                why = f"is too busy (status {answer.status_code})"
            if waited + wait > self._place.patience:
                break
            if attempt < TRIES - 1:
                self._sleep(wait)
                waited += wait
        raise self._fault(why, "It is tried again at the next reading.")

    def _read(self, answer: requests.Response) -> Mapping[str, Any]:
        if answer.status_code == 404:
            raise Gone
        if answer.status_code == 401:
            raise self._fault("does not take the token that it was given", RIGHTS)
        if answer.status_code == 403:
            raise self._fault("does not let this application read groups and their members", RIGHTS)
        if answer.status_code == 400:
            raise self._fault("can't read the question", f"Look at {SET}FILTER.")
        if answer.status_code != 200:
            raise self._fault(f"answers with status {answer.status_code}", NETWORK)
        try:
            body = answer.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise self._fault("gave an answer that is no JSON", NETWORK)
        return body

    # -- the token --------------------------------------------------------------------------

    def _token(self, is_renewed: bool) -> str:
        try:
            if self._app is None or is_renewed:
                self._app = self._application()
            where = urlsplit(self._url)
            given = self._app.acquire_token_for_client(
                [f"{where.scheme}://{where.netloc}/.default"]
            )
        except requests.RequestException as no:
            raise self._fault(f"has no token: the login {_network(no)}", NETWORK) from None
        except (ValueError, KeyError):
            raise self._fault(
                "has no token: there is no such tenant, or the login makes no sense",
                f"Look at {SET}TENANT and {SET}CLOUD.",
            ) from None
        token = given.get("access_token")
        if isinstance(token, str) and token:
            return token
        code = _CODE.search(str(given.get("error_description") or ""))
        raise self._fault(
            f"has no token: the login refuses the application ({code.group() if code else 'no'}"
            f" {given.get('error') if str(given.get('error')).isidentifier() else 'reason'})",
            f"Look at {SET}CLIENT_ID, and whether {SET}CERTIFICATE or {SET}CLIENT_SECRET has"
            " expired.",
        )

    def _application(self) -> Any:
        import msal

        return msal.ConfidentialClientApplication(
            self._place.client_id, client_credential=self._credential(),
            authority=f"{self._place.login.rstrip('/')}/{self._place.tenant}",
            http_client=self._login, instance_discovery=False,
        )  # fmt: skip

    def _credential(self) -> Any:
        if self._place.certificate is None:
            return self._place.secret
        try:
            pem = self._place.certificate.read_text()
        except (OSError, UnicodeError):
            pem = ""
        if "PRIVATE KEY" not in pem or "BEGIN CERTIFICATE" not in pem:
            raise self._fault(
                "was not asked: there is no certificate with its key in the file",
                f"Look at {SET}CERTIFICATE.",
            )
        return {"private_key": pem, "public_certificate": pem}

    def _fault(self, said: str, to_do: str = "") -> DirectoryFault:
        return DirectoryFault(f"{self._name} {said}", to_do or "Look again later.")


def origin(url: str) -> tuple[str, int]:
    """The host and the port of an https address; nothing where it is none."""
    try:
        where = urlsplit(url)
        port = where.port or 443
    except ValueError:
        return "", 0
    if where.scheme != "https" or not where.hostname or where.username is not None:
        return "", 0
    return where.hostname.lower(), port


def _is_below(url: str, base: str) -> bool:
    path = urlsplit(url).path
    return path.startswith(urlsplit(base).path) and "/../" not in path and "\\" not in url


def _asked_to_wait(answer: requests.Response, attempt: int) -> float:
    said = answer.headers.get("Retry-After", "").strip()
    return float(said) if said.isdecimal() and len(said) < 9 else float(2**attempt)


def _is_hopeless(no: requests.RequestException) -> bool:
    return isinstance(no, requests.exceptions.SSLError | requests.exceptions.InvalidURL)


def _network(no: requests.RequestException) -> str:
    if isinstance(no, requests.exceptions.SSLError):
        return "shows a certificate that nobody here vouches for, or of another name"
    if isinstance(no, requests.exceptions.InvalidURL):
        return "names another server, and is not followed"
    if isinstance(no, requests.exceptions.Timeout):
        return "does not answer in time"
    return "can't be reached"
