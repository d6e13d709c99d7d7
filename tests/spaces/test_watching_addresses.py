"""Where a watch may tell things: judged by address, connected to as judged, bounded."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import Refusal
from spaces.spec import Outside
from spaces.watching.addresses import Closed, NoAddress, check, is_open, place_of
from spaces.watching.posting import NotPosted, post
from tests.receiving import Does, Receiver, receiving

OPEN = ("93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946")
CLOSED = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",  # noqa: S104
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "192.88.99.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "fe80::1",
    "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2002:7f00:1::1",
    "2002:0808:0808::1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "100::1", "3fff::1",
    "nothing", "", "8.8.8", "0x7f.1",
)  # fmt: skip


@pytest.mark.parametrize("address", OPEN)
def test_the_open_internet_may_be_told(address: str) -> None:
    assert is_open(address, Outside())


@pytest.mark.parametrize("address", CLOSED)
def test_what_only_we_can_reach_is_told_nothing(address: str) -> None:
    assert not is_open(address, Outside())


def test_only_what_the_operator_names_is_let_in_besides() -> None:
    by_network = Outside(networks=("10.1.0.0/16", "127.0.0.1"))
    assert is_open("10.1.2.3", by_network)
    assert is_open("127.0.0.1", by_network)
    assert not is_open("10.2.0.1", by_network)
    assert not is_open("127.0.0.2", by_network)
    by_name = Outside(hosts=frozenset({"hooks.internal"}))
    assert is_open("10.1.2.3", by_name, host="hooks.internal")
    assert is_open("fd12::1", by_name, host="hooks.internal")
    assert not is_open("10.1.2.3", by_name, host="other.internal")
    for trick in ("127.0.0.1", "169.254.169.254", "::1", "fe80::1", "::ffff:10.0.0.1", "0.1.1.1"):
        assert not is_open(trick, by_name, host="hooks.internal")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("http://example.com/", "only tell things over https"),
        ("ftp://example.com/", "only tell things over https"),
        ("https://", "names no host"),
        ("https://ana:pw@example.com/", "user name or password"),
        ("https://example.com/#part", "behind a #"),
        ("https://example.com:22/", "to port 443, 8443"),
        ("https://example.com:99999/", "can't be read"),
        ("https://exa mple.com/", "no address"),
        ("https://example.com/\r\nX: y", "no address"),
        ("https://" + "x" * 600 + ".com/", "no address"),
        ("https://[::1", "can't be read"),
        ("https://" + "x" * 70 + ".com/", "can't be read"),
    ],
)
def test_what_is_no_good_address_is_refused(text: str, answer: str) -> None:
    with pytest.raises(Refusal, match=answer):
        place_of(text, Outside())


def test_an_address_is_read_as_it_is_meant() -> None:
    place = place_of("HTTPS://Hooks.Example.COM:8443/a b?x=ü#".replace(" ", "%20").rstrip("#"),
                     Outside())  # fmt: skip
    assert (place.host, place.port) == ("hooks.example.com", 8443)
    assert place.target == "/a%20b?x=%C3%BC"
    assert place.header == "hooks.example.com:8443"
    assert place_of("https://bücher.example", Outside()).host == "xn--bcher-kva.example"
    assert place_of("https://example.com", Outside()).target == "/"


def test_one_private_address_among_others_closes_a_name() -> None:
    both = Outside(resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(Refusal, match="private network"):
        check("https://example.com/", both)
    nobody = Outside(resolve=lambda host, port: [])
    with pytest.raises(Refusal, match="no host of the name"):
        check("https://example.com/", nobody)


# -- over the wire ---------------------------------------------------------------------------


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path, names=("hooks.example",)) as made:
        yield made


@pytest.fixture
def outside(receiver: Receiver) -> Outside:
    return Outside(
        ports=frozenset({receiver.port}), networks=("127.0.0.1/32",), ca=str(receiver.ca),
        resolve=lambda host, port: ["127.0.0.1"],
    )  # fmt: skip


def send(receiver: Receiver, outside: Outside, *, host: str = "hooks.example", total: float = 3.0,
         path: str = "/hook"):  # type: ignore[no-untyped-def]  # fmt: skip
    place = place_of(f"https://{host}:{receiver.port}{path}", outside)
    return post(place, b'{"a":1}', {"webhook-id": "msg_1"}, outside, total=total)


def test_it_gets_there_by_the_name_though_connected_by_the_address(
    receiver: Receiver, outside: Outside
) -> None:
    assert send(receiver, outside).status == 200
    [came] = receiver.came
    assert came.headers["host"] == f"hooks.example:{receiver.port}"
    assert json.loads(came.raw) == {"a": 1}
    assert came.headers["webhook-id"] == "msg_1"


def test_a_name_that_changes_between_check_and_connection_leads_nowhere(
    receiver: Receiver, outside: Outside
) -> None:
    answers = iter([["8.8.8.8"], ["10.0.0.1"]])
    rebinding = replace(outside, resolve=lambda host, port: next(answers))
    check(f"https://hooks.example:{receiver.port}/hook", rebinding)
    with pytest.raises(Closed):
        send(receiver, rebinding)
    assert receiver.came == []


def test_it_connects_to_the_very_address_that_was_judged(
    receiver: Receiver, outside: Outside
) -> None:
    """A second lookup, by whatever library, would get another answer."""
    asked: list[str] = []

    def once(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    assert send(receiver, replace(outside, resolve=once)).status == 200
    assert asked == ["hooks.example"]


def test_no_redirect_is_followed(receiver: Receiver, outside: Outside) -> None:
    there = f"https://127.0.0.1:{receiver.port}/secret"
    receiver.usual = Does(status=302, headers={"Location": there})
    assert send(receiver, outside).status == 302
    assert [one.path for one in receiver.came] == ["/hook"]


@pytest.mark.parametrize(
    ("does", "why"),
    [
        (Does(waits=10), "no answer in time"),
        (Does(drips=10), "no answer in time"),
        (Does(resets=True), "connection was lost|not HTTP"),
        (Does(body=b"x" * 200_000), "too large"),
        (Does(headers={"X": "y" * 70_000}), "not HTTP"),
    ],
)
def test_a_bad_answer_costs_no_more_than_its_time(
    receiver: Receiver, outside: Outside, does: Does, why: str
) -> None:
    receiver.usual = does
    began = time.monotonic()
    with pytest.raises(NotPosted, match=why):
        send(receiver, outside, total=1.0)
    assert time.monotonic() - began < 2.5


def test_a_certificate_for_another_name_or_by_a_stranger_is_none(
    receiver: Receiver, outside: Outside
) -> None:
    with pytest.raises(NotPosted, match="certificate is not valid"):
        send(receiver, outside, host="other.example")
    with pytest.raises(NotPosted, match="certificate is not valid"):
        send(receiver, replace(outside, ca=""))
    assert receiver.came == []


def test_who_does_not_speak_tls_or_listen_is_given_up(outside: Outside, receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        port = plain.getsockname()[1]

        def answer() -> None:
            with plain.accept()[0] as one:
                one.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        here = replace(outside, ports=frozenset({port}))
        with pytest.raises(NotPosted, match=r"TLS failed|connection was lost"):
            post(place_of(f"https://hooks.example:{port}/", here), b"{}", {}, here, total=2)
        thread.join(5)
    with pytest.raises(NotPosted, match="no connection"):
        post(place_of(f"https://hooks.example:{port}/", here), b"{}", {}, here, total=2)
    gone = replace(here, resolve=lambda host, port: [])
    with pytest.raises(NoAddress):
        post(place_of(f"https://hooks.example:{port}/", gone), b"{}", {}, gone, total=2)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120.0), ("soon", None), ("-5", 0.0), ("nan", None), ("inf", None), ("", None)],
)
def test_how_long_a_receiver_wants_us_to_wait(
    receiver: Receiver, outside: Outside, said: str, seconds: float | None
) -> None:
    receiver.usual = Does(status=503, headers={"Retry-After": said})
    assert send(receiver, outside).retry_after == seconds
