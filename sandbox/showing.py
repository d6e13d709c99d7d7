"""What a person sees of a message and its card, and what a client sends for a button.

For whoever plays a person on the sandbox: tests and the demo.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Message = dict[str, Any]


class Answer(Message):
    """A message of the bot, as the server has it."""

    @property
    def text(self) -> str:
        return str(self.get("text", ""))

    @property
    def is_file(self) -> bool:
        """Whether it only brings a file: such a message follows an answer, perhaps a little late,
        and is none itself."""
        return bool(self.get("files")) and not self.get("attachments")

    @property
    def card(self) -> dict[str, Any]:
        attachments = self.get("attachments") or ()
        if not attachments:
            raise LookupError(f"there is no card on: {self.text}")
        return dict(attachments[0]["content"])

    @property
    def buttons(self) -> list[str]:
        """The titles of all that can be pressed, in order."""
        if not self.get("attachments"):
            return []
        return [str(action["title"]) for action, _ in submits_of(self.card)]


def inputs_of(message: Message, title: str, filled: Mapping[str, str]) -> dict[str, str]:
    """What a client submits for a button: the fields of its card and of those around it, as the
    card has them or as they were filled in, and the button's own data."""
    for action, fields in submits_of(Answer(message).card):
        if str(action["title"]).casefold() == title.casefold():
            unknown = set(filled) - set(fields)
            if unknown:
                raise LookupError(f"no field {sorted(unknown)}; there are {sorted(fields)}")
            return {**fields, **filled, **action.get("data", {})}
    raise LookupError(f"no button {title!r}; there are {Answer(message).buttons}")


def submits_of(
    card: Mapping[str, Any], around: Mapping[str, str] | None = None
) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Each submitting action of a card with the fields that go with it. A card within a card
    sends the fields of the outer one too, but not the other way round."""
    fields = {**(around or {}), **{str(i["id"]): _value(i) for i in _inputs(card.get("body", ()))}}
    for action in [*_actions(card.get("body", ())), *card.get("actions", ())]:
        if action["type"] == "Action.Submit":
            yield action, fields
        elif action["type"] == "Action.ShowCard":
            yield from submits_of(action["card"], fields)


def _inputs(part: Any) -> Iterator[Mapping[str, Any]]:
    for element in _elements(part):
        if str(element.get("type", "")).startswith("Input."):
            yield element


def _actions(part: Any) -> Iterator[dict[str, Any]]:
    for element in _elements(part):
        yield from element.get("actions", ()) if element.get("type") == "ActionSet" else ()


def _elements(part: Any) -> Iterator[Mapping[str, Any]]:
    for element in part:
        yield element
        for name in ("items", "columns", "body"):
            yield from _elements(element.get(name, ()))


def _value(field: Mapping[str, Any]) -> str:
    value = field.get("value", "")
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)
