"""The control interface and the ready file: what tests, demos and newcomers hold on to."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.__main__ import main as serve
from sandbox.handle import Control, Handle
from tests.sandbox.calling import As, Caller
from tests.sandbox.expect import given, gone, refused
from tests.sandbox.test_sandbox_rooms import add

ROOT = Path(__file__).resolve().parents[2]
NAMED = {"bot", "co", "co2", "admin"}


@pytest.mark.parametrize("token", ["", "x", "ana", "admin", "co"])
def test_control_has_a_token_of_its_own(handle: Handle, as_: As, token: str) -> None:
    given_token = handle.ready["tokens"].get(token) or handle.ready["tokens"].get(
        f"{token}@example.com", token
    )
    for path in ("log", "clock", "faults", "ready", "room"):
        answer = requests.get(
            handle.ready["control"] + path, verify=handle.ready["ca"], timeout=5,
            headers={"Authorization": f"Bearer {given_token}"},
        )  # fmt: skip
        assert answer.status_code == 401, path
        assert "tokens" not in answer.text
    with_control = Caller(handle.ready["rest"], handle.ready["ca"], handle.ready["control_token"])
    refused(with_control.get("/people/me"), 401)  # nor is it one for the API
    with_control.session.close()


def test_only_this_machine_can_reach_it(handle: Handle) -> None:
    """It listens on loopback and nowhere else."""
    server = handle.sandbox._server
    assert server is not None
    assert {s.getsockname()[0] for s in server.sockets} == {"127.0.0.1"}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; finds this machine's own address
        except OSError:
            return  # it has none but loopback
        own = probe.getsockname()[0]
    if own.startswith("127."):
        return
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((own, handle.sandbox.port), timeout=2)


def test_a_month_passes_at_once(as_: As, control: Control) -> None:
    ana = as_("ana")
    before = ana.made("/rooms", title="A")["created"]
    control.advance(timedelta(days=31))
    after = ana.made("/rooms", title="B")["created"]
    passed = datetime.fromisoformat(after) - datetime.fromisoformat(before)
    assert timedelta(days=31) <= passed < timedelta(days=31, minutes=1)
    moment = datetime(2031, 3, 30, 1, 59, tzinfo=UTC)
    control.set_clock(moment)
    assert abs(control.now() - moment) < timedelta(seconds=30)
    assert ana.made("/rooms", title="C")["created"].startswith("2031-03-30T01:59")
    assert "2031" in requests.get(
        ana.rest + "people/me", verify=ana.ca, timeout=5,
        headers={"Authorization": f"Bearer {ana.token}"},
    ).headers["Date"]  # fmt: skip


def test_the_clocks_file_says_how_far_it_is(handle: Handle, control: Control) -> None:
    """So that a bot can live by the same clock."""
    control.advance(timedelta(days=2))
    offset = json.loads(Path(handle.ready["clock"]).read_text())["offset_seconds"]
    assert offset == pytest.approx(2 * 86_400)
    control.reset()
    assert json.loads(Path(handle.ready["clock"]).read_text())["offset_seconds"] == 0


def test_the_log_has_every_request_and_effect_in_order(as_: As, control: Control) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A", isLocked=True)
    add(ana, room, "ben@example.com")
    ana.made("/messages", roomId=room["id"], text="x")
    refused(as_("ben").put(f"/rooms/{room['id']}", title="Mine"), 403)
    gone(ana.delete(f"/rooms/{room['id']}"))
    log = control.log()
    assert [e["seq"] for e in log] == sorted(e["seq"] for e in log)
    kinds = [e["kind"] for e in log if e["what"] == "effect"]
    assert kinds == [
        "room.created", "membership.created", "membership.created", "message.created",
        "room.deleted",
    ]  # fmt: skip
    last = control.effects("room.deleted")[0]
    assert (last["actor"], last["target"], last["room"]) == (
        "ana@example.com", room["id"], room["id"],
    )  # fmt: skip
    asked = [(e["who"], e["method"], e["path"], e["status"]) for e in control.log(what="request")]
    assert ("ben@example.com", "PUT", f"/rooms/{room['id']}", 403) in asked
    assert asked[-1] == ("ana@example.com", "DELETE", f"/rooms/{room['id']}", 204)
    assert control.log(since=log[-1]["seq"]) == []


def test_a_refused_request_has_no_effect(as_: As, control: Control) -> None:
    room = as_("ana").made("/rooms", title="A")
    mark = control.log()[-1]["seq"]
    co, ben = as_("co"), as_("ben")
    refused(co.delete(f"/rooms/{room['id']}"), 403)
    refused(ben.post("/messages", roomId=room["id"], text="x"), 404)
    refused(ben.post("/memberships", roomId=room["id"], personEmail="new@example.com"), 404)
    assert control.log(since=mark, what="effect") == []
    refused(as_("ana").get("/people", email=""), 400)
    assert as_("ana").all("/people", email="new@example.com") == []  # nor a person


def test_people_spaces_and_groups_are_put_in_with_a_past(as_: As, control: Control) -> None:
    then = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
    person = control.person("zoe@example.com", name="Zoe Adler", roles="compliance")
    assert given(with_token(as_, person["token"]).get("/people/me"))["displayName"] == "Zoe Adler"
    room = control.space(
        "Old", creator="ana@example.com", members=["ben@example.com", "zoe@example.com"],
        moderators=["ben@example.com"], created=then,
        messages=[{"by": "ben@example.com", "text": "Then", "at": "2024-06-01T00:00:00Z"}],
        classification="Internal",
    )  # fmt: skip
    assert (room["created"], room["lastActivity"]) == (
        "2024-05-06T07:08:00.000Z", "2024-06-01T00:00:00.000Z",
    )  # fmt: skip
    truth = control.room(room["id"])
    assert [m["personEmail"] for m in truth["members"] if m["isModerator"]] == ["ben@example.com"]
    assert truth["messages"][0]["created"] == "2024-06-01T00:00:00.000Z"
    assert control.effects("room.created") == []  # it is the past, not news
    assert as_("co").all("/events") == []
    control.group("New", ["zoe@example.com"])
    assert "New" in [g["displayName"] for g in given(as_("adam").get("/groups"))["groups"]]
    with pytest.raises(RuntimeError, match="no person"):
        control.group("Worse", ["nobody@example.com"])


def with_token(as_: As, token: str) -> Caller:
    ana = as_("ana")
    ana.session.headers["Authorization"] = f"Bearer {token}"
    return ana


def test_switches_are_turned_by_name_and_stand_as_at_first_after_a_reset(control: Control) -> None:
    first = control.call("POST", "switches")
    assert control.call("POST", "switches", replay=True)["replay"] is True
    with pytest.raises(RuntimeError, match="no switch nonsense"):
        control.call("POST", "switches", nonsense=True)
    control.reset()
    assert control.call("POST", "switches") == first


def test_with_replay_what_was_missed_comes_after_all(
    as_: As, control: Control, handle: Handle
) -> None:  # fmt: skip
    from tests.sandbox.listening import listening

    control.switch(replay=True)
    with listening(as_("bot"), handle.ready["u2c"]) as first:
        device = first.device
    as_("ana").made("/messages", toPersonEmail="spacekeeper@webex.bot", text="missed")
    with listening(as_("bot"), handle.ready["u2c"], device=device, authorize=False) as again:
        again.authorize()
        assert "post" in again.verbs()


def test_a_reset_leaves_nothing_of_what_was(as_: As, control: Control) -> None:
    ana = as_("ana")
    room = ana.made("/rooms", title="A")
    control.fault("5xx", count=-1)
    control.limit(1)
    control.disconnect(refuse=[500])
    control.advance(timedelta(days=400))
    ready = control.reset()
    assert set(ready["tokens"]) == set(control.ready["tokens"])
    assert ready["tokens"] == control.ready["tokens"]  # the same people have the same tokens
    assert ana.all("/rooms") == []
    refused(ana.get(f"/rooms/{room['id']}"), 404)
    assert control.faults() == []
    assert abs(control.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert control.log(what="effect") == []


# -- the ready file ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Any], Path]]:
    """The command as a newcomer types it, with a small company in it."""
    file = tmp_path_factory.mktemp("ready") / "ready.json"
    command = [
        sys.executable, "-c", "from bot.cli import main; main()", "sandbox", "--port", "0",
        "--ready", str(file), "--tenant", "small", "--people", "600", "--seed", "7",
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        until = time.monotonic() + 30
        while not file.exists():
            assert process.poll() is None, process.stderr
            assert time.monotonic() < until
            time.sleep(0.02)
        yield json.loads(file.read_text()), file
        process.terminate()
        assert process.wait(10) == 0


def test_the_ready_file_says_all_that_a_client_needs(started: tuple[dict[str, Any], Path]) -> None:
    ready, file = started
    assert set(ready) >= {"rest", "u2c", "control", "ca", "control_token", "tokens"}
    for name in ("rest", "u2c", "control"):
        assert ready[name].startswith("https://127.0.0.1:")
    assert ready["control"].endswith("/sandbox/")
    assert ready["rest"].endswith("/v1/")
    assert Path(ready["ca"]).is_absolute()
    assert Path(ready["ca"]).is_file()
    assert set(ready["tokens"]) > NAMED
    by_mail = {name for name in ready["tokens"] if "@" in name}
    assert by_mail | NAMED == set(ready["tokens"])
    assert os.stat(file).st_mode & 0o077 == 0  # it holds tokens
    assert len(by_mail) > 600  # one for each person, however many


def test_the_tokens_of_the_ready_file_are_whose_they_say(
    started: tuple[dict[str, Any], Path],
) -> None:
    ready, _ = started
    seen = {}
    for name in [*NAMED, "ana@example.com", "eve@partner.example"]:
        caller = Caller(ready["rest"], ready["ca"], ready["tokens"][name])
        seen[name] = given(caller.get("/people/me"))
        caller.session.close()
    assert seen["bot"]["type"] == "bot"
    assert seen["co"]["id"] != seen["co2"]["id"]
    assert seen["ana@example.com"]["emails"] == ["ana@example.com"]
    assert seen["eve@partner.example"]["orgId"] != seen["ana@example.com"]["orgId"]
    assert "admin" in seen["admin"]["roles"]


def test_the_certificate_is_this_runs_own(started: tuple[dict[str, Any], Path]) -> None:
    ready, _ = started
    port = int(ready["rest"].split(":")[2].split("/")[0])
    trust = ssl.create_default_context(cafile=ready["ca"])
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as raw,
        trust.wrap_socket(raw, server_hostname="127.0.0.1"),
    ):
        pass
    with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:  # noqa: SIM117
        with pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(raw, server_hostname="127.0.0.1")


def test_the_command_refuses_what_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        serve(["--tenant", "huge"])
    assert ended.value.code == 2
    assert "huge" in capsys.readouterr().err
