"""Exports of spaces: whole, readable offline, sealed; and harmless, whatever people wrote."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Stopped
from domain.ids import RoomId
from domain.spaces import Space
from sandbox.handle import Control, Handle
from spaces.exporting import Exported, export_space
from spaces.exporting.folders import safe_name
from spaces.exporting.writing import NoExports
from spaces.spec import Exports, House
from spaces.sync.live import touch
from storage.store import Store
from tests.effects import house_on
from webex.errors import WebexFault
from webex.sdk import SdkWebex

HOSTILE = (
    "<script>document.title='owned'</script>", "<img src=x onerror=\"document.title='owned'\">",
    "</p></article><svg onload=document.title='owned'>", "javascript:alert(1)",
    "<a href=\"javascript:document.title='owned'\">click</a>", "&lt;script&gt;", "{{7*7}} ${7*7}",
    "\u202egnp.exe", "]]><!-- <iframe src=https://evil.example>", "'\" onmouseover=alert(1) x='",
    "<style>*{background:url(https://evil.example)}</style>", "\x00\x1b[31m\ud83d\ude00 zażółć",
)  # fmt: skip


@pytest.fixture
def house(sqlite_store: Store, webex: SdkWebex, tmp_path: Path) -> House:
    made = house_on(sqlite_store, webex)
    return replace(made, exports=Exports(folder=tmp_path / "exports"))


def spoken(control: Control, *texts: str, title: str = "Old plans") -> dict[str, Any]:
    at = control.now().isoformat()
    return control.space(
        title, creator="ana@example.com", members=["ben@example.com"],
        messages=[{"by": "ana@example.com", "text": text, "at": at} for text in texts],
    )  # fmt: skip


def known(house: House, room: dict[str, Any]) -> Space:
    return touch(house, RoomId(room["id"]))


def messages_of(made: Exported) -> list[dict[str, Any]]:
    return list(json.loads((made.folder / "messages.json").read_text("ascii")))


class Reader(HTMLParser):
    """What a browser would load or run of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name.startswith("on"):
                self.wrong.append(f"{tag} {name}")
            if name in ("src", "href") and re.match(r"\s*[a-z]+:|//", value or "", re.I):
                self.wrong.append(f"{tag} {name}={value}")


def test_everything_said_is_in_it_in_order_and_the_manifest_names_each_file(
    house: House, control: Control
) -> None:
    room = spoken(control, *(f"number {n}" for n in range(250)))
    made = export_space(house, known(house, room), name="one")
    assert [one["text"] for one in messages_of(made)] == [f"number {n}" for n in range(250)]
    assert (made.messages, made.files) == (250, 0)
    shown = (made.folder / "messages-00001.html").read_text("utf-8")
    assert shown.index("number 0<") < shown.index("number 249<")
    index = (made.folder / "index.html").read_text("utf-8")
    for said in ("Old plans", "ben@example.com", "ana@example.com", "250"):
        assert said in index
    manifest = json.loads((made.folder / "manifest.json").read_text("ascii"))
    there = {str(p.relative_to(made.folder)) for p in made.folder.rglob("*") if p.is_file()}
    assert set(manifest["contents"]) == there - {"manifest.json"}
    for name, sealed in manifest["contents"].items():
        content = (made.folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sealed["sha256"]
    assert list(house.exports.folder.glob("*.partial")) == []  # type: ignore[union-attr]


def test_threads_edits_and_files_are_in_it(house: House, control: Control, sandbox: Handle) -> None:
    room = spoken(control, "hello")
    officer = house.webex.bot  # the bot's own words are words, too
    assert officer
    control.space("Other", creator="ana@example.com")
    first = call(sandbox, "ana@example.com", "messages", roomId=room["id"], text="a question")
    call(sandbox, "ben@example.com", "messages", roomId=room["id"], text="an answer",
         parentId=first["id"])  # fmt: skip
    upload(sandbox, "ben@example.com", room["id"], "../../evil<script>.html", b"<script>1</script>")
    made = export_space(house, known(house, room), name="one")
    said = messages_of(made)
    assert said[2]["parent"] == said[1]["id"]
    (file,) = said[3]["files"]
    kept = made.folder / file["path"]
    assert kept.read_bytes() == b"<script>1</script>"
    assert kept.resolve().is_relative_to(made.folder / "files")
    assert kept.suffix == ".txt"
    assert "answers a message" in (made.folder / "messages-00001.html").read_text("utf-8")


def call(sandbox: Handle, who: str, path: str, **body: Any) -> dict[str, Any]:
    import requests

    ready = sandbox.ready
    answer = requests.post(
        ready["rest"] + path, json=body, verify=ready["ca"], timeout=10,
        headers={"Authorization": f"Bearer {ready['tokens'][who]}"},
    )  # fmt: skip
    answer.raise_for_status()
    return dict(answer.json())


def upload(sandbox: Handle, who: str, room: str, name: str, content: bytes) -> None:
    import requests

    ready = sandbox.ready
    requests.post(
        ready["rest"] + "messages", data={"roomId": room}, verify=ready["ca"], timeout=10,
        files={"files": (name, content, "text/html")},
        headers={"Authorization": f"Bearer {ready['tokens'][who]}"},
    ).raise_for_status()  # fmt: skip


def test_what_people_wrote_stays_text(house: House, control: Control) -> None:
    room = spoken(control, *HOSTILE, title=HOSTILE[0])
    made = export_space(house, known(house, room), name="one")
    for page in sorted(made.folder.glob("*.html")):
        text = page.read_text("utf-8")
        reader = Reader()
        reader.feed(text)
        assert reader.wrong == []
        assert not reader.tags & {"script", "img", "svg", "iframe", "object", "form", "link"}
        assert "default-src 'none'" in text
        assert "\u202e" not in text
    shown = (made.folder / "messages-00001.html").read_text("utf-8")
    assert "&lt;script&gt;document.title" in shown
    assert "zażółć" in shown


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no browser on this machine")
def test_a_real_browser_runs_nothing_of_it(house: House, control: Control, tmp_path: Path) -> None:
    room = spoken(control, *HOSTILE, title=HOSTILE[1])
    made = export_space(house, known(house, room), name="one")
    for name in ("index.html", "messages-00001.html", "files.html"):
        seen = subprocess.run(
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu",
                f"--user-data-dir={tmp_path / 'browser'}", "--dump-dom",
                (made.folder / name).as_uri(),
            ],
            capture_output=True, timeout=120, check=True,
        ).stdout.decode()  # fmt: skip
        title = re.search(r"<title>(.*?)</title>", seen, re.S)
        assert title is not None
        assert title[1] != "owned"
        assert "<script" not in seen
        assert "</body>" in seen


def test_an_export_that_was_left_goes_on_and_reads_no_page_twice(
    house: House, control: Control
) -> None:
    room = spoken(control, *(f"number {n}" for n in range(350)))
    space, stops = known(house, room), iter([False, False, True])
    with pytest.raises(Stopped):
        export_space(house, space, name="one", stop=lambda: next(stops))
    (left,) = house.exports.folder.glob("*.partial")  # type: ignore[union-attr]
    assert len(list((left / "parts").glob("*.jsonl"))) == 2
    since = control.log()[-1]["seq"]
    made = export_space(house, space, name="one")
    read = [e for e in control.log(since, what="request") if e["path"] == "/messages"]
    assert len(read) <= 4
    assert [one["text"] for one in messages_of(made)] == [f"number {n}" for n in range(350)]
    assert export_space(house, space, name="one") == made


@pytest.mark.parametrize("kind", ["5xx", "broken-json", "html", "429"])
def test_what_can_not_be_read_makes_no_export(house: House, control: Control, kind: str) -> None:
    room = spoken(control, "hello")
    space = known(house, room)
    fault = control.fault(kind, method="GET", path="/messages", count=-1)
    with pytest.raises(WebexFault):
        export_space(house, space, name="one")
    assert control.fired(fault)
    assert [p.suffix for p in house.exports.folder.iterdir()] == [".partial"]  # type: ignore[union-attr]
    control.clear_faults()
    assert export_space(house, space, name="one").messages == 1


def test_a_file_that_is_too_large_is_listed(
    house: House, control: Control, sandbox: Handle
) -> None:
    room = spoken(control, "hello")
    upload(sandbox, "ben@example.com", room["id"], "large.bin", b"x" * 5000)
    small = replace(house, exports=replace(house.exports, file_bytes=1000))  # type: ignore[type-var]
    made = export_space(small, known(house, room), name="one")
    assert (made.files, made.files_left_out) == (1, 1)
    assert "is not here" in (made.folder / "files.html").read_text("utf-8")


def test_without_a_folder_nothing_is_exported(house: House, control: Control) -> None:
    with pytest.raises(NoExports):
        export_space(replace(house, exports=None), known(house, spoken(control, "x")), name="one")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("report.pdf", "report.pdf"), ("../../etc/passwd", "passwd"), ("a\\b\\c.doc", "c.doc"),
        ("x.HTML", "x.HTML.txt"), ("page.svg", "page.svg.txt"), ("....", "unnamed"),
        ("", "unnamed"),
        ("\u202egnp.exe", "gnp.exe"), ("CON\x00.js", "CON-.js.txt"),
        ("x" * 300 + ".pdf", "x" * 56 + ".pdf"),
    ],
)  # fmt: skip
def test_a_files_name_can_do_no_harm(given: str, kept: str) -> None:
    assert safe_name(given) == kept
