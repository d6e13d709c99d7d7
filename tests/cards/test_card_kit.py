import json
import subprocess
import sys
from typing import Any

import pytest

from cards.kit import (
    Card,
    TooLarge,
    buttons,
    card,
    facts,
    fields,
    head,
    link,
    more,
    plain,
    press,
    row,
    text,
)  # fmt: skip
from domain.fields import Field, FieldKind
from tests.cards.checks import Drawn, own_actions, parts, shown

HOSTILE = [
    "**bold** [click](https://evil.example) # _x_ `y` ![i](https://evil.example/i.png)",
    "${secret} {{DATE(2026-01-01T00:00:00Z, SHORT)}}",
    "invoice\u202exslx.exe",
    "x" * 10_000,
    "<@personEmail:ana@example.com> <script>alert(1)</script>",
    "日本語" * 3000,
    "half a letter \ud800, a bell \x07 and nothing \x00",
]


INPUTS = ("title", "why", "days", "until", "scope", "tags", "moderator")


def everything(words: str) -> Card:
    return card(
        words,
        text("Our own words, **bold**.", bold=True),
        plain(words, subtle=True),
        facts(("Title", words), None, ("Size", "12 people")),
        head("Space", "Last used"),
        row(words, "2 weeks ago"),
        buttons(press("Save", "save it", typed="save it <title>")),
        actions=(
            press("Keep", "keep forever", space="R 1", style="positive"),
            more(
                "Details",
                plain(words),
                fields(
            Field(name="title", label="Title", hint="a few words", required=True, value=words),
            Field(name="why", label="Why", kind=FieldKind.LINES),
            Field(name="days", label="Days", kind=FieldKind.NUMBER, value="30"),
            Field(name="until", label="Keep until", kind=FieldKind.DATE, value="2027-01-01"),
            Field(name="scope", label="Scope", kind=FieldKind.CHOICE,
                  choices=(("internal", "Internal"), ("external", words))),
            Field(name="tags", label="Tags", kind=FieldKind.CHOICES,
                  choices=(("a", words), ("b", "Finance"))),
            Field(name="moderator", label="As moderator", kind=FieldKind.YES_NO, value="yes"),
        ),
                actions=[press("Explain", "explain", inputs=INPUTS, space="R1")],
            ),
            link("Open in Webex", "webexteams://im?space=1"),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("words", ["Q3 plans", *HOSTILE])
def test_every_part_fits_the_schema_whatever_people_write(words: str, drawn: Drawn) -> None:
    drawn(everything(words))


@pytest.mark.parametrize("words", HOSTILE)
def test_a_persons_words_never_stand_where_markdown_is_read(words: str, drawn: Drawn) -> None:
    for part in parts(drawn(everything(words))):
        if part.get("type") in ("TextBlock", "Fact", "Input.Toggle") or "choices" in part:
            read = json.dumps([part.get("text"), part.get("title"), part.get("choices")])
            assert "](https" not in read
            assert "evil" not in (part.get("text") or "")


def test_nothing_that_a_client_expands_is_left(drawn: Drawn) -> None:
    made = json.dumps(drawn(everything("${a} {{b}}")))
    assert "${" not in made
    assert "{{" not in made.replace('{"', "")


def test_the_parts_are_drawn_in_order_with_their_properties(drawn: Drawn) -> None:
    made = drawn(everything("Q3 plans"))
    kinds = [part["type"] for part in made["body"]]
    assert kinds == [
        "RichTextBlock", "TextBlock", "RichTextBlock", "Container", "ColumnSet", "ColumnSet",
        "ActionSet", "TextBlock",
    ]  # fmt: skip
    inputs = made["actions"][1]["card"]["body"][1]["items"]
    assert [i["type"] for i in inputs] == [
        "Input.Text", "Input.Text", "Input.Number", "Input.Date", "Input.ChoiceSet",
        "Input.ChoiceSet", "Input.Toggle",
    ]  # fmt: skip
    assert inputs[0]["isRequired"] is True
    assert inputs[0]["errorMessage"] == "Please fill in: Title."
    assert inputs[1]["isMultiline"] is True
    assert inputs[5]["isMultiSelect"] is True
    assert made["body"][-1] == {
        "type": "TextBlock", "text": " ", "id": "sk-marker", "isVisible": False,
    }  # fmt: skip


def test_a_button_carries_its_nonce_and_nothing_else(drawn: Drawn) -> None:
    keep = own_actions(drawn(everything("x")))[1]
    assert keep == {
        "type": "Action.Submit", "title": "Keep", "data": {"nonce": "nonce-2"},
        "style": "positive",
    }  # fmt: skip


def test_a_press_without_a_nonce_is_not_drawn() -> None:
    with pytest.raises(KeyError):
        card("x", actions=[press("Keep", "keep forever")]).render({})


def test_without_a_marker_nothing_is_hidden() -> None:
    assert "isVisible" not in json.dumps(card("x", plain("y")).render({}))


def test_the_fallback_says_everything_and_what_to_type() -> None:
    said = everything("Q3 plans").text
    assert "Our own words, bold." in said
    assert "Size: 12 people" in said
    assert "Title [Q3 plans] – a few words" in said
    assert "one of: Internal, Q3 plans" in said
    assert "[Save] or type: save it <title>" in said
    assert '[Keep] or type: keep forever "R 1"' in said
    assert "[Open in Webex] webexteams://im?space=1" in said


def test_what_the_card_shows_the_fallback_says_too(drawn: Drawn) -> None:
    made = everything("Q3 plans")
    for line in shown(drawn(made)).splitlines():
        assert line.replace("**", "").strip() in made.text


def test_a_given_fallback_wins_and_no_fallback_is_too_long() -> None:
    assert card("x", plain("y"), text="said").text == "said"
    long = card("x", *[plain("日本語" * 300)] * 60)
    assert long.text.endswith("(cut short; the card has it all)")
    assert len(long.text.encode()) <= 7439


def test_a_card_that_would_be_too_large_has_its_texts_cut_short(drawn: Drawn) -> None:
    made = drawn(card("x", *[plain("日本語" * 300)] * 40))
    assert len(shown(made)) < 40 * 300


def test_a_card_that_cannot_fit_is_a_bug_and_says_so() -> None:
    with pytest.raises(TooLarge):
        card("x", *[plain("日本語" * 300)] * 900).render({})


def test_no_card_has_more_than_five_buttons() -> None:
    six: list[Any] = [press(str(n), "help") for n in range(6)]
    with pytest.raises(ValueError, match="5 buttons"):
        card("x", actions=six)
    with pytest.raises(ValueError, match="5 buttons"):
        card("x", buttons(*six[:3]), actions=six[3:])
    with pytest.raises(ValueError, match="5 buttons"):
        card("x", actions=[more("x", actions=six)])
    with pytest.raises(ValueError, match="20 actions"):
        card("x", actions=[more(str(n), actions=six[:4]) for n in range(5)])


def test_a_press_expects_exactly_the_fields_that_a_client_sends_with_it() -> None:
    asks = fields(Field(name="until", label="Until", kind=FieldKind.DATE))
    with pytest.raises(ValueError, match="does not expect"):
        card("x", asks, actions=[press("Keep", "keep forever")])
    with pytest.raises(ValueError, match="does not expect"):
        card("x", asks, actions=[more("y", actions=[press("Keep", "keep forever")])])
    with pytest.raises(ValueError, match="does not expect"):
        card("x", actions=[press("Keep", "keep until", inputs=("until",))])
    with pytest.raises(ValueError, match="one name"):
        card("x", asks, actions=[more("y", asks)])
    card(
        "x",
        actions=[
            press("Keep", "keep forever"),
            more("y", asks, actions=[press("Until", "keep until", inputs=("until",))]),
        ],
    )


def test_a_link_leads_nowhere_else() -> None:
    with pytest.raises(ValueError, match="https"):
        link("x", "javascript:alert(1)")


def test_the_library_is_not_imported_before_a_card_is_drawn() -> None:
    script = "import cards.kit, sys; sys.exit('adaptivecardbuilder' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
