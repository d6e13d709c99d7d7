"""A card as bots send it."""

from __future__ import annotations

from typing import Any

KIND = "application/vnd.microsoft.card.adaptive"
PICTURE = {"type": "Image", "url": "https://example.com/a.png"}


def card(*body: dict[str, Any], **more: Any) -> dict[str, Any]:
    first = {"type": "TextBlock", "text": "Keep it?"}
    keep = {"type": "Action.Submit", "title": "Keep", "data": {"press": "keep", "days": 30}}
    content = {
        "type": "AdaptiveCard", "version": "1.3", "body": [first, *body], "actions": [keep], **more,
    }  # fmt: skip
    return {"contentType": KIND, "content": content}
