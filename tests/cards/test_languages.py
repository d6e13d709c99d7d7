"""No text for owners and members outside the catalogue, and what a new language meets."""

from __future__ import annotations

import ast
import logging
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from cards.explain import explain_card
from cards.refusal import refusal_card
from cards.retelling import RETOLD
from cards.speech import (
    ENGLISH,
    TEXTS,
    BadTexts,
    Speech,
    catalogue_of,
    catalogues,
    forget,
    learn,
)
from commands.spec import declared
from domain.errors import Refusal
from domain.lifecycle import CaseState
from domain.people import Reader
from domain.policies import Basis, Counting, Ending
from domain.views import Traced
from retention.explaining import LABELS
from tests.cards.checks import Drawn, own_actions, parts, shown
from tests.cards.owners import owner_cards
from tests.cards.samples import view
from tests.cards.sentences import ROOT, sentences_of, skeleton_of

for _name in ("need", "take_over"):
    import_module(f"commands.{_name}")

SAY = {
    "retention/tracing.py", "retention/reasons.py", "retention/explaining.py",
    "retention/keeping.py", "retention/answering.py", "retention/needing.py",
    "retention/disowning.py", "retention/byhand/asking.py", "retention/byhand/judging.py",
    "retention/byhand/cooling.py", "retention/ownerless/taking.py",
    "retention/ownerless/seeking.py", "retention/ownerless/searching.py",
    "retention/blocking_by_hand.py", "retention/planning.py", "spaces/dating.py",
    "commands/permissions.py", "commands/answering.py", "commands/answer.py",
    "commands/answers.py", "commands/keep_all.py", "commands/genuine.py", "commands/moments.py",
    "commands/need.py", "commands/owning.py", "commands/arguments.py", "commands/hand_over.py",
    "commands/delete.py", "domain/tags.py", "domain/spans.py", "spaces/looking.py",
    "bot/presses.py", "bot/dispatch.py", "bot/filling.py",
}  # fmt: skip
"""Whose sentences an owner or a member may be told: reasons, refusals, what comes next."""
ALSO = {
    "domain/hours.py", "retention/byhand/ending.py", "retention/ownerless/assigning.py",
    "spaces/following.py",
    "spaces/tagging.py", "spaces/moderating.py", "spaces/changing.py",
}  # fmt: skip
"""Of which some are told to owners, the rest to compliance or to who looks after people."""
NOT_SAID = {
    # a verdict of the trace's column, and words for the record
    "not before", "not known", "no effect", "keep until", "keep forever", "stopped by a pause",
    "put off", "over already", "owned or not due any more", "nobody could be told",
    "nobody owns it, so nobody can be warned",
    "the search is {} now: {}", "It is {} now: {}.",
    # how a condition is said and typed within a sentence
    "is for spaces {}:", "is for spaces {} and keeps",
    # a yes, which nobody is shown
    "anyone of ours may", "compliance may", "it is a conversation of yours", "you moderate it",
    "you moderated it until it was blocked", "you created it, and it has no moderator",
    "you are in it", "you were asked",
    # commands and fields of forms, which are as they are typed
    "hand over {} to {}", "hand over", "this space", "such as 90d, 6m or 2y",
    "such as 2027-06-30 or 90d", "title, or “here”", "e-mail address",
    "created {}, last used {}{}",
    # for the record of presses, beside what is said
    "no nonce", "other card", "other person", "extra keys: {}", "expired or moved on",
    "moved on", "{} is no text", "{} is too long", "no such command",
}  # fmt: skip
ENUMS = {
    *(str(one) for one in Ending), *(str(one).capitalize() for one in (*Ending, *CaseState)),
    "Block: {}, since {}.", "Delete: {}, since {}.", *LABELS.values(),
    *(f"{{}}: {word}" for word in ("yes", "no", "not known")),
    *(skeleton_of(Counting(basis, "{tag}").said) for basis in Basis if basis is not Basis.DAY),
    *(declared()[path].permission.instead for path in ("need", "take over")),
}  # fmt: skip
"""Said by values, and by what commands declare."""


def told_in(names: set[str]) -> dict[str, str]:
    return {said: name for name in sorted(names) for said in sentences_of(name)}


def retold() -> set[str]:
    found: set[str] = set()
    for key, entry in catalogues()[ENGLISH].entries.items():
        if key.startswith(RETOLD):
            forms = [entry] if isinstance(entry, str) else entry.values()
            found |= {skeleton_of(form) for form in forms}
    return found


def test_each_sentence_that_owners_may_be_told_is_in_the_catalogue() -> None:
    missing = {
        said: name
        for said, name in told_in(SAY).items()
        if not {said, said.rstrip(".")} & (retold() | NOT_SAID)
    }  # fmt: skip
    assert missing == {}


def test_each_sentence_of_the_catalogue_is_still_said_by_somebody() -> None:
    told = set(told_in(SAY | ALSO)) | ENUMS
    said = told | {one.rstrip(".") for one in told}
    single = {one for one in retold() if " " not in one.strip(" {}")}
    assert retold() - said - single == set()


def test_no_exception_is_left_of_what_is_gone() -> None:
    assert NOT_SAID - set(told_in(SAY)) == set()


CARDS = (
    "answer", "answered", "because", "blocked", "blocking", "digest", "disowned", "end_date",
    "explain", "fate", "genuine", "gone", "handed", "keep", "outsiders", "owner_ask",
    "preferences", "purged", "refusal", "warning",
)  # fmt: skip
PARTLY = {"deletion": {"deletion_waiting_card", "deletion_second_card"},
          "need": {"need_unanswered_card"}}  # fmt: skip
"""Cards of which only compliance reads some."""
KIT = {"card", "plain", "text", "facts", "press", "more", "head", "row", "link", "Field"}
"""What draws words."""


def literals(path: Path, but: set[str]) -> Iterator[str]:
    """Words in a card's own calls that come from no catalogue."""
    tree = ast.parse(path.read_text())
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name not in but:
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in KIT:
                    yield from _drawn_words(call)


def _drawn_words(call: ast.Call) -> Iterator[str]:
    shown = [*call.args, *(one.value for one in call.keywords if one.arg in ("label", "error"))]
    if getattr(call.func, "id", "") == "press":
        shown = call.args[:1]
    for given in shown:
        for one in _outside_of_calls(given):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield from [f"{call.lineno}: {one.value}"] * bool(_WORD.search(one.value))


_WORD = re.compile(r"[^\W\d_]{2}")


def _outside_of_calls(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, ast.Call | ast.Compare):
        for child in ast.iter_child_nodes(node):
            yield from _outside_of_calls(child)


@pytest.mark.parametrize("name", sorted({*CARDS, *PARTLY}))
def test_a_card_for_owners_draws_no_words_of_its_own(name: str) -> None:
    found = list(literals(ROOT / "cards" / f"{name}.py", PARTLY.get(name, set())))
    assert found == []


# -- a language in which every letter is marked -------------------------------------------------

MARKED = str.maketrans(
    {chr(one): chr(one - 0x21 + 0xFF01) for one in range(0x21, 0x7F) if chr(one).isalpha()}
)
_PLACE = re.compile(r"(\{\w+\}|`[^`]*`)")


def marked(words: str) -> str:
    """Every letter of our own in another shape; places and commands as they are."""
    parts = _PLACE.split(words)
    return "".join(one if n % 2 else one.translate(MARKED) for n, one in enumerate(parts))


def written(node: object, key: str = "") -> str:
    """A TOML value."""
    if isinstance(node, dict):
        return "{ " + ", ".join(f"{k} = {written(v)}" for k, v in node.items()) + " }"
    if isinstance(node, list):
        return "[" + ", ".join(written(one) for one in node) + "]"
    return '"' + str(node).replace("\\", "\\\\").replace('"', '\\"') + '"'


def file_of(body: dict[str, object], head: dict[str, object]) -> str:
    lines = [f"{key} = {written(value)}" for key, value in body.items()]
    return "\n".join((*lines, "[language]", *(f"{k} = {written(v)}" for k, v in head.items())))


def all_marked(node: object) -> object:
    if isinstance(node, dict):
        return {key: all_marked(value) for key, value in node.items()}
    return marked(str(node))


@pytest.fixture
def english() -> dict[str, object]:
    body: dict[str, object] = tomllib.loads((TEXTS / "en.toml").read_text("utf-8"))
    return body


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    forget()


@pytest.fixture
def pseudo(folder: Path, english: dict[str, object]) -> Reader:
    head = english.pop("language")
    assert isinstance(head, dict)
    name = {"name": "12", "names": ["12"], "plural": "one other", "thousands": ",",
            "days": list("1234567"), "months": [str(n) for n in range(1, 13)]}  # fmt: skip
    body = {key: all_marked(value) for key, value in english.items()}
    (folder / "xx.toml").write_text(file_of(body, name), "utf-8")
    assert learn(folder) == ("xx",)
    return Reader(zone="Etc/GMT-1", language="xx", code="12345")


VALUES = re.compile(
    r"inactive:>90d|SK-2026-000001|4F7K2|\bsk\b|Ben Okafor|Dora Lindqvist|Ana Silva|Internal"
    r"|[Ff]inance|q3|MDAwMDAx|\+01|Etc/GMT-1|CET|English|Deutsch|webexteams"
    r"|‹U\+\w+›|Y2lzY29\w*|[\w.-]+@example\.com"
)
"""Facts that samples hold: names, addresses, a condition as it is typed, languages by name."""


def unmarked(text: str) -> set[str]:
    lines = [re.sub(r"^(\s*\[.*?\] ?[^ :]* [^ :]*: ?).*", r"\1", one) for one in text.splitlines()]
    lines = [re.sub(r"https://\S+|webexteams://\S+", "", one) for one in lines]
    return set(re.findall(r"[A-Za-z]{2,}", VALUES.sub("", "\n".join(lines))))


def test_every_card_is_wholly_in_its_language(pseudo: Reader, drawn: Drawn) -> None:
    left = {
        name: words
        for name, one in owner_cards("12 34", pseudo).items()
        if (words := unmarked(one.text) | unmarked(shown(drawn(one))))
    }
    assert left == {}


def sample_of(form: str) -> str:
    """A sentence of ours with values in it, as a floor below says it."""
    values = {
        "day": "2026-12-08",
        "hours": "every day, 09:00 to 17:00 (12)",
        "span": "6 months",
        "count": "12",
        "moment": "2026-12-08 10:15 +01",
    }
    kinds = dict.fromkeys(re.findall(r"\{(\w+)\}", form))
    said = {
        name: values.get(name.rstrip("0123456789"), "delete" if "why" in name else "12")
        for name in kinds
    }
    return form.format_map({**said, "items": "12: yes; 34: not known"} if "items" in said else said)


def test_whatever_is_said_below_comes_wholly_in_the_reader_s_language(pseudo: Reader) -> None:
    say, left = Speech(pseudo), {}
    for key, entry in catalogues()[ENGLISH].entries.items():
        if key.startswith(RETOLD):
            form = entry if isinstance(entry, str) else entry["other"]
            said = sample_of(form)
            told = re.sub(r"`[^`]*`", "", say.retold(said)).replace("+01", "")
            if re.search("[A-Za-z]{2,}", told):
                left[key] = told
    assert left == {}


def test_a_trace_is_explained_in_the_reader_s_language(pseudo: Reader) -> None:
    said = (
        "“12” (priority 100) is for spaces inactive for more than 3 months: delete 1 year after"
        " the last activity: on 2026-12-08."
    )
    typed = (
        (" is for spaces inactive for more than 3 months: ", " is for spaces inactive:>90d: "),
    )
    line = Traced(step="Policies", said=said, decides=True, typed=typed)
    text = explain_card(view("12"), [line], reader=pseudo, manages=True).text
    assert unmarked(text) == set()
    assert "inactive:>90d" in text
    german = explain_card(view("12"), [line], reader=Reader(language="de"), manages=True).text
    assert (
        "Richtlinien: „12“ (Rang 100) gilt für Bereiche, auf die inactive:>90d zutrifft: löschen,"
        " so lange nach der letzten Benutzung: 1 Jahr, am Di. 8. Dezember 2026. ← das entscheidet"
    ) in german


def test_a_refusal_comes_in_the_reader_s_language_or_wholly_in_english() -> None:
    german = Reader(language="de")
    known = Refusal("Ana Silva keeps it until 2027-06-12, which is longer.", "Ask them.")
    assert refusal_card(known, reader=german).text.splitlines() == [
        "Das ging nicht",
        "Ana Silva behält ihn bis Sa. 12. Juni 2027, und das ist länger.",
        "Frag sie.",
    ]
    other = Refusal("The moon is full.", "Ask them.")
    assert refusal_card(other, reader=german).text.splitlines() == [
        "That did not work", "The moon is full.", "Ask them.",
    ]  # fmt: skip


def test_the_longest_language_fits_and_leaves_no_more_than_five_buttons(drawn: Drawn) -> None:
    for name, one in owner_cards("x" * 120, Reader(language="de")).items():
        made = drawn(one)
        for inner in (part for part in parts(made) if part.get("type") == "AdaptiveCard"):
            assert len(own_actions(inner)) <= 5, name
        title = made["body"][0]
        assert title["type"] == "RichTextBlock", f"{name}: a title wraps only there"
        assert all(len(press.title) <= 60 for press in one.presses), name


# -- adding a language --------------------------------------------------------------------------

FRENCH = """
undo = "Annuler"
[language]
name = "Français"
names = ["french", "français"]
plural = "one other"
thousands = " "
days = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."]
months = ["janvier", "février", "mars", "avril", "mai", "juin",
          "juillet", "août", "septembre", "octobre", "novembre", "décembre"]
[words]
date = "{weekday} {day} {month} {year}"
[blocked]
title = "{space} est bloqué"
"""


def test_a_language_is_added_by_a_file_and_lacks_are_said_in_english_and_logged_once(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "fr.toml").write_text(FRENCH, "utf-8")
    assert learn(folder) == ("fr",)
    assert catalogue_of("fr-CA").name == "Français"
    say = Speech(Reader(language="fr"))
    with caplog.at_level(logging.WARNING):
        assert say("blocked.title", space="“a”") == "“a” est bloqué"
        assert [say("blocked.readable") for _ in range(3)] == [Speech()("blocked.readable")] * 3
    assert [one.getMessage() for one in caplog.records] == [
        "Français has no sentence “blocked.readable”; it is said in English"
    ]
    assert "est bloqué" in owner_cards("a", Reader(language="fr"))["blocked"].text


def test_an_own_wording_of_a_language_that_there_is_goes_before_ours(folder: Path) -> None:
    head = (TEXTS / "de.toml").read_text("utf-8").partition("[language]")[2].partition("\n\n")[0]
    (folder / "de.toml").write_text(f'[language]{head}\n[answer]\nexplain = "Wieso?"\n', "utf-8")
    learn(folder)
    say = Speech(Reader(language="de"))
    assert (say("answer.explain"), say("answer.details")) == ("Wieso?", "Einzelheiten")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ('[blocked]\ntitle = "{spaces} est bloqué"', "has places for"),
        ('[blocked]\ntitle = "{space.key} est bloqué"', "has places for"),
        ('[blocked]\ntitle = "{space!r} est bloqué"', "has places for"),
        ('[blocked]\ntitle = "{space est bloqué"', "has places for"),
        ('[words]\nday = { one = "{count} jour" }', "needs the forms"),
    ],
)
def test_a_file_that_would_break_a_card_is_refused_whole(
    folder: Path, change: str, told: str
) -> None:
    (folder / "fr.toml").write_text(FRENCH.partition("[words]")[0] + change, "utf-8")
    with pytest.raises(BadTexts, match=told):
        learn(folder)
    assert "fr" not in catalogues()


def test_a_sentence_that_nobody_says_any_more_is_left_out_and_stops_nothing(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "fr.toml").write_text(f'{FRENCH}old = "vieux"\n', "utf-8")
    with caplog.at_level(logging.WARNING):
        learn(folder)
    assert "nobody says “blocked.old”" in caplog.text
    assert set(catalogue_of("fr").entries) == {"undo", "words.date", "blocked.title"}


@pytest.mark.parametrize("body", ["", "undo", '[language]\nname = "x"', "\udcff"])
def test_a_file_that_is_none_is_refused(folder: Path, body: str) -> None:
    (folder / "fr.toml").write_bytes(body.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadTexts):
        learn(folder)
