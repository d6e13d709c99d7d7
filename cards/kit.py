"""The kit that cards are built with, and the door of adaptivecardbuilder 0.0.9.

Decides how parts become Adaptive Cards 1.3 JSON in the subset that Webex shows; what a card
says is its own file's. The library's faults end here: it is given children when an object
is made (its `add` wanders off into containers), never its `Fact`, and its output is mended
(`schema` for `$schema`, the version of cards within cards). It is imported when the first
card is drawn, since that takes most of a second.

A button carries a nonce and nothing else (safety.md, Presses). What a person wrote goes only
into RichTextBlock, which knows no markdown; a FactSet does know it, so facts are rows here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, LiteralString, cast

from cards.inputs import draw_field
from cards.parts import (
    BUTTON,
    ENGLISH,
    MOST_ACTIONS,
    MOST_BUTTONS,
    MOST_COLUMNS,
    UNBOUND,
    Action,
    Bound,
    Button,
    Buttons,
    Child,
    Facts,
    Fields,
    Link,
    More,
    Plain,
    Row,
    Spoken,
    Text,
    press,
)
from cards.words import LONG, LOOK_ALIKE, harmless
from domain.fields import Field
from domain.outgoing import Press

__all__ = [
    "UNBOUND", "Action", "Bound", "Button", "Card", "Child", "buttons", "card", "facts",
    "fields", "head", "link", "more", "plain", "press", "row", "text",
]  # fmt: skip

VERSION = "1.3"  # the newest that Webex takes (webex-facts 4)
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
MOST_BYTES = 80_000  # webex-facts 4: 80 KB with images; we have none
MOST_TEXT_BYTES = 7439  # of a message's text (webex-facts 1.5)
TITLE = 200
MARKER = 20
"""Characters of a marker."""
_SHORTER = (LONG, 200, 60)


class TooLarge(ValueError):
    """A card that does not fit even with every text cut short: a bug in the card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card as a value; satisfies `domain.outgoing.Showable`."""

    title: str
    children: tuple[Child, ...] = ()
    actions: tuple[Action, ...] = ()
    fallback: str = ""
    spoken: Spoken = ENGLISH

    def __post_init__(self) -> None:
        _check(self.children, self.actions)
        if len(self.presses) + sum(not isinstance(a, Button) for a in self.actions) > MOST_ACTIONS:
            raise ValueError(f"more than {MOST_ACTIONS} actions on the card “{self.title}”")

    @property
    def presses(self) -> tuple[Press, ...]:
        return tuple(_presses((*self.children, *self.actions)))

    @property
    def text(self) -> str:
        if self.fallback:
            return _cut(self.fallback, self.spoken)
        return _told(self) if self.presses else _said(self)

    def render(self, nonces: Mapping[Press, str], marker: str = "") -> dict[str, object]:
        """The card's JSON, at most 80 KB; texts are cut short where it would be more.

        Raises:
            KeyError: a press has no nonce.
            TooLarge: see there.
        """
        if not self.presses:
            return _marked(_drawn(self), marker)
        return _fitting(self, nonces, marker)


def _told(card: Card) -> str:
    parts = (*card.children, *card.actions)
    for longest in _SHORTER:
        lines = (line for part in parts for line in part.lines(longest, card.spoken))
        said = "\n".join((harmless(card.title, TITLE), *lines))
        if len(said.encode()) <= MOST_TEXT_BYTES:
            break
    return _cut(_own(said, card.spoken), card.spoken)


def _own(text: str, spoken: Spoken) -> str:
    """Our mark on people's words, in the card's language."""
    return text.replace(LOOK_ALIKE, spoken.look_alike)


@lru_cache(maxsize=128)
def _said(card: Card) -> str:
    """As `_drawn`."""
    return _told(card)


def _fitting(card: Card, nonces: Mapping[Press, str], marker: str) -> dict[str, object]:
    for longest in _SHORTER:
        drawn = _Drawing(nonces, longest).card(card, marker)
        said = json.dumps(drawn)
        if len(said) <= MOST_BYTES:
            is_same = card.spoken == ENGLISH or LOOK_ALIKE not in said
            return drawn if is_same else json.loads(_own(said, card.spoken))
    raise TooLarge(card.title)


@lru_cache(maxsize=128)
def _drawn(card: Card) -> dict[str, object]:
    """A card without buttons says the same whenever it is drawn, and many are drawn often."""
    return _fitting(card, {}, "·" * MARKER)


def _marked(drawn: Mapping[str, object], marker: str) -> dict[str, object]:
    """A copy of a drawn card with another marker, or without one."""
    *shown, hidden = cast("list[dict[str, object]]", drawn["body"])
    mine = [{**hidden, "id": f"sk-{marker}"}] if marker else []
    return {**drawn, "body": [*shown, *mine]}


def card(
    title: str, *children: Child, actions: Iterable[Action] = (), text: str = "",
    spoken: Spoken = ENGLISH,
) -> Card:  # fmt: skip
    """A card. `title` may hold a person's words; `text` replaces the derived fallback, and
    `spoken` what the kit says of its own."""
    return Card(
        title=title, children=children, actions=tuple(actions), fallback=text, spoken=spoken
    )


def text(words: LiteralString, *, bold: bool = False, subtle: bool = False) -> Text:
    """Our own words, markdown allowed. Anything with a value in it is `plain`."""
    return Text(words=words, bold=bold, subtle=subtle)


def plain(
    words: str, *, bold: bool = False, subtle: bool = False, warns: bool = False,
    longest: int = LONG,
) -> Plain:  # fmt: skip
    """Words with values, or a person's own. `warns` adds colour; the words must say it too."""
    return Plain(words=words, bold=bold, subtle=subtle, warns=warns, longest=longest)


def facts(*pairs: tuple[str, str] | None) -> Facts:
    """Label and value, one below the other. A None is left out, for facts that don't apply."""
    return Facts(pairs=tuple(pair for pair in pairs if pair))


def row(*cells: str, widths: tuple[int, ...] = (), lead: bool = False) -> Row:
    """A line of a table of at most three columns; `widths` are weights, `lead` makes the first
    cell stand out."""
    if not 0 < len(cells) <= MOST_COLUMNS:
        raise ValueError(f"a row has one to {MOST_COLUMNS} cells")
    return Row(cells=cells, widths=widths or (1,) * len(cells), lead=lead)


def head(*cells: LiteralString, widths: tuple[int, ...] = ()) -> Row:
    return Row(cells=cells, widths=widths or (1,) * len(cells), head=True)


def fields(*given: Field) -> Fields:
    return Fields(fields=given)


def buttons(*given: Button) -> Buttons:
    return Buttons(buttons=given)


def link(title: str, url: str) -> Link:
    if not url.startswith(("https://", "webexteams://")):
        raise ValueError("a link goes to https or into Webex")
    return Link(title=title, url=url)


def more(title: str, *children: Child, actions: Iterable[Button] = ()) -> More:
    return More(title=title, children=children, actions=tuple(actions))


def _check(
    children: Iterable[Child], actions: Iterable[Action], above: frozenset[str] = frozenset()
) -> None:
    """A client sends every field of the card, and of the card it opened from, with any press;
    so each press must expect exactly those, or it would be refused for a key too many.
    """
    asked = [f.name for c in children if isinstance(c, Fields) for f in c.fields]
    if len(set(asked) | above) < len(asked) + len(above):
        raise ValueError("two fields of one name")
    sent = above.union(asked)
    inside = [b for c in children if isinstance(c, Buttons) for b in c.buttons]
    own = [*inside, *actions]
    if len(own) > MOST_BUTTONS:
        raise ValueError(f"more than {MOST_BUTTONS} buttons on one card")
    for one in own:
        if isinstance(one, Button) and set(one.press.inputs) != sent:
            raise ValueError(f"the press “{one.press.title}” does not expect the card's fields")
        if isinstance(one, More):
            _check(one.children, one.actions, sent)


def _presses(parts: Iterable[Child | Action]) -> Iterator[Press]:
    for part in parts:
        match part:
            case Button():
                yield part.press
            case Buttons():
                yield from _presses(part.buttons)
            case More():
                yield from _presses((*part.children, *part.actions))


def _cut(words: str, spoken: Spoken) -> str:
    if len(words.encode()) <= MOST_TEXT_BYTES:
        return words
    end = f"\n… ({spoken.cut})"
    room = words.encode()[: MOST_TEXT_BYTES - len(end.encode())].decode(errors="ignore")
    return room.rpartition("\n")[0] + end if "\n" in room else room + end


class _Drawing:
    """One drawing of one card, with its nonces and its limit on people's texts."""

    def __init__(self, nonces: Mapping[Press, str], longest: int) -> None:
        import adaptivecardbuilder

        self.lib: Any = adaptivecardbuilder
        self.nonces = nonces
        self.longest = longest

    def card(self, given: Card, marker: str) -> dict[str, object]:
        title = self.plain(Plain(words=given.title, bold=True, longest=TITLE), size="Large")
        hidden = (
            [self.lib.TextBlock(text=" ", id=f"sk-{marker}", isVisible=False)] if marker else []
        )
        built = self.lib.AdaptiveCard(
            body=[title, *map(self.child, given.children), *hidden],
            actions=[self.action(a) for a in given.actions],
        )
        # to_dict is a coroutine that only ever waits when it translates; so it ends at once,
        # and needs no event loop, which a caller on the bot's loop could not start.
        try:
            built.to_dict(version=VERSION, schema=SCHEMA).send(None)
        except StopIteration as done:
            drawn: dict[str, object] = _mended(done.value)
            return drawn
        raise RuntimeError("adaptivecardbuilder waited for something")

    def child(self, part: Child) -> Any:
        match part:
            case Text():
                return self.lib.TextBlock(text=part.words, wrap=True, **_weight(part))
            case Plain():
                return self.plain(part)
            case Facts():
                return self.lib.Container(items=[self.fact(*pair) for pair in part.pairs])
            case Row():
                return self.columns(part)
            case Fields():
                return self.lib.Container(items=[draw_field(self.lib, f) for f in part.fields])
            case Buttons():
                return self.lib.ActionSet(actions=[self.action(b) for b in part.buttons])

    def plain(self, part: Plain, **more: object) -> Any:
        words = harmless(part.words, min(part.longest, self.longest)) or "–"
        colour = {"color": "Attention"} if part.warns else {}
        run = self.lib.TextRun(words, **_weight(part), **colour, **more)
        return self.lib.RichTextBlock(inlines=[run])

    def fact(self, label: str, value: str) -> Any:
        cells = (Plain(words=label, subtle=True), Plain(words=value))
        return self.column_set(cells, (2, 3))

    def columns(self, part: Row) -> Any:
        cells = [
            Plain(words=cell, bold=part.head or (part.lead and place == 0))
            for place, cell in enumerate(part.cells)
        ]
        return self.column_set(cells, part.widths)

    def column_set(self, cells: Iterable[Plain], widths: tuple[int, ...]) -> Any:
        return self.lib.ColumnSet(
            spacing="Small",
            columns=[
                self.lib.Column(width=width, items=[self.plain(cell)])
                for cell, width in zip(cells, widths, strict=True)
            ],
        )

    def action(self, part: Action) -> Any:
        match part:
            case Button(press=given):
                style = {} if given.style == "default" else {"style": given.style}
                data = {"nonce": self.nonces[given]}
                return self.lib.ActionSubmit(
                    title=harmless(given.title, BUTTON), data=data, **style
                )
            case Link():
                return self.lib.ActionOpenUrl(part.url, title=harmless(part.title, BUTTON))
            case More():
                inner = self.lib.AdaptiveCard(
                    body=[self.child(c) for c in part.children],
                    actions=[self.action(a) for a in part.actions],
                )
                return self.lib.ActionShowCard(title=harmless(part.title, BUTTON), card=inner)


def _weight(part: Text | Plain) -> dict[str, object]:
    return ({"weight": "Bolder"} if part.bold else {}) | ({"isSubtle": True} if part.subtle else {})


def _mended(node: Any) -> Any:
    """The library's output mended: it writes `schema`, and 1.2 for a card within a card."""
    if isinstance(node, list):
        return [_mended(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _mended(value) for key, value in node.items() if key not in ("schema", "_pointer")}
    if node.get("type") == "AdaptiveCard":
        kept = {"type": "AdaptiveCard", "$schema": SCHEMA, **kept, "version": VERSION}
        if not kept["actions"]:
            del kept["actions"]
    return kept
