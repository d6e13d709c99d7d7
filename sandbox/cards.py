"""Which cards Webex takes: Adaptive Cards up to 1.3, at most 80 KB, without what it rejects (4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sandbox.errors import No

LARGEST, MOST_IMAGES = 80 * 1024, 10
ELEMENTS = frozenset(
    "TextBlock RichTextBlock TextRun Image ImageSet FactSet Fact Container ColumnSet Column "
    "ActionSet Input.Text Input.Number Input.Date Input.Time Input.Toggle Input.ChoiceSet "
    "Input.Choice Action.Submit Action.OpenUrl Action.ShowCard Action.ToggleVisibility "
    "AdaptiveCard TargetElement BackgroundImage".split()
)
NEEDS = {
    "TextBlock": "text", "FactSet": "facts", "Image": "url", "Container": "items",
    "ColumnSet": "columns", "ActionSet": "actions", "RichTextBlock": "inlines",
    "Input.Text": "id", "Input.Number": "id", "Input.Date": "id", "Input.Time": "id",
    "Input.Toggle": "id", "Input.ChoiceSet": "choices", "Action.OpenUrl": "url",
    "Action.ShowCard": "card",
}  # fmt: skip


def check_card(attachment: Any) -> None:
    """Raises No with Webex's body for a bad card."""
    kind = attachment.get("contentType") if isinstance(attachment, dict) else None
    if kind != "application/vnd.microsoft.card.adaptive":
        raise No(400, "Unsupported attachment content type.")
    card = attachment.get("content")
    if len(json.dumps(attachment).encode()) > LARGEST:
        raise No(400, "The card is too large.")
    faults = list(_faults(card))
    if faults:
        raise No(
            400, "Unable to process the attachment.",
            extra={"errors": [{"description": fault} for fault in faults[:5]]},
        )  # fmt: skip


def _faults(card: Any) -> Iterator[str]:
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard":
        yield "#: not an AdaptiveCard"
        return
    if str(card.get("version")) not in ("1.0", "1.1", "1.2", "1.3"):
        yield "#/version: must be at most 1.3"
    if len(list(_actions(card))) > 20:
        yield "#/actions: more than 20"
    if len(list(_images(card))) > MOST_IMAGES:
        yield f"#: more than {MOST_IMAGES} links to images"
    yield from _walk(card, "#")


def _walk(node: Any, path: str) -> Iterator[str]:
    if isinstance(node, list):
        for n, child in enumerate(node):
            yield from _walk(child, f"{path}/{n}")
        return
    if not isinstance(node, dict):
        return
    kind = node.get("type")
    if isinstance(kind, str):
        if kind not in ELEMENTS:
            yield f"{path}: unknown type [{kind}]"
        elif (need := NEEDS.get(kind)) and node.get(need) in (None, ""):
            yield f"{path}: required key [{need}] not found"
    for name in ("body", "items", "columns", "actions", "inlines", "card", "images"):
        if name in node:
            if name in ("body", "items", "columns") and not isinstance(node[name], list):
                yield f"{path}/{name}: must be a list"
            yield from _walk(node[name], f"{path}/{name}")


def _images(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _images(child)
    elif isinstance(node, dict):
        if node.get("type") == "Image":
            yield str(node.get("url"))
        for name, child in node.items():
            if name in ("iconUrl", "backgroundImage") and isinstance(child, str):
                yield child
            yield from _images(child)


def _actions(node: Any) -> Iterator[Any]:
    if isinstance(node, list):
        for child in node:
            yield from _actions(child)
    elif isinstance(node, dict):
        if str(node.get("type", "")).startswith("Action."):
            yield node
        for child in node.values():
            yield from _actions(child)
