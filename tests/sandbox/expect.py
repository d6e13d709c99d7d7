"""What a refusal must look like, whoever refuses what (facts 1.0)."""

from __future__ import annotations

from typing import Any

import requests

ROOM_UNKNOWN = "Could not find a room with provided ID."


def refused(answer: requests.Response, *statuses: int, says: str = "") -> dict[str, Any]:
    """The body of an answer that must be one of these refusals, in Webex's form."""
    assert answer.status_code in statuses, (answer.status_code, answer.text)
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    body = dict(answer.json())
    assert set(body) == {"message", "errors", "trackingId"}
    assert body["message"]
    assert body["errors"][0]["description"]
    assert body["trackingId"].startswith(("ROUTERGW_", "ROUTER_", "NA_"))
    assert answer.headers["TrackingID"] == body["trackingId"]
    if says:
        assert says.lower() in body["message"].lower(), body["message"]
    return body


def given(answer: requests.Response) -> dict[str, Any]:
    assert answer.status_code == 200, (answer.status_code, answer.text)
    return dict(answer.json())


def gone(answer: requests.Response) -> None:
    assert answer.status_code == 204, (answer.status_code, answer.text)
    assert answer.content == b""
