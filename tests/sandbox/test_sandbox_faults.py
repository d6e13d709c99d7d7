"""Every fault that can be asked for is seen to fire, counts itself, and stops (checklist 6)."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.faults import KINDS
from sandbox.handle import Control, Handle
from tests.sandbox.calling import As, Caller
from tests.sandbox.expect import given, refused
from tests.sandbox.listening import NEW, listening, wdm


def bare(who: Caller, method: str, path: str, **more: Any) -> requests.Response:
    """Not held against the OpenAPI: a fault is what no document allows."""
    return who.session.request(method, who.rest.rstrip("/") + path, timeout=5, **more)


def make(who: Caller) -> requests.Response:
    return bare(who, "POST", "/rooms", json={"title": "A"})


def made(as_: As) -> int:
    return len(as_("ana").all("/rooms"))


def test_every_kind_is_tested_here() -> None:
    """Whoever adds a fault shows that it fires."""
    here = Path(__file__).read_text()
    assert [kind for kind in KINDS if f'"{kind}"' not in here] == []


@pytest.mark.parametrize("after", ["1", "86400", "", "soon", "-5", "1.5"])
def test_too_many_requests(as_: As, control: Control, after: str) -> None:
    fault = control.fault("429", method="POST", path="/rooms", retry_after=after)
    answer = make(as_("ana"))
    assert answer.status_code == 429
    assert answer.headers.get("Retry-After", "") == after
    assert answer.headers["Content-Type"].startswith("text/html")
    assert (control.fired(fault), made(as_)) == (1, 0)
    assert make(as_("ana")).ok


@pytest.mark.parametrize(
    ("kind", "status", "done"),
    [
        ("5xx", 502, 0), ("5xx", 503, 0), ("5xx-after", 502, 1), ("status", 403, 0),
        ("status", 423, 0), ("stale", 404, 0), ("timeout", 504, 0),
    ],
)  # fmt: skip
def test_an_error_before_or_after_it_was_done(
    as_: As, control: Control, kind: str, status: int, done: int
) -> None:  # fmt: skip
    fault = control.fault(kind, method="POST", path="/rooms", status=status, seconds=0.05)
    answer = make(as_("ana"))
    refused_in_form(answer, status)
    if status in (423, 503):
        assert answer.headers["Retry-After"] == "1"
    assert (control.fired(fault), made(as_)) == (1, done)
    entry = next(e for e in control.log(what="request") if e["fault"])
    assert (entry["fault"], entry["status"]) == (kind, status)


def refused_in_form(answer: requests.Response, status: int) -> None:
    assert answer.status_code == status
    assert set(answer.json()) == {"message", "errors", "trackingId"}


@pytest.mark.parametrize(("kind", "done"), [("reset", 0), ("reset-after", 1)])
def test_a_cut_connection(as_: As, control: Control, kind: str, done: int) -> None:
    fault = control.fault(kind, method="POST", path="/rooms")
    with pytest.raises(requests.ConnectionError):
        make(as_("ana"))
    assert (control.fired(fault), made(as_)) == (1, done)
    assert [e["status"] for e in control.log(what="request") if e["fault"] == kind] == [0]


@pytest.mark.parametrize("kind", ["timeout-after", "hang-after"])
def test_no_answer_although_it_was_done(as_: As, control: Control, kind: str) -> None:
    fault = control.fault(kind, method="POST", path="/rooms", seconds=1.0)
    ana = as_("ana")
    with pytest.raises(requests.ReadTimeout):
        ana.session.post(ana.rest + "rooms", json={"title": "A"}, timeout=0.3)
    assert (control.fired(fault), made(as_)) == (1, 1)


def test_a_page_of_html_instead_of_an_answer(as_: As, control: Control) -> None:
    fault = control.fault("html", path="/rooms")
    answer = bare(as_("ana"), "GET", "/rooms")
    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (200, "text/html")
    assert control.fired(fault) == 1


def test_half_an_answer(as_: As, control: Control) -> None:
    fault = control.fault("broken-json", method="POST", path="/rooms")
    answer = make(as_("ana"))
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)
    assert (control.fired(fault), made(as_)) == (1, 1)


def test_pages_that_are_missing_looping_foreign_or_empty(as_: As, control: Control) -> None:
    ana = as_("ana")
    for n in range(3):
        ana.made("/rooms", title=str(n))
    asked = {"max": 2, "sortBy": "id"}
    plain = bare(ana, "GET", "/rooms", params=asked)
    faults = {
        kind: control.fault(kind, path="/rooms")
        for kind in ("missing-page", "loop-page", "foreign-link", "empty-page", "no-items")
    }
    missing = bare(ana, "GET", "/rooms", params=asked)
    assert len(missing.json()["items"]) == 2
    assert "Link" not in missing.headers
    loop = bare(ana, "GET", "/rooms", params=asked)
    assert loop.links["next"]["url"] == f"{ana.rest}rooms?max=2&sortBy=id"
    foreign = bare(ana, "GET", "/rooms", params=asked)
    assert foreign.links["next"]["url"].startswith("https://attacker.invalid/v1/rooms")
    empty = bare(ana, "GET", "/rooms", params=asked)
    assert empty.json()["items"] == []
    assert empty.links == plain.links
    nothing = bare(ana, "GET", "/rooms", params=asked)
    assert nothing.json() == {"items": []}
    assert "Link" not in nothing.headers
    assert [control.fired(fault) for fault in faults.values()] == [1] * 5
    assert bare(ana, "GET", "/rooms", params=asked).json() == plain.json()


def test_a_last_page_that_loops(as_: As, control: Control) -> None:
    ana = as_("ana")
    ana.made("/rooms", title="only")
    control.fault("loop-page", path="/rooms", count=-1)
    first = bare(ana, "GET", "/rooms")
    again = ana.session.get(first.links["next"]["url"], timeout=5)
    assert again.json() == first.json()
    assert again.links == first.links


def test_titles_that_could_not_be_decrypted(as_: As, control: Control) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="Plans")
    fault = control.fault("undecrypted", path="/rooms")
    item = bare(ana, "GET", "/rooms").json()["items"][0]
    assert item["title"].startswith("eyJhbGciOi")
    assert item["errors"]["title"]["code"] == "kms_failure"
    assert item["id"] == room["id"]
    assert control.fired(fault) == 1
    assert given(ana.get("/rooms"))["items"][0]["title"] == "Plans"


def test_a_clock_that_is_off(as_: As, control: Control) -> None:
    fault = control.fault("date-offset", path="/people/me", seconds=-7200)
    wrong = parsedate_to_datetime(bare(as_("ana"), "GET", "/people/me").headers["Date"])
    right = parsedate_to_datetime(bare(as_("ana"), "GET", "/people/me").headers["Date"])
    assert abs((right - datetime.now(UTC)).total_seconds()) < 60
    assert 7190 < (right - wrong).total_seconds() < 7260
    assert control.fired(fault) == 1


def test_frames_that_are_lost_doubled_and_late(
    as_: As, control: Control, handle: Handle
) -> None:  # fmt: skip
    ana = as_("ana")
    bot = {"toPersonEmail": "spacekeeper@webex.bot"}
    with listening(as_("bot"), handle.ready["u2c"]) as socket:
        lost = control.fault("frame-lost", path="post")
        ana.made("/messages", **bot, text="lost")
        double = control.fault("frame-double", path="post")
        ana.made("/messages", **bot, text="doubled")
        frames = [f for f in socket.until_pong() if f["data"]["activity"]["verb"] == "post"]
        assert len(frames) == 2
        assert frames[0] == frames[1]
        late = control.fault("frame-delay", path="post", seconds=0.2)
        began = time.monotonic()
        ana.made("/messages", **bot, text="late")
        ana.made("/messages", **bot, text="in time")
        numbers = [socket.activity("post")["sequenceNumber"] for _ in range(2)]
        assert numbers[0] == numbers[1] + 1  # out of order
        assert time.monotonic() - began >= 0.2
        assert [control.fired(f) for f in (lost, double, late)] == [1, 1, 1]
    marks = [e["fault"] for e in control.log(what="frame") if e["fault"]]
    assert marks == ["frame-lost", "frame-double", "frame-delay"]


def test_a_fault_hits_only_whom_and_what_and_how_often_it_says(
    as_: As, control: Control
) -> None:  # fmt: skip
    ana, ben = as_("ana"), as_("ben")
    fault = control.fault(
        "5xx", method="POST", path="/rooms", who="ana@example.com", contains="Doomed", count=2,
        skip=1,
    )  # fmt: skip
    doomed = {"title": "Doomed"}
    assert bare(ben, "POST", "/rooms", json=doomed).ok
    assert bare(ana, "POST", "/rooms", json={"title": "Fine"}).ok
    assert bare(ana, "GET", "/rooms").ok
    answers = [bare(ana, "POST", "/rooms", json=doomed).status_code for _ in range(4)]
    assert answers == [200, 502, 502, 200]
    assert control.fired(fault) == 2


def test_a_fault_for_ever_ends_when_it_is_taken_back(as_: As, control: Control) -> None:
    ana = as_("ana")
    fault = control.fault("5xx", path="/rooms/*", count=-1)
    for _ in range(3):
        assert bare(ana, "GET", "/rooms/x").status_code == 502
    assert bare(ana, "GET", "/rooms").ok
    assert control.fired(fault) == 3
    control.clear_faults()
    refused(ana.get("/rooms/x"), 404)
    assert control.faults() == []


def test_registering_a_device_fails_on_demand_too(
    as_: As, control: Control, handle: Handle
) -> None:  # fmt: skip
    bot = as_("bot")
    base = wdm(bot, handle.ready["u2c"])
    everything = control.fault("5xx", count=-1)  # the API only
    assert bot.session.post(f"{base}/devices", json=NEW, timeout=5).ok
    named = control.fault("status", path="/wdm/*", status=403)
    assert bot.session.post(f"{base}/devices", json=NEW, timeout=5).status_code == 403
    assert bot.session.post(f"{base}/devices", json=NEW, timeout=5).ok
    assert (control.fired(everything), control.fired(named)) == (0, 1)


def test_a_handshake_is_refused_on_demand(as_: As, control: Control, handle: Handle) -> None:
    from websockets.exceptions import InvalidStatus

    control.disconnect(refuse=[404, 503])
    for status in (404, 503):
        with pytest.raises(InvalidStatus) as no, listening(as_("bot"), handle.ready["u2c"]):
            pass
        assert no.value.response.status_code == status
    with listening(as_("bot"), handle.ready["u2c"]) as socket:
        socket.until_pong()


@pytest.mark.parametrize("wrong", [{"kind": "earthquake"}, {"kind": "5xx", "colour": "red"}])
def test_an_unknown_fault_is_refused(control: Control, wrong: dict[str, str]) -> None:
    with pytest.raises(RuntimeError, match=r"unknown kind|colour"):
        control.call("POST", "faults", **wrong)
    assert control.faults() == []
