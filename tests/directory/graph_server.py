"""Microsoft's login and Graph on this machine, over TLS, in the shapes of their documentation.

Two servers of one certificate authority: the login (openid discovery, client credentials by
secret or by a signed assertion that is verified) and Graph (`/groups`, `transitiveMembers` with
the cast to users, pages by `@odata.nextLink`, `@odata.count`). Both write down what they are
asked; `fault` makes the next answers to a path go wrong, and counts how often it did.
"""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_pem_x509_certificate

TENANT, CLIENT, SECRET = "contoso.example", "6b1c9c7e-app", "Gr4ph-S3cret~value"


@dataclass(slots=True)
class Fault:
    path: str
    answer: Callable[[Any], None]
    times: int
    fired: int = 0


@dataclass(slots=True)
class Cloud:
    """What there is, and what was asked."""

    home: Path
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    page: int = 100
    tokens: set[str] = field(default_factory=set)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """(server, path with query, authorization)"""
    faults: list[Fault] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)

    def url(self, server: str) -> str:
        return f"https://127.0.0.1:{self.ports[server]}"

    def group(self, id: str, name: str, users: list[dict[str, Any]], **more: Any) -> None:
        self.groups[id] = {"id": id, "displayName": name, "visibility": "Private", **more}
        self.members[id] = users

    def fault(self, path: str, answer: Callable[[Any], None], *, times: int = 10**6) -> Fault:
        made = Fault(path, answer, times)
        self.faults.append(made)
        return made


def user(name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"user-{name}", "mail": f"{name}@example.com", "proxyAddresses": [],
        "userPrincipalName": f"{name}@contoso.example", "accountEnabled": True,
    } | more  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    @property
    def cloud(self) -> Cloud:
        return self.server.cloud

    def log_message(self, *_: Any) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # a client that did not like our certificate
            self.close_connection = True

    def answer(self, status: int, body: Any = None, **headers: str) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        self.form = parse_qs(self.rfile.read(size).decode())
        self._answer(self._post)

    def _answer(self, usual: Callable[[], None]) -> None:
        cloud, which = self.cloud, self.server.which
        cloud.asked.append((which, self.path, self.headers.get("Authorization", "")))
        for fault in cloud.faults:
            if re.search(fault.path, self.path) and fault.fired < fault.times:
                fault.fired += 1
                return fault.answer(self)
        return usual()

    def _get(self) -> None:
        path = urlsplit(self.path).path
        if self.server.which == "login":
            if path != f"/{TENANT}/v2.0/.well-known/openid-configuration":
                return self.answer(400, {"error": "invalid_tenant"})
            base = f"{self.cloud.url('login')}/{TENANT}"
            return self.answer(200, {
                "issuer": f"{base}/v2.0", "token_endpoint": f"{base}/oauth2/v2.0/token",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            })  # fmt: skip
        return self._graph(path)

    def _post(self) -> None:
        form = {name: values[0] for name, values in self.form.items()}
        if form.get("client_assertion"):
            good = self._is_signed(form["client_assertion"])
        else:
            good = form.get("client_secret") == SECRET
        scope = form.get("scope", "").endswith("/.default")
        if not good or form.get("client_id") != CLIENT or not scope:
            return self.answer(401, {
                "error": "invalid_client",
                "error_description": "AADSTS7000215: Invalid client secret. Trace ID: 1",
            })  # fmt: skip
        token = f"token-{len(self.cloud.tokens)}"
        self.cloud.tokens.add(token)
        return self.answer(200, {"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    def _is_signed(self, assertion: str) -> bool:
        pem = (self.cloud.home / "app.pem").read_bytes()
        certificate = load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERT") :])
        try:
            jwt.decode(
                assertion, certificate.public_key(), algorithms=["PS256", "RS256"],
                audience=f"{self.cloud.url('login')}/{TENANT}/oauth2/v2.0/token",
            )  # fmt: skip
        except jwt.InvalidTokenError:
            return False
        return True

    def _graph(self, path: str) -> None:
        cloud = self.cloud
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in cloud.tokens:
            return self.answer(401, {"error": {"code": "InvalidAuthenticationToken"}})
        is_advanced = "$filter" in query or "transitiveMembers" in path
        if is_advanced and (
            query.get("$count") != "true" or self.headers.get("ConsistencyLevel") != "eventual"
        ):
            return self.answer(400, {"error": {"code": "Request_UnsupportedQuery"}})
        if path == "/v1.0/groups":
            found = list(cloud.groups.values())
            if named := re.search(r"displayName eq '((?:[^']|'')*)'$", query.get("$filter", "")):
                name = named.group(1).replace("''", "'").casefold()
                found = [one for one in found if one["displayName"].casefold() == name]
            return self._paged(path, query, found)
        at = re.fullmatch(r"/v1\.0/groups/([^/]+)/transitiveMembers/microsoft\.graph\.user", path)
        if at is None or at.group(1) not in cloud.groups:
            return self.answer(404, {"error": {"code": "Request_ResourceNotFound"}})
        return self._paged(path, query, cloud.members[at.group(1)])

    def _paged(self, path: str, query: dict[str, str], found: list[dict[str, Any]]) -> None:
        start = int(query.get("$skiptoken", "0"))
        size = min(self.cloud.page, int(query.get("$top", "100")))
        wanted = query["$select"].split(",")
        some = [{name: one.get(name) for name in wanted} for one in found[start : start + size]]
        body: dict[str, Any] = {"@odata.context": "…", "value": some}
        if query.get("$count") == "true" and not start:
            body["@odata.count"] = len(found)
        if start + size < len(found):
            more = urlencode({**query, "$skiptoken": str(start + size)})
            body["@odata.nextLink"] = f"{self.cloud.url('graph')}{path}?{more}"
        self.answer(200, body)


@contextmanager
def microsoft(home: Path) -> Iterator[Cloud]:
    home.mkdir(parents=True, exist_ok=True)
    ca = trustme.CA()
    ca.cert_pem.write_to_path(home / "ca.pem")
    trustme.CA().cert_pem.write_to_path(home / "other-ca.pem")
    app = trustme.CA(key_type=trustme.KeyType.RSA).issue_cert("app", key_type=trustme.KeyType.RSA)
    (home / "app.pem").write_bytes(app.private_key_pem.bytes() + app.cert_chain_pems[0].bytes())
    key = serialization.load_pem_private_key(app.private_key_pem.bytes(), None)
    assert key is not None
    cloud = Cloud(home=home)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    servers = []
    for which in ("login", "graph", "elsewhere"):
        server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.cloud, server.which = cloud, which
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        cloud.ports[which] = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
    try:
        yield cloud
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
