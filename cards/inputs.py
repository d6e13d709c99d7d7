"""How a `domain.fields.Field` looks on a card.

Decides the input element for each kind of field; what is asked is the command's. Yes/no comes
back as “yes” or “no”, several choices joined by commas (webex-facts 4), all as text.
"""

from __future__ import annotations

from typing import Any

from cards.words import harmless, without_templates
from domain.fields import Field, FieldKind


def draw_field(lib: Any, field: Field) -> Any:
    """The library's object for a field. `lib` is adaptivecardbuilder, which `cards.kit` owns."""
    match field.kind:
        case FieldKind.TEXT | FieldKind.LINES:
            several = {"isMultiline": True} if field.kind is FieldKind.LINES else {}
            return lib.InputText(
                field.name, maxLength=field.longest, **several, **_hint(field), **_value(field),
                **_frame(field),
            )  # fmt: skip
        case FieldKind.NUMBER:
            number = {"value": float(field.value)} if field.value else {}
            return lib.InputNumber(field.name, **_hint(field), **number, **_frame(field))
        case FieldKind.DATE:
            return lib.InputDate(field.name, **_value(field), **_frame(field))
        case FieldKind.CHOICE | FieldKind.CHOICES:
            several = {"isMultiSelect": True} if field.kind is FieldKind.CHOICES else {}
            return lib.InputChoiceSet(
                field.name, style="compact" if not several else "expanded", wrap=True,
                choices=[_choice(lib, *choice) for choice in field.choices],
                **_hint(field), **several, **_value(field), **_frame(field),
            )  # fmt: skip
        case FieldKind.YES_NO:
            # A required toggle would have to be on, so "no" could not be said.
            return lib.InputToggle(
                _no_link(field.label), field.name, valueOn="yes", valueOff="no",
                value="yes" if field.value == "yes" else "no", wrap=True,
            )  # fmt: skip


def _frame(field: Field) -> dict[str, object]:
    if not field.required:
        return {"label": harmless(field.label)}
    error = field.error or f"Please fill in: {field.label}."
    return {
        "label": harmless(field.label),
        "isRequired": True,
        "errorMessage": harmless(error),
    }


def _hint(field: Field) -> dict[str, str]:
    return {"placeholder": harmless(field.hint)} if field.hint else {}


def _value(field: Field) -> dict[str, str]:
    return {"value": without_templates(field.value[: field.longest])} if field.value else {}


def _choice(lib: Any, value: str, label: str) -> Any:
    return lib.InputChoice(_no_link(label), value)


def _no_link(label: str) -> str:
    """Clients read markdown beside check boxes; a link there would be somebody else's."""
    return harmless(label).replace("](", "] (")
