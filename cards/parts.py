"""What a card is made of, as values: each part knows its presses and how it reads as text.

Decides which parts there are and their limits; how they are drawn is `cards.kit`'s. A part's
`lines` are the fallback where cards don't show, and they leave nothing out: for a button
they say what to type instead. Where all would be too much, values are cut at `longest`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from cards.words import LONG, LOOK_ALIKE, harmless
from domain.fields import Field, FieldKind
from domain.ids import CaseKey, PersonKey, PolicyVersionKey, SpaceKey
from domain.outgoing import CARD_LIFE, Press

MOST_BUTTONS = 5
"""On one card, those in its body included; the card behind a *more* counts for itself
(webex-facts 4)."""
MOST_ACTIONS = 20
"""On a card with everything behind it (webex-facts 4)."""
MOST_COLUMNS = 3
BUTTON = 60
"""Characters on a button."""
MOST_TYPED = 200
"""Of what a person types instead; holds an id of Webex, and a command around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What the kit itself says beside a card's own words; other languages pass theirs."""

    or_type: str = "or type"
    optional: str = "optional"
    one_of: str = "one of"
    cut: str = "cut short; the card has it all"
    look_alike: str = LOOK_ALIKE


ENGLISH = Spoken()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Our own words; the only part that may hold markdown. Never holds a value."""

    words: str
    bold: bool = False
    subtle: bool = False

    def lines(self, longest: int = LONG, spoken: Spoken = ENGLISH) -> Iterator[str]:
        yield self.words.replace("**", "").replace("`", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """Words with a value in them, or a person's own: drawn without markdown, made harmless."""

    words: str
    bold: bool = False
    subtle: bool = False
    warns: bool = False
    longest: int = LONG

    def lines(self, longest: int = LONG, spoken: Spoken = ENGLISH) -> Iterator[str]:
        yield harmless(self.words, min(self.longest, longest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    pairs: tuple[tuple[str, str], ...]

    def lines(self, longest: int = LONG, spoken: Spoken = ENGLISH) -> Iterator[str]:
        for label, value in self.pairs:
            colon = "" if label.endswith("?") else ":"
            yield f"{label}{colon} {harmless(value, longest)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table. Cells are harmless text; `lead` makes the first stand out."""

    cells: tuple[str, ...]
    widths: tuple[int, ...]
    head: bool = False
    lead: bool = False

    def lines(self, longest: int = LONG, spoken: Spoken = ENGLISH) -> Iterator[str]:
        yield " · ".join(harmless(cell, longest) for cell in self.cells if cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    fields: tuple[Field, ...]

    def lines(self, longest: int = LONG, spoken: Spoken = ENGLISH) -> Iterator[str]:
        for field in self.fields:
            needed = "" if field.required else f" ({spoken.optional})"
            hint = f" – {harmless(field.hint)}" if field.hint else ""
            value = f" [{harmless(field.value)}]" if field.value else ""
            yield f"{field.label}{needed}{value}{hint}"
            if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
                yield f"   {spoken.one_of}: " + ", ".join(
                    harmless(label) for _, label in field.choices
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    press: Press
    typed: str

    def lines(self, longest: int = LONG, spoken: Spoken = ENGLISH) -> Iterator[str]:
        typed = harmless(self.typed, min(MOST_TYPED, longest))
        yield f"[{harmless(self.press.title, BUTTON)}] {spoken.or_type}: {typed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """Buttons in the body, beside what they belong to."""

    buttons: tuple[Button, ...]

    def lines(self, longest: int = LONG, spoken: Spoken = ENGLISH) -> Iterator[str]:
        for button in self.buttons:
            yield from button.lines(longest, spoken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    title: str
    url: str

    def lines(self, longest: int = LONG, spoken: Spoken = ENGLISH) -> Iterator[str]:
        yield f"[{harmless(self.title, BUTTON)}] {self.url}"


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """A button that opens more of the same card. It holds no further *more*."""

    title: str
    children: tuple[Child, ...]
    actions: tuple[Button, ...] = ()

    def lines(self, longest: int = LONG, spoken: Spoken = ENGLISH) -> Iterator[str]:
        yield f"{harmless(self.title, BUTTON)}:"
        for part in (*self.children, *self.actions):
            for line in part.lines(longest, spoken):
                yield f"   {line}"


Child = Text | Plain | Facts | Row | Fields | Buttons
Action = Button | Link | More


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """To whom and to what state a press is bound; void when any of it moved on."""

    only_for: PersonKey | None = None
    space: SpaceKey | None = None
    case: CaseKey | None = None
    cycle: int | None = None
    version: PolicyVersionKey | None = None
    life: timedelta = CARD_LIFE


UNBOUND = Bound()


def press(
    title: str, command: str, /, *, typed: str = "", inputs: tuple[str, ...] = (),
    style: str = "default", once: bool = False, bound: Bound = UNBOUND,
    given: Mapping[str, str] | None = None, **args: str,
) -> Button:  # fmt: skip
    """A button: `press("Keep", "keep forever", space=room_id)`.

    Args:
        typed: what a person types for the same; without it, the command and its arguments.
        inputs: the fields of this card that go along.
        once: the first press of such a button uses up the card's others.
        given: further arguments, where their names are not known here.
    """
    args |= given or {}
    return Button(
        press=Press(
            title=title, command=command, args=args, inputs=inputs, style=style,
            once_per_card=once, only_for=bound.only_for, space=bound.space, case=bound.case,
            cycle=bound.cycle, policy_version=bound.version, life=bound.life,
        ),
        typed=typed or _typed(command, args, inputs),
    )  # fmt: skip


def _typed(command: str, args: Mapping[str, str], inputs: tuple[str, ...]) -> str:
    given = (f'"{arg}"' if " " in arg else arg for arg in args.values() if arg)
    return " ".join((command, *given, *(f"<{name}>" for name in inputs)))
