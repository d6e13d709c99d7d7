"""What every card must hold, whatever it says: asked of each one by `drawn`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import adaptive_cards
import pytest
from jsonschema import Draft6Validator

from cards.kit import Card
from cards.words import harmless
from sandbox.cards import check_card
from tests.cards.checks import Drawn, own_actions, parts

SNAPSHOTS = Path(__file__).parent / "snapshots"
SCHEMA = Path(adaptive_cards.__file__).parent / "schemas" / "schema-1.3.json"
NEW = bool(os.environ.get("NEW_SNAPSHOTS"))
"""Set it to write the snapshots anew, then read the difference."""
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
SUBSET = {
    "AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "FactSet", "Fact", "Container",
    "ColumnSet", "Column", "ActionSet", "Input.Text", "Input.Number", "Input.Date",
    "Input.Toggle", "Input.ChoiceSet", "Action.Submit", "Action.OpenUrl", "Action.ShowCard",
}  # fmt: skip


@pytest.fixture(scope="session")
def schema() -> Draft6Validator:
    # The schema names its draft and then writes `id`, the older word; its references are local.
    raw = json.loads(SCHEMA.read_text("utf-8"))
    raw.pop("id")
    return Draft6Validator(raw)


@pytest.fixture
def drawn(schema: Draft6Validator) -> Drawn:
    """Draws a card and checks what holds for each."""

    def draw(card: Card) -> dict[str, Any]:
        nonces = {press: f"nonce-{n}" for n, press in enumerate(card.presses, 1)}
        made: dict[str, Any] = card.render(nonces, "marker")
        assert len(json.dumps(made)) <= 80_000
        assert len(card.text.encode()) <= 7439
        assert card.render(nonces, "marker") == made, "drawing a card must not change it"
        faults = [f"{e.json_path}: {e.message[:200]}" for e in schema.iter_errors(made)]
        assert not faults
        check_card({"contentType": ADAPTIVE, "content": made})
        everything = list(parts(made))
        assert {p["type"] for p in everything if "type" in p} <= SUBSET
        submits = [p for p in everything if p.get("type") == "Action.Submit"]
        assert sorted(p["data"]["nonce"] for p in submits) == sorted(nonces.values())
        assert all(set(p["data"]) == {"nonce"} for p in submits)
        for one in (p for p in everything if p.get("type") == "AdaptiveCard"):
            assert one["version"] == "1.3"
            assert len(own_actions(one)) <= 5
        assert sum(str(p.get("type", "")).startswith("Action.") for p in everything) <= 20
        ids = [p["id"] for p in everything if "id" in p]
        assert len(ids) == len(set(ids)), "an id twice on one card"
        for press in card.presses:
            assert f"[{harmless(press.title, 60)}]" in card.text
            assert set(press.inputs) <= set(ids)
        return made

    return draw


@pytest.fixture
def snapshot(drawn: Drawn) -> Callable[[str, Card], None]:
    """Draws a card and compares it, and its fallback, with what was agreed on."""

    def check(name: str, card: Card) -> None:
        made = {"text": card.text.splitlines(), "card": drawn(card)}
        path = SNAPSHOTS / f"{name}.json"
        if NEW:
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", "utf-8")
        assert made == json.loads(path.read_text("utf-8"))

    return check
