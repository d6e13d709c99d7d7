"""``make pictures``: every sample card as a picture, by topic, and `docs/cards.md` that shows them.

Drawn by Microsoft's own renderer (npm `adaptivecards`, fetched by `npm pack`, held to its checksum,
kept in a folder that git ignores) in a real Chromium, without a network. A picture is one sheet of
cards. Which topic a card belongs to follows from the commands that show it.

    python -m tests.cards.pictures [topic …]
"""

from __future__ import annotations

import ast
import base64
import hashlib
import html
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image, ImageChops

from cards.kit import Card
from tests.cards.samples import samples

ROOT = Path(__file__).parent.parent.parent
PICTURES = ROOT / "docs" / "pictures"
PAGE = ROOT / "docs" / "cards.md"
CACHE = ROOT / "var" / "pictures"
RENDERER = "adaptivecards@3.0.6"
CHECKSUM = (
    "WDCIb2WXZ7cOHJ9HIHRNdhSt861HySVOdN2xPk2aKHAF3JvD8QGQ8/XcNFrDJxCteOog8MM7EBlXfSAR8JXKAg=="
)
"""SHA-512 of the package, as the registry gave it on 2026-11-24."""
WIDE, HIGH, COLUMN = 1290, 9000, 400
PER_SHEET = 12
COLOURS = 48
MOST_BYTES = 300_000
TITLE = "Q3 plans"
NIGHT = "Warnings and nights"
"""The topic of what no command shows."""

HOST = {
    "fontFamily": "Inter, 'DejaVu Sans', Arial, sans-serif",
    "fontSizes": {"small": 12, "default": 14, "medium": 16, "large": 18, "extraLarge": 22},
    "spacing": {
        "small": 4, "default": 8, "medium": 14, "large": 20, "extraLarge": 28, "padding": 14
    },
    "supportsInteractivity": True,
    "actions": {
        "maxActions": 5, "buttonSpacing": 8, "actionsOrientation": "horizontal",
        "actionAlignment": "left", "showCard": {"actionMode": "inline", "inlineTopMargin": 8},
    },
    "containerStyles": {
        "default": {
            "backgroundColor": "#FFFFFF",
            "foregroundColors": {
                "default": {"default": "#171717", "subtle": "#616161"},
                "attention": {"default": "#B3261E", "subtle": "#B3261E"},
            },
        }
    },
}  # fmt: skip
"""Near to how Webex shows a card: its client's own settings are not public."""
STYLE = f"""
body {{ margin: 0; padding: 12px; background: #ededed; width: {WIDE - 24}px;
       font: 12px 'DejaVu Sans', sans-serif; }}
#sheet {{ columns: 3; column-gap: 12px; }}
figure {{ break-inside: avoid; margin: 0 0 14px; }}
figcaption {{ color: #555; margin: 0 0 3px 2px; }}
.box {{ width: {COLUMN}px; background: #fff; border: 1px solid #cfcfcf; border-radius: 8px;
       overflow: hidden; }}
.ac-pushButton {{ border: 1px solid #888; background: #fff; border-radius: 14px; padding: 5px 12px;
       font: 13px 'DejaVu Sans', sans-serif; white-space: normal; text-align: left; }}
.style-positive {{ border-color: #1d7c50; color: #1d7c50; }}
.style-destructive {{ border-color: #b3261e; color: #b3261e; }}
.ac-actionSet {{ flex-wrap: wrap !important; row-gap: 8px; }}
.ac-richTextBlock {{ overflow-wrap: anywhere; }}
input, select, textarea {{ font: 13px 'DejaVu Sans', sans-serif; padding: 4px; width: 100%;
       box-sizing: border-box; border: 1px solid #999; border-radius: 6px; }}
input[type=checkbox], input[type=radio] {{ width: auto; }}
"""


def topics() -> dict[str, list[str]]:
    """Each topic with the names of its samples: those of the card modules that its commands use."""
    of_module = dict(_modules())
    found: dict[str, list[str]] = {}
    for name in sorted(samples(TITLE)):
        module = name.split("-")[0]
        topic = of_module.get(module) or of_module.get(name.replace("-", "_")) or NIGHT
        found.setdefault(topic, []).append(name)
    return dict(sorted(found.items()))


def _modules() -> Iterator[tuple[str, str]]:
    """Each card's module and the topic of most of the commands that import it."""
    used: dict[str, Counter[str]] = {}
    for path in sorted((ROOT / "commands").glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        groups = [
            str(word.value.value)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "command"
            for word in call.keywords
            if word.arg == "group" and isinstance(word.value, ast.Constant)
        ]
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cards."):
                module = str(node.module).partition(".")[2]
                used.setdefault(module, Counter()).update(groups)
    yield from {"form": "Help", "refusal": "Help", "fault": "Help", "welcome": "Help"}.items()
    for module, counted in used.items():
        if counted and module not in ("form", "done"):
            yield module, counted.most_common(1)[0][0]


def renderer() -> str:
    """The renderer's code. Raises SystemExit: what was fetched is not what it should be."""
    package = CACHE / "adaptivecards-3.0.6.tgz"
    if not package.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", RENDERER], cwd=CACHE, check=True)
    found = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if found != CHECKSUM:
        raise SystemExit(f"{package} is not {RENDERER}: its checksum is {found}")
    with tarfile.open(package) as opened:
        inside = opened.extractfile("package/dist/adaptivecards.min.js")
        assert inside is not None
        return inside.read().decode()


def draw(some: dict[str, Card], to: Path, code: str) -> None:
    """One sheet of cards as a PNG of few colours."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        page, shot = Path(folder) / "page.html", Path(folder) / "shot.png"
        page.write_text(_page(some, code), "utf-8")
        subprocess.run(
            [_chromium(), "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-background-networking", "--hide-scrollbars", f"--user-data-dir={folder}/u",
             f"--window-size={WIDE},{HIGH}", "--virtual-time-budget=4000",
             f"--screenshot={shot}", page.as_uri()],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180,
        )  # fmt: skip
        whole = Image.open(shot).convert("RGB")
    empty = Image.new("RGB", whole.size, whole.getpixel((1, whole.height - 1)))
    box = ImageChops.difference(whole, empty).getbbox() or (0, 0, WIDE, 100)
    cut = whole.crop((0, 0, WIDE, min(box[3] + 12, whole.height)))
    cut.quantize(COLOURS, dither=Image.Dither.NONE).save(to, optimize=True)
    if to.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{to.name} is {to.stat().st_size:,} bytes; show fewer cards on a sheet")


def _page(some: dict[str, Card], code: str) -> str:
    drawn = {
        name: card.render({press: str(n) for n, press in enumerate(card.presses)})
        for name, card in some.items()
    }
    boxes = "".join(
        f'<figure><figcaption>{html.escape(name)}</figcaption><div class="box" id="{n}"></div>'
        "</figure>"
        for n, name in enumerate(drawn)
    )
    script = json.dumps(list(drawn.values())).replace("</", "<\\/")
    return f"""<!doctype html><meta charset="utf-8"><style>{STYLE}</style>
<div id="sheet">{boxes}</div><script>{code}</script><script>
AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {{
  const div = document.createElement("div");
  div.textContent = text;
  result.outputHtml = div.innerHTML.replace(/\\*\\*(.+?)\\*\\*/g, "<b>$1</b>");
  result.didProcess = true;
}};
{script}.forEach((json, n) => {{
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = new AdaptiveCards.HostConfig({json.dumps(HOST)});
  card.parse(json);
  document.getElementById(String(n)).appendChild(card.render());
}});
</script>"""


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise SystemExit("Pictures need Chromium on the PATH (Debian: apt install chromium).")


def sheets(names: Iterable[str]) -> list[list[str]]:
    every = list(names)
    return [every[start : start + PER_SHEET] for start in range(0, len(every), PER_SHEET)]


def file_name(topic: str, number: int) -> str:
    return f"cards-{topic.casefold().replace(' ', '-')}{f'-{number}' if number > 1 else ''}.png"


def page() -> str:
    """`docs/cards.md`: the pictures by topic, and which samples are on each."""
    lines = [
        "# The cards", "",
        "<!-- Written by `make pictures`; don't edit it by hand. -->", "",
        "What people see, drawn from the samples that the tests hold to Adaptive Cards 1.3 and to",
        "what Webex shows of it. Each also has a text that says everything, for where cards don't",
        "show. Buttons that open more of a card (“More”, “Details …”) are closed here.", "",
    ]  # fmt: skip
    for topic, names in topics().items():
        lines += [f"## {topic}", ""]
        for number, some in enumerate(sheets(names), 1):
            lines += [f"![{', '.join(some)}](pictures/{file_name(topic, number)})", ""]
    return "\n".join(lines)


def main() -> None:
    only, code, every = set(sys.argv[1:]), renderer(), samples(TITLE)
    PICTURES.mkdir(parents=True, exist_ok=True)
    kept = {"cards.png"}
    for topic, names in topics().items():
        for number, some in enumerate(sheets(names), 1):
            name = file_name(topic, number)
            kept.add(name)
            if not only or topic in only:
                draw({one: every[one] for one in some}, PICTURES / name, code)
    for old in PICTURES.glob("cards-*.png"):
        if old.name not in kept:
            old.unlink()
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
