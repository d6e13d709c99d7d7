"""What a fault does to a request: before anything is done, or to the answer after it was."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from sandbox.activities import CIPHER
from sandbox.errors import No, tracking_id
from sandbox.faults import Fault

JSON = "application/json;charset=UTF-8"
HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


async def before(fault: Fault, request: web.Request) -> web.Response | None:
    match fault.kind:
        case "429":
            return too_many(fault.retry_after)
        case "5xx" | "status":
            answer = as_json(No(fault.status, "Injected fault.").body(tracking_id()), fault.status)
            if fault.status in (423, 503):  # these may say when to come again (2)
                answer.headers["Retry-After"] = fault.retry_after
            return answer
        case "stale":
            return as_json(No(404, "Not found yet.").body(tracking_id()), 404)
        case "html":
            return web.Response(text=HTML.format("Maintenance"), content_type="text/html")
        case "no-items":
            return as_json({"items": []})
        case "timeout":
            await asyncio.sleep(fault.seconds)
            return as_json(No(504, "Gateway timeout.").body(tracking_id()), 504)
        case "reset":
            _cut(request)
    return None


async def after(fault: Fault, request: web.Request, answer: web.Response) -> web.Response:
    link = answer.headers.get("Link")
    match fault.kind:
        case "5xx-after":
            body = No(fault.status, "Injected fault.").body(tracking_id())
            return as_json(body, fault.status)
        case "timeout-after":
            await asyncio.sleep(fault.seconds)
        case "hang-after":
            await asyncio.sleep(3600)
        case "reset-after":
            _cut(request)
        case "broken-json":
            half = (answer.text or "{")[: max(1, len(answer.text or "{") // 2)]
            return web.Response(text=half, content_type="application/json")
        case "missing-page":
            answer.headers.popall("Link", None)
        case "loop-page":
            here = f"https://{request.host}{request.path}?{urlencode(list(request.query.items()))}"
            answer.headers["Link"] = f'<{here}>; rel="next"'
        case "foreign-link":
            answer.headers["Link"] = f'<{fault.host}rooms?cursor=x>; rel="next"'
        case "undecrypted":
            answer = _undecrypted(answer, link)
        case "empty-page":
            answer = as_json({"items": []})
            if link:
                answer.headers["Link"] = link
    return answer


def as_json(body: Any, status: int = 200) -> web.Response:
    return web.Response(text=json.dumps(body), status=status, headers={"Content-Type": JSON})


def too_many(retry_after: str) -> web.Response:
    return web.Response(
        status=429, text=HTML.format("429 Too Many Requests"), content_type="text/html",
        headers={"Retry-After": retry_after} if retry_after else {},
    )  # fmt: skip


def _undecrypted(answer: web.Response, link: str | None) -> web.Response:
    """The titles could not be decrypted: cipher text, and an error in each item (BAS)."""
    body = json.loads(answer.text or "{}")
    reason = {"code": "kms_failure", "reason": "Key management server failed to respond"}
    for item in body.get("items", [body]):
        if "title" in item:
            item.update(title=CIPHER, errors={"title": reason})
    made = as_json(body, answer.status)
    if link:
        made.headers["Link"] = link
    return made


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
    raise ConnectionResetError("cut on purpose")
