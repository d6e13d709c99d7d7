"""Webex's own OpenAPI as the judge of what the sandbox answers (Cisco, CC BY 4.0).

The two files are not part of this repository: they are looked for in the folder that
``SPACEKEEPER_OPENAPI`` names, or in ``../shared/webex-openapi`` beside the repository.
Decides whether an answer has the documented status, the documented types, and no field that
is undocumented; the few that are seen in practice only are named here with their source.
"""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

HOW = (
    "webex-messaging.json and webex-admin.json are missing in {}. Get them from"
    " github.com/webex/webex-openapi-specs (public-spec/) and set SPACEKEEPER_OPENAPI."
)
NAMES = ("webex-messaging.json", "webex-admin.json")
IN_PRACTICE = {
    "/teams": {"creatorId"},  # JM
    "/people": {"manager"},
    "/webhooks": {"orgId", "createdBy", "appId"},  # PY
    "/messages": {
        "html",
        "parentId",
        "updated",
        "mentionedPeople",
        "mentionedGroups",
        "isVoiceClip",
        "attachments",
    },  # documented for GET /messages only, seen in the other lists and in single ones (PY)
    "/groups": {"startIndex", "itemsPerPage"},
}
VALUES_IN_PRACTICE = {("/webhooks", "all")}
"""The firehose (WH) is missing among the documented resources and events."""
ANSWERS_200 = {("post", "/attachment/actions")}
"""Documented as 202; the SDK takes nothing but 200 and is used against the real service."""


class Missing(Exception):
    """The OpenAPI files are not there."""


def folder() -> Path:
    named = os.environ.get("SPACEKEEPER_OPENAPI")
    above = Path(__file__).resolve().parents[3:]
    beside = [parent / "shared" / "webex-openapi" for parent in above]
    found = (place for place in beside if place.is_dir())
    return Path(named) if named else next(found, beside[0])


@functools.cache
def at_hand() -> bool:
    """A clone by itself has no OpenAPI: behaviour is then tested without it."""
    return all((folder() / name).is_file() for name in NAMES)


@functools.cache
def documents() -> tuple[dict[str, Any], ...]:
    """Raises Missing, saying where to get the files."""
    if not at_hand():
        raise Missing(HOW.format(folder()))
    return tuple(json.loads((folder() / name).read_text()) for name in NAMES)


def faults(method: str, path: str, status: int, body: Any) -> list[str]:
    """What is wrong with this answer, in words; empty when nothing is."""
    method = method.lower()
    document, template = _operation(method, path)
    if document is None and status in (404, 405):
        return []
    if document is None:
        return [f"{method} {path} is not documented"]
    wanted = 202 if (method, template) in ANSWERS_200 and status == 200 else status
    responses = document["paths"][template][method]["responses"]
    if str(wanted) not in responses:
        return [f"{method} {template} does not answer {status}"]
    content = responses[str(wanted)].get("content", {})
    if not content or status >= 400:
        return []
    schema = _resolve(document, next(iter(content.values()))["schema"])
    whole = {**schema, "components": document["components"], "paths": document["paths"]}
    wrong = [
        f"{'/'.join(str(p) for p in no.absolute_path)}: {no.message[:200]}"
        for no in Draft4Validator(whole).iter_errors(body)
        if "attachments" not in no.absolute_path  # a card's content is typed as a file (quirk)
        and not (
            no.validator == "enum" and (_resource(template), no.instance) in VALUES_IN_PRACTICE
        )
    ]
    return wrong + list(_undocumented(document, schema, body, template))


def _operation(method: str, path: str) -> tuple[dict[str, Any] | None, str]:
    for document in documents():
        exact = [t for t in document["paths"] if t == path]
        for template in exact + [t for t in document["paths"] if _matches(t, path)]:
            if method in document["paths"][template]:
                return document, template
    return None, ""


def _matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) is not None


def _resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _undocumented(
    document: dict[str, Any], schema: dict[str, Any], body: Any, template: str
) -> Iterator[str]:
    schema = _resolve(document, schema)
    known = set(_properties(document, schema))
    if not known or not isinstance(body, dict):
        return
    for name in set(body) - known - IN_PRACTICE.get(_resource(template), set()):
        yield f"{name}: an undocumented field"
    items = _properties(document, schema).get("items", {}).get("items")
    for item in body.get("items", ()) if items else ():
        yield from _undocumented(document, items, item, template)


def _resource(template: str) -> str:
    return "/" + template.strip("/").split("/")[0]


def _properties(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    schema = _resolve(document, schema)
    found = dict(schema.get("properties", {}))
    for part in ("allOf", "oneOf", "anyOf"):
        for one in schema.get(part, ()):
            found |= _properties(document, one)
    return found
